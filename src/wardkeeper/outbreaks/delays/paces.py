"""Days of the week on which late cases come: a laboratory that rests on Sundays, a feed that is sent twice a week.

A ladder's step is what a usual report adds; the pace of a weekday is how many times that its reports add. A pace is
believed as far as it is the same from week to week (Buehlmann H (1967), Experience rating and credibility, ASTIN
Bulletin 4: 199-207). Arrays are [report day, delay, area]; paces are [report day, weekday], of the report's last seven
days, its own the last: so of the seven days to come too, the next the first.
"""

import numpy as np
from numpy.typing import NDArray

from wardkeeper.outbreaks.counts import WEEK
from wardkeeper.outbreaks.delays.settings import NowcastSettings

Cube = NDArray[np.float64]


def learn_paces(before: Cube, gain: Cube, settings: NowcastSettings) -> Cube:
    """Learn paces from what was known at each delay the day before (`before`) and what the report added (`gain`).

    Of a weekday: its reports' gains of the last weeks over those that the mean steps of these weeks would have made.
    """
    days = WEEK * settings.pace_weeks
    held, gained = (_last(part.sum(axis=2), days) for part in (before, gain))
    whole = held.sum(axis=1)
    usual = np.divide(gained.sum(axis=1), whole, out=np.zeros_like(whole), where=whole > 0)
    came, told = gained.sum(axis=2), np.einsum("rbd,rd->rb", held, usual)
    ratio = np.divide(came, told, out=np.ones_like(came), where=told > 0)
    weeks = ratio.reshape(len(ratio), settings.pace_weeks, WEEK)
    mean = weeks.mean(axis=1)
    return np.asarray(np.clip(1 + _trust(weeks, mean) * (mean - 1), 0.0, WEEK))


def climb_at(rates: Cube, paces: Cube) -> Cube:
    """Multiply each step (1 + rate [report, delay, …]) with all later ones, at the pace of the report that brings each."""
    climbed = np.ones_like(rates)
    shape = (-1, *(1,) * (rates.ndim - 2))
    for delay in range(rates.shape[1]):
        for later in range(delay, rates.shape[1]):
            pace = paces[:, (later - delay) % WEEK].reshape(shape)
            climbed[:, delay] *= np.maximum(1 + rates[:, later] * pace, 0.0)
    return climbed


def _trust(weeks: Cube, mean: Cube) -> Cube:
    """Give the share [report, 1] of what is seen between weekdays [report, week, weekday] that is not chance."""
    chance = weeks.var(axis=1, ddof=1).mean(axis=1, keepdims=True) / weeks.shape[1]
    seen = mean.var(axis=1, ddof=1, keepdims=True)
    return np.asarray(np.divide(np.maximum(seen - chance, 0.0), seen, out=np.zeros_like(seen), where=seen > 0))


def _last(values: Cube, days: int) -> Cube:
    """Give the last so many report days of each [report, day, …], its own the last; 0 before the first."""
    padded = np.concatenate([np.zeros((days - 1, *values.shape[1:])), values])
    moved: Cube = np.moveaxis(np.lib.stride_tricks.sliding_window_view(padded, days, axis=0), -1, 1)
    return moved
