"""Flags and their environment variables, in the style of Prometheus.

Every flag `--name.with.dots` can also be set by `RINGOSTAT_EXPORTER_NAME_WITH_DOTS`; the flag
wins.
"""

import argparse
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from exporter.errors import UsageError

PREFIX = "RINGOSTAT_EXPORTER_"
_TRUE = ("1", "true", "yes", "on")
_LONGEST_MESSAGE = 300
_FALSE = ("0", "false", "no", "off", "")


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag.

    Attributes:
        name: Without the dashes.
        default: Its value as text if neither flag nor variable is given; a boolean's is False.
        help: One line.
        read: Turns the text into the value; raises UsageError or ValueError.
        metavar: The placeholder of the value in the help.
        repeatable: Whether it may be given more than once; the variable is comma separated.
        boolean: Whether it takes no value.
        may_be_empty: Whether an empty value has a meaning. Otherwise it is an error, since it
            most often comes from a variable that is not set in somebody's script.
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
        """The key of its value in what `resolve` returns."""
        return self.name.replace(".", "_").replace("-", "_")


def one_of(*words: str) -> Callable[[str], str]:
    """A reader that accepts only these words."""

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
    """A reader of the path of the metrics, which must leave the other endpoints theirs.

    Those of `/-/` and the runbook need no password.
    """
    printable = all("!" <= character <= "~" for character in text)
    if not re.match(r"/(?!-/)", text) or not printable or any(c in text for c in "?#{}%"):
        raise ValueError(
            "must begin with / but not with /-/, and be of ASCII without ?#{}% and spaces"
        )
    if text == "/runbook":
        raise ValueError("must not be /runbook, which needs no password")
    return text


class Parser(argparse.ArgumentParser):
    """An argparse parser whose errors are one line and an exception of ours."""

    def error(self, message: str) -> NoReturn:
        """Raises UsageError instead of printing the usage and exiting."""
        # argparse quotes what was given, which may be of any length.
        cut = message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}…"
        raise UsageError(f"{cut}; see {self.prog} --help")


def add_flags(parser: argparse.ArgumentParser, flags: tuple[Flag, ...]) -> None:
    """Declares flags without defaults, so that one given before a command is not overwritten."""
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

    Args:
        flags: The command's flags.
        given: What was given on the command line, by `Flag.key`.
        environment: Name -> value of the process's environment variables.

    Raises:
        UsageError: A value is invalid; the message names the flag or the variable.
    """
    values: dict[str, Any] = {}
    for flag in flags:
        text = environment.get(flag.variable)
        if flag.key in given:
            source, value = f"--{flag.name}", given[flag.key]
        elif text is not None:
            source, value = flag.variable, text.split(",") if flag.repeatable else text
        else:
            source, value = f"--{flag.name}", [flag.default] if flag.repeatable else flag.default
        values[flag.key] = _read(flag, source, value)
    return values


def _read(flag: Flag, source: str, value: Any) -> Any:
    try:
        if flag.boolean:
            return value if isinstance(value, bool) else _boolean(value)
        if flag.repeatable:
            return [_read_text(flag, text.strip()) for text in value if text is not None]
        return None if value is None else _read_text(flag, value)
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
