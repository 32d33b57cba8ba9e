"""The names of time zones, and what a mistyped one may have meant."""

import difflib
from functools import cache, cached_property
from importlib.resources import files

# Each takes some milliseconds: a file full of mistakes is to be answered as fast as a good one.
_MOST_SUGGESTIONS = 20


@cache
def zone_names() -> frozenset[str]:
    """Every IANA name of a time zone, old ones too, but not the one that means "not set up".

    A system's folder of zones holds more files than that, such as `localtime` and `posixrules`;
    the package has the list everywhere, whatever the system has.
    """
    names = files("tzdata").joinpath("zones").read_text("utf-8").split()
    return frozenset(names) - {"Factory"}


class ZoneSuggestions:
    """Suggests time zones: for the first different names of one configuration, not for all."""

    def __init__(self) -> None:
        self._suggested: dict[str, str | None] = {}

    def near(self, name: str) -> str | None:
        """The zone that was probably meant: `Kiev` -> `Europe/Kyiv`; None without a good guess."""
        if name in self._suggested:
            return self._suggested[name]
        if len(self._suggested) >= _MOST_SUGGESTIONS:
            return None
        wanted = name.strip().replace(" ", "_").lower()
        zone = self._zone_of(wanted) or self._zone_of(wanted.rsplit("/", 1)[-1])
        self._suggested[name] = zone
        return zone

    def _zone_of(self, word: str) -> str | None:
        close = difflib.get_close_matches(word, self._zones, n=1, cutoff=0.75)
        return self._zones[close[0]] if close else None

    @cached_property
    def _zones(self) -> dict[str, str]:
        """Names of zones in lower case, with and without their continent -> the zone of today.

        Source: tzdata's own tables: zone.tab lists the names in use, tzdata.zi the old ones as
        lines `L NEW OLD`.
        """
        folder = files("tzdata.zoneinfo")
        table = folder.joinpath("zone.tab").read_text("utf-8")
        current = {line.split("\t")[2] for line in table.splitlines() if not line.startswith("#")}
        links = {}
        for line in folder.joinpath("tzdata.zi").read_text("utf-8").splitlines():
            if line.startswith("L "):
                _, new, old = line.split()
                links[old] = new
        zones: dict[str, str] = {}
        for name in sorted({*current, *links}):
            zone = name if name in current else links[name]
            zones[name.lower()] = zone
            # A place is looked for by its whole name, and by its city alone.
            zones.setdefault(name.rsplit("/", 1)[-1].lower(), zone)
        return zones
