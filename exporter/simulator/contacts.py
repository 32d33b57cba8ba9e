"""Who the people of a desk are beyond their name: ids, departments, SIP logins, contacts. Pure.

Nothing of it is written down for a person; all is derived from the desk. E-mail addresses, phone
numbers and extensions are canaries: the exporter may never show one, so each kind has a mark by
which a test recognises it.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from exporter.simulator.desks import Desk, Person

MAIL_DOMAIN = "@canary.example"
PHONE_PREFIX = "380990000"
# With three more digits, so over the seconds of any single day.
EXTENSION_PREFIX = "97"

_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody as the staff list gives them.

    Attributes:
        staff_id: Unique in the account.
        internal_id: The other number of the reply, unique in the desk.
        name: The full name, as in the report; two people may share one.
        email: A canary.
        phone: A canary, in international digits.
        extension: A canary, of five digits.
        departments: Ids of the desk's departments; several, or none.
        logins: Of the SIP accounts, in the order in which the person has them.
    """

    staff_id: int
    internal_id: int
    name: str
    email: str
    phone: str
    extension: str
    departments: tuple[int, ...]
    logins: tuple[str, ...]


@lru_cache(maxsize=32)
def staff(desk: Desk) -> tuple[StaffMember, ...]:
    """Everybody of a desk, in the order of `Desk.people`."""
    ids = {name: number for number, name in desk.departments.items()}
    # Two digits of the person follow one of the desk.
    serial = desk.project_id % 7 * 100 + 1
    names = _unique_names(desk.people)
    return tuple(
        StaffMember(
            staff_id=desk.project_id * 100 + index + 1,
            internal_id=81 + index,
            name=person.name,
            email=f"{name}{MAIL_DOMAIN}",
            phone=f"{PHONE_PREFIX}{serial + index:03d}",
            extension=f"{EXTENSION_PREFIX}{serial + index:03d}",
            departments=tuple(ids[department] for department in person.departments),
            logins=_logins(desk, name, person.accounts),
        )
        for index, (person, name) in enumerate(zip(desk.people, names, strict=True))
    )


def _logins(desk: Desk, name: str, accounts: int) -> tuple[str, ...]:
    login = f"{latin(desk.name)}_{name}"
    return (login, f"{login}_mob")[:accounts]


def _unique_names(people: tuple[Person, ...]) -> list[str]:
    """First names in Latin letters; of several that are equal all but one have a number."""
    names: list[str] = []
    for person in people:
        first = latin(person.name)
        again = sum(name.rstrip("0123456789") == first for name in names)
        names.append(f"{first}{again + 1}" if again else first)
    return names


def latin(text: str) -> str:
    """The first word in the letters a to z: `Олена Шевченко` -> `olena`, `Zoë` -> `zoe`."""
    word = unicodedata.normalize("NFC", text.split()[0]).lower()
    spelled = "".join(_LATIN.get(letter, letter) for letter in word)
    letters = [one for one in unicodedata.normalize("NFKD", spelled) if "a" <= one <= "z"]
    return "".join(letters) or "somebody"
