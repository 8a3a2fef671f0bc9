"""Tables out of delimited text (CSV, TSV and their like): any delimiter, any encoding, damaged rows apart.

Text goes through in blocks of whole rows, so that a file is never in memory twice; each block's sound rows are parted into
cells by Arrow. Rows that cannot be parted are given with their number and why.
"""

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from wardkeeper.adapters.cells import LONGEST_CELL
from wardkeeper.adapters.row_ends import Rows, State, find_rows
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.decoding import Encoding, decode_blocks, find_encoding, say_assumed
from wardkeeper.sources.headings import DEPTH, Heading, count_promised, describe, find_heading
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.tables import RawTable, RowFault
from wardkeeper.sources.terms import FileForm
from wardkeeper.sources.trailers import is_total

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", "^": "circumflexes", "~": "tildes"}
"""Delimiters looked for, with the word for each."""

RULES = {
    State.FEW: Rule.TOO_FEW_CELLS,
    State.MANY: Rule.TOO_MANY_CELLS,
    State.DAMAGED: Rule.STRAY_QUOTE,
}

HEAD = 1024 * 1024
"""Bytes of text that hold the heading and what stands above it."""

ARROW_BLOCK = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Layout:
    """How the text is laid out: its delimiter, its heading, and how many bytes of text stand above the first row."""

    delimiter: str
    heading: Heading
    above: int
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One block's sound rows and their numbers in the file, and its other rows."""

    cells: pl.DataFrame
    rows: pl.Series
    faults: list[RowFault]
    blanks: int
    parted: int
    unclosed: int
    ended: bool
    strange: int


def read_delimited(content: bytes, form: FileForm) -> RawTable:
    """Read delimited text as text cells under the contract's columns.

    Raises BadInput for a file that is empty, no text, without the promised columns, or only half there.
    """
    encoding = find_encoding(content, form.encoding)
    layout = find_layout(_read_head(content, encoding), form)
    parts = list(_read_parts(content, encoding, layout, form))
    # In one piece: what works on whole columns would put the pieces together again and again.
    cells = pl.concat([part.cells for part in parts], rechunk=True)
    rows = pl.concat([part.rows for part in parts], rechunk=True)
    faults = [fault for part in parts for fault in part.faults]
    _check_whole(parts, faults)
    cells, rows, faults, totals = _take_off_totals(cells, rows, faults)
    filled = cells.select(pl.any_horizontal(pl.all().str.contains(r"\S"))).to_series()
    blank = sum(part.blanks for part in parts) + cells.height - int(filled.sum())
    said = (
        *say_assumed(encoding, sum(part.strange for part in parts)),
        *layout.assumed,
        *describe(layout.heading),
        *([f"{blank} blank rows were not counted"] if blank else []),
        *totals,
    )
    whole = filled.all()
    return RawTable(
        cells if whole else cells.filter(filled),
        rows if whole else rows.filter(filled),
        tuple(faults),
        said,
        parted_by=layout.delimiter if layout.delimiter != form.delimiter else "",
    )


def find_layout(head: bytes, form: FileForm) -> Layout:
    """Find the heading, with the contract's delimiter or, where that does not part it, with another. Raises BadInput."""
    lines = head.decode("utf-8", errors="replace").split("\n")
    tried = {mark: _rows_from_each_line(lines, mark) for mark in (form.delimiter, *DELIMITERS)}
    promised = {mark: count_promised([row for row, _ in rows], form.columns) for mark, rows in tried.items()}
    best = max(promised, key=lambda mark: (promised[mark], mark == form.delimiter))
    # Another delimiter than agreed is taken only when it gives every promised column: then nothing is guessed.
    delimiter = best if promised[best] == len(form.columns) else form.delimiter
    rows = tried[delimiter]
    heading = find_heading([row for row, _ in rows], form.columns)
    above = heading.row + rows[heading.row][1]
    said = () if delimiter == form.delimiter else (f"cells are parted by {DELIMITERS[delimiter]}: so is the heading",)
    return Layout(delimiter, heading, sum(len(line.encode()) + 1 for line in lines[:above]), said)


def _rows_from_each_line(lines: Sequence[str], delimiter: str) -> list[tuple[list[str], int]]:
    """Read a row from each of the first lines on, with the number of lines it takes: a title's marks spoil nothing."""
    found: list[tuple[list[str], int]] = []
    for line in range(min(DEPTH, len(lines))):
        reader = csv.reader(islice((f"{text}\n" for text in lines[line:]), DEPTH), delimiter=delimiter)
        row: list[str] = []
        # A cell too long for this reader is no heading.
        with suppress(csv.Error, StopIteration):
            row = next(reader)
        found.append((row, max(reader.line_num, 1)))
    return found


def _read_head(content: bytes, encoding: Encoding) -> bytes:
    """Read the first lines: the heading is among them."""
    block = next(decode_blocks(content[: HEAD * 2], encoding), None)
    return block.text if block else b""


def _read_parts(content: bytes, encoding: Encoding, layout: Layout, form: FileForm) -> Iterator[_Part]:
    """Read block after block; what is left of one, the beginning of a row, goes before the next."""
    skip, row, kept, strange = layout.above, 0, b"", 0
    blocks = decode_blocks(content, encoding)
    block = next(blocks, None)
    while block is not None:
        following = next(blocks, None)
        cut = min(skip, len(block.text))
        skip -= cut
        text = kept + block.text[cut:] if kept or cut else block.text
        strange = block.strange
        block = following
        if not text:
            continue
        found = find_rows(text, layout.delimiter, layout.heading.width, last=block is None)
        yield _part_cells(text, found, layout, form, row, strange)
        row += len(found.ends)
        kept = text[found.used :]
    if not row:
        yield _Part(_no_cells(form), pl.Series("row", [], pl.Int64), [], 0, 0, -1, True, 0)


def _no_cells(form: FileForm) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(form.columns, pl.String))


def _part_cells(text: bytes, found: Rows, layout: Layout, form: FileForm, before: int, strange: int) -> _Part:
    """Part a block's sound rows into cells. `before` is the number of rows above it."""
    starts = np.concatenate([[0], found.ends[:-1]])
    long = found.ends - starts > LONGEST_CELL
    cells = _parse(_join_whole(text, starts, found), layout, form, spread=found.spread)
    rows = pl.Series("row", np.flatnonzero(found.states == State.WHOLE) + 1 + before)
    odd = np.flatnonzero((found.states != State.WHOLE) & (found.states != State.BLANK))
    faults = [
        RowFault(int(at) + 1 + before, RULES[State(found.states[at])], _read_row(text, starts[at], found.ends[at]))
        for at in odd
    ]
    if long.any():
        cells, rows, more = _take_off_long(cells, rows, (text, starts, found.ends, before))
        faults = sorted([*faults, *more], key=lambda fault: fault.row)
    return _Part(
        cells=cells,
        rows=rows,
        faults=faults,
        blanks=int((found.states == State.BLANK).sum()),
        parted=before + len(found.ends),
        unclosed=before + found.unclosed + 1 if found.unclosed >= 0 else -1,
        ended=text.endswith(b"\n"),
        strange=strange,
    )


def _read_row(text: bytes, start: int, end: int) -> str:
    """Give a row as it came; of a monstrous one the beginning."""
    return text[start : min(end, start + LONGEST_CELL)].decode("utf-8", errors="ignore").removesuffix("\n")


def _join_whole(text: bytes, starts: np.ndarray, found: Rows) -> bytes:
    """Give the text of the sound rows alone."""
    whole = found.states == State.WHOLE
    if whole.all():
        return text[: found.used] if found.used < len(text) else text
    turns = np.flatnonzero(np.diff(np.concatenate([[False], whole, [False]]).astype(np.int8)))
    return b"".join(
        text[starts[first] : found.ends[behind - 1]] for first, behind in zip(turns[::2], turns[1::2], strict=True)
    )


def _parse(text: bytes, layout: Layout, form: FileForm, *, spread: bool) -> pl.DataFrame:
    """Part text of sound rows into cells."""
    if not text:
        return _no_cells(form)
    names = [f"{place}" for place in range(layout.heading.width)]
    wanted = [names[place] for place in layout.heading.places]
    table = arrow_csv.read_csv(
        pa.BufferReader(text),
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=len(text) + 1 if spread else ARROW_BLOCK),
        parse_options=arrow_csv.ParseOptions(
            delimiter=layout.delimiter, newlines_in_values=spread, ignore_empty_lines=False
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(wanted, pa.string()), include_columns=wanted, strings_can_be_null=False
        ),
    )
    frame = pl.DataFrame(pl.from_arrow(table))
    return frame.select(pl.col(name).alias(column) for name, column in zip(wanted, form.columns, strict=True))


def _take_off_long(
    cells: pl.DataFrame, rows: pl.Series, block: tuple[bytes, np.ndarray, np.ndarray, int]
) -> tuple[pl.DataFrame, pl.Series, list[RowFault]]:
    """Take off rows with a cell that no spreadsheet could hold: what could not be given back cannot be put right."""
    text, starts, ends, before = block
    monstrous = cells.select(pl.any_horizontal(pl.all().str.len_chars() > LONGEST_CELL)).to_series()
    faults = [
        RowFault(row, Rule.LONG_CELL, _read_row(text, starts[row - before - 1], ends[row - before - 1]))
        for row in rows.filter(monstrous)
    ]
    return cells.filter(~monstrous), rows.filter(~monstrous), faults


def _check_whole(parts: Sequence[_Part], faults: Sequence[RowFault]) -> None:
    """Refuse a file that stops in the middle of a row: all that should follow is missing too."""
    end = parts[-1]
    unclosed = next((part.unclosed for part in parts if part.unclosed >= 0), -1)
    torn = unclosed >= 0 and (unclosed == end.parted or any(fault.row > unclosed for fault in faults))
    if torn:
        raise _half("A quotation mark is opened and never closed, so the file stops in the middle of a row.")
    last = faults[-1] if faults else None
    if last is None or last.row != end.parted or end.ended or is_total(last.content):
        return
    if last.rule in {Rule.TOO_FEW_CELLS, Rule.STRAY_QUOTE}:
        raise _half(f"The file stops in the middle of row {last.row}.")


def _half(message: str) -> BadInput:
    return BadInput(message, "Nothing was loaded. Ask for the file again, whole.", Where(rule="half-a-file"))


def _take_off_totals(
    cells: pl.DataFrame, rows: pl.Series, faults: list[RowFault]
) -> tuple[pl.DataFrame, pl.Series, list[RowFault], list[str]]:
    """Leave out totals at the foot of the file: they are nobody. What they looked like is said."""
    said: list[str] = []
    while True:
        sound, odd = (rows[-1] if rows.len() else 0), (faults[-1].row if faults else 0)
        if odd > sound and is_total(faults[-1].content):
            faults = faults[:-1]
        elif sound > odd and is_total(*cells.row(-1)):
            cells, rows = cells.head(-1), rows.head(-1)
        else:
            return cells, rows, faults, said[:1]
        said.append("the last row is a total, not a person: it was not counted")
