"""Patterns written by the names of their features, for the tests of weighing and choosing."""

import numpy as np

from wardkeeper.residents.evidence import FEATURES
from wardkeeper.residents.weighing import Levels

PLACES = {feature.name.lower().replace(" ", "_").replace("-", "_"): place for place, feature in enumerate(FEATURES)}


def row(**codes: int) -> list[int]:
    """Give one pattern's levels: what is not named cannot tell."""
    levels = [0] * len(FEATURES)
    for name, code in codes.items():
        levels[PLACES[name]] = code
    return levels


def rows(*levels: list[int]) -> Levels:
    """Give patterns' levels."""
    return np.array(levels, dtype=np.uint8)
