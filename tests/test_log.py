"""The log: first words, levels, formats, and nothing of people or keys."""

import io
import json
import logging

import pytest

from exporter.log import adopt_libraries, make_log, places
from exporter.ringostat.key import Secret


def test_a_logfmt_line_begins_with_time_level_msg() -> None:
    """Values with blanks are quoted."""
    stream = io.StringIO()
    make_log("info", "logfmt", stream).warning("poll failed", project="My desk", attempt=1)
    line = stream.getvalue()
    assert line.startswith("time=2")
    assert line.split(" ", 1)[1] == 'level=warn msg="poll failed" project="My desk" attempt=1\n'


def test_a_json_line_has_the_same_keys_first() -> None:
    """Text stays readable, and a secret is no value."""
    stream = io.StringIO()
    make_log("debug", "json", stream).debug("Чай", key=Secret("KEY-canary"))
    assert "Чай" in stream.getvalue()
    assert "canary" not in stream.getvalue()
    found = json.loads(stream.getvalue())
    assert list(found)[:3] == ["time", "level", "msg"]


def test_levels_below_the_chosen_one_are_silent() -> None:
    """`error` lets only errors through."""
    stream = io.StringIO()
    log = make_log("error", "logfmt", stream)
    log.info("a")
    log.warning("b")
    assert not stream.getvalue()
    log.error("c")
    assert "level=error msg=c" in stream.getvalue()


def test_a_closed_stream_stops_nothing() -> None:
    """A line that cannot be written raises nothing."""
    stream = io.StringIO()
    log = make_log("info", "logfmt", stream)
    stream.close()
    log.info("nobody hears")


def test_an_exception_is_told_by_its_places_alone() -> None:
    """Type, file and function; never a value."""

    def fail(name: str) -> None:
        raise KeyError(name)

    with pytest.raises(KeyError) as caught:
        fail("Ann Canary")
    told = places(caught.value)
    assert told.startswith("KeyError at ")
    assert "test_log.py" in told
    assert " in fail" in told
    assert "Canary" not in told


def test_libraries_are_passed_on_without_their_values() -> None:
    """Records of uvicorn and asyncio say where, not what."""
    stream = io.StringIO()
    adopt_libraries(make_log("debug", "logfmt", stream))
    try:
        raise ValueError("Ann Canary")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("it broke: %s", "Ann Canary")
    logging.getLogger("asyncio").warning("slow")
    text = stream.getvalue()
    assert "Canary" not in text
    assert text.count('msg="a library reports"') == 2
    assert "ValueError at" in text
