"""A change in cases, in words: as a share, and beside other cases."""

import numpy as np

LEAST = 0.02
"""Below this a change is none to speak of."""


MANY = 3.0
"""From here on a change is said as a multiple: a share of several hundred per cent is hard to read."""


def say_share(share: float) -> str:
    """Write a share, or how far a ratio is from 1, in whole per cent."""
    return f"{100 * abs(share):,.0f}%"


def say_change(ratio: float) -> str:
    """Say how many cases there are for each one of another time or place."""
    if _is_none(ratio):
        return "about as many cases"
    if ratio >= MANY:
        return f"about {ratio:,.0f} times as many cases"
    return f"{say_share(ratio - 1)} {'more' if ratio > 1 else 'fewer'} cases"


def compare(ratio: float, other: str, *, when: str = "") -> str:
    """Say the same beside the `other` cases, such as those of the week before; `when` tells which cases are meant."""
    return f"{say_change(ratio)}{when and f' {when}'} {'as' if _is_none(ratio) or ratio >= MANY else 'than'} {other}"


def _is_none(ratio: float) -> bool:
    return not np.isfinite(ratio) or abs(ratio - 1) < LEAST
