"""Reading columns of tables that have no contract, CSV or Parquet, for measurements. Only the columns asked for are kept."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from wardkeeper.adapters.file_kinds import PARQUET_MAGIC
from wardkeeper.kernel.errors import BadInput, NotFound, Where

DELIMITERS = ",;\t|"
BYTE_ORDER_MARK = "\ufeff"


def read_headings(path: Path) -> list[str]:
    """Give a table's headings, without the blanks around them. Raises NotFound, and BadInput for what is no table."""
    _check(path)
    try:
        names = pl.read_parquet_schema(path) if _is_parquet(path) else _csv_headings(path)
    except (pl.exceptions.PolarsError, csv.Error, OSError) as problem:
        raise _unreadable(path) from problem
    headings = [name.strip() for name in names]
    _check_headings(path, headings)
    return headings


def read_columns(path: Path, headings: Sequence[str]) -> pl.DataFrame:
    """Read the named columns as text, rows in the file's order; a blank cell of a CSV is null. Raises as `read_headings`."""
    known = read_headings(path)
    places = [known.index(heading) for heading in headings]
    try:
        frame = _read_parquet(path, places) if _is_parquet(path) else _read_csv(path, places)
    except (pl.exceptions.PolarsError, UnicodeDecodeError, OSError) as problem:
        raise _unreadable(path) from problem
    if frame.is_empty():
        raise BadInput("The file has no rows.", "Ask for it again.", Where(file=path.name, rule="empty-file"))
    return frame.rename(dict(zip(frame.columns, headings, strict=True)))


def _check(path: Path) -> None:
    where = Where(file=path.name, rule="file")
    if not path.is_file():
        message = "This is not a file." if path.exists() else "There is no such file."
        raise NotFound(message, "Check the name and the folder.", where)
    if not path.stat().st_size:
        raise BadInput("The file is empty.", "Ask for it again.", where)


def _check_headings(path: Path, headings: list[str]) -> None:
    if any("\0" in heading for heading in headings) or not any(headings):
        raise _unreadable(path)
    twice = next((heading for heading in headings if heading and headings.count(heading) > 1), None)
    if twice:
        where = Where(file=path.name, column=twice, rule="heading")
        raise BadInput("Two columns have this heading.", "Give each column a heading of its own.", where)


def _unreadable(path: Path) -> BadInput:
    return BadInput(
        "The file cannot be read as a table.", "Send it as CSV or as Parquet.", Where(file=path.name, rule="format")
    )


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC


def _read_parquet(path: Path, places: Sequence[int]) -> pl.DataFrame:
    schema = pl.read_parquet_schema(path)
    names = [list(schema)[place] for place in places]
    return pl.read_parquet(path, columns=names).select(_as_text(name, schema[name]) for name in names)


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    """Write numbers that are whole without the ".0" of a column with gaps, and a day without its midnight."""
    column = pl.col(name)
    if kind.is_float():
        whole = (column == column.round()).fill_null(value=True).all()
        return (
            pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(column.cast(pl.String))
        )
    if isinstance(kind, pl.Datetime):
        return column.dt.date().cast(pl.String)
    return column.cast(pl.String)


def _csv_headings(path: Path) -> list[str]:
    line = _first_line(path)
    return next(csv.reader(io.StringIO(line), delimiter=_delimiter(line), skipinitialspace=True), [])


def _first_line(path: Path) -> str:
    """Read the heading's line, or lines where a heading in quotes goes on over several."""
    with path.open("rb") as file:
        line = file.readline()
        while line.count(b'"') % 2 and (more := file.readline()):
            line += more
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _delimiter(line: str) -> str:
    return max(DELIMITERS, key=line.count)


def _read_csv(path: Path, places: Sequence[int]) -> pl.DataFrame:
    """Read the columns at these places: in UTF-8, else in cp1252, the two that councils' files come in."""
    try:
        frame = _parse_csv(path, places, "utf8")
    except pl.exceptions.ComputeError:
        frame = _parse_csv(path, places, "cp1252")
    cell = pl.all().str.strip_chars()
    return frame.select(pl.when(cell != "").then(cell))


def _parse_csv(path: Path, places: Sequence[int], encoding: str) -> pl.DataFrame:
    line = _first_line(path)
    # Every column is read, though few are wanted: only then is a row with too many cells noticed.
    frame = pl.read_csv(path, infer_schema=False, separator=_delimiter(line), encoding=encoding)
    return frame.select(frame.columns[place] for place in places)
