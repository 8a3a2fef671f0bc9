"""Hidden counts: what a count that was withheld may be expected to be, if what it comes from were known."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from wardkeeper.kernel.errors import BadInput, Where

Numbers = NDArray[np.float64]

WIDEST = 200
"""No publisher hides counts so far apart: a wider interval is a mistake, or should be asked about."""


def expect_between(low: Numbers, high: Numbers, mean: Numbers) -> tuple[Numbers, Numbers]:
    """Give mean and variance of Poisson counts of the given means that are known to lie from `low` to `high`."""
    counts = count_between(low, high)
    return _moments(counts, counts * np.log(np.maximum(mean, 1e-300))[:, None] - gammaln(counts + 1))


def count_between(low: Numbers, high: Numbers) -> Numbers:
    """Give every count from `low` to `high` (one row an interval; NaN past its end). Raises BadInput where one is too wide."""
    counts = low[:, None] + np.arange(check_width(low, high))
    return np.where(counts <= high[:, None], counts, np.nan)


def check_width(low: Numbers, high: Numbers, widest: int = WIDEST) -> int:
    """Give how many counts the widest interval holds, ends being NaN where nothing is known. Raises BadInput if too many."""
    width = int(np.nan_to_num(high - low).max(initial=0)) + 1
    if width > widest:
        message = f"A hidden count may be any of {width:,}: that is too wide to be of use."
        raise BadInput(message, "Ask the publisher what its mark stands for.", Where(rule="hidden counts"))
    return width


def _moments(counts: Numbers, logs: Numbers) -> tuple[Numbers, Numbers]:
    logs = np.where(np.isnan(counts), -np.inf, logs)
    chances = np.exp(logs - logs.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    known = np.nan_to_num(counts)
    first = (chances * known).sum(axis=1)
    return first, (chances * (known - first[:, None]) ** 2).sum(axis=1)
