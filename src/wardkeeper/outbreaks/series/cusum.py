"""CUSUM for counts: small excesses add up until they are too many.

Rossi G, Lampugnani L, Marchi M (1999), An approximate CUSUM procedure for surveillance of health events, Statistics in
Medicine 18: 2111-2122. Pierce DA, Schafer DW (1986), Residuals in generalized linear models, Journal of the American
Statistical Association 81: 977-986 (Anscombe residuals). Settings are named as in `algo.cusum` of R's surveillance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import polars as pl
from scipy.special import hyp2f1

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.cells import GREATEST
from wardkeeper.outbreaks.given import change_settings, check_settings
from wardkeeper.outbreaks.series import seasons
from wardkeeper.outbreaks.series.choices import check_rules, choose
from wardkeeper.outbreaks.series.histories import Histories, Numbers, find_span, from_frame
from wardkeeper.outbreaks.series.steps import Judged, tabulate


class Transform(StrEnum):
    """What makes an excess of counts comparable over expected counts."""

    STANDARD = "standard"
    ROSSI = "rossi"
    ANSCOMBE = "anscombe"
    ANSCOMBE_SECOND = "anscombe2nd"
    PEARSON_NEGBIN = "pearsonNegBin"
    ANSCOMBE_NEGBIN = "anscombeNegBin"
    NONE = "none"


SEASONAL = "glm"
"""Instead of a number: expect a yearly wave, fitted to the rows before the first."""

NEEDS_ALPHA = {Transform.PEARSON_NEGBIN, Transform.ANSCOMBE_NEGBIN}


def _anscombe_negbin(counts: Numbers, mean: Numbers, alpha: float) -> Numbers:
    """Take Anscombe's integral of the variance to the power of -1/3, in its closed form."""

    def reached(to: Numbers) -> Numbers:
        integral: Numbers = 1.5 * to ** (2 / 3) * hyp2f1(1 / 3, 2 / 3, 5 / 3, -alpha * to)
        return integral

    return (reached(counts) - reached(mean)) / (mean + alpha * mean**2) ** (1 / 6)


TRANSFORMS: dict[Transform, Callable[[Numbers, Numbers, float], Numbers]] = {
    Transform.STANDARD: lambda x, m, _: (x - m) / np.sqrt(m),
    Transform.ROSSI: lambda x, m, _: (x - 3 * m + 2 * np.sqrt(x * m)) / (2 * np.sqrt(m)),
    Transform.ANSCOMBE: lambda x, m, _: 1.5 * (x ** (2 / 3) - m ** (2 / 3)) / m ** (1 / 6),
    Transform.ANSCOMBE_SECOND: lambda x, m, _: (
        (x ** (2 / 3) - (m ** (2 / 3) - m ** (-1 / 3) / 9)) / (2 / 3 * m ** (1 / 6))
    ),
    Transform.PEARSON_NEGBIN: lambda x, m, a: (x - m) / np.sqrt(m + a * m**2),
    Transform.ANSCOMBE_NEGBIN: _anscombe_negbin,
    Transform.NONE: lambda x, _, __: x,
}
"""Each gives standardised counts from counts, expected counts and the negative binomial's alpha."""

LARGEST = 2.0**40
HALVINGS = 100


def _invert_rossi(wanted: Numbers, mean: Numbers) -> Numbers:
    """Solve r² + 2 r √m = 3 m + 2 √m wanted for the count's root r. Where it is below 0, R squares it all the same."""
    square = 4 * mean + 2 * np.sqrt(mean) * wanted
    counts: Numbers = np.where(square >= 0, (np.sqrt(np.maximum(square, 0)) - np.sqrt(mean)) ** 2, mean * 0)
    return counts


def _raise(root: Numbers) -> Numbers:
    """Give the count whose two thirds' power is `root`; 0 where no count's is."""
    counts: Numbers = np.maximum(root, 0) ** 1.5
    return counts


def _search(wanted: Numbers, mean: Numbers, alpha: float) -> Numbers:
    """Halve down to the count of a negative binomial's Anscombe residual, which has no inverse in closed form."""
    low, high = np.zeros(mean.shape), np.full(mean.shape, LARGEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = _anscombe_negbin(middle, mean, alpha) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(np.isnan(mean), np.nan, high)


INVERSES: dict[Transform, Callable[[Numbers, Numbers, float], Numbers]] = {
    Transform.STANDARD: lambda z, m, _: np.ceil(m + np.sqrt(m) * z),
    Transform.ROSSI: lambda z, m, _: _invert_rossi(z, m),
    Transform.ANSCOMBE: lambda z, m, _: _raise(m ** (2 / 3) + 2 / 3 * m ** (1 / 6) * z),
    Transform.ANSCOMBE_SECOND: lambda z, m, _: _raise(m ** (2 / 3) - m ** (-1 / 3) / 9 + 2 / 3 * m ** (1 / 6) * z),
    Transform.PEARSON_NEGBIN: lambda z, m, a: m + np.sqrt(m + a * m**2) * z,
    Transform.ANSCOMBE_NEGBIN: _search,
    Transform.NONE: lambda z, _, __: z,
}
"""Each gives the count whose standardised count is z, from z, expected counts and alpha. As in R only the standard one is
rounded up. For anscombe2nd, anscombeNegBin and none R tells bounds at which its own sum does not reach `h`; here they are
solved for."""


@dataclass(frozen=True, slots=True)
class CusumSettings:
    """Settings named as in R, with its defaults.

    Reference value `k`, decision boundary `h`, the expected count `m` (a number, one for each row looked at, "glm",
    or None for the mean of the rows before the first), the transformation `trans`, and `alpha` for the negative binomial ones (variance m + alpha m²).
    """

    k: float = 1.04
    h: float = 2.26
    m: float | tuple[float, ...] | str | None = None
    trans: Transform = Transform.STANDARD
    alpha: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "trans", choose(Transform, self.trans, "trans"))
        check_settings(self)
        seasonal = isinstance(self.m, str) and self.m == SEASONAL
        numbers = () if self.m is None or seasonal else self.m if isinstance(self.m, tuple) else (self.m,)
        known = all(isinstance(one, int | float | np.number) and 0 < one <= GREATEST for one in numbers)
        rules = (
            (0 <= self.k <= GREATEST, "k", "0 or more"),
            (0 < self.h <= GREATEST, "h", "above 0"),
            (known, "m", 'a number above 0, one for each row looked at, or "glm"'),
            (self.alpha is None or self.alpha > 0, "alpha", "above 0"),
            (self.trans not in NEEDS_ALPHA or self.alpha is not None, "alpha", f"given for trans {self.trans.value}"),
        )
        check_rules(rules)


def cusum(
    series: pl.DataFrame | Histories,
    settings: CusumSettings | None = None,
    *,
    first: int | date | None = None,
    last: int | date | None = None,
    population: str = "",
    **options: Any,
) -> pl.DataFrame:
    """Add up what counts exceed their expectation by, never below 0; an alarm is a sum of `h` or more.

    `series`, `first` and `last` are as in `farrington` (without a number for `m`, `first` must leave rows before it);
    `options` are those of `CusumSettings`. Gives the same columns: `upper` is the count at which the sum reaches `h`
    as R tells it (see `INVERSES`), `score` the sum over `h`, `p` null; and `cusum`, the sum. `population` names a frame's
    column of people or tests: expected counts are in proportion. Where the rows before hold no case there is nothing to
    expect and no alarm is given: figures are null. Suppressed counts: an alarm stands if all are at their least, and is `possible` if it stands with all at their most. Raises BadInput.
    """
    chosen = change_settings(CusumSettings, settings, options)
    histories = series if isinstance(series, Histories) else from_frame(series, population=population)
    earliest = 0 if isinstance(chosen.m, float | int | tuple) else seasons.LEAST_ROWS if chosen.m == SEASONAL else 1
    if first is None and earliest:
        message = "It isn't said at which row monitoring begins, and what is expected is learned from the rows before."
        raise BadInput(message, "Give the first row or date (--from), or the expected count (--m).")
    rows = find_span(histories, first, last, earliest=earliest).rows
    if isinstance(chosen.m, tuple) and len(chosen.m) != len(rows):
        message = f"The setting m has {len(chosen.m)} expected counts, for {len(rows)} rows looked at."
        raise BadInput(message, "Give one for each row, or one for all.", Where(key="m"))
    expected = _expect(histories, rows[0], rows[-1], chosen)
    least = _accumulate(histories.low[:, rows].astype(np.float64), expected, chosen)
    most = _accumulate(histories.high[:, rows].astype(np.float64), expected, chosen) if histories.suppressed else least
    return tabulate(histories, rows, _judge(expected, least, most, chosen))


def _expect(histories: Histories, first: int, last: int, settings: CusumSettings) -> Numbers:
    """Give the expected counts, [series, rows]."""
    if isinstance(settings.m, float | int | tuple):
        people = histories.people(np.arange(histories.count))
        known: Numbers = np.asarray(settings.m) * people[:, first : last + 1] / people.mean(axis=1, keepdims=True)
        return known
    people = histories.people(np.arange(last + 1))
    before, now = histories.middle[:, :first], people[:, first:]
    if settings.m == SEASONAL:
        return seasons.expect(before, people, histories.step)
    expected: Numbers = before.sum(axis=1, keepdims=True) / people[:, :first].sum(axis=1, keepdims=True) * now
    return expected


@dataclass(frozen=True, eq=False)
class Sums:
    """For each series and row: the sum after it, and the count at which it would have reached the boundary."""

    total: Numbers
    upper: Numbers


def _accumulate(counts: Numbers, expected: Numbers, settings: CusumSettings) -> Sums:
    transform, invert = TRANSFORMS[settings.trans], INVERSES[settings.trans]
    alpha = settings.alpha or 0.0
    total, upper = np.empty(counts.shape), np.empty(counts.shape)
    sums = np.zeros(len(counts))
    for at in range(counts.shape[1]):
        mean = np.where(expected[:, at] > 0, expected[:, at], np.nan)
        upper[:, at] = np.maximum(invert(settings.h + settings.k - sums, mean, alpha), 0)
        sums = np.maximum(0, sums + transform(counts[:, at], mean, alpha) - settings.k)
        total[:, at] = sums
    return Sums(total, upper)


def _judge(expected: Numbers, least: Sums, most: Sums, settings: CusumSettings) -> Judged:
    return Judged(
        expected=np.where(expected > 0, expected, np.nan),
        upper=least.upper,
        score=least.total / settings.h,
        p=np.full(expected.shape, np.nan),
        alarm=least.total >= settings.h,
        possible=most.total >= settings.h,
        more={"cusum": least.total},
    )
