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
from wardkeeper.outbreaks.space.watching import Watch, unwatched
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

ZONES_AT_ONCE = 2**21
"""Zones searched in one go: a second or less, so that progress can be told and a scan be stopped."""

SPREAD = 16
"""One centre in so many is searched first."""


@dataclass(frozen=True, eq=False)
class Question:
    """Where and when to look: `counts` and `expected` [steps, areas], the latter summing to all cases.

    `windows` are half-open spans of steps. With `strata`, the counts of groups [steps, areas], chance keeps each area's
    and each step's number of cases of each group (space-time permutation); without, only the number of all (Poisson).
    """

    counts: Whole
    expected: Numbers
    windows: tuple[tuple[int, int], ...]
    zones: Zones
    strata: tuple[Whole, ...] = ()

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


def find_best(question: Question, watch: Watch = unwatched) -> Best:
    """Find the zone and window of the greatest log likelihood ratio about each centre; `watch` is told the share done."""
    n = question.counts.shape[1]
    best, sizes, windows = np.zeros(n), np.zeros(n, np.int64), np.zeros(n, np.int64)
    zones, total = question.zones, float(question.cases)
    groups = _group_centres(zones)
    for at, window in enumerate(_walk_windows(question)):
        for part, centres in enumerate(groups):
            before = best[centres]
            searching.best_zones(
                *(centres, window.counts, window.expected, zones.neighbours, zones.starts, total, FEWEST, best, sizes)
            )
            windows[centres[best[centres] > before]] = at
            watch((at + (part + 1) / len(groups)) / len(question.windows))
    return Best(best, sizes, windows)


def simulate_maxima(
    question: Question,
    *,
    replicates: int,
    seed: int,
    enough: tuple[float, int] | None = None,
    watch: Watch = unwatched,
) -> Numbers:
    """Give the greatest ratio of each of `replicates` data sets made by chance, as float64 [replicates].

    `enough` (ratio, times) stops early, after a whole group of lanes, once the ratio was reached so many times
    (Besag and Clifford 1991, Sequential Monte Carlo p-values, Biometrika 78: 301-304). `watch` is told the share done.
    """
    first, last = min(start for start, _ in question.windows), max(end for _, end in question.windows)
    corrections = np.full((searching.LEVELS, searching.GRID), -1.0)
    found: list[Numbers] = []
    for stepped in _data_sets(question, first, last, seed):
        lanes, made = stepped.shape[1], sum(map(len, found))
        maxima = np.zeros(lanes)
        for share in _raise_maxima(question, stepped, first, corrections, maxima):
            watch(min(1.0, (made + share * lanes) / replicates))
        found.append(maxima)
        done = np.concatenate(found)
        if len(done) >= replicates or (enough and (done >= enough[0]).sum() >= enough[1]):
            break
    return np.concatenate(found)[:replicates]


@dataclass(frozen=True, eq=False)
class _Window:
    """One window: its counts and what is expected [areas], and in which type counts less `offsets` fit by chance."""

    first: int
    last: int
    counts: Whole
    expected: Numbers

    @property
    def offsets(self) -> Whole:
        """What keeps counts less it in small whole numbers."""
        return np.round(self.expected).astype(np.int64)

    @property
    def kind(self) -> type[np.signedinteger[Any]]:
        furthest = 12 * np.sqrt(self.expected.max()) + 20
        return np.int8 if furthest < np.iinfo(np.int8).max else np.int16


def _walk_windows(question: Question) -> Iterator[_Window]:
    """Go through the windows. One that only begins a step before the last of them takes that step's sums up."""
    before = _Window(0, 0, np.zeros(0, np.int64), np.zeros(0))
    for first, last in question.windows:
        if (first + 1, last) == (before.first, before.last):
            counts, expected = before.counts + question.counts[first], before.expected + question.expected[first]
        else:
            counts, expected = (one[first:last].sum(axis=0) for one in (question.counts, question.expected))
        before = _Window(first, last, counts, expected)
        yield before


def _group_centres(zones: Zones) -> list[NDArray[np.int64]]:
    """Part the centres into groups of about `ZONES_AT_ONCE` zones, each of which takes a moment."""
    groups = (zones.starts[:-1] // ZONES_AT_ONCE).astype(np.int64)
    return np.split(np.arange(len(groups)), np.flatnonzero(np.diff(groups)) + 1)


def _raise_maxima(
    question: Question, stepped: NDArray[np.int32], begins: int, corrections: Numbers, maxima: Numbers
) -> Iterator[float]:
    """Raise the lanes' maxima by what all windows' zones give, and tell now and then which share is done.

    `stepped` are counts of steps, `begins` being the first of them.
    """
    zones, total = question.zones, float(question.cases)
    groups = _group_centres(zones)
    # A few centres from everywhere first: a maximum that is high from the start spares most of the work.
    groups.insert(0, np.arange(0, len(zones.starts) - 1, SPREAD))
    before, table = None, np.zeros((0, 0), np.int8)
    for at, window in enumerate(_walk_windows(question)):
        span, offsets = (window.first - begins, window.last - begins), window.offsets
        if before and (window.first + 1, window.last, window.kind) == (before.first, before.last, before.kind):
            drawing.add_step(stepped, span[0], offsets - before.offsets, table)
        else:
            table = np.zeros((len(offsets) + 1, stepped.shape[1]), dtype=window.kind)
            drawing.sum_window(stepped, *span, offsets, table)
        for part, centres in enumerate(groups if before is None else groups[1:]):
            searching.raise_maxima(
                *(centres, table, offsets, window.expected, zones.neighbours, zones.starts),
                *(total, FEWEST, corrections, maxima),
            )
            yield (at + (part + 1) / len(groups)) / len(question.windows)
        before = window


def _data_sets(question: Question, first: int, last: int, seed: int) -> Iterator[NDArray[np.int32]]:
    """Give counts by chance without end: [steps * areas (and perhaps one more), lanes], steps `first` to before `last`."""
    state = np.array([seed], dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0xD1B54A32D192ED03)
    return _permuted(question, first, last, state) if question.strata else _scattered(question, first, last, state)


def _permuted(question: Question, first: int, last: int, state: NDArray[np.uint64]) -> Iterator[NDArray[np.int32]]:
    areas = np.arange(question.counts.shape[1], dtype=np.int32)
    held = [np.repeat(areas, counts.sum(axis=0)) for counts in question.strata]
    orders = [np.arange(len(one), dtype=np.int32) for one in held]
    sizes = [counts[first:last].sum(axis=1) for counts in question.strata]
    table = _table(question, (last - first) * len(areas))
    while True:
        table[:] = 0
        for one, order, size in zip(held, orders, sizes, strict=True):
            drawing.permute_times(table, one, order, size, state)
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
