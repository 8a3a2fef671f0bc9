"""Being told how far a long scan has come, and stopping it: cores show nothing themselves."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial


class Part(StrEnum):
    """What a scan does, one after the other."""

    NEIGHBOURS = "neighbours"
    CASES = "cases"
    CHANCE = "chance"


Watch = Callable[[float], None]
"""Told now and then which share of a part is done; what it raises stops the work."""

WatchAll = Callable[[Part, float], None]
"""Told now and then which part is at work, and which share of it is done; what it raises stops the work."""


def unwatched(_share: float) -> None:
    """Look away."""


def watch_part(watch: WatchAll | None, part: Part) -> Watch:
    """Give who watches a part."""
    return unwatched if watch is None else partial(watch, part)
