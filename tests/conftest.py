"""Lets every test import the verified fakes of `fakes.py`, and turns on what all of them share."""

from datetime import UTC, datetime

import pytest

from fakes import FixedClock


@pytest.fixture
def clock():
    return FixedClock(datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
