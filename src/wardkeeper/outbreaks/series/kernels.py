"""The compiled fit behind Farrington's methods: log-linear Poisson models of thousands of series at once.

The design is a level for each part of the year and a slope in time, so weighted least squares needs only sums over
each level (the normal equations are an arrow: a diagonal and one more row), not a general solver. All series share
their rows. Iterations start and stop as R's `glm` documents (from counts + 0.1; when the deviance changes by less than
1e-8 of itself), so that answers agree far beyond the stopping rule. Which sums each dispersion is made of was worked
out from published answers of R's surveillance package: the working weights and residuals at the end are one half step
apart, as R's `glm` object has them.

McCullagh P, Nelder JA (1989), Generalized Linear Models, 2nd edition, sections 2.5 and 12.4.
"""

import math

import numpy as np
from numba import njit

kernel = njit(cache=True, nogil=True, error_model="numpy")

MOST_STEPS = 25
EPSILON = 1e-8
LEAST_MEAN = 2.220446049250313e-16

FOUND = 7
ETA, SPREAD, SLOPE, SLOPE_SPREAD, DISPERSION, PLAIN_DISPERSION, CONVERGED = range(FOUND)
"""Columns of what `fit_series` finds: log of the expected count, its variance before dispersion, the slope and its
variance likewise, dispersion by working weights, dispersion by prior weights, and 1 where the iterations converged."""


@kernel
def solve(y, offset, levels, times, prior, with_slope, state, room, sums):
    """Fit one series by iteratively reweighted least squares; give (slope, its sum of squares, whether it converged).

    `state` [4, rows] receives the linear predictor, the mean, the working weights of the last step and the counts'
    logarithms; `room` [rows] is scratch; `sums` [3, levels] receives each level's weight, mean time and intercept.
    """
    rows, parts = len(y), sums.shape[1]
    eta, mean, weight, logs = state[0], state[1], state[2], state[3]
    before = 0.0
    for i in range(rows):
        mean[i] = y[i] + 0.1
        eta[i] = math.log(mean[i])
        logs[i] = math.log(y[i]) if y[i] > 0 else 0.0
        before += 2 * prior[i] * (y[i] * (logs[i] - eta[i]) - (y[i] - mean[i]))
    slope, squares = 0.0, 0.0
    for _ in range(MOST_STEPS):
        sums[:] = 0.0
        for i in range(rows):
            weight[i] = prior[i] * mean[i]
            room[i] = eta[i] - offset[i] + (y[i] - mean[i]) / mean[i]
            level = levels[i]
            sums[0, level] += weight[i]
            sums[1, level] += weight[i] * times[i]
            sums[2, level] += weight[i] * room[i]
        for level in range(parts):
            if sums[0, level] > 0:
                sums[1, level] /= sums[0, level]
                sums[2, level] /= sums[0, level]
        if with_slope:
            squares, product = 0.0, 0.0
            for i in range(rows):
                away = times[i] - sums[1, levels[i]]
                squares += weight[i] * away * away
                product += weight[i] * away * (room[i] - sums[2, levels[i]])
            slope = product / squares if squares > 0 else 0.0
            for level in range(parts):
                sums[2, level] -= slope * sums[1, level]
        deviance = 0.0
        for i in range(rows):
            eta[i] = sums[2, levels[i]] + slope * times[i] + offset[i]
            mean[i] = max(math.exp(eta[i]), LEAST_MEAN)
            deviance += 2 * prior[i] * (y[i] * (logs[i] - eta[i]) - (y[i] - mean[i]))
        if not math.isfinite(deviance):
            return slope, squares, False
        if abs(deviance - before) / (abs(deviance) + 0.1) < EPSILON:
            return slope, squares, True
        before = deviance
    return slope, squares, False


@kernel
def disperse(y, state, prior, freedom):
    """Give the dispersion by working weights and by prior weights."""
    working, plain = 0.0, 0.0
    for i in range(len(y)):
        away = (y[i] - state[1, i]) / state[1, i]
        working += state[2, i] * away * away
        plain += prior[i] * away * away
    return working / freedom, plain / freedom


@kernel
def reweight(y, levels, times, state, sums, squares, dispersion, threshold, prior):
    """Set `prior` to the weights of Farrington et al. (1996), section 3.6: less for past outbreaks.

    A standardised Anscombe residual s above `threshold` gets s to the power of -2; weights sum to the number of rows.
    """
    total = 0.0
    for i in range(len(y)):
        away = times[i] - sums[1, levels[i]]
        leverage = state[2, i] / sums[0, levels[i]]
        if squares > 0:
            leverage += state[2, i] * away * away / squares
        mean = state[1, i]
        residual = 1.5 * (y[i] ** (2 / 3) * mean ** (-1 / 6) - math.sqrt(mean))
        free = 1 - leverage
        scaled = residual / math.sqrt(dispersion * free) if free > 1e-12 else 0.0
        prior[i] = 1 / (scaled * scaled) if scaled > threshold else 1.0
        total += prior[i]
    for i in range(len(y)):
        prior[i] *= len(y) / total


@kernel
def fit_series(counts, offsets, now, levels, times, parts, with_slope, reweighted, threshold, found):
    """Fit every series; `found` [series, FOUND] receives what is named above.

    `counts` and `offsets` are float64 [series, rows], `now` [series] the offset at the time looked at, `levels` int64
    [rows] with level 0 that of the time looked at, and `times` float64 [rows] the rows' times less that time.
    """
    series, rows = counts.shape
    state, room, prior, sums = np.empty((4, rows)), np.empty(rows), np.empty(rows), np.empty((3, parts))
    freedom = rows - parts - (1 if with_slope else 0)
    for one in range(series):
        y, offset = counts[one], offsets[one]
        prior[:] = 1.0
        slope, squares, converged = solve(y, offset, levels, times, prior, with_slope, state, room, sums)
        working, plain = disperse(y, state, prior, freedom)
        if reweighted:
            reweight(y, levels, times, state, sums, squares, max(working, 1.0), threshold, prior)
            slope, squares, again = solve(y, offset, levels, times, prior, with_slope, state, room, sums)
            working, plain = disperse(y, state, prior, freedom)
            converged = converged and again
        spread = 1 / sums[0, 0]
        if with_slope and squares > 0:
            spread += sums[1, 0] ** 2 / squares
        found[one, ETA] = sums[2, 0] + now[one]
        found[one, SPREAD] = spread
        found[one, SLOPE] = slope
        found[one, SLOPE_SPREAD] = 1 / squares if squares > 0 else math.inf
        found[one, DISPERSION] = working
        found[one, PLAIN_DISPERSION] = plain
        found[one, CONVERGED] = 1.0 if converged else 0.0
