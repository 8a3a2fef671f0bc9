"""Every published form of England's 2020 cases loads, and the forms agree where they are about the same days.

They were published on different days, so figures differ by corrections: by how many is measured and held here.
"""

from datetime import date

import polars as pl
import pytest

from reference_data import reference
from wardkeeper.adapters.case_files import read_case_table
from wardkeeper.outbreaks.published import from_published

__all__ = ["reference"]

SATURDAY, SUNDAY = 6, 7


@pytest.fixture(scope="module")
def england(reference):
    return reference / "england"


@pytest.fixture(scope="module")
def weekly(england):
    table = read_case_table(england / "published_msoa_weekly_wide_2020-10-27.csv.gz")
    return from_published(table, as_of=date(2020, 10, 27), year=2020)


@pytest.fixture(scope="module")
def long(england):
    table = read_case_table(england / "msoa_weekly_cases_2020-03-21_2020-11-28.parquet")
    return from_published(table, as_of=date(2020, 12, 15))


@pytest.fixture(scope="module")
def rolling(england):
    """The daily table of seven-day totals, by the weekday they end on."""
    table = read_case_table(england / "published_msoa_rolling_2020-11-30.csv.gz")
    day = table[table.columns[0]].str.to_date()
    return {
        weekday: from_published(table.filter(day.dt.weekday() == weekday), as_of=date(2020, 11, 30))
        for weekday in (SATURDAY, SUNDAY)
    }


def test_the_parquet_has_every_area_and_week_with_the_cells_of_the_file(long, england):
    raw = pl.read_parquet(england / "msoa_weekly_cases_2020-03-21_2020-11-28.parquet")
    hidden = raw["cases7"].null_count()
    assert long.frame.height == raw.height == 6_791 * 37
    assert long.frame["low"].sum() == int(raw["cases7"].sum())
    assert long.frame["high"].sum() == int(raw["cases7"].sum()) + 2 * hidden


def test_the_wide_table_has_the_cells_of_the_file(weekly, england):
    raw = pl.read_csv(england / "published_msoa_weekly_wide_2020-10-27.csv.gz", infer_schema_length=None)
    cells = raw.filter(pl.col("msoa11_cd").str.starts_with("E02")).select(pl.col("^wk_.*$"))
    shown = sum(int(column.filter(column != -99).sum()) for column in cells)
    hidden = sum(int((column == -99).sum()) for column in cells)
    assert (weekly.weeks[0], weekly.weeks[-1]) == (date(2020, 2, 2), date(2020, 10, 18))
    assert weekly.frame["low"].sum() == shown
    assert weekly.frame["high"].sum() == shown + 2 * hidden
    assert "Rows without an area, such as cases that could not be placed, were left out: 1." in weekly.notes


@pytest.mark.parametrize(("name", "weekday"), [("long", SATURDAY), ("weekly", SUNDAY)])
def test_two_forms_agree_on_the_same_weeks_but_for_corrections(name, weekday, rolling, request):
    counts = request.getfixturevalue(name)
    both = counts.frame.join(rolling[weekday].frame, on=["area", "week_end"], suffix="_rolling")
    settled = both.filter(pl.col("week_end") < date(2020, 10, 1))
    apart = (pl.col("low") > pl.col("high_rolling")) | (pl.col("high") < pl.col("low_rolling"))
    assert settled.height > 100_000
    assert settled.filter(apart).height < 0.03 * settled.height
    assert settled["low"].sum() == pytest.approx(settled["low_rolling"].sum(), rel=0.015)
