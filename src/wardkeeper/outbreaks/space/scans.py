"""The spatial and space-time scan statistic: where there are more cases than chance explains.

Kulldorff M (1997), A spatial scan statistic, Communications in Statistics: Theory and Methods 26: 1481-1496.
Kulldorff M (2001), Prospective time periodic geographical disease surveillance using a scan statistic, Journal of the
Royal Statistical Society A 164: 61-72. Kulldorff M, Heffernan R, Hartman J, Assunção R, Mostashari F (2005), A
space-time permutation scan statistic for disease outbreak detection, PLoS Medicine 2: e59.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.given import change_settings, check_settings
from wardkeeper.outbreaks.series.choices import choose
from wardkeeper.outbreaks.space.clusters import Cluster, Layout, describe, is_worth_telling, lay_out, pick_apart
from wardkeeper.outbreaks.space.epidemic import LEAST_PAST
from wardkeeper.outbreaks.space.epidemic_clusters import EpidemicQuestion, find_epidemic
from wardkeeper.outbreaks.space.expectation import average_people, expect_cases, name_groups
from wardkeeper.outbreaks.space.inputs import (
    Coordinates,
    check_people,
    count_cases,
    find_places,
    name_greatest,
    read_areas,
    study_period,
    sum_by_place,
    take_cases,
)
from wardkeeper.outbreaks.space.search import FEWEST, MOST_CASES, Question, find_best, simulate_maxima
from wardkeeper.outbreaks.space.steps import DAYS, Span, Unit, count_windows, list_windows, make_steps
from wardkeeper.outbreaks.space.watching import Part, WatchAll, watch_part
from wardkeeper.outbreaks.space.zones import find_zones

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

LONGEST_SHARE = 0.5
"""The part of the study period a cluster may cover when nothing else is said, as in SaTScan."""

MOST_CELLS = 100_000_000
"""Counts by area and step of time that a scan keeps: each takes some 32 bytes of memory."""

MOST_WINDOWS = 2_000_000
"""Windows that a cluster may last: those of 2,000 days, up to half of them."""

MOST_REPLICATES = 999_999
MOST_SEED = 2**64


class Model(StrEnum):
    """What chance does: scatter all cases by the people (Poisson), or shuffle their dates (permutation).

    Or vary as much as these counts do beyond it, about each area's own past (negative binomial).
    """

    POISSON = "poisson"
    PERMUTATION = "permutation"
    NEGBIN = "negbin"


@dataclass(frozen=True, slots=True)
class Plan:
    """How to scan.

    `max_population` is the greatest share of the people (without a population: of the cases) in a cluster. With dates,
    time is cut into steps of `aggregate_days` (or `aggregate_months`, or `aggregate_years`), and a cluster lasts whole
    steps, at most `max_days` (by default half of the study period); a `prospective` one still goes on, as all do by the
    negative binomial model. `enough` ends the simulation early, once so many data sets were as extreme as the likeliest
    cluster (not by the negative binomial model).
    """

    model: Model = Model.POISSON
    max_population: float = 0.5
    max_days: int | None = None
    aggregate_days: int = 1
    aggregate_months: int | None = None
    aggregate_years: int | None = None
    prospective: bool = False
    study_from: date | None = None
    study_to: date | None = None
    coordinates: Coordinates = Coordinates.CARTESIAN
    replicates: int = 999
    seed: int = 1
    enough: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "model", choose(Model, self.model, "model"))
        object.__setattr__(self, "coordinates", choose(Coordinates, self.coordinates, "coordinates"))
        check_settings(self)
        wrong = {
            "max-population": (not 0 < self.max_population <= 1, "a share above 0 and up to 1, such as 0.1"),
            "replicates": (not 1 <= self.replicates <= MOST_REPLICATES, f"1 to {MOST_REPLICATES:,}, such as 999"),
            "seed": (not 0 <= self.seed < MOST_SEED, "a whole number from 0 to 18,446,744,073,709,551,615"),
            "max-days": (self.max_days is not None and self.max_days < 1, "1 day or more"),
            "enough": (self.enough is not None and self.enough < 1, "1 or more"),
        }
        for rule, (is_wrong, expected) in wrong.items():
            if is_wrong:
                raise BadInput("The scan can't be made as asked.", f"Give {rule} as {expected}.", Where(rule=rule))

    @property
    def unit(self) -> Unit:
        """What steps are counted in."""
        if self.aggregate_years:
            return Unit.YEAR
        return Unit.MONTH if self.aggregate_months else Unit.DAY

    @property
    def length(self) -> int:
        """The length of a step, in its unit."""
        return self.aggregate_years or self.aggregate_months or self.aggregate_days

    @property
    def days(self) -> float:
        """The length of a step in days."""
        return self.length * DAYS[self.unit]

    def longest(self, steps: int) -> int:
        """Give the most steps that a cluster may cover."""
        asked = int(steps * LONGEST_SHARE) if self.max_days is None else int(self.max_days // self.days)
        return max(1, min(asked, steps))

    def windows(self, steps: int) -> tuple[tuple[int, int], ...]:
        """List the spans of steps that a cluster may cover."""
        return list_windows(steps, self.longest(steps), prospective=self.prospective)


@dataclass(frozen=True, eq=False)
class Scan:
    """What a scan found: clusters that share no area, the likeliest first; those that any chance beats are left out.

    `maxima` are the greatest ratios of the simulated data sets; 95 % of them lie below `null_q95`.
    """

    clusters: tuple[Cluster, ...]
    null_q95: float
    maxima: Numbers = field(repr=False)
    cases: int
    areas: int
    notes: tuple[str, ...] = ()


def scan(
    cases: pl.DataFrame,
    areas: pl.DataFrame,
    population: pl.DataFrame | None = None,
    *,
    watch: WatchAll | None = None,
    **settings: Any,
) -> Scan:
    """Scan for clusters of cases; `settings` are the fields of `Plan`. `watch` is told how far it has come.

    `cases` has area (text, or whole numbers, as in all tables), cases (whole numbers) and, for space-time, date; `areas` has area, x, y (or latitude, longitude),
    one row an area; `population` has area, population and perhaps date. Further columns that cases and population
    share, such as age, are adjusted for. Where counts are hidden, cases are the least they may be, and a column `most`
    (for the negative binomial model alone) the greatest. Raises BadInput naming the row, column or rule.
    """
    plan = change_settings(Plan, None, settings)
    cases = take_cases(cases)
    population = None if population is None else check_people(population)
    ids, axes = read_areas(areas, plan.coordinates)
    steps = _steps(plan, cases)
    _check_size(plan, len(steps or ()), len(ids))
    counts = count_cases(cases, ids, steps)
    if counts.sum() < FEWEST:
        return Scan((), 0.0, np.zeros(0), int(counts.sum()), len(ids), (f"A cluster needs {FEWEST} cases or more.",))
    _check_cases(int(counts.sum()))
    spans = steps or _study(plan)
    people = None if population is None else average_people(population, ids, spans)
    notes = (*_say_people(ids, people, population, counts), *_say_groups(plan, cases))
    # Areas in one place cannot be told apart by any circle: they are scanned as one.
    places = find_places(axes)
    layout = lay_out(ids, axes, places, steps or (), people)
    placed = sum_by_place(counts, places)
    if plan.model is Model.NEGBIN:
        even = None if steps else _expect_by_people(counts, cases, population, ids, spans, places)
        most = sum_by_place(count_cases(cases, ids, steps, of=name_greatest(cases)), places)
        return _answer_epidemic(plan, (placed, most), even, layout, notes, watch)
    strata = _strata(cases, ids, steps, places) if plan.model is Model.PERMUTATION else ()
    expected = _shuffle_evenly(strata) if strata else _expect_by_people(counts, cases, population, ids, spans, places)
    question = Question(
        counts=placed,
        expected=expected,
        windows=plan.windows(len(steps)) if steps else ((0, 1),),
        zones=find_zones(
            *layout.axes,
            measure=_measure(plan, placed, expected, layout.people),
            share=plan.max_population,
            watch=watch_part(watch, Part.NEIGHBOURS),
        ),
        strata=strata,
    )
    return _answer(plan, question, layout, notes, watch)


def _answer(plan: Plan, question: Question, layout: Layout, notes: tuple[str, ...], watch: WatchAll | None) -> Scan:
    best = find_best(question, watch_part(watch, Part.CASES))
    greatest = float(best.ratios.max(initial=0.0))
    enough = (greatest, plan.enough) if plan.enough else None
    told = watch_part(watch, Part.CHANCE)
    maxima = simulate_maxima(question, replicates=plan.replicates, seed=plan.seed, enough=enough, watch=told)
    interval = plan.days if plan.prospective and layout.steps else None
    found = (describe(one, question, layout, maxima, interval) for one in pick_apart(best, question))
    clusters = tuple(one for one in found if is_worth_telling(one, maxima))
    q95 = float(np.quantile(maxima, 0.95))
    told_of = (*notes, *_early(maxima, plan), *_say_nothing(plan, clusters, layout))
    return Scan(clusters, q95, maxima, question.cases, layout.areas, told_of)


def _answer_epidemic(
    plan: Plan,
    ends: tuple[Whole, Whole],
    expected: Numbers | None,
    layout: Layout,
    notes: tuple[str, ...],
    watch: WatchAll | None,
) -> Scan:
    """Answer by the negative binomial model: newest steps against each area's own past, or against the people's share."""
    steps = len(layout.steps)
    if steps and steps <= LEAST_PAST:
        raise BadInput(
            f"There are {steps} steps of time, too few to know what is usual.",
            f"Give cases of {LEAST_PAST + 1} steps or more, or shorter steps.",
            Where(rule="earlier steps"),
        )
    people = layout.people if layout.people is not None else (ends[0] + ends[1]).sum(axis=0) / 2
    longest = plan.longest(steps) if steps else 1
    question = EpidemicQuestion(*ends, expected, people, plan.max_population, longest, plan.replicates, plan.seed)
    found = find_epidemic(question, layout, plan.days if steps else None, watch_part(watch, Part.CHANCE))
    q95 = float(np.quantile(found.maxima, 0.95))
    told_of = (*notes, *_say_nothing(plan, found.clusters, layout))
    return Scan(found.clusters, q95, found.maxima, int(ends[0].sum()), layout.areas, told_of)


def _steps(plan: Plan, cases: pl.DataFrame) -> list[Span] | None:
    """Cut the study period into steps; none for a purely spatial scan, of cases without dates."""
    if "date" not in cases.columns:
        if plan.model is Model.PERMUTATION or plan.prospective:
            raise BadInput("This scan needs the cases' dates.", "Give a column date.", Where(column="date"))
        return None
    first, last = study_period(cases, plan.study_from, plan.study_to)
    return make_steps(first, last, plan.length, plan.unit)


def _check_size(plan: Plan, steps: int, areas: int) -> None:
    """Refuse what memory would not hold; the epidemic scan looks at the newest windows alone."""
    newest = plan.prospective or plan.model is Model.NEGBIN
    windows = count_windows(steps, plan.longest(steps), prospective=newest) if steps else 1
    if steps * areas > MOST_CELLS or windows > MOST_WINDOWS:
        raise BadInput(
            f"There are {steps:,} steps of time, {windows:,} windows that a cluster may last, and {areas:,} areas: "
            "too many to scan.",
            "Make steps longer (--aggregate-days 7), clusters shorter (--max-days), the study period shorter, or look "
            "only at clusters that go on (--prospective).",
            Where(rule="number of windows"),
        )


def _study(plan: Plan) -> Sequence[Span | None]:
    """Give the one span of a purely spatial scan: the study period, else all time."""
    return [(plan.study_from, plan.study_to) if plan.study_from and plan.study_to else None]


def _strata(cases: pl.DataFrame, ids: list[str], steps: list[Span] | None, places: Whole) -> tuple[Whole, ...]:
    """Count the cases of each group (of age, say) by step and place: chance shuffles dates within a group alone."""
    groups = name_groups(cases)
    parts = cases.partition_by(groups, maintain_order=True) if groups else [cases]
    return tuple(sum_by_place(count_cases(part, ids, steps), places) for part in parts)


def _shuffle_evenly(strata: tuple[Whole, ...]) -> Numbers:
    """Give what shuffling makes on average: of each group its step's cases times its place's, over all."""
    shared: Numbers = sum(
        (np.outer(one.sum(axis=1), one.sum(axis=0)) / max(1, one.sum()) for one in strata), np.zeros(strata[0].shape)
    )
    return shared


def _expect_by_people(
    counts: Whole,
    cases: pl.DataFrame,
    population: pl.DataFrame | None,
    ids: list[str],
    spans: Sequence[Span | None],
    places: Whole,
) -> Numbers:
    """Give the cases expected by step and place, were the risk the same everywhere."""
    if population is None:
        raise BadInput(
            "Without time, or by the Poisson model, a scan needs to know how many people live in each area.",
            "Give a population; or give days, and use a model that needs none then: permutation or negbin.",
            Where(rule="population"),
        )
    expected: Numbers = np.ascontiguousarray(expect_cases(cases, population, ids, spans).T)
    unlived = (counts.sum(axis=0) > 0) & (expected.sum(axis=0) <= 0)
    if unlived.any():
        raise BadInput(
            f"There are cases in areas where nobody lives, such as {ids[int(unlived.argmax())]}: {int(unlived.sum()):,} areas.",
            "Give their population under the same id, or leave these areas out.",
            Where(column="population", rule="people where there are cases"),
        )
    return sum_by_place(expected, places)


def _measure(plan: Plan, counts: Whole, expected: Numbers, people: Numbers | None) -> Numbers:
    """Give what a cluster's greatest share is a share of: people at risk, else cases."""
    at_risk: Numbers = expected.sum(axis=0)
    if plan.model is Model.POISSON:
        return at_risk
    return counts.sum(axis=0).astype(np.float64) if people is None else people


def _check_cases(total: int) -> None:
    if total > MOST_CASES:
        raise BadInput(f"There are {total:,} cases.", f"Scan at most {MOST_CASES:,}.", Where(rule="number of cases"))


def _say_people(
    ids: list[str], people: Numbers | None, population: pl.DataFrame | None, counts: Whole
) -> tuple[str, ...]:
    """Say which areas and people count for nothing."""
    if population is None or people is None:
        return ()
    nobody, counted = people == 0, counts.any(axis=0)
    empty, odd = int((nobody & ~counted).sum()), int((nobody & counted).sum())
    unknown = len(set(population["area"].unique()) - set(ids))
    said = (
        (empty, f"Areas with no population: {empty:,}. No case is expected there, and none was reported."),
        (odd, f"Areas with cases and no population: {odd:,}. Their cases count; check their population."),
        (unknown, f"Areas with people but no place, left out: {unknown:,}."),
    )
    return tuple(words for count, words in said if count)


def _say_groups(plan: Plan, cases: pl.DataFrame) -> tuple[str, ...]:
    """Say what a model without people does with groups: one shuffles within them, the other looks at all together."""
    named = ", ".join(name_groups(cases))
    words = {
        Model.PERMUTATION: f"Adjusted for {named}: dates are shuffled among the cases of a group alone.",
        Model.NEGBIN: f"Not adjusted for {named}: this model takes all cases together.",
    }
    return (words[plan.model],) if named and plan.model in words else ()


NO_DATES = (
    "All cases are in one step of time: there are no dates to shuffle, so this model cannot find a cluster. "
    "Give cases of more days, or shorter steps."
)
NO_PEOPLE = (
    "Without a population each area's cases stood for its people, which hides part of a rise from this model: give one."
)
NO_RISE = "No zone has more cases than expected, or none so many more that chance would not nearly always do the same."


def _say_nothing(plan: Plan, clusters: tuple[Cluster, ...], layout: Layout) -> tuple[str, ...]:
    """Say why there is no cluster at all."""
    if clusters:
        return ()
    if plan.model is Model.PERMUTATION and len(layout.steps) == 1:
        return (NO_DATES,)
    unpeopled = plan.model is Model.NEGBIN and layout.people is None
    return (NO_RISE, NO_PEOPLE) if unpeopled else (NO_RISE,)


def _early(maxima: Numbers, plan: Plan) -> tuple[str, ...]:
    if len(maxima) == plan.replicates:
        return ()
    return (f"Stopped after {len(maxima):,} of {plan.replicates:,} data sets: the likeliest cluster is no rare thing.",)
