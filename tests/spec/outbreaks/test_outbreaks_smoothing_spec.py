"""Cases and people by area in, smoothed rates with intervals out.

from wardkeeper.outbreaks import smooth_rates

areas = pl.DataFrame({"area": ["A", "B", "C", "D"], "cases": [0, 3, 9, 1], "population": [900, 1100, 1000, 800]})
neighbours = pl.DataFrame({"area": ["A", "B", "C"], "neighbour": ["B", "C", "D"]})
rates = smooth_rates(areas, neighbours, method="bym2", above=400, protect=5)
"""

import numpy as np
import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import smooth_rates
from wardkeeper.outbreaks.areal import propagation
from wardkeeper.outbreaks.smoothing import HIDDEN, NO_PEOPLE, Smoothing, protect_counts

AREAS = pl.DataFrame({"area": ["A", "B", "C", "D"], "cases": [0, 3, 9, 1], "population": [900, 1100, 1000, 800]})
CHAIN = pl.DataFrame({"area": ["A", "B", "C"], "neighbour": ["B", "C", "D"]})
MUTUAL = pl.concat([CHAIN, CHAIN.select(area="neighbour", neighbour="area")])
FIGURES = ("rate", "rate_low", "rate_high", "relative_risk", "p_above_average", "p_above")


def with_cases(**cases) -> pl.DataFrame:
    return AREAS.with_columns(
        pl.col("area").replace_strict(cases, default=pl.col("cases"), return_dtype=pl.Int64).alias("cases")
    )


@pytest.mark.parametrize("method", Smoothing)
def test_every_way_draws_rates_together_and_keeps_their_order_of_sureness(method):
    rates = smooth_rates(AREAS, MUTUAL, method=method, above=400)
    frame = rates.frame
    assert frame["area"].to_list() == ["A", "B", "C", "D"]
    assert frame["raw"].to_list() == pytest.approx([0, 3e5 / 1100, 900, 125])
    assert (frame["rate"] > 0).all()
    assert frame["rate"].max() < 900
    assert (frame["rate_low"] <= frame["rate"]).all()
    assert (frame["rate"] <= frame["rate_high"]).all()
    assert frame["p_above"].arg_max() == 2 if method is not Smoothing.LOCAL else True
    assert rates.average == pytest.approx(13e5 / 3800)
    assert rates.notes == ()


def test_marshalls_global_estimate_by_hand():
    # Common mean 10/1000; the spread of 0.01 and 0.03 about it, less chance, is what areas vary.
    areas = pl.DataFrame({"area": ["A", "B"], "cases": [0, 40], "population": [1000, 1000]})
    mean, spread = 0.02, 0.02**2
    common = spread - mean / 1000
    weight = common / (common + mean / 1000)
    found = smooth_rates(areas, method="marshall").frame["rate"].to_list()
    assert found == pytest.approx([1e5 * (mean - weight * mean), 1e5 * (mean + weight * mean)])


def test_where_areas_vary_no_more_than_chance_all_have_the_common_rate():
    areas = pl.DataFrame({"area": list("ABC"), "cases": [5, 5, 5], "population": [1000, 1000, 1000]})
    frame = smooth_rates(areas, method="marshall").frame
    assert frame["rate"].to_list() == pytest.approx([500] * 3)
    assert (frame["rate_low"] < 500).all()


def test_a_pair_given_one_way_counts_both_ways_and_is_noted():
    rates = smooth_rates(AREAS, CHAIN)
    assert rates.notes == ("Pairs of neighbours given one way only; they were made mutual: 3.",)
    assert rates.frame.equals(smooth_rates(AREAS, MUTUAL).frame)
    assert rates.frame["neighbours"].to_list() == [1, 2, 2, 1]


@pytest.mark.parametrize("method", [Smoothing.LOCAL, Smoothing.BYM2])
def test_an_island_is_smoothed_without_a_neighbour_and_said(method):
    rates = smooth_rates(AREAS, MUTUAL.filter((pl.col("area") != "D") & (pl.col("neighbour") != "D")), method=method)
    assert any("Areas without a neighbour: 1." in note for note in rates.notes)
    assert rates.frame["rate"].null_count() == 0
    assert rates.frame["neighbours"][3] == 0


def test_an_island_is_drawn_towards_all_areas_where_others_are_drawn_to_their_neighbours():
    alone = MUTUAL.filter((pl.col("area") != "D") & (pl.col("neighbour") != "D"))
    locally, globally = (smooth_rates(AREAS, alone, method=way).frame for way in ("local", "marshall"))
    assert locally["rate"][3] == globally["rate"][3]
    assert locally["rate"][0] != globally["rate"][0]


def test_neighbours_that_are_all_hidden_are_not_read_as_zero():
    rows = AREAS.with_columns(low=pl.Series([0, 0, 9, 7]), high=pl.Series([2, 2, 9, 7])).drop("cases")
    pairs = pl.DataFrame({"area": ["A", "C"], "neighbour": ["B", "D"]})
    assert smooth_rates(rows, pairs, method="local").frame["rate"].min() > 30


def test_separate_parts_are_said():
    split = MUTUAL.filter(~(pl.col("area").is_in(["B", "C"]) & pl.col("neighbour").is_in(["B", "C"])))
    rates = smooth_rates(AREAS, split)
    assert any("fall into 2 parts" in note for note in rates.notes)
    assert rates.frame["rate"].is_finite().all()


@pytest.mark.parametrize("method", Smoothing)
def test_an_area_where_nobody_lives_has_no_rate_and_is_said(method):
    areas = pl.concat([AREAS, pl.DataFrame({"area": ["E"], "cases": [0], "population": [0]})])
    rates = smooth_rates(areas, MUTUAL, method=method)
    last = rates.frame.row(4, named=True)
    assert [last[name] for name in FIGURES] == [None] * 6
    assert last["note"] == NO_PEOPLE
    assert "Areas where nobody lives have no rate: 1." in rates.notes


@pytest.mark.parametrize("method", Smoothing)
def test_a_hidden_count_where_nobody_lives_stays_hidden_and_changes_no_rate(method):
    areas = AREAS.select("area", "population", low="cases", high="cases")
    nobody = pl.DataFrame({"area": ["E"], "population": [0], "low": [0], "high": [4]}, schema=areas.schema)
    hidden, bare = (
        smooth_rates(pl.concat([areas, one]), MUTUAL, method=method).frame
        for one in (nobody, nobody.with_columns(high=pl.lit(0, pl.Int64)))
    )
    assert hidden.row(4, named=True)["high"] == 4
    assert hidden.drop("high").equals(bare.drop("high"))


@pytest.mark.parametrize("method", Smoothing)
def test_a_hidden_count_is_an_interval_between_the_answers_of_its_ends(method):
    # B may be 0 to 4.
    def of_b(low, high):
        rows = AREAS.with_columns(low=pl.Series([0, low, 9, 1]), high=pl.Series([0, high, 9, 1])).drop("cases")
        return smooth_rates(rows, MUTUAL, method=method).frame.row(1, named=True)

    hidden = of_b(0, 4)
    assert of_b(0, 0)["rate"] < hidden["rate"] < of_b(4, 4)["rate"]
    assert (hidden["raw"], hidden["note"]) == (None, HIDDEN)


@pytest.mark.parametrize("method", Smoothing)
def test_protected_counts_leave_no_trace_in_what_is_given(method):
    """Whatever the counts below 5 are, every figure given is the same: nothing can be worked back."""
    one = smooth_rates(with_cases(A=0, B=3, D=1), MUTUAL, method=method, above=400, protect=5)
    other = smooth_rates(with_cases(A=4, B=0, D=2), MUTUAL, method=method, above=400, protect=5)
    assert one.frame.equals(other.frame)
    assert (one.average, one.notes) == (other.average, other.notes)
    assert one.frame.filter(pl.col("area") != "C").select("low", "high").unique().rows() == [(0, 4)]
    assert one.frame["raw"].to_list() == [None, None, 900.0, None]


def test_protecting_never_narrows_a_count_that_was_hidden_more_widely():
    rows = pl.DataFrame({"area": ["A"], "low": [0], "high": [9], "population": [10]})
    assert protect_counts(rows, 5).select("low", "high").row(0) == (0, 9)


@pytest.mark.parametrize(
    ("areas", "says"),
    [
        (pl.concat([AREAS, AREAS[:1]]), "is given twice: A"),
        (with_cases(A=-1), "has cases below 0, or none known: A"),
        (AREAS.with_columns(population=pl.Series([900, 0, 1000, 800])), "has cases, and no population: B"),
        (AREAS.with_columns(population=pl.Series([900, None, 1000, 800])), "has cases, and no population: B"),
        (with_cases(A=0, B=0, C=0, D=0), "no case in any area"),
        (AREAS[1:2], "One area alone"),
        (AREAS.select("area", "population", low=pl.lit(0), high=pl.lit(2)), "Every count is hidden"),
    ],
)
def test_areas_that_cannot_be_smoothed_are_refused(areas, says):
    with pytest.raises(BadInput, match=says):
        smooth_rates(areas, method="marshall")


def test_neighbours_that_are_no_areas_are_refused_by_name():
    strange = pl.concat([CHAIN, pl.DataFrame({"area": ["D"], "neighbour": ["X"]})])
    with pytest.raises(BadInput, match="1 areas that are not in the list of areas: X"):
        smooth_rates(AREAS, strange)


@pytest.mark.parametrize("above", [float("nan"), float("inf"), -1.0])
def test_a_rate_to_be_above_that_is_none_is_refused(above):
    with pytest.raises(BadInput, match="above"):
        smooth_rates(AREAS, method="marshall", above=above)


def test_an_unknown_way_and_missing_neighbours_are_refused():
    with pytest.raises(BadInput, match="marshall, local, bym2"):
        smooth_rates(AREAS, MUTUAL, method="kriging")
    with pytest.raises(BadInput, match="needs to know which areas are neighbours"):
        smooth_rates(AREAS)


def test_rates_that_are_too_far_apart_to_be_fitted_are_refused_not_searched_for_ever():
    # A population that was mistyped: 300 cases among 301 people, and next to none in areas of a million.
    areas = pl.DataFrame(
        {
            "area": ["A", "B", "C", "D", "E", "F"],
            "cases": [300, 0, 0, 0, 0, 1],
            "population": [301, 10**6, 10**6, 10**6, 10**6, 5],
        }
    )
    chain = pl.DataFrame({"area": ["A", "B", "C", "D", "E"], "neighbour": ["B", "C", "D", "E", "F"]})
    with pytest.raises(BadInput, match="too far apart to be smoothed"):
        smooth_rates(areas, chain)


def test_fits_that_have_not_settled_are_refused_not_told(monkeypatch):
    monkeypatch.setattr(propagation, "MOST_ROUNDS", 1)
    with pytest.raises(BadInput, match="too far apart to be smoothed"):
        smooth_rates(AREAS.with_columns(cases=pl.Series([900, 0, 1, 0])), CHAIN)


def test_the_chance_of_being_above_falls_as_the_threshold_rises():
    chances = [smooth_rates(AREAS, MUTUAL, above=rate).frame["p_above"].to_numpy() for rate in (1, 200, 400, 5000)]
    assert (np.diff(np.array(chances), axis=0) <= 0).all()
    assert (chances[0] > 0.9).all()
