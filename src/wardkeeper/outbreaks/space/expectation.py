"""Cases expected in each area and step of time, were the risk the same everywhere.

People between two dates of the population are found by a straight line; before the first date and after the last they
stay as they are there (SaTScan user guide, "Population file"). Groups of people (age, sex) are adjusted for by indirect
standardisation: Kulldorff M, Feuer EJ, Miller BA, Freedman LS (1997), Breast cancer clusters in the northeast United
States, American Journal of Epidemiology 146: 161-170.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Days = tuple[date, date]

TAKEN = ("area", "cases", "most", "population", "date")


def name_groups(cases: pl.DataFrame) -> list[str]:
    """Name the columns of cases that tell groups: those beside area, number and date."""
    return [name for name in cases.columns if name not in TAKEN]


def find_groups(cases: pl.DataFrame, population: pl.DataFrame) -> list[str]:
    """Name the columns to adjust for: those that cases and population both have beside area, number and date."""
    return [name for name in population.columns if name in cases.columns and name not in TAKEN]


def expect_cases(
    cases: pl.DataFrame, population: pl.DataFrame, areas: Sequence[str], steps: Sequence[Days | None]
) -> Numbers:
    """Give cases expected by area and step (float64 [areas, steps]); they sum to the number of cases.

    `cases` has cases (int) and any groups; `population` has area, population, date (Date, optional) and the same groups.
    A step is its first and last day; None is all time at once. People of other areas are left out of account.
    Raises BadInput when nobody lives in any area, or when there are cases in a group of people that nobody belongs to.
    """
    inside, place = _place_people(population, areas)
    at, weights = _weigh_dates(inside, place, len(areas), steps)
    people = inside["population"].cast(pl.Float64).to_numpy()
    person_time = people * weights.sum(axis=2)[place, at]
    risks = _find_risks(cases, inside, person_time)
    dates = weights.shape[1]
    expected_each_day = np.bincount(place * dates + at, people * risks, len(areas) * dates).reshape(-1, dates)
    expected: Numbers = np.einsum("ad,ads->as", expected_each_day, weights)
    return expected


def average_people(population: pl.DataFrame, areas: Sequence[str], steps: Sequence[Days | None]) -> Numbers:
    """Give each area's people, averaged over the steps (float64 [areas]; 0 where none are given).

    Columns and steps are those of `expect_cases`.
    """
    inside, place = _place_people(population, areas)
    at, weights = _weigh_dates(inside, place, len(areas), steps)
    people = inside["population"].cast(pl.Float64).to_numpy()
    person_time = np.bincount(place, people * weights.sum(axis=2)[place, at], len(areas))
    days = weights.sum(axis=(1, 2))
    average: Numbers = np.divide(person_time, days, out=np.zeros(len(areas)), where=days > 0)
    return average


def _place_people(population: pl.DataFrame, areas: Sequence[str]) -> tuple[pl.DataFrame, Places]:
    """Give the people of these areas, and each row's place among them."""
    order = pl.DataFrame({"area": list(areas)}, schema={"area": pl.String}).with_row_index("place")
    inside = population.join(order, on="area", how="inner", maintain_order="left")
    return inside, inside["place"].to_numpy().astype(np.int64)


def _weigh_dates(
    inside: pl.DataFrame, place: Places, areas: int, steps: Sequence[Days | None]
) -> tuple[Places, Numbers]:
    """Give each row's place among the dates, and what each area's date counts for in each step [areas, dates, steps]."""
    if "date" not in inside.columns:
        known, at = np.zeros(1), np.zeros(inside.height, np.int64)
    else:
        known, at = np.unique(inside["date"].to_physical().to_numpy().astype(np.float64), return_inverse=True)
    spans = _find_spans(known, steps)
    present = np.zeros((areas, len(known)), bool)
    present[place, at] = True
    # Nearly always every area has the same dates: then there is one pattern.
    patterns, which = np.unique(present, axis=0, return_inverse=True)
    table = np.zeros((len(patterns), len(known), len(steps)))
    for number, pattern in enumerate(patterns):
        if pattern.any():
            table[number, pattern] = weigh(known[pattern], spans)
    return at, table[which.ravel()]


def weigh(known: Numbers, spans: Numbers) -> Numbers:
    """Give the days that each known date's people count for in each span (float64 [dates, spans]).

    `known` are days since 1970, in order; a span [spans, 2] is where it begins and where it is over. A span's column
    sums to its length in days: what lies between two dates is shared by a straight line.
    """
    points = np.unique(np.concatenate([known, spans.ravel()]))
    shares = np.stack([np.interp(points, known, one) for one in np.eye(len(known))])
    # Shares are straight between the points, so that their middles give the exact area below them.
    pieces = (shares[:, 1:] + shares[:, :-1]) / 2 * np.diff(points)
    running = np.concatenate([np.zeros((len(known), 1)), np.cumsum(pieces, axis=1)], axis=1)
    days: Numbers = running[:, np.searchsorted(points, spans[:, 1])] - running[:, np.searchsorted(points, spans[:, 0])]
    return days


EPOCH = date(1970, 1, 1).toordinal()


def _find_spans(known: Numbers, steps: Sequence[Days | None]) -> Numbers:
    """Give where each step begins and is over, in days since 1970; None runs from the first known date to the last."""
    first, last = (known[0], max(known[-1], known[0] + 1)) if len(known) else (0.0, 1.0)
    return np.array(
        [(step[0].toordinal() - EPOCH, step[1].toordinal() - EPOCH + 1) if step else (first, last) for step in steps],
        np.float64,
    )


def _find_risks(cases: pl.DataFrame, inside: pl.DataFrame, person_time: Numbers) -> Numbers:
    """Give each row's risk: the cases of its group over the person-time of its group, all areas and steps together."""
    groups = find_groups(cases, inside)
    if not groups:
        total = float(person_time.sum())
        if total <= 0:
            raise BadInput(
                "Nobody lives in these areas: the population is 0 everywhere.",
                "Check that it is the population of these areas, under the same ids.",
                Where(column="population", rule="population"),
            )
        return np.full(inside.height, float(cases["cases"].sum()) / total)
    named = [pl.col(name).cast(pl.String).fill_null("") for name in groups]
    counted = cases.group_by(named).agg(pl.col("cases").sum())
    rows = inside.select(named).with_columns(person_time=pl.Series(person_time))
    people = rows.group_by(groups).agg(pl.col("person_time").sum())
    _check_groups(counted, people, groups)
    risks = people.join(counted, on=groups, how="left").select(
        *groups,
        risk=pl.when(pl.col("person_time") > 0)
        .then(pl.col("cases").fill_null(0) / pl.col("person_time"))
        .otherwise(0.0),
    )
    return rows.join(risks, on=groups, how="left", maintain_order="left")["risk"].to_numpy()


def _check_groups(counted: pl.DataFrame, people: pl.DataFrame, groups: list[str]) -> None:
    somebody = people.filter(pl.col("person_time") > 0)
    nobody = counted.filter(pl.col("cases") > 0).join(somebody, on=groups, how="anti")
    if not nobody.is_empty():
        raise BadInput(
            f"There are {int(nobody['cases'].sum()):,} cases in groups of people that the population does not have.",
            "Write the groups alike in both files, and give people for each.",
            Where(column=", ".join(groups), rule="groups"),
        )
