"""The API's status keys -> the words that are shown for them, everywhere the same. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from exporter.polling.snapshot import ProjectSnapshot
from exporter.ringostat.catalog import CustomStatus
from exporter.ringostat.names import cut, normalise
from exporter.ringostat.report import BUILT_IN


def _unique(wanted: str, key: str, taken: set[str]) -> str:
    """A label for a key: the preferred word, or `word (key)` where that is taken."""
    label = cut(wanted)
    if label in taken:
        label = cut(f"{wanted} ({key})")
    number = 2
    while label in taken:
        label = cut(f"{wanted} ({key}) #{number}")
        number += 1
    taken.add(label)
    return label


def label_catalog(catalog: Iterable[CustomStatus]) -> dict[str, str]:
    """Custom status id -> its label: the title, or `title (id)` where several share it."""
    statuses = list(catalog)
    titles = Counter(cut(status.title) for status in statuses)
    titles.update(BUILT_IN)
    taken = set(BUILT_IN)
    labels: dict[str, str] = {}
    # Titles that nobody shares come first, so that no `title (id)` can take one of them.
    for status in sorted(statuses, key=lambda status: titles[cut(status.title)]):
        status_id = normalise(status.id)
        shared = titles[cut(status.title)] > 1
        title = f"{status.title} ({status_id})" if shared else status.title
        labels[status.id] = _unique(title, status_id, taken)
    return labels


def label_statuses(keys: Collection[str], catalog: Mapping[str, str]) -> dict[str, str]:
    """The API's status key -> its label; no label comes twice.

    Built-ins are themselves, the id of a custom status is shown under its title, anything else
    under its own cleaned name.
    """
    labels = {key: key for key in BUILT_IN if key in keys}
    labels |= {key: catalog[key] for key in keys if key in catalog and key not in labels}
    taken = set(BUILT_IN) | set(labels.values())
    for key in sorted(set(keys) - labels.keys()):
        name = normalise(key)
        labels[key] = _unique(name, name, taken)
    return labels


def labels_of(snapshot: ProjectSnapshot) -> dict[str, str]:
    """Every status key that a snapshot shows anywhere -> its label."""
    rows = [
        row
        for state in snapshot.windows
        if state.answer is not None
        for row in state.answer.report.employees.values()
    ]
    rows += snapshot.presence.gained.values() if snapshot.presence else []
    keys = set[str]().union(*rows)
    return label_statuses(keys, label_catalog(snapshot.catalog.value))
