"""Tables out of received bytes: CSV through Arrow, spreadsheets through calamine. Every cell is text; nothing is guessed.

Formulas are never worked out: a text cell that begins with "=" stays that text.
"""

import csv
import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from itertools import islice

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from wardkeeper.adapters.sheet_extent import MOST_CELLS, check_extent
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.decoding import decode
from wardkeeper.sources.headings import DEPTH, Heading, describe, find_heading
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.tables import RawTable, RowFault
from wardkeeper.sources.terms import FileForm, Format

LARGEST_UNPACKED = 1024 * 1024 * 1024
"""Bytes a spreadsheet may unpack to."""

LARGEST_RATIO = 200
"""How many times larger than its packed size; real workbooks stay under 30."""

SMALL_UNPACKED = 16 * 1024 * 1024
"""Below this the ratio doesn't matter: a small sheet of equal cells packs very well."""

LONGEST_CELL = 32_767
"""Characters a cell of a spreadsheet can hold: what is longer could not be given back to be put right."""

LARGEST_BLOCK = 1 << 30
"""Arrow reads in blocks, and numbers faulty rows rightly only within one: so one block holds any file allowed."""


def read_table(content: bytes, form: FileForm) -> RawTable:
    """Read a received file as text cells under the contract's columns.

    Raises BadInput for an empty file, wrong columns, half a file, a wrong format or an unsafe one.
    """
    if not content:
        raise BadInput("The file is empty.", "Ask for it again.", Where(rule="empty-file"))
    return _read_csv(content, form) if form.format is Format.CSV else _read_xlsx(content, form)


def _read_csv(content: bytes, form: FileForm) -> RawTable:
    decoded = decode(content, form.encoding)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count('"') % 2:
        raise _half("A quotation mark is opened and never closed, so the file stops in the middle of a row.")
    heading, body = _split_heading(text, form)
    cells, faults = _parse_rows(body, heading, form)
    _check_last_row(cells, faults, body)
    return _without_blanks(cells, _number_rows(cells, faults), faults, (*decoded.assumed, *describe(heading)))


def _check_last_row(cells: pl.DataFrame, faults: list[RowFault], body: str) -> None:
    """Refuse a file whose last row is short and has no line end: all that should follow is missing too."""
    last = faults[-1] if faults else None
    if last is None or last.row != cells.height + len(faults) or body.endswith("\n"):
        return
    if last.rule is Rule.TOO_FEW_CELLS:
        raise _half(f"The file stops in the middle of row {last.row}.")


def _half(message: str) -> BadInput:
    return BadInput(message, "Nothing was loaded. Ask for the file again, whole.", Where(rule="half-a-file"))


def _split_heading(text: str, form: FileForm) -> tuple[Heading, str]:
    """Find the heading, and give the text below it."""
    reader = csv.reader(io.StringIO(text), delimiter=form.delimiter)
    ends: list[int] = []
    rows: list[list[str]] = []
    # A cell too long for this reader ends the search for the heading; reading the rows is Arrow's work.
    with suppress(csv.Error):
        for row in islice(reader, DEPTH):
            rows.append(row)
            ends.append(reader.line_num)
    heading = find_heading(rows, form.columns)
    below = text.split("\n", ends[heading.row])
    return heading, below[-1] if len(below) > ends[heading.row] else ""


def _parse_rows(body: str, heading: Heading, form: FileForm) -> tuple[pl.DataFrame, list[RowFault]]:
    """Part the rows into cells; rows with too few or too many are given apart, with their number."""
    faults: list[RowFault] = []

    def keep(row: arrow_csv.InvalidRow) -> str:
        few = row.actual_columns < row.expected_columns
        faults.append(RowFault(row.number, Rule.TOO_FEW_CELLS if few else Rule.TOO_MANY_CELLS, row.text))
        return "skip"

    names = [f"{place}" for place in range(heading.width)]
    if not body.strip():
        return pl.DataFrame(schema=dict.fromkeys(form.columns, pl.String)), faults
    cells = arrow_csv.read_csv(
        io.BytesIO(body.encode()),
        # One thread: only then does Arrow know the number of a faulty row.
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=LARGEST_BLOCK),
        parse_options=arrow_csv.ParseOptions(
            delimiter=form.delimiter, newlines_in_values=True, invalid_row_handler=keep
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    frame = pl.DataFrame(pl.from_arrow(cells))
    return frame.select(pl.col(names[place]).alias(name) for place, name in _places(heading, form)), faults


def _places(heading: Heading, form: FileForm) -> list[tuple[int, str]]:
    return list(zip(heading.places, form.columns, strict=True))


def _number_rows(cells: pl.DataFrame, faults: list[RowFault]) -> pl.Series:
    """Number the rows as they stand in the file: the faulty ones keep their numbers."""
    numbers = pl.int_range(1, cells.height + len(faults) + 1, eager=True).alias("row")
    return numbers.filter(~numbers.is_in([fault.row for fault in faults]))


def _without_blanks(cells: pl.DataFrame, rows: pl.Series, faults: list[RowFault], assumed: tuple[str, ...]) -> RawTable:
    """Leave out rows with nothing in any cell, and say how many."""
    _check_lengths(cells, rows, faults)
    filled = cells.select(pl.any_horizontal(pl.all().str.strip_chars() != "")).to_series()
    blank = cells.height - int(filled.sum())
    said = (*assumed, f"{blank} blank rows were not counted") if blank else assumed
    return RawTable(cells.filter(filled), rows.filter(filled), tuple(faults), said)


def _check_lengths(cells: pl.DataFrame, rows: pl.Series, faults: list[RowFault]) -> None:
    """Refuse a cell that no spreadsheet could hold: mostly a quotation mark is missing, and it swallowed many rows."""
    long = cells.select(pl.any_horizontal(pl.all().str.len_chars() > LONGEST_CELL)).to_series()
    found = [*rows.filter(long).head(1), *(fault.row for fault in faults if len(fault.content) > LONGEST_CELL)]
    if found:
        raise BadInput(
            f"The file has a cell of more than {LONGEST_CELL:,} characters.",
            "Look for a quotation mark that is missing, and send the file again.",
            Where(row=min(found), rule="long-cell"),
        )


def _read_xlsx(content: bytes, form: FileForm) -> RawTable:
    check_unpacked_size(content)
    check_extent(content)
    sheet = _open_sheet(content, form)
    grid = [[_as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    heading = find_heading(grid, form.columns)
    filled = _fill_merged(grid, sheet, heading.row)
    below = grid[heading.row + 1 :]
    columns = {name: [row[place] for row in below] for place, name in _places(heading, form)}
    cells = pl.DataFrame(columns, schema=dict.fromkeys(form.columns, pl.String))
    said = (f"the sheet is {sheet.name}", *describe(heading), *filled)
    return _without_blanks(cells, _number_rows(cells, []), [], said)


def check_unpacked_size(content: bytes) -> None:
    """Refuse a spreadsheet that would unpack to far more than it seems: a slip or an attack, and memory either way."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise BadInput(
            "The file is not a spreadsheet, or it is cut off.",
            "Ask for it again as .xlsx, or change the contract's format.",
            Where(rule="format"),
        ) from error
    if unpacked > LARGEST_UNPACKED or unpacked > max(LARGEST_RATIO * len(content), SMALL_UNPACKED):
        raise BadInput(
            "The spreadsheet unpacks to far more than its size.",
            "Check where it comes from.",
            Where(rule="unpacked-size"),
        )


def _open_sheet(content: bytes, form: FileForm) -> CalamineSheet:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names
        if form.sheet and form.sheet not in names:
            raise BadInput(
                f"The spreadsheet has no sheet {form.sheet}; it has {', '.join(names)}.",
                "Correct the contract's sheet, or ask the owner what changed.",
                Where(rule="sheet"),
            )
        return workbook.get_sheet_by_name(form.sheet or names[0])
    except CalamineError as error:
        raise BadInput(
            "The spreadsheet cannot be read; it may be damaged or have a password.",
            "Ask for it again, without a password.",
            Where(rule="format"),
        ) from error


def _as_text(cell: object) -> str:
    """Write a cell as text: dates as ISO, whole numbers without the ".0" that spreadsheets give them."""
    match cell:
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def _fill_merged(grid: list[list[str]], sheet: CalamineSheet, heading: int) -> tuple[str, ...]:
    """Give each cell of a merged block below the heading the block's value; say how many blocks there were."""
    blocks = [block for block in sheet.merged_cell_ranges or () if block[0][0] > heading]
    reached = len(grid) - 1, len(grid[0]) - 1
    inside = [(start, (min(end[0], reached[0]), min(end[1], reached[1]))) for start, end in blocks]
    if sum(max(0, bottom + 1 - top) * max(0, right + 1 - left) for (top, left), (bottom, right) in inside) > MOST_CELLS:
        raise BadInput("The sheet's merged blocks lie over each other.", "Unmerge them.", Where(rule="merged"))
    for (top, left), (bottom, right) in inside:
        for row in grid[top : bottom + 1]:
            row[left : right + 1] = [grid[top][left]] * max(0, right + 1 - left)
    return (f"{len(blocks)} merged blocks were filled with their value",) if blocks else ()
