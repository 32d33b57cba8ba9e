"""Tables and JSON for people at a terminal, which nothing in them commands. Pure."""

import json
import re
from collections.abc import Sequence

# Everything but line breaks that may not be printed.
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")


def hours(seconds: int | None) -> str:
    """5515 -> `1:31`; nothing for 0 or what is not known, which would only be noise."""
    return hours_and_minutes(seconds) if seconds else ""


def hours_and_minutes(seconds: int) -> str:
    """5515 -> `1:31`: whole minutes, as a spreadsheet shows a duration in `[h]:mm`."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}"


def align(cells: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Lines of columns: the first `left` of them to the left, the others to the right."""
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def json_text(value: object) -> str:
    """JSON in words of any language, without what a terminal would act on; ends its line."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    # What json leaves as it is and a terminal does not: C1 controls, direction marks, surrogates.
    return _UNPRINTABLE.sub(lambda match: json.dumps(match[0])[1:-1], text) + "\n"
