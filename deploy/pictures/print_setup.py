"""How a workbook is printed: the first days of a sheet, as wide as the page.

The cells and the widths of the columns stay what they are.
"""

import sys
from pathlib import Path

import openpyxl
from openpyxl.worksheet.properties import PageSetupProperties

# Two people's week. The columns of the project's id and name are left out.
_AREA = "C1:{column}15"
_MARGIN_INCHES = 0.1


def set_up(source: Path, target: Path) -> None:
    """Writes a copy of a workbook that prints the beginning of its first sheet."""
    book = openpyxl.load_workbook(source)
    for other in book.worksheets[1:]:
        book.remove(other)
    sheet = book.worksheets[0]
    sheet.print_area = _AREA.format(column=sheet.cell(1, sheet.max_column).column_letter)
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.print_options.gridLines = sheet.print_options.headings = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = _MARGIN_INCHES
    margins.header = margins.footer = 0
    book.save(target)


if __name__ == "__main__":
    set_up(Path(sys.argv[1]), Path(sys.argv[2]))
