"""Tables out of spreadsheets (.xlsx, .xls, .ods), through calamine: every cell as text, no formula worked out."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from wardkeeper.adapters.cells import number_rows, places, without_blanks
from wardkeeper.adapters.ods_extent import Block, read_ods_extent
from wardkeeper.adapters.sheet_extent import MOST_CELLS, check_extent, damaged
from wardkeeper.adapters.xls_extent import check_xls_extent
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.headings import describe, find_heading
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import FileForm, Format

DAY_ZERO = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
"""The day that a workbook counts from; the second where it says that it counts from 1904."""

FIRST_DAY, LAST_DAY = 61, 73_051
"""Counts of days read as dates, 1 March 1900 to 1 January 2100. Below, Excel's calendar has a day that never was."""

YEARS = range(1_800, 2_101)
"""Whole numbers that are a year rather than a count of days: left as they are."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """An open workbook. `merged` has the merged blocks of the sheets that calamine does not tell about."""

    book: CalamineWorkbook
    from_1904: bool = False
    merged: Mapping[str, Sequence[Block]] | None = None


def read_spreadsheet(content: bytes, form: FileForm) -> RawTable:
    """Read the sheet that holds the contract's columns. Raises BadInput, also where several sheets do."""
    with reading():
        workbook = open_workbook(content, form.format)
        sheet, chosen = _choose_sheet(workbook, form)
        raw: list[list[Any]] = [*sheet.to_python(skip_empty_area=False)]
        blocks = _merged_blocks(workbook, sheet)
    grid = [[as_text(cell) for cell in row] for row in raw]
    heading = find_heading(grid, form.columns)
    filled = _fill_merged((grid, raw), blocks, heading.row)
    below = slice(heading.row + 1, None)
    columns = {name: [row[place] for row in grid[below]] for place, name in places(heading, form)}
    dated: list[str] = []
    for place, name in places(heading, form):
        if name in form.dates:
            columns[name], found = _read_days([row[place] for row in raw[below]], columns[name], workbook.from_1904)
            dated += [f"{found} numbers in {name} were read as days that the spreadsheet counts"] * bool(found)
    cells = pl.DataFrame(columns, schema=dict.fromkeys(form.columns, pl.String))
    return without_blanks(cells, number_rows(cells, []), [], (chosen, *describe(heading), *filled, *dated))


def open_workbook(content: bytes, kind: Format) -> Workbook:
    """Open a workbook after checking how far it reaches. Raises BadInput, CalamineError."""
    merged, from_1904 = None, False
    match kind:
        case Format.XLS:
            from_1904 = check_xls_extent(content)
        case Format.ODS:
            merged = read_ods_extent(content)
        case _:
            from_1904 = check_extent(content)
    return Workbook(CalamineWorkbook.from_filelike(io.BytesIO(content)), from_1904, merged)


@contextmanager
def reading() -> Iterator[None]:
    """Tell every failure of the reader in the same words, its panics too: they are about the file."""
    try:
        yield
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise damaged() from error
    except BaseException as error:
        # A Rust panic is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged() from None


def list_sheets(workbook: Workbook) -> tuple[list[str], list[str]]:
    """Give the names of the sheets with cells: those that are shown, and those that are hidden."""
    pages = [one for one in workbook.book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
    shown = [one.name for one in pages if one.visible is SheetVisibleEnum.Visible]
    return shown, [one.name for one in pages if one.name not in shown]


def _choose_sheet(workbook: Workbook, form: FileForm) -> tuple[CalamineSheet, str]:
    """Choose the contract's sheet; without one, the only one whose heading fits. Says how it was chosen."""
    shown, hidden = list_sheets(workbook)
    if form.sheet:
        if form.sheet not in (*shown, *hidden):
            raise BadInput(
                f"The spreadsheet has no sheet {form.sheet}; it has {', '.join((*shown, *hidden)) or 'none'}.",
                "Correct the contract's sheet, or ask the owner what changed.",
                Where(rule="sheet"),
            )
        return workbook.book.get_sheet_by_name(form.sheet), f"the sheet is {form.sheet}: the contract says so"
    names = shown or hidden
    if not names:
        raise BadInput("The spreadsheet has no sheet with cells.", "Ask for it again.", Where(rule="sheet"))
    if len(names) == 1:
        return workbook.book.get_sheet_by_name(names[0]), f"the sheet is {names[0]}: there is no other"
    return _fitting_sheet(workbook, names, form)


def _fitting_sheet(workbook: Workbook, names: list[str], form: FileForm) -> tuple[CalamineSheet, str]:
    """Find the one sheet whose heading fits. Raises BadInput when several do; when none does, as for the first."""
    sheets = [workbook.book.get_sheet_by_name(name) for name in names]
    fitting = [sheet for sheet in sheets if _fits(sheet, form)]
    if len(fitting) > 1:
        raise BadInput(
            f"The sheets {' and '.join(sheet.name for sheet in fitting)} all have the promised columns.",
            "Write the one that is meant as sheet into the contract's [file].",
            Where(rule="sheet"),
        )
    if fitting:
        return fitting[0], f"the sheet is {fitting[0].name}: of {len(names)} sheets only its heading fits"
    return sheets[0], f"the sheet is {names[0]}: the first of {len(names)}"


def _fits(sheet: CalamineSheet, form: FileForm) -> bool:
    try:
        find_heading([[as_text(cell) for cell in row] for row in sheet.to_python(False, 30)], form.columns)
    except BadInput:
        return False
    return True


def as_text(cell: object) -> str:
    """Write a cell as text: dates as ISO, numbers as the spreadsheet shows them (15 digits, no ".0" on whole ones)."""
    match cell:
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer() and abs(cell) < 1e21:
            return str(int(cell))
        case float():
            return f"{cell:.15g}"
        case _:
            return str(cell)


def _read_days(raw: Sequence[object], written: list[str], from_1904: bool) -> tuple[list[str], int]:
    """Read bare numbers in a column of dates as the days they count; give the column and how many there were."""
    start = DAY_ZERO[from_1904]
    read = {
        place: (start + timedelta(days=int(cell))).isoformat()
        for place, cell in enumerate(raw)
        if isinstance(cell, int | float) and not isinstance(cell, bool) and _is_day(float(cell))
    }
    return [read.get(place, text) for place, text in enumerate(written)], len(read)


def _is_day(number: float) -> bool:
    return FIRST_DAY <= number <= LAST_DAY and number not in YEARS


def _merged_blocks(workbook: Workbook, sheet: CalamineSheet) -> Sequence[Block]:
    if workbook.merged is not None:
        return workbook.merged.get(sheet.name, ())
    return sheet.merged_cell_ranges or ()


def _fill_merged(tables: Sequence[list[list[Any]]], merged: Sequence[Block], heading: int) -> tuple[str, ...]:
    """Give each cell of a merged block below the heading the block's value; say how many blocks there were."""
    last_row, last_column = len(tables[0]) - 1, len(tables[0][0]) - 1
    inside = [
        (start, (min(end[0], last_row), min(end[1], last_column)))
        for start, end in merged
        if heading < start[0] <= last_row and start[1] <= last_column
    ]
    if sum((bottom + 1 - top) * (right + 1 - left) for (top, left), (bottom, right) in inside) > MOST_CELLS:
        raise BadInput("The sheet's merged blocks lie over each other.", "Unmerge them.", Where(rule="merged"))
    for (top, left), (bottom, right) in inside:
        for table in tables:
            for row in table[top : bottom + 1]:
                row[left : right + 1] = [table[top][left]] * (right + 1 - left)
    return (f"{len(inside)} merged blocks were filled with their value",) if inside else ()
