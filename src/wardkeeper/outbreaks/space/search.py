"""The search itself: the best zone about each centre, and the greatest ratios that chance alone gives.

Arrays in, arrays out; what they mean in areas and days is left to `scans`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardkeeper.outbreaks.space import drawing_kernels as drawing
from wardkeeper.outbreaks.space import search_kernels as searching
from wardkeeper.outbreaks.space.zones import Zones

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

FEW_LANES, MANY_LANES = 128, 256
"""Replicates worked on side by side: their counts of one byte, near each other on the map, fit a core's own memory."""

MANY_ZONES = 1_000_000
"""From so many zones on, the work on each zone that serves all lanes weighs more than that on each lane."""

MOST_BYTES = 256 * 2**20
"""Memory that the counts by step of all lanes may take."""

MOST_CASES = 40_000_000
"""Beyond this, a zone's chance deviation could outgrow sixteen bits."""

FEWEST = 2
"""Cases a cluster needs at least, as in SaTScan."""


@dataclass(frozen=True, eq=False)
class Question:
    """Where and when to look: `counts` and `expected` [steps, areas], the latter summing to all cases; half-open windows of steps.

    With `permuted`, chance keeps each area's and each step's number of cases (space-time permutation); otherwise only
    the number of all cases (Poisson).
    """

    counts: Whole
    expected: Numbers
    windows: tuple[tuple[int, int], ...]
    zones: Zones
    permuted: bool = False

    @property
    def cases(self) -> int:
        """The number of all cases."""
        return int(self.counts.sum())


@dataclass(frozen=True, eq=False)
class Best:
    """For each centre: the greatest ratio, how many of its neighbours make the zone, and which window. Ratio 0: none."""

    ratios: Numbers
    sizes: Whole
    windows: Whole


def find_best(question: Question) -> Best:
    """Find the zone and window of the greatest log likelihood ratio about each centre."""
    counts, expected = _by_window(question.counts, question), _by_window(question.expected, question)
    zones = question.zones
    return Best(*searching.best_zones(counts, expected, zones.neighbours, zones.starts, float(question.cases), FEWEST))


def simulate_maxima(
    question: Question, *, replicates: int, seed: int, enough: tuple[float, int] | None = None
) -> Numbers:
    """Give the greatest ratio of each of `replicates` data sets made by chance, as float64 [replicates].

    `enough` (ratio, times) stops early, after a whole group of lanes, once the ratio was reached so many times
    (Besag and Clifford 1991, Sequential Monte Carlo p-values, Biometrika 78: 301-304).
    """
    first, last = min(start for start, _ in question.windows), max(end for _, end in question.windows)
    windows = [_window(question, *span) for span in question.windows]
    corrections = np.full((searching.LEVELS, searching.GRID), -1.0)
    found: list[Numbers] = []
    for stepped in _data_sets(question, first, last, seed):
        maxima = np.zeros(stepped.shape[1])
        for window in windows:
            _raise_maxima(question, window, stepped, first, corrections, maxima)
        found.append(maxima)
        done = np.concatenate(found)
        if len(done) >= replicates or (enough and (done >= enough[0]).sum() >= enough[1]):
            break
    return np.concatenate(found)[:replicates]


def _by_window(values: NDArray[np.generic], question: Question) -> NDArray[np.generic]:
    return np.stack([values[start:end].sum(axis=0) for start, end in question.windows])


@dataclass(frozen=True, eq=False)
class _Window:
    """One window: what is expected in it, and offsets [areas] that keep counts less them in small whole numbers."""

    first: int
    last: int
    expected: Numbers
    offsets: Whole
    kind: type[np.signedinteger[Any]]


def _window(question: Question, first: int, last: int) -> _Window:
    expected = question.expected[first:last].sum(axis=0)
    furthest = 12 * np.sqrt(expected.max()) + 20
    kind = np.int8 if furthest < np.iinfo(np.int8).max else np.int16
    return _Window(first, last, expected, np.round(expected).astype(np.int64), kind)


def _raise_maxima(
    question: Question, window: _Window, stepped: NDArray[np.int32], first: int, corrections: Numbers, maxima: Numbers
) -> None:
    """Raise the maxima by what one window's zones give; `stepped` begins with step `first`."""
    table = np.zeros((len(window.offsets) + 1, stepped.shape[1]), dtype=window.kind)
    drawing.sum_window(stepped, window.first - first, window.last - first, window.offsets, table)
    zones, total = question.zones, float(question.cases)
    searching.raise_maxima(
        table, window.offsets, window.expected, zones.neighbours, zones.starts, total, FEWEST, corrections, maxima
    )


def _data_sets(question: Question, first: int, last: int, seed: int) -> Iterator[NDArray[np.int32]]:
    """Give counts by chance without end: [steps * areas (and perhaps one more), lanes], steps `first` to before `last`."""
    state = np.array([seed], dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0xD1B54A32D192ED03)
    return _permuted(question, first, last, state) if question.permuted else _scattered(question, first, last, state)


def _permuted(question: Question, first: int, last: int, state: NDArray[np.uint64]) -> Iterator[NDArray[np.int32]]:
    areas = np.repeat(np.arange(question.counts.shape[1], dtype=np.int32), question.counts.sum(axis=0))
    order = np.arange(len(areas), dtype=np.int32)
    sizes = question.counts[first:last].sum(axis=1)
    table = _table(question, (last - first) * question.counts.shape[1])
    while True:
        drawing.permute_times(table, areas, order, sizes, state)
        yield table


def _scattered(question: Question, first: int, last: int, state: NDArray[np.uint64]) -> Iterator[NDArray[np.int32]]:
    inside = question.expected[first:last].ravel()
    weights = np.append(inside, max(0.0, question.cases - inside.sum()))
    places = drawing.make_alias(weights, np.array([0, len(weights)]))
    cases, table = question.cases, _table(question, len(weights))
    # Drawing a number for each cell pays only where there are more cases than cells.
    thinned = max(0.0, cases - 4 * np.sqrt(cases)) if cases > len(weights) else 0.0
    means = weights * thinned / weights.sum() if thinned else np.zeros(0)
    chances, starts, lowest = drawing.poisson_weights(means)
    tables = (*drawing.make_alias(chances, starts), starts, lowest)
    while True:
        drawing.draw_multinomial(table, cases, tables, places, state)
        yield table


def _table(question: Question, cells: int) -> NDArray[np.int32]:
    lanes = MANY_LANES if question.zones.neighbours.size > MANY_ZONES else FEW_LANES
    while lanes > 8 and cells * lanes * 4 > MOST_BYTES:
        lanes //= 2
    return np.zeros((cells, lanes), dtype=np.int32)
