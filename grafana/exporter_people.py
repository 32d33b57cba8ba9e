"""The Exporter dashboard's panels on people: the staff list, the SIP accounts."""

from typing import Any

from grafana.fields import thresholds, value_mappings
from grafana.layout import SizedPanel
from grafana.panels import Panel, stat, timeseries
from grafana.queries import (
    BY_EMPLOYEE,
    MATCHERS,
    SPEAKING,
    current_status,
    instant_query,
    range_query,
    status_matcher,
)
from grafana.wording import Language


def up_or_down(_: Language) -> list[Any]:
    """Value mappings of what is 1 while it is well."""
    return value_mappings(("0", _("Down"), "red"), ("1", _("Up"), "green"))


def now_differs() -> str:
    """1 where the report and an employee's SIP accounts disagree, 0 where they agree.

    The recording rule `employee:ringostat_now_differs:bool`, which says why; written out, so that
    the dashboard needs no recording rules.
    """
    speaking = current_status(SPEAKING)
    online = current_status(status_matcher("online"))
    neither = current_status('status=~"dnd|offline"')
    account = f'{{{MATCHERS}, employee!=""}}'
    return (
        f"max {BY_EMPLOYEE} (2 * {speaking} or {online} or 0 * {neither})"
        " != bool on (job, instance, project, employee)"
        f" max {BY_EMPLOYEE} (ringostat_sip_account_online{account}"
        f" + ringostat_sip_account_speaking{account})"
    )


def _differs_panel(_: Language) -> Panel:
    """How many people the two sources of "now" have disagreed on for long.

    Six looks 30 s apart are over two report intervals of 60 s; less is the report's own lag.
    """
    long_enough = f"sum_over_time(({now_differs()})[3m:30s]) >= bool 6"
    return timeseries(
        _("Now: report and SIP accounts differ"),
        _(
            "On how many people the report and their SIP accounts have disagreed for over two "
            "and a half minutes whether they are speaking, online or neither. Shorter is the "
            "report's lag; custom statuses are left out."
        ),
        "short",
        range_query(
            f"sum by (project) (max by (project, employee) ({long_enough}))", "{{project}}"
        ),
    ).axis_soft_max(5)


def _up(_: Language, title: str, description: str, metric: str) -> Panel:
    query = instant_query(f"max by (project) ({metric}{{{MATCHERS}}})", "{{project}}")
    return stat(title, description, "short", query).mappings(up_or_down(_))


def people_panels(_: Language) -> list[SizedPanel]:
    """Whether the staff list and the SIP accounts are answered and agree with the report."""
    staff = _up(
        _,
        _("Staff list"),
        _("Whether the newest request for the staff list succeeded, where it is configured."),
        "ringostat_staff_up",
    )
    accounts = _up(
        _,
        _("SIP accounts"),
        _(
            "Whether the newest requests for the SIP accounts succeeded, where they are "
            "configured."
        ),
        "ringostat_sip_accounts_up",
    )
    unlisted = stat(
        _("Names not on the staff list"),
        _("How many people of the report the staff list does not know: their names do not match."),
        "short",
        instant_query(
            f"max by (project) (ringostat_report_unlisted_employees{{{MATCHERS}}})", "{{project}}"
        ),
    ).thresholds(thresholds((None, "green"), (1, "orange")))
    return [(staff, 8, 4), (accounts, 8, 4), (unlisted, 8, 4), (_differs_panel(_), 24, 8)]
