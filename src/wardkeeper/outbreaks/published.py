"""Counts from a published table: the weekly and rolling England MSOA files, and any table of area, week and cases.

Everything is read as text. What can't be right is refused with its row; what was assumed is noted.
"""

from datetime import date

import polars as pl

from wardkeeper.kernel.areas import AREA_CODE
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.cells import CellKind, Hidden, read_cells
from wardkeeper.outbreaks.counts import USUAL_DELAY_DAYS, Counts, finish
from wardkeeper.outbreaks.forms import Form, recognise, to_long

DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y")

UNPLACED = "^[xX]*$"
"""What stands in the place of an area code where there is none: nothing, or `xxxxxxxxx` in the weekly file of 2020."""


def from_published(
    frame: pl.DataFrame,
    *,
    as_of: date,
    hidden: Hidden | None = None,
    year: int | None = None,
    population: pl.DataFrame | None = None,
    delay_days: int = USUAL_DELAY_DAYS,
) -> Counts:
    """Read a published table of text columns into counts.

    `as_of` is the day the figures were published (else the day they were received): no week may end after it, and
    weeks that end within `delay_days` of it are flagged incomplete. `hidden` is what a bare mark stands for.
    Raises BadInput with the row, the rule and the next step.
    """
    long = to_long(frame, year)
    if long.is_empty():
        raise BadInput("The table has no rows.", "Check that the whole file was sent.", Where(rule="not empty"))
    placed, unplaced = _split_unplaced(long)
    dated = _with_dates(placed, as_of)
    _check_once(dated)
    _check_order(dated)
    weekly, thinned = _keep_one_weekday(dated)
    read, blank = _read_counts(weekly, hidden or Hidden(), recognise(frame.columns))
    return finish(
        read.select("area", "week_end", "low", "high"),
        as_of=as_of,
        delay_days=delay_days,
        population=population,
        notes=(*unplaced, *thinned, *blank),
    )


def _split_unplaced(long: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Set aside rows without an area: publishers put cases they could not place there."""
    bare = pl.col("area").fill_null("").str.strip_chars().str.contains(UNPLACED)
    count = long.filter(bare)["row"].n_unique()
    placed = long.filter(~bare).with_columns(pl.col("area").str.strip_chars())
    odd = placed.filter(~pl.col("area").str.contains(f"^(?:{AREA_CODE.pattern})$"))
    if not odd.is_empty():
        raise _bad(odd, "The area is not a code such as E02001064.", "Use the nine-character ONS code.", "area code")
    if not count:
        return placed, ()
    return placed, (f"Rows without an area, such as cases that could not be placed, were left out: {count}.",)


def _with_dates(long: pl.DataFrame, as_of: date) -> pl.DataFrame:
    texts = long.select("week_end").unique()
    tries = [pl.col("week_end").str.strip_chars().str.to_date(form, strict=False) for form in DATE_FORMS]
    days = texts.with_columns(day=pl.coalesce(tries))
    dated = long.join(days, on="week_end", how="left", nulls_equal=True, maintain_order="left")
    unread = dated.filter(pl.col("day").is_null())
    if not unread.is_empty():
        raise _bad(unread, "The date can't be read.", "Write dates as 2020-11-28 or 28/11/2020.", "date", "week_end")
    late = dated.filter(pl.col("day") > as_of)
    if not late.is_empty():
        raise _bad(
            late,
            f"The week ends after {as_of}, in the future.",
            "Check the year of the dates.",
            "no future",
            "week_end",
        )
    return dated.drop("week_end").rename({"day": "week_end"})


def _check_once(long: pl.DataFrame) -> None:
    again = long.filter(~pl.struct("area", "week_end").is_first_distinct())
    if not again.is_empty():
        raise _bad(
            again,
            f"The area {again['area'][0]} is there twice for the week ending {again['week_end'][0]}.",
            "Keep one row for each area and week; if two files were joined, load them one at a time.",
            "one row an area and week",
        )


def _check_order(long: pl.DataFrame) -> None:
    """Refuse an area whose dates go both up and down: a sign that rows or columns were moved."""
    step = pl.col("week_end").diff().over("area").dt.total_days().sign()
    mixed = long.with_columns(step=step).with_columns(first=pl.col("step").drop_nulls().first().over("area"))
    wrong = mixed.filter(pl.col("step") != pl.col("first"))
    if not wrong.is_empty():
        raise _bad(
            wrong,
            f"The dates of the area {wrong['area'][0]} are out of order.",
            "Sort the rows (or week columns) by date; check that counts moved with their dates.",
            "dates in order",
            "week_end",
        )


def _keep_one_weekday(long: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Keep every seventh day of a daily rolling table, back from the newest, so that no case counts twice."""
    weekday = pl.col("week_end").dt.weekday()
    if long.select(weekday.n_unique()).item() == 1:
        return long, ()
    newest: date = long["week_end"].sort()[-1]
    kept = long.filter(weekday == pl.lit(newest).dt.weekday())
    return kept, (f"Seven-day totals overlap, so only weeks ending on a {newest:%A} were kept.",)


def _read_counts(long: pl.DataFrame, hidden: Hidden, form: Form) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Turn cells into intervals, and say how blank ones were read."""
    read = read_cells(long, "cases", hidden)
    _check_cells(read)
    blank = pl.col("kind") == CellKind.BLANK
    blanks = read.filter(blank).height
    if not blanks:
        return read, ()
    span = f"{hidden.low} to {hidden.high}"
    if _blank_hides(read, hidden, form):
        filled = read.with_columns(
            low=pl.when(blank).then(hidden.low).otherwise("low"),
            high=pl.when(blank).then(hidden.high).otherwise("high"),
        )
        return filled, (f"Blank counts were read as hidden small counts of {span}: {blanks:,}.",)
    return read.filter(~blank), (
        f"Blank counts were left out as not published, because hidden counts have their own mark: {blanks:,}.",
    )


def _blank_hides(read: pl.DataFrame, hidden: Hidden, form: Form) -> bool:
    """Tell whether a blank is a hidden count: where the file has no other mark.

    The rolling file of England writes S on some days and nothing on others, for the same: there a blank is hidden
    as long as no count that small is shown anywhere.
    """
    if read.filter(pl.col("kind") == CellKind.SUPPRESSED).is_empty():
        return True
    shown = read.filter(pl.col("kind") == CellKind.COUNT)["low"].min()
    return form is Form.ROLLING and isinstance(shown, int) and shown > hidden.high


def _check_cells(read: pl.DataFrame) -> None:
    negative = read.filter(pl.col("kind") == CellKind.NEGATIVE)
    if not negative.is_empty():
        raise _bad(
            negative,
            "The count is below zero.",
            "Ask the publisher for the corrected week; only -99 is read as a hidden count.",
            "no negative counts",
            "cases",
        )
    unread = read.filter(pl.col("kind") == CellKind.UNREADABLE)
    if not unread.is_empty():
        raise _bad(
            unread,
            "The count is not a whole number or a known mark for a hidden one.",
            "Known marks are blank, -99, *, S, C, <5 and 0-2.",
            "count",
            "cases",
        )


def _bad(rows: pl.DataFrame, message: str, next_step: str, rule: str, column: str = "area") -> BadInput:
    return BadInput(message, next_step, Where(row=int(rows["row"][0]), column=column, rule=rule))
