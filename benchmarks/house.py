"""The size of the code, from its syntax tree: `python -m benchmarks.house [folder ...]`.

A function's length is that of its definition, signature and docstring included, decorators not.
"""

import ast
import io
import statistics
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import ROOT, table

_FOLDERS = ("exporter", "tests", "benchmarks", "deploy", "grafana")
_MOST_LINES = 250
_MOST_FUNCTION_LINES = 40
_LAYOUT = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


@dataclass(frozen=True, slots=True)
class Module:
    """One file of Python.

    Attributes:
        path: Where it is.
        lines: All of its lines.
        code: Its lines that have code: no blank ones, no docstrings, no comments alone.
        comments: Its lines that have a comment.
        functions: The name and the length of each of its functions.
    """

    path: Path
    lines: int
    code: int
    comments: int
    functions: tuple[tuple[str, int], ...]


def _docstring_lines(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, int]]:
    for child in ast.iter_child_nodes(node):
        name = prefix
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{prefix}.{child.name}"
            if not isinstance(child, ast.ClassDef):
                yield name, (child.end_lineno or child.lineno) - child.lineno + 1
        yield from _functions(child, name)


def read(path: Path) -> Module:
    """Measures one file."""
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    with_code: set[int] = set()
    with_comment: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            with_comment.add(token.start[0])
        elif token.type not in _LAYOUT:
            with_code.update(range(token.start[0], token.end[0] + 1))
    return Module(
        path=path,
        lines=len(text.splitlines()),
        code=len(with_code - set(_docstring_lines(tree))),
        comments=len(with_comment),
        functions=tuple(_functions(tree, path.stem)),
    )


def _figures(modules: list[Module]) -> list[tuple[str, str]]:
    functions = [function for module in modules for function in module.functions]
    lengths = [length for _, length in functions]
    code = sum(module.code for module in modules)
    comments = sum(module.comments for module in modules)
    longest, length = max(functions, key=lambda function: function[1])
    return [
        ("files", f"{len(modules)}"),
        ("lines of a file, median", f"{statistics.median(module.lines for module in modules):g}"),
        (f"files over {_MOST_LINES} lines", f"{sum(m.lines > _MOST_LINES for m in modules)}"),
        ("lines of code", f"{code}"),
        ("comment lines in a hundred of code", f"{100 * comments / code:.1f}"),
        ("functions", f"{len(functions)}"),
        ("lines of a function, median", f"{statistics.median(lengths):g}"),
        ("lines of a function, 90th percentile", f"{statistics.quantiles(lengths, n=10)[-1]:g}"),
        (
            f"functions over {_MOST_FUNCTION_LINES} lines",
            f"{sum(length > _MOST_FUNCTION_LINES for length in lengths)}",
        ),
        ("longest function", f"{longest}, {length}"),
    ]


def _twice(modules: list[Module]) -> list[str]:
    paths: dict[str, list[str]] = {}
    for module in modules:
        if module.path.stem == "conftest":  # pytest's own word
            continue
        # A package has the name of its folder.
        named = module.path.parent if module.path.stem == "__init__" else module.path
        paths.setdefault(named.stem, []).append(str(named.relative_to(ROOT)))
    return [", ".join(same) for same in paths.values() if len(same) > 1]


def _print_list(title: str, entries: list[str]) -> None:
    print(f"\n{title}:", *(entries or ["none"]), sep="\n- ")


def main() -> None:
    """Prints the figures of each folder, then what exceeds the limits of the house."""
    folders = sys.argv[1:] or _FOLDERS
    modules = {
        folder: [read(path) for path in sorted((ROOT / folder).rglob("*.py"))]
        for folder in folders
    }
    columns = [_figures(modules[folder]) for folder in folders]
    rows = [
        (figures[0][0], *(value for _, value in figures)) for figures in zip(*columns, strict=True)
    ]
    table("The house", [("", *folders), *rows])
    every = [module for folder in folders for module in modules[folder]]
    _print_list(
        f"Files over {_MOST_LINES} lines",
        [
            f"{module.path.relative_to(ROOT)}: {module.lines}"
            for module in every
            if module.lines > _MOST_LINES
        ],
    )
    for folder in folders:
        _print_list(f"Module names used twice in {folder}", _twice(modules[folder]))


if __name__ == "__main__":
    main()
