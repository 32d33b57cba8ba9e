"""SVG as text: boxes, lines, words, and a card around them that looks the same on any page."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from grafana.status_groups import group_of

WIDTH = 1000
INK, FAINT, GRID, PAPER, SHIFT, ALARM = (
    "#1f2328",
    "#59636e",
    "#d8dee4",
    "#ffffff",
    "#eef1f4",
    "#cf222e",
)
# What Grafana paints where a panel names a colour.
_GRAFANA = {
    "green": "#73bf69",
    "blue": "#5794f2",
    "orange": "#ff9830",
    "purple": "#b877d9",
    "yellow": "#fade2a",
}


def status_colour(status: str) -> str:
    """The colour that the dashboards give a status."""
    named = group_of(status).colour
    return _GRAFANA.get(named, named)


@dataclass(frozen=True, slots=True)
class Axis:
    """Where a moment lies from left to right.

    Attributes:
        start: Unix time at `left`.
        end: Unix time at `right`.
        left: Pixels.
        right: Pixels.
    """

    start: float
    end: float
    left: float = 190
    right: float = WIDTH - 20

    def x(self, moment: float) -> float:
        """Pixels from the left; what lies outside of the axis is at its ends."""
        share = (min(max(moment, self.start), self.end) - self.start) / (self.end - self.start)
        return self.left + share * (self.right - self.left)


def number(value: float) -> str:
    """A coordinate with at most one digit after the point."""
    return f"{value:.1f}".removesuffix(".0")


def box(
    place: tuple[float, float, float, float], fill: str, stroke: str = "none", radius: float = 0
) -> str:
    """A rectangle from one corner (x, y) to the other."""
    left, top, right, bottom = place
    rounded = f' rx="{number(radius)}"' if radius else ""
    return (
        f'<rect x="{number(left)}" y="{number(top)}" width="{number(right - left)}" '
        f'height="{number(bottom - top)}"{rounded} fill="{fill}" stroke="{stroke}"/>'
    )


def boxes(spans: Iterable[tuple[float, float]], top: float, bottom: float, fill: str) -> str:
    """Many rectangles of one height and colour, each from one x to another, as one path."""
    height = number(bottom - top)
    steps = "".join(
        f"M{number(left)} {number(top)}h{number(right - left)}v{height}h-{number(right - left)}z"
        for left, right in spans
        if right > left
    )
    return f'<path fill="{fill}" d="{steps}"/>' if steps else ""


def line(start: tuple[float, float], end: tuple[float, float], colour: str, width: float) -> str:
    """A straight line from a point to another."""
    return (
        f'<path stroke="{colour}" stroke-width="{number(width)}" '
        f'd="M{number(start[0])} {number(start[1])}L{number(end[0])} {number(end[1])}"/>'
    )


def words(
    place: tuple[float, float], text: str, colour: str = INK, anchor: str = "start", size: int = 12
) -> str:
    """A line of text at a point; bold from 14 on."""
    weight = ' font-weight="600"' if size >= 14 else ""
    return (
        f'<text x="{number(place[0])}" y="{number(place[1])}" fill="{colour}" '
        f'text-anchor="{anchor}" font-size="{size}"{weight}>{escape(text)}</text>'
    )


def card(title: str, height: float, parts: Iterable[str]) -> str:
    """The whole file: a white card with a border, so that it is readable on dark pages too."""
    body = "\n".join(part for part in parts if part)
    frame = box((0.5, 0.5, WIDTH - 0.5, height - 0.5), PAPER, GRID, 6)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {number(height)}" '
        f'width="{WIDTH}" height="{number(height)}" role="img" '
        'font-family="system-ui,-apple-system,Segoe UI,DejaVu Sans,sans-serif">\n'
        f"<title>{escape(title)}</title>\n{frame}\n"
        f"{words((20, 30), title, size=16)}\n{body}\n</svg>\n"
    )
