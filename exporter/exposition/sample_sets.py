"""What is to be shown, as samples: a few, or one an employee and key. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client.core import Metric

from exporter.exposition.family import Family
from exporter.polling.lifetime import ALWAYS, Lifetime

Row = tuple[tuple[str, ...], float]
# The key of a family that has no label beside the employee and what is fixed.
NO_KEY = ""


@dataclass(frozen=True, slots=True)
class Samples:
    """A few samples of one family that come and go together.

    Attributes:
        family: Which.
        rows: Values of the family's labels in its order, and the sample's value.
        lifetimes: They are shown while one of them holds; by default while the project is
            configured. Not compared, since the lines are the same.
    """

    family: Family
    rows: tuple[Row, ...]
    lifetimes: tuple[Lifetime, ...] = field(default=(ALWAYS,), compare=False)


def _labels(family: Family, fixed: Mapping[str, str], text: str) -> dict[str, str]:
    """The labels beside the employee; the one that is not fixed, if there is one, has the text."""
    others = set(family.labels) - {"employee", *fixed}
    return {**fixed, **dict.fromkeys(others, text)}


@dataclass(frozen=True, slots=True)
class EmployeeSamples:
    """The samples of an employee family, which are nearly all of a page.

    Attributes:
        family: Which; it has the label `employee`.
        fixed: Labels that are the same for all of them.
        texts: Key -> the text of the one further label: the status, the department ...; `NO_KEY`
            alone in a family without one.
        employees: Employee -> key -> value.
        lifetimes: As above.
    """

    family: Family
    fixed: Mapping[str, str]
    texts: Mapping[str, str]
    employees: Mapping[str, Mapping[str, float]]
    lifetimes: tuple[Lifetime, ...] = field(compare=False)

    def labels_of(self, key: str) -> dict[str, str]:
        """The labels of a key's samples beside the employee."""
        return _labels(self.family, self.fixed, self.texts[key])

    @property
    def rows(self) -> Iterator[Row]:
        """As `Samples` has them."""
        tails = {key: self.labels_of(key) for key in self.texts}
        for employee, values in self.employees.items():
            for key, value in values.items():
                labels = {**tails[key], "employee": employee}
                yield tuple(labels[name] for name in self.family.labels), float(value)


@dataclass(frozen=True, slots=True)
class DerivedSamples:
    """Samples that are computed when they are rendered, and not kept beside their lines.

    Attributes:
        family: Which; it has the label `employee` and perhaps one further label.
        fixed: Labels that are the same for all of them.
        source: Employee, the text of the further label, value. Equal sources have equal samples.
        lifetimes: As above.
    """

    family: Family
    fixed: Mapping[str, str]
    source: Iterable[tuple[str, str, float]]
    lifetimes: tuple[Lifetime, ...] = field(compare=False)

    def labels_of(self, text: str) -> dict[str, str]:
        """The labels beside the employee, with a text of the further one if there is one."""
        return _labels(self.family, self.fixed, text)

    @property
    def rows(self) -> Iterator[Row]:
        """As `Samples` has them."""
        for employee, text, value in self.source:
            labels = {**self.labels_of(text), "employee": employee}
            yield tuple(labels[name] for name in self.family.labels), float(value)


SampleSet = Samples | EmployeeSamples | DerivedSamples


def to_metric(family: Family, rows: Iterable[Row]) -> Metric:
    """The family as prometheus_client knows it."""
    metric = Metric(family.base, family.help, family.kind)
    for values, number in rows:
        metric.add_sample(family.name, dict(zip(family.labels, values, strict=True)), number)
    return metric
