"""A change in cases, in words: as a share, and beside other cases."""

from dataclasses import dataclass

import numpy as np

from wardkeeper.kernel.phrases import count

LEAST = 0.02
"""Below this a change is none to speak of."""


MANY = 3.0
"""From here on a change is said as a multiple: a share of several hundred per cent is hard to read."""


def say_share(share: float) -> str:
    """Write a share, or how far a ratio is from 1, in whole per cent."""
    return f"{100 * abs(share):,.0f}%"


@dataclass(frozen=True, slots=True)
class Change:
    """How many cases there are for each one of another time (`ratio`).

    `from_none` is how many there are where the other time surely had none: no ratio tells of that.
    """

    ratio: float
    from_none: int | None = None


def _say(change: Change) -> str:
    """Say how many cases there are beside those of another time."""
    ratio = change.ratio
    if change.from_none is not None:
        return count(change.from_none, "case")
    if _is_none(ratio):
        return "about as many cases"
    if ratio >= MANY:
        return f"about {ratio:,.0f} times as many cases"
    return f"{say_share(ratio - 1)} {'more' if ratio > 1 else 'fewer'} cases"


def compare(change: Change, other: str, *, when: str = "") -> str:
    """Say the same beside the `other` cases, such as those of the week before; `when` tells which cases are meant."""
    return f"{_say(change)}{when and f' {when}'}{_join(change)} {other}"


def _join(change: Change) -> str:
    if change.from_none is not None:
        return ", none"
    return " as" if _is_none(change.ratio) or change.ratio >= MANY else " than"


def _is_none(ratio: float) -> bool:
    return not np.isfinite(ratio) or abs(ratio - 1) < LEAST
