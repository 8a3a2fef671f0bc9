"""Sheets of translations as files: written as a workbook or CSV, and read back, every cell as text."""

import io
from pathlib import Path

import polars as pl

from wardkeeper.adapters.exports import to_csv, to_xlsx
from wardkeeper.adapters.files import read_bytes
from wardkeeper.adapters.spreadsheets import as_text, open_workbook, reading
from wardkeeper.kernel.errors import BadInput, UsageError, Where
from wardkeeper.sources.terms import Format

XLSX, CSV = ".xlsx", ".csv"
MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 100

ADVICE = "Export the sheet again, fill it and save it as .xlsx or as .csv (UTF-8)."


def write_translations(sheet: pl.DataFrame, path: Path) -> None:
    """Write a sheet by the file's ending. Raises UsageError for another ending, or a file that is there already."""
    if path.suffix.lower() not in {XLSX, CSV}:
        raise UsageError(f"A sheet can't be written as “{path.suffix}”.", "Give a name that ends in .xlsx or .csv.")
    if path.exists():
        raise UsageError(
            f"There is a file {path.name} already.", "Give another name, so that no translation is written over."
        )
    path.write_bytes(to_xlsx(sheet, sheet="Translations") if path.suffix.lower() == XLSX else to_csv(sheet))


def read_translations(path: Path) -> pl.DataFrame:
    """Read a sheet as text columns. Raises BadInput for another kind of file, NotFound when it is not there."""
    return parse_translations(read_bytes(path, largest=MOST_BYTES), path.name)


def parse_translations(content: bytes, name: str) -> pl.DataFrame:
    """Read a sheet that was sent, by the ending of its name. Raises BadInput for another kind of file."""
    match Path(name).suffix.lower():
        case ".xlsx":
            return _read_workbook(content, name)
        case ".csv":
            return _read_csv(content, name)
        case _:
            raise BadInput("This is neither a workbook nor CSV.", ADVICE, Where(file=name, rule="file"))


def _read_csv(content: bytes, name: str) -> pl.DataFrame:
    try:
        return _check(pl.read_csv(io.StringIO(content.decode("utf-8-sig")), infer_schema=False), name)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as problem:
        raise BadInput("The sheet can't be read as CSV in UTF-8.", ADVICE, Where(file=name, rule="file")) from problem


def _read_workbook(content: bytes, name: str) -> pl.DataFrame:
    try:
        with reading():
            workbook = open_workbook(content, Format.XLSX)
            grid = [[as_text(cell) for cell in row] for row in workbook.book.get_sheet_by_index(0).to_python()]
    except BadInput as problem:
        raise BadInput("The sheet can't be read as a workbook.", ADVICE, Where(file=name, rule="file")) from problem
    heading, *rows = grid or [[]]
    if not any(heading) or len(set(heading)) < len(heading):
        raise BadInput(
            "The first row of the sheet has no headings, or the same twice.", ADVICE, Where(file=name, row=1)
        )
    return _check(pl.DataFrame(rows, schema=dict.fromkeys(heading, pl.String), orient="row"), name)


def _check(sheet: pl.DataFrame, name: str) -> pl.DataFrame:
    if sheet.height > MOST_ROWS:
        raise BadInput(f"The sheet has more than {MOST_ROWS} rows.", ADVICE, Where(file=name, rule="file"))
    return sheet
