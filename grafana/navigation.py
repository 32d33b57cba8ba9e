"""Links between the dashboards of one language, and from a tile to its table."""

from typing import Any

from grafana_foundation_sdk.builders.dashboard import DashboardLink
from grafana_foundation_sdk.models import dashboard as model

from grafana.fields import override_property
from grafana.wording import Language

TAG = "ringostat"
TEAM, WALLBOARD = "ringostat-team", "ringostat-wallboard"
EMPLOYEE, EXPORTER = "ringostat-employee", "ringostat-exporter"
_CHOSEN = "&".join(
    f"${{{name}:queryparam}}"
    for name in ("datasource", "job", "instance", "project", "department")
)


def link_to_the_others(_: Language) -> DashboardLink:
    """The drop-down of the other dashboards; what is chosen is chosen there as well."""
    return (
        DashboardLink("Ringostat")
        .type(model.DashboardLinkType.DASHBOARDS)
        .tags([_.named(TAG)])
        .include_vars(True)
    )


def link_to_kiosk(_: Language) -> DashboardLink:
    """The wallboard without menus, for a screen on the wall."""
    return (
        DashboardLink(_("On the wall"))
        .type(model.DashboardLinkType.LINK)
        .icon("external link")
        .tooltip(_("The wallboard without menus, for a screen on the wall."))
        .url(f"/d/{_.named(WALLBOARD)}?kiosk")
        .include_vars(True)
    )


def to_panel(_: Language, board: str, panel_id: int, title: str) -> DashboardLink:
    """From a tile to the table that names the people, over the whole window."""
    return (
        DashboardLink(title)
        .type(model.DashboardLinkType.LINK)
        .url(f"/d/{_.named(board)}?viewPanel={panel_id}&{_CHOSEN}")
    )


def to_employee(_: Language) -> model.DynamicConfigValue:
    """From a name to that person's dashboard."""
    url = f"/d/{_.named(EMPLOYEE)}?var-employee=${{__value.raw:percentencode}}&{_CHOSEN}"
    link: dict[str, Any] = {"title": _("Days and weeks of this person"), "url": url}
    return override_property("links", [link])
