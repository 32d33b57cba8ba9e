"""What the status page shows of a project, made of its snapshot, in the reader's words. Pure.

The page names projects, never employees.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from exporter.exposition.named import statuses_lifetime
from exporter.exposition.status_labels import labels_of
from exporter.instant import Instant
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.status_rules import kind_of
from exporter.web.attention import State, failures_of, state_of
from exporter.web.problem_words import advice_on, anchor_of, cause_of, title_of
from exporter.web.team_sums import TeamSums, sum_of_team
from exporter.web.translations import ENGLISH, N_, Texts

# Kinds in their order on the page; each has a colour of its own.
_KINDS = ("call", "available", "busy", "work", "break", "away", "other", "offline")
_BUILT_IN_WORDS = {
    "speaking": N_("speaking"),
    "online": N_("online"),
    "dnd": N_("do not disturb"),
    "offline": N_("offline"),
}


@dataclass(frozen=True, slots=True)
class StatusView:
    """A status in a list: its word, its kind, and how much of it there is.

    Attributes:
        word: In the reader's language where it is a built-in one.
        kind: What it is for, which is its colour; `unknown` for what is not known.
        amount: People, or hours.
        percent: Of the bar; 0 where there is none.
    """

    word: str
    kind: str
    amount: str
    percent: float = 0.0


@dataclass(frozen=True, slots=True)
class FailureView:
    """Questions that failed alike.

    Attributes:
        titles: What was asked.
        cause: Why it failed, in the reader's language.
        detail: The same in the words of the log.
        advice: What the operator can do about it.
        anchor: The section of the runbook.
    """

    titles: str
    cause: str
    detail: str
    advice: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ProjectView:
    """What the page shows of one project.

    Attributes:
        name: The project's name.
        timezone: Its time zone.
        state: How it is.
        failures: What of it failed.
        age: How long ago the first window's newest report came.
        next_poll: The time until the next poll.
        employees: The number of employees in the report; None if no report is shown.
        window: What people call the first window.
        now: How many are on what; empty if that is not known.
        day: The first window by status, without offline.
    """

    name: str
    timezone: str
    state: State
    failures: list[FailureView]
    age: str
    next_poll: str
    employees: int | None
    window: str
    now: list[StatusView] = field(default_factory=list)
    day: list[StatusView] = field(default_factory=list)


def in_words(seconds: float, texts: Texts = ENGLISH) -> str:
    """Formats a duration for people: `45 s`, `12 min`, `2 h 15 min`, `3 d 4 h`."""
    whole = max(0, round(seconds))
    if whole < 120:
        return texts.gettext("{seconds} s").format(seconds=whole)
    minutes = whole // 60
    if minutes < 60:
        return texts.gettext("{minutes} min").format(minutes=minutes)
    if minutes < 48 * 60:
        return in_hours(whole, texts)
    days, hours = divmod(minutes // 60, 24)
    return texts.gettext("{days} d {hours} h").format(days=days, hours=hours)


def in_hours(seconds: float, texts: Texts = ENGLISH) -> str:
    """Formats the working time of many: as `in_words`, but `59 h 3 min` and never days."""
    hours, minutes = divmod(round(seconds) // 60, 60)
    if not hours:
        return in_words(seconds, texts)
    return texts.gettext("{hours} h {minutes} min").format(hours=hours, minutes=minutes)


def project_view(
    snapshot: ProjectSnapshot,
    now: Instant,
    sums: TeamSums | None = None,
    texts: Texts = ENGLISH,
    *,
    brief: bool = False,
) -> ProjectView:
    """Returns what the page shows of a project.

    Args:
        snapshot: What is known of it.
        now: For what moment.
        sums: Those of its people, if they are known.
        texts: The reader's language.
        brief: Whether statuses are left out.
    """
    first, spec = snapshot.windows[0], snapshot.spec
    sums = sums or sum_of_team(snapshot)
    shown = first.answer is not None and snapshot.lifetime_of(first).holds(now)
    words = {} if brief else labels_of(snapshot)
    known = not brief and sums.now.sent is not None and statuses_lifetime(snapshot).holds(now)
    return ProjectView(
        name=spec.name,
        timezone=spec.zone.key,
        state=state_of(snapshot),
        failures=_failures(snapshot, texts),
        age=_age(first.last_success, now, texts),
        next_poll=_until(snapshot.next_poll, now, texts),
        employees=sums.day.employees if shown else None,
        window=title_of(first.window.name, texts),
        now=_people(snapshot, sums.now.people, words, texts) if known else [],
        day=_hours(snapshot, sums.day.seconds, words, texts) if shown and not brief else [],
    )


def _failures(snapshot: ProjectSnapshot, texts: Texts) -> list[FailureView]:
    """What failed; a refused key fails every question, and is said once."""
    alike: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for failure in failures_of(snapshot):
        words = (
            cause_of(failure, texts),
            snapshot.spec.words_of(failure.problem),
            advice_on(failure, texts),
            anchor_of(failure),
        )
        alike[words].append(title_of(failure.query.title, texts))
    return [FailureView(" · ".join(titles), *words) for words, titles in alike.items()]


def _people(
    snapshot: ProjectSnapshot,
    people: Mapping[str | None, int],
    words: Mapping[str, str],
    texts: Texts,
) -> list[StatusView]:
    """How many are on what; nothing where it is known of nobody."""
    held = {key: count for key, count in people.items() if key is not None}
    views = [
        StatusView(word, kind, str(held[key]))
        for key, word, kind in _in_order(snapshot, held, words, texts)
    ]
    if unknown := people.get(None, 0) if views else 0:
        views.append(StatusView(texts.gettext("not known"), "unknown", str(unknown)))
    return views


def _hours(
    snapshot: ProjectSnapshot, seconds: Mapping[str, int], words: Mapping[str, str], texts: Texts
) -> list[StatusView]:
    total = {key: value for key, value in seconds.items() if key != "offline" and value}
    whole = sum(total.values())
    return [
        StatusView(word, kind, in_hours(total[key], texts), round(100 * total[key] / whole, 2))
        for key, word, kind in _in_order(snapshot, total, words, texts)
    ]


def _in_order(
    snapshot: ProjectSnapshot, keys: Mapping[str, int], words: Mapping[str, str], texts: Texts
) -> list[tuple[str, str, str]]:
    """Status keys with their words and kinds, by kind and then by word."""
    shown = [
        (
            key,
            texts.gettext(_BUILT_IN_WORDS[key]) if key in _BUILT_IN_WORDS else words[key],
            kind_of(words[key], snapshot.spec.statuses),
        )
        for key in keys
    ]
    return sorted(shown, key=lambda status: (_KINDS.index(status[2]), status[1]))


def _age(moment: float | None, now: Instant, texts: Texts) -> str:
    if moment is None:
        return texts.gettext("never")
    return texts.gettext("{time} ago").format(time=in_words(now.wall - moment, texts))


def _until(moment: float | None, now: Instant, texts: Texts) -> str:
    if moment is None or moment <= now.wall:
        return texts.gettext("now")
    return texts.gettext("in {time}").format(time=in_words(moment - now.wall, texts))
