"""Key tables: for each blocking key the records that share it, in order, so that a further record's candidates are looked up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wardkeeper.residents.arrays import Ints
from wardkeeper.residents.blocking import CAP, FURTHER, KEYS, ROW_BITS, Key, KeyCount, group_keys
from wardkeeper.residents.cells import Cells
from wardkeeper.residents.compiled import kernel

ROW_MASK = (1 << ROW_BITS) - 1


@dataclass(frozen=True, slots=True)
class KeyTable:
    """One key: `groups` has each record's scattered key above its row, sorted; `finer` those of groups that are full, split further."""

    key: Key
    groups: Ints
    finer: Ints


def keys_used(counts: Sequence[KeyCount]) -> tuple[Key, ...]:
    """Give the keys that a linking used: those always used, and the further ones that brought a pair."""
    brought = {one.name for one in counts if one.pairs}
    return (*KEYS, *(key for key in FURTHER if key.name in brought))


def tabulate(cells: Cells, key: Key, rows: Ints) -> KeyTable:
    """Make a key's table of some rows."""
    groups = keys_of(cells, key.columns, rows)
    groups = groups[groups >= 0]
    groups.sort()
    return split_full(cells, key, groups)


def split_full(cells: Cells, key: Key, groups: Ints) -> KeyTable:
    """Make a key's table of its groups: those that one more record would make too large are split further."""
    finer = keys_of(cells, (*key.columns, *key.finer), _rows_of_full(groups, key.cap))
    finer = finer[finer >= 0]
    finer.sort()
    return KeyTable(key, groups, finer)


def keys_of(cells: Cells, columns: Sequence[int], rows: Ints) -> Ints:
    """Give each row's scattered key above its number; -1 where a column is missing."""
    return group_keys(cells, np.array(columns, dtype=np.int64), rows)


def find_rows(table: KeyTable, cells: Cells, row: int) -> Ints:
    """Give the rows of the table that share a key with a row that is not in it."""
    rows = np.array([row], np.int64)
    key = int(keys_of(cells, table.key.columns, rows)[0])
    if key < 0:
        return rows[:0]
    finer = int(keys_of(cells, (*table.key.columns, *table.key.finer), rows)[0])
    return _find(table.groups, table.finer, key, finer, table.key.cap)


@kernel
def _find(groups: Ints, finer: Ints, key: int, finer_key: int, cap: int) -> Ints:
    start = key >> ROW_BITS << ROW_BITS
    low, high = np.searchsorted(groups, start), np.searchsorted(groups, start + (1 << ROW_BITS))
    if high - low < cap:
        return groups[low:high] & ROW_MASK
    if finer_key < 0:
        return groups[:0]
    start = finer_key >> ROW_BITS << ROW_BITS
    low, high = np.searchsorted(finer, start), np.searchsorted(finer, start + (1 << ROW_BITS))
    return finer[low:high] & ROW_MASK if high - low < CAP else groups[:0]


@kernel
def _rows_of_full(groups: Ints, cap: int) -> Ints:
    rows, total, start = np.empty(len(groups), np.int64), 0, 0
    while start < len(groups):
        end = start + 1
        while end < len(groups) and groups[end] >> ROW_BITS == groups[start] >> ROW_BITS:
            end += 1
        if end - start >= cap:
            for place in range(start, end):
                rows[total] = groups[place] & ROW_MASK
                total += 1
        start = end
    return rows[:total].copy()
