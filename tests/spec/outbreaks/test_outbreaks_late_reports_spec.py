"""Late reports come first: an incomplete week is estimated as it will be, before anything looks for rises in it."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.outbreaks.cases import count_line_list
from wardkeeper.outbreaks.counts import ESTIMATES, WholeWeek
from wardkeeper.outbreaks.course import course_of
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


def test_all_areas_together_have_an_estimate_of_their_own(estimated):
    (whole,) = estimated.whole
    assert whole.week_end == NEWEST
    assert whole.estimate == pytest.approx(84, abs=3)
    assert 78 <= whole.low <= whole.estimate <= whole.high


def test_the_course_of_all_areas_has_their_own_range_and_chosen_areas_the_sum_of_theirs(estimated):
    counts = replace(estimated, whole=(WholeWeek(NEWEST, 84.0, 80.0, 88.0),))
    course = course_of(counts)
    assert course.weeks.tail(1).select(ESTIMATES).row(0) == (84.0, 80.0, 88.0)
    assert not course.added
    chosen = course_of(counts, [SALE, STRETFORD])
    assert chosen.weeks.tail(1).select(ESTIMATES).row(0) == counts.of_week(NEWEST).select(ESTIMATES).sum().row(0)
    assert chosen.added


def test_a_batch_of_late_cases_is_told_with_the_estimate():
    batch, day = AS_OF - timedelta(days=1), AS_OF - timedelta(days=6)
    late = pl.DataFrame(
        [(f"late-{number}", day, batch, SALE) for number in range(15_841)],
        schema=["case", "event_date", "report_date", "area"],
        orient="row",
    )
    lines = pl.concat([line_list(90), late])
    counts = add_estimates(counts_of(lines), lines, as_of=AS_OF)
    assert any(
        note.startswith(f"Late batch in {SALE}: the report of 8 June 2020 brought 15,842 cases of 3 June 2020.")
        for note in counts.notes
    )
    week = counts.of_week(NEWEST).filter(area=SALE).row(0, named=True)
    assert week["estimate"] == pytest.approx(15_841 + 42, abs=5)
