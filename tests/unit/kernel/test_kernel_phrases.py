"""Days, times, ages and counts as people say them."""

from datetime import UTC, date, datetime

import pytest

from wardkeeper.kernel import phrases

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 1, 5, 9, 7, tzinfo=UTC), "5 January 2026, 9:07am"),
        (datetime(2026, 7, 5, 23, 30, tzinfo=UTC), "6 July 2026, 12:30am"),
        (datetime(2026, 1, 5, 12, 0, tzinfo=UTC), "5 January 2026, 12:00pm"),
        (None, "not known"),
    ],
)
def test_moments_are_london_time(moment, words):
    assert phrases.say_moment(moment) == words


def test_a_moment_fits_a_narrow_column():
    assert phrases.say_briefly(datetime(2026, 7, 5, 23, 30, tzinfo=UTC)) == "6 Jul 2026, 12:30am"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 21), "1 day"),
        (date(2026, 11, 9), "13 days"),
        (date(2026, 11, 8), "2 weeks"),
        (date(2026, 9, 24), "8 weeks"),
        (date(2026, 9, 23), "2 months"),
        (date(2025, 11, 23), "12 months"),
        (date(2025, 11, 22), "1 year"),
        (date(2011, 11, 22), "15 years"),
        (None, "age not known"),
    ],
)
def test_ages_of_facts(day, words):
    assert phrases.say_age(day, NOW) == words


@pytest.mark.parametrize(("number", "words"), [(0, "0 homes"), (1, "1 home"), (2, "2 homes"), (1204, "1,204 homes")])
def test_counts(number, words):
    assert phrases.count(number, "home") == words
