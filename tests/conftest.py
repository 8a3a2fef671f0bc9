"""Lets every test import the verified fakes of `fakes.py`, and turns on what all of them share."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import settings

from fakes import FixedClock

# Speed is measured in bench/, never asserted: a slow machine fails no test. In CI the examples are the same each time,
# so that a change is judged by what it changed; everybody else's runs go on looking for new ones.
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")


@pytest.fixture
def clock():
    return FixedClock(datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
