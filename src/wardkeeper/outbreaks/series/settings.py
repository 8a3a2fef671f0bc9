"""The settings of Farrington's methods, named as in the control lists of R's surveillance package.

Those that only concern R (verbose, glmWarnings, plot) have no counterpart; fitFun is the choice of method.
"""

from dataclasses import dataclass
from enum import StrEnum

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.given import check_settings
from wardkeeper.outbreaks.series.choices import check_rules, choose
from wardkeeper.outbreaks.series.years import Years


class Method(StrEnum):
    """Which Farrington method."""

    FLEXIBLE = "flexible"
    ORIGINAL = "original"


class Threshold(StrEnum):
    """How the upper bound is found from the expected count and its uncertainty."""

    DELTA = "delta"
    NB_PLUGIN = "nbPlugin"
    MUAN = "muan"


class PowerTransform(StrEnum):
    """What makes counts more like normal ones, for the delta threshold."""

    SKEWNESS = "2/3"
    VARIANCE = "1/2"
    NONE = "none"


POWERS = {PowerTransform.SKEWNESS: 2 / 3, PowerTransform.VARIANCE: 1 / 2, PowerTransform.NONE: 1.0}

CHOICES: dict[str, type[StrEnum]] = {
    "method": Method,
    "power_trans": PowerTransform,
    "threshold_method": Threshold,
    "years": Years,
}

ORIGINAL_THRESHOLD = 1.0
"""Residuals above this lose weight in the method of 1996 (section 3.6)."""


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple | list) and [type(one) for one in value] == [int, int]


@dataclass(frozen=True, slots=True)
class Farrington:
    """Settings of a Farrington method; the defaults are those R documents.

    `b` years back, windows of `w` rows to each side, `reweight` past outbreaks with a residual above
    `weights_threshold`, a one-sided bound at `alpha` (two-sided in the original method), a `trend` kept if its p-value
    is below `p_threshold_trend`, no alarm with fewer than `limit54[0]` cases in the last `limit54[1]` rows,
    `power_trans` for the delta threshold, a year parted into `no_periods`, `past_weeks_not_included` rows just before
    left out (by default `w`), and how a year back is found (`years`). The original method knows no weights_threshold,
    no_periods, past_weeks_not_included, p_threshold_trend or threshold_method other than the defaults.

    A year with fewer rows than parts is refused, as of months in ten: the paper has weeks in mind, and does not say what
    a part without rows would be.
    """

    method: Method = Method.FLEXIBLE
    b: int = 5
    w: int = 3
    reweight: bool = True
    weights_threshold: float = 2.58
    alpha: float = 0.05
    trend: bool = True
    p_threshold_trend: float = 0.05
    limit54: tuple[int, int] = (5, 4)
    power_trans: PowerTransform = PowerTransform.SKEWNESS
    population_offset: bool = False
    no_periods: int = 1
    past_weeks_not_included: int | None = None
    threshold_method: Threshold = Threshold.DELTA
    years: Years = Years.AUTO

    def __post_init__(self) -> None:
        for name, kind in CHOICES.items():
            object.__setattr__(self, name, choose(kind, getattr(self, name), name))
        check_settings(self)
        if not _is_pair(self.limit54):
            raise BadInput(
                "The setting limit54 must be two whole numbers, such as (5, 4).",
                "Change the setting.",
                Where(key="limit54"),
            )
        rules = (
            (1 <= self.b <= 50, "b", "1 to 50 years"),
            (0 <= self.w <= 180, "w", "0 to 180 rows"),
            (self.weights_threshold > 0, "weights_threshold", "above 0"),
            (0 < self.alpha < 0.5, "alpha", "above 0 and below 0.5"),
            (0 <= self.p_threshold_trend <= 1, "p_threshold_trend", "0 to 1"),
            (
                self.limit54[0] >= 0 and self.limit54[1] >= 1,
                "limit54",
                "two whole numbers, cases and rows, such as 5,4",
            ),
            (1 <= self.no_periods <= 52, "no_periods", "1 to 52"),
            (self.left_out >= 0, "past_weeks_not_included", "0 or more"),
            (self.b * (2 * self.w + 1) > self.coefficients, "w", "large enough for a baseline longer than the model"),
        )
        check_rules(rules)

    @property
    def left_out(self) -> int:
        """Rows just before the one looked at that are no part of its baseline."""
        return self.w if self.past_weeks_not_included is None else self.past_weeks_not_included

    @property
    def coefficients(self) -> int:
        """Coefficients of the largest model with one level."""
        return 2 if self.trend else 1
