"""Final counts of each specimen day as best known on each report day: what has come, scaled up, and the trend.

The two are joined with the share reported as weight: Bornhuetter RL and Ferguson RE (1972), The actuary and IBNR,
Proceedings of the Casualty Actuarial Society 59: 181-195. So the newest day, of which little is known, follows the
trend; a day nearly complete follows its own reports. Learning the weight from past errors did no better.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardkeeper.outbreaks.delays.batches import part_batches
from wardkeeper.outbreaks.delays.ladder import Ladder, build_ladder, fade
from wardkeeper.outbreaks.delays.settings import NowcastSettings
from wardkeeper.outbreaks.delays.trend import foretell

Cube = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimates:
    """All arrays are [report day, delay, area]; delay 0 is never estimated.

    `counts` is what was known without late batches of one area (a missing report's place taken by the one before), NaN
    where nothing was. `scaled` is that times its ladder factor. `finals` is the estimate. `extra` is what late batches
    brought or took off, known for good and so neither scaled nor learned from: add it to a total that is told. `rising` [report] is true where counts were never corrected
    downwards of late, so that what is known is the least there can be.
    """

    counts: Cube
    scaled: Cube
    finals: Cube
    extra: Cube
    ladder: Ladder
    rising: NDArray[np.bool_]
    settings: NowcastSettings

    def total(self, delays: range) -> Cube:
        """Give the estimated total [report, area] over `delays`, late batches apart."""
        return _sum(self.finals[:, delays.start : delays.stop])

    def observed(self, delays: range) -> Cube:
        """Give the total known on each report day, late batches apart."""
        return _sum(self.counts[:, delays.start : delays.stop])

    def batched(self, delays: range) -> Cube:
        """Give what late batches brought or took off, by each report day."""
        return _sum(self.extra[:, delays.start : delays.stop])

    def came(self, delays: range) -> Cube:
        """Give the total as it turned out once settled, at the row of the report day that asked; NaN where not known yet."""
        settled = self.settings.settled
        total = np.zeros((len(self.scaled), self.scaled.shape[2]))
        for delay in delays:
            wait = max(settled - delay, 0)
            later = np.full_like(total, np.nan)
            later[: len(total) - wait] = self.scaled[wait:, delay + wait]
            total += later
        return total

    def late_changes(self, report: int) -> tuple[Cube, Cube]:
        """Give counts [day, area] as scaled at the settled delay and as they were at the final one, of the days judged."""
        settled, final = self.settings.settled, self.settings.final
        gap = final - settled
        rows = np.arange(max(gap, report - self.settings.judged_days + 1), report + 1)
        if self.counts.shape[1] <= final or report < gap + 1:
            rows = rows[:0]
        return self.scaled[rows - gap, settled], self.counts[rows, min(final, self.counts.shape[1] - 1)]


def estimate_finals(cube: Cube, settings: NowcastSettings) -> Estimates:
    """Estimate final counts for every report day at once; a row rests on its own and earlier report days alone."""
    parted = part_batches(cube, settings)
    ladder = build_ladder(parted.plain, settings)
    counts, ages = _carry(parted.plain, settings)
    extra = np.where(np.isnan(counts), 0.0, parted.extra)
    factors = _factors(ladder, cube.shape[1])
    scaled = counts * np.take_along_axis(factors, ages, axis=1)
    finals = scaled.copy()
    finals[:, : settings.settled] = np.nan
    for delay in range(settings.settled - 1, 0, -1):
        # Cases taken off for good were never there to follow; cases brought late say nothing of what comes next.
        trend = foretell(np.maximum(finals + np.minimum(extra, 0.0), 0.0), delay, settings)
        unknown = np.isnan(scaled[:, delay])
        share = np.where(unknown, 0.0, ladder.shares[:, delay, None])
        joined = share * np.where(unknown, 0.0, scaled[:, delay]) + (1 - share) * trend
        # What has come stays, but for what corrections usually take off.
        least = np.fmin(counts[:, delay], scaled[:, delay])
        finals[:, delay] = np.fmax(joined, np.where(unknown, 0.0, least))
    return Estimates(counts, scaled, np.maximum(finals, 0.0), extra, ladder, find_rising(cube, settings), settings)


def find_rising(cube: Cube, settings: NowcastSettings) -> NDArray[np.bool_]:
    """Find the report days up to which no count was corrected downwards for `judged_days`."""
    falls = np.zeros(len(cube))
    falls[1:] = (cube[1:, 1:] < cube[:-1, :-1]).any(axis=(1, 2))
    return np.asarray(fade(falls, settings.judged_days, 1.0) == 0)


def _carry(cube: Cube, settings: NowcastSettings) -> tuple[Cube, NDArray[np.int64]]:
    """Put the last report before it in place of a missing one, with the delay it had then; for `carried` days."""
    counts = cube.copy()
    delays = np.arange(cube.shape[1])[None, :, None]
    ages = np.broadcast_to(delays, cube.shape).copy()
    for report in range(1, len(counts)):
        gap = np.isnan(counts[report, 1:])
        counts[report, 1:][gap] = counts[report - 1, :-1][gap]
        ages[report, 1:][gap] = ages[report - 1, :-1][gap]
        counts[report][delays[0] - ages[report] > settings.carried] = np.nan
    return counts, ages


def _factors(ladder: Ladder, delays: int) -> Cube:
    """Give ladder factors for as many delays as the triangle has: 1 beyond the final one."""
    held = ladder.factors[:, :delays]
    more = delays - held.shape[1]
    return np.pad(held, ((0, 0), (0, max(more, 0)), (0, 0)), constant_values=1.0)


def _sum(days: Cube) -> Cube:
    total: Cube = np.where(np.isnan(days), 0.0, days).sum(axis=1)
    return total
