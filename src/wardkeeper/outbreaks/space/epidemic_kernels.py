"""The compiled loops of the epidemic scan: sums over neighbours, the search of all zones, and random counts.

All of them stand in this one file, so that numba notices every change. Shapes: `n` areas, `d` windows; zones as in
`zones.Zones`.
"""

import numpy as np
from numba import njit

kernel = njit(cache=True, nogil=True, error_model="numpy")


@kernel
def sum_nearest(values, neighbours, starts):
    """Sum the values of each area's neighbours, itself among them."""
    n = len(starts) - 1
    sums = np.zeros(n)
    for centre in range(n):
        for at in range(starts[centre], starts[centre + 1]):
            sums[centre] += values[neighbours[at]]
    return sums


@kernel
def search(scores, information, spread, classes, neighbours, starts):
    """Find for each centre, in each class of sizes, the zone and window of the greatest score statistic.

    `scores` and `information` are float64 [d, n], `spread` [d]; `classes` gives the class of a zone of 1, 2, … areas.
    The statistic of a zone with score U and information I is U / sqrt(I + spread I²). Gives statistics [k, n] (0 where
    nothing is above expectation), sizes [k, n] and windows [k, n].
    """
    n, kinds = len(starts) - 1, classes.max() + 1
    best, sizes, windows = np.zeros((kinds, n)), np.zeros((kinds, n), np.int64), np.zeros((kinds, n), np.int64)
    for window in range(len(spread)):
        score, known, extra = scores[window], information[window], spread[window]
        for centre in range(n):
            total, weight = 0.0, 0.0
            for at in range(starts[centre], starts[centre + 1]):
                area = neighbours[at]
                total += score[area]
                weight += known[area]
                size = at - starts[centre]
                kind = classes[size]
                if total > 0.0 and total * total > best[kind, centre] * (weight + extra * weight * weight):
                    best[kind, centre] = total * total / (weight + extra * weight * weight)
                    sizes[kind, centre], windows[kind, centre] = size + 1, window
    return np.sqrt(best), sizes, windows


@kernel
def simulate(means, hidden, ends, theta, spread, information, blocks, classes, neighbours, starts, replicates, rng):
    """Give the greatest statistic of each class in each data set drawn from the expectation: [replicates, k].

    `means` is float64 [d, n, d] (0 where unknown), `hidden` the score of a hidden cell there, `ends` the least and
    greatest count that is hidden (least above greatest when none is), `theta` and `spread` [d], `information` [d, n].
    Each block of areas has a factor of its own, of mean 1 and variance `spread`: places differ beyond chance. `rng` is a NumPy generator.
    """
    windows, n = means.shape[0], means.shape[1]
    factors, scores = np.ones(blocks.max() + 1), np.zeros((windows, n))
    maxima = np.zeros((replicates, classes.max() + 1))
    for replicate in range(replicates):
        scores[:] = 0.0
        for window in range(windows):
            for block in range(len(factors)):
                if spread[window] > 1e-9:
                    factors[block] = rng.gamma(1.0 / spread[window], spread[window])
            for area in range(n):
                for week in range(window + 1):
                    mean = means[window, area, week]
                    if mean > 0.0:
                        shape = theta[window]
                        rate = rng.gamma(shape, mean * factors[blocks[area]] / shape)
                        count = rng.poisson(rate)
                        if ends[0] <= count <= ends[1]:
                            scores[window, area] += hidden[window, area, week]
                        else:
                            scores[window, area] += (count - mean) / (1.0 + mean / shape)
        best, _, _ = search(scores, information, spread, classes, neighbours, starts)
        for kind in range(best.shape[0]):
            maxima[replicate, kind] = best[kind].max()
    return maxima
