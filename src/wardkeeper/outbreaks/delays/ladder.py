"""The chain ladder: how much of a day's final count has usually arrived after each delay.

Mack T (1993), Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN Bulletin
23: 213-225, with recent report days weighing more and each area's steps shrunk to those of all areas (Buehlmann H
(1967), Experience rating and credibility, ASTIN Bulletin 4: 199-207). Arrays are [report day, delay, area].
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardkeeper.outbreaks.counts import WEEK
from wardkeeper.outbreaks.delays.paces import climb_at, learn_paces
from wardkeeper.outbreaks.delays.settings import NowcastSettings

Cube = NDArray[np.float64]
Flags = NDArray[np.bool_]

OUT_OF_LINE_SHARE = 0.5
OUT_OF_LINE_DEVIATIONS = 10.0
"""An area's step is not learned from when it misses what is usual by half and by ten Poisson deviations."""


@dataclass(frozen=True, eq=False)
class Ladder:
    """`factors` [report, delay, area]: a count at this delay times its factor is the final count (from delay 1).

    `shares` [report, delay]: the share of all areas' final count that has arrived. `batches` [report]: a late batch came.
    """

    factors: Cube
    shares: Cube
    batches: Flags


def build_ladder(cube: Cube, settings: NowcastSettings) -> Ladder:
    """Learn for each report day from it and the report days before it. `cube` holds counts, NaN where unknown."""
    batches = find_batches(cube, settings)
    before, after = _steps(cube, range(1, settings.settled), batches)
    wrong = _out_of_line(before, after, settings)
    before, gain = (np.where(wrong, 0.0, part) for part in (before, after - before))
    paces = learn_paces(before, gain, settings)
    exposed = fade(before, settings.recent, settings.fading, paces)
    gained = fade(gain, settings.recent, settings.fading)
    whole = _rate(gained.sum(axis=2), exposed.sum(axis=2))
    own = (gained + settings.shrinkage * whole[:, :, None]) / (exposed + settings.shrinkage)
    late = learn_late(cube, batches, settings)
    factors = climb_at(own, paces) * late[:, :1, None]
    shares = 1 / np.maximum(climb_at(whole, paces) * late[:, :1], 1e-9)
    return Ladder(_padded(factors, late), np.clip(np.insert(shares, 0, 0.0, axis=1), 0.0, 1.0), batches)


def fade(values: Cube, days: int, fading: float, paces: Cube | None = None) -> Cube:
    """Sum each report day with the `days` - 1 before it, each weighing `fading` times the next, and by its pace."""
    total = np.zeros_like(values)
    shape = (-1, *(1,) * (values.ndim - 1))
    for back in range(min(days, len(values))):
        weight = fading**back if paces is None else fading**back * paces[back:, -1 - back % WEEK].reshape(shape)
        total[back:] += weight * values[: len(values) - back]
    return total


def learn_late(cube: Cube, batches: Flags, settings: NowcastSettings) -> Cube:
    """Give [report, delay] factors to the final count from each delay, settled to final, over all areas; the last is 1."""
    top = min(settings.final, cube.shape[1] - 1)
    late = np.ones((len(cube), settings.final - settings.settled + 1))
    if top > settings.settled:
        before, after = _steps(cube, range(settings.settled, top), batches)
        sums = [fade(part.sum(axis=2), settings.recent, 1.0) for part in (after, before)]
        late[:, : top - settings.settled] = _climb(_ratio(*sums))
    return late


def find_batches(cube: Cube, settings: NowcastSettings) -> Flags:
    """Find the report days that brought, or took off, many more cases of older days than those before them did."""
    return late_cases(cube, settings)[1]


def late_cases(cube: Cube, settings: NowcastSettings) -> tuple[Cube, Flags]:
    """Give the cases each report day added to days `batch_after` old or more beyond the usual, and if that is a batch.

    Below 0 where cases were taken off. What came a week before too is the habit of a laboratory, not a batch.
    """
    reports = len(cube)
    extra, flags = np.zeros(reports), np.zeros(reports, bool)
    if reports < 2:
        return extra, flags
    change = cube[1:, 1:] - cube[:-1, :-1]
    known = np.where(np.isnan(change), 0.0, change).sum(axis=2)
    older = known[:, settings.batch_after : settings.final].sum(axis=1)
    size = known.sum(axis=1)
    for report in range(2, reports):
        past = slice(max(0, report - 1 - settings.recent), report - 1)
        usual = float(np.median(older[past]))
        day = float(np.median(np.abs(size[past])))
        week = older[report - 1 - WEEK] - usual if report > WEEK else 0.0
        extra[report] = older[report - 1] - usual
        spread = float(np.median(np.abs(older[past] - usual)))
        least = max(settings.batch_share * day, 5 * spread, 20.0)
        habit = np.sign(week) == np.sign(extra[report]) and abs(week) > abs(extra[report]) / 2
        flags[report] = abs(extra[report]) > least and not habit
    return extra, flags


def _steps(cube: Cube, delays: range, batches: Flags) -> tuple[Cube, Cube]:
    """Give counts at each delay as reported the day before, and at the next one as reported now; 0 where not learned from."""
    before = np.zeros((len(cube), len(delays), cube.shape[2]))
    after = before.copy()
    first, last = delays.start, delays.stop
    before[1:], after[1:] = cube[:-1, first:last], cube[1:, first + 1 : last + 1]
    skipped = np.isnan(before + after) | batches[:, None, None]
    before[skipped], after[skipped] = 0.0, 0.0
    return before, after


def _climb(steps: Cube) -> Cube:
    """Multiply each step [report, delay, …] with all later ones."""
    return np.asarray(np.cumprod(steps[:, ::-1], axis=1)[:, ::-1])


def _out_of_line(before: Cube, after: Cube, settings: NowcastSettings) -> Flags:
    whole = _ratio(after.sum(axis=2), before.sum(axis=2))[:, :, None]
    usual = before * whole
    miss = np.abs(after - usual)
    wrong = miss > OUT_OF_LINE_SHARE * usual + OUT_OF_LINE_DEVIATIONS * np.sqrt(usual + 1)
    wrong[:, : settings.batch_after - 1] = False
    return wrong


def _padded(factors: Cube, late: Cube) -> Cube:
    """Add delay 0 (never used) and the delays from settled to final."""
    reports, _, areas = factors.shape
    tail = np.broadcast_to(late[:, :, None], (*late.shape, areas))
    return np.concatenate([np.full((reports, 1, areas), np.nan), factors, tail], axis=1)


def _rate(top: Cube, bottom: Cube) -> Cube:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def _ratio(top: Cube, bottom: Cube) -> Cube:
    return np.divide(top, bottom, out=np.ones_like(top), where=bottom > 0)
