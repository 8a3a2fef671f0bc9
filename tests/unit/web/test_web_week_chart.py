"""Bars by week: what is drawn, and where."""

from datetime import date, timedelta

import pytest

from wardkeeper.web.week_chart import BOTTOM, RIGHT, cases_in, draw_weeks, estimate_in

LAST = date(2020, 6, 12)


def week(number, low, high=None, *, incomplete=False, estimate=None):
    """A week, `number` weeks before the last; `estimate` is middle, least, greatest."""
    middle, least, greatest = estimate or (None, None, None)
    return {
        "week_end": LAST - timedelta(weeks=number),
        "low": low,
        "high": low if high is None else high,
        "incomplete": incomplete,
        "estimate": middle,
        "estimate_low": least,
        "estimate_high": greatest,
    }


def test_bars_are_as_high_as_their_cases():
    chart = draw_weeks([week(1, 10), week(0, 20)])
    first, second = chart.bars
    assert second.height == pytest.approx(2 * first.height, abs=0.2)
    assert first.y + first.height == pytest.approx(BOTTOM)
    assert (first.top, first.bottom) == (None, None)
    assert second.title == "Week to 12 June 2020: 20 cases"


def test_withheld_counts_have_a_line_from_least_to_greatest():
    bar = draw_weeks([week(1, 40), week(0, 10, 30)]).bars[1]
    assert bar.top < bar.y == bar.bottom
    assert bar.title.endswith("10 to 30 cases")


def test_an_incomplete_week_has_its_own_look_and_its_estimate_a_line():
    chart = draw_weeks([week(1, 40), week(0, 10, incomplete=True, estimate=(30.0, 20.0, 50.0))])
    bar = chart.bars[1]
    assert bar.css == "wk-week--incomplete"
    assert bar.top < bar.bottom < bar.y
    assert (chart.incomplete, chart.estimated, chart.hidden) == (True, True, False)


def test_what_was_expected_lies_over_its_own_weeks_at_its_own_height():
    weeks = [week(number, 20) for number in range(3, -1, -1)]
    chart = draw_weeks(weeks, expected=20.0, since=LAST - timedelta(days=13))
    left, height = chart.expected[1:].split("H")[0].split()
    assert float(left) == pytest.approx(
        chart.bars[2].middle - (chart.bars[2].middle - chart.bars[1].middle) / 2, abs=0.2
    )
    assert float(height) == pytest.approx(chart.bars[0].y, abs=0.1)
    assert chart.expected.endswith(f"H{RIGHT}.0")


def test_what_was_expected_before_the_weeks_shown_is_not_drawn():
    assert draw_weeks([week(1, 2), week(0, 2)]).expected == ""
    assert draw_weeks([week(0, 2)], expected=3.0, since=LAST + timedelta(days=1)).expected == ""


@pytest.mark.parametrize("most", [0, 1, 3, 9, 60, 134, 999, 15_841])
def test_marks_are_round_numbers_that_hold_every_bar(most):
    chart = draw_weeks([week(0, most)])
    marks = [int(tick.words.replace(",", "")) for tick in chart.up]
    assert marks[0] == 0
    assert marks[-1] >= most
    assert 2 <= len(marks) <= 7
    assert all(bar.y >= chart.up[-1].place for bar in chart.bars)


def test_few_weeks_are_labelled_the_newest_among_them():
    chart = draw_weeks([week(number, 1) for number in range(25, -1, -1)])
    assert chart.across[0].words == "12 Jun"
    assert len(chart.across) <= 5


def test_no_weeks_are_no_chart():
    assert draw_weeks([]) is None


def test_words_for_a_weeks_figures():
    assert cases_in(week(0, 1234)) == "1,234"
    assert cases_in(week(0, 10, 30)) == "10 to 30"
    assert estimate_in(week(0, 10)) == ""
    assert estimate_in(week(0, 10, estimate=(30.4, 20.0, 50.0))) == "30 (20 to 50)"
    assert estimate_in(week(0, 10, estimate=(10.0, 10.0, 10.0))) == "10"
