"""The log: one event a line on stderr, `time level msg` first, as logfmt or JSON.

No line holds a key, a body or a person's name:

- keys are a typed secret that prints as `<secret>`;
- an exception is logged by its type and its places in code, since its text may quote a value;
- a message of a library is logged without the values that were formatted into it.

structlog renders an event on the caller's thread; the standard library's queue handler and
listener carry the line to stderr.

    event -> structlog -> QueueHandler -> queue (1,000 lines) -> QueueListener's thread -> stderr
"""

import logging
import queue
import sys
import threading
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from logging.handlers import QueueHandler, QueueListener
from typing import Any, Literal, Protocol

import structlog

_MAX_WAITING_LINES = 1000
_STOP_SECONDS = 1.0
_MAX_TEMPLATE = 200

Level = Literal["debug", "info", "warn", "error"]
Format = Literal["logfmt", "json"]

_LEVELS: dict[Level, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
}


class Log(Protocol):
    """Receives events: the first argument is the message, the others are its facts."""

    def debug(self, event: str, **facts: object) -> object:
        """Logs a detail that only a developer needs."""
        ...

    def info(self, event: str, **facts: object) -> object:
        """Logs something that is as it should be."""
        ...

    def warning(self, event: str, **facts: object) -> object:
        """Logs something that a person should look at some time."""
        ...

    def error(self, event: str, **facts: object) -> object:
        """Logs something that needs a person."""
        ...


class Stream(Protocol):
    """Where lines are written to."""

    def write(self, text: str, /) -> object:
        """Writes some text."""
        ...

    def flush(self) -> object:
        """Flushes what was written."""
        ...


def places(error: BaseException) -> str:
    """Describes where an exception was raised, innermost frame first.

    `KeyError at rows.py:7 in read < poller.py:98 in run`: neither the exception's text nor any
    local variable, since both may hold a name or a key.
    """
    frames = traceback.extract_tb(error.__traceback__)
    path = " < ".join(f"{f.filename}:{f.lineno} in {f.name}" for f in reversed(frames))
    return f"{type(error).__name__} at {path or 'an unknown place'}"


class _LineHandler(logging.StreamHandler[Stream]):
    """Writes lines to a stream; a line that cannot be written is lost."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Does nothing: a closed or full stderr must not stop a poll, nor be written to."""


class _DroppingQueueHandler(QueueHandler):
    """Puts lines into a queue without waiting; a line that finds the queue full is lost."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Does nothing: the default would print a traceback to the very stream that stalls."""


class _PatientListener(QueueListener):
    """Can be stopped while the queue is full, where the standard one raises queue.Full."""

    def __init__(
        self, lines: queue.Queue[logging.LogRecord | None], handler: logging.Handler
    ) -> None:
        super().__init__(lines, handler)
        self._lines = lines

    def enqueue_sentinel(self) -> None:
        """Waits for a place in the queue; `open_log` limits how long anybody waits for that."""
        self._lines.put(None)


class StdlibHandler(logging.Handler):
    """Passes on what libraries log through the standard `logging`, without any value.

    A message that was logged with arguments is passed on as its template. One without may be
    formatted already, as asyncio's "exception was never retrieved" is: the place in code that
    logged it stands for the text.
    """

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Logs a library's record as an event of ours."""
        facts: dict[str, object] = {"logger": record.name}
        if record.args and isinstance(record.msg, str):
            facts["template"] = record.msg[:_MAX_TEMPLATE]
        facts["source"] = f"{record.pathname}:{record.lineno} in {record.funcName}"
        if record.exc_info and record.exc_info[1]:
            facts["where"] = places(record.exc_info[1])
        self._log.warning("a library logged a problem", **facts)


def make_log(level: Level, log_format: Format, stream: Stream | None) -> Log:
    """Makes a log that writes to a stream, on the caller's thread.

    Args:
        level: The lowest level that is written.
        log_format: How a line is rendered.
        stream: Where lines go; None if the process has no stderr.
    """
    return _render_to(_line_handler(stream), level, log_format)


@contextmanager
def open_log(level: Level, log_format: Format, stream: Stream | None) -> Iterator[Log]:
    """Makes the process's log, which never waits for its stream and receives libraries' messages.

    A reader of stderr that stalls (a full pipe, a busy journal) must not hold up polls and
    scrapes: while it does, lines past the first 1,000 waiting are lost. At the end everything
    that waits is written, within a second or not at all.
    """
    lines: queue.Queue[logging.LogRecord | None] = queue.Queue(_MAX_WAITING_LINES)
    listener = _PatientListener(lines, _line_handler(stream))
    listener.start()
    try:
        log = _render_to(_DroppingQueueHandler(lines), level, log_format)
        with _libraries_log_to(log):
            yield log
    finally:
        # `stop` joins without a deadline, so it runs where nobody waits longer than this.
        stopping = threading.Thread(target=listener.stop, daemon=True)
        stopping.start()
        stopping.join(_STOP_SECONDS)


def _line_handler(stream: Stream | None) -> logging.Handler:
    return logging.NullHandler() if stream is None else _LineHandler(stream)


def _render_to(handler: logging.Handler, level: Level, log_format: Format) -> Log:
    # A logger of the registry would be shared by every log of the process.
    logger = logging.Logger("exporter", logging.DEBUG)  # noqa: LOG001 - on purpose
    logger.addHandler(handler)
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.processors.LogfmtRenderer(bool_as_flag=False)
    )
    log: Log = structlog.wrap_logger(
        logger,
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _order_keys,
            renderer,
            _escape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        cache_logger_on_first_use=False,
    )
    return log


def _order_keys(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Puts `time level msg` first, in the words of the Prometheus world."""
    level = "warn" if event["level"] == "warning" else event["level"]
    head = {"time": event.pop("time"), "level": level, "msg": event.pop("event")}
    del event["level"]
    return head | dict(event)


def _escape(_logger: object, _method: str, line: Any) -> str:
    r"""Writes whatever moves a cursor, ends a line or cannot be printed as `\u001b`.

    The line goes to terminals, and a fact may be a stranger's. In JSON these are JSON's own
    escapes; in logfmt they are what a person can read.
    """
    return line if line.isprintable() else "".join(map(_printable, line))


def _printable(letter: str) -> str:
    if letter.isprintable():
        return letter
    code = ord(letter)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


@contextmanager
def _libraries_log_to(log: Log) -> Iterator[None]:
    """Sends what any library logs to our log, which would else be written to stderr as it is.

    So with exceptions that nobody catches, in a thread or a destructor: Python prints their text.
    """

    def in_thread(arguments: "threading.ExceptHookArgs") -> None:
        if arguments.exc_value is not None:
            log.error("a thread ended by an error", where=places(arguments.exc_value))

    def unraisable(arguments: "sys.UnraisableHookArgs") -> None:
        if arguments.exc_value is not None:
            log.error("an error could not be raised", where=places(arguments.exc_value))

    root = logging.getLogger()
    previous = root.handlers, threading.excepthook, sys.unraisablehook
    root.handlers = [StdlibHandler(log)]
    threading.excepthook, sys.unraisablehook = in_thread, unraisable
    try:
        yield
    finally:
        root.handlers, threading.excepthook, sys.unraisablehook = previous
