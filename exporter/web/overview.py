"""What the status page says of all projects together: its heading, its order. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from exporter.instant import Instant
from exporter.polling.snapshot import ProjectSnapshot
from exporter.web.attention import State, by_need, needs_a_person, worst
from exporter.web.status import ProjectView, project_view
from exporter.web.team_sums import TeamSums
from exporter.web.translations import Texts

# So many projects that need nobody are shown whole; the others are one line each.
WHOLE_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Overview:
    """The page.

    Attributes:
        heading: What needs a person.
        state: That of the project that needs a person most.
        projects: Those that are shown whole: the failing ones, and the first of the others.
        brief: The others.
    """

    heading: str
    state: State
    projects: list[ProjectView]
    brief: list[ProjectView]


def overview(
    snapshots: Iterable[ProjectSnapshot],
    now: Instant,
    sums_of: Callable[[ProjectSnapshot], TeamSums],
    texts: Texts,
) -> Overview:
    """What the page shows of these projects.

    Args:
        snapshots: In the configuration's order.
        now: For what moment.
        sums_of: The sums of a project's people.
        texts: The reader's language.
    """
    projects = by_need(snapshots)
    needing = sum(needs_a_person(state) for state, _ in projects)
    whole = needing + WHOLE_AT_MOST
    views = [
        project_view(snapshot, now, sums_of(snapshot), texts, brief=place >= whole)
        for place, (_, snapshot) in enumerate(projects)
    ]
    return Overview(
        heading_of(needing, len(projects), texts),
        worst(state for state, _ in projects),
        views[:whole],
        views[whole:],
    )


def heading_of(needing: int, total: int, texts: Texts) -> str:
    """`2 of 50 projects need you`."""
    if not needing:
        return texts.gettext("No project needs you")
    # In a text of its own, since both numbers have a plural.
    projects = texts.npgettext("of so many", "{total} project", "{total} projects", total)
    needs = texts.ngettext(
        "{needing} of {projects} needs you", "{needing} of {projects} need you", needing
    )
    return needs.format(needing=needing, projects=projects.format(total=total))
