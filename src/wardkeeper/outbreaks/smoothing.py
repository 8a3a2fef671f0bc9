"""Smoothed rates of areas, with intervals and the chance of being above a threshold.

A small area's raw rate is mostly chance. Three ways to draw strength from others: from all areas (`marshall`), from
neighbours by moments (`local`), or from neighbours and all areas by a model that learns how much of each (`bym2`). Hidden
counts enter as intervals. Whatever is to be published is made of what may be published: `protect_counts` hides small counts
*before* smoothing, so that no smoothed rate, and no total, gives them away. The arithmetic stands in `areal`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.areal.bym2 import smooth
from wardkeeper.outbreaks.areal.graphs import Graph, make_graph
from wardkeeper.outbreaks.areal.marshall import GammaRates, expect_counts, smooth_globally, smooth_locally
from wardkeeper.outbreaks.areal.propagation import Observed
from wardkeeper.outbreaks.given import Kind, take_frame, take_number, take_whole
from wardkeeper.outbreaks.rates import PER
from wardkeeper.outbreaks.series.choices import choose

Numbers = NDArray[np.float64]

LOWER, UPPER = 0.025, 0.975
NAMED = 3


class Smoothing(StrEnum):
    """How rates are smoothed."""

    MARSHALL = "marshall"
    LOCAL = "local"
    BYM2 = "bym2"


NO_PEOPLE = "nobody lives here: no rate"
HIDDEN = "the count is hidden"

COLUMNS = (
    "area", "low", "high", "population", "raw", "rate", "rate_low", "rate_high", "relative_risk", "rr_sd", "rr_low",
    "rr_high", "p_above_average", "p_above", "neighbours", "note",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class SmoothedRates:
    """One row an area, in the order given, and what was assumed.

    Columns: area, low, high (cases), population, raw (null where hidden), rate, rate_low, rate_high (per 100,000 people;
    95% credible interval), relative_risk (to all areas together), rr_sd, rr_low, rr_high, p_above_average, p_above (null
    without a threshold), neighbours, note. Figures are null where nobody lives. `average` is the rate of all areas;
    `strength` and `share` are the model's own (`bym2` only): deviation of log relative risks, part of it shared.
    """

    frame: pl.DataFrame
    method: Smoothing
    average: float
    notes: tuple[str, ...] = ()
    strength: float | None = None
    share: float | None = None


def protect_counts(areas: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Hide counts below `limit`: each becomes an interval from 0 to `limit` - 1. Takes and gives area, low, high, ….

    All that follows rests on the intervals, so neither a rate nor a difference from a total can tell the count.
    """
    if take_whole(limit, "protect") < 1:
        raise BadInput(
            f"Counts below {limit} cannot be hidden.", "Give a limit of 1 or more, such as 5.", Where(rule="protect")
        )
    small = pl.col("low") < limit
    return areas.with_columns(
        low=pl.when(small).then(0).otherwise(pl.col("low")),
        high=pl.when(small).then(pl.max_horizontal("high", pl.lit(limit - 1))).otherwise(pl.col("high")),
    )


def smooth_rates(
    areas: pl.DataFrame,
    neighbours: pl.DataFrame | None = None,
    *,
    method: Smoothing | str = Smoothing.BYM2,
    above: float | None = None,
    protect: int | None = None,
) -> SmoothedRates:
    """Smooth the rates of `areas` (area, population, and cases, or low and high where counts may be hidden).

    `neighbours` holds pairs: area, neighbour. A pair given one way only counts both ways, and is noted. `above` is a rate
    per 100,000 people whose chance of being exceeded is wanted. `protect` hides counts below it first. Raises BadInput
    for an area given twice or unknown, cases where nobody lives, figures below 0, one area alone, and no case at all.
    """
    way = choose(Smoothing, method, "method")
    _check_above(above)
    rows = _check(protect_counts(_as_interval(areas), protect) if protect is not None else _as_interval(areas))
    graph, notes = _graph(rows, neighbours, way)
    lived_in = rows["population"].to_numpy() > 0
    empty = int((~lived_in).sum())
    if empty:
        notes.append(f"Areas where nobody lives have no rate: {empty:,}.")
    low, high, people = (rows[name].to_numpy().astype(np.float64) for name in ("low", "high", "population"))
    # Where nobody lives a hidden count can be no case, so it enters as none; it is still told as it came.
    high = np.where(lived_in, high, 0.0)
    hidden = int((low < high).sum())
    if hidden:
        notes.append(f"Hidden counts entered as intervals, not as zero: {hidden:,} of {len(low):,}.")
    answer = _SMOOTHERS[way](low, high, people, graph, above)
    return SmoothedRates(
        _finish(rows, answer, graph), way, answer.average * PER, tuple(notes), answer.strength, answer.share
    )


@dataclass(frozen=True, eq=False)
class _Answer:
    """Figures as columns of all areas, and the common rate (cases a person)."""

    columns: dict[str, Numbers]
    average: float
    strength: float | None = None
    share: float | None = None


def _check_above(above: float | None) -> None:
    if above is not None and take_number(above, "above") < 0:
        message = "The rate to be above must be a number of 0 or more, per 100,000."
        raise BadInput(message, "Change it.", Where(rule="rate to be above"))


def _by_gamma(found: GammaRates, lived_in: NDArray[np.bool_], average: float, above: float | None) -> _Answer:
    columns = {
        "rate": found.estimate * PER,
        "rate_low": found.quantile(LOWER) * PER,
        "rate_high": found.quantile(UPPER) * PER,
        "rr_sd": found.sd() / average,
        "p_above_average": found.above(average),
    }
    if above is not None:
        columns["p_above"] = found.above(above / PER)
    return _Answer({name: _spread_out(values, lived_in) for name, values in columns.items()}, average)


def _spread_out(values: Numbers, lived_in: NDArray[np.bool_]) -> Numbers:
    whole = np.full(len(lived_in), np.nan)
    whole[lived_in] = values
    return whole


def _marshall(low: Numbers, high: Numbers, people: Numbers, _: Graph, above: float | None) -> _Answer:
    lived_in = people > 0
    kept = low[lived_in], high[lived_in], people[lived_in]
    return _by_gamma(smooth_globally(*kept), lived_in, _average(*kept), above)


def _local(low: Numbers, high: Numbers, people: Numbers, graph: Graph, above: float | None) -> _Answer:
    lived_in = people > 0
    kept = low[lived_in], high[lived_in], people[lived_in]
    first, second = graph.borders[lived_in][:, lived_in].nonzero()
    inner = make_graph(first, second, int(lived_in.sum()))
    return _by_gamma(smooth_locally(*kept, inner), lived_in, _average(*kept), above)


def _bym2(low: Numbers, high: Numbers, people: Numbers, graph: Graph, above: float | None) -> _Answer:
    lived_in = people > 0
    average = _average(low[lived_in], high[lived_in], people[lived_in])
    found = smooth(graph, Observed(low, high, people * average))
    per = average * PER
    columns = {
        "rate": found.mean() * per,
        "rate_low": found.quantile(LOWER) * per,
        "rate_high": found.quantile(UPPER) * per,
        "rr_sd": found.sd(),
        "p_above_average": found.above(1.0),
    }
    if above is not None:
        columns["p_above"] = found.above(above / per)
    return _Answer(columns, average, found.strength, found.share)


_SMOOTHERS = {Smoothing.MARSHALL: _marshall, Smoothing.LOCAL: _local, Smoothing.BYM2: _bym2}


def _average(low: Numbers, high: Numbers, people: Numbers) -> float:
    """Give all areas' rate, with hidden counts as they may be expected to be."""
    return float(expect_counts(low, high, people)[0].sum() / people.sum())


def _as_interval(areas: pl.DataFrame) -> pl.DataFrame:
    taken = take_frame(areas, "areas", KINDS)
    figures = ("low", "high") if {"low", "high"} <= set(taken.columns) else ("cases",)
    absent = [name for name in ("area", "population", *figures) if name not in taken.columns]
    if absent:
        where = Where(column=", ".join(absent), rule="columns")
        raise BadInput("The table of areas lacks a column.", "It needs area, population and cases.", where)
    _check_figures(taken, ("population", *figures))
    areas = taken.with_columns(pl.col(figures).cast(pl.Int64))
    if figures != ("cases",):
        return areas.select("area", "low", "high", "population")
    return areas.select("area", "population", low="cases", high="cases")


KINDS = {
    "area": Kind.ID,
    "population": Kind.NUMBER,
    "cases": Kind.NUMBER,
    "low": Kind.NUMBER,
    "high": Kind.NUMBER,
}
MOST = 1e12
"""A figure beyond this is a slip or a code."""


def _check_figures(areas: pl.DataFrame, names: Sequence[str]) -> None:
    """Refuse people that are no number, and cases that are no whole number. Blanks are judged with the areas."""
    for name in names:
        number = areas[name].cast(pl.Float64).fill_null(0)
        fits = number.is_finite() & (number.abs() <= MOST) & ((number % 1 == 0) | (name == "population"))
        if not fits.all():
            where = Where(row=int((~fits).arg_true()[0]) + 1, column=name, rule="figures")
            what = "number" if name == "population" else "whole number"
            raise BadInput(f"This is no {what} of at most {MOST:,.0f}.", "Correct it.", where)


def _check(rows: pl.DataFrame) -> pl.DataFrame:
    """Refuse areas that cannot be smoothed, by the first that is wrong."""
    people = pl.col("population").fill_null(0)
    nameless = people == 0
    faults = {
        "is given twice": pl.col("area").is_duplicated(),
        "has cases below 0, or none known": ~((pl.col("low") >= 0) & (pl.col("high") >= pl.col("low"))).fill_null(
            value=False
        ),
        "has fewer people than none": people < 0,
        "has cases, and no population": nameless & (pl.col("low") > 0),
    }
    for what, is_wrong in faults.items():
        wrong = rows.filter(is_wrong)["area"].unique(maintain_order=True)
        if len(wrong):
            some = ", ".join(map(str, wrong[:NAMED])) + (" …" if len(wrong) > NAMED else "")
            message = f"An area {what}: {some}."
            raise BadInput(message, "Correct the table: one row an area, with people and cases.", Where(rule="areas"))
    if rows.height < 2 or int((rows["population"].fill_null(0) > 0).sum()) < 2:
        message = "One area alone cannot be smoothed."
        raise BadInput(message, "Give two areas or more with people.", Where(rule="areas"))
    if not rows.filter(people > 0)["high"].sum():
        message = "There is no case in any area: nothing can be learned of how rates vary."
        raise BadInput(message, "Give a longer period, or more areas.", Where(rule="cases"))
    known = rows.filter((pl.col("low") == pl.col("high")) & (people > 0))
    if known.is_empty():
        message = "Every count is hidden: nothing can be learned of how rates vary."
        raise BadInput(message, "Give a longer period, larger areas, or a lower limit.", Where(rule="cases"))
    return rows.with_columns(population=people)


def _graph(rows: pl.DataFrame, neighbours: pl.DataFrame | None, way: Smoothing) -> tuple[Graph, list[str]]:
    """Give the graph and what is to be said of it."""
    empty = np.empty(0, dtype=np.int64)
    if neighbours is None:
        if way is not Smoothing.MARSHALL:
            message = f"Smoothing by “{way}” needs to know which areas are neighbours."
            raise BadInput(message, "Give pairs of neighbours, or choose marshall.", Where(rule="neighbours"))
        return make_graph(empty, empty, rows.height), []
    places = {area: place for place, area in enumerate(rows["area"])}
    known = pl.DataFrame(
        {"name": list(places), "place": np.arange(rows.height)}, schema={"name": pl.String, "place": pl.Int64}
    )
    given = take_frame(neighbours, "neighbours", {"area": Kind.ID, "neighbour": Kind.ID})
    if not {"area", "neighbour"} <= set(given.columns):
        raise BadInput("The table of neighbours lacks a column.", "It needs area, neighbour.", Where(rule="columns"))
    pairs = (
        given.select("area", "neighbour")
        .join(known.rename({"name": "area", "place": "first"}), on="area", how="left")
        .join(known.rename({"name": "neighbour", "place": "second"}), on="neighbour", how="left")
    )
    _refuse_unknown(pairs)
    first, second = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    graph = make_graph(first, second, rows.height)
    return graph, _say(graph, first, second)


def _refuse_unknown(pairs: pl.DataFrame) -> None:
    strange = pl.concat(
        [
            pairs.filter(pl.col("first").is_null())["area"],
            pairs.filter(pl.col("second").is_null())["neighbour"].rename("area"),
        ]
    ).unique(maintain_order=True)
    if len(strange):
        some = ", ".join(str(one) for one in strange[:NAMED]) + (" …" if len(strange) > NAMED else "")
        message = f"Neighbours name {len(strange):,} areas that are not in the list of areas: {some}."
        next_step = "Add them to the areas, or take their pairs out; check that both are of the same year's boundaries."
        raise BadInput(message, next_step, Where(rule="neighbours"))


def _say(graph: Graph, first: NDArray[np.int64], second: NDArray[np.int64]) -> list[str]:
    said = []
    own = int((first == second).sum())
    apart = first != second
    ways = np.unique(np.stack([first[apart], second[apart]]), axis=1)
    one_way = 2 * (graph.borders.nnz // 2) - ways.shape[1]
    if own:
        said.append(f"Areas named as their own neighbour; that was left out: {own:,}.")
    if one_way:
        said.append(f"Pairs of neighbours given one way only; they were made mutual: {one_way:,}.")
    alone = int(graph.alone.sum())
    if alone:
        said.append(f"Areas without a neighbour: {alone:,}. They learn from all areas, not from a neighbour.")
    parts = len(np.unique(graph.part[~graph.alone]))
    if parts > 1:
        said.append(
            f"The areas fall into {parts:,} parts without a border between them; each is smoothed on its own scale."
        )
    return said


def _finish(rows: pl.DataFrame, answer: _Answer, graph: Graph) -> pl.DataFrame:
    """Put figures beside their areas; null where nobody lives."""
    lived_in = pl.col("population") > 0
    figures = {"p_above": np.full(rows.height, np.nan)} | answer.columns
    whole = pl.col("low") == pl.col("high")
    per = answer.average * PER
    return (
        rows.with_columns(pl.Series(name, values) for name, values in figures.items())
        .with_columns(pl.when(lived_in).then(pl.col(*figures)).fill_nan(None))
        .with_columns(
            raw=pl.when(lived_in & whole).then(pl.col("low") * PER / pl.col("population")),
            relative_risk=pl.col("rate") / per,
            rr_low=pl.col("rate_low") / per,
            rr_high=pl.col("rate_high") / per,
            neighbours=pl.Series(graph.degree.astype(np.int64)),
            note=pl.when(~lived_in).then(pl.lit(NO_PEOPLE)).when(~whole).then(pl.lit(HIDDEN)).otherwise(pl.lit("")),
        )
        .select(COLUMNS)
    )
