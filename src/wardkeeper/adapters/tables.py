"""Tables out of received bytes, by the contract's format. Every cell is text; nothing is guessed."""

import csv
import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import islice

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from wardkeeper.adapters.cells import number_rows, places, without_blanks
from wardkeeper.adapters.file_kinds import check_kind
from wardkeeper.adapters.json_lines import read_json_lines
from wardkeeper.adapters.parquet_tables import read_parquet_table
from wardkeeper.adapters.spreadsheets import read_spreadsheet
from wardkeeper.adapters.zip_files import unpack_one
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.decoding import decode
from wardkeeper.sources.headings import DEPTH, Heading, describe, find_heading
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.tables import RawTable, RowFault
from wardkeeper.sources.terms import FileForm, Format

LARGEST_BLOCK = 1 << 30
"""Arrow reads in blocks, and numbers faulty rows rightly only within one: so one block holds any file allowed."""


def read_table(content: bytes, form: FileForm) -> RawTable:
    """Read a received file as text cells under the contract's columns.

    Raises BadInput for an empty file, wrong columns, half a file, a wrong format or an unsafe one.
    """
    if not content:
        raise BadInput("The file is empty.", "Ask for it again.", Where(rule="empty-file"))
    said: tuple[str, ...] = ()
    if form.packed:
        content, said = unpack_one(content, form.format, form.inside)
    check_kind(content, form)
    raw = READERS[form.format](content, form)
    return replace(raw, assumed=(*said, *raw.assumed)) if said else raw


def _read_csv(content: bytes, form: FileForm) -> RawTable:
    decoded = decode(content, form.encoding)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count('"') % 2:
        raise _half("A quotation mark is opened and never closed, so the file stops in the middle of a row.")
    heading, body = _split_heading(text, form)
    cells, faults = _parse_rows(body, heading, form)
    _check_last_row(cells, faults, body)
    return without_blanks(cells, number_rows(cells, faults), faults, (*decoded.assumed, *describe(heading)))


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
    return frame.select(pl.col(names[place]).alias(name) for place, name in places(heading, form)), faults


READERS: Mapping[Format, Callable[[bytes, FileForm], RawTable]] = {
    Format.CSV: _read_csv,
    Format.XLSX: read_spreadsheet,
    Format.XLS: read_spreadsheet,
    Format.ODS: read_spreadsheet,
    Format.JSON_LINES: read_json_lines,
    Format.PARQUET: read_parquet_table,
}
"""What reads each format."""
