"""The serial interval: days from one person's symptoms to those of a person they infect.

It is known day by day, or as a gamma distribution, or as a gamma distribution whose mean and deviation are themselves
uncertain. Estimating R from it is left to `reproduction`.

Cori A, Ferguson NM, Fraser C, Cauchemez S (2013), A new framework and software to estimate time-varying reproduction
numbers during epidemics, American Journal of Epidemiology 178: 1505-1512. The formula of the shares is on EpiEstim's page of
`discr_si`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, ndtr, ndtri

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.given import check_settings, take_numbers

Numbers = NDArray[np.float64]

SUM_TOLERANCE = 0.01
"""Printed tables are rounded: a sum this near to 1 is taken as it is written."""

USUAL_SPREAD = 2.0
"""An uncertain mean or deviation is drawn from this many deviations to either side, where no limit is given."""
LEAST_DEVIATION = 0.05
ABOVE = 1.001

MOST_DRAWS = 10_000
"""Serial intervals drawn: many more change the answer by less than chance does."""


@dataclass(frozen=True, slots=True)
class KnownInterval:
    """Shares by day: `shares[k]` is the share of serial intervals of `k` days. Raises BadInput where they cannot be.

    Day 0 must be 0 (nobody's case counts towards their own day) and the sum 1, within the rounding of a printed table.
    """

    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        shares = take_numbers(self.shares, "shares").ravel()
        where = Where(rule="serial interval")
        if not (len(shares) > 1 and np.isfinite(shares).all() and (shares >= 0).all()):
            message = "The serial interval needs a share for day 0 and each day after it, none below 0."
            raise BadInput(message, "Give the shares day by day, the first for day 0.", where)
        if shares[0] != 0:
            message = f"The serial interval begins with {shares[0]:g}: the share of day 0 must be 0."
            raise BadInput(message, "Begin with 0, then the share of day 1.", where)
        if abs(shares.sum() - 1) > SUM_TOLERANCE:
            message = f"The shares of the serial interval add up to {shares.sum():.4g}, not to 1."
            raise BadInput(message, "Divide each share by their sum, or add the days that are missing.", where)


@dataclass(frozen=True, slots=True)
class GammaInterval:
    """A gamma distribution shifted by a day: its mean (days, above 1) and standard deviation (days, above 0)."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        check_settings(self)
        _check_gamma(self.mean, self.sd)


@dataclass(frozen=True, slots=True)
class UncertainInterval:
    """A gamma distribution whose mean and standard deviation are drawn from normals cut off at both ends.

    Each drawn standard deviation is below the drawn mean, as in the paper. Limits not given lie two deviations away.
    """

    mean: float
    sd: float
    mean_sd: float
    sd_sd: float = 0.0
    mean_limits: tuple[float | None, float | None] = (None, None)
    sd_limits: tuple[float | None, float | None] = (None, None)
    draws: int = 1000

    def __post_init__(self) -> None:
        check_settings(self)
        _check_gamma(self.mean, self.sd)
        if not (self.mean_sd >= 0 and self.sd_sd >= 0 and 1 <= self.draws <= MOST_DRAWS):
            message = (
                f"The uncertainty of the serial interval needs deviations of 0 or more, and 1 to {MOST_DRAWS:,} draws."
            )
            raise BadInput(message, "Change them.", Where(rule="serial interval"))
        for name in ("mean_limits", "sd_limits"):
            ends = getattr(self, name)
            if not isinstance(ends, tuple) or len(ends) != 2 or not all(map(_is_end, ends)):
                message = f"The setting {name} must be two numbers, each of which may be None."
                raise BadInput(message, "Change the setting.", Where(key=name))
        means, deviations = self.limits
        if not (1 <= means[0] <= self.mean <= means[1] and 0 < deviations[0] <= self.sd <= deviations[1]):
            message = "The limits of the serial interval do not hold its own mean or standard deviation."
            raise BadInput(message, "Give limits around them; a mean is at least 1 day.", Where(rule="serial interval"))
        if deviations[0] >= means[0]:
            message = "The least standard deviation is not below the least mean."
            raise BadInput(message, "Narrow the limits.", Where(rule="serial interval"))

    @property
    def limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The limits in force: of the mean, of the standard deviation."""
        sd_low, sd_high = _reach(self.sd, self.sd_sd, self.sd_limits, least=LEAST_DEVIATION)
        # A mean is a day or more, and above the least deviation: else no deviation could be drawn below it.
        return _reach(self.mean, self.mean_sd, self.mean_limits, least=max(1.0, sd_low * ABOVE)), (sd_low, sd_high)


def _is_end(value: object) -> bool:
    return value is None or isinstance(value, int | float)


def _reach(
    value: float, spread: float, given: tuple[float | None, float | None], *, least: float
) -> tuple[float, float]:
    low, high = given
    return (
        max(least, value - USUAL_SPREAD * spread) if low is None else low,
        value + USUAL_SPREAD * spread if high is None else high,
    )


SerialInterval = KnownInterval | GammaInterval | UncertainInterval
"""Any of the three."""


LONGEST, LEAST_SD = 3650.0, 0.001
"""Days beyond which no serial interval lies, and below which its deviation no longer makes a gamma distribution."""


def _check_gamma(mean: float, sd: float) -> None:
    if not (1 < mean <= LONGEST and LEAST_SD <= sd <= LONGEST):
        message = f"A serial interval of mean {mean:g} and deviation {sd:g} days cannot be used."
        next_step = f"Give a mean above 1 day and a deviation of {LEAST_SD} or more, each at most {LONGEST:,.0f} days."
        raise BadInput(message, next_step, Where(rule="serial interval"))


def discretise(mean: ArrayLike, sd: ArrayLike, days: int) -> Numbers:
    """Give the share of serial intervals of 0, 1, … `days` - 1 days, for one mean and deviation or for many.

    The gamma distribution is shifted by a day; a share is the paper's triangle-weighted integral. Shape: that of
    `mean`, and days last. The shares are not scaled to add up to 1.
    """
    mu, sigma = np.broadcast_arrays(np.asarray(mean, np.float64)[..., None], np.asarray(sd, np.float64)[..., None])
    shape, scale = ((mu - 1) / sigma) ** 2, sigma**2 / (mu - 1)
    steps = np.arange(-2, days)
    reached = np.maximum(steps, 0) / scale
    plain, raised = gammainc(shape, reached), gammainc(shape + 1, reached)
    k = steps[2:]
    weighted = k * plain[..., 2:] + (k - 2) * plain[..., :-2] - 2 * (k - 1) * plain[..., 1:-1]
    moved = shape * scale * (2 * raised[..., 1:-1] - raised[..., :-2] - raised[..., 2:])
    shares: Numbers = np.maximum(weighted + moved, 0.0)
    return shares


def shares_of(interval: KnownInterval | GammaInterval, days: int) -> Numbers:
    """Give the shares of serial intervals of 0, 1, … `days` - 1 days."""
    match interval:
        case GammaInterval():
            return discretise(interval.mean, interval.sd, days)
        case KnownInterval():
            shares = np.zeros(days)
            known = np.asarray(interval.shares, dtype=np.float64)[:days]
            shares[: len(known)] = known
            return shares


def draw_shares(interval: UncertainInterval, days: int, seed: int) -> Numbers:
    """Draw serial intervals: shares, draws by days. The same seed gives the same draws. Raises BadInput for one below 0."""
    if seed < 0:
        raise BadInput("The seed is below 0.", "Give a whole number of 0 or more.", Where(rule="seed"))
    chance = np.random.default_rng(seed)
    means, deviations = interval.limits
    mean = _draw(chance.random(interval.draws), interval.mean, interval.mean_sd, *means)
    sd = _draw(
        chance.random(interval.draws), interval.sd, interval.sd_sd, deviations[0], np.minimum(deviations[1], mean)
    )
    return discretise(np.maximum(mean, np.nextafter(1.0, 2.0) + 1e-9), sd, days)


def _draw(uniform: Numbers, mean: float, sd: float, low: ArrayLike, high: ArrayLike) -> Numbers:
    """Turn uniform draws into draws of a normal cut off at `low` and `high`."""
    if sd == 0:
        return np.broadcast_to(np.clip(mean, low, high), uniform.shape).astype(np.float64)
    first, last = ndtr((np.asarray(low) - mean) / sd), ndtr((np.asarray(high) - mean) / sd)
    drawn: Numbers = mean + sd * ndtri(first + uniform * (last - first))
    return np.clip(drawn, low, high)
