"""Late batches of one area: far more, or far fewer, cases of one day in one report than its delays allow.

Such a step says nothing of delays or of growth. It is parted from the counts before anything is learned from them, and
added to the answer as it is. What is allowed is the count expected from the area's level and from what this report
and those before it brought all other areas for a day as old, with room for chance (Poisson deviations) and for
laboratories that send several days' results at once. Arrays are [report day, delay, area].
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardkeeper.outbreaks.delays.settings import NowcastSettings

Cube = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_BATCH = 50.0
"""Fewer cases than this are left to the ladder, however quiet the area: a cluster in one home is not a late batch."""

DAYS_AT_ONCE = 3.0
"""Days' worth of an area's cases that a report may bring of one day. No area's step in England's triangle passes that."""

DEVIATIONS = 10.0
LEVEL_DAYS = 7
LEAST_DAYS = 4
"""An area's level is the median of its last seven days, of which at least four must be known. So a new level is taken
for what it is after four days. Nothing is judged before cases more than four days old are known: figures only start."""


@dataclass(frozen=True, eq=False)
class Parted:
    """`plain` is the counts without late batches, `extra` what was parted so far (below 0 where cases were taken off).

    `steps` is what the report itself brought or took off, where that was parted; 0 elsewhere.
    """

    plain: Cube
    extra: Cube
    steps: Cube


def part_batches(cube: Cube, settings: NowcastSettings) -> Parted:
    """Part late batches from counts known so far (NaN where unknown). A row rests on its own and earlier rows alone."""
    extra, steps = np.zeros_like(cube), np.zeros_like(cube)
    came = np.zeros(cube.shape[:2])
    held = cube[:1].copy()[0] if len(cube) else cube
    for report in range(1, len(cube)):
        before = _a_day_older(held)
        rise = np.nan_to_num(cube[report] - before)
        past = came[max(1, report - settings.recent) : report]
        usual = np.median(past, axis=0) if len(past) else came[0]
        level = _level(held)
        expected = _expected(rise, usual, level)
        slack = DAYS_AT_ONCE * level + DEVIATIONS * np.sqrt(expected + level + 1)
        begun = np.nansum(held[LEAST_DAYS:]) > 0
        wrong = (np.abs(rise - expected) > np.maximum(slack, LEAST_BATCH)) & begun & ~np.isnan(level)
        steps[report] = np.where(wrong, rise, 0.0)
        extra[report, 1:] = extra[report - 1, :-1]
        extra[report] += np.where(wrong, np.round(rise - expected), 0.0)
        came[report] = np.where(wrong, expected, rise).sum(axis=1)
        held = np.where(np.isnan(cube[report]), before, cube[report])
    return Parted(cube - extra, extra, steps)


def _a_day_older(held: Cube) -> Cube:
    """Move what was known [delay, area] a day on. Nothing was known of yesterday: its first report starts from 0."""
    older = np.full_like(held, np.nan)
    older[1:] = held[:-1]
    older[1:2] = 0.0
    return older


def _level(held: Cube) -> Cube:
    """Give each area's cases a day: the median of what is known [delay, area] of its last days; NaN where too few are."""
    days = np.sort(held[1 : LEVEL_DAYS + 1], axis=0)
    known = (~np.isnan(days)).sum(axis=0)
    places = np.stack([np.maximum(known - 1, 0) // 2, known // 2]).clip(max=max(len(days) - 1, 0))
    middle: Cube = np.take_along_axis(days, places, axis=0).mean(axis=0)
    return np.where(known >= LEAST_DAYS, middle, np.nan)


def _expected(rise: Cube, usual: Cube, level: Cube) -> Cube:
    """Give the cases [delay, area] a report should add, from the level and what it or earlier ones brought other areas.

    `usual` [delay] is what reports before it brought all areas. Never more than the level: more is for chance and slack.
    """
    size = np.nan_to_num(level)
    whole, others = size.sum(), size.sum() - size
    share = np.divide(usual, whole, out=np.zeros_like(usual), where=whole > 0)[:, None]
    today = rise.sum(axis=1, keepdims=True) - rise
    shared = np.divide(today, others, out=np.zeros_like(rise), where=others > 0)
    return np.asarray(size * np.clip(np.maximum(share, shared), 0.0, 1.0))
