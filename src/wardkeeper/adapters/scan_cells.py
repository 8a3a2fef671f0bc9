"""Small plain tables out of text: cells parted by spaces, tabs, commas or semicolons, with or without headings.

What the cells mean is left to `scan_files`.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import polars as pl

from wardkeeper.kernel.errors import BadInput, Where

DELIMITERS = (";", "\t", ",")
"""Tried in this order on the first line; spaces part the cells where none is there."""

COMMENTS = ("//", "#")

FIGURE = r"[-+]?\d+([./,-]\d+)*"
DAY = r"\d{2,4}[/-]\d{1,2}([/-]\d{1,4})?"
BEHIND_ID = r" (\d{4}|[-+]?\d*\.\d+|\d{2,4}[/-]\d{1,2}([/-]\d{1,4})?)$"
"""What stands in a cell of an id where a blank parted it from what comes next: a year, a coordinate or a day."""


@dataclass(frozen=True, eq=False)
class Cells:
    """A table of text cells: one column a place in the line, `lines` the number of each row's line in the file."""

    columns: tuple[pl.Series, ...]
    lines: np.ndarray
    file: str
    notes: tuple[str, ...]

    @property
    def width(self) -> int:
        """The most cells that a row has."""
        return len(self.columns)

    def first(self) -> list[str]:
        """Give the first row."""
        return [column[0] for column in self.columns]

    def below(self) -> "Cells":
        """Give the table without its first row."""
        return Cells(tuple(column[1:] for column in self.columns), self.lines[1:], self.file, self.notes)


def part_cells(content: bytes, name: str) -> Cells:
    """Part a text file's bytes into cells; blank lines and comments (`//`, `#`) are passed over. `name` is the file's.

    Raises BadInput for a file that is empty, holds no text, or has a quotation mark that is never closed.
    """
    text, notes = _decode(content, name)
    written = [line.strip(" \r") for line in text.split("\n")]
    kept = [at for at, line in enumerate(written) if line.strip() and not line.startswith(COMMENTS)]
    if not kept:
        raise BadInput("The file is empty.", "Ask for it again.", Where(file=name))
    rows = _part([written[at] for at in kept], name, np.array(kept) + 1)
    columns = [_trim(pl.Series(f"{place}", cells, dtype=pl.String)) for place, cells in enumerate(_turn(rows))]
    while len(columns) > 1 and columns[-1].null_count() == len(rows):
        columns.pop()
    return Cells(tuple(columns), np.array(kept) + 1, name, notes)


def _decode(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Read bytes as UTF-8, else as Windows-1252, which is said. What holds a zero byte is no text."""
    if b"\0" in content:
        message = "The file is not text."
        raise BadInput(message, "Save it as plain text or CSV in UTF-8.", Where(file=name, rule="text"))
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"), ()
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as problem:
        message = "The file is not text."
        raise BadInput(message, "Save it as plain text or CSV in UTF-8.", Where(file=name, rule="text")) from problem
    return text.replace("\r\n", "\n").replace("\r", "\n"), (f"{name} was read as Windows-1252: it is not UTF-8.",)


def _part(lines: list[str], name: str, numbers: np.ndarray) -> list[list[str]]:
    """Part lines into cells by the delimiter that stands outside quotation marks on the first of them."""
    outside = "".join(lines[0].split('"')[::2])
    delimiter = next((mark for mark in DELIMITERS if mark in outside), " ")
    if delimiter == "\t" and not _tabs_part(lines):
        delimiter = " "
    reader = csv.reader(
        (line.replace("\t", " ").strip() for line in lines) if delimiter == " " else lines,
        delimiter=delimiter,
        skipinitialspace=True,
        strict=True,
    )
    try:
        return list(reader)
    except csv.Error as problem:
        raise BadInput(
            "A quotation mark is opened and never closed, or stands in the middle of a cell.",
            "Correct the line.",
            Where(file=name, row=int(numbers[max(reader.line_num, 1) - 1]), rule="quotes"),
        ) from problem


def _tabs_part(lines: list[str]) -> bool:
    """Tell whether tabs alone part the cells, and blanks stand within them: else both part them, as in SaTScan."""
    if len({line.count("\t") for line in lines}) > 1:
        return False
    bare = [line for line in lines if '"' not in line]
    return not bare or not all(_holds_more([cell.strip() for cell in line.split("\t")]) for line in bare)


def _holds_more(row: list[str]) -> bool:
    """Tell whether a cell of a row without headings holds figures that a blank parts: behind the id, or in a later cell."""
    first, others = row[0], [cell.split() for cell in row[1:]]
    several = any(len(parts) > 1 and all(map(_is_figure, parts)) for parts in others)
    behind = " " in first and bool(others) and all(map(_is_figure, others[0]))
    a_day = behind and len(row) == 2 and bool(re.fullmatch(DAY, row[1])) and _is_figure(first.split()[-1])
    return several or a_day or (behind and bool(re.search(BEHIND_ID, first)))


def _is_figure(text: str) -> bool:
    return bool(re.fullmatch(FIGURE, text))


def _turn(rows: list[list[str]]) -> Iterator[tuple[str | None, ...]]:
    """Give columns; a row that ends early has nothing in the last ones."""
    return zip_longest(*rows)


def _trim(column: pl.Series) -> pl.Series:
    stripped = column.str.strip_chars()
    return stripped.set(stripped == "", None)
