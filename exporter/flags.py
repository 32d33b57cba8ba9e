"""Flags and their environment variables, by the habit of the Prometheus world.

Every flag `--name.with.dots` also reads `RINGOSTAT_EXPORTER_NAME_WITH_DOTS`; the flag wins.
"""

import argparse
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from exporter.errors import UsageError

PREFIX = "RINGOSTAT_EXPORTER_"
_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off", "")


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag.

    Attributes:
        name: Without the dashes.
        default: Its value where neither flag nor variable is given, as text; a boolean's is False.
        help: One line.
        read: From text to value; raises UsageError or ValueError.
        metavar: What stands for the value in the help.
        repeatable: Whether it may be given more than once; the variable is comma separated.
        boolean: Whether it takes no value.
        may_be_empty: Whether an empty value has a meaning; else it is a mistake, such as an
            unset variable in a shell script.
    """

    name: str
    default: str | None
    help: str
    read: Callable[[str], Any] = str
    metavar: str = "VALUE"
    repeatable: bool = False
    boolean: bool = False
    may_be_empty: bool = False

    @property
    def variable(self) -> str:
        """The environment variable's name."""
        return PREFIX + self.name.replace(".", "_").replace("-", "_").upper()

    @property
    def key(self) -> str:
        """The attribute it is parsed into."""
        return self.name.replace(".", "_").replace("-", "_")


def one_of(*words: str) -> Callable[[str], str]:
    """A reader that takes these words alone."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return text

    return read


def whole_number(text: str) -> int:
    """A reader of whole numbers from 0, of at most 18 digits."""
    if not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII):
        raise ValueError("must be a whole number")
    return int(text)


def number(text: str) -> float:
    """A reader of numbers from 0, of at most 18 digits."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text, re.ASCII):
        raise ValueError("must be a number")
    return float(text)


def label(text: str) -> tuple[str, str]:
    """A reader of labels, NAME=VALUE; names that begin with __ are Prometheus's own."""
    name, equals, value = text.partition("=")
    if not equals or not re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", name):
        raise ValueError("must be NAME=VALUE")
    if name.startswith("__"):
        raise ValueError("must not begin with __, which Prometheus reserves")
    return name, value


def url_path(text: str) -> str:
    """A reader of a path below which nothing of ours is served."""
    if not text.startswith("/") or text.startswith("/-/") or any(c in text for c in "?#{} %"):
        raise ValueError("must begin with /, not with /-/, and hold none of ? # { } % and spaces")
    return text


class Parser(argparse.ArgumentParser):
    """argparse whose mistakes are one line and our own exception."""

    def error(self, message: str) -> NoReturn:
        """Raises instead of printing the whole usage."""
        raise UsageError(f"{message}; see {self.prog} --help")


def add_flags(parser: argparse.ArgumentParser, flags: tuple[Flag, ...]) -> None:
    """Declares flags; their defaults come later, so that a flag before a command counts too."""
    for flag in flags:
        default = "" if flag.default is None else f" (default {flag.default})"
        options: dict[str, Any] = {"dest": flag.key, "default": argparse.SUPPRESS}
        if flag.boolean:
            options["action"] = argparse.BooleanOptionalAction
            # `--no-x` exists to undo an environment variable; one line of help is enough.
        else:
            options |= {
                "action": "append" if flag.repeatable else "store",
                "metavar": flag.metavar,
            }
        parser.add_argument(f"--{flag.name}", help=flag.help + default, **options)


def resolve(
    flags: tuple[Flag, ...], given: Mapping[str, Any], environment: Mapping[str, str]
) -> dict[str, Any]:
    """The value of each flag: from the command line, else its variable, else its default.

    Raises:
        UsageError: A value that cannot be; names the flag, or the variable.
    """
    values: dict[str, Any] = {}
    for flag in flags:
        text = environment.get(flag.variable)
        if flag.key in given:
            source, found = f"--{flag.name}", given[flag.key]
        elif text is not None:
            source, found = flag.variable, text.split(",") if flag.repeatable else text
        else:
            source, found = f"--{flag.name}", [flag.default] if flag.repeatable else flag.default
        values[flag.key] = _read(flag, source, found)
    return values


def _read(flag: Flag, source: str, found: Any) -> Any:
    try:
        if flag.boolean:
            return found if isinstance(found, bool) else _boolean(found)
        if flag.repeatable:
            return [_read_text(flag, text.strip()) for text in found if text is not None]
        return None if found is None else _read_text(flag, found)
    except (UsageError, ValueError) as error:
        raise UsageError(f"{source}: {error}") from None


def _read_text(flag: Flag, text: str) -> Any:
    if not text.strip() and not flag.may_be_empty:
        raise ValueError("must not be empty")
    return flag.read(text)


def _boolean(text: str | None) -> bool:
    word = (text or "").lower()
    if word not in _TRUE + _FALSE:
        raise ValueError("must be true or false")
    return word in _TRUE
