"""Finding the heading of a table among title rows, by the names of the columns that the contract promises."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from wardkeeper.kernel.errors import BadInput, Where

DEPTH = 30
"""Rows searched from the top: title blocks are short."""


LEAST_LIKENESS = 0.6
"""How alike two names must be, neighbours counted, to be asked about: below, the answer would be a guess."""
WITHIN = 0.7
"""How alike two names are where one holds the other, as "Ref" and "Reference"."""


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
    found = _count_promised(rows, columns)
    best = max(range(len(found)), key=lambda row: found[row], default=None)
    if best is None or not found[best]:
        raise BadInput(
            "None of the promised columns is in the file.",
            f"Check that it is the right file. Expected: {', '.join(columns)}.",
            Where(rule="wrong-columns"),
        )
    heading = [_plain(cell) for cell in rows[best]]
    _check_columns(heading, columns, [str(cell).strip() for cell in rows[best]])
    extra = tuple(
        str(cell).strip() for cell, name in zip(rows[best], heading, strict=True) if name and name not in wanted
    )
    return Heading(best, len(heading), tuple(heading.index(name) for name in wanted), extra)


def count_promised(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> int:
    """Count the promised columns in the row that holds most of them."""
    return max(_count_promised(rows, columns), default=0)


def _count_promised(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> list[int]:
    wanted = [_plain(name) for name in columns]
    plain = [{_plain(cell) for cell in row} for row in rows[:DEPTH]]
    return [sum(name in cells for name in wanted) for cells in plain]


def describe(heading: Heading) -> tuple[str, ...]:
    """Say what was taken for granted about the heading."""
    titles = (
        "1 row above the heading was a title"
        if heading.row == 1
        else f"{heading.row} rows above the heading were titles"
    )
    above = [titles] if heading.row else []
    unread = [f"columns not in the contract were not read: {', '.join(heading.extra)}"] if heading.extra else []
    return (*above, *unread)


def _plain(cell: object) -> str:
    return re.sub(r"[\s_]+", " ", str(cell)).strip().casefold()


def _check_columns(heading: list[str], columns: Sequence[str], written: Sequence[str]) -> None:
    missing = [name for name in columns if _plain(name) not in heading]
    if missing:
        raise BadInput(
            f"The file has no column {_list(missing)}.",
            _ask_about(missing, columns, heading, written),
            Where(column=missing[0], rule="wrong-columns"),
        )
    twice = [name for name in columns if heading.count(_plain(name)) > 1]
    if twice:
        raise BadInput(
            f"The file has two columns named {twice[0]}.",
            "Ask the owner which one is meant and to rename the other.",
            Where(column=twice[0], rule="wrong-columns"),
        )


def _ask_about(missing: list[str], columns: Sequence[str], heading: list[str], written: Sequence[str]) -> str:
    """Ask whether a column that was not promised is a missing one under a new name."""
    wanted = [_plain(name) for name in columns]
    new = [place for place, name in enumerate(heading) if name and name not in wanted]
    asked = []
    for name in missing:
        likely = max(new, key=lambda place: _likeness(name, place, columns, heading), default=None)
        if likely is not None and _likeness(name, likely, columns, heading) >= LEAST_LIKENESS:
            asked.append(f"is “{written[likely]}” now what was “{name}”?")
            new.remove(likely)
    if not asked:
        return "Ask the owner what changed, or correct the contract."
    question = " And ".join(asked)
    return f"{question[:1].upper()}{question[1:]} If so, write the new name in the contract; if not, ask the owner."


def _likeness(name: str, place: int, columns: Sequence[str], heading: list[str]) -> float:
    """Tell how likely a column is a missing one: 0 to 1 for its letters, and half as much again for its neighbours."""
    before = columns.index(name)
    beside = [columns[at] for at in (before - 1, before + 1) if 0 <= at < len(columns)]
    around = [heading[at] for at in (place - 1, place + 1) if 0 <= at < len(heading)]
    shared = sum(_plain(one) in around for one in beside) / max(len(beside), 1)
    old, new = _plain(name), heading[place]
    letters = SequenceMatcher(None, old, new).ratio()
    return max(letters, WITHIN if min(old, new, key=len) in max(old, new, key=len) else 0.0) + shared / 2


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
