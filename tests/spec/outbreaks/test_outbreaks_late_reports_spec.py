"""Late reports come first: an incomplete week is estimated as it will be, before anything looks for rises in it."""

from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.outbreaks.cases import count_line_list
from wardkeeper.outbreaks.counts import ESTIMATES
from wardkeeper.outbreaks.delays.late_counts import add_estimates
from wardkeeper.outbreaks.line_lists import read_line_list

SALE, STRETFORD = "E01006100", "E01006200"
AS_OF = date(2020, 6, 9)
NEWEST = date(2020, 6, 6)

DELAYS = (1, 2, 2, 3, 4, 5)
"""Of six cases a day and area one is reported after a day, two after two days, and so on."""


def line_list(days: int) -> pl.DataFrame:
    """Six cases a day in each of two areas, up to the day before the figures are taken, as known by then."""
    rows = [
        (f"{area}-{back}-{number}", AS_OF - timedelta(days=back), AS_OF - timedelta(days=back - delay), area)
        for back in range(1, days + 1)
        for area in (SALE, STRETFORD)
        for number, delay in enumerate(DELAYS)
        if delay <= back
    ]
    return pl.DataFrame(rows, schema=["case", "event_date", "report_date", "area"], orient="row")


def counts_of(lines: pl.DataFrame):
    text = lines.select("case", pl.col("event_date", "report_date").cast(pl.String), lsoa="area")
    return count_line_list(read_line_list(text, as_of=AS_OF))


@pytest.fixture(scope="module")
def estimated():
    lines = line_list(90)
    return add_estimates(counts_of(lines), lines, as_of=AS_OF)


def test_only_incomplete_weeks_are_estimated(estimated):
    frame = estimated.frame
    assert estimated.estimated == [NEWEST]
    assert frame.filter(~pl.col("incomplete")).select(pl.col(ESTIMATES).is_null().all()).row(0) == (True,) * 3


def test_the_estimate_is_near_what_the_week_will_be_and_says_how_sure(estimated):
    week = estimated.of_week(NEWEST)
    # Six a day would be 42; its last two days still wait for some of theirs.
    assert week["low"].to_list() == [39, 39]
    assert week["estimate"].to_list() == pytest.approx([42, 42], abs=1.5)
    assert (week["estimate_low"] >= week["low"]).all()
    assert (week["estimate_low"] <= 42).all()
    assert (week["estimate_high"] >= 42).all()


def test_detection_starts_from_the_estimate(estimated):
    settled = estimated.with_late_reports()
    assert settled.of_week(NEWEST)["low"].to_list() == settled.of_week(NEWEST)["high"].to_list()
    assert settled.of_week(NEWEST)["low"].to_list() == pytest.approx([42, 42], abs=1.5)
    older = pl.col("week_end") < NEWEST
    assert settled.frame.filter(older).equals(estimated.frame.filter(older))


def test_with_too_few_reports_to_learn_from_the_counts_stay_and_a_note_says_so():
    lines = line_list(5)
    counts = add_estimates(counts_of(lines), lines, as_of=AS_OF)
    assert counts.estimated == []
    assert counts.notes[-1].startswith("Late reports could not be estimated. ")
