"""The newest days corrected for what is not yet reported, with intervals, using only what was known on the day."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.counts import in_words
from wardkeeper.outbreaks.delays.batches import part_batches
from wardkeeper.outbreaks.delays.estimating import Estimates, estimate_finals
from wardkeeper.outbreaks.delays.ladder import late_cases
from wardkeeper.outbreaks.delays.settings import SETTINGS, NowcastSettings
from wardkeeper.outbreaks.delays.spread import learn_late, learn_spread
from wardkeeper.outbreaks.delays.triangle import Triangle, clean_triangle
from wardkeeper.outbreaks.given import take_day, take_kind, take_switch, take_texts, take_whole

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_BATCHES = 5
MOST_CASES = 1e15
"""A bound is at most this: where past errors are beyond all measure, nothing bounds the total, and a whole number must."""

BOUNDS = ("low90", "low50", "high50", "high90")
"""In the order of `spread.PROBABILITIES`."""

FIGURES = ("observed", "estimate", "low50", "high50", "low90", "high90")
COLUMNS = ("area", *FIGURES, "missing")


@dataclass(frozen=True, eq=False)
class Nowcast:
    """`frame`: one row an area, sorted, with `COLUMNS`; `whole`: one row for these areas together, with `FIGURES`.

    `missing` says what no estimate can hold, `notes` what was assumed.
    """

    report: date
    frame: pl.DataFrame
    whole: pl.DataFrame
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def nowcast(
    triangle: pl.DataFrame | Triangle,
    report: date,
    *,
    horizon: int = 7,
    missing: tuple[str, ...] = (),
    incremental: bool = False,
    settings: NowcastSettings = SETTINGS,
) -> pl.DataFrame:
    """Estimate each area's total of the `horizon` days that end the day before `report`, as it will be when final.

    `triangle` has a row for each report day, specimen day and area, with the cases known so far (see `clean_triangle`).
    Gives area, observed (known on the day), estimate, and intervals that hold the final total in half and in nine
    of ten cases: low50, high50, low90, high90. `missing` names feeds that are not in the figures at all; no method can
    estimate those, so the column `missing` says so in each row. Rows reported after `report` are never looked at.
    Raises BadInput. Method: chain ladder shrunk between areas, joined with the trend (see `ladder`, `trend`, `estimating`).
    """
    take_day(report, "report")
    take_whole(horizon, "horizon")
    take_switch(incremental, "incremental")
    take_kind(settings, NowcastSettings, "settings")
    missing = tuple(take_texts(missing, "missing"))
    since = report - timedelta(days=settings.memory)
    held = (
        triangle
        if isinstance(triangle, Triangle)
        else clean_triangle(triangle, until=report, since=since, incremental=incremental)
    )
    return make_nowcast(held, report, horizon=horizon, missing=missing, settings=settings).frame


def make_nowcast(
    triangle: Triangle,
    report: date,
    *,
    horizon: int = 7,
    missing: tuple[str, ...] = (),
    settings: NowcastSettings = SETTINGS,
) -> Nowcast:
    """Do as `nowcast`, and give the notes too."""
    number = triangle.day_of(report)
    fitted = fit_settings(triangle, settings, horizon=horizon)
    check_history(triangle, number, fitted)
    part = triangle.between(number - fitted.memory, number)
    estimates = estimate_finals(part.cube, fitted)
    last = len(part.cube) - 1
    delays = range(1, horizon + 1)
    known = np.asarray(~np.isnan(estimates.counts[last, 1 : fitted.settled + 1]).all(axis=0))
    frame = bound_totals(estimates, last, delays).insert_column(0, pl.Series("area", part.areas, pl.String))
    absent = tuple(f"{feed} not included" for feed in missing)
    rows = frame.filter(pl.Series(known)).with_columns(missing=pl.lit("; ".join(absent)))
    notes = (*triangle.notes, *_notes(part, estimates, known, horizon))
    whole = bound_whole(estimates, last, delays, known).select(FIGURES)
    return Nowcast(report, rows.select(COLUMNS), whole, absent, notes)


def fit_settings(triangle: Triangle, settings: NowcastSettings, *, horizon: int) -> NowcastSettings:
    """Fit the settings to how far back the reports reach. Raises BadInput when they don't reach over the horizon."""
    reach = triangle.cube.shape[1] - 1
    if not 1 <= horizon <= reach:
        raise BadInput(
            f"The horizon is {horizon} days, but each report reaches back {reach} days.",
            f"Choose 1 to {reach} days.",
            Where(key="horizon", rule="horizon"),
        )
    return replace(
        settings, settled=min(settings.settled, reach), final=max(settings.final, min(settings.settled, reach))
    )


def check_history(triangle: Triangle, report: int, settings: NowcastSettings) -> None:
    """Refuse a report day with too few reports before it to learn from. Raises BadInput."""
    reports = int(triangle.published[: report + 1].sum())
    if reports < settings.least_reports:
        raise BadInput(
            f"Only {reports} reports are known by {triangle.first + timedelta(days=report)}.",
            f"Delays can be learned from {settings.least_reports} daily reports or more: choose a later day.",
            Where(column="report", rule="enough reports"),
        )


def bound_totals(estimates: Estimates, report: int, delays: range) -> pl.DataFrame:
    """Give observed, estimate and bounds of each area's total over `delays` as known on report day number `report`."""
    return _bound(_totals_of(estimates, report, delays), estimates, report)


def bound_whole(estimates: Estimates, report: int, delays: range, areas: Flags) -> pl.DataFrame:
    """Do as `bound_totals` for the chosen areas [area] together: one row.

    Errors of areas are partly shared, so that ends of their intervals can't be added. The interval is learned from the
    past errors of the sum itself.
    """
    each = _totals_of(estimates, report, delays)
    return _bound(each.together(areas), estimates, report)


@dataclass(frozen=True, eq=False)
class _Totals:
    """Totals by series: `now` and `known` as estimated and as reported, `extra` what late batches brought [series].

    `past` are earlier estimates, `came` what came of them, `settled` and `final` what changed late [day, series].
    """

    now: Numbers
    known: Numbers
    extra: Numbers
    past: Numbers
    came: Numbers
    settled: Numbers
    final: Numbers

    def together(self, chosen: Flags) -> "_Totals":
        """Add the chosen series up to one. Of the past, only what is known on both sides counts."""
        now, known, extra = (one[chosen].sum(keepdims=True) for one in (self.now, self.known, self.extra))
        return _Totals(
            now, known, extra, *_add_known(self.past, self.came, chosen), *_add_known(self.settled, self.final, chosen)
        )


def _add_known(before: Numbers, after: Numbers, chosen: Flags) -> tuple[Numbers, Numbers]:
    both = ~np.isnan(before + after) & chosen
    some = both.any(axis=1)
    first, second = (np.where(some, np.where(both, part, 0.0).sum(axis=1), np.nan)[:, None] for part in (before, after))
    return first, second


def _totals_of(estimates: Estimates, report: int, delays: range) -> _Totals:
    settings = estimates.settings
    totals = estimates.total(delays)
    newest = report - max(settings.settled - delays.start, 1)
    past = slice(max(0, newest - settings.judged_days + 1), max(0, newest + 1))
    return _Totals(
        totals[report],
        estimates.observed(delays)[report],
        estimates.batched(delays)[report],
        totals[past],
        estimates.came(delays)[past],
        *estimates.late_changes(report),
    )


def _bound(totals: _Totals, estimates: Estimates, report: int) -> pl.DataFrame:
    spread = learn_spread(totals.past, totals.came, caution=estimates.settings.caution)
    bounds = np.round(spread.around(totals.now, learn_late(totals.settled, totals.final)))
    if estimates.rising[report]:
        bounds = np.maximum(bounds, totals.known[:, None])
    below = np.minimum(bounds, np.floor(totals.now)[:, None])
    above = np.maximum(bounds, np.ceil(totals.now)[:, None])
    nearest = np.column_stack([below[:, :2], above[:, 2:]])
    ends = nearest + totals.extra[:, None]
    ends = np.where(np.isnan(ends), (0.0, 0.0, MOST_CASES, MOST_CASES), ends).clip(0.0, MOST_CASES)
    return pl.DataFrame(
        {
            "observed": (totals.known + totals.extra).round().astype(np.int64),
            "estimate": np.maximum(totals.now + totals.extra, 0.0).round(1),
            **{name: ends[:, place].astype(np.int64) for place, name in enumerate(BOUNDS)},
        }
    )


def _notes(part: Triangle, estimates: Estimates, known: NDArray[np.bool_], horizon: int) -> tuple[str, ...]:
    settings, last = estimates.settings, len(part.cube) - 1
    said = list(tell_batches(part, settings))
    unseen = [delay for delay in range(1, horizon + 1) if np.isnan(estimates.counts[last, delay]).all()]
    said += [
        f"Nothing was published for {in_words(part.last - timedelta(days=delay))}: it is taken from the trend."
        for delay in unseen
    ]
    if not known.all():
        gone = [area for area, there in zip(part.areas, known, strict=True) if not there]
        said.append(f"Areas without any figure in the last week, left out: {len(gone):,} ({', '.join(gone[:3])}).")
    stale = known & np.isnan(part.cube[last]).all(axis=0)
    if stale.any():
        said.append(f"Areas that are not in this report, estimated from earlier ones: {int(stale.sum()):,}.")
    if part.cube.shape[1] <= settings.final or last < settings.final:
        said.append(f"Too little is known of changes up to {settings.final} days after: none are expected.")
    if last < settings.settled + settings.least_reports:
        said.append("Too few earlier estimates can be judged yet: the intervals are rough.")
    return tuple(said)


def tell_batches(part: Triangle, settings: NowcastSettings) -> tuple[str, ...]:
    """Tell of late batches and large corrections of the last month, of all areas and of one, none of them learned from."""
    return (*_late_batches(part, settings), *_area_batches(part, settings))


def _late_batches(part: Triangle, settings: NowcastSettings) -> tuple[str, ...]:
    extra, flags = late_cases(part.cube, settings)
    days = [int(day) for day in np.flatnonzero(flags) if day > len(flags) - 1 - settings.final]
    return tuple(_tell_late(part.first + timedelta(days=day), extra[day], settings) for day in days)


def _tell_late(day: date, extra: float, settings: NowcastSettings) -> str:
    kind, what = (
        ("Late batch", "brought about {} more") if extra > 0 else ("Large correction", "took off about {} more")
    )
    return (
        f"{kind}: the report of {in_words(day)} {what.format(f'{round(abs(extra)):,}')} cases than usual for days over "
        f"{settings.batch_after} days old. It is not taken as a change in delays."
    )


def _area_batches(part: Triangle, settings: NowcastSettings) -> tuple[str, ...]:
    """Name late batches of one area that came in the last month, the largest first."""
    steps = part_batches(part.cube, settings).steps
    steps[: max(0, len(steps) - settings.final)] = 0.0
    report, delay, area = np.nonzero(steps)
    sizes = steps[report, delay, area]
    order = np.lexsort((area, delay, -report, -np.abs(sizes)))
    said = [_tell_batch(part, int(report[one]), int(delay[one]), int(area[one]), sizes[one]) for one in order]
    more = len(said) - MOST_BATCHES
    return (
        *said[:MOST_BATCHES],
        *([f"Smaller late batches and corrections of one area: {more:,}."] if more > 0 else ()),
    )


def _tell_batch(part: Triangle, report: int, delay: int, area: int, size: float) -> str:
    told, of = (in_words(part.first + timedelta(days=day)) for day in (report, report - delay))
    kind, brought = ("Late batch", "brought") if size > 0 else ("Large correction", "took off")
    return (
        f"{kind} in {part.areas[area]}: the report of {told} {brought} {round(abs(size)):,} cases of {of}. "
        f"It is counted as it is, and is not taken as a change in delays or growth."
    )
