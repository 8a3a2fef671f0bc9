"""What a detector says of each series at each time, as one table whatever the method."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.outbreaks.series.histories import Histories, Numbers, Whole

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Judged:
    """What was found for every series at one time; NaN where a figure can't be given.

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


def tabulate(histories: Histories, rows: Whole, judged: Sequence[Judged]) -> pl.DataFrame:
    """Give a row for each series and time, with the method's own columns last.

    Columns: series, t (1 the first row), date, observed (null where suppressed), observed_low, observed_high, expected,
    upper, score, p, alarm, possible (not also an alarm).
    """
    series, times = len(histories.names), len(rows)
    low, high = (ends[:, rows].reshape(-1) for ends in (histories.low, histories.high))
    alarm, possible = (
        _stack([getattr(one, name) for one in judged]).astype(np.bool_) for name in ("alarm", "possible")
    )
    figures = {
        name: _stack([getattr(one, name) for one in judged]).astype(np.float64)
        for name in ("expected", "upper", "score", "p")
    }
    more = {name: _stack([one.more[name] for one in judged]).astype(np.float64) for name in judged[0].more}
    dates = pl.Series("date", histories.dates)[rows.tolist()]
    return pl.DataFrame(
        {
            "series": pl.Series(histories.names)[np.repeat(np.arange(series), times)],
            "t": np.tile(rows + 1, series),
            "date": pl.concat([dates] * series),
            "observed": pl.Series(low).zip_with(pl.Series(low == high), pl.Series([None], dtype=pl.Int64)),
            "observed_low": low,
            "observed_high": high,
            **{name: pl.Series(values) for name, values in figures.items()},
            "alarm": alarm,
            "possible": possible & ~alarm,
            **{name: pl.Series(values) for name, values in more.items()},
        }
    ).with_columns(pl.col(pl.Float64).replace({float("inf"): None, float("-inf"): None}).fill_nan(None))


def _stack(values: Sequence[NDArray[np.generic]]) -> NDArray[np.generic]:
    """Put times side by side, then give all series one after another."""
    return np.stack(values, axis=1).reshape(-1)
