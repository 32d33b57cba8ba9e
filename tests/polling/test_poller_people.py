"""Staff and SIP accounts beside the reports: asked at their own pace, failing alone.

docs/contract.md#lifetimes-and-shapes.
"""

from dataclasses import replace
from typing import Any

import httpx

from exporter.polling.departments import OwnDepartment, OwnDepartments
from exporter.ringostat.names import EmployeeFilter
from tests.support.exporting import ERRORS, Rig, Upstream, answer, make_spec, rig, row, select
from tests.support.virtual import NOON, VirtualClock, virtual

STAFF, ONLINE, SPEAKING = (
    "getProjectStaffListAndDirections",
    "sipstatus/online",
    "sipstatus/speaking",
)
DEPARTMENT = "ringostat_employee_department_info"
ACCOUNT = "ringostat_sip_account_online"
ROWS = [row("Ann", online="12:00:00"), row("Bob", offline="12:00:00")]
LIST = [
    {"staffId": 2, "fio": "Ann", "departments": ["Sales"], "directions": ["demo_ann"]},
    {"staffId": 1, "fio": "Cyd", "departments": ["Night"], "directions": ["demo_cyd"]},
]


class Corners:
    """A handler that answers all corners well, but for those that a test replaces."""

    def __init__(self) -> None:
        self.answers: dict[str, httpx.Response | Exception] = {}

    def __call__(self, body: dict[str, Any]) -> httpx.Response | Exception:
        method = body["method"]
        if method in self.answers:
            return self.answers[method]
        if method == STAFF:
            return answer(body, LIST)
        if method == ONLINE:
            return httpx.Response(200, json=["demo_ann"])
        if method == SPEAKING:
            return httpx.Response(200, json=["demo_bob"])
        return answer(body, ROWS)


def spec(**changes: Any) -> Any:
    return make_spec(**{"staff": True, "sip_accounts": True, "stale_after": 1e6, **changes})


def departments(made: Rig) -> dict[str, set[str]]:
    """Who is in which departments, as a scrape tells."""
    found: dict[str, set[str]] = {}
    for _, labels in select(made.scrape(), DEPARTMENT):
        words = dict(labels)
        found.setdefault(words["employee"], set()).add(words["department"])
    return found


def accounts(made: Rig, name: str = ACCOUNT) -> dict[tuple[str, str], float]:
    """(Account, owner) -> value."""
    found = select(made.scrape(), name)
    return {
        (dict(labels)["sip_account"], dict(labels).get("employee", "")): value
        for (_, labels), value in found.items()
    }


@virtual
async def test_each_corner_has_its_own_pace_and_one_request_is_in_flight() -> None:
    """Within ten minutes: one staff list, both SIP lists every 15 s, a report every minute."""
    clock, corners = VirtualClock(NOON), Corners()
    upstream = Upstream(corners, clock)
    upstream.delay = 0.2
    async with rig(clock, upstream, spec()) as made:
        await clock.sleep(600)
        assert len(upstream.times(STAFF)) == 1
        assert 38 <= len(upstream.times(ONLINE)) <= 42
        assert len(upstream.times(ONLINE)) == len(upstream.times(SPEAKING))
        assert 9 <= len(upstream.times()) <= 12
        assert upstream.most_in_flight == 1
        assert made.value("ringostat_staff_up") == 1
        assert made.value("ringostat_sip_accounts_up") == 1
        assert made.value("ringostat_report_unlisted_employees") == 1
        assert made.value("ringostat_employee_info", employee="Cyd", employee_id="1") == 1
        assert departments(made) == {"Ann": {"Sales"}, "Bob": {"(none)"}, "Cyd": {"Night"}}
        assert accounts(made) == {
            ("demo_ann", "Ann"): 1,
            ("demo_cyd", "Cyd"): 0,
            ("demo_bob", ""): 1,
        }
        assert accounts(made, "ringostat_sip_account_speaking")["demo_bob", ""] == 1


@virtual
async def test_both_sip_lists_are_shown_or_neither_and_stay_a_minute() -> None:
    """One list that fails leaves both as they were, until 60 s after the last good answer."""
    clock, corners = VirtualClock(NOON), Corners()
    async with rig(clock, Upstream(corners, clock), spec()) as made:
        await clock.sleep(20)
        before = accounts(made)
        corners.answers = {
            ONLINE: httpx.Response(200, json=["demo_cyd"]),
            SPEAKING: httpx.Response(403),
        }
        await clock.sleep(40)
        assert accounts(made) == before
        assert made.value("ringostat_sip_accounts_up") == 0
        assert made.value(ERRORS, method=SPEAKING, reason="forbidden") == 1
        assert made.value(ERRORS, method=ONLINE, reason="forbidden") == 0
        await clock.sleep(40)
        assert accounts(made) == {}
        assert made.value("ringostat_up") == made.value("ringostat_staff_up") == 1


@virtual
async def test_accounts_stay_three_intervals_where_that_is_longer() -> None:
    """Of 30 s each: 90 s after the last good answer, and no longer."""
    clock, corners = VirtualClock(NOON), Corners()
    async with rig(clock, Upstream(corners, clock), spec(sip_interval=30.0)) as made:
        await clock.sleep(1)
        received = made.snapshot().sip_accounts.received
        corners.answers = {ONLINE: httpx.Response(500)}
        await clock.sleep(received + 89 - clock.now().age)
        assert accounts(made) != {}
        await clock.sleep(2)
        assert accounts(made) == {}


@virtual
async def test_an_entry_that_cannot_be_read_is_an_anomaly_each_time() -> None:
    """Of the SIP lists a bad value, of the staff list bad staff; the others are shown."""
    clock, corners = VirtualClock(NOON), Corners()
    corners.answers = {ONLINE: httpx.Response(200, json=["demo_ann", 5])}
    async with rig(clock, Upstream(corners, clock), spec(sip_interval=100.0)) as made:
        await clock.sleep(210)
        assert made.value("ringostat_report_anomalies_total", reason="bad_value") in (2, 3)
        assert made.value("ringostat_report_anomalies_total", reason="bad_staff") == 0
        assert ("demo_ann", "Ann") in accounts(made)


@virtual
async def test_a_corner_gives_up_before_it_holds_up_the_reports() -> None:
    """A staff list has 15 s in all, 5 s beside reports of a short interval; a SIP list 5 s."""
    for method, interval, attempts in (
        (STAFF, 60.0, 2),
        (STAFF, 2.0, 1),
        (ONLINE, 60.0, 1),
        ("getSipStatusDailyReport", 60.0, 3),
    ):
        clock, corners = VirtualClock(NOON), Corners()
        corners.answers = {method: httpx.ReadTimeout("slow")}
        upstream = Upstream(corners, clock)
        upstream.delay = 8.0
        async with rig(clock, upstream, spec(interval=interval)) as made:
            while not made.snapshot().poll_errors:
                await clock.sleep(1)
            assert len(upstream.times(method)) == attempts, method


@virtual
async def test_a_failing_corner_touches_neither_the_other_nor_up() -> None:
    """Whatever the failure, reports and the other corner go on."""
    for broken, well in ((STAFF, "sip_accounts"), (ONLINE, "staff")):
        for status in (401, 403, 429, 500):
            clock, corners = VirtualClock(NOON), Corners()
            headers = {"Retry-After": "900"}
            corners.answers = {broken: httpx.Response(status, headers=headers)}
            upstream = Upstream(corners, clock)
            async with rig(clock, upstream, spec()) as made:
                await clock.sleep(300)
                assert made.value("ringostat_up") == 1
                assert made.value(f"ringostat_{well}_up") == 1
                assert len(upstream.times()) >= 5
                other = "staff" if broken == STAFF else "sip_accounts"
                assert made.value(f"ringostat_{other}_up") == 0


@virtual
async def test_a_pause_that_a_corner_is_asked_for_is_honoured_by_it() -> None:
    """SIP accounts are asked again when Retry-After is over, and not before."""
    clock, corners = VirtualClock(NOON), Corners()
    corners.answers = {ONLINE: httpx.Response(429, headers={"Retry-After": "200"})}
    upstream = Upstream(corners, clock)
    async with rig(clock, upstream, spec()) as made:
        await clock.sleep(100)
        # Neither a reload nor another pace ends it.
        for pace in (15.0, 20.0):
            await made.adopt(replace(made.pollers[68861].spec, sip_interval=pace))
            await clock.sleep(45)
            assert len(upstream.times(ONLINE)) == 1
        await clock.sleep(30)
        assert len(upstream.times(ONLINE)) == 2


@virtual
async def test_a_stale_staff_list_leaves_own_departments_and_accounts_without_owners() -> None:
    """At the very moment, 3 intervals after the last good answer, polled or not."""
    clock, corners = VirtualClock(NOON), Corners()
    own = OwnDepartments((OwnDepartment("VIP", ("A.*",)),))
    made_of = spec(staff_interval=100.0, departments=own, interval=250.0)
    async with rig(clock, Upstream(corners, clock), made_of) as made:
        await clock.sleep(1)
        received = made.snapshot().staff.received
        corners.answers = {STAFF: httpx.Response(503)}
        await clock.sleep(received + 300 - clock.now().age - 0.5)
        assert departments(made) == {"Ann": {"Sales", "VIP"}, "Bob": {"(none)"}, "Cyd": {"Night"}}
        assert ("demo_ann", "Ann") in accounts(made)
        await clock.sleep(0.6)
        assert departments(made) == {"Ann": {"VIP"}, "Bob": {"(none)"}}
        assert accounts(made) == {("demo_ann", ""): 1, ("demo_bob", ""): 1}
        assert made.value("ringostat_report_unlisted_employees") is None
        assert select(made.scrape(), "ringostat_employee_info") == {}
        assert made.value("ringostat_up") == 1


@virtual
async def test_whom_the_filter_hides_is_in_no_family_not_even_by_an_account() -> None:
    """Also once the staff list is stale, and before the first was asked for."""
    clock, corners = VirtualClock(NOON), Corners()
    corners.answers = {ONLINE: httpx.Response(200, json=["demo_ann", "demo_cyd"])}
    hidden = spec(shown=EmployeeFilter(exclude=("Ann",)), staff_interval=100.0)
    async with rig(clock, Upstream(corners, clock), hidden) as made:
        await clock.sleep(1)
        corners.answers[STAFF] = httpx.Response(503)
        for seconds in (1, 200, 300):
            await clock.sleep(seconds)
            assert "Ann" not in str(made.scrape())
            assert "demo_ann" not in str(made.scrape())
            assert any(login == "demo_cyd" for login, _ in accounts(made))


@virtual
async def test_turned_off_by_a_reload_the_families_are_gone_at_once() -> None:
    """And their errors stay counted."""
    clock, corners = VirtualClock(NOON), Corners()
    corners.answers = {SPEAKING: httpx.Response(403)}
    async with rig(clock, Upstream(corners, clock), spec()) as made:
        await clock.sleep(5)
        await made.adopt(replace(made.pollers[68861].spec, staff=False, sip_accounts=False))
        page = made.scrape()
        for name in ("ringostat_staff_up", "ringostat_sip_accounts_up", "ringostat_employee_info"):
            assert select(page, name) == {}
        assert accounts(made) == {}
        assert departments(made) == {"Ann": {"(none)"}, "Bob": {"(none)"}}
        assert made.value(ERRORS, method=SPEAKING, reason="forbidden") == 1


@virtual
async def test_a_corner_that_may_not_be_asked_is_one_error_line_of_the_log() -> None:
    """However often it is tried, while the reports are answered well."""
    clock, corners = VirtualClock(NOON), Corners()
    corners.answers = {ONLINE: httpx.Response(403)}
    async with rig(clock, Upstream(corners, clock), spec()) as made:
        await clock.sleep(7200)
        errors = [line for line in made.lines if "level=error" in line]
        assert len(errors) == 1
        assert "method=sipstatus/online" in errors[0]
