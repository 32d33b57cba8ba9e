"""The pictures of docs/shifts.md, drawn from the simulated centre and the exporter's own shifts.

The day, the seed and the letters are fixed, so that the same code draws the same bytes.
"""

from deploy.pictures import clocks, desk_day, shown


def build() -> dict[str, str]:
    """File name -> SVG, of every picture."""
    return {
        "shifts-day.svg": desk_day.draw(),
        "shifts-shown.svg": shown.draw(),
        "shifts-clocks.svg": clocks.draw(),
    }
