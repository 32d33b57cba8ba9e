"""The log: one event a line on stderr, `time level msg` first, as logfmt or JSON.

No line holds a key, a body or a person's name. Keys are a typed secret that prints as
`<secret>`; a traceback is written as places in code only, since the text of an exception may
quote what it choked on; foreign loggers are passed on without the values they were given.
"""

import contextlib
import logging
import queue
import threading
import traceback
from collections.abc import MutableMapping
from typing import Any, Literal, Protocol

import structlog

_MOST_WAITING = 1000
_LAST_SECOND = 1.0

Level = Literal["debug", "info", "warn", "error"]
Format = Literal["logfmt", "json"]

_LEVELS: dict[Level, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
}


class Log(Protocol):
    """Where events are told. The first word is the event, the rest are its facts."""

    def debug(self, event: str, **facts: object) -> object:
        """Something only the curious want."""
        ...

    def info(self, event: str, **facts: object) -> object:
        """Something that is as it should be."""
        ...

    def warning(self, event: str, **facts: object) -> object:
        """Something to look at some time."""
        ...

    def error(self, event: str, **facts: object) -> object:
        """Something that needs a person."""
        ...


def places(error: BaseException) -> str:
    """Where an exception came from: `Type at file:line in function < caller`, innermost first.

    Neither its text nor any local variable: both may hold a name or a key.
    """
    frames = traceback.extract_tb(error.__traceback__)
    path = " < ".join(f"{f.filename}:{f.lineno} in {f.name}" for f in reversed(frames))
    return f"{type(error).__name__} at {path or 'an unknown place'}"


class Stream(Protocol):
    """Where lines go."""

    def write(self, text: str, /) -> object:
        """Takes some text."""
        ...

    def flush(self) -> object:
        """Hands on what was taken."""
        ...


class Behind:
    """A stream that never waits: a thread writes what it is given to another stream.

    A reader of stderr that stalls (a full pipe, a busy journal) must not hold up polls and
    scrapes; while it does, lines past the first thousand are lost.
    """

    def __init__(self, stream: Stream | None) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue(_MOST_WAITING)
        self._thread = threading.Thread(target=self._write, args=(stream,), daemon=True)
        self._thread.start()

    def _write(self, stream: Stream | None) -> None:
        while (text := self._lines.get()) is not None:
            if stream is not None:
                with contextlib.suppress(OSError, ValueError):
                    stream.write(text)
                    stream.flush()

    def write(self, text: str, /) -> None:
        """Takes some text."""
        with contextlib.suppress(queue.Full):
            self._lines.put_nowait(text)

    def flush(self) -> None:
        """Does not wait either."""

    def close(self) -> None:
        """Waits until everything is written, a second at most."""
        with contextlib.suppress(queue.Full):
            self._lines.put(None, timeout=_LAST_SECOND)
        self._thread.join(_LAST_SECOND)


class _Lines:
    """Writes lines; a closed or full stderr must not stop a poll."""

    def __init__(self, stream: Stream | None) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = error = msg


class _Bridge(logging.Handler):
    """Passes on what libraries log: the template and the places, never the values."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        facts: dict[str, object] = {"logger": record.name, "template": str(record.msg)[:200]}
        if record.exc_info and record.exc_info[1]:
            facts["where"] = places(record.exc_info[1])
        self._log.warning("a library reports", **facts)


def _first_words(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Puts `time level msg` first, by the words of the Prometheus world."""
    level = "warn" if event["level"] == "warning" else event["level"]
    head = {"time": event.pop("time"), "level": level, "msg": event.pop("event")}
    del event["level"]
    return head | dict(event)


def make_log(level: Level, form: Format, stream: Stream | None) -> Log:
    """A log that writes events of at least `level` to a stream; None: the process has none."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.processors.LogfmtRenderer(bool_as_flag=False)
    )
    log: Log = structlog.wrap_logger(
        _Lines(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _first_words,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        cache_logger_on_first_use=False,
    )
    return log


def adopt_libraries(log: Log) -> None:
    """Sends what libraries tell the standard `logging` module to our log.

    uvicorn and asyncio would otherwise write lines of their own to stderr.
    """
    for name in ("uvicorn", "asyncio", "httpx", "httpcore"):
        logger = logging.getLogger(name)
        logger.handlers = [_Bridge(log)]
        logger.propagate = False
        logger.setLevel(logging.WARNING)
