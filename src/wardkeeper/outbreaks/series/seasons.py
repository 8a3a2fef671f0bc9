"""A yearly wave, fitted to many series: what CUSUM expects where counts have a season.

The model is what R's `algo.cusum` fits for `m = "glm"`: log m = α + γ sin ωt + δ cos ωt, ω = 2π / 52 for weeks. Its page
names a trend too; its answers have none. Fitted by iteratively reweighted least squares, all series at once.
"""

import math

import numpy as np

from wardkeeper.outbreaks.series.histories import Numbers

LEAST_ROWS = 6
"""Twice the coefficients."""

MOST_STEPS = 25
EPSILON = 1e-8


def expect(before: Numbers, people: Numbers, year: int) -> Numbers:
    """Give expected counts for the rows after `before` [series, rows], up to the end of `people` [series, more rows]; `year` is rows.

    Series without any case give NaN: no season can be told.
    """
    rows, every = before.shape[1], people.shape[1]
    time = np.arange(1, every + 1, dtype=np.float64)
    angle = 2 * math.pi * time / year
    design = np.stack([np.ones(every), np.sin(angle), np.cos(angle)], axis=1)
    expected = np.full((len(before), every - rows), np.nan)
    known = before.sum(axis=1) > 0
    if known.any():
        found = _fit(before[known], design[:rows], np.log(people[known, :rows]))
        expected[known] = np.exp(found @ design[rows:].T) * people[known, rows:]
    return expected


def _fit(counts: Numbers, design: Numbers, offset: Numbers) -> Numbers:
    """Give the coefficients, [series, 3]."""
    eta = np.log(counts + 0.1)
    mean, before = np.exp(eta), np.full(len(counts), np.inf)
    logs = np.log(np.maximum(counts, 1))
    found = np.zeros((len(counts), design.shape[1]))
    moving = np.ones(len(counts), bool)
    for _ in range(MOST_STEPS):
        working = eta[moving] - offset[moving] + (counts[moving] - mean[moving]) / mean[moving]
        squares = np.einsum("si,ij,ik->sjk", mean[moving], design, design)
        products = (mean[moving] * working) @ design
        found[moving] = np.linalg.solve(squares, products[..., None])[..., 0]
        eta[moving] = found[moving] @ design.T + offset[moving]
        mean[moving] = np.exp(eta[moving])
        deviance = 2 * (counts * (logs - eta) - (counts - mean)).sum(axis=1)
        moving &= np.abs(deviance - before) / (np.abs(deviance) + 0.1) >= EPSILON
        before = deviance
        if not moving.any():
            break
    return found
