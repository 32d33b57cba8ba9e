"""A page that was put together of what changed is the page that would be made anew."""

import base64
import gzip
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.exposition.page import Page, Representation
from exporter.exposition.rendering import Format, Segment, render
from exporter.instant import Instant
from exporter.polling.lifetime import Lifetime, stable_interval
from tests.exposition.test_page import snapshot
from tests.support.virtual import HandClock

# Many people make a large chunk, few a small one; staleness and midnight end them.
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 4), st.sampled_from([0, 1, 2, 60])),
        st.tuples(st.just("move"), st.sampled_from([0.5, 100.0, 43_200.0, -50.0]), st.just(0)),
        st.tuples(st.just("look"), st.booleans(), st.booleans()),
    ),
    max_size=15,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_it_is_the_page_that_would_be_made_anew(taken: list[tuple[str, float, int]]) -> None:
    """After any sequence of changes and moves of the clock, in both formats, packed and plain."""
    clock = HandClock()
    page = Page(clock, list)
    now: dict[int, object] = {}
    for kind, which, number in taken:
        if kind == "put":
            rows = [{"employee": f"Person {n}", "online": "01:00:00"} for n in range(number)]
            found = snapshot(rows, project_id=int(which), name=f"P{which}")
            now[int(which)] = found
            page.put(int(which), render(found, page.chunks(int(which))))
        elif kind == "move":
            clock.move(which, abs(which))
        else:
            form = Representation(Format.OPENMETRICS if which else Format.TEXT, bool(number))
            fresh = Page(clock, list)
            fresh.replace_all({one: render(found) for one, found in now.items()})  # type: ignore[arg-type]
            body, expected = page.body(form), fresh.body(form)
            shown = gzip.decompress(body.whole) if form.gzip else body.whole
            wanted = gzip.decompress(expected.whole) if form.gzip else expected.whole
            assert sorted(shown.splitlines()) == sorted(wanted.splitlines())
            assert body.size == len(body.whole)


def test_a_large_page_is_sent_in_small_parts() -> None:
    """A plain page is inflated part by part, and is the gzip page's content."""
    clock = HandClock()
    page = Page(clock, list)
    for number in range(1, 13):
        rows = [{"employee": f"Person {n} {number}", "1": "01:00:00"} for n in range(800)]
        page.put(number, render(snapshot(rows, project_id=number, name=f"Project {number}")))
    body = page.body(Representation(Format.TEXT))
    parts = list(body.parts())
    assert sum(map(len, parts)) == body.size > 4 << 20
    assert all(len(part) <= 262_144 for part in parts)
    assert all(len(part) <= 65_536 for part in body.parts(tls=True))
    assert body.joined is None
    assert any(isinstance(piece, Segment) for piece in body.pieces)
    packed = page.body(Representation(Format.TEXT, gzip=True))
    assert gzip.decompress(packed.whole) == b"".join(parts)
    assert all(len(part) <= 65_536 for part in packed.parts(tls=True))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("taken", [0, 1, 7])
def test_a_reader_that_outlives_the_page_gets_all_of_it_and_keeps_none_of_it(
    packed: bool, taken: int
) -> None:
    """A newer page takes the joined piece from the old one, whose reader gets the rest as well."""
    clock = HandClock()
    page = Page(clock, list)
    form = Representation(Format.TEXT, packed)
    dice = random.Random(1)
    for number in (1, 2):
        # Names that hardly shrink, so that the packed page is large as well.
        names = [base64.b64encode(dice.randbytes(110)).decode() for _ in range(1500)]
        rows = [{"employee": name, "online": "01:00:00"} for name in names]
        found = snapshot(rows, project_id=number, name=f"Project {number}", presence=False)
        page.put(number, render(found))
    old = page.body(form)
    expected = old.whole
    assert old.joined is not None
    assert len(expected) > 262_144
    parts = old.parts(tls=True)
    read = [part for _, part in zip(range(taken), parts, strict=False)]
    page.put(1, render(snapshot([], project_id=1, name="Project 1")))
    assert page.body(form) is not old
    assert old.joined is None
    assert b"".join([*read, *parts]) == expected


def test_a_poll_that_changed_nothing_is_rendered_from_before() -> None:
    """Equal rows keep the very bytes of the previous rendering."""
    rows = [{"employee": f"Person {n}", "online": "01:00:00"} for n in range(60)]
    first = render(snapshot(rows))
    second = render(snapshot(rows), first)
    for family, chunks in second.items():
        for chunk, before in zip(chunks, first[family], strict=True):
            assert chunk.lines is before.lines


def test_the_time_in_which_nothing_begins_or_ends() -> None:
    """The interval ends where a lifetime begins or expires, on either clock."""
    lives = [Lifetime(10.0, 20.0, 5.0), Lifetime(15.0, 30.0, 9.0), Lifetime(40.0, 50.0, 1.0)]
    assert stable_interval(lives, Instant(16.0, 2.0)) == Lifetime(15.0, 20.0, 5.0)
    assert stable_interval(lives, Instant(35.0, 6.0)) == Lifetime(30.0, 40.0, 9.0)
    assert stable_interval([], Instant(0.0, 0.0)) == Lifetime(
        float("-inf"), float("inf"), float("inf")
    )


def test_few_old_pages_are_lent_to_readers_who_take_long() -> None:
    """While readers hold three replaced pages, the next ones are copied part by part."""
    clock = HandClock()
    page = Page(clock, list)
    form = Representation(Format.TEXT)
    held = []
    for number in range(6):
        rows = [{"employee": f"Person {n} {number}", "1": "01:00:00"} for n in range(900)]
        page.put(1, render(snapshot(rows, presence=False)))
        held.append(list(page.body(form).parts()))
    assert [len(parts) == 1 for parts in held] == [True, True, True, False, False, False]
    assert all(sum(map(len, parts)) > 262_144 for parts in held)
    held.clear()
    page.put(1, render(snapshot([], presence=False)))
    page.put(1, render(snapshot(rows, presence=False)))
    assert len(list(page.body(form).parts())) == 1
