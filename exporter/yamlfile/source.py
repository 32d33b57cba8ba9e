"""YAML -> plain values that remember their lines.

Scalars stay strings until the model types them, so `1:30` is no number in base 60 and `NO` no
boolean. Mistakes are collected, never raised one by one, and never quote a value.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from exporter.files import read_file
from exporter.words import did_you_mean, show_word

# Aliases make a file's tree larger than the file: no honest configuration comes near.
_MAX_NODES = 200_000
# A file full of mistakes is to be answered as fast as a good one.
_MOST_SUGGESTIONS = 100
_VARIABLE = re.compile(r"\$(?:\$|\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\})")
_QUOTED = re.compile(r"""(['"]).*?\1""", re.DOTALL)

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong at a place.

    Attributes:
        line: Counted from 1.
        path: Keys and indexes from the top: `("projects", 0, "timezone")`.
        text: What is wrong, without the place.
    """

    line: int
    path: Path_
    text: str


@dataclass(slots=True)
class Source:
    """A file, read.

    Attributes:
        values: Mappings, lists, strings and None, as the file nests them.
        lines: Path -> line, for every key and entry.
        replaced: Paths of scalars that an environment variable went into; never to be quoted.
        mistakes: What was wrong already.
    """

    values: object = None
    lines: dict[Path_, int] = field(default_factory=dict)
    replaced: set[Path_] = field(default_factory=set)
    mistakes: list[Mistake] = field(default_factory=list)
    # The paths at which something is wrong, or below which something is.
    _wrong: set[Path_] = field(default_factory=set)
    _suggestions: int = 0

    def line_of(self, path: Path_) -> int:
        """The line of a path, or of the nearest thing above it that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def complain(self, path: Path_, text: str) -> None:
        """Notes a mistake at a path; what follows from one there, or below, is not another."""
        if not path or path not in self._wrong:
            self.note(self.line_of(path), path, text)

    def note(self, line: int, path: Path_, text: str) -> None:
        """Notes a mistake at a path and line, whatever else is wrong there."""
        self.mistakes.append(Mistake(line, path, text))
        self._wrong.update(path[:length] for length in range(1, len(path) + 1))

    def did_you_mean(self, word: str, words: Iterable[str]) -> str:
        """` (did you mean "near"?)`, or nothing; for the first mistakes of a file, not for all."""
        self._suggestions += 1
        return did_you_mean(word, words) if self._suggestions <= _MOST_SUGGESTIONS else ""


def show_path(path: Path_) -> str:
    """`("projects", 0, "timezone")` -> `projects[0].timezone`."""
    text = ""
    for step in path:
        key = f"[{step}]" if isinstance(step, int) else show_word(step)
        text += key if isinstance(step, int) or not text else f".{key}"
    return text


def read_text(path: Path) -> str:
    """The text of a configuration file.

    Raises:
        ValueError: It cannot be read, is no regular file, over 1 MiB or not UTF-8; the text
            says which.
    """
    content = read_file(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8") from None


def parse(text: str, environment: Mapping[str, str] | None) -> Source:
    """The values of a YAML text, with `${NAME}` and `${NAME:-default}` replaced.

    With None for the environment nothing is replaced: a dollar sign is itself.
    """
    source = Source()
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = _QUOTED.sub("something", error.problem or "cannot be read")
        source.note(mark.line + 1 if mark else 1, (), f"not YAML: {problem}")
        return source
    except (yaml.YAMLError, RecursionError):
        source.note(1, (), "not YAML that can be read")
        return source
    if root is not None:
        _Walk(source, environment).value(root, ())
    return source


class _Walk:
    """Turns nodes into values, once, from the top."""

    def __init__(self, source: Source, environment: Mapping[str, str] | None) -> None:
        self._source = source
        self._environment = environment
        self._above: list[yaml.Node] = []
        self._count = 0

    def value(self, node: yaml.Node, path: Path_) -> None:
        self._source.values = self._value(node, path)

    def _value(self, node: yaml.Node, path: Path_) -> object:
        self._source.lines.setdefault(path, node.start_mark.line + 1)
        self._count += 1
        if self._count > _MAX_NODES:
            self._source.complain((), "aliases make it too large")
            return None
        if any(node is above for above in self._above):
            self._source.complain(path, "an alias that leads back to itself")
            return None
        self._above.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            if isinstance(node, yaml.SequenceNode):
                return [self._value(one, (*path, n)) for n, one in enumerate(node.value)]
            if isinstance(node, yaml.ScalarNode):
                return self._scalar(node, path)
            raise AssertionError(node)  # pragma: no cover - YAML has no fourth kind
        finally:
            self._above.pop()

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._source.note(line, path, "a key that is not a word")
                continue
            key = key_node.value
            if key == "<<":
                text = "merge keys are not supported; put what projects share under `defaults`"
                self._source.note(line, path, text)
                continue
            if key in found:
                first = self._source.lines[(*path, key)]
                text = f"duplicate key, first on line {first}"
                self._source.note(line, (*path, key), text)
                continue
            self._source.lines[(*path, key)] = line
            found[key] = self._value(value_node, (*path, key))
        return found

    def _scalar(self, node: yaml.ScalarNode, path: Path_) -> str | None:
        if not node.tag.startswith("tag:yaml.org,2002:"):
            self._source.complain(
                path, "YAML tags are not supported; quote a value that begins with !"
            )
            return None
        if node.style is None and node.value in ("", "~", "null", "Null", "NULL"):
            return None

        environment = self._environment
        if environment is None:
            return str(node.value)

        def replace(match: re.Match[str]) -> str:
            name, fallback = match[1], match[3]
            if name is None:
                return "$"
            self._source.replaced.add(path)
            found = environment.get(name, "")
            if found or (name in environment and match[2] is None):
                return found
            if match[2] is None:
                text = f"the environment variable {name} is not set"
                self._source.complain(path, text)
                return ""
            return str(fallback).replace("$$", "$")

        return _VARIABLE.sub(replace, node.value)
