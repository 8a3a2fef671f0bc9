"""Finding the heading of a table among title rows, by the names of the columns that the contract promises."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wardkeeper.kernel.errors import BadInput, Where

DEPTH = 30
"""Rows searched from the top: title blocks are short."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading stands (0 is the file's first row), its width in cells, and each promised column's place in it.

    `extra` names the columns that were not promised.
    """

    row: int
    width: int
    places: tuple[int, ...]
    extra: tuple[str, ...]


def find_heading(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> Heading:
    """Find the row that holds every promised column, whatever the order, case and spacing.

    Raises BadInput that names the columns missing from the row that comes nearest.
    """
    wanted = [_plain(name) for name in columns]
    found = [sum(name in {_plain(cell) for cell in row} for name in wanted) for row in rows[:DEPTH]]
    best = max(range(len(found)), key=lambda row: found[row], default=None)
    if best is None or not found[best]:
        raise BadInput(
            "None of the promised columns is in the file.",
            f"Check that it is the right file. Expected: {', '.join(columns)}.",
            Where(rule="wrong-columns"),
        )
    heading = [_plain(cell) for cell in rows[best]]
    _check_columns(heading, columns)
    extra = tuple(
        str(cell).strip() for cell, name in zip(rows[best], heading, strict=True) if name and name not in wanted
    )
    return Heading(best, len(heading), tuple(heading.index(name) for name in wanted), extra)


def describe(heading: Heading) -> tuple[str, ...]:
    """Say what was taken for granted about the heading."""
    above = [f"{heading.row} rows above the heading were titles"] if heading.row else []
    unread = [f"columns not in the contract were not read: {', '.join(heading.extra)}"] if heading.extra else []
    return (*above, *unread)


def _plain(cell: object) -> str:
    return re.sub(r"[\s_]+", " ", str(cell)).strip().casefold()


def _check_columns(heading: list[str], columns: Sequence[str]) -> None:
    missing = [name for name in columns if _plain(name) not in heading]
    if missing:
        raise BadInput(
            f"The file has no column {_list(missing)}.",
            "Ask the owner what changed, or correct the contract.",
            Where(column=missing[0], rule="wrong-columns"),
        )
    twice = [name for name in columns if heading.count(_plain(name)) > 1]
    if twice:
        raise BadInput(
            f"The file has two columns named {twice[0]}.",
            "Ask the owner which one is meant and to rename the other.",
            Where(column=twice[0], rule="wrong-columns"),
        )


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
