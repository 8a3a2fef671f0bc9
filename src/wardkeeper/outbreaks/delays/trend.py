"""What a day's count should be, going by the days before it: level, weekly growth and weekday.

The prior of the nowcast, as the latent process is in Jersakova and others (2022), with growth carried on from week to
week as the random walk of McGough and others (2020, NobBS) does. Arrays are [report day, delay, area].
"""

import numpy as np
from numpy.typing import NDArray

from wardkeeper.outbreaks.counts import WEEK
from wardkeeper.outbreaks.delays.settings import NowcastSettings

Cube = NDArray[np.float64]

MIDDLE = 4
"""Days from a day to the middle of the week before it."""


def foretell(finals: Cube, delay: int, settings: NowcastSettings) -> Cube:
    """Foretell the final counts [report, area] at `delay` from `finals` at longer delays (NaN where unknown)."""
    week = _week_sum(finals[:, delay + 1 : delay + 1 + WEEK])
    earlier = _week_sum(finals[:, delay + 1 + WEEK : delay + 1 + 2 * WEEK])
    both = ~np.isnan(week + earlier)
    now = np.where(both, week, 0.0).sum(axis=1)
    then = np.where(both, earlier, 0.0).sum(axis=1)
    whole = np.divide(now, then, out=np.ones_like(now), where=(then > 0) & (now > 0))[:, None]
    growth = (np.where(both, week, 0.0) + settings.growth_shrinkage * whole) / (
        np.where(both, earlier, 0.0) + settings.growth_shrinkage
    )
    level = np.where(np.isnan(week), 0.0, week) / WEEK
    foretold: Cube = level * growth ** (MIDDLE / WEEK) * learn_weekday(finals, delay, settings)[:, None]
    return foretold


def learn_weekday(finals: Cube, delay: int, settings: NowcastSettings) -> Cube:
    """Give for each report day how a day of this weekday compares with the week around it, over all areas."""
    whole = np.where(np.isnan(finals), 0.0, finals).sum(axis=2)
    ratios = np.full((settings.weekday_weeks, len(finals)), np.nan)
    for back in range(1, settings.weekday_weeks + 1):
        centre = delay + WEEK * back
        around = whole[:, centre - 3 : centre + 4]
        if around.shape[1] == WEEK:
            mean = around.mean(axis=1)
            full = (around > 0).all(axis=1)
            np.divide(whole[:, centre], mean, out=ratios[back - 1], where=full)
    known = ~np.isnan(ratios)
    total = np.where(known, ratios, 0.0).sum(axis=0)
    pattern: Cube = np.divide(total, known.sum(axis=0), out=np.ones(len(finals)), where=known.any(axis=0))
    return pattern


def _week_sum(days: Cube) -> Cube:
    """Sum the days that are known, scaled to a week; NaN where none is."""
    known = ~np.isnan(days)
    number = known.sum(axis=1)
    total = np.where(known, days, 0.0).sum(axis=1) * WEEK
    week: Cube = np.divide(total, number, out=np.full_like(total, np.nan), where=number > 0)
    return week
