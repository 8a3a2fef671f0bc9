"""The same time of earlier years, and the parts of the year between: which rows a Farrington baseline is made of.

Farrington CP, Andrews NJ, Beale AD, Catchpole MA (1996), A statistical algorithm for the early detection of outbreaks
of infectious disease, Journal of the Royal Statistical Society A 159: 547-563. Noufaily A, Enki DG, Farrington P,
Garthwaite P, Andrews N, Charlett A (2013), An improved algorithm for outbreak detection in multiple surveillance
systems, Statistics in Medicine 32: 1206-1222 (the ten-level seasonal factor).
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

import numpy as np

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.series.calendars import DAYS, Step
from wardkeeper.outbreaks.series.histories import Histories, Whole


class Years(StrEnum):
    """How a year back is found: by the dates, or by rows (365 days, 52 weeks, 12 months or 4 quarters)."""

    AUTO = "auto"
    DATES = "dates"
    ROWS = "rows"


@dataclass(frozen=True, eq=False)
class Baseline:
    """Rows that the counts of one time are compared with, and the part of the year (0 its own) each stands in."""

    rows: Whole
    levels: Whole


def choose_years(histories: Histories, years: Years) -> Years:
    """Settle AUTO: rows where weeks begin with a year's first week and there are just 52 for each year, else dates.

    A file of six years with 312 weeks has lost a week 53, and its dates were put on afterwards. Rows too where there are
    no dates, or they are not evenly apart. Raises BadInput for dates asked for there.
    """
    if not histories.even:
        if years == Years.DATES:
            message = "Years can be counted by dates only where all rows are one day, or one week, apart."
            raise BadInput(message, "Count them by rows, which is usual here.", Where(key="years"))
        return Years.ROWS
    if years != Years.AUTO:
        return years
    whole = histories.count >= 2 * Step.WEEK and histories.count % Step.WEEK == 0
    first_week = histories.step == Step.WEEK and histories.dates[0].isocalendar().week == 1
    return Years.ROWS if first_week and whole else Years.DATES


def find_centres(histories: Histories, row: int, back: int, years: Years) -> list[int]:
    """Give the rows of the same time `back` … 1 years ago, then `row` itself; a row before the first is negative."""
    if years == Years.ROWS:
        return [row - histories.step * ago for ago in range(back, -1, -1)]
    first, step, now = histories.dates[0], DAYS[histories.step], histories.dates[row]
    return [(_ago(now, ago, step) - first).days // step for ago in range(back, 0, -1)] + [row]


def _ago(day: date, years: int, step: int) -> date:
    """Give the day some years earlier; for weeks, the nearest of the same weekday. 29 February becomes 1 March."""
    try:
        then = day.replace(year=day.year - years)
    except ValueError:
        then = date(day.year - years, 3, 1)
    away = (day - then).days % step
    return then + timedelta(days=away if away <= step // 2 else away - step)


def find_earliest(histories: Histories, *, back: int, half: int, years: Years) -> int:
    """Give the first row with `back` years and half a window before it, even if that lies past the last row."""
    rows = range(histories.count)
    found = bisect_left(rows, half, key=lambda row: find_centres(histories, row, back, years)[0])
    if found < len(rows):
        return found
    # Past the end the dates are not there to be counted: some rows over, a year being 52 weeks and a day or two.
    return back * (histories.step + (1 if years == Years.DATES else 0)) + half


def find_baseline(centres: Sequence[int], *, half: int, levels: int, left_out: int) -> Baseline:
    """Give the rows of a baseline. `centres` end with the row looked at; the `left_out` rows before that are not used.

    With one level only the windows of `half` rows to each side of the centres are used, of the last only what is before
    it. With more, all rows from the oldest window on: the windows are level 0, and each year between is parted as evenly
    as can be into `levels - 1`, the first taking the rows over (a year of 53 weeks has one).
    """
    parts = np.full(centres[-1] + 1, 0)
    inside = np.zeros(centres[-1] + 1, bool)
    for here, following in pairwise(centres):
        inside[here - half : here + half + 1] = True
        between = np.arange(here + half + 1, following - half)
        if levels > 1:
            inside[between] = True
            parts[between] = _part(len(between), levels - 1)
    inside[centres[-1] - half :] = True
    inside[max(centres[-1] - left_out, 0) :] = False
    rows = np.flatnonzero(inside)
    return Baseline(rows, parts[rows])


def _part(count: int, parts: int) -> Whole:
    """Number `count` rows 1 … `parts`, as evenly as can be, the first parts being the longer."""
    each, over = divmod(count, parts)
    return np.repeat(np.arange(1, parts + 1), [each + (part < over) for part in range(parts)])
