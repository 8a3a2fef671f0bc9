"""A sample of a file that no contract is about yet: its first rows as text, and where its heading seems to stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.headings import DEPTH
from wardkeeper.sources.synonyms import read_heading
from wardkeeper.sources.terms import FileForm

MOST_ROWS = 5_000
"""Rows looked at: enough to judge a column by."""

VALUE = re.compile(
    r"[\d\s/.,:+()£%-]+"  # a number, a date, a telephone number
    r"|[^@\s]+@[^@\s]+"
    r"|[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}"  # a postcode
    r"|\d{1,2}[- ][A-Za-z]{3}[- ]\d{2,4}"
    r"|\d+[A-Za-z]? \D+|.{80,}"  # an address, a paragraph
)
"""What is a value of somebody's and no column's name."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The first rows of a file. `form` says how it is written, its columns in the file's order; `frame` is all text.

    `assumed` are sentences on how it was read, `problems` on what a person must settle with the source's owner.
    """

    form: FileForm
    frame: pl.DataFrame
    assumed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def find_top(rows: Sequence[Sequence[str]], told: int = 0) -> int:
    """Find the row (from 0) that names the columns, by known headings; `told` is a person's word for it (from 1).

    Raises BadInput when none is sure to be a heading: a row of values would put somebody's data into a contract.
    """
    if told:
        if told > len(rows):
            raise BadInput("The file has not so many rows.", "Give the row of the heading, from 1.", Where(row=told))
        return told - 1
    known = [_count_known(row) for row in rows[:DEPTH]]
    best = max(range(len(known)), key=lambda row: known[row], default=None)
    if best is None or not known[best]:
        raise BadInput(
            "No row of the file is sure to be its heading.",
            "If it has one, say which row it is with --heading, from 1. If not, ask the owner for a file with one.",
            Where(rule="no-heading"),
        )
    return best


def name_columns(row: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Give each usable name of a heading with its place, and what is wrong with the others."""
    names = [cell.strip() for cell in row]
    plain = [re.sub(r"[\s_]+", " ", name).casefold() for name in names]
    twice = {name for name in plain if name and plain.count(name) > 1}
    problems = [f"two columns are called {names[plain.index(name)]}: ask the owner to rename one" for name in twice]
    unnamed = sum(not name for name in names)
    problems += [f"{unnamed} columns have no name: a contract cannot list them"] * bool(unnamed)
    return {name: place for place, name in enumerate(names) if name and plain.index(plain[place]) == place}, (
        *sorted(problems),
    )


def _count_known(row: Sequence[str]) -> int:
    cells = [cell.strip() for cell in row if cell.strip()]
    if any(VALUE.fullmatch(cell) for cell in cells):
        return 0
    return sum(read_heading(cell) is not None for cell in cells)
