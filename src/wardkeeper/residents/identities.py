"""Stable ids: a resident keeps their id as deliveries change, and every change of it has a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from wardkeeper.kernel.ids import ResidentId, mint
from wardkeeper.residents.arrays import Ints

ENTROPY = 8
"""Random bytes for each new id."""


class Change(StrEnum):
    """What happened to a resident's id."""

    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"


MEANINGS: dict[Change, str] = {
    Change.MERGED: "the two residents are now one",
    Change.SPLIT: "one resident is now two",
    Change.MOVED: "records moved from one resident to another",
}


@dataclass(frozen=True, slots=True)
class Shift:
    """One change: records of `before` are now under `after`. `moved` and `stayed` are row numbers that stand for each part."""

    change: Change
    before: ResidentId
    after: ResidentId
    moved: int
    stayed: int


@dataclass(frozen=True, slots=True)
class Identities:
    """The id of each group, by its number, and what changed since the previous linking."""

    ids: list[ResidentId]
    shifts: list[Shift]


def keep_ids(
    records: pl.DataFrame, group: Ints, previous: pl.DataFrame | None, entropy: Callable[[int], bytes]
) -> Identities:
    """Name the groups. A group keeps the id held by most of its records, ties by the oldest record; else a new id is minted.

    `records` are in the order of their ids; `previous` has MEMBERSHIP columns or is None.
    """
    claims = _claims(records, group, previous)
    kept = _award(claims)
    groups = int(group.max(initial=-1)) + 1
    ids = _name(groups, dict(kept.iter_rows()), entropy)
    return Identities(ids, _shifts(claims, ids, kept))


def _claims(records: pl.DataFrame, group: Ints, previous: pl.DataFrame | None) -> pl.DataFrame:
    """Each group's claim on each previous id, the strongest first.

    A group with a protected record claims only an id that it has to itself: were it shared with a group at another home, the id or
    its report of a split would lead from one to the other.
    """
    held = previous if previous is not None else pl.DataFrame(schema={"record_id": pl.String, "resident_id": pl.String})
    rows = (
        records.select("record_id", "seen_on", "protected")
        .with_columns(group=pl.Series(group, dtype=pl.Int64))
        .with_row_index("row")
        .with_columns(pl.col("protected").fill_null(value=False).any().over("group"))
    )
    shared = pl.col("group").n_unique().over("resident_id") > 1
    return (
        rows.join(held.select("record_id", "resident_id"), on="record_id")
        .group_by("group", "resident_id", "protected")
        .agg(records=pl.len(), oldest=pl.col("seen_on").min(), row=pl.col("row").min())
        .filter(~(pl.col("protected") & shared))
        .sort("records", "oldest", "row", descending=[True, False, False], nulls_last=True)
    )


def _award(claims: pl.DataFrame) -> pl.DataFrame:
    """Give each id to one group and each group at most one id, strongest claims first."""
    awarded = claims.select("group", "resident_id").clear()
    while not claims.is_empty():
        won = claims.unique("group", keep="first", maintain_order=True).unique(
            "resident_id", keep="first", maintain_order=True
        )
        awarded = awarded.vstack(won.select("group", "resident_id"))
        claims = claims.join(won, on="group", how="anti", maintain_order="left").join(
            won, on="resident_id", how="anti", maintain_order="left"
        )
    return awarded


def _name(groups: int, kept: dict[int, str], entropy: Callable[[int], bytes]) -> list[ResidentId]:
    fresh = groups - len(kept)
    drawn = entropy(fresh * ENTROPY) if fresh else b""
    parts = iter(drawn[place : place + ENTROPY] for place in range(0, len(drawn), ENTROPY))
    return [
        ResidentId(kept[number]) if number in kept else ResidentId(mint("res", next(parts))) for number in range(groups)
    ]


def _shifts(claims: pl.DataFrame, ids: list[ResidentId], kept: pl.DataFrame) -> list[Shift]:
    """Every claim that was not honoured is a change."""
    home_of = {identity: number for number, identity in kept.iter_rows()}
    rows = {
        (number, identity): row for number, identity, row in claims.select("group", "resident_id", "row").iter_rows()
    }
    lost = claims.join(kept, on=["group", "resident_id"], how="anti").sort("row")
    return [
        _shift(number, ResidentId(before), (ids, home_of, rows))
        for number, before in lost.select("group", "resident_id").iter_rows()
    ]


def _shift(
    number: int, before: ResidentId, known: tuple[list[ResidentId], dict[str, int], dict[tuple[int, str], int]]
) -> Shift:
    ids, home_of, rows = known
    after, moved = ids[number], rows[number, before]
    if before not in home_of:
        return Shift(Change.MERGED, before, after, moved, rows[number, after])
    change = Change.MOVED if after in home_of else Change.SPLIT
    return Shift(change, before, after, moved, rows[home_of[before], before])
