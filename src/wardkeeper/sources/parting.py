"""Parting a held row that came in one piece into its cells, and telling which of them nobody can be sure of."""

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass

from wardkeeper.sources.terms import FileForm, Format

_CONSTANTS = {None: "", True: "true", False: "false"}

_Pairs = list[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Parted:
    """A row's cells by column, and the columns whose cell is empty or a guess until a person gives it."""

    cells: dict[str, str]
    unsure: tuple[str, ...]


def part(whole: str, form: FileForm, delimiter: str) -> Parted:
    """Part a row that came in one piece: an object of JSON lines by its names, any other row from left to right."""
    if form.format is Format.JSON_LINES:
        return _part_object(whole, form.columns)
    parts = next(csv.reader(io.StringIO(whole), delimiter=delimiter), [])
    cells = dict.fromkeys(form.columns, "") | dict(zip(form.columns, parts, strict=False))
    return Parted(cells, form.columns)


def _part_object(whole: str, names: tuple[str, ...]) -> Parted:
    """Take the values of an object that stand alone under a name of the contract; the others are not known."""
    pairs = _read_pairs(whole)
    times = Counter(_fold(name) for name, _ in pairs)
    said = {_fold(name): value for name, value in pairs}
    # A list or an object within the line is a list here: its objects are read as lists of pairs.
    sure = {name for name in names if times[_fold(name)] == 1 and not isinstance(said[_fold(name)], list)}
    cells = {name: _as_text(said[_fold(name)]) if name in sure else "" for name in names}
    return Parted(cells, tuple(name for name in names if name not in sure))


def _read_pairs(whole: str) -> _Pairs:
    """Give the names and values of a whole object, numbers with their own digits; none for anything else."""
    try:
        found = json.loads(whole, parse_int=str, parse_float=str, object_pairs_hook=list)
    except (ValueError, RecursionError):
        return []
    is_object = whole.lstrip().startswith("{")
    return found if is_object else []


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else _CONSTANTS.get(value if isinstance(value, bool) else None, "")
