"""The real weekly counts of England, as published in 2020: 6,791 areas and 37 weeks, three in five cells withheld."""

from datetime import date

import polars as pl
import pytest

from reference_data import reference
from wardkeeper.adapters.case_files import read_case_table, read_population
from wardkeeper.adapters.place_files import read_areas
from wardkeeper.demo import cast
from wardkeeper.outbreaks.published import from_published
from wardkeeper.usecases.load_cases import Figures, load_figures
from wardkeeper.usecases.view_outbreak import view

__all__ = ["reference"]

PUBLISHED = date(2020, 12, 15)
FIRST_LOCAL_RISE = date(2020, 6, 20)


@pytest.fixture
def england(reference, house):
    folder = reference / "england"
    counts = from_published(
        read_case_table(folder / "msoa_weekly_cases_2020-03-21_2020-11-28.parquet"),
        as_of=PUBLISHED,
        population=read_population(folder / "population20_msoa11.csv.gz"),
    )
    areas = read_areas(folder / "boundaries_msoa11.geojson.gz", None)
    figures = Figures(counts, "England, published", areas, older=True, restated=True)
    return load_figures(house, cast.PUBLIC_HEALTH, figures)


def test_every_area_and_week_is_kept(england):
    assert (england.areas, england.weeks, england.rows) == (6_791, 37, 6_791 * 37)


def test_a_withheld_count_is_an_interval_and_never_zero(england, house):
    shown = view(house, cast.PUBLIC_HEALTH, FIRST_LOCAL_RISE).areas
    hidden = shown.filter("suppressed")
    assert hidden.height > 5_000
    assert hidden.select(pl.col("low", "high").unique()).row(0) == (0, 2)
    assert hidden["rate"].null_count() == hidden.height
    assert (hidden["rate_high"] > 0).all()


def test_leicesters_rise_stands_first_in_the_week_to_20_june_2020(england, house):
    shown = view(house, cast.PUBLIC_HEALTH, FIRST_LOCAL_RISE)
    assert shown.areas["name"].head(5).str.starts_with("Leicester").all()
    assert 20 <= shown.alarms <= 60


def test_every_area_has_an_outline_for_the_map(england, house):
    shown = view(house, cast.PUBLIC_HEALTH, FIRST_LOCAL_RISE)
    assert set(shown.areas["code"]) <= set(shown.outlines)
