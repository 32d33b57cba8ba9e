"""Groups of statuses, each of one colour in all panels: built-in, or custom by name or kind.

A custom status whose name says what it is for is in that group; any other is in the group of its
kind by `ringostat_status_info`. Dashboards know neither names nor kinds when they are built, so
queries sort statuses into groups, by matchers and joins.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from grafana_foundation_sdk.models import dashboard as model

from grafana.fields import display_name, fixed_colour
from grafana.queries import BUILT_IN_STATUSES, MATCHERS
from grafana.wording import Language

_CUSTOM = f'status!~"{BUILT_IN_STATUSES}"'
_INFO = "ringostat_status_info"


@dataclass(frozen=True, slots=True)
class Group:
    """Statuses of one colour.

    Attributes:
        name: The status, or what the custom ones are for.
        colour: As Grafana knows it.
        words: A part of a custom status's name that puts it here: alternatives of an expression,
            in any case; empty if no name does.
    """

    name: str
    colour: str
    words: str = ""


BUILT_IN = (
    Group("online", "blue"),
    Group("speaking", "green"),
    Group("dnd", "orange"),
    Group("offline", "#6e7480"),
)
CUSTOM = (
    Group("lunch", "#cca300", "lunch|dinner|обід|обед"),
    Group("break", "yellow", "break|coffee|перерв|перерыв|кава"),
    Group("work", "purple", "training|meeting|навчан|обучен|нарад|зустріч"),
    Group("away", "#d683ce"),
    Group("other", "#56a6a6"),
)
GROUPS = BUILT_IN + CUSTOM
_KNOWN_WORDS = "|".join(group.words for group in CUSTOM if group.words)
# A kind that is written out in the configuration; "other" is all the rest.
_TOLD_KINDS = "work|break|away"


def group_of(status: str) -> Group:
    """The group of a status, by its name alone; `other` where the name says nothing."""
    for group in GROUPS:
        if status == group.name or (group.words and re.search(group.words, status, re.IGNORECASE)):
            return group
    return CUSTOM[-1]


def colour_of(name: str) -> str:
    """The colour of a group, by its name."""
    return next(group.colour for group in GROUPS if group.name == name)


def shown_name(group: Group, _: Language) -> str:
    """The word of a group, for people."""
    words = {
        "online": _("online"),
        "speaking": _("speaking"),
        "dnd": _("dnd"),
        "offline": _("offline"),
        "lunch": _("lunch"),
        "break": _("break"),
        "work": _("work"),
        "away": _("away"),
        "other": _("other"),
    }
    return words[group.name]


def _of_kind(kind: str) -> str:
    """The statuses of a kind, each project's; as of now also where the query looks back."""
    return f'max by (project, status) ({_INFO}{{{MATCHERS}, kind=~"{kind}"}} @ end())'


def _matchers(group: Group) -> str:
    """The custom statuses whose name says that they are of this group and of none before it."""
    earlier = CUSTOM[: CUSTOM.index(group)]
    matchers = [f'status!~"(?i).*({other.words}).*"' for other in earlier if other.words]
    return ", ".join([_CUSTOM, *matchers, f'status=~"(?i).*({group.words}).*"'])


def of_group(group: Group, select: Callable[[str], str]) -> str:
    """The series of a group.

    Args:
        group: Which.
        select: Makes the series, with the labels project and status, from a matcher of statuses.
    """
    if group in BUILT_IN:
        return select(f'status="{group.name}"')
    nameless = select(f'{_CUSTOM}, status!~"(?i).*({_KNOWN_WORDS}).*"')
    by_kind = f"({nameless} and on (project, status) {_of_kind(group.name)})"
    if group.name == "other":
        by_kind = f"({nameless} unless on (project, status) {_of_kind(_TOLD_KINDS)})"
    if not group.words:
        return by_kind
    by_name = select(_matchers(group))
    # No kind is called lunch.
    return by_name if group.name == "lunch" else f"({by_name} or {by_kind})"


def with_kind(series: str) -> str:
    """The series, the label status with the kind before it: `break|At lunch`.

    A cell has no colour of its own but by its text; `status_mappings` colours it and shows the
    status alone.
    """
    kinds = f"max by (project, status, kind) ({_INFO}{{{MATCHERS}}})"
    joined = f"{series} * on (project, status) group_left (kind) {kinds}"
    return f'sum without (kind) (label_join({joined}, "status", "|", "kind", "status"))'


def status_mappings(_: Language) -> list[Any]:
    """Value mappings of a column of statuses that `with_kind` made."""
    rules = [(rf"/^\w*\|{group.name}$/", group, shown_name(group, _)) for group in BUILT_IN]
    rules += [
        (rf"/^\w*\|(.*(?:{group.words}).*)$/i", group, "$1") for group in CUSTOM if group.words
    ]
    rules += [(rf"/^{group.name}\|(.*)$/", group, "$1") for group in CUSTOM]
    return [
        model.RegexMap(
            options=model.DashboardRegexMapOptions(
                pattern=pattern,
                result=model.ValueMappingResult(text=text, color=group.colour, index=index),
            )
        )
        for index, (pattern, group, text) in enumerate(rules)
    ]


# The groups of panels of time: nobody asks for hours offline.
SHOWN = tuple(group for group in GROUPS if group.name != "offline")


def coloured_by_group(panel: Any, _: Language) -> Any:
    """Colours a panel that has a query for each of `SHOWN`, from the query A on."""
    for letter, group in zip(ascii_uppercase, SHOWN, strict=False):
        properties = [fixed_colour(group.colour)]
        if group in BUILT_IN:
            properties.append(display_name(shown_name(group, _)))
        panel = panel.override_by_query(letter, properties)
    return panel
