"""Compiled arithmetic on integer codes. Minus one stands for missing throughout this room."""

import numpy as np
import numpy.typing as npt

from wardkeeper.residents.compiled import inlined, kernel

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]
MISSING = -1
BLOCK = 512
"""Rows that are laid out together."""
FEW = 16
"""Rows that are counted faster by looking at each pair than by sorting."""


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


@kernel
def gather_rows(groups: Codes) -> tuple[Ints, Ints]:
    """Give the rows that have a group, group by group, and where in them each group starts."""
    most = -1
    for group in groups:
        most = max(most, group)
    starts = np.zeros(most + 2, np.int64)
    for group in groups:
        if group >= 0:
            starts[group + 1] += 1
    for group in range(most + 1):
        starts[group + 1] += starts[group]
    following, rows = starts[:-1].copy(), np.empty(starts[-1], np.int64)
    for row in range(len(groups)):
        if groups[row] >= 0:
            rows[following[groups[row]]] = row
            following[groups[row]] += 1
    return rows, starts


@kernel
def count_groups(values: Codes, rows: Ints, starts: Ints) -> Codes:
    """Count, for each row, the groups in which its value is found; 0 where the value is missing."""
    most = -1
    for value in values:
        most = max(most, value)
    counts, last = np.zeros(most + 1, np.int32), np.full(most + 1, -1, np.int32)
    for group in range(len(starts) - 1):
        for place in range(starts[group], starts[group + 1]):
            value = values[rows[place]]
            if value >= 0 and last[value] != group:
                last[value] = group
                counts[value] += 1
    result = np.zeros(len(values), np.int32)
    for row in range(len(values)):
        if values[row] >= 0:
            result[row] = counts[values[row]]
    return result


@kernel
def count_within(parts: Codes, values: Codes, rows: Ints, starts: Ints) -> Codes:
    """Count, for each row, the distinct known values among the rows of its group and part; 0 where either is missing."""
    result = np.zeros(len(values), np.int32)
    few = np.empty(FEW, np.int64)
    for group in range(len(starts) - 1):
        start, size = starts[group], starts[group + 1] - starts[group]
        keys = few if size <= FEW else np.empty(size, np.int64)
        for place in range(size):
            part, value = np.int64(parts[rows[start + place]]), np.int64(values[rows[start + place]])
            keys[place] = part << 32 | (value + 1) if part >= 0 else -1
        if size <= FEW:
            for place in range(size):
                result[rows[start + place]] = _count_few(keys, size, keys[place])
            continue
        ranked = np.sort(keys)
        found, first = np.zeros(size, np.int32), 0
        for place in range(size):
            if ranked[place] >> 32 != ranked[first] >> 32:
                first = place
            known = ranked[place] & 0xFFFFFFFF
            if known and (place == first or ranked[place] != ranked[place - 1]):
                found[first] += 1
        for place in range(size):
            if keys[place] >= 0:
                result[rows[start + place]] = found[np.searchsorted(ranked, keys[place] >> 32 << 32)]
    return result


@inlined
def _count_few(keys, size, wanted):
    """Count the distinct keys with a known value that have the wanted one's part."""
    found = 0
    if wanted >= 0:
        for place in range(size):
            if keys[place] >> 32 == wanted >> 32 and keys[place] & 0xFFFFFFFF:
                found += 1
                for before in range(place):
                    if keys[before] == keys[place]:
                        found -= 1
                        break
    return found


@kernel
def lay_out(columns: tuple[Codes, ...], order: Ints) -> npt.NDArray[np.int32]:
    """Write columns side by side, one row per place in `order`: some rows of all columns at a time, which fit near the core."""
    cells = np.empty((len(order), len(columns)), np.int32)
    for start in range(0, len(order), BLOCK):
        for column in range(len(columns)):
            codes = columns[column]
            for row in range(start, min(start + BLOCK, len(order))):
                cells[row, column] = codes[order[row]]
    return cells


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
