"""The lines of employee families, written by hand: they are nearly all of a page."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from prometheus_client.utils import floatToGoString

from exporter.exposition.family import Family
from exporter.exposition.sample_sets import DerivedSamples, EmployeeSamples

# From here on the library writes exponents.
_LONG = 1_000_000
# Over 4 KiB, the shortest line being over 40 bytes.
_PART_LINES = 512
_ENDS_KEPT = 256


def escape(text: str) -> str:
    """A label's value between quotes (Prometheus docs, "Exposition formats")."""
    if "\\" in text or "\n" in text or '"' in text:
        return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
    return text


def write_lines(samples: EmployeeSamples | DerivedSamples) -> Iterator[bytes]:
    r"""`ringostat_employee_status_seconds{employee="Ann",project="Sales",...} 5515.0\n` ...

    In parts of a few hundred lines, since a large report's lines are fifty times its size; a part
    of less than 4 KiB is all of them. Written by hand: the library's renderer costs about eight
    times as much, and these are all but a few of a page's lines. A property test holds them
    byte-equal to the library's.
    """
    if isinstance(samples, DerivedSamples):
        of_people = _derived(samples)
    else:
        of_people = _of_employees(samples)
    lines: list[str] = []
    for some in of_people:
        lines += some
        if len(lines) >= _PART_LINES:
            yield "".join(lines).encode()
            lines.clear()
    if lines:
        yield "".join(lines).encode()


def _of_employees(samples: EmployeeSamples) -> Iterator[list[str]]:
    """The lines of an employee at a time."""
    family = samples.family
    tails = {key: _tail(family, samples.labels_of(key)) for key in samples.texts}
    for employee, values in samples.employees.items():
        head = f'{family.name}{{employee="{escape(employee)}",'
        # Nearly every value of a page is such a whole number, and a call for each costs a fifth.
        yield [
            f"{head}{tails[key]}{value}.0\n"
            if type(value) is int and 0 <= value < _LONG
            else f"{head}{tails[key]}{_number(value)}\n"
            for key, value in values.items()
        ]


def _derived(samples: DerivedSamples) -> Iterator[list[str]]:
    """One line at a time. Departments are few and ids are many: the last ends are kept."""
    family = samples.family

    @lru_cache(_ENDS_KEPT)
    def ends(text: str) -> tuple[str, str]:
        """What stands before and after the employee, with the labels in the order of names."""
        labels = samples.labels_of(text)
        first = "".join(
            f'{name}="{escape(labels[name])}",' for name in sorted(labels) if name < "employee"
        )
        rest = {name: value for name, value in labels.items() if name > "employee"}
        return f'{family.name}{{{first}employee="', f'",{_written(rest)}}} '

    for employee, text, value in samples.source:
        head, tail = ends(text)
        yield [f"{head}{escape(employee)}{tail}{_number(value)}\n"]


def _number(value: float) -> str:
    if type(value) is int and 0 <= value < _LONG:
        return f"{value}.0"
    text: str = floatToGoString(value)  # type: ignore[no-untyped-call]
    return text


def _tail(family: Family, labels: Mapping[str, str]) -> str:
    """What follows the employee, the first label by name, on a line: escaped once a report."""
    others = {name: labels[name] for name in family.labels if name != "employee"}
    return _written(others) + "} "


def _written(labels: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{escape(labels[name])}"' for name in sorted(labels))
