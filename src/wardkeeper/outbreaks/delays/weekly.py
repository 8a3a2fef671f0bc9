"""The newest weeks of an area, each as it will be when all is reported: what detectors and maps should start from."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.counts import SATURDAY, WEEK
from wardkeeper.outbreaks.delays.estimating import Estimates, estimate_finals
from wardkeeper.outbreaks.delays.line_lists import triangle_of
from wardkeeper.outbreaks.delays.nowcasting import (
    FIGURES,
    bound_totals,
    bound_whole,
    check_history,
    fit_settings,
    tell_batches,
)
from wardkeeper.outbreaks.delays.settings import LONGEST_DELAY, SETTINGS, NowcastSettings
from wardkeeper.outbreaks.delays.triangle import Triangle
from wardkeeper.outbreaks.given import take_day, take_kind, take_weekday, take_whole

MOST_WEEKS = LONGEST_DELAY // WEEK - 1


@dataclass(frozen=True, eq=False)
class WeeklyNowcast:
    """`areas`: area, week_end and `FIGURES`, sorted; `whole`: week_end and `FIGURES` of all areas together; `notes`."""

    areas: pl.DataFrame
    whole: pl.DataFrame
    notes: tuple[str, ...]


def nowcast_counts(
    cases: pl.DataFrame | Triangle,
    as_of: date,
    *,
    weeks: int = 2,
    ends_on: int = SATURDAY,
    areas: list[str] | None = None,
    settings: NowcastSettings = SETTINGS,
) -> pl.DataFrame:
    """Estimate the newest `weeks` weeks that were over before `as_of`, from a line list (see `triangle_of`) or a triangle.

    Gives area, week_end, observed, estimate, low50, high50, low90, high90, sorted. `ends_on` is the weekday each week ends
    on, 1 Monday to 7 Sunday. Only what was reported by `as_of` is used. With few cases the delays are those of all
    areas together. Raises BadInput.
    """
    return nowcast_weeks(cases, as_of, weeks=weeks, ends_on=ends_on, areas=areas, settings=settings).areas


def nowcast_weeks(
    cases: pl.DataFrame | Triangle,
    as_of: date,
    *,
    weeks: int = 2,
    ends_on: int = SATURDAY,
    areas: list[str] | None = None,
    settings: NowcastSettings = SETTINGS,
) -> WeeklyNowcast:
    """Do as `nowcast_counts`, and give all areas together and the notes on late batches too."""
    take_day(as_of, "as_of")
    take_whole(weeks, "weeks")
    take_weekday(ends_on, "ends_on")
    take_kind(settings, NowcastSettings, "settings")
    if not 1 <= weeks <= MOST_WEEKS:
        raise BadInput(
            f"{weeks} weeks were asked for.",
            f"Choose 1 to {MOST_WEEKS}: older weeks are complete.",
            Where(key="weeks", rule="weeks"),
        )
    since = as_of - timedelta(days=settings.memory + WEEK * weeks)
    triangle = cases if isinstance(cases, Triangle) else triangle_of(cases, until=as_of, since=since, areas=areas)
    number = triangle.day_of(as_of) if isinstance(cases, Triangle) else len(triangle.cube) - 1
    newest = (as_of.isoweekday() - ends_on - 1) % WEEK + 1
    fitted = fit_settings(triangle, settings, horizon=newest + WEEK * weeks - 1)
    check_history(triangle, number, fitted)
    part = triangle.between(number - fitted.memory - WEEK * weeks, number)
    estimates = estimate_finals(part.cube, fitted)
    found = [_week(part, estimates, as_of, newest + WEEK * back) for back in range(weeks)]
    each, whole = (pl.concat(frames) for frames in zip(*found, strict=True))
    return WeeklyNowcast(each.sort("area", "week_end"), whole.sort("week_end"), tell_batches(part, fitted))


def _week(part: Triangle, estimates: Estimates, as_of: date, newest: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the week whose last day is `newest` days before `as_of`: its areas, and all of them together."""
    report, days = len(part.cube) - 1, range(newest, newest + WEEK)
    end = pl.lit(as_of - timedelta(days=newest)).alias("week_end")
    each = bound_totals(estimates, report, days).select(pl.Series("area", part.areas, pl.String), end, *FIGURES)
    whole = bound_whole(estimates, report, days, np.ones(len(part.areas), dtype=bool))
    return each, whole.select(end, *FIGURES)
