from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from governance_facts import FOR_FLOOD, NOW, STANDING
from wardkeeper.kernel.mandates import MandateKind
from wardkeeper.kernel.spans import day_end, day_start


def test_g5_a_mandate_holds_to_its_last_second():
    ends = day_end(FOR_FLOOD.ends)
    assert FOR_FLOOD.in_force(ends - timedelta(microseconds=1))
    assert not FOR_FLOOD.in_force(ends)
    assert FOR_FLOOD.in_force(day_start(FOR_FLOOD.starts))
    assert not FOR_FLOOD.in_force(day_start(FOR_FLOOD.starts) - timedelta(microseconds=1))


def test_g5_a_summer_day_ends_at_london_midnight():
    summer = replace(FOR_FLOOD, starts=date(2026, 7, 1), ends=date(2026, 7, 1))
    assert not summer.in_force(datetime(2026, 7, 1, 23, 0, tzinfo=UTC))


def test_g5_ending_it_early_ends_it_at_once():
    assert not replace(FOR_FLOOD, ended_at=NOW).in_force(NOW)
    assert replace(FOR_FLOOD, ended_at=NOW).in_force(NOW - timedelta(seconds=1))
    assert not replace(FOR_FLOOD, destroyed_at=NOW).in_force(NOW)


@pytest.mark.parametrize(
    ("kind", "ends", "review_by", "has_an_end"),
    [
        (MandateKind.STANDING, None, date(2027, 1, 1), True),
        (MandateKind.STANDING, date(2027, 1, 1), None, True),
        (MandateKind.STANDING, None, None, False),
        (MandateKind.NOTICE, None, date(2027, 1, 1), False),
        (MandateKind.INCIDENT, None, date(2027, 1, 1), False),
        (MandateKind.RETENTION, date(2032, 1, 1), None, True),
    ],
)
def test_g4_only_a_standing_mandate_may_have_a_review_date_for_its_end(kind, ends, review_by, has_an_end):
    assert replace(STANDING, kind=kind, ends=ends, review_by=review_by).has_an_end is has_an_end


def test_a_review_is_overdue_the_day_after():
    review_by = STANDING.review_by
    assert not STANDING.review_overdue(day_end(review_by) - timedelta(seconds=1))
    assert STANDING.review_overdue(day_end(review_by))
    assert not FOR_FLOOD.review_overdue(day_end(review_by))


def test_a_review_due_before_the_start_is_overdue_after_the_first_day():
    early = replace(STANDING, review_by=date(2025, 1, 1))
    assert early.review_overdue(NOW)
