"""Ten weeks of one area in, an alarm and its reason out.

C2 compares the last week with the first seven and leaves out the two between; C1 with the seven just before.
A cell "0-2" is a suppressed count.
"""

from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput, NotFound
from wardkeeper.outbreaks.counts import Counts
from wardkeeper.outbreaks.detectors import EarsMethod, EarsSettings, detect
from wardkeeper.outbreaks.findings import Alarm

WEEK = date(2020, 5, 30)


def area_weeks(cells: str, *, incomplete: bool = False, area: str = "E02000001") -> Counts:
    """Make counts from cells, oldest first, the last being the week that ends on WEEK; `.` is a week without a row."""
    written = cells.split()
    rows = [
        (area, WEEK - timedelta(days=7 * (len(written) - 1 - at)), int(cell.split("-")[0]), int(cell.split("-")[-1]))
        for at, cell in enumerate(written)
        if cell != "."
    ]
    frame = pl.DataFrame(rows, schema=["area", "week_end", "low", "high"], orient="row")
    last = pl.col("week_end") == WEEK
    return Counts(frame.with_columns(population=pl.lit(None, pl.Int64), incomplete=last & incomplete), delay_days=5)


def found(cells: str, ears: EarsSettings | None = None, *, incomplete: bool = False) -> dict:
    return detect(area_weeks(cells, incomplete=incomplete), WEEK, ears).row(0, named=True)


@pytest.mark.parametrize(
    ("cells", "alarm", "because"),
    [
        # mean 4, deviation at least 1: 4 + 3.09 = 7.09
        ("4 4 4 4 4 4 4   4 4   8", Alarm.RAISED, "above the bound"),
        ("4 4 4 4 4 4 4   4 4   7", Alarm.NONE, "below the bound"),
        ("4 4 4 4 4 4 4   4 4   0", Alarm.NONE, "a fall is no alarm"),
        ("4 4 4 4 4 4 4   9 9   8", Alarm.RAISED, "the two weeks between do not hide the rise"),
        ("0 0 0 0 0 0 0   0 0   3", Alarm.NONE, "three cases after none are not unusual: the least deviation is 1"),
        ("0 0 0 0 0 0 0   0 0   4", Alarm.RAISED, "four after true zeros are"),
        ("0-2 0-2 0-2 0-2 0-2 0-2 0-2   0-2 0-2   4", Alarm.POSSIBLE, "if the hidden counts were all 0"),
        ("0-2 0-2 0-2 0-2 0-2 0-2 0-2   0-2 0-2   5", Alarm.POSSIBLE, "all 2 allows 5.09"),
        ("0-2 0-2 0-2 0-2 0-2 0-2 0-2   0-2 0-2   6", Alarm.RAISED, "whatever the hidden counts were"),
        ("0-2 0-2 0-2 0-2 0-2 0-2 0-2   0-2 0-2   0-2", Alarm.NONE, "even 2 after all 0 is below 3.09"),
        ("4 4 4 4 4 4 4   4 4   6-9", Alarm.POSSIBLE, "this week's count is hidden; 8 or 9 would be above"),
        ("4 4 4 4 4 4 4   4 4   8-9", Alarm.RAISED, "even the smallest is above"),
        ("4 4 4 . 4 4 4   4 4   8", Alarm.NOT_ASSESSED, "a baseline week was not published"),
        ("  4 4 4 4 4 4   4 4   8", Alarm.NOT_ASSESSED, "one week too few"),
        ("4 4 4 4 4 4 4   . .   8", Alarm.RAISED, "the weeks between are not needed"),
    ],
)
def test_c2_raises_an_alarm_only_when_it_stands_for_every_count_a_cell_may_hide(cells, alarm, because):
    assert found(cells)["alarm"] == alarm, because


def test_c1_has_no_gap_so_a_rise_of_the_last_two_weeks_hides_the_next():
    cells = "4 4 4 4 4 4 4   9 9   10"
    assert found(cells, EarsSettings(EarsMethod.C2, min_sigma=1.0))["alarm"] == Alarm.RAISED
    assert found(cells, EarsSettings(EarsMethod.C1, min_sigma=1.0))["alarm"] == Alarm.NONE


def test_the_worst_case_mixes_low_and_high_ends():
    """With all hidden counts at 2 the bound is 2 + 3.09 = 5.09; without the least deviation it would be 2 alone."""
    row = found("0-2 0-2 0-2 0-2 0-2 0-2 0-2   0 0   4", EarsSettings(EarsMethod.C2))
    # Four counts of 2 and three of 0: mean 8/7, deviation sqrt(8/7).
    assert row["upper"] == pytest.approx(8 / 7 + 3.0902323 * (8 / 7) ** 0.5, abs=1e-6)
    assert row["upper_low"] == 0
    assert (row["expected_low"], row["expected_high"]) == (0, 2)
    assert row["alarm"] == Alarm.POSSIBLE


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (
            "4 4 4 4 4 4 4   4 4   8",
            (
                "8 cases in the week to 30 May 2020. 7 earlier weeks here averaged 4 a week; more than 7.1 would be unusual. "
                "This is an unusual rise. Chance alone would do this in about 1 steady week in 1,000, and more often where "
                "numbers are small."
            ),
        ),
        (
            "4 4 4 4 4 4 0-2   4 4   1",
            (
                "1 case in the week to 30 May 2020. 7 earlier weeks here averaged 3.4 to 3.7 a week; more than 8.1 would be "
                "unusual. This is not an unusual rise. Some counts were hidden because they are small; they are not read as "
                "zero."
            ),
        ),
        (
            "0-2 0-2 0-2 0-2 0-2 0-2 0-2   4 4   9",
            (
                "9 cases in the week to 30 May 2020. 7 earlier weeks here averaged 0 to 2 a week; more than 5.1 would be "
                "unusual. This is an unusual rise. Chance alone would do this in about 1 steady week in 1,000, and more often "
                "where numbers are small. Some earlier counts were hidden because they are small; it is a rise whatever they "
                "were."
            ),
        ),
        (
            "4 4 4 4 4 4 4   4 4   6-9",
            (
                "6 to 9 cases in the week to 30 May 2020. 7 earlier weeks here averaged 4 a week; more than 7.1 would be "
                "unusual. This may be an unusual rise: it depends on counts that were hidden. Some counts were hidden because "
                "they are small; they are not read as zero."
            ),
        ),
        ("4 4 4 4   8", "Not assessed: it needs 7 earlier weeks with published counts."),
    ],
)
def test_every_answer_says_why_how_sure_and_what_is_missing(cells, why):
    assert found(cells)["why"] == why


def test_an_incomplete_week_says_that_late_reports_may_come():
    assert found("4 4 4 4 4 4 4   4 4   5", incomplete=True)["why"].endswith(
        "This is not an unusual rise. Late reports may still add cases to this week."
    )


def test_an_area_without_a_count_this_week_is_not_assessed_and_not_dropped():
    one, other = area_weeks("4 4 4 4 4 4 4 4 4 8"), area_weeks("4 4 4 4 4 4 4 4 4 .", area="E02000002")
    answer = detect(Counts(pl.concat([one.frame, other.frame]), delay_days=5), WEEK)
    assert answer.select("area", "alarm").rows() == [("E02000001", "raised"), ("E02000002", "not assessed")]
    assert answer["why"][1] == "Not assessed: no count was published for this week."


def test_a_week_that_is_not_held_is_an_error_that_says_which_are():
    with pytest.raises(NotFound, match=r"no counts for the week ending 2020-06-06\. The nearest held ends on "):
        detect(area_weeks("4 4"), date(2020, 6, 6))
    with pytest.raises(NotFound, match="no week is held"):
        detect(Counts(area_weeks("4").frame.clear(), delay_days=5), WEEK)


@pytest.mark.parametrize(
    "wrong", [{"alpha": 0.0}, {"alpha": 0.5}, {"baseline": 1}, {"min_sigma": -1.0}, {"method": "C4"}]
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(BadInput, match=f"The setting {next(iter(wrong))}"):
        EarsSettings(**wrong)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (EarsSettings(EarsMethod.C3), "C3 needs exact counts"),
        (EarsSettings(EarsMethod.C2, baseline=13), "at most 12 rows"),
    ],
)
def test_what_hidden_counts_cannot_bear_is_refused(settings, says):
    with pytest.raises(BadInput, match=says):
        found("4 4 4 4 4 4 4   4 4   8", settings)
