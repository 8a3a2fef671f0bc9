"""Tables out of JSON lines: one object a line. Numbers keep the digits they were written with."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from wardkeeper.adapters.cells import places, without_blanks
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.headings import Heading, describe, find_heading
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.tables import RawTable, RowFault
from wardkeeper.sources.terms import FileForm

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

CONSTANTS = {None: "", True: "true", False: "false"}


class _NotFlat(ValueError):
    """A line that is no table's row, by the rule that it breaks."""

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self.rule = rule


class _Number(str):
    """A number as it was written: `007.50` would be lost as a number."""

    __slots__ = ()


Value = str | bool | list[object] | dict[str, object] | None


@dataclass(slots=True)
class _Lines:
    """The objects read, with the number of each line, and the lines that are none."""

    objects: list[dict[str, Value]]
    numbers: list[int]
    faults: list[RowFault]
    blank: int = 0


def read_json_lines(content: bytes, form: FileForm) -> RawTable:
    """Read a file of JSON lines. A line that is no flat object is given apart, with its number.

    Raises BadInput when no line is an object, when a column is in none of them, and for half a file.
    """
    lines = _read_lines(content)
    if not lines.objects:
        raise BadInput(
            "No line of the file is a JSON object.",
            'Ask for JSON lines: each line one object, such as {"Name": "…"}, with nothing between the lines.',
            Where(rule="format"),
        )
    heading = find_heading([list_names(lines.objects)], form.columns)
    (frame, rows), told = _take_flat(lines, heading, form)
    said = ("the encoding is UTF-8: JSON has no other", *describe(heading), *told)
    return without_blanks(frame, rows, sorted(lines.faults, key=lambda fault: fault.row), said)


def list_names(objects: Sequence[dict[str, Value]]) -> list[str]:
    """Give every name that the objects use, in the order of their first use."""
    return list(dict.fromkeys(name for one in objects for name in one))


def read_objects(content: bytes, most: int) -> list[dict[str, Value]]:
    """Give the first objects of a file, the lines that are none left out."""
    lines = content.removeprefix(BYTE_ORDER_MARK).splitlines()[:most]
    return _read_lines(b"\n".join(lines) + b"\n").objects


def _read_lines(content: bytes) -> _Lines:
    read = _Lines([], [], [])
    # Split at line feeds only: a JSON text may hold other characters that Python takes for the end of a line.
    rows = content.removeprefix(BYTE_ORDER_MARK).split(b"\n")
    for number, row in enumerate(rows, 1):
        line = row.strip()
        if not line:
            read.blank += number < len(rows)
            continue
        text = line.decode("utf-8", errors="replace")
        try:
            read.objects.append(_read_object(text))
            read.numbers.append(number)
        except _NotFlat as fault:
            read.faults.append(RowFault(number, fault.rule, text))
    last = read.faults[-1] if read.faults else None
    if last and last.row == len(rows) and last.rule is Rule.NOT_AN_OBJECT:
        raise BadInput(
            f"The file stops in the middle of line {last.row}.",
            "Nothing was loaded. Ask for the file again, whole.",
            Where(rule="half-a-file"),
        )
    return read


def _read_object(text: str) -> dict[str, Value]:
    try:
        found = json.loads(text, parse_int=_Number, parse_float=_Number, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, _NotFlat) else _NotFlat(Rule.NOT_AN_OBJECT) from error
    if not isinstance(found, dict):
        raise _NotFlat(Rule.NOT_AN_OBJECT)
    return found


def _without_repeats(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    """Make an object; refuse one that gives a name twice, for only one of the two would be read."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NotFlat(Rule.REPEATED_NAME)
    return found


def _take_flat(lines: _Lines, heading: Heading, form: FileForm) -> tuple[tuple[pl.DataFrame, pl.Series], list[str]]:
    """Put the promised names' values into columns; a line with a list or an object in one of them is a fault."""
    names = list_names(lines.objects)
    wanted = [(names[place], column) for place, column in places(heading, form)]
    nested = [any(isinstance(one.get(name), list | dict) for name, _ in wanted) for one in lines.objects]
    _add_nested(lines, nested)
    flat = [one for one, is_nested in zip(lines.objects, nested, strict=True) if not is_nested]
    rows = [number for number, is_nested in zip(lines.numbers, nested, strict=True) if not is_nested]
    if not flat:
        raise BadInput(
            "Every line has a list or an object within a value.",
            "Ask for it flat: each value text, a number, true or false.",
            Where(rule="nested-value"),
        )
    absent: Counter[str] = Counter()
    columns: dict[str, list[str]] = {}
    for name, column in wanted:
        columns[column] = [as_text(one.get(name)) for one in flat]
        absent[column] = sum(name not in one for one in flat)
    said = [f"{count} lines do not have {column}: it was taken as empty" for column, count in absent.items() if count]
    said += [f"{lines.blank} blank lines were not counted"] * bool(lines.blank)
    frame = pl.DataFrame(columns, schema=dict.fromkeys(form.columns, pl.String))
    return (frame, pl.Series("row", rows, dtype=pl.Int64)), said


def _add_nested(lines: _Lines, nested: list[bool]) -> None:
    lines.faults += [
        RowFault(number, Rule.NESTED_VALUE, _clean(json.dumps(one, ensure_ascii=False)))
        for one, number, is_nested in zip(lines.objects, lines.numbers, nested, strict=True)
        if is_nested
    ]


def as_text(value: Value) -> str:
    """Write a flat value as text."""
    if isinstance(value, str):
        return value if value.isascii() else _clean(value)
    assert not isinstance(value, list | dict)
    return CONSTANTS[value]


def _clean(text: str) -> str:
    """Give text with halves of characters replaced by the sign for unreadable letters, which holds the row back."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
