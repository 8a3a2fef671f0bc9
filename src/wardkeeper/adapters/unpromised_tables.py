"""Tables whose columns no contract promises: encoding, delimiter, heading and sheet are told from the file itself.

Every cell is text. What was taken for granted is said; what can't be told is refused.
"""

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import polars as pl

from wardkeeper.adapters.compound_files import MAGIC as COMPOUND
from wardkeeper.adapters.delimited_files import DELIMITERS
from wardkeeper.adapters.file_kinds import READ_AS, ZIPPED, FileKind, find_kind
from wardkeeper.adapters.spreadsheets import as_text, list_sheets, open_workbook, reading
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.naming import name_some
from wardkeeper.sources.decoding import decode_blocks, find_encoding, say_assumed
from wardkeeper.sources.headings import DEPTH

SHEETS = (FileKind.XLSX, FileKind.XLS, FileKind.ODS)
LEAST_COLUMNS = 3
"""A sheet with fewer columns is a cover or notes."""

SEND = "Send it as CSV, as a spreadsheet (.xlsx) or as Parquet."


@dataclass(frozen=True, slots=True, eq=False)
class FoundTable:
    """Text columns under the file's own headings, empty cells null; and what was assumed while reading them."""

    frame: pl.DataFrame
    said: tuple[str, ...] = ()


def read_unpromised(content: bytes, name: str) -> FoundTable:
    """Read delimited text, a spreadsheet or Parquet, told apart by what is in it. Raises BadInput."""
    where = Where(file=name)
    if not content:
        raise BadInput("The file is empty.", "Ask for it again.", where)
    kind = find_kind(content)
    try:
        if kind is FileKind.PARQUET:
            return FoundTable(pl.read_parquet(io.BytesIO(content)).cast(pl.String))
        if kind in SHEETS:
            return _read_sheet(content, kind, where)
        if kind is not None and kind is not FileKind.TEXT:
            raise BadInput(f"The file is {kind}.", SEND, where)
        if content.startswith((ZIPPED, COMPOUND)):
            raise BadInput("The file is damaged, or no table.", SEND, where)
        return _read_text(content, where)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as problem:
        message = "The file cannot be read as a table."
        raise BadInput(message, f"Check that each row has as many cells as the heading. {SEND}", where) from problem


def _read_text(content: bytes, where: Where) -> FoundTable:
    encoding = find_encoding(content)
    blocks = list(decode_blocks(content, encoding))
    text = b"".join(block.text for block in blocks)
    lines = text[: 1024 * 1024].decode("utf-8", errors="replace").split("\n")[:DEPTH]
    delimiter = max(DELIMITERS, key=lambda mark: max(_filled(_part(line, mark)) for line in lines))
    rows = [_part(line, delimiter) for line in lines]
    titles = _find_heading(rows)
    _check_named_once(rows[titles], where)
    _check_whole(text, delimiter, len(rows[titles]), where)
    body = text[sum(len(line.encode()) + 1 for line in lines[:titles]) :]
    frame = pl.read_csv(io.BytesIO(body), infer_schema=False, separator=delimiter)
    marks = (f"cells are parted by {DELIMITERS[delimiter]}",) if delimiter != "," else ()
    odd = say_assumed(encoding, sum(block.strange for block in blocks))
    # UTF-8 is what everybody takes for granted; what was left out of it is not.
    odd = odd[1:] if encoding.codec == "utf-8" else odd
    return FoundTable(_without_tail(_without_empty(frame)), _sentences(*odd, *marks, *_say_titles(titles)))


def _part(line: str, delimiter: str) -> list[str]:
    with suppress(csv.Error):
        return next(csv.reader([line], delimiter=delimiter), [])
    return []


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _find_heading(rows: Sequence[Sequence[str]]) -> int:
    """Find the first row as full as any, but for a nameless column of row numbers: titles stand in a cell or two."""
    filled = [_filled(row) for row in rows]
    most = max(filled, default=0)
    return next((at for at, count in enumerate(filled) if count >= max(2, most - 1)), 0)


def _say_titles(rows: int) -> tuple[str, ...]:
    return (
        f"{rows} rows above the heading were titles" if rows > 1 else "1 row above the heading was a title",
    ) * bool(rows)


def _sentences(*said: str) -> tuple[str, ...]:
    return tuple(f"{text[:1].upper()}{text[1:]}." for text in said)


def _check_whole(text: bytes, delimiter: str, width: int, where: Where) -> None:
    """Refuse a file that ends within a row, as one does whose sending was cut short."""
    last = text[text.rfind(b"\n") + 1 :]
    if last.strip() and b'"' not in last and last.count(delimiter.encode()) + 1 < width:
        raise BadInput("The file ends within a row: part of it is missing.", "Ask for it again.", where)


def _without_empty(frame: pl.DataFrame) -> pl.DataFrame:
    """Take off columns without heading and cells, as a delimiter at the end of each line makes them."""
    nameless = [name for name in frame.columns if not name.strip() or name.startswith("_duplicated")]
    return frame.drop([name for name in nameless if frame[name].null_count() == frame.height])


def _without_tail(frame: pl.DataFrame) -> pl.DataFrame:
    """Take off the empty lines at the end. Those between others stay, so that rows keep their numbers."""
    filled = frame.select(pl.any_horizontal(pl.all().str.strip_chars().fill_null("") != "")).to_series().arg_true()
    return frame.head(int(filled[-1]) + 1 if len(filled) else 0)


def _check_named_once(heading: Sequence[str], where: Where) -> None:
    """Refuse a heading that is there twice, by its places: where there is no heading, a case stands in the first row."""
    again = next((one for one in heading if one.strip() and heading.count(one) > 1), None)
    if again:
        first, second = [at for at, one in enumerate(heading, start=1) if one == again][:2]
        message = f"Columns {first} and {second} have the same name."
        raise BadInput(message, "Rename or remove one; if the file has no headings, add them.", where)


def _read_sheet(content: bytes, kind: FileKind, where: Where) -> FoundTable:
    """Read the one sheet that shows a table. Raises BadInput where several do, or none."""
    with reading():
        workbook = open_workbook(content, READ_AS[kind])
        shown, _ = list_sheets(workbook)
        grids = {
            name: [[as_text(cell) for cell in row] for row in workbook.book.get_sheet_by_name(name).to_python()]
            for name in shown
        }
    tables = {name: grid for name, grid in grids.items() if max(map(_filled, grid), default=0) >= LEAST_COLUMNS}
    if len(tables) != 1:
        raise BadInput(
            f"The spreadsheet has {len(tables)} sheets that may be the table: {name_some(list(tables))}."
            if tables
            else "The spreadsheet has no sheet with a table.",
            "Save the sheet that is meant as a file of its own, as CSV or .xlsx.",
            where,
        )
    ((name, grid),) = tables.items()
    titles = _find_heading(grid[:DEPTH])
    heading, rows = grid[titles], [row for row in grid[titles + 1 :] if _filled(row)]
    _check_named_once(heading, where)
    columns = [(at, one) for at, one in enumerate(heading) if one.strip()]
    frame = pl.DataFrame(
        {one: [row[at] or None for row in rows] for at, one in columns},
        schema=dict.fromkeys((one for _, one in columns), pl.String),
    )
    nameless = [at for at, one in enumerate(heading) if not one.strip() and any(row[at].strip() for row in rows)]
    said = (
        *((f"the sheet is {name}, the only one of {len(grids)} with a table",) if len(grids) > 1 else ()),
        *_say_titles(titles),
        *((f"columns without a heading were not read: {len(nameless)}",) if nameless else ()),
    )
    return FoundTable(frame, _sentences(*said))
