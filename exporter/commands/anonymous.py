"""A reply without anybody's data: what is not known to be harmless is replaced. Pure.

The reply need not be JSON, since one that is not is what a bug report is about. So it is taken as
tokens, whatever their order: strings, numbers, punctuation and loose words. Punctuation stays. Of
the others stay the words of the API itself, durations and small numbers; any other text becomes an
alias, the same one wherever it stands.
"""

import json
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from exporter.ringostat.key import Secret

# Keys of the API's replies and requests, and its own status words.
_KEYS = """
    jsonrpc id result error code message data method params projectId filter from to
    employee title online offline dnd speaking status
    staff employees items staffId fio email phone extensionNumber departments name
    directions main additional direction type sip
"""
# Whole texts that say what is wrong, and nothing of whom.
_PHRASES = """
    2.0|true|false|null|NaN|Infinity|-Infinity|<secret>|secret|utf-8|nginx
    |getCustomStatuses|getSipStatusDailyReport|getProjectStaffListAndDirections
    |Parse error|Invalid Request|Method not found|Invalid params|Internal error|Server error
    |Bad Request|Unauthorized|Forbidden|Not Found|Not found|Request Entity Too Large
    |Too Many Requests|Internal Server Error|Bad Gateway|Service Unavailable
    |Service Temporarily Unavailable|Gateway Time-out|Gateway Timeout|Project not found
    |User does not exist|incorrect field name
"""
_KNOWN = frozenset(_KEYS.split()) | {phrase.strip() for phrase in _PHRASES.split("|")}
# Names of tags and attributes; they are known only where a tag begins.
_TAG_WORDS = """
    html head body title meta link script style h1 h2 h3 p br hr div span center a pre table tr td
    th ul li !doctype ?xml charset lang class href content
"""
_TAGS = frozenset(_TAG_WORDS.split())
# Digits and what people write between them: a telephone number may come in small pieces.
_BETWEEN_DIGITS = r"\d \t\x0b\x0c\xa0\u2000-\u200f\u2010-\u2015\u202f\u3000().+/:-"
_PIECES = r"""
    "(?P<string>[^"\\]*(?:\\.[^"\\]*)*)(?P<end>"|\\?\Z)  # a cut reply may end within a string
    |(?P<digits>[+(-]?\d(?:[BETWEEN]*\d)?(?![^\s{}\[\],:"<>=/]))
    |(?P<shape>[{}\[\],:<>=/\s]+)
    |(?P<loose>[^{}\[\],:<>=/"\s](?:[^{}\[\],:<>=/"\r\n\t]*[^{}\[\],:<>=/"\s])?)
"""
_DURATION = re.compile(r" *-?(?:\d{1,3} days?, )?\d{1,4}:\d{1,2}(?::\d{1,2})? *", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_BLANK = re.compile(r"[^\S \t\r\n]")
_MOST_DIGITS = 6
# The numbers that stand for longer ones begin with this one: they stay numbers, and small.
_FIRST_NUMBER = 900_001
# So short a piece of the key may also be anything else.
_SHORT_PIECE = 4


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of the reply.

    Attributes:
        kind: `string`, `digits`, `shape` (punctuation and blanks) or `loose` (other words).
        value: What it says; of a string, decoded.
        end: A string's closing quote, if it has one.
    """

    kind: str
    value: str
    end: str = ""


@dataclass(slots=True)
class _Aliases:
    """Text -> what it is shown as."""

    key: str
    numbers_stay: bool
    employees: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def add_employee(self, name: str) -> str:
        """The alias of an employee's name."""
        return self.employees.setdefault(name, f"Employee {len(self.employees) + 1}")

    def show(self, text: str, *, bare: bool = False, cut: bool = False) -> str:
        """The text itself if it is harmless, else its alias; a bare number stays a number.

        One that may be the beginning of a longer number is not harmless.
        """
        is_number = _NUMBER.fullmatch(text) is not None
        if _is_harmless(text, self.key) and (
            not is_number or text in _KNOWN or (self.numbers_stay and not cut)
        ):
            return text
        if text in self.employees and not (bare and is_number):
            return self.employees[text]
        if is_number:
            return self.numbers.setdefault(text, str(_FIRST_NUMBER + len(self.numbers)))
        return self.texts.setdefault(text, f"text {len(self.texts) + 1}")


def anonymous(body: bytes, key: Secret, *, numbers_stay: bool = True) -> bytes:
    """The reply with whatever may be about a person, and the key, replaced; ASCII.

    Args:
        body: As it came; need not be JSON, nor text.
        key: The Auth-key that was sent.
        numbers_stay: Whether numbers of up to six digits are harmless; not where they may be
            somebody's extension.
    """
    text = body.decode("utf-8", "surrogateescape")
    start = "\ufeff" if text.startswith("\ufeff") else ""
    tokens = list(_tokens(key.hide_in(text.removeprefix(start))))
    aliases = _Aliases(key.reveal(), numbers_stay)
    employees = frozenset(_employees(tokens))
    for position in sorted(employees):
        aliases.add_employee(tokens[position].value)
    shown = "".join(_shown(tokens, employees, aliases))
    return (start + key.hide_in(shown)).encode()


def _tokens(text: str) -> Iterator[_Token]:
    # In JSON a comma ends a number, elsewhere it may stand in the middle of one.
    between = _BETWEEN_DIGITS if _is_json(text) else "," + _BETWEEN_DIGITS
    pattern = _PIECES.replace("BETWEEN", between)
    for match in re.compile(pattern, re.VERBOSE | re.DOTALL).finditer(text):
        string, end = match["string"], match["end"]
        if string is not None:
            yield _Token("string", _decoded(string), end)
        else:
            yield _Token(match.lastgroup or "", match[0])


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _decoded(string: str) -> str:
    """What a JSON string says; of one whose escapes are cut or wrong, what stands there."""
    if "\\" not in string:
        return string
    try:
        return str(json.loads(f'"{string}"', strict=False))
    except ValueError:
        return string


def _employees(tokens: list[_Token]) -> Iterator[int]:
    """The positions of the values of keys `employee`, but for blank ones."""
    for position in range(2, len(tokens)):
        name, colon, value = tokens[position - 2], tokens[position - 1], tokens[position]
        is_named = name.kind == value.kind == "string" and name.value == "employee"
        if is_named and colon.value.strip() == ":" and value.value.strip(" "):
            yield position


def _shown(tokens: list[_Token], employees: Set[int], aliases: _Aliases) -> Iterator[str]:
    in_tag = False
    for position, token in enumerate(tokens):
        if token.kind == "shape":
            yield _BLANK.sub(" ", token.value)
        elif position in employees:
            yield f'"{aliases.add_employee(token.value)}{token.end}'
        elif token.kind == "string":
            # What is shown is an alias, or of the words above: nothing of it wants an escape.
            whole = token.end == '"'
            yield f'"{aliases.show(token.value, cut=not whole)}{token.end}'
        elif in_tag:
            yield " ".join(_words_of_tag(token.value, aliases))
        else:
            yield aliases.show(token.value, bare=True, cut=position == len(tokens) - 1)
        in_tag = token.kind == "shape" and token.value.endswith(("<", "</"))


def _words_of_tag(words: str, aliases: _Aliases) -> Iterator[str]:
    """The name of an HTML tag, and those of its attributes."""
    for word in words.split():
        yield word if word.lower() in _TAGS else aliases.show(word, bare=True)


def _is_harmless(text: str, key: str) -> bool:
    if key in text:
        return False
    if _NUMBER.fullmatch(text):
        digits = sum(character.isdigit() for character in text)
        piece_of_key = len(text) >= _SHORT_PIECE and text in key
        return digits <= _MOST_DIGITS and not piece_of_key
    return text in _KNOWN or _DURATION.fullmatch(text) is not None or not text.strip(" ")
