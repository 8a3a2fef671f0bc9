"""The tests' fixed day: a clock that stands on it, and houses opened by that clock."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fakes import FixedClock
from wardkeeper.bootstrap import open_house
from wardkeeper.usecases.house import House, Places


class TownClock(FixedClock):
    """A clock that stands still until it is moved. Ids are random: copies of a folder go on from the same draws."""

    def entropy(self, size: int) -> bytes:
        return secrets.token_bytes(size)


def open_town(folder: Path, places: Callable[[], Places] | None = None) -> House:
    """Open a folder on the fixed day. The reference data about places never changes, so copies share it."""
    house = open_house(folder, TownClock())
    return replace(house, places=places) if places else house
