"""Cells of tables that people open with a spreadsheet. Pure."""

import unicodedata

from exporter.words import one_line

# What makes a spreadsheet take a cell for a formula, or for a command to the machine.
_FORMULA = ("=", "+", "-", "@")
_IGNORED = " \"'`\t\r\n\u00a0\ufeff\u200b"


def safe_cell(text: str) -> str:
    """A text that a spreadsheet shows as it is, and does not calculate.

    One that it could take for a formula, whatever blanks or quotes stand before and however wide
    its characters are, is given a leading apostrophe, which says "text".
    """
    # NFKC turns the full-width and small variants of = + - @ into these.
    plain = unicodedata.normalize("NFKC", text).lstrip(_IGNORED).replace("\u2212", "-")
    begins_with_control = text[:1] in ("\t", "\r", "\n")
    line = one_line(text)
    return f"'{line}" if begins_with_control or plain.startswith(_FORMULA) else line
