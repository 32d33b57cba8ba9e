"""A timesheet as a workbook: a sheet a project, one of totals, one of missing days.

Every text is written as a text, so that no cell is a formula, a link or a number by its looks.
Rows go to temporary files of the process's owner while they are written, so that a year of a
large centre does not fill the memory.
"""

import io
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, time
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exporter.commands.output import OutputError, os_error_in_words
from exporter.commands.sheet_names import sheet_names
from exporter.commands.timesheet_table import Cell, Column, Kind, Table, totals
from exporter.commands.timesheet_text import HOURS, SECONDS, Timesheet
from exporter.words import one_line

# Of one sheet, the head included: Excel's own limit.
MOST_ROWS = 1_048_576
_MOST_LETTERS = 32_767
_DAY_SECONDS = 86_400
_WIDTHS = {Kind.TEXT: 24, Kind.DATE: 11, Kind.TIME: 11}
_WIDTH = 11
# Of a head beside its letters: they are bold, and the button of the filter stands there.
_HEAD_SPACE = 3
_NUMBER_FORMATS = {"seconds": "0", "hours": "0.00", "h:mm": "[h]:mm"}
_MISSING = (
    Column("project_id", Kind.NUMBER),
    Column("project", Kind.TEXT),
    Column("date", Kind.DATE),
    Column("problem", Kind.TEXT),
)


def in_xlsx(sheet: Timesheet, most_rows: int = MOST_ROWS, folder: Path | None = None) -> bytes:
    """The workbook.

    Args:
        sheet: What it says.
        most_rows: A table of more rows, its head included, goes on in a further sheet.
        folder: Where temporary files go; None: where the system has them.

    Raises:
        OutputError: The folder of temporary files takes no more.
    """
    content = io.BytesIO()
    parts = [part for title in _parts(sheet) for part in _split(*title, most_rows)]
    names = sheet_names([title for title, _ in parts])
    try:
        with tempfile.TemporaryDirectory(dir=folder) as own:
            options = {"constant_memory": True, "tmpdir": own, "strings_to_urls": False}
            book = Workbook(content, options)
            writer = _Writer(book, sheet.unit)
            for name, (_, table) in zip(names, parts, strict=True):
                writer.add(name, table)
            book.close()
    except OSError as error:
        raise OutputError(f"temporary files: {os_error_in_words(error)}") from None
    except XlsxWriterException:  # its words would quote names of files, or of people
        raise OutputError("the workbook cannot be written: it is too large") from None
    return content.getvalue()


def _parts(sheet: Timesheet) -> Iterator[tuple[str, Table]]:
    """The title and the table of each sheet; a workbook has at least one."""
    for part in sheet.by_project():
        yield part.days[0].project, part.table()
    yield "Totals", totals(sheet.days)
    if sheet.missing:
        rows = [(day.project_id, day.project, day.day, day.why) for day in sheet.missing]
        yield "Missing days", Table(_MISSING, rows)


def _split(title: str, table: Table, most_rows: int) -> Iterator[tuple[str, Table]]:
    step = most_rows - 1  # the head is in each
    for start in range(0, max(1, len(table.rows)), step):
        yield title, Table(table.columns, table.rows[start : start + step])


class _Writer:
    """Writes tables into a workbook.

    Attributes:
        unit: Of durations.
    """

    def __init__(self, book: Workbook, unit: str) -> None:
        self.unit = unit
        self._book = book
        self._head: Format = book.add_format({"bold": True, "bottom": 1})
        formats = {
            Kind.DATE: "yyyy-mm-dd",
            Kind.TIME: "hh:mm:ss",
            Kind.DURATION: _NUMBER_FORMATS[unit],
        }
        self._formats: dict[Kind, Format] = {
            kind: book.add_format({"num_format": text}) for kind, text in formats.items()
        }

    def add(self, name: str, table: Table) -> None:
        """Adds a sheet: a frozen head that filters, then the rows."""
        sheet: Worksheet = self._book.add_worksheet(name)
        columns = table.columns
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table.rows), len(columns) - 1)
        for number, column in enumerate(columns):
            width = max(_WIDTHS.get(column.kind, _WIDTH), len(column.name) + _HEAD_SPACE)
            sheet.set_column(number, number, width)
            self._text(sheet, 0, number, column.name, self._head)
        for line, row in enumerate(table.rows, start=1):
            self._row(sheet, line, columns, row)

    def _row(
        self, sheet: Worksheet, line: int, columns: Sequence[Column], row: Sequence[Cell]
    ) -> None:
        for number, (column, cell) in enumerate(zip(columns, row, strict=True)):
            form = self._formats.get(column.kind)
            if isinstance(cell, str):
                self._text(sheet, line, number, cell)
            elif isinstance(cell, int):
                value = self._in_unit(cell) if column.kind is Kind.DURATION else cell
                sheet.write_number(line, number, value, form)
            elif isinstance(cell, date | time):
                sheet.write_datetime(line, number, cell, form)

    @staticmethod
    def _text(
        sheet: Worksheet, line: int, number: int, text: str, form: Format | None = None
    ) -> None:
        sheet.write_string(line, number, one_line(text)[:_MOST_LETTERS], form)

    def _in_unit(self, seconds: int) -> float:
        """A number to calculate with: a duration of a spreadsheet is a share of a day."""
        if self.unit == SECONDS:
            return seconds
        return seconds / (3600 if self.unit == HOURS else _DAY_SECONDS)
