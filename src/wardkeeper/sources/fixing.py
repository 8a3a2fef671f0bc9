"""Putting held rows right: what a person may change or accept, and the rows as they then read.

A fix is kept beside the row as it came and known by a fingerprint of that row, so that it is found again when the same
faulty row comes in a later file. Nothing here judges a fixed row: it goes through the standardiser like any other.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import polars as pl

from wardkeeper.kernel.columns import FIX
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.reasons import LONGEST
from wardkeeper.sources.decoding import UNREADABLE
from wardkeeper.sources.parting import Parted, part
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.standardising import KINDS, PARTED_BY, WHOLE_ROW
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import Contract, Meaning

FIX_SCHEMA = {column.name: KINDS[column.kind] for column in FIX}

UNKNOWN_LETTER = "?"

LONGEST_CELL = 2_000

_FINGERPRINT_LENGTH = 32


class Handling(StrEnum):
    """What a person did with a row."""

    EDIT = "edit"
    ACCEPT = "accept"


class Origin(StrEnum):
    """Where a new value is from. It decides whether the value may go back to the source's owner."""

    ROW = "row"
    OWNER = "owner"
    ELSEWHERE = "elsewhere"


ORIGIN_WORDS: dict[Origin, str] = {
    Origin.ROW: "From the row itself: it was mistyped, or in the wrong cell",
    Origin.OWNER: "The owner of the source told us",
    Origin.ELSEWHERE: "From anywhere else, such as another source",
}

FLOWS_BACK = frozenset({Origin.ROW, Origin.OWNER})
"""A value from elsewhere never leaves: what one source knows is not another's, least of all an address."""


class State(StrEnum):
    """What became of a fix."""

    WAITING = "waiting"
    LOADED = "loaded"
    HELD = "held"
    LEFT_OUT = "left-out"
    REPLACED = "replaced"
    RETIRED = "retired"
    LAPSED = "lapsed"


STATE_WORDS: dict[State, str] = {
    State.WAITING: "Waiting to be run",
    State.LOADED: "Loaded",
    State.HELD: "Still held back",
    State.LEFT_OUT: "Left out: about nobody",
    State.REPLACED: "Replaced by a later fix",
    State.RETIRED: "No longer needed: the row does not come any more",
    State.LAPSED: "Not put on again: a column it was put in has another name now",
}

OPEN = (State.WAITING, State.HELD, State.LEFT_OUT)
"""States of a fix whose row is still among the rows to fix."""

ACCEPTING: dict[Rule, str] = {
    Rule.UNREADABLE_LETTERS: "Load it with a question mark for each letter that could not be read.",
    Rule.NO_NAME: "Leave it out: the row is about nobody. It stays counted as held back.",
}
"""What accepting a row does, for each rule that allows it. The other rules need the row itself put right."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a held row stands; without a delivery, in the newest that has it."""

    row: int
    delivery: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What seals a fix: its id, who, when, and the decision that allowed it."""

    fix_id: str
    by: str
    at: str
    decision: str


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A held row as it came: its cells by column, and `whole` where it could not be parted into cells.

    The cells of such a row that are `unsure` are empty or a first guess, and nothing until a person gives them.
    """

    delivery: str
    row: int
    cells: Mapping[str, str]
    rules: tuple[Rule, ...]
    whole: str
    fingerprint: str
    own_key: str
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Put:
    """What a person put: new values by column (none to accept the row), where they are from, and why."""

    cells: Mapping[str, str]
    origin: Origin = Origin.ROW
    why: str = ""


def read_held(found: pl.DataFrame, contract: Contract) -> HeldRow:
    """Read one held row from its findings (kernel.columns.QUARANTINED, one row of the file)."""
    first = found.row(0, named=True)
    content = json.loads(first["content"])
    unparted = WHOLE_ROW in content and content.keys() <= {WHOLE_ROW, PARTED_BY}
    whole = content[WHOLE_ROW] if unparted and WHOLE_ROW not in contract.file.columns else ""
    delimiter = content.get(PARTED_BY) or contract.file.delimiter
    parted = (
        part(whole, contract.file, delimiter)
        if whole
        else Parted({name: content.get(name) or "" for name in contract.file.columns}, ())
    )
    return HeldRow(
        delivery=first["delivery"],
        row=first["row"],
        cells=parted.cells,
        rules=tuple(Rule(rule) for rule in found["rule"].unique(maintain_order=True)),
        whole=whole,
        fingerprint=_fingerprint(whole, parted.cells, contract),
        own_key="" if {*parted.unsure} & {*contract.file.key} else _read_key(parted.cells, contract),
        unsure=parted.unsure,
    )


def _read_key(cells: Mapping[str, str], contract: Contract) -> str:
    return "/".join(cells.get(name, "").strip() for name in contract.file.key)


def _fingerprint(whole: str, cells: Mapping[str, str], contract: Contract) -> str:
    """Hash what a row says, in the contract's order; a column may be renamed, and the day of the extract changes."""
    lasting = [cells[term.name] for term in contract.columns if term.meaning is not Meaning.EXTRACT_DATE]
    said = json.dumps(whole or lasting, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def say_accepting(rules: Sequence[Rule]) -> str:
    """Tell what accepting a row would do; empty when one of its rules does not allow it."""
    if not rules or any(rule not in ACCEPTING for rule in rules):
        return ""
    return ACCEPTING[Rule.NO_NAME if Rule.NO_NAME in rules else rules[0]]


def check_put(held: HeldRow, put: Put, contract: Contract) -> None:
    """Raise BadInput for an unknown column, a cell nobody can mean, no change at all, or a reason that is missing."""
    where = Where(source=contract.name, row=held.row)
    strange = sorted(put.cells.keys() - set(contract.file.columns))
    if strange:
        known = ", ".join(contract.file.columns)
        raise BadInput(f"The contract lists no column “{strange[0]}”.", f"Use one of: {known}.", where)
    for column, cell in changed_cells(held, put).items():
        if len(cell) > LONGEST_CELL or UNREADABLE in cell:
            message = f"The cell has more than {LONGEST_CELL:,} characters, or one that could not be read."
            raise BadInput(message, "Type what it should be.", Where(source=contract.name, row=held.row, column=column))
    if len(put.why) > LONGEST:
        raise BadInput("The reason is too long.", f"Shorten it to {LONGEST} characters.", where)
    _check_given(held, put, where)
    if put.cells and not changed_cells(held, put):
        raise BadInput("No cell was changed.", "Change the cell that is wrong, or accept the row as it is.", where)
    if not put.cells and not say_accepting(held.rules):
        rules = ", ".join(rule for rule in held.rules if rule not in ACCEPTING)
        raise BadInput(f"A row that breaks the rule {rules} cannot be accepted as it is.", "Put it right.", where)
    if not put.cells and not put.why:
        raise BadInput("No reason was given.", "Say why the row is right as it is.", where)


def _check_given(held: HeldRow, put: Put, where: Where) -> None:
    """Raise BadInput where a row that was only guessed at would be put right in part: the rest would be lost unseen."""
    missing = [name for name in held.unsure if name not in put.cells]
    if put.cells and missing:
        message = f"The row could not be parted into its cells, so each has to be given. Missing: {', '.join(missing)}."
        raise BadInput(message, "Say what each of them is, an empty one too: COLUMN=.", where)


def changed_cells(held: HeldRow, put: Put) -> dict[str, str]:
    """Give the cells that differ from the row as it came; of those that were not known, what a person filled.

    Spaces alone are no difference: a form takes them off.
    """
    partly = len(held.unsure) < len(held.cells)
    return {
        name: cell
        for name, cell in put.cells.items()
        if (cell or partly if name in held.unsure else cell.split() != held.cells[name].split())
    }


def make_fix(held: HeldRow, put: Put, contract: Contract, stamp: Stamp) -> pl.DataFrame:
    """Give the fix as rows of kernel.columns.FIX: one a changed cell, or one for a row accepted."""
    leaving_out = not put.cells and Rule.NO_NAME in held.rules
    common = {
        "source": contract.name,
        "delivery": held.delivery,
        "row": held.row,
        "fingerprint": held.fingerprint,
        "own_key": held.own_key or _read_key(put.cells, contract),
        "rule": ",".join(held.rules),
        "handling": (Handling.EDIT if put.cells else Handling.ACCEPT).value,
        "origin": put.origin.value,
        "why": put.why,
        **asdict(stamp),
        "state": (State.LEFT_OUT if leaving_out else State.WAITING).value,
    }
    cells = changed_cells(held, put) if put.cells else {"": ""}
    came = {name: cell for name, cell in held.cells.items() if name not in held.unsure}
    rows = [common | {"column": name, "as_came": came.get(name, ""), "corrected": cell} for name, cell in cells.items()]
    return pl.DataFrame(rows, schema=FIX_SCHEMA)


def same_fix(kept: pl.DataFrame, made: pl.DataFrame) -> bool:
    """Tell whether a fix puts the very same as an open one of its row: a button pressed twice."""
    matter = ["column", "corrected", "handling", "origin", "why"]
    row = made.select("delivery", "row").unique()
    mine = kept.filter(pl.col("state").is_in(OPEN)).join(row, on=["delivery", "row"], how="semi")
    return mine.select(matter).sort("column").equals(made.select(matter).sort("column"))


def add_fix(kept: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """Add a fix; an earlier open one of the same row is replaced and stays to be read."""
    row = made.select("delivery", "row").unique()
    earlier = pl.struct("delivery", "row").is_in(row.to_struct().implode()) & pl.col("state").is_in(OPEN)
    replaced = pl.when(earlier).then(pl.lit(State.REPLACED.value)).otherwise("state").alias("state")
    return pl.concat([kept.with_columns(replaced), made])


def rebuild(held: Sequence[HeldRow], fixes: pl.DataFrame, contract: Contract) -> RawTable:
    """Give held rows as they read with their waiting fixes: a table like any file's, under the same row numbers."""
    put: dict[tuple[str, int], dict[str, str]] = {}
    for fix in fixes.iter_rows(named=True):
        put.setdefault((fix["delivery"], fix["row"]), {})[fix["column"]] = fix["corrected"]
    rows = [_read_fixed(one, put[one.delivery, one.row]) for one in held]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(contract.file.columns, pl.String))
    return RawTable(frame, pl.Series("row", [one.row for one in held], dtype=pl.Int64))


def _read_fixed(held: HeldRow, put: Mapping[str, str]) -> dict[str, str]:
    if "" in put:
        return {name: cell.replace(UNREADABLE, UNKNOWN_LETTER) for name, cell in held.cells.items()}
    return {name: put.get(name, "" if name in held.unsure else cell) for name, cell in held.cells.items()}


def with_state(fixes: pl.DataFrame, rows: Mapping[tuple[str, int], State]) -> pl.DataFrame:
    """Give the fixes with a new state for the open ones of these rows."""
    if not rows:
        return fixes
    news = pl.DataFrame(
        [(delivery, row, state.value) for (delivery, row), state in rows.items()],
        schema={"delivery": pl.String, "row": pl.Int64, "news": pl.String},
        orient="row",
    )
    joined = fixes.join(news, on=["delivery", "row"], how="left", maintain_order="left")
    applies = pl.col("news").is_not_null() & pl.col("state").is_in((State.WAITING, State.HELD))
    return joined.with_columns(pl.when(applies).then("news").otherwise("state").alias("state")).drop("news")


def carry_over(fixes: pl.DataFrame, held: Sequence[HeldRow], *, replaces: bool) -> pl.DataFrame:
    """Find the fixes of earlier files again in a newer one's held rows, by what the rows say.

    One whose row came again with the same fault is put on it again and waits to be run; where the file `replaces` those
    before it, one whose row did not is retired.
    """
    present = {(one.delivery, one.row) for one in held}
    by_print: dict[str, list[HeldRow]] = {}
    for one in held:
        by_print.setdefault(one.fingerprint, []).append(one)
    parts = [_carry(group, by_print, present, replaces=replaces) for group in _latest_groups(fixes)]
    return pl.concat([fixes.filter(_is_past()), *(part for group in parts for part in group)]) if parts else fixes


def _is_past() -> pl.Expr:
    return pl.col("state").is_in((State.REPLACED, State.RETIRED, State.LAPSED))


def _latest_groups(fixes: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for _, group in fixes.filter(~_is_past()).group_by("fix_id", "delivery", "row", maintain_order=True):
        yield group


def _carry(
    group: pl.DataFrame, by_print: Mapping[str, list[HeldRow]], present: set[tuple[str, int]], *, replaces: bool
) -> Iterator[pl.DataFrame]:
    fix = group.row(0, named=True)
    came = by_print.get(fix["fingerprint"], [])
    if (fix["delivery"], fix["row"]) in present or not (came or replaces):
        yield group
        return
    columns = _find_columns(group, came[0]) if came else group["column"]
    lapsed = columns.null_count() > 0
    yield group.with_columns(state=pl.lit((State.LAPSED if lapsed else State.RETIRED).value))
    if lapsed:
        return
    again = State.LEFT_OUT if fix["state"] == State.LEFT_OUT else State.WAITING
    for one in came:
        yield group.with_columns(
            columns, delivery=pl.lit(one.delivery), row=pl.lit(one.row, dtype=pl.Int64), state=pl.lit(again.value)
        )


def _find_columns(group: pl.DataFrame, held: HeldRow) -> pl.Series:
    """Give each cell's column as it is called now; null for one renamed whose old value does not tell which it is."""
    by_value: dict[str, list[str]] = {}
    for name, cell in held.cells.items():
        by_value.setdefault(cell if name not in held.unsure else "", []).append(name)

    def find(column: str, as_came: str) -> str | None:
        same = by_value.get(as_came, []) if as_came else []
        known = not column or column in held.cells
        return column if known else same[0] if len(same) == 1 else None

    found = [find(column, as_came) for column, as_came in group.select("column", "as_came").iter_rows()]
    return pl.Series("column", found, dtype=pl.String)
