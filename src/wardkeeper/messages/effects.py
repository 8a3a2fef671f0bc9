"""What a campaign changed: a difference in differences between areas it went to and areas it did not, with an interval.

Each area's own change is one observation, so that days and weeks within an area, which resemble each other, don't count
as independent (Bertrand, Duflo & Mullainathan 2004, Quarterly Journal of Economics 119(1), section IV.C). With two
groups this is the two-way fixed-effects estimate; its interval is Welch's, which is the one that clusters by area with
the bias-reduced variance and its degrees of freedom (Bell & McCaffrey 2002; Imbens & Kolesár 2016, Review of Economics
and Statistics 98(4)), and holds with few areas. When areas start at different times, each is compared with those that have
not started yet (Callaway & Sant'Anna 2021, Journal of Econometrics 225(2)), and the interval leaves out one area at a
time (the jackknife CV3 of MacKinnon, Nielsen & Webb 2023, Journal of Econometrics 232(2)) with G − 1 degrees of freedom.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
import polars as pl
from scipy import stats

from wardkeeper.kernel.errors import BadInput, Where

PER = 100_000
"""With a population, outcomes are rates by so many people."""

FEWEST = 2
"""Areas in each group: with one there is no telling how much areas differ anyway."""

FEW = 6
"""Below so many areas in a group the interval is told to rest on few."""

FEW_AREAS = ("There are few areas: the interval is wide and rough.",)

AS_GIVEN = "counted as in the figures given, for each area and period"
AS_RATE = "for each 100,000 people, for each area and period"
"""What the figures of an effect are counted in."""

OUTCOME, GROUP = ("area", "date", "value"), ("area", "start")


class Design(StrEnum):
    """How the effect was estimated."""

    DIFFERENCES = "difference in differences"
    AFTER_ONLY = "difference after the start"
    STEPPED = "difference in differences, stepped start"


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect on the outcome, a period and an area: a rate by 100,000 people where the outcome has a population.

    `low` and `high` are the 95% interval, `expected` what the areas written to would have had without it, `p` of no
    effect. `treated` and `compared` count areas. `notes` say what to beware of. `unit` says what the figures count.
    """

    design: Design
    effect: float
    low: float
    high: float
    p: float
    standard_error: float
    degrees: float
    expected: float
    treated: int
    compared: int
    notes: tuple[str, ...] = ()
    unit: str = AS_GIVEN


@dataclass(frozen=True, slots=True)
class _Measured:
    """An effect, its standard error and degrees of freedom, the mean of those written to, and how many areas."""

    effect: float
    error: float
    degrees: float
    reached: float
    treated: int
    compared: int


def estimate_effect(outcome: pl.DataFrame, groups: pl.DataFrame, *, level: float = 0.95) -> Effect:
    """Estimate the effect of a campaign.

    `outcome` has area, date (a day, or a period's last day), value (a count, or a rate), and population where the value is
    a count to be made a rate. `groups` has area and start: the first day of the campaign there, null for the comparison.
    Raises BadInput when a group has fewer than two areas, when areas or days are missing, or values are not numbers.
    """
    table = _tidy(outcome, groups)
    starts = table["start"].drop_nulls().unique().sort().to_list()
    many = len(starts) > 1
    found = _estimate_stepped(table, level) if many else _estimate_two_groups(table, starts[0], level)
    return replace(found, unit=AS_RATE) if "population" in outcome.columns else found


def check_days(outcome: pl.DataFrame, today: date) -> None:
    """Raise BadInput when an outcome (with date) has days to come: such figures are not complete, or are a forecast."""
    to_come = outcome["date"] > today
    if to_come.any():
        first = outcome["date"].filter(to_come).sort().to_list()[0]
        raise _bad(
            f"{int(to_come.sum()):,} rows of the outcome are of days to come, the first {first}.",
            "Leave them out: what has not happened yet tells nothing of an effect.",
            "date",
        )


def _tidy(outcome: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Join the two, checked: area, date, value (a rate where there is a population) and start."""
    for frame, columns, what in ((outcome, OUTCOME, "outcome"), (groups, GROUP, "groups")):
        absent = [name for name in columns if name not in frame.columns]
        if absent:
            raise _bad(f"The {what} has no column {absent[0]}.", f"Give {', '.join(columns)}.", absent[0])
    if groups["area"].is_duplicated().any():
        raise _bad("An area is in the groups twice.", "Name each area once.", "area")
    if outcome.select("area", "date").is_duplicated().any():
        raise _bad("An area has two values for one day.", "Give one value an area and day.", "date")
    table = outcome.join(groups.select(GROUP), on="area", how="inner", maintain_order="left")
    _check_values(table)
    return _as_rates(table).select("area", "date", "value", "start").sort("area", "date")


def _check_values(table: pl.DataFrame) -> None:
    value = table["value"].cast(pl.Float64, strict=False)
    if value.is_null().any() or not value.is_finite().all():
        raise _bad("A value of the outcome is not a number.", "Give a number, or leave the row out.", "value")
    if table["date"].is_null().any():
        raise _bad("A row of the outcome has no day.", "Give each row its day, as 2020-11-28.", "date")
    per_area = table.group_by("area").len()["len"]
    if per_area.len() and per_area.min() != table["date"].n_unique():
        raise _bad(
            "Some areas have no value for some days.",
            "Give every area a value for every day; 0 where it is none.",
            "date",
        )
    for started, what in ((True, "that the campaign went to"), (False, "to compare with")):
        areas = table.filter(pl.col("start").is_not_null() == started)["area"].n_unique()
        stepped = not started and table["start"].drop_nulls().n_unique() > 1
        if areas < FEWEST and not stepped:
            raise _bad(f"There are fewer than {FEWEST} areas {what}.", "Name more areas in the groups.", "area")


def _as_rates(table: pl.DataFrame) -> pl.DataFrame:
    value = pl.col("value").cast(pl.Float64)
    if "population" not in table.columns:
        return table.with_columns(value)
    if table["population"].is_null().any() or (table["population"] <= 0).any():
        raise _bad("An area has no population.", "Give each area its population, above 0.", "population")
    return table.with_columns(value * PER / pl.col("population"))


def _estimate_two_groups(table: pl.DataFrame, start: date, level: float) -> Effect:
    """Compare each area's change between before and after."""
    after = pl.col("date") >= start
    changes = table.group_by("area", maintain_order=True).agg(
        treated=pl.col("start").is_not_null().first(),
        before=pl.col("value").filter(~after).mean(),
        after=pl.col("value").filter(after).mean(),
    )
    if changes["after"].null_count():
        raise _bad("No day of the outcome is after the start.", "Give days from the start on.", "date")
    has_before = not changes["before"].null_count()
    changed = changes["after"] - changes["before"] if has_before else changes["after"]
    treated = changes["treated"].to_numpy()
    ours, theirs = changed.to_numpy()[treated], changed.to_numpy()[~treated]
    effect, error, degrees = _welch(ours, theirs)
    after_ours = float(changes["after"].to_numpy()[treated].mean())
    design = Design.DIFFERENCES if has_before else Design.AFTER_ONLY
    notes = () if has_before else ("There are no days before the start: areas that differed anyway show as an effect.",)
    return _conclude(design, _Measured(effect, error, degrees, after_ours, len(ours), len(theirs)), level, notes)


def _welch(ours: np.ndarray, theirs: np.ndarray) -> tuple[float, float, float]:
    """Give the difference of means, its standard error, and the Welch–Satterthwaite degrees of freedom."""
    parts = np.array([ours.var(ddof=1) / len(ours), theirs.var(ddof=1) / len(theirs)])
    sizes = np.array([len(ours) - 1, len(theirs) - 1])
    below = float((parts**2 / sizes).sum())
    degrees = float(parts.sum() ** 2 / below) if below > 0 else float(sizes.sum())
    return float(ours.mean() - theirs.mean()), float(np.sqrt(parts.sum())), degrees


def _estimate_stepped(table: pl.DataFrame, level: float) -> Effect:
    """Compare each area that has started with those that have not, period by period, and leave out one area at a time."""
    days = table["date"].unique().sort().to_list()
    values = table["value"].to_numpy().reshape(-1, len(days))
    first = table.group_by("area", maintain_order=True).agg(pl.col("start").first())["start"].to_list()
    begins = np.array([len(days) if one is None else sum(day < one for day in days) for one in first])
    if not (begins > 0).all():
        raise _bad("An area has no day before its start.", "Give days from before the first start on.", "date")
    cells = _cells(begins, len(days))
    if not cells:
        raise _bad(
            "No area has started while another had not.", "Give days between the first start and the last.", "date"
        )
    whole = _average(values, begins, cells)
    left_out = [_average(np.delete(values, one, 0), np.delete(begins, one), cells) for one in range(len(begins))]
    kept = np.array([one for one in left_out if np.isfinite(one)])
    error = float(np.sqrt((len(kept) - 1) / len(kept) * ((kept - whole) ** 2).sum()))
    started = begins < len(days)
    reached = np.concatenate([values[row, begins[row] :] for row in np.flatnonzero(started)])
    counts = int(started.sum()), int((~started).sum())
    return _conclude(Design.STEPPED, _Measured(whole, error, len(kept) - 1, float(reached.mean()), *counts), level)


def _cells(begins: np.ndarray, days: int) -> list[tuple[int, int]]:
    """Give each start and period in which some have started then and some have not started yet."""
    return [
        (int(begin), day)
        for begin in np.unique(begins[begins < days])
        for day in range(begin, days)
        if (begins > day).any()
    ]


def _average(values: np.ndarray, begins: np.ndarray, cells: list[tuple[int, int]]) -> float:
    """Give the mean effect over cells, each weighted by its areas; not a number when none is left."""
    effects, weights = [], []
    for begin, day in cells:
        ours, theirs = begins == begin, begins > day
        if ours.any() and theirs.any():
            change = values[:, day] - values[:, begin - 1]
            effects.append(change[ours].mean() - change[theirs].mean())
            weights.append(int(ours.sum()))
    return float(np.average(effects, weights=weights)) if effects else float("nan")


def _conclude(design: Design, measured: _Measured, level: float, notes: tuple[str, ...] = ()) -> Effect:
    effect, error = measured.effect, measured.error
    reach = float(stats.t.ppf(0.5 + level / 2, measured.degrees)) * error
    p = float(2 * stats.t.sf(abs(effect) / error, measured.degrees)) if error > 0 else float(effect == 0)
    rough = design is not Design.STEPPED and min(measured.treated, measured.compared) < FEW
    return Effect(
        design=design,
        effect=effect,
        low=effect - reach,
        high=effect + reach,
        p=p,
        standard_error=error,
        degrees=measured.degrees,
        expected=measured.reached - effect,
        treated=measured.treated,
        compared=measured.compared,
        notes=(*notes, *(FEW_AREAS if rough else ())),
    )


def _bad(message: str, next_step: str, column: str) -> BadInput:
    return BadInput(message, next_step, Where(column=column, rule="effect"))
