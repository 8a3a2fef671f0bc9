"""Drawing from tables of probabilities, whole columns at a time."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.str_]


def draw_rows(random: np.random.Generator, table: Floats, *index: Ints) -> Ints:
    """Draw a column number for each row that the index arrays name, by the table's last axis."""
    edges = np.cumsum(table, axis=-1)
    edges[..., -1] = 1.0
    chosen = edges[index]
    return np.asarray((random.random(len(chosen))[:, None] > chosen).sum(axis=1), dtype=np.int64)


def draw_share(random: np.random.Generator, share: Floats | float, count: int) -> Flags:
    """Draw true with the given probability, for each of `count`."""
    return np.asarray(random.random(count) < share)


def pick(random: np.random.Generator, values: Sequence[str], weights: Floats | None, count: int) -> Texts:
    """Pick `count` of the values, by weight where weights are given."""
    listed = np.asarray(values, dtype=np.str_)
    if weights is None:
        return np.asarray(listed[random.integers(0, len(listed), count)])
    edges = np.cumsum(weights / weights.sum())
    return np.asarray(listed[np.searchsorted(edges, random.random(count), side="right").clip(0, len(listed) - 1)])


def stage(seed: int, name: str) -> np.random.Generator:
    """Give a generator for one stage, so that a change to one stage leaves the others' draws as they were."""
    return np.random.default_rng([seed, *name.encode()])
