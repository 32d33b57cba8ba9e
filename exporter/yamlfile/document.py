"""YAML -> plain values that remember their lines.

Scalars stay strings until the model types them, so `1:30` is no number in base 60 and `NO` no
boolean. Mistakes are collected instead of raised one by one, and never quote a value.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from exporter.files import read_file
from exporter.yamlfile.source import Path_, Source

# Aliases make a file's tree larger than the file: no honest configuration comes near.
_MAX_NODES = 200_000
_VARIABLE = re.compile(r"\$(?:\$|\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\})")
_MUST_BE_QUOTED = "a value that begins with %, @ or a backtick must be quoted"
_NO_TAGS = "YAML tags are not supported; quote a value that begins with !"
_TAGGED = "!"
# How PyYAML's text begins -> ours.
_PROBLEMS = (
    ("found undefined alias", "an alias has no anchor"),
    ("second occurrence", "an anchor is defined twice"),
    ("but found another document", "there is more than one document"),
    (r"found character '\t'", "a tab is not allowed here; use spaces, or quote the value"),
    ("found character '%'", _MUST_BE_QUOTED),
    ("found character '@'", _MUST_BE_QUOTED),
    ("found character '`'", _MUST_BE_QUOTED),
    ("found character", "a value must be quoted"),
    ("found undefined tag handle", "tags are not supported; quote a value that begins with !"),
    ("could not find expected ':'", "a key has no colon"),
    ("mapping values are not allowed", "a colon is not allowed here; quote it, or indent right"),
    ("mapping keys are not allowed", "a key is not allowed here"),
    ("sequence entries are not allowed", "a list is not allowed here"),
    ("found unexpected end of stream", "a quote is not closed"),
    ("found unknown escape", "a backslash in double quotes has no meaning"),
    ("expected <block end>", "the indentation does not fit the lines above"),
    ("expected ',' or", "a comma or a closing bracket is missing"),
    ("expected the node content", "a value or a closing bracket is missing"),
)
_UNKNOWN = "the syntax is not understood"


def read_text(path: Path) -> str:
    """The text of a configuration file.

    Raises:
        ValueError: The file cannot be read, is not a regular file, is over 1 MiB or is not
            UTF-8; the message says which.
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
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = f"is not valid YAML: {_in_our_words(error.problem or '')}"
        source.note(mark.line + 1 if mark else 1, (), problem)
        return source
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        source.note(line, (), "is not valid YAML: a control character is not allowed")
        return source
    except RecursionError:
        source.note(1, (), "is nested too deeply")
        return source
    if root is not None:
        _Walk(source, environment).value(root, ())
    return source


def _in_our_words(problem: str) -> str:
    """PyYAML's text would quote the file, where a key may stand."""
    return next((ours for theirs, ours in _PROBLEMS if problem.startswith(theirs)), _UNKNOWN)


class _Loader(yaml.SafeLoader):
    """Marks the nodes that have a tag in the text: the library's own tags look like none."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        node = super().compose_node(parent, index)
        if node is not None and getattr(event, "tag", None) is not None:
            node.tag = _TAGGED
        return node


class _Walk:
    """Turns PyYAML's nodes into values, once, from the top."""

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
            if self._count == _MAX_NODES + 1:
                self._source.complain((), "is too large: its aliases repeat too much")
            return None
        if any(node is above for above in self._above):
            self._source.complain(path, "the alias contains itself")
            return None
        if node.tag == _TAGGED:
            self._source.complain(path, _NO_TAGS)
            return None
        self._above.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            if isinstance(node, yaml.SequenceNode):
                return [self._value(item, (*path, n)) for n, item in enumerate(node.value)]
            if isinstance(node, yaml.ScalarNode):
                return self._scalar(node, path)
            raise AssertionError(node)  # pragma: no cover - YAML has no fourth kind
        finally:
            self._above.pop()

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, object]:
        values: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._source.note(line, path, "a key must be a plain word")
                continue
            if key_node.tag == _TAGGED:
                self._source.note(line, path, _NO_TAGS)
                continue
            key = key_node.value
            if key == "<<":
                text = "merge keys are not supported; put what projects share into `defaults`"
                self._source.note(line, path, text)
                continue
            if key in values:
                first = self._source.lines[(*path, key)]
                text = f"duplicate key; the first is on line {first}"
                self._source.note(line, (*path, key), text)
                continue
            self._source.lines[(*path, key)] = line
            values[key] = self._value(value_node, (*path, key))
        return values

    def _scalar(self, node: yaml.ScalarNode, path: Path_) -> str | None:
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
            value = environment.get(name, "")
            if value or (name in environment and match[2] is None):
                return value
            if match[2] is None:
                text = f"the environment variable {name} is not set"
                self._source.complain(path, text)
                return ""
            return str(fallback).replace("$$", "$")

        return _VARIABLE.sub(replace, node.value)
