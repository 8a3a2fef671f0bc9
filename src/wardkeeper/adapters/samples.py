"""Samples of files that no contract is about yet: the kind told by the bytes, the first rows read as text."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import islice

import polars as pl

from wardkeeper.adapters.file_kinds import ADVICE, READ_AS, FileKind, find_kind
from wardkeeper.adapters.json_lines import as_text, list_names, read_objects
from wardkeeper.adapters.parquet_tables import read_sample as read_parquet_sample
from wardkeeper.adapters.spreadsheets import as_text as cell_as_text
from wardkeeper.adapters.spreadsheets import list_sheets, open_workbook, reading
from wardkeeper.adapters.zip_files import ENDINGS, unpack_one
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.headings import DEPTH
from wardkeeper.sources.samples import MOST_ROWS, Sample, find_top, name_columns
from wardkeeper.sources.terms import FileForm, Format, Packing

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "upright line"}

MOST_NESTED = 0.5
"""Share of filled values that may be lists or objects in a column that is drafted: the lines with them are held back."""

HEAD = 8 * 1024 * 1024
"""Bytes of a text file that its sample is taken from."""

Rows = Sequence[Sequence[str]]


def read_sample(content: bytes, *, heading: int = 0) -> Sample:
    """Read the first rows of a file. `heading` is a person's word for the heading's row, from 1; 0 is to find it.

    Raises BadInput for kinds that are not read, and where no row is sure to be a heading.
    """
    if not content or content.isspace():
        raise BadInput("The file is empty.", "Ask for it again.", Where(rule="empty-file"))
    kind = find_kind(content)
    if kind is FileKind.ZIP:
        return _read_packed(content, heading)
    form = READ_AS.get(kind) if kind else None
    if form is None:
        raise BadInput(
            f"The file is {kind}." if kind else "It is not known what the file is.",
            ADVICE[kind] if kind else "Check that it is the right file.",
            Where(rule="format"),
        )
    return SAMPLERS[form](content, form, heading)


def _read_packed(content: bytes, heading: int) -> Sample:
    """Read the sample of the one file in a ZIP, whatever kind it is of."""
    for form in ENDINGS:
        with suppress(BadInput):
            inside, said = unpack_one(content, form, "")
            found = read_sample(inside, heading=heading)
            packed = FileForm(
                found.form.format, found.form.columns, sheet=found.form.sheet, delimiter=found.form.delimiter,
                packed=Packing.ZIP,
            )  # fmt: skip
            return Sample(packed, found.frame, (*said, *found.assumed), found.problems)
    raise BadInput(
        "The ZIP does not hold exactly one file that can be read.", "Unpack it, and give the file itself.",
        Where(rule="which-file"),
    )  # fmt: skip


def _sample_text(content: bytes, form: Format, heading: int) -> Sample:
    text, encoding = _decode_head(content)
    delimiter, rows = _part(text)
    said = (f"the encoding is {encoding}", f"a {DELIMITERS[delimiter]} parts the cells")
    return _from_rows(rows, FileForm(form, (), delimiter=delimiter), said, heading)


def _decode_head(content: bytes) -> tuple[str, str]:
    head = content if len(content) <= HEAD else content[: content.rfind(b"\n", 0, HEAD) + 1]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return head.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return head.decode("cp1252", errors="replace"), "Windows-1252"


def _part(text: str) -> tuple[str, list[list[str]]]:
    """Part text into rows by the delimiter that gives most rows the same number of cells, above one."""
    tried = {delimiter: _read_rows(text, delimiter, DEPTH) for delimiter in DELIMITERS}
    best = max(tried, key=lambda delimiter: _evenness(tried[delimiter]))
    return best, _read_rows(text, best, MOST_ROWS + DEPTH)


def _read_rows(text: str, delimiter: str, most: int) -> list[list[str]]:
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), most))
    return rows


def _evenness(rows: Rows) -> tuple[int, int]:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, times = widths.most_common(1)[0] if widths else (0, 0)
    return times, width


def _sample_sheet(content: bytes, form: Format, heading: int) -> Sample:
    with reading():
        workbook = open_workbook(content, form)
        shown, hidden = list_sheets(workbook)
        names = shown or hidden
        grids = {
            name: [
                [cell_as_text(cell) for cell in row]
                for row in workbook.book.get_sheet_by_name(name).to_python(
                    skip_empty_area=False, nrows=MOST_ROWS + DEPTH
                )
            ]
            for name in names
        }
    filled = {name: grid for name, grid in grids.items() if grid}
    if not filled:
        raise BadInput("The spreadsheet has no sheet with cells.", "Ask for it again.", Where(rule="sheet"))
    name = max(filled, key=lambda sheet: _likely(filled[sheet], heading))
    one = len(names) == 1
    said = f"the sheet is {name}: {'there is no other' if one else f'of {len(names)} the most like a table'}"
    return _from_rows(filled[name], FileForm(form, (), sheet="" if one else name), (said,), heading)


def _likely(grid: Rows, heading: int) -> tuple[bool, int]:
    try:
        find_top(grid, heading)
    except BadInput:
        return False, len(grid)
    return True, len(grid)


def _from_rows(rows: Rows, form: FileForm, said: tuple[str, ...], heading: int) -> Sample:
    top = find_top(rows, heading)
    names, problems = name_columns(rows[top])
    below = [row for row in rows[top + 1 :] if any(cell.strip() for cell in row)][:MOST_ROWS]
    columns = {name: [row[place] if place < len(row) else "" for row in below] for name, place in names.items()}
    above = (f"{top} rows above the heading are titles" if top > 1 else "1 row above the heading is a title",)
    return _sample(pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)), form, (*said, *above[:top]), problems)


def _sample_objects(content: bytes, form: Format, _heading: int) -> Sample:
    objects = read_objects(content, MOST_ROWS)
    names = list_names(objects)
    nested = {name: sum(_is_nested(one.get(name)) for one in objects) for name in names}
    with_it = {name: sum(one.get(name) is not None for one in objects) for name in names}
    flat = [name for name in names if nested[name] <= MOST_NESTED * with_it[name]]
    columns = {name: ["" if _is_nested(one.get(name)) else as_text(one.get(name)) for one in objects] for name in flat}
    problems = tuple(_tell_nested(name, nested[name], kept=name in flat) for name in names if nested[name])
    return _sample(pl.DataFrame(columns, schema=dict.fromkeys(flat, pl.String)), FileForm(form, ()), (), problems)


def _is_nested(value: object) -> bool:
    return isinstance(value, list | dict)


def _tell_nested(name: str, times: int, *, kept: bool) -> str:
    if not kept:
        return f"{name} holds lists or objects: ask for it flat"
    lines = "1 line" if times == 1 else f"{times:,} lines"
    return f"{name} holds a list or an object in {lines}, which would be held back: ask for it flat"


def _sample_parquet(content: bytes, form: Format, _heading: int) -> Sample:
    return _sample(read_parquet_sample(content, MOST_ROWS), FileForm(form, ()), (), ())


def _sample(frame: pl.DataFrame, form: FileForm, said: tuple[str, ...], problems: tuple[str, ...]) -> Sample:
    if frame.is_empty():
        raise BadInput("The file has no rows.", "Give one with some.", Where(rule="empty-file"))
    columns = tuple(frame.columns)
    return Sample(FileForm(form.format, columns, sheet=form.sheet, delimiter=form.delimiter), frame, said, problems)


SAMPLERS: Mapping[Format, Callable[[bytes, Format, int], Sample]] = {
    Format.CSV: _sample_text,
    Format.XLSX: _sample_sheet,
    Format.XLS: _sample_sheet,
    Format.ODS: _sample_sheet,
    Format.JSON_LINES: _sample_objects,
    Format.PARQUET: _sample_parquet,
}
"""What takes a sample of each format."""
