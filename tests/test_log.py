"""The log: first words, levels, formats, a stderr that stalls, and nothing of people or keys."""

import asyncio
import io
import json
import logging
import queue
import sys
import threading
import time
from pathlib import Path
from typing import Literal

import pytest

from exporter.log import StdlibHandler, make_log, open_log, places
from exporter.ringostat.key import Secret


class StalledStream:
    """A stderr whose reader takes nothing until it is released."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.released = threading.Event()
        self.written: queue.Queue[str] = queue.Queue()

    def write(self, text: str, /) -> None:
        self.reached.set()
        self.released.wait()
        self.written.put(text)

    def flush(self) -> None:
        return


def test_a_logfmt_line_begins_with_time_level_msg() -> None:
    """A logfmt line begins with `time level msg`, the facts follow in the order given."""
    stream = io.StringIO()
    make_log("info", "logfmt", stream).warning("poll failed", project="My desk", attempt=1)
    line = stream.getvalue()
    assert line.startswith("time=2")
    assert line.split(" ", 1)[1] == 'level=warn msg="poll failed" project="My desk" attempt=1\n'


def test_a_json_line_has_the_same_keys_first() -> None:
    """A JSON line has the same first keys, keeps other alphabets readable, and hides secrets."""
    stream = io.StringIO()
    make_log("debug", "json", stream).debug("Чай", key=Secret("KEY-canary"))
    assert "Чай" in stream.getvalue()
    assert "canary" not in stream.getvalue()
    assert list(json.loads(stream.getvalue()))[:3] == ["time", "level", "msg"]


def test_levels_below_the_chosen_one_are_silent() -> None:
    """An event below the chosen level writes nothing."""
    stream = io.StringIO()
    log = make_log("error", "logfmt", stream)
    log.info("a")
    log.warning("b")
    assert not stream.getvalue()
    log.error("c")
    assert "level=error msg=c" in stream.getvalue()


@pytest.mark.parametrize("text", ["100 %", "%s and %d", "%(name)s"])
def test_a_percent_sign_is_text(text: str) -> None:
    """The rendered line is never taken for a template of the standard `logging`."""
    stream = io.StringIO()
    make_log("info", "logfmt", stream).info("progress", text=text)
    assert text in stream.getvalue()


def test_a_closed_stream_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Logging to a closed stderr neither raises nor writes a traceback anywhere."""
    stream = io.StringIO()
    stream.close()
    make_log("info", "logfmt", stream).info("nobody hears")
    with open_log("info", "logfmt", stream) as log:
        log.info("nobody hears")
    make_log("info", "logfmt", None).info("there is no stderr")
    assert capsys.readouterr() == ("", "")


def test_what_was_logged_is_written_before_the_log_ends() -> None:
    """Every line that was queued when the log ends has been written, in order."""
    stream = io.StringIO()
    with open_log("info", "logfmt", stream) as log:
        for number in range(500):
            log.info("line", number=number)
    assert [int(line.rpartition("=")[2]) for line in stream.getvalue().splitlines()] == list(
        range(500)
    )


def test_a_stalled_stderr_holds_up_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    """While stderr stalls nobody waits; the first 1,000 lines are kept and the others are lost."""
    stream = StalledStream()
    started = time.perf_counter()
    with open_log("info", "logfmt", stream) as log:
        log.info("line", number=0)
        assert stream.reached.wait(5)  # one line is being written, the others wait
        for number in range(1, 3000):
            log.info("line", number=number)
        logged = time.perf_counter() - started
        ending = time.perf_counter()
    ended = time.perf_counter() - ending
    assert logged < 1
    assert ended < 1.5
    stream.released.set()
    # One was being written and 1,000 waited.
    lines = [stream.written.get(timeout=5) for _ in range(1001)]
    assert [int(line.rpartition("=")[2]) for line in lines] == list(range(1001))
    assert stream.written.empty()
    assert capsys.readouterr() == ("", "")


def test_an_exception_is_told_by_its_places_alone() -> None:
    """An exception is described by its type and the places in code, never by its text."""

    def fail(name: str) -> None:
        raise KeyError(name)

    with pytest.raises(KeyError) as caught:
        fail("Ann Canary")
    description = places(caught.value)
    assert description.startswith("KeyError at ")
    assert "test_log.py" in description
    assert " in fail" in description
    assert "Canary" not in description


def test_libraries_are_passed_on_without_their_values() -> None:
    """A library's message is passed on as its template; one without arguments by its place."""
    stream = io.StringIO()
    with open_log("debug", "logfmt", stream):
        try:
            raise ValueError("Ann Canary")
        except ValueError:
            logging.getLogger("uvicorn.error").exception("it broke: %s", "Ann Canary")
        logging.getLogger("concurrent.futures").error("of Ann " + "Canary")
        logging.getLogger("httpx").warning(ValueError("Ann Canary"))
        logging.getLogger("asyncio").info("not a problem: %s", "Ann Canary")
    text = stream.getvalue()
    assert "Canary" not in text
    assert text.count('msg="a library logged a problem"') == 3
    assert text.count('template="it broke: %s"') == 1
    assert "ValueError at" in text
    assert text.count("test_log.py") >= 3
    assert " in test_libraries_are_passed_on_without_their_values" in text


def test_an_exception_that_nobody_retrieved_is_told_without_its_text() -> None:
    """Asyncio formats the exception into its message; only its type and places are logged."""

    async def fail() -> None:
        raise ValueError("Ann Canary")

    async def main() -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(fail(), name="Canary")
        await asyncio.wait({task})
        loop.call_exception_handler(
            {
                "message": "Task exception was never retrieved",
                "exception": task.exception(),
                "task": task,
            }
        )

    stream = io.StringIO()
    with open_log("debug", "logfmt", stream):
        asyncio.run(main())
    assert "Canary" not in stream.getvalue()
    assert "logger=asyncio" in stream.getvalue()
    assert "ValueError at" in stream.getvalue()


def test_the_libraries_log_as_before_once_the_log_has_ended() -> None:
    """The root logger has the handlers again that it had."""
    before = list(logging.getLogger().handlers)
    with open_log("info", "logfmt", None):
        assert [type(handler) for handler in logging.getLogger().handlers] == [StdlibHandler]
    assert logging.getLogger().handlers == before


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[2J",
        "a\rb",
        "\x9b31m",
        "\x00",
        "a\nb",
        "\u202eabc",
        "\ud800",
        "\x7f",
        "\u2028",
        "\U000e0001",
    ],
)
@pytest.mark.parametrize("log_format", ["logfmt", "json"])
def test_a_fact_moves_no_cursor_and_ends_no_line(
    text: str, log_format: Literal["logfmt", "json"]
) -> None:
    """Whatever a stranger sent is one printable line; in JSON it can be read back."""
    stream = io.StringIO()
    make_log("info", log_format, stream).info("x" + text, fact=f"<{text}>", path=Path(f"/{text}"))
    line = stream.getvalue()
    assert line.endswith("\n")
    assert line[:-1].isprintable()
    if log_format == "json":
        assert json.loads(line)["fact"] == f"<{text}>"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_that_nobody_catches_is_told_without_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In a thread or in a destructor: Python would print its text to stderr."""

    def fail() -> None:
        raise ValueError("Ann Canary")

    class Broken:
        def __del__(self) -> None:
            fail()

    stream = io.StringIO()
    hooks = threading.excepthook, sys.unraisablehook
    with open_log("info", "logfmt", stream):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        Broken()
    assert (threading.excepthook, sys.unraisablehook) == hooks
    text = stream.getvalue() + "".join(capsys.readouterr())
    assert text.count("ValueError at") == 2
    assert "Canary" not in text
