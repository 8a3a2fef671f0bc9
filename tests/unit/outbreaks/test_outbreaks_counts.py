from datetime import date

import polars as pl
import pytest

from wardkeeper.kernel.columns import AREA_WEEK, SENSITIVITY
from wardkeeper.outbreaks.counts import COLUMNS, finish, in_words

WEEKS = [date(2020, 5, 23), date(2020, 5, 30)]


def rows(*cells: tuple[str, int, int, int]) -> pl.DataFrame:
    """Make rows of area, which week, low and high."""
    return pl.DataFrame(
        [(area, WEEKS[week], low, high) for area, week, low, high in cells],
        schema=["area", "week_end", "low", "high"],
        orient="row",
    )


def finished(frame: pl.DataFrame, *, as_of: date = date(2020, 6, 30), population: pl.DataFrame | None = None):
    return finish(frame, as_of=as_of, delay_days=5, population=population, notes=("read",))


def test_rows_are_sorted_and_have_the_columns_that_the_vault_stores():
    counts = finished(rows(("B", 1, 1, 1), ("A", 1, 2, 2), ("A", 0, 3, 3)))
    assert counts.frame["low"].to_list() == [3, 2, 1]
    assert tuple(counts.frame.columns) == COLUMNS == tuple(column.name for column in AREA_WEEK)
    assert set(COLUMNS) <= set(SENSITIVITY)
    assert (counts.weeks, counts.areas, counts.notes) == (WEEKS, ["A", "B"], ("read",))


@pytest.mark.parametrize(
    ("as_of", "incomplete"),
    [
        (date(2020, 5, 27), [True, True]),
        (date(2020, 5, 28), [False, True]),
        (date(2020, 6, 3), [False, True]),
        (date(2020, 6, 4), [False, False]),  # 30 May and 5 days
    ],
)
def test_a_week_is_incomplete_until_the_delay_has_passed(as_of, incomplete):
    done = finished(rows(("A", 0, 1, 1), ("A", 1, 1, 1)), as_of=as_of)
    assert done.frame["incomplete"].to_list() == incomplete


def test_what_is_missing_is_said_in_words():
    counts = finished(rows(("A", 0, 0, 2), ("A", 1, 4, 4)), as_of=date(2020, 5, 27))
    assert counts.missing == (
        (
            "Late reports: the weeks ending 23 May 2020 and 30 May 2020 may still rise, because reports take up to 5 days to "
            "arrive."
        ),
        (
            "Hidden counts: 1 of 2 counts are small and were not published. They may be 0 to 2; they are not read as zero."
        ),
    )
    assert finished(rows(("A", 0, 4, 4))).missing == ()


def test_an_area_without_a_known_population_keeps_its_row():
    population = pl.DataFrame({"area": ["A"], "population": ["9000"]})
    counts = finished(rows(("A", 0, 1, 1), ("B", 0, 1, 1)), population=population)
    assert counts.frame["population"].to_list() == [9000, None]


def test_days_are_written_as_people_say_them():
    assert in_words(date(2020, 6, 3)) == "3 June 2020"
