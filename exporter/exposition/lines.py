"""Lines of the employee families, written by hand. Pure.

The library's renderer costs about eight times as much, and these are all but a few of a page's
lines. A property test holds them byte-equal to the library's, in both formats.
"""

from collections.abc import Mapping

from prometheus_client.utils import floatToGoString

from exporter.exposition.metric_families import Family

# From here on the library writes exponents.
_LONG = 1_000_000


def escape(text: str) -> str:
    """A label's value between quotes (Prometheus docs, "Exposition formats")."""
    if "\\" in text or "\n" in text or '"' in text:
        return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
    return text


def write_lines(
    family: Family,
    fixed: Mapping[str, str],
    statuses: Mapping[str, str],
    people: Mapping[str, Mapping[str, float]],
) -> bytes:
    r"""`ringostat_employee_status_seconds{employee="Ann",project="Sales",...} 5515.0\n` ...

    Args:
        family: Its first label by name is `employee`, which stands first on the line.
        fixed: Labels that are the same on every line.
        statuses: Status key -> its label; one key stands for none in a family without it.
        people: Employee -> status key -> value.
    """
    tails = {key: _tail(family, {**fixed, "status": label}) for key, label in statuses.items()}
    lines = []
    for employee, values in people.items():
        head = f'{family.name}{{employee="{escape(employee)}",'
        for key, value in values.items():
            if type(value) is int and 0 <= value < _LONG:
                lines.append(f"{head}{tails[key]}{value}.0\n")
            else:
                lines.append(f"{head}{tails[key]}{_number(value)}\n")
    return "".join(lines).encode()


def _number(value: float) -> str:
    text: str = floatToGoString(value)  # type: ignore[no-untyped-call]
    return text


def _tail(family: Family, labels: Mapping[str, str]) -> str:
    """What follows the employee on a line: escaped once a report."""
    names = sorted(set(family.labels) - {"employee"})
    return ",".join(f'{name}="{escape(labels[name])}"' for name in names) + "} "
