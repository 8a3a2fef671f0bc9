"""Drift: how a delivery differs from the one before it, column by column, and which differences need a question.

Shares of codes are compared by the population stability index, the sum of (p − q) · ln(p / q) over the codes
(Siddiqi, *Credit Risk Scorecards*, 2006), with its usual bounds: under 0.1 alike, over 0.25 different.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from wardkeeper.sources.concerns import Concern, Doubt
from wardkeeper.sources.profiles import LARGEST_HIDDEN, ColumnQuality, Count, say_count
from wardkeeper.sources.quality import QualityReport

FEWEST_ROWS = 50
"""Rows below which a share says nothing."""

MOST_CHANGED_SHARE = 0.1
"""Change of a filled or valid share, in points, that needs a question."""

MUCH_FILLED, MOST_DRAINED = 0.6, 0.5
"""A column that was filled in more rows than the first share, and now in fewer than the second share of those, stops."""

MOST_LOST, MOST_GAINED = 0.9, 1.25
"""Rows, as a share of the file before, below and above which there is a question."""

FEWEST_KEPT = 0.5
"""Records of the file before, as a share, that a file holds again; below, the keys may be other ones."""

FEWEST_DISTINCT = 0.5
"""Different values, as a share of the file before, below which a column may be filled by default."""

FEWEST_TO_LOSE = 20
"""Different values below which losing half of them says nothing."""

ALIKE, DIFFERENT = 0.1, 0.25

SMALLEST_SHARE = 0.0005
"""Stands for the share of a code that is not there: the index has no value for nought."""


class Likeness(StrEnum):
    """How alike two files' codes are."""

    ALIKE = "about the same"
    SHIFTED = "somewhat different"
    DIFFERENT = "very different"
    UNKNOWN = "not compared"


@dataclass(frozen=True, slots=True)
class ColumnDrift:
    """One column beside the same one of the file before; None where there was none, or where it is hidden. Shares are of rows, 0 to 1."""

    column: str
    filled: float
    filled_before: float | None
    distinct: Count
    distinct_before: Count
    stability: float | None
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed since the file before: rows then, each column, each month, and what needs a question."""

    rows_before: int
    columns: tuple[ColumnDrift, ...]
    months: tuple[tuple[str, int, int], ...]
    concerns: tuple[Concern, ...]


def compare(now: QualityReport, before: QualityReport) -> Drift:
    """Compare a delivery's report with the report of the one before. Months are given as (month, now, before)."""
    earlier = {column.column: column for column in before.columns}
    columns = tuple(_compare(column, earlier.get(column.column), now.rows, before.rows) for column in now.columns)
    months_now, months_before = dict(now.months), dict(before.months)
    months = tuple(
        (month, months_now.get(month, 0), months_before.get(month, 0))
        for month in sorted(months_now.keys() | months_before.keys())
    )
    return Drift(before.rows, columns, months, tuple(_find_concerns(now, before, columns)))


def stability(now: Mapping[str, Count], before: Mapping[str, Count]) -> float | None:
    """Give the population stability index of two counts by code; None when either is empty."""
    codes = now.keys() | before.keys()
    total, total_before = (sum(_middle(one.get(code, 0)) for code in codes) for one in (now, before))
    if not total or not total_before:
        return None
    pairs = [
        (
            max(_middle(now.get(code, 0)) / total, SMALLEST_SHARE),
            max(_middle(before.get(code, 0)) / total_before, SMALLEST_SHARE),
        )
        for code in sorted(codes)
    ]
    return sum((share - share_before) * math.log(share / share_before) for share, share_before in pairs)


def say_likeness(index: float | None) -> Likeness:
    """Put the index into words."""
    if index is None:
        return Likeness.UNKNOWN
    if index < ALIKE:
        return Likeness.ALIKE
    return Likeness.SHIFTED if index <= DIFFERENT else Likeness.DIFFERENT


def _middle(count: Count) -> float:
    """Give a count to reckon with: the middle of the range for a hidden one."""
    return (1 + LARGEST_HIDDEN) / 2 if count is None else count


def _share(count: Count, rows: int) -> float:
    return min(_middle(count) / rows, 1.0) if rows else 0.0


def _compare(now: ColumnQuality, before: ColumnQuality | None, rows: int, rows_before: int) -> ColumnDrift:
    filled = _share(now.filled, rows)
    if before is None or not rows_before:
        return ColumnDrift(now.column, filled, None, now.distinct, None, None, Likeness.UNKNOWN)
    enough = min(rows, rows_before) >= FEWEST_ROWS and now.codes and before.codes
    index = stability(dict(now.codes), dict(before.codes)) if enough else None
    return ColumnDrift(
        column=now.column,
        filled=filled,
        filled_before=_share(before.filled, rows_before),
        distinct=now.distinct,
        distinct_before=before.distinct,
        stability=index,
        likeness=say_likeness(index),
    )


def _find_concerns(now: QualityReport, before: QualityReport, columns: tuple[ColumnDrift, ...]) -> Iterator[Concern]:
    yield from _about_rows(now.rows, before.rows)
    yield from _about_keys(now)
    if min(now.rows, before.rows) < FEWEST_ROWS:
        return
    sound = {column.column: column for column in now.columns}
    sound_before = {column.column: column for column in before.columns}
    for column in columns:
        if column.column in sound_before:
            yield from _about_column(column, sound_before[column.column], before.rows)
            yield from _about_validity(sound[column.column], sound_before[column.column])
    yield from _about_months(now, before)


def _about_rows(rows: int, rows_before: int) -> Iterator[Concern]:
    if rows_before < FEWEST_ROWS:
        return
    change = rows / rows_before
    if change < MOST_LOST:
        says = f"The file has {rows:,} rows; the one before had {rows_before:,}: {1 - change:.0%} fewer."
        yield Concern(Doubt.FEWER_ROWS, says)
    if change > MOST_GAINED:
        says = f"The file has {rows:,} rows; the one before had {rows_before:,}: {change - 1:.0%} more."
        yield Concern(Doubt.MORE_ROWS, says)


def _about_keys(now: QualityReport) -> Iterator[Concern]:
    changes = now.changes
    if changes and changes.before >= FEWEST_ROWS and changes.kept < FEWEST_KEPT * changes.before:
        says = f"Only {changes.kept / changes.before:.0%} of the records before are in this file under the same key."
        yield Concern(Doubt.OTHER_KEYS, says)


def _about_column(column: ColumnDrift, earlier: ColumnQuality, rows_before: int) -> Iterator[Concern]:
    """Tell of a column that changed. A handful of cells may go by chance; a few more, such as markings, may not."""
    name, before_share = column.column, column.filled_before or 0.0
    if (earlier.filled or 0) > LARGEST_HIDDEN and not column.filled:
        says = f"{name} is empty in every row; it was filled in {say_count(earlier.filled)} of {rows_before:,} before."
        yield Concern(Doubt.COLUMN_EMPTIED, says, name)
    elif before_share > MUCH_FILLED and column.filled < before_share * MOST_DRAINED:
        says = f"{name} is filled in only {column.filled:.0%} of rows; it was {before_share:.0%}."
        yield Concern(Doubt.COLUMN_DRAINED, says, name)
    elif column.filled_before is not None and abs(column.filled - column.filled_before) > MOST_CHANGED_SHARE:
        says = f"{name} is filled in {column.filled:.0%} of rows; it was {column.filled_before:.0%}."
        yield Concern(Doubt.LESS_FILLED, says, name)
    if column.likeness is Likeness.DIFFERENT:
        says = (
            f"The values of {name} are shared out very differently from the file before (index {column.stability:.2f})."
        )
        yield Concern(Doubt.OTHER_CODES, says, name)
    before = column.distinct_before or 0
    if column.filled and before >= FEWEST_TO_LOSE and _middle(column.distinct) < before * FEWEST_DISTINCT:
        says = f"{name} has {say_count(column.distinct)} different values; it had {before:,}."
        yield Concern(Doubt.FEWER_VALUES, says, name)


def _about_validity(now: ColumnQuality, before: ColumnQuality) -> Iterator[Concern]:
    if not now.filled or not before.filled or min(now.filled, before.filled) < FEWEST_ROWS:
        return
    sound, sound_before = _share(now.valid, now.filled), _share(before.valid, before.filled)
    if sound_before - sound > MOST_CHANGED_SHARE:
        says = f"{sound:.0%} of the values in {now.column} can be used; it was {sound_before:.0%}."
        yield Concern(Doubt.LESS_VALID, says, now.column)


def _about_months(now: QualityReport, before: QualityReport) -> Iterator[Concern]:
    """Tell of a file with a newer day whose newest row is no newer, though rows had come in between before."""
    if not now.months or not before.months or now.extracted_on.isoformat()[:7] <= before.extracted_on.isoformat()[:7]:
        return
    if now.months[-1][0] < before.months[-1][0]:
        yield Concern(Doubt.NOTHING_NEW, f"Its newest rows are older than those of the file of {before.extracted_on}.")
