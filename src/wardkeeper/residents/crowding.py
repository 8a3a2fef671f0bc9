"""Crowding: how common a further record's values are, counted as `encode` counts them, with the record itself among the rest.

For a pair of the further record and one known before this gives exactly what counting everything anew would: where the two share a
group the further record's own count is the group's new one, and of two bins the higher is used.
"""

from collections.abc import Mapping

import numpy as np

from wardkeeper.residents.arrays import Ints, mix
from wardkeeper.residents.cells import BOUNDS, Cells, Column, Crowd
from wardkeeper.residents.compiled import kernel

C = Column
LOCI = (C.HOME, C.OUTWARD, C.PLACE, C.YEAR)
"""Where a record is, from the finest: the first that half of the records tell is what distinct homes are counted by."""
_LOCUS = None
_PERSON = (C.ROOT, C.FAMILY)
_INITIALLED = (C.INITIAL, C.FAMILY)
COUNTED: Mapping[Crowd, tuple[tuple[Column, ...], tuple[Column, ...] | None]] = {
    Crowd.FULL_NAME: ((C.GIVEN, C.FAMILY), _LOCUS),
    Crowd.INITIAL_NAME: (_INITIALLED, _LOCUS),
    Crowd.GIVEN_NAME: ((C.ROOT,), _LOCUS),
    Crowd.FAMILY_NAME: ((C.FAMILY,), _LOCUS),
    Crowd.NAMES_AT_HOME: ((C.HOME,), _PERSON),
    Crowd.FAMILIES_ON_PHONE: ((C.PHONE,), (C.FAMILY,)),
    Crowd.PEOPLE_ON_EMAIL: ((C.EMAIL,), _INITIALLED),
    Crowd.RIVALS: ((C.HOME, C.INITIAL, C.FAMILY), (C.ROOT,)),
    Crowd.SAME_FAMILY: ((C.HOME, C.FAMILY, C.SEX), (C.ROOT,)),
    Crowd.BIRTH_DATE: ((C.BIRTH,), _PERSON),
    Crowd.PLACE: ((C.PLACE,), _PERSON),
    Crowd.ATTRIBUTE: ((C.ATTRIBUTE,), _PERSON),
}
"""What is counted: records that agree on the first columns are a group, distinct values of the second are its count."""
VALUE_BITS = 27
"""Bits for the value in a group; the other 36 hold the group. Two values of one group are taken for one once in 100 million."""
Tables = tuple[Ints, ...]
_GROUPS = np.array([[*group, *[-1] * (3 - len(group))] for group, _ in COUNTED.values()], dtype=np.int64)
_MOST = max(len(bounds) for bounds in BOUNDS.values())
_BOUNDS = np.array(
    [[*BOUNDS[crowd], *[np.iinfo(np.int64).max] * (_MOST - len(BOUNDS[crowd]))] for crowd in COUNTED], dtype=np.int64
)
_PLACES = np.array([int(crowd) for crowd in COUNTED], dtype=np.int64)


def find_locus(cells: Cells) -> Column:
    """Give the column that tells best where records are."""
    for column in LOCI[:-1]:
        if len(cells) and (cells[:, column] >= 0).mean() >= 0.5:
            return column
    return LOCI[-1]


def _values(locus: Column) -> Ints:
    told = [value or (locus,) for _, value in COUNTED.values()]
    return np.array([[*value, *[-1] * (3 - len(value))] for value in told], dtype=np.int64)


def count(cells: Cells, locus: Column) -> Tables:
    """Give, per crowd, every distinct value of every group, sorted: the count of a group is the length of its stretch."""
    return tuple(
        np.unique(made[made >= 0])
        for made in (_scatter(cells, group, value) for group, value in zip(_GROUPS, _values(locus), strict=True))
    )


def with_more(tables: Tables, cells: Cells, locus: Column) -> Tables:
    """Give the tables with further records among the rest."""
    merged = []
    for table, more in zip(tables, count(cells, locus), strict=True):
        place = np.searchsorted(table, more)
        known = table[np.minimum(place, len(table) - 1)] == more if len(table) else np.zeros(len(more), np.bool_)
        merged.append(np.insert(table, place[~known], more[~known]))
    return tuple(merged)


def mark_crowds(tables: Tables, cells: Cells, locus: Column) -> None:
    """Write how common each record's values are, the record itself counted too."""
    cells[:, C.CROWDS] = 0
    for place, (table, group, value) in enumerate(zip(tables, _GROUPS, _values(locus), strict=True)):
        _mark(table, cells, group, value, _BOUNDS[place], _PLACES[place])


@kernel
def _scatter_one(cells: Cells, row: int, columns: Ints) -> np.int64:
    key = np.int64(0)
    for column in columns:
        if column < 0:
            break
        if cells[row, column] < 0:
            return np.int64(-1)
        key = mix(key * 1_000_003 + cells[row, column] + 1) & 0x7FFFFFFFFFFFFFFF
    return key


@kernel
def _scatter(cells: Cells, group: Ints, value: Ints) -> Ints:
    made = np.empty(len(cells), np.int64)
    for row in range(len(cells)):
        one, other = _scatter_one(cells, row, group), _scatter_one(cells, row, value)
        made[row] = -1 if one < 0 or other < 0 else (one >> VALUE_BITS << VALUE_BITS) | (other >> (63 - VALUE_BITS))
    return made


@kernel
def _mark(table: Ints, cells: Cells, group: Ints, value: Ints, bounds: Ints, place: int) -> None:
    for row in range(len(cells)):
        one, other = _scatter_one(cells, row, group), _scatter_one(cells, row, value)
        if one < 0:
            continue
        start = one >> VALUE_BITS << VALUE_BITS
        low = np.searchsorted(table, start)
        total = np.searchsorted(table, start + (1 << VALUE_BITS)) - low
        if other >= 0:
            wanted = start | (other >> (63 - VALUE_BITS))
            at = np.searchsorted(table, wanted)
            total += not (at < len(table) and table[at] == wanted)
        filled = 0
        while filled < len(bounds) and total > bounds[filled]:
            filled += 1
        cells[row, C.CROWDS] |= filled << (2 * place)
