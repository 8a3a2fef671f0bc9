"""Cases, areas and people made to fit together before a scan: they must speak of the same places and days.

What cannot be right is refused; what is set aside is counted and said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.space.expectation import TAKEN, find_groups, name_groups
from wardkeeper.outbreaks.space.inputs import name_greatest

FEWEST_AREAS = 2
MOST_UNKNOWN = 0.5
"""With a greater share of the cases in unknown areas, the two files are not of the same places."""

FIRST_OF_2021 = {"E01": 33769, "E02": 6935, "W01": 1959, "W02": 424}
"""The first numbers of small areas that were drawn for the Census of 2021; lower ones are of 2011, or of both."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """Frames that fit together, as `scan` takes them, and in words what was set aside or assumed."""

    cases: pl.DataFrame
    areas: pl.DataFrame
    population: pl.DataFrame | None
    notes: tuple[str, ...] = ()

    def noting(self, *notes: str, **changed: pl.DataFrame) -> "Fitted":
        """Give these with frames changed and notes added."""
        return replace(self, notes=(*self.notes, *notes), **changed)


def fit_inputs(
    cases: pl.DataFrame,
    areas: pl.DataFrame,
    population: pl.DataFrame | None = None,
    *,
    study: tuple[date | None, date | None] = (None, None),
    today: date | None = None,
) -> Fitted:
    """Check a scan's frames (see `scan` for their columns) and leave out what is of other places and days.

    `study` is the first and last day to look at, each None where the cases decide. Raises BadInput where nothing is left
    to scan, where the frames speak of different places, and where an area has two places, a case nobody to happen to,
    or (with `today`, and no last day given) a case is still to come.
    """
    checks: Sequence[Callable[[Fitted], Fitted]] = (
        _once_an_area,
        _known_areas,
        lambda so_far: _within_study(so_far, study, today),
        _some_cases,
        _people,
        _usable_groups,
    )
    fitted = Fitted(cases, areas, population)
    for check in checks:
        fitted = check(fitted)
    return fitted


def _once_an_area(fitted: Fitted) -> Fitted:
    """Keep each area once. Two places under one id are refused, for nobody can tell which is meant."""
    distinct = fitted.areas.unique(maintain_order=True)
    twice = distinct.filter(pl.col("area").is_duplicated())
    if not twice.is_empty():
        raise BadInput(
            f"{_have(twice['area'].n_unique())} two places: the first is “{twice['area'][0]}”.",
            "Give each area one pair of coordinates.",
            Where(column="area", rule="once an area"),
        )
    if distinct.height < FEWEST_AREAS:
        raise BadInput(
            "There is only one area: nothing is beside it to compare it with.",
            "Give at least two areas; for one place over time use wardkeeper outbreak detect.",
            Where(column="area", rule="areas"),
        )
    repeated = fitted.areas.height - distinct.height
    notes = [f"Areas written twice in the same place were counted once: {repeated:,}."] if repeated else []
    return fitted.noting(*notes, areas=distinct)


def _have(areas: int) -> str:
    return "An area has" if areas == 1 else f"{areas:,} areas have"


def _known_areas(fitted: Fitted) -> Fitted:
    """Set aside cases of areas that have no coordinates; refuse when that is most of them."""
    unknown = fitted.cases.join(fitted.areas, on="area", how="anti").filter(pl.col(name_greatest(fitted.cases)) > 0)
    known = fitted.cases.join(fitted.areas, on="area", how="semi", maintain_order="left")
    if unknown.is_empty():
        return fitted.noting(cases=known)
    lost, total = int(unknown["cases"].sum()), int(fitted.cases["cases"].sum())
    years = _tell_years(unknown["area"], fitted.areas["area"])
    if lost > MOST_UNKNOWN * total:
        raise BadInput(
            f"{lost:,} of {total:,} cases are in areas that have no coordinates.{years}",
            "Give cases and areas under the same ids.",
            Where(column="area", rule="known areas"),
        )
    where = unknown["area"].n_unique()
    note = f"Cases in areas without coordinates were left out: {lost:,}; areas: {where:,}.{years}"
    return fitted.noting(note, cases=known)


def _tell_years(unknown: pl.Series, known: pl.Series) -> str:
    """Say when ids that are not known are area codes of another Census than those that are."""
    newer, mixed = _of_2021(unknown).any(), _of_2021(known).any()
    if newer and not mixed:
        return " They have area codes of 2021, and the others are of 2011: give all for the same year."
    if mixed and not newer and _are_codes(unknown).any():
        return " They have area codes of 2011, and the others are of 2021: give all for the same year."
    return ""


def _are_codes(ids: pl.Series) -> pl.Series:
    return ids.str.contains(r"^[EW]0[12]\d{6}$").fill_null(value=False)


def _of_2021(ids: pl.Series) -> pl.Series:
    """Mark the codes that came with the Census of 2021."""
    numbers = ids.str.slice(3).cast(pl.Int64, strict=False)
    first = ids.str.slice(0, 3).replace_strict(FIRST_OF_2021, default=None, return_dtype=pl.Int64)
    return (_are_codes(ids) & (numbers >= first)).fill_null(value=False)


def _within_study(fitted: Fitted, study: tuple[date | None, date | None], today: date | None) -> Fitted:
    """Leave out cases outside the study period, and refuse a case still to come where no last day is given."""
    first, last = study
    if first and last and first > last:
        message = "The study ends before it begins."
        raise BadInput(message, "Check the days of --study-from and --study-to.", Where(rule="study period"))
    if "date" not in fitted.cases.columns:
        return fitted
    if today and not last:
        _check_future(fitted.cases, today)
    bounds = pl.col("date") >= first if first else pl.lit(value=True)
    bounds &= pl.col("date") <= last if last else pl.lit(value=True)
    inside = fitted.cases.filter(bounds)
    lost = int(fitted.cases["cases"].sum()) - int(inside["cases"].sum())
    notes = [f"Cases outside the study period were left out: {lost:,}."] if lost else []
    return fitted.noting(*notes, cases=inside)


def _check_future(cases: pl.DataFrame, today: date) -> None:
    ahead = cases.filter((pl.col("date") > today) & (pl.col("cases") > 0))
    if not ahead.is_empty():
        raise BadInput(
            f"Cases dated in the future: {int(ahead['cases'].sum()):,}; the last is of {ahead['date'].max()!s}.",
            "Correct the dates, or leave those cases out with --study-to.",
            Where(column="date", rule="future"),
        )


def _some_cases(fitted: Fitted) -> Fitted:
    if not fitted.cases["cases"].sum():
        raise BadInput(
            " ".join(["There are no cases to scan.", *fitted.notes]),
            "Check that these are the cases of these areas and days.",
            Where(column="cases", rule="cases"),
        )
    return fitted


def _people(fitted: Fitted) -> Fitted:
    """Fit the population to the areas; refuse cases where nobody lives, for no rate is then too high to be true."""
    population, areas = fitted.population, fitted.areas
    if population is None:
        return fitted
    living = population.group_by("area").agg(pl.col("population").sum()).filter(pl.col("population") > 0)
    inside = living.join(areas, on="area", how="semi")
    if inside.is_empty():
        raise BadInput(
            f"The population is 0 in every area.{_tell_years(population['area'], areas['area'])}",
            "Check that it is the population of these areas, under the same ids.",
            Where(column="population", rule="population"),
        )
    _check_somebody(fitted, inside, population["area"])
    empty, elsewhere = areas.height - inside.height, living.height - inside.height
    years = _tell_years(population["area"], areas["area"]) if empty or elsewhere else ""
    said = (
        (empty, f"Areas with no population: {empty:,}. No case is expected there, and none was reported.{years}"),
        (elsewhere, f"People of areas without coordinates were left out; areas: {elsewhere:,}.{years}"),
    )
    return fitted.noting(
        *(note for number, note in said if number),
        population=population.join(areas, on="area", how="semi", maintain_order="left"),
    )


def _check_somebody(fitted: Fitted, living: pl.DataFrame, peopled: pl.Series) -> None:
    alone = fitted.cases.filter(pl.col("cases") > 0).join(living, on="area", how="anti")
    if not alone.is_empty():
        raise BadInput(
            f"{_have(alone['area'].n_unique())} cases and no population; cases: {int(alone['cases'].sum()):,}."
            f"{_tell_years(alone['area'], peopled)}",
            "Give their population under the same ids, or leave those areas out of the file of areas.",
            Where(column="population", rule="population"),
        )


def _usable_groups(fitted: Fitted) -> Fitted:
    """Leave out columns that cannot be adjusted for: those only the cases have, or with a value for each area."""
    if fitted.population is None:
        return _telling_groups(fitted)
    shared = find_groups(fitted.cases, fitted.population)
    telling = [name for name in shared if fitted.population[name].n_unique() >= fitted.areas.height]
    single = [name for name in fitted.cases.columns if name not in {*TAKEN, *shared}]
    said = (
        (single, "only the file of cases has it"),
        (telling, "it has a value for each area, and would explain every difference away"),
    )
    notes = [f"Not adjusted for {', '.join(names)}: {why}." for names, why in said if names]
    return fitted.noting(*notes, cases=fitted.cases.drop(single + telling))


def _telling_groups(fitted: Fitted) -> Fitted:
    """Leave out columns of cases that tell no group, but the area or the single case."""
    cases = fitted.cases
    areas, rows = cases["area"].n_unique(), cases.height
    telling = [
        name
        for name in name_groups(cases)
        if cases.select("area", name).n_unique() == areas or 2 * cases[name].n_unique() > rows
    ]
    if not telling:
        return fitted
    why = "it tells the area or the single case, and would explain every difference away"
    return fitted.noting(f"Not adjusted for {', '.join(telling)}: {why}.", cases=cases.drop(telling))
