from datetime import UTC, date, datetime, timedelta

import pytest

from wardkeeper.kernel.spans import Days, check_instant, day_end, day_start, from_text, london_day, to_text


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 15, 0, 0, tzinfo=UTC)),
        (date(2026, 7, 15), datetime(2026, 7, 14, 23, 0, tzinfo=UTC)),  # British Summer Time
        (date(2026, 10, 25), datetime(2026, 10, 24, 23, 0, tzinfo=UTC)),  # the clocks go back this day
    ],
)
def test_a_day_starts_at_london_midnight(day, start):
    assert day_start(day) == start
    assert london_day(start) == day
    assert london_day(start - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_the_day_the_clocks_go_back_has_25_hours():
    assert day_end(date(2026, 10, 25)) - day_start(date(2026, 10, 25)) == timedelta(hours=25)


def test_a_span_holds_its_last_day_to_the_last_microsecond():
    span = Days(date(2026, 3, 1), date(2026, 3, 31))
    end = day_end(date(2026, 3, 31))
    assert not span.holds(day_start(date(2026, 3, 1)) - timedelta(microseconds=1))
    assert span.holds(day_start(date(2026, 3, 1)))
    assert span.holds(end - timedelta(microseconds=1))
    assert not span.holds(end)
    assert span.has_ended(end)


def test_an_open_span_never_ends():
    assert Days(date(2026, 3, 1)).holds(datetime(2999, 1, 1, tzinfo=UTC))


def test_a_span_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="set a later end"):
        Days(date(2026, 3, 2), date(2026, 3, 1))


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="needs a time zone"):
        check_instant(datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test


def test_text_comes_back_as_the_same_instant_and_sorts_by_time():
    early = datetime(2026, 1, 1, 9, 5, 7, 123, tzinfo=UTC)
    late = early + timedelta(microseconds=1)
    assert from_text(to_text(early)) == early
    assert to_text(early) < to_text(late)
