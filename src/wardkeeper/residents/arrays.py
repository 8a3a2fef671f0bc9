"""Compiled arithmetic on integer codes. Minus one stands for missing throughout this room."""

import numpy as np
import numpy.typing as npt

from wardkeeper.residents.compiled import inlined, kernel

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]
MISSING = -1
_MIX = 0x9E3779B97F4A7C15 - (1 << 64)


@inlined
def mix(key):
    """Scatter the bits of a 64-bit integer."""
    key = (key ^ (key >> 31)) * -4658895280553007687
    key = (key ^ (key >> 29)) * -7723592293110705685
    return key ^ (key >> 32)


@kernel
def number(one: Codes, other: Codes) -> Codes:
    """Number the distinct pairs of codes 0, 1, 2 … as they are first met; missing where either is missing."""
    bits = 4
    while (1 << bits) < 2 * len(one):
        bits += 1
    mask = (1 << bits) - 1
    keys = np.full(1 << bits, -1, np.int64)
    places = np.empty(1 << bits, np.int32)
    result = np.empty(len(one), np.int32)
    following = 0
    for row in range(len(one)):
        if one[row] < 0 or other[row] < 0:
            result[row] = -1
            continue
        key = (np.int64(one[row]) << 32) | np.int64(other[row])
        slot = mix(key) & mask
        while keys[slot] != -1 and keys[slot] != key:
            slot = (slot + 1) & mask
        if keys[slot] == -1:
            keys[slot] = key
            places[slot] = following
            following += 1
        result[row] = places[slot]
    return result


@kernel
def count_distinct(groups: Codes, values: Codes) -> Codes:
    """Count, for each row, the distinct known values in its group; 0 where the group is missing."""
    bits = 4
    while (1 << bits) < 2 * len(groups):
        bits += 1
    mask = (1 << bits) - 1
    keys = np.full(1 << bits, -1, np.int64)
    most = -1
    for row in range(len(groups)):
        most = max(most, groups[row])
    counts = np.zeros(most + 1, np.int32)
    for row in range(len(groups)):
        if groups[row] < 0 or values[row] < 0:
            continue
        key = (np.int64(groups[row]) << 32) | np.int64(values[row])
        slot = mix(key) & mask
        while keys[slot] != -1 and keys[slot] != key:
            slot = (slot + 1) & mask
        if keys[slot] == -1:
            keys[slot] = key
            counts[groups[row]] += 1
    result = np.zeros(len(groups), np.int32)
    for row in range(len(groups)):
        if groups[row] >= 0:
            result[row] = counts[groups[row]]
    return result


def count_rows(groups: Codes) -> Ints:
    """Count, for each row, the rows in its group; 0 where the group is missing."""
    counts = np.bincount(groups[groups >= 0], minlength=1)
    return np.where(groups >= 0, counts[groups], 0)


def combine(*parts: Codes) -> Codes:
    """Number the distinct combinations of several codes; missing where any part is missing."""
    key = parts[0]
    for part in parts[1:]:
        key = number(key, part)
    return key
