"""What a mistyped time zone may have meant."""

import difflib
from importlib.resources import files


def suggest_zone(name: str) -> str | None:
    """The zone somebody probably meant: `Kiev` -> `Europe/Kyiv`; None without a good guess.

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
    # A place is looked for by its whole name, and by its city alone.
    words: dict[str, str] = {}
    for zone in sorted({*current, *links}):
        target = zone if zone in current else links[zone]
        words[zone.lower()] = target
        words.setdefault(zone.rsplit("/", 1)[-1].lower(), target)
    wanted = name.strip().replace(" ", "_").lower()
    city = wanted.rsplit("/", 1)[-1]
    for word in (wanted, city):
        close = difflib.get_close_matches(word, words, n=1, cutoff=0.75)
        if close:
            return words[close[0]]
    return None
