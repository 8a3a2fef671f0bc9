"""Counts from a published table: the weekly, rolling and daily files of the United Kingdom, and any of area, week and cases.

Everything is read as text. What can't be right is refused with its row; what was assumed is noted.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from wardkeeper.kernel.areas import AREA_CODE
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.naming import name_some
from wardkeeper.outbreaks.cells import TOO_LARGE, CellKind, Hidden, read_cells
from wardkeeper.outbreaks.counts import SATURDAY, USUAL_DELAY_DAYS, Counts, finish
from wardkeeper.outbreaks.days import read_days
from wardkeeper.outbreaks.forms import Form, Layout, find_layout, to_long
from wardkeeper.outbreaks.given import Kind, take_day, take_frame, take_text
from wardkeeper.outbreaks.roles import Role, to_known_names

ISO_WEEK = r"^([0-9]{4})-?W([0-9]{2})$"
"""A week by its number, such as 2020-W23; it ends on a Sunday."""

FIRST_YEAR = 1900
"""A day before it is a slip of the pen."""

UNPLACED = "^[xX]*$"
"""What stands in the place of an area code where there is none: nothing, or `xxxxxxxxx` in the weekly file of 2020."""


def name_columns(frame: pl.DataFrame, mapping: Mapping[str, Role]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Give a published table's columns their known names, as the mapping (column to role) says, and tell which were left out.

    For a table whose headings `from_published` would not know. Raises BadInput for a mapping that can't be right.
    """
    if not mapping:
        return frame, ()
    names = to_known_names(frame.columns, mapping)
    left = [column for column in frame.columns if column not in names]
    said = (f"Columns that were not used: {name_some(left)}.",) if left else ()
    return frame.select(pl.col(column).alias(name) for column, name in names.items()), said


def from_published(
    frame: pl.DataFrame,
    *,
    as_of: date,
    hidden: Hidden | None = None,
    year: int | None = None,
    population: pl.DataFrame | None = None,
    ends_on: int = SATURDAY,
) -> Counts:
    """Read a published table of text columns into counts.

    `as_of` is the day the figures were published (else the day they were received): no week may end after it, and
    weeks that end within the usual delay of it are flagged incomplete. `hidden` is what a bare mark stands for. Counts of
    single days are added up to weeks that end on the ISO weekday `ends_on`.
    Raises BadInput with the row, the rule and the next step.
    """
    frame = take_text(frame, "counts")
    take_day(as_of, "as_of")
    population = None if population is None else take_frame(population, "population", {"area": Kind.ID})
    layout = find_layout(frame.columns)
    long = to_long(frame, layout, year)
    if long.is_empty():
        raise BadInput("The table has no rows.", "Check that the whole file was sent.", Where(rule="not empty"))
    placed, unplaced = _split_unplaced(long)
    dated, assumed = _with_dates(placed, layout, as_of)
    _check_once(dated)
    _check_order(dated)
    daily = layout.form is Form.DAILY
    weekly, thinned = (dated, ()) if daily else _keep_one_weekday(dated, layout)
    read, left_out = _read_counts(weekly, hidden or Hidden(), layout.form)
    whole, cut = _add_days(read, ends_on) if daily else (read, ())
    return finish(
        whole.select("area", "week_end", "low", "high"),
        as_of=as_of,
        delay_days=USUAL_DELAY_DAYS,
        population=population,
        notes=(*_say_unused(layout), *unplaced, *assumed, *thinned, *left_out, *cut),
    )


def _say_unused(layout: Layout) -> tuple[str, ...]:
    if not layout.unused:
        return ()
    return (f"Columns that count the same cases again were not used: {name_some(layout.unused)}.",)


def _split_unplaced(long: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Set aside rows without an area: publishers put cases they could not place there."""
    bare = pl.col("area").fill_null("").str.strip_chars().str.contains(UNPLACED)
    count = long.filter(bare)["row"].n_unique()
    placed = long.filter(~bare).with_columns(pl.col("area").str.strip_chars().str.to_uppercase())
    odd = placed.filter(~pl.col("area").str.contains(f"^(?:{AREA_CODE.pattern})$"))
    if not odd.is_empty():
        raise _bad(
            odd,
            "The area is not a code such as E02001064.",
            "Use the nine-character ONS code, and take out rows of totals and notes.",
            "area code",
        )
    if placed.is_empty():
        message = "No row has an area."
        raise BadInput(message, "Give each row the code of its area.", Where(column="area", rule="area code"))
    if not count:
        return placed, ()
    return placed, (f"Rows without an area, such as cases that could not be placed, were left out: {count}.",)


def _with_dates(long: pl.DataFrame, layout: Layout, as_of: date) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read the day of each count as `week_end`, the last day that it counts, and say what was assumed."""
    read = read_days(long["day"], layout.day or "the headings")
    week = pl.concat_str(pl.col("day").str.extract(ISO_WEEK, 1), pl.col("day").str.extract(ISO_WEEK, 2), separator="-")
    sunday = pl.concat_str(week, pl.lit("-7")).str.to_date("%G-%V-%u", strict=False)
    dated = long.with_columns(week_end=pl.coalesce(read.days, sunday))
    if layout.starts:
        dated = dated.with_columns(pl.col("week_end") + timedelta(days=6))
    unread = dated.filter(pl.col("week_end").is_null())
    if not unread.is_empty():
        raise _bad(
            unread,
            "The date can't be read.",
            "Write dates as 2020-11-28 or 28/11/2020, weeks as 2020-W48.",
            "date",
            layout.day,
        )
    for wrong, message, rule in (
        (pl.col("week_end") > as_of, f"The week ends after {as_of}, in the future.", "no future"),
        (pl.col("week_end").dt.year() < FIRST_YEAR, f"The day is before {FIRST_YEAR}.", "believable days"),
    ):
        odd = dated.filter(wrong)
        if not odd.is_empty():
            raise _bad(odd, message, "Check the year of the dates.", rule, layout.day)
    started = ("Days that weeks start on were read as weeks that end six days later.",) if layout.starts else ()
    return dated.drop("day"), (*read.notes, *started)


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


def _keep_one_weekday(long: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Keep every seventh day of daily seven-day totals, back from the newest, so that no case counts twice."""
    weekday = pl.col("week_end").dt.weekday()
    if long.select(weekday.n_unique()).item() == 1:
        return long, ()
    newest: date = long["week_end"].sort()[-1]
    on_newest = weekday == pl.lit(newest).dt.weekday()
    kept = long.filter(on_newest)
    if not layout.seven:
        _refuse_weekdays(long)
    if kept["area"].n_unique() < long["area"].n_unique():
        raise _odd_weekday(long)
    out = f"totals of other days were left out: {long.height - kept.height:,}."
    thinned = f"Seven-day totals overlap, so only weeks ending on a {newest:%A} were kept; {out}"
    lost = f"Weeks of single areas left out because the file has no total of their {newest:%A}: {{:,}}."
    return kept, (thinned, *_counted(lost, _count_lost(long, kept)))


def _count_lost(long: pl.DataFrame, kept: pl.DataFrame) -> int:
    """Count the weeks of areas that other days tell of and that the day they end on is missing from."""
    newest: date = kept["week_end"].sort()[-1]
    to_come = (newest.isoweekday() - pl.col("week_end").dt.weekday().cast(pl.Int64)) % 7
    told = long.select("area", week_end=pl.col("week_end") + pl.duration(days=to_come)).unique()
    return told.join(kept, on=["area", "week_end"], how="anti").height


def _refuse_weekdays(long: pl.DataFrame) -> None:
    """Refuse counts of which nobody knows whether they overlap. Raises BadInput."""
    gap = pl.col("week_end").sort().diff().dt.total_days().over("area")
    if long.select((gap < 7).any()).item():
        raise BadInput(
            "The counts stand on days less than a week apart: each may be of one day, or of seven.",
            "Name the column new_cases where each is of one day, cases7 where it is of the seven days up to it.",
            Where(rule="one count a week"),
        )
    raise _odd_weekday(long)


def _odd_weekday(long: pl.DataFrame) -> BadInput:
    weekday = pl.col("week_end").dt.weekday()
    usual: date = long.sort(pl.len().over(weekday), descending=True, maintain_order=True)["week_end"][0]
    rare = long.filter(weekday != usual.isoweekday())
    return _bad(
        rare,
        f"The weeks do not all end on one day of the week: most end on a {usual:%A}, this one on a "
        f"{rare['week_end'][0]:%A}.",
        "Check the date, and the order of its day and month.",
        "one day of the week",
        "week_end",
    )


def _add_days(read: pl.DataFrame, ends_on: int) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Add counts of days (area, week_end, low, high) up to weeks; say how many days stand in no whole week."""
    to_come = (ends_on - pl.col("week_end").dt.weekday().cast(pl.Int64)) % 7
    weekly = (
        read.with_columns(pl.col("week_end") + pl.duration(days=to_come))
        .group_by("area", "week_end", maintain_order=True)
        .agg(pl.col("low", "high").sum(), days=pl.len())
    )
    whole = weekly.filter(pl.col("days") == 7)
    if whole.is_empty():
        raise BadInput(
            "The table has no whole week of daily counts.",
            "Give all seven days of a week; --week-ends says on which day weeks end.",
            Where(rule="whole weeks"),
        )
    cut = int(weekly.filter(pl.col("days") < 7)["days"].sum())
    said = f"Counts of days were added up to weeks ending on a {whole['week_end'][0]:%A}"
    return whole, (f"{said}; days of weeks that are not whole were left out: {cut:,}." if cut else f"{said}.",)


def _read_counts(long: pl.DataFrame, hidden: Hidden, form: Form) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Turn cells into intervals; say how blank ones were read, and how many were said to be not available."""
    cells = read_cells(long, "cases", hidden)
    _check_cells(cells)
    absent = pl.col("kind") == CellKind.ABSENT
    read = cells.filter(~absent)
    if read.is_empty():
        message = "Every count is marked as not available."
        raise BadInput(message, "Ask the publisher for the counts.", Where(column="cases", rule="count"))
    said = _counted("Counts marked as not available were left out: {:,}.", cells.height - read.height)
    blank = pl.col("kind") == CellKind.BLANK
    blanks = read.filter(blank).height
    if not _blank_hides(read, hidden, form):
        left_out = "Blank counts were left out as not published, because hidden counts have their own mark: {:,}."
        return read.filter(~blank), (*said, *_counted(left_out, blanks))
    filled = read.with_columns(
        pl.when(blank).then(end).otherwise(name).alias(name)
        for name, end in (("low", hidden.low), ("high", hidden.high))
    )
    span = f"{hidden.low} to {hidden.high}"
    return filled, (*said, *_counted(f"Blank counts were read as hidden small counts of {span}: {{:,}}.", blanks))


def _counted(words: str, count: int) -> tuple[str, ...]:
    return (words.format(count),) if count else ()


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
    large = read.filter(pl.col("kind") == CellKind.LARGE)
    if not large.is_empty():
        raise _bad(large, *TOO_LARGE, "count", "cases")
    unread = read.filter(pl.col("kind") == CellKind.UNREADABLE)
    if not unread.is_empty():
        raise _bad(
            unread,
            "The count is not a whole number or a known mark for a hidden one.",
            "Known marks are blank, -99, *, S, C, <5 and 0-2; .. and n/a for what is not available.",
            "count",
            "cases",
        )


def _bad(rows: pl.DataFrame, message: str, next_step: str, rule: str, column: str = "area") -> BadInput:
    return BadInput(message, next_step, Where(row=int(rows["row"][0]), column=column, rule=rule))
