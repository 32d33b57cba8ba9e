"""What was read from a YAML file: plain values, their lines, and what is wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from exporter.words import did_you_mean, show_word

# A file full of mistakes is to be answered as fast as a good one.
_MOST_SUGGESTIONS = 100

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that is wrong at one place of a file.

    Attributes:
        line: Counted from 1.
        path: Keys and indexes from the top: `("projects", 0, "timezone")`.
        text: What is wrong, without the place; never a secret.
    """

    line: int
    path: Path_
    text: str


@dataclass(slots=True)
class Source:
    """A file that was read, and may yet be invalid.

    Attributes:
        values: Mappings, lists, strings and None, nested as in the file.
        lines: Path -> line, for every key and entry.
        replaced: Paths of scalars that contain an environment variable's value: a message never
            quotes them.
        mistakes: What is wrong so far.
    """

    values: object = None
    lines: dict[Path_, int] = field(default_factory=dict)
    replaced: set[Path_] = field(default_factory=set)
    mistakes: list[Mistake] = field(default_factory=list)
    # The paths at which something is wrong, or below which something is.
    _wrong: set[Path_] = field(default_factory=set)
    _suggestions: int = 0

    def line_of(self, path: Path_) -> int:
        """The line of a path, or of the nearest part above it that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def is_wrong(self, path: Path_) -> bool:
        """Whether there is a mistake at the path or below it."""
        return path in self._wrong

    def complain(self, path: Path_, text: str) -> None:
        """Notes a mistake at a path, unless there is one at the path or below it already.

        A section is often invalid only because a value within it is.
        """
        if not path or path not in self._wrong:
            self.note(self.line_of(path), path, text)

    def note(self, line: int, path: Path_, text: str) -> None:
        """Notes a mistake at a path and line in any case."""
        self.mistakes.append(Mistake(line, path, text))
        self._wrong.update(path[:length] for length in range(1, len(path) + 1))

    def did_you_mean(self, word: str, words: Iterable[str]) -> str:
        """` (did you mean "near"?)`, or nothing: always nothing after the first 100 mistakes."""
        self._suggestions += 1
        return did_you_mean(word, words) if self._suggestions <= _MOST_SUGGESTIONS else ""


def show_path(path: Path_) -> str:
    """`("projects", 0, "timezone")` -> `projects[0].timezone`."""
    text = ""
    for step in path:
        key = f"[{step}]" if isinstance(step, int) else show_word(step)
        text += key if isinstance(step, int) or not text else f".{key}"
    return text
