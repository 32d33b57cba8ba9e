"""What `check --live` says of a staff list: how many names match, and how the others differ. Pure.

It counts names and never shows one, so that its output can be sent to anybody.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.window import TODAY
from exporter.ringostat.staff import StaffList

# Letters that look the same in the two alphabets and are typed for each other.
_ALIKE = str.maketrans("АВЕІКМНОРСТХУЅЈаеіокрсухѕјї", "ABEIKMHOPCTXYSJaeiokpcyxsjï")


class Difference(StrEnum):
    """How the name of a report differs from the one that is most like it on the staff list."""

    CAPITALS = "on the list with other capital letters"
    ORDER = "on the list with the words in another order"
    ALPHABETS = "on the list with letters of another alphabet that look the same"
    WORDS = "on the list with a word more or less"
    ABSENT = "on the list in no spelling"


def judge_people(snapshot: ProjectSnapshot) -> Iterator[str]:
    """Sentences about the staff list and the SIP accounts, where they were asked and answered."""
    staff = snapshot.staff.value
    if staff is not None:
        yield from _judge_staff(snapshot, staff)
    accounts = snapshot.sip_accounts.value
    if accounts is not None:
        owners = staff.owners() if staff else {}
        strange = len(accounts.online - owners.keys())
        yield (
            f"SIP accounts: {len(accounts.online)} online, {len(accounts.speaking)} of them "
            f"speaking; of {strange} the owner is not known."
        )


def _judge_staff(snapshot: ProjectSnapshot, staff: StaffList) -> Iterator[str]:
    answer = snapshot.answer_of(TODAY)
    yield f"staff list: {_names(len(staff.members))}."
    several = sum("," in member.ids for member in staff.members.values())
    if several:
        yield f"names of several people on it: {several}; their ids are shown together."
    if answer is None:
        return
    names = snapshot.spec.names()
    reported = [name for name in answer.report.employees if names.shows(name)]
    unlisted = [name for name in reported if name not in staff.members]
    matching = len(reported) - len(unlisted)
    end = "; the others:" if unlisted else "."
    yield f"names of today's report on the staff list: {matching} of {len(reported)}{end}"
    kinds = Counter(differences(unlisted, staff.members))
    yield from (f"  {kind}: {kinds[kind]}" for kind in Difference if kinds[kind])
    missing = sum(map(names.shows, staff.members.keys() - answer.report.employees.keys()))
    if missing:
        yield f"on the staff list and not in today's report: {_names(missing)}."


def _names(number: int) -> str:
    return f"{number} name{'' if number == 1 else 's'}"


def differences(names: Iterable[str], listed: Iterable[str]) -> Iterator[Difference]:
    """How each of the names differs from those that are listed, none of which it is."""
    every = list(listed)
    same: list[tuple[Difference, Callable[[str], object]]] = [
        (Difference.CAPITALS, str.casefold),
        (Difference.ORDER, lambda name: sorted(name.casefold().split())),
        (Difference.ALPHABETS, lambda name: sorted(name.translate(_ALIKE).casefold().split())),
    ]
    known = [(kind, alike, {str(alike(name)) for name in every}) for kind, alike in same]
    words = [frozenset(name.casefold().split()) for name in every]
    for name in names:
        kind = next((kind for kind, alike, of in known if str(alike(name)) in of), None)
        yield kind or (Difference.WORDS if _has_one(name, words) else Difference.ABSENT)


def _has_one(name: str, listed: Iterable[frozenset[str]]) -> bool:
    """Whether a name has all the words of one that is listed, or the other way round."""
    own = frozenset(name.casefold().split())
    return any(min(len(own), len(words)) > 1 and (own < words or words < own) for words in listed)
