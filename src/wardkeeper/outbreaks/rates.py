"""Rates per 100,000 people with exact intervals.

The interval is Garwood's (1936), exact for a Poisson count, from quantiles of the gamma distribution. A suppressed
count has no single rate: its interval reaches from the lower end for its smallest count to the upper end for its
largest.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import gammaincinv

PER = 100_000
SUPPRESSED = "suppressed"
NO_POPULATION = "no population is known for this area"

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


def poisson_interval(low: Whole, high: Whole, level: float = 0.95) -> tuple[Numbers, Numbers]:
    """Give Garwood's interval for the mean of counts that lie from `low` to `high` (equal shapes; equal if exact).

    Garwood F (1936), Fiducial limits for the Poisson distribution, Biometrika 28: 437-442. The lower end is 0 when
    `low` is 0.
    """
    tail = (1 - level) / 2
    lower = np.where(low > 0, gammaincinv(np.maximum(low, 1), tail), 0.0)
    return lower, gammaincinv(high + 1, 1 - tail)


def add_rates(frame: pl.DataFrame, level: float = 0.95) -> pl.DataFrame:
    """Add rate, rate_low, rate_high (per 100,000 people, each null without a population) and rate_note.

    Takes low, high and population. `rate` is also null where the count is suppressed. `rate_note` says why a figure
    is absent; it is empty otherwise.
    """
    lower, upper = poisson_interval(frame["low"].to_numpy(), frame["high"].to_numpy(), level)
    people = pl.when(pl.col("population") > 0).then(pl.col("population"))
    suppressed = pl.col("low") < pl.col("high")
    return frame.with_columns(
        rate=pl.when(~suppressed).then(pl.col("low") * PER / people),
        rate_low=pl.Series(lower, dtype=pl.Float64) * PER / people,
        rate_high=pl.Series(upper, dtype=pl.Float64) * PER / people,
        rate_note=pl.when(people.is_null())
        .then(pl.lit(NO_POPULATION))
        .when(suppressed)
        .then(pl.lit(SUPPRESSED))
        .otherwise(pl.lit("")),
    )
