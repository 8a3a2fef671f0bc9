"""A plain, slow scan: every zone of every centre over every window, one at a time, as the papers say it.

Kulldorff M (1997), Communications in Statistics: Theory and Methods 26: 1481-1496 (Poisson); Kulldorff M et al. (2005),
PLoS Medicine 2: e59 (space-time permutation).
"""

from dataclasses import dataclass
from itertools import product
from math import log

LEAST_CASES = 2
"""A cluster has at least so many cases, as in SaTScan."""


@dataclass(frozen=True)
class Zone:
    """One zone over one window: its areas' places, centre first, and its first step and the one behind its last."""

    areas: tuple[int, ...]
    window: tuple[int, int]
    observed: int
    expected: float
    llr: float


def ratio(observed: float, expected: float, total: float) -> float:
    """Give the log likelihood ratio of more cases inside than expected; 0 when there are not more."""
    if observed <= expected or observed < LEAST_CASES:
        return 0.0
    outside = (total - observed) * log((total - observed) / (total - expected)) if observed < total else 0.0
    return observed * log(observed / expected) + outside


def permuted(counts: list[list[int]]) -> list[list[float]]:
    """Expect in each step and area its step's cases times its area's, over all."""
    total = sum(map(sum, counts))
    by_area = [sum(column) for column in zip(*counts, strict=True)]
    return [[sum(row) * area / total for area in by_area] for row in counts]


def neighbours(places: list[tuple[float, float]], centre: int) -> list[int]:
    """Order all areas by their distance from a centre, itself first."""
    x, y = places[centre]

    def far(at: int) -> tuple[bool, float]:
        return at != centre, (places[at][0] - x) ** 2 + (places[at][1] - y) ** 2

    return sorted(range(len(places)), key=far)


def zones_about(places: list[tuple[float, float]], measure: list[float], share: float, centre: int) -> list[list[int]]:
    """Give a centre's zones: it alone, then one neighbour more at a time while their share of the measure allows it."""
    ordered = neighbours(places, centre)
    allowed = share * sum(measure) * (1 + 1e-12)
    sizes = [size for size in range(1, len(ordered) + 1) if sum(measure[at] for at in ordered[:size]) <= allowed]
    return [ordered[:size] for size in (sizes or [1])]


def windows(steps: int, longest: int, *, prospective: bool) -> list[tuple[int, int]]:
    """Give the windows: at most `longest` steps, those that reach the end alone when prospective."""
    spans = [(first, behind) for first, behind in product(range(steps), range(1, steps + 1)) if first < behind]
    return [
        (first, behind) for first, behind in spans if behind - first <= longest and (behind == steps or not prospective)
    ]


def best_of_each_centre(
    counts: list[list[int]],
    expected: list[list[float]],
    places: list[tuple[float, float]],
    measure: list[float],
    *,
    share: float,
    spans: list[tuple[int, int]],
) -> list[list[Zone]]:
    """Give each centre's best zones (several when their ratios are equal); `counts` and `expected` are [step][area]."""
    total = sum(map(sum, counts))
    found = []
    for centre in range(len(places)):
        zones = [
            _zone(counts, expected, areas, span, total)
            for areas in zones_about(places, measure, share, centre)
            for span in spans
        ]
        most = max(zone.llr for zone in zones)
        found.append([zone for zone in zones if zone.llr >= most - 1e-9])
    return found


def _zone(counts, expected, areas: list[int], span: tuple[int, int], total: int) -> Zone:
    cells = [(step, area) for step in range(*span) for area in areas]
    observed = sum(counts[step][area] for step, area in cells)
    hoped = sum(expected[step][area] for step, area in cells)
    return Zone(tuple(areas), span, observed, hoped, ratio(observed, hoped, total))
