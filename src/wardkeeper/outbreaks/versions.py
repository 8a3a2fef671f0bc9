"""Versions of the figures: what a new load changes against the one in force, and what must be asked before it does.

Figures of infection are re-stated all the time: late reports raise old weeks, corrections lower them, cases move to
another area, and now and then a batch that was stuck arrives in a day (15,841 cases of England's on 3 October 2020,
cut off by a spreadsheet's last row). Small changes are said; large ones are asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.counts import USUAL_DELAY_DAYS, Counts, in_words
from wardkeeper.outbreaks.line_lists import UNNAMED

MUCH = 0.2
"""A change of settled weeks by this share of their cases is asked about …"""
MANY = 30
"""… when it is of at least so many cases; fewer are within what corrections do."""

FEW_WEEKS = 4
"""Up to so many weeks may fall off the end of a feed of the newest weeks unasked."""

SLOWEST = 0.9
BATCH_TIMES = 5.0
"""A day that reports so many times the late cases of a usual day holds a late batch …"""
BATCH_LEAST = 50
"""… when these are at least so many."""


class Doubt(StrEnum):
    """Why a load is asked about: the rules an error names."""

    OTHER_PLACES = "other-places"
    OLDER = "older-figures"
    RESTATED = "weeks-restated"
    AREAS_GONE = "areas-gone"
    WEEKS_GONE = "weeks-gone"
    COUNTS_GONE = "counts-gone"
    LATE_BATCH = "late-batch"


ANSWERS: dict[Doubt, str] = {
    Doubt.OTHER_PLACES: "Check that this is the right file. If these places are meant, load it with --restated.",
    Doubt.OLDER: "Nothing needs doing if the newer figures are right. To go back to these, load them with --older.",
    Doubt.RESTATED: "Ask whoever sends the figures whether they were corrected. If so, load them with --restated.",
    Doubt.AREAS_GONE: "Ask whether the whole file was sent. If the areas did change, load it with --restated.",
    Doubt.WEEKS_GONE: "Ask for the whole history: alarms need it. If it is not to be had, load it with --restated.",
    Doubt.COUNTS_GONE: "Ask whether the whole file was sent. If they were taken back, load it with --restated.",
    Doubt.LATE_BATCH: "Ask whoever sends the list what was late. If it is right, load it with --restated.",
}
"""What to do next, by what is doubted."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a load changes against the one in force. Counts of counts and of cases; nothing of a person.

    `raised` and `lowered` are counts (an area and a week) that were re-stated, `added` and `taken` the cases these
    changed by at least; the `settled_` ones are of weeks that were complete before. `kept`, `moved` and `withdrawn` are
    cases of a line list that are in it still, changed their area, or are in it no longer. `late` is the largest late
    batch, reported on `late_on`. `holes` are weeks gone between others that are there; `counts_gone` are counts of
    `cases_gone` cases or more, of areas and weeks that are both there still, that have no number any more,
    and `full_before` tells that none had been missing until now. `comparable` tells that some area is in both, `week_day` on which day of the week the
    new weeks end, if on another than before. `unnamed` tells that the new line list or the one before has no case ids, so
    that `kept`, `moved` and `withdrawn` are not known.
    """

    weeks_new: int = 0
    weeks_gone: int = 0
    weeks_before: int = 0
    areas_new: int = 0
    areas_gone: int = 0
    raised: int = 0
    lowered: int = 0
    added: int = 0
    taken: int = 0
    settled_added: int = 0
    settled_taken: int = 0
    settled_before: int = 0
    kept: int = 0
    moved: int = 0
    withdrawn: int = 0
    late: int = 0
    late_on: str = ""
    older: bool = False
    comparable: bool = True
    week_day: str = ""
    holes: int = 0
    counts_gone: int = 0
    cases_gone: int = 0
    full_before: bool = False
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class LateBatch:
    """Cases reported on one day far later than usual: how many, when, and the days they happened on."""

    cases: int
    reported: date
    first: date
    last: date


def compare_counts(before: Counts, after: Counts) -> Change:
    """Tell what changes from one set of counts to the next.

    Suppressed counts are intervals: only what must have changed, whatever they hide, is counted.
    """
    old, new = before.frame, after.frame
    both = old.join(new, on=["area", "week_end"], suffix="_new")
    up = (pl.col("low_new") - pl.col("high")).clip(lower_bound=0)
    down = (pl.col("low") - pl.col("high_new")).clip(lower_bound=0)
    settled = ~pl.col("incomplete")
    sums = both.select(
        raised=(up > 0).sum(),
        lowered=(down > 0).sum(),
        added=up.sum(),
        taken=down.sum(),
        settled_added=up.filter(settled).sum(),
        settled_taken=down.filter(settled).sum(),
        settled_before=pl.col("high").filter(settled).sum(),
    ).row(0)
    raised, lowered, added, taken, settled_added, settled_taken, settled_before = (int(value or 0) for value in sums)
    areas, weeks = set(before.areas), set(before.weeks)
    gone = (
        old.filter(pl.col("low") > 0)
        .join(new, on=["area", "week_end"], how="anti")
        .filter(pl.col("area").is_in(after.areas) & pl.col("week_end").is_in(after.weeks))
    )
    shared = areas & set(after.areas)
    counted = set(old.filter(pl.col("high") > 0)["area"])
    older = bool(weeks) and bool(after.weeks) and after.weeks[-1] < before.weeks[-1]
    return Change(
        raised=raised,
        lowered=lowered,
        added=added,
        taken=taken,
        settled_added=settled_added,
        settled_taken=settled_taken,
        settled_before=settled_before,
        weeks_new=len(set(after.weeks) - weeks),
        weeks_gone=len(weeks - set(after.weeks)),
        weeks_before=len(weeks),
        areas_new=len(set(after.areas) - areas),
        areas_gone=len(counted - set(after.areas)),
        older=older,
        comparable=bool(shared),
        week_day=_other_day(before.weeks, after.weeks),
        holes=sum(after.weeks[0] < week < after.weeks[-1] for week in weeks - set(after.weeks)) if after.weeks else 0,
        counts_gone=gone.height,
        cases_gone=int(gone["low"].sum()),
        full_before=old.height == len(weeks) * len(areas),
    )


def _other_day(before: Sequence[date], after: Sequence[date]) -> str:
    """Name the day on which the new weeks end, if all end on another day than those before."""
    days = {week.weekday() for week in after}
    if len(days) != 1 or days & {week.weekday() for week in before}:
        return ""
    return f"{after[0]:%A}"


def compare_cases(before: pl.DataFrame, after: pl.DataFrame) -> tuple[int, int, int]:
    """Count the cases (case, area, event_date) that are kept, of these those that moved to another area, and withdrawn ones.

    A case outside the days of the new list, which starts later or ends earlier, is not withdrawn.
    """
    both = before.join(after, on="case", suffix="_new")
    moved = both.filter(pl.col("area").ne_missing(pl.col("area_new"))).height
    first, last = after["event_date"].min(), after["event_date"].max()
    if first is None:
        return both.height, moved, before.height
    withdrawn = before.filter(pl.col("event_date").is_between(first, last)).join(after, on="case", how="anti").height
    return both.height, moved, withdrawn


def compare_lists(
    change: Change, before: pl.DataFrame, after: pl.DataFrame, *, named: bool, as_of: tuple[date, date]
) -> Change:
    """Add to a change what a line list tells: cases moved and withdrawn, a late batch since the list before, its age.

    `named` tells whether the new list has case ids; `as_of` are the days the one before and the new one were known.
    """
    named = named and not before["case"].str.contains(UNNAMED).any()
    kept, moved, withdrawn = compare_cases(before, after) if named else (0, 0, 0)
    batch = find_late_batch(after, since=None if named else as_of[0], known=before["case"] if named else None)
    older = change.older or as_of[1] < as_of[0]
    with_cases = replace(change, kept=kept, moved=moved, withdrawn=withdrawn, older=older, unnamed=not named)
    return replace(with_cases, late=batch.cases, late_on=batch.reported.isoformat()) if batch else with_cases


def find_late_batch(lines: pl.DataFrame, since: date | None = None, known: pl.Series | None = None) -> LateBatch | None:
    """Find the day on which most cases came far later than the rest: report_date, event_date, a row a case.

    A case is late when its report took longer than the usual day's slowest tenth (the median over days of that
    quantile, so that a batch can't shift it; at least USUAL_DELAY_DAYS). A day's late cases are a batch when they are
    BATCH_TIMES those of the other days' mean and BATCH_LEAST or more. An old batch was asked about when it came: `known`
    are the ids of cases that are none of a new one, and with `since` only batches reported after that day are new.
    """
    told = lines.drop_nulls("report_date").with_columns(
        took=(pl.col("report_date") - pl.col("event_date")).dt.total_days()
    )
    if told.is_empty():
        return None
    slowest = told.group_by("report_date").agg(pl.col("took").quantile(SLOWEST, "higher"))["took"].sort()
    usual_delay = max(USUAL_DELAY_DAYS, int(slowest[slowest.len() // 2]))
    late = pl.col("took") > usual_delay
    new = late if known is None else late & ~pl.col("case").is_in(known.implode())
    days = told.group_by("report_date").agg(
        late=late.sum().cast(pl.Int64),
        new=new.sum().cast(pl.Int64),
        first=pl.col("event_date").filter(new).min(),
        last=pl.col("event_date").filter(new).max(),
    )
    usual = (days["late"].sum() - pl.col("late")) / max(1, days.height - 1)
    batches = days.filter((pl.col("new") >= BATCH_LEAST) & (pl.col("new") >= BATCH_TIMES * usual))
    if since:
        batches = batches.filter(pl.col("report_date") > since)
    if batches.is_empty():
        return None
    row = batches.sort("new", "report_date").row(-1, named=True)
    return LateBatch(int(row["new"]), row["report_date"], row["first"], row["last"])


def say_batch(batch: LateBatch) -> str:
    """Tell of a late batch in words."""
    days = in_words(batch.first)
    happened = f"on {days}" if batch.first == batch.last else f"from {days} to {in_words(batch.last)}"
    return (
        f"A late batch: {batch.cases:,} cases that happened {happened} were "
        f"all reported on {in_words(batch.reported)}. Those weeks rise by them; the days they were reported on do not."
    )


WITHOUT_IDS = (
    "This line list or the one before has no case ids: which cases moved, were corrected or taken out can't be known, "
    "and only counts are compared."
)


def say(change: Change) -> tuple[str, ...]:
    """Tell what a load changes, in words."""
    if not change.comparable:
        return ("The load before has none of these areas: nothing could be compared.",)
    lines = (
        (change.raised, f"Counts stated higher than before: {change.raised:,}, by {change.added:,} cases or more."),
        (change.lowered, f"Counts stated lower than before: {change.lowered:,}, by {change.taken:,} cases or more."),
        (change.moved, f"Cases that moved to another area: {change.moved:,}."),
        (change.withdrawn, f"Cases that were taken out of the list: {change.withdrawn:,}."),
        (change.unnamed, WITHOUT_IDS),
        (change.areas_new, f"Areas that were not there before: {change.areas_new:,}."),
        (change.areas_gone, f"Areas that are there no longer: {change.areas_gone:,}."),
        (change.weeks_gone, f"Weeks that are there no longer: {change.weeks_gone:,}."),
        (change.holes, f"Weeks missing between others that are there: {change.holes:,}."),
        (
            change.counts_gone,
            f"Counts that are there no longer: {change.counts_gone:,}, of {change.cases_gone:,} cases or more.",
        ),
        (change.week_day, f"Its weeks end on a {change.week_day}, those of the load before on another day."),
        (change.weeks_new, f"Weeks that are new: {change.weeks_new:,}."),
    )
    return tuple(text for is_so, text in lines if is_so)


def doubts(change: Change) -> tuple[Doubt, ...]:
    """Tell what must be asked before the load may replace what is in force."""
    restated = max(change.settled_added, change.settled_taken)
    withdrawn = change.withdrawn >= MANY or change.withdrawn > change.kept
    found = (
        (Doubt.OTHER_PLACES, not change.comparable),
        (Doubt.OLDER, change.older),
        (Doubt.AREAS_GONE, change.comparable and change.areas_gone > 0),
        (Doubt.WEEKS_GONE, change.holes > 0 or change.weeks_gone > max(FEW_WEEKS, MUCH * change.weeks_before)),
        # A list that leaves out zeros has gaps always: there, one count less is a case taken back.
        (Doubt.COUNTS_GONE, change.counts_gone > 0 and (change.full_before or change.cases_gone >= MANY)),
        (Doubt.LATE_BATCH, change.late > 0),
        (Doubt.RESTATED, restated >= max(MANY, MUCH * change.settled_before) or withdrawn),
    )
    return tuple(doubt for doubt, is_so in found if is_so)


SAYS: dict[Doubt, str] = {
    Doubt.OTHER_PLACES: "These figures are of other places than those in force.",
    Doubt.OLDER: "These figures are older than those in force.",
    Doubt.RESTATED: "Weeks that were settled are stated much differently.",
    Doubt.AREAS_GONE: "Areas that had figures are missing from the file.",
    Doubt.WEEKS_GONE: "Weeks of the history are missing from the file.",
    Doubt.COUNTS_GONE: "Counts that had cases are missing from the file.",
    Doubt.LATE_BATCH: "A batch of cases arrived late, all in one day.",
}


def check_change(change: Change, *, older: bool = False, restated: bool = False) -> None:
    """Refuse a load with an open doubt. `older` and `restated` are a person's word that it is as it should be."""
    answered = {Doubt.OLDER: older}
    open_ = [doubt for doubt in doubts(change) if not answered.get(doubt, restated)]
    if open_:
        raise BadInput(
            " ".join((*(SAYS[doubt] for doubt in open_), *say(change))),
            f"{ANSWERS[open_[0]]} What is in force stays until then.",
            Where(rule=open_[0].value),
        )
