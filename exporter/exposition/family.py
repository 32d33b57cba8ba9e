"""What a metric family is."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["gauge", "info", "counter", "histogram"]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric family.

    Attributes:
        name: As it stands in queries: counters end in `_total`, infos in `_info`.
        kind: Its type in OpenMetrics; in the text format an info is a gauge.
        labels: The names of its labels.
        help: One line for its readers.
    """

    name: str
    kind: Kind
    labels: tuple[str, ...]
    help: str

    @property
    def base(self) -> str:
        """The family's name in OpenMetrics: without the suffix of its type."""
        suffix = {"counter": "_total", "info": "_info"}.get(self.kind, "")
        return self.name.removesuffix(suffix)
