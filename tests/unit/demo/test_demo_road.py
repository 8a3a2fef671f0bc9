"""The demonstration's folder: never somebody else's, and never past its permissions' ends."""

from datetime import date, timedelta

import pytest

from wardkeeper.demo.road import move_days


@pytest.mark.parametrize(
    ("days", "moved"),
    [
        (0, "ends = 2027-03-31 # 12 of 2026"),
        (-5, "ends = 2027-03-31 # 12 of 2026"),
        (1, "ends = 2027-04-01 # 12 of 2026"),
        (366, "ends = 2028-03-31 # 12 of 2026"),
    ],
)
def test_the_examples_dates_move_with_the_day_and_never_back(days, moved):
    assert move_days("ends = 2027-03-31 # 12 of 2026", timedelta(days=days)) == moved


def test_dates_inside_other_words_stay():
    text = 'note = "DPIA-2026-11-220"'
    assert move_days(text, timedelta(days=9)) == text
    assert move_days("x = 2026-02-28", date(2026, 3, 1) - date(2026, 2, 28)) == "x = 2026-03-01"
