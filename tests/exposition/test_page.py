"""The page as bytes: golden files for both formats, gzip as one member, and what ends by time."""

import gzip
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.core import Metric
from prometheus_client.openmetrics import parser as openmetrics_parser
from prometheus_client.parser import text_string_to_metric_families as read_text

from exporter.errors import ServerFailed
from exporter.exposition.page import Page, Representation
from exporter.exposition.rendering import Format, render
from exporter.polling.report_query import ReportQuery
from exporter.polling.snapshot import ProjectSnapshot, first_snapshot
from exporter.polling.window import TODAY
from tests.support.answers import with_catalog, with_report
from tests.support.exporting import make_spec, samples, select
from tests.support.golden import assert_golden
from tests.support.virtual import HandClock


def read_openmetrics(page: str) -> list[Metric]:
    return list(openmetrics_parser.text_string_to_metric_families(page))  # type: ignore[no-untyped-call]


GOLDEN = Path(__file__).parent.parent / "data" / "exposition"


def snapshot(rows: object, catalog: object = (), **spec: object) -> ProjectSnapshot:
    titled = with_catalog(first_snapshot(make_spec(**spec)), list(catalog))  # type: ignore[call-overload]
    return with_report(titled, rows)


def sample_project() -> ProjectSnapshot:
    rows = [
        {"employee": "TEST CY", "online": "01:31:55", "offline": "10:13:15"},
        {"employee": 'Ann "A\\B" Lee\n', "online": "11:00:00", "1763": "00:45:10"},
        {"employee": "Олена", "online": "x", "offline": None, "Nap": "00:00:01"},
    ]
    catalog = [{"id": 1763, "title": "At lunch"}, {"id": 5, "title": "online"}]
    found = snapshot(rows, catalog)
    return ReportQuery(TODAY).fail(found, ServerFailed("HTTP 503").problem)


def page_of(*snapshots: ProjectSnapshot) -> tuple[Page, HandClock]:
    clock = HandClock()
    page = Page(clock, list)
    page.replace_all({project.spec.project_id: render(project) for project in snapshots})
    return page, clock


@pytest.mark.parametrize(
    ("form", "name"), [(Format.TEXT, "text.prom"), (Format.OPENMETRICS, "openmetrics.prom")]
)
def test_the_whole_exposition_as_bytes(form: Format, name: str) -> None:
    """The files were printed once; each value was then checked by hand against the rows above."""
    page, _ = page_of(sample_project())
    assert_golden(GOLDEN / name, page.body(Representation(form)).whole.decode())


def test_both_formats_hold_the_same_series_and_end_as_they_must() -> None:
    """Text and OpenMetrics agree sample by sample; only OpenMetrics ends in `# EOF`."""
    page, _ = page_of(sample_project(), snapshot([], project_id=2, name="Second"))
    text = page.body(Representation(Format.TEXT)).whole.decode()
    openmetrics = page.body(Representation(Format.OPENMETRICS)).whole.decode()
    assert openmetrics.endswith("# EOF\n")
    assert "# EOF" not in text
    assert "_created" not in openmetrics
    one = {
        (s.name, *sorted(s.labels.items()), s.value) for f in read_text(text) for s in f.samples
    }
    two = {
        (s.name, *sorted(s.labels.items()), s.value)
        for f in read_openmetrics(openmetrics)
        for s in f.samples
    }
    assert one == two
    assert all(s.timestamp is None for f in read_openmetrics(openmetrics) for s in f.samples)


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("joined", [0, 1 << 22], ids=["in pieces", "joined"])
def test_gzip_is_one_member_of_the_same_bytes(
    form: Format, joined: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A packed page is a single gzip member, whether sent in pieces or joined."""
    monkeypatch.setattr("exporter.exposition.body._WHOLE_BYTES", joined)
    page, _ = page_of(sample_project())
    bodies = page.body(Representation(form, gzip=True)), page.body(Representation(form))
    assert [len(body.whole) for body in bodies] == [body.size for body in bodies]
    assert [body.joined is not None for body in bodies] == [bool(joined)] * 2
    packed, plain = (body.whole for body in bodies)
    assert gzip.decompress(packed) == plain
    member = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert member.decompress(packed) == plain
    assert member.unused_data == b""
    assert member.eof


def test_a_series_that_ends_by_time_is_gone_at_that_moment() -> None:
    """Staleness is decided at the scrape, not at the next poll."""
    page, clock = page_of(snapshot([{"employee": "Ann", "online": "01:00:00"}]))

    def shown() -> bool:
        return bool(
            select(
                samples(page.body(Representation(Format.TEXT)).whole), "ringostat_report_employees"
            )
        )

    clock.move(299.99)
    assert shown()
    clock.move(0.01)
    assert not shown()


def test_a_wall_clock_at_midnight_or_set_back_hides_the_day() -> None:
    """A day is shown only while the wall clock is within it, also when it is set."""
    rows = [{"employee": "Ann", "online": "01:00:00"}]
    page, clock = page_of(snapshot(rows, stale_after=1e9))

    def shown() -> bool:
        return bool(
            select(
                samples(page.body(Representation(Format.TEXT)).whole), "ringostat_report_employees"
            )
        )

    clock.move(12 * 3600 - 0.01)
    assert shown()
    clock.move(0.01)
    assert not shown()
    clock.move(-86401.0, 1.0)
    assert not shown()
    clock.move(3600.0, 1.0)
    assert shown()


def test_a_page_is_kept_until_something_changes() -> None:
    """The same body is handed out; the exporter's own families are renewed once a second."""
    calls = []
    clock = HandClock()

    def own() -> list[object]:
        calls.append(1)
        return []

    form = Representation(Format.TEXT, gzip=True)
    page = Page(clock, own)  # type: ignore[arg-type]
    page.put(1, render(snapshot([])))
    first = page.body(form)
    assert page.body(form) is first
    page.put(1, render(snapshot([{"employee": "Ann", "online": "01:00:00"}])))
    second = page.body(form)
    assert b"Ann" in gzip.decompress(second.whole)
    assert len(calls) == 1  # the exporter's own families: at most once a second
    clock.move(0.99)
    assert page.body(form) is second
    clock.move(0.01)
    assert page.body(form).whole == second.whole
    assert len(calls) == 2


@given(st.text(st.characters(), min_size=1), st.text(st.characters(), min_size=1))
def test_any_name_and_status_can_be_read_back(name: str, status: str) -> None:
    """Both parsers of prometheus_client read whatever names and statuses come."""
    found = (
        snapshot([{"employee": name, status: "00:00:07"}])
        if status != "employee"
        else snapshot([])
    )
    page, _ = page_of(found)
    samples(page.body(Representation(Format.TEXT)).whole)
    list(read_openmetrics(page.body(Representation(Format.OPENMETRICS)).whole.decode()))
