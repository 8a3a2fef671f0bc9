"""What a detector says of each series at each time, as one table whatever the method."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.outbreaks.series.histories import Histories, Numbers, Whole

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Judged:
    """What was found, [series, times]; NaN where a figure can't be given.

    `alarm` stands whatever a suppressed count was, `possible` for some of what it may have been. `more` are further
    columns of the method.
    """

    expected: Numbers
    upper: Numbers
    score: Numbers
    p: Numbers
    alarm: Flags
    possible: Flags
    more: Mapping[str, Numbers] = field(default_factory=dict)


def tabulate(histories: Histories, rows: Whole, judged: Judged) -> pl.DataFrame:
    """Give a row for each series and time, with the method's own columns last.

    Columns: series, t (1 the first row), date (null where the file has none), observed (null where suppressed), observed_low, observed_high, expected,
    upper, score, p, alarm, possible (not also an alarm).
    """
    series, times = len(histories.names), len(rows)
    low, high = (ends[:, rows].reshape(-1) for ends in (histories.low, histories.high))
    figures = {"expected": judged.expected, "upper": judged.upper, "score": judged.score, "p": judged.p}
    days = pl.Series([histories.dates[row] if histories.dates else None for row in rows], dtype=pl.Date)
    return pl.DataFrame(
        {
            "series": pl.Series(histories.names)[np.repeat(np.arange(series), times)],
            "t": np.tile(rows + 1, series),
            "date": days[np.tile(np.arange(times), series)],
            "observed": pl.Series(low).zip_with(pl.Series(low == high), pl.Series([None], dtype=pl.Int64)),
            "observed_low": low,
            "observed_high": high,
            **{name: pl.Series(_known(values)) for name, values in figures.items()},
            "alarm": judged.alarm.reshape(-1),
            "possible": (judged.possible & ~judged.alarm).reshape(-1),
            **{name: pl.Series(_known(values)) for name, values in judged.more.items()},
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


def _known(values: Numbers) -> Numbers:
    """Give one series after another, NaN for what is out of all bounds."""
    flat: Numbers = np.where(np.isfinite(values), values, np.nan).reshape(-1)
    return flat
