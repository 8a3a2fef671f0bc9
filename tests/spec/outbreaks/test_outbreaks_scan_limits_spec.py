"""What a scan refuses because it is too much, or cannot be meant: in words, before memory or time run out."""

from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.adapters.scan_dates import read_dates
from wardkeeper.adapters.scan_files import parse_scan_areas, parse_scan_cases, parse_scan_population
from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import scan
from wardkeeper.outbreaks.space.steps import Unit, count_windows, list_windows, make_steps

AREAS = pl.DataFrame({"area": ["a", "b", "c"], "x": [0.0, 1.0, 5.0], "y": [0.0, 0.0, 0.0]})
PEOPLE = pl.DataFrame({"area": ["a", "b", "c"], "population": [10, 10, 10]})
CASES = pl.DataFrame({"area": ["a", "b"], "cases": [9, 1], "date": [date(2020, 1, 1), date(2020, 1, 14)]})


@pytest.mark.parametrize(("first", "last"), [(date.min, date.max), (date(1902, 1, 1), date(2020, 1, 31))])
def test_a_study_of_too_many_steps_is_refused(first, last):
    with pytest.raises(BadInput, match="steps of time; at most 20,000"):
        scan(CASES, AREAS, PEOPLE, study_from=first, study_to=last)


@pytest.mark.parametrize(
    ("length", "unit", "steps"), [(1, Unit.YEAR, 9999), (12, Unit.MONTH, 9999), (365, Unit.DAY, 10_006)]
)
def test_steps_may_begin_with_the_first_day_of_all_and_end_with_the_last(length, unit, steps):
    made = make_steps(date.min, date.max, length, unit)
    assert len(made) == steps
    assert (made[0][0], made[-1][1]) == (date.min, date.max)


def test_years_that_end_on_28_february_of_a_leap_year_stay_whole_years():
    made = make_steps(date(2018, 3, 1), date(2020, 2, 28), 1, Unit.YEAR)
    assert made == [(date(2018, 3, 1), date(2019, 2, 28)), (date(2019, 3, 1), date(2020, 2, 28))]


def test_months_are_whole_whatever_their_length_and_a_missing_day_waits_for_the_next():
    firsts = [step[0] for step in make_steps(date(2020, 1, 1), date(2020, 4, 30), 1, Unit.MONTH)]
    assert firsts == [date(2020, month, 1) for month in (1, 2, 3, 4)]
    made = make_steps(date(2020, 11, 10), date(2021, 3, 29), 2, Unit.MONTH)
    assert made == [
        (date(2020, 11, 10), date(2020, 11, 29)), (date(2020, 11, 30), date(2021, 1, 29)),
        (date(2021, 1, 30), date(2021, 3, 29)),
    ]  # fmt: skip
    assert make_steps(date(2021, 1, 1), date(2021, 3, 29), 1, Unit.MONTH)[-1] == (date(2021, 3, 1), date(2021, 3, 29))


@pytest.mark.parametrize("prospective", [False, True])
@pytest.mark.parametrize("longest", [0, 1, 3, 7, 9])
def test_windows_are_counted_without_being_listed(longest, prospective):
    assert count_windows(7, longest, prospective=prospective) == len(list_windows(7, longest, prospective=prospective))


def test_windows_that_memory_would_not_hold_are_refused():
    with pytest.raises(BadInput, match="windows that a cluster may last"):
        scan(CASES, AREAS, PEOPLE, study_from=date(1970, 1, 1), study_to=date(2020, 1, 31))


def test_a_seed_that_is_too_great_is_refused():
    with pytest.raises(BadInput, match="as asked"):
        scan(CASES, AREAS, PEOPLE, seed=2**64)


@pytest.mark.parametrize("far", [1e13, 1e200, -1e308])
def test_a_place_too_far_to_tell_distances_is_refused(far):
    areas = AREAS.with_columns(x=pl.Series([far, 0.0, 1.0]))
    with pytest.raises(BadInput, match="not on the map"):
        scan(CASES, areas, PEOPLE)
    with pytest.raises(BadInput, match="row 1, column x: The coordinate is beyond"):
        parse_scan_areas(f"a {far} 0\nb 0 0\n".encode(), "f.geo")


@pytest.mark.parametrize("near", [1e-150, 1e-160, 1e-320])
def test_places_too_near_to_tell_distances_are_one_place(near):
    found = scan(CASES, AREAS.with_columns(x=pl.Series([near, 0.0, 0.0])), PEOPLE, replicates=9)
    assert found.clusters[0].areas == ("a",)


@pytest.mark.parametrize("number", ["1e308", "9223372036854775807", "1e13"])
def test_a_number_that_nobody_can_have_counted_is_refused(number):
    with pytest.raises(BadInput, match="row 1, column cases: The number of cases is above"):
        parse_scan_cases(f"a {number}\nb 1\n".encode(), "f.cas")
    with pytest.raises(BadInput, match="The number of people is above"):
        parse_scan_population(f"area,population\na,{number}\n".encode(), "f.csv")


@pytest.mark.parametrize("mark", ["[c]", "c", "..", "n/a", "fewer than 5", "-"])
def test_marks_of_hidden_counts_in_official_tables_are_known_as_such(mark):
    with pytest.raises(BadInput, match="missing or hidden"):
        parse_scan_cases(f"area,cases\na,{mark}\nb,1\n".encode(), "f.csv")


def test_two_columns_of_the_same_heading_are_refused():
    with pytest.raises(BadInput, match="column cases: Two columns have the same heading"):
        parse_scan_cases(b"area,cases,cases\na,1,2\n", "f.csv")


@pytest.mark.parametrize("mistyped", ["2020/13/45", "2020/2/30", "soon", "30/5/2020"])
def test_a_mistyped_date_does_not_turn_the_dates_of_a_plain_file_into_a_group_of_people(mistyped):
    with pytest.raises(BadInput, match="row 2, column date: The date can't be read"):
        parse_scan_cases(f"a 1 2020/5/30\nb 1 {mistyped}\nc 1 2020/5/29\n".encode(), "f.cas")


def test_the_year_0_is_no_date():
    with pytest.raises(BadInput, match="The date can't be read"):
        parse_scan_cases(b"a 1 0000/1/1\nb 1 2020/1/1\n", "f.cas")
    assert read_dates(pl.Series(["0000", "0001"])).days.to_list() == [None, date(1, 1, 1)]


NOBODY = pl.DataFrame({"area": ["a", "b", "c", "d"], "population": [0, 9, 9, 9]})
FEW = pl.DataFrame({"area": ["a", "b", "c", "d"], "cases": [9, 1, 1, 1]})
SQUARE = pl.DataFrame({"area": ["a", "b", "c", "d"], "x": [0.0, 1.0, 0.0, 5.0], "y": [0.0, 0.0, 1.0, 5.0]})


@pytest.mark.parametrize("model", ["poisson", "negbin"])
def test_cases_where_nobody_lives_are_refused_where_people_tell_what_is_expected(model):
    with pytest.raises(BadInput, match="There are cases in areas where nobody lives, such as a: 1 areas"):
        scan(FEW, SQUARE, NOBODY, model=model, replicates=9)


def test_cases_where_nobody_lives_are_said_where_only_dates_are_shuffled():
    dated = FEW.with_columns(date=pl.Series([date(2020, 1, day) for day in (1, 2, 3, 4)]))
    found = scan(dated, SQUARE, NOBODY, model="permutation", replicates=9)
    assert found.notes == ("Areas with cases and no population: 1. Their cases count; check their population.",)


@pytest.mark.parametrize("model", ["poisson", "negbin"])
def test_without_days_and_people_nothing_tells_what_is_expected(model):
    with pytest.raises(BadInput, match="needs to know how many people live in each area"):
        scan(FEW, SQUARE, model=model, replicates=9)


WEEKS = [date(2020, 1, 4) + timedelta(7 * week) for week in range(12)]
STEADY = pl.DataFrame({"date": WEEKS}).join(AREAS.select("area", cases=pl.lit(5)), how="cross")


@pytest.mark.parametrize(
    ("cases", "settings", "says"),
    [
        (CASES.with_columns(date=date(2020, 1, 1)), {"model": "permutation"}, ["All cases are in one step of time"]),
        (STEADY.drop("date"), {"population": PEOPLE}, ["No zone has more cases than expected"]),
        (STEADY, {"model": "negbin", "aggregate_days": 7}, ["No zone has more cases", "Without a population"]),
    ],
)
def test_a_scan_that_finds_nothing_says_why(cases, settings, says):
    found = scan(cases, AREAS, replicates=99, **settings)
    assert found.clusters == ()
    assert [note[: len(words)] for note, words in zip(found.notes, says, strict=True)] == says


def test_a_scan_that_finds_a_cluster_has_nothing_to_explain():
    assert scan(CASES.drop("date"), AREAS, PEOPLE, replicates=99).notes == ()
