from datetime import UTC, datetime, timedelta

import pytest

from fakes import FixedClock
from wardkeeper.adapters.clock import SystemClock

CLOCKS = pytest.mark.parametrize("make", [SystemClock, FixedClock])


@CLOCKS
def test_the_instant_is_in_utc_and_never_goes_back(make):
    clock = make()
    first, second = clock.now(), clock.now()
    assert first.utcoffset() == timedelta(0)
    assert second >= first


@CLOCKS
@pytest.mark.parametrize("size", [0, 8, 32])
def test_entropy_has_the_size_asked_for(make, size):
    assert len(make().entropy(size)) == size


@CLOCKS
def test_entropy_does_not_repeat(make):
    clock = make()
    assert len({clock.entropy(8) for _ in range(1_000)}) == 1_000


def test_the_system_clock_tells_the_present():
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_fixed_clock_stands_still_until_moved():
    clock = FixedClock()
    start = clock.now()
    clock.move(timedelta(minutes=5))
    assert clock.now() - start == timedelta(minutes=5)
