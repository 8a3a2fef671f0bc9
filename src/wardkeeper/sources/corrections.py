"""Corrections: what a source's owner is told was wrong in their file, in their own words and by their own key."""

from collections.abc import Iterator, Sequence

import polars as pl

from wardkeeper.sources.findings import REASONS
from wardkeeper.sources.fixing import FLOWS_BACK, HeldRow, State

HEADINGS = (
    "your key",
    "row in the file",
    "column",
    "what was wrong",
    "value as it came",
    "value as corrected",
    "what became of it",
    "on",
    "decision",
)

WHOLE_ROW = "(the whole row)"

PUT_RIGHT = "Put right here. Please put it right in your system."
PLEASE_CHECK = "Put right here from elsewhere. Please look it up: we may not tell you the value."
ACCEPTED = "Loaded as it came. Please look whether it is right."
LEFT_OUT = "Left out: the row is about nobody. Please take it out."
HELD_BACK = "Not loaded. Please put it right."


def list_corrections(
    held: Sequence[HeldRow], found: pl.DataFrame, fixes: pl.DataFrame, *, decision: str
) -> pl.DataFrame:
    """Give a line a correction still of use to the owner: what was put right, left out, or waits for them.

    `found` has kernel.columns.QUARANTINED, `fixes` FIX. A fix that is retired or replaced is of no use any more.
    """
    lines = [*_put_right(fixes), *_still_held(held, found, fixes, decision)]
    return pl.DataFrame(lines, schema=dict.fromkeys(HEADINGS, pl.String), orient="row")


def _put_right(fixes: pl.DataFrame) -> Iterator[tuple[str, ...]]:
    told = fixes.filter(pl.col("state").is_in((State.LOADED, State.LEFT_OUT))).sort("delivery", "row", "column")
    for fix in told.iter_rows(named=True):
        edited = bool(fix["column"])
        goes_back = fix["origin"] in FLOWS_BACK
        became = LEFT_OUT if fix["state"] == State.LEFT_OUT else ACCEPTED
        if edited:
            became = PUT_RIGHT if goes_back else PLEASE_CHECK
        yield (
            fix["own_key"],
            str(fix["row"]),
            fix["column"] or WHOLE_ROW,
            " ".join(REASONS[rule] for rule in fix["rule"].split(",")),
            fix["as_came"],
            fix["corrected"] if edited and goes_back else "",
            became,
            fix["at"][:10],
            fix["decision"],
        )


def _still_held(
    held: Sequence[HeldRow], found: pl.DataFrame, fixes: pl.DataFrame, decision: str
) -> Iterator[tuple[str, ...]]:
    """Give the rows that wait for their owner: nobody here has put them right, or not well enough."""
    settled = fixes.filter(pl.col("state").is_in((State.WAITING, State.LEFT_OUT)))
    skipped = set(settled.select("delivery", "row").iter_rows())
    rows = {(one.delivery, one.row): one for one in held}
    for delivery, row, column, reason in found.select("delivery", "row", "column", "reason").iter_rows():
        if (delivery, row) in skipped:
            continue
        one = rows[delivery, row]
        came = "" if column in one.unsure else one.cells.get(column, "")
        yield (one.own_key, str(row), column or WHOLE_ROW, reason, came, "", HELD_BACK, "", decision)
