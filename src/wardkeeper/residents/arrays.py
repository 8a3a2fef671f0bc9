"""Whole-column arithmetic on integer codes. Minus one stands for missing throughout this room."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int16]
Flags = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]

MISSING = -1
ROOM = 2**40
"""Above this, two more codes might not fit into 63 bits, so codes are made dense again."""


def make_dense(codes: Ints) -> Ints:
    """Number the codes 0, 1, 2 … in their own order; missing stays missing."""
    known = codes >= 0
    dense = np.full(len(codes), MISSING, dtype=np.int64)
    dense[known] = np.unique(codes[known], return_inverse=True)[1]
    return dense


def combine(*parts: Ints) -> Ints:
    """Join several codes into one; missing where any part is missing."""
    key = parts[0].astype(np.int64)
    for part in parts[1:]:
        if key.size and key.max() > ROOM // max(int(part.max()) + 1, 1):
            key = make_dense(key)
        span = int(part.max(initial=0)) + 1
        key = np.where((key >= 0) & (part >= 0), key * span + part, MISSING)
    return key


def count_distinct(groups: Ints, values: Ints) -> Ints:
    """Count, for each row, the distinct known values in its group; 0 where the group is missing."""
    groups = make_dense(groups)
    known = (groups >= 0) & (values >= 0)
    span = int(values.max(initial=0)) + 1
    keys = np.unique(groups[known] * span + values[known])
    counts = np.bincount(keys // span, minlength=int(groups.max(initial=0)) + 1)
    return np.where(groups >= 0, counts[groups], 0).astype(np.int64)


def pairs_within(groups: Ints, cap: int | None = None) -> tuple[Ints, Ints, Flags]:
    """Give every pair of rows in the same group, as (lower row, higher row), and which rows sat in a group over `cap`.

    Rows with a missing group pair with nothing. Groups over the cap give no pairs.
    """
    rows = np.flatnonzero(groups >= 0)
    rows = rows[np.argsort(groups[rows], kind="stable")]
    keys = groups[rows]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if keys.size else np.zeros(0, np.int64)
    sizes = np.repeat(np.diff(np.r_[starts, keys.size]), np.diff(np.r_[starts, keys.size]))
    over = np.zeros(len(groups), dtype=np.bool_)
    if cap is not None:
        over[rows[sizes > cap]] = True
        rows, keys, sizes = rows[sizes <= cap], keys[sizes <= cap], sizes[sizes <= cap]
    left, right = _pairs_of_sorted(rows, keys)
    return left, right, over


def _pairs_of_sorted(rows: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Pair each row with the 1st, 2nd … next one while the group is the same."""
    lefts, rights = [], []
    firsts = np.arange(max(len(rows) - 1, 0))
    step = 1
    while firsts.size:
        firsts = firsts[firsts + step < len(rows)]
        firsts = firsts[keys[firsts] == keys[firsts + step]]
        lefts.append(rows[firsts])
        rights.append(rows[firsts + step])
        step += 1
    if not lefts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(lefts), np.concatenate(rights)
