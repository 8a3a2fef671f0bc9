"""View a source's rows to fix: the one screen where a resident's own value is shown."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.sources.fixing import OPEN, HeldRow, Spot, State, say_accepting
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.held_rows import HeldRows, read_held_rows
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import rulebook


@dataclass(frozen=True, slots=True, eq=False)
class RowsToFix:
    """The held rows of a source.

    `rows` has one line a row: delivery, row, columns, rules, reasons, content, state (null where nobody has put it right yet).
    `rules` counts the rows by rule and column. `done` has the fixes that are no longer open, newest last (FIX columns).
    """

    source: str
    title: str
    contact: str
    rows: pl.DataFrame
    rules: pl.DataFrame
    done: pl.DataFrame

    def count(self, state: State) -> int:
        """Count the rows with a fix of a state."""
        return self.rows.filter(pl.col("state") == state).height


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a held row: as it came, as it reads with the open fix, and what is wrong with it."""

    column: str
    as_came: str
    now: str
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowToFix:
    """One held row, to put right. `accepting` tells what accepting it does; empty when its rules do not allow it."""

    source: str
    title: str
    held: HeldRow
    cells: tuple[Cell, ...]
    reasons: tuple[str, ...]
    accepting: str
    state: str
    following: Spot | None


def rows_to_fix(house: House, actor: Actor, source: str, *, purpose: str = PURPOSE) -> pl.DataFrame:
    """Give the rows held back from a source's newest file (QUARANTINED columns). Raises Refused, NotFound."""
    return read_held_rows(house, actor, source, Operation.VIEW_QUARANTINE, purpose=purpose).found


def view(house: House, actor: Actor, source: str, *, rule: str = "", purpose: str = PURPOSE) -> RowsToFix:
    """Give the held rows with what was put right, all or those that break one rule. Raises Refused, NotFound."""
    rulebook(house.store).contract(source)
    held = read_held_rows(house, actor, source, Operation.VIEW_QUARANTINE, purpose=purpose)
    by_rule = (
        held.found.group_by("rule", "column")
        .agg(pl.len().alias("rows"), pl.col("reason").first())
        .sort("rows", "rule", "column", descending=[True, False, False])
    )
    lines = _lines(held)
    wanted = lines.filter(pl.col("rules").list.contains(rule)) if rule else lines
    done = held.fixes.filter(~pl.col("state").is_in(OPEN)).sort("at", "delivery", "row", "column")
    return RowsToFix(source, held.contract.title, held.contract.contact, wanted, by_rule, done)


def _lines(held: HeldRows) -> pl.DataFrame:
    lines = held.found.group_by("delivery", "row", maintain_order=True).agg(
        pl.col("column").unique(maintain_order=True).alias("columns"),
        pl.col("rule").unique(maintain_order=True).alias("rules"),
        pl.col("reason").unique(maintain_order=True).alias("reasons"),
        pl.col("content").first(),
    )
    states = held.fixes.filter(pl.col("state").is_in(OPEN)).select("delivery", "row", "state").unique()
    return lines.join(states, on=["delivery", "row"], how="left", maintain_order="left").sort("delivery", "row")


def view_row(house: House, actor: Actor, source: str, spot: Spot, *, purpose: str = PURPOSE) -> RowToFix:
    """Give one held row as it came and as it reads with its open fix. Raises Refused, NotFound."""
    rows = read_held_rows(house, actor, source, Operation.VIEW_QUARANTINE, purpose=purpose)
    held = rows.row(spot)
    mine = (pl.col("delivery") == held.delivery) & (pl.col("row") == held.row)
    found = rows.found.filter(mine)
    fixes = rows.fixes.filter(mine & pl.col("state").is_in(OPEN))
    edited = fixes.filter(pl.col("column") != "")
    # What a person left empty stays so: a guess is shown only until somebody has looked.
    blank = dict.fromkeys(held.unsure, "") if edited.height else {}
    put = blank | dict(zip(edited["column"], edited["corrected"], strict=True))
    wrong: dict[str, list[str]] = {}
    for column, reason in found.select("column", "reason").iter_rows():
        wrong.setdefault(column, []).append(reason)
    return RowToFix(
        source=source,
        title=rows.contract.title,
        held=held,
        cells=tuple(
            Cell(name, cell, put.get(name, cell), tuple(wrong.get(name, ()))) for name, cell in held.cells.items()
        ),
        reasons=tuple(dict.fromkeys(found["reason"])),
        accepting=say_accepting(held.rules),
        state=fixes["state"][0] if fixes.height else "",
        following=next(_untouched(_lines(rows), held), None),
    )


def _untouched(lines: pl.DataFrame, held: HeldRow) -> Iterator[Spot]:
    """Give the other rows that nobody has put right yet, those behind this one first."""
    left = lines.filter(
        pl.col("state").is_null() & ~((pl.col("delivery") == held.delivery) & (pl.col("row") == held.row))
    )
    behind = (pl.col("delivery") > held.delivery) | ((pl.col("delivery") == held.delivery) & (pl.col("row") > held.row))
    for delivery, row in (
        left.sort(behind.cast(pl.Int8), descending=True, maintain_order=True)
        .select("delivery", "row")
        .head(1)
        .iter_rows()
    ):
        yield Spot(row, delivery)
