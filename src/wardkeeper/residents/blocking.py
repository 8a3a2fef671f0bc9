"""Blocking: which pairs of records are worth comparing, found by a union of keys.

Source of the method: Christen, *Data Matching* (2012), chapter 4. What each key brings alone is counted, for the report.
"""

from dataclasses import dataclass

import numpy as np

from wardkeeper.residents.arrays import Codes, Flags, Ints, mix
from wardkeeper.residents.cells import Cells, Column, Encoded, Mark
from wardkeeper.residents.compiled import inlined, kernel

FAMILY = 6
"""Records up to which a phone is taken for one family's: a number of an office or a landlord brings strangers together."""
CAP = 60
"""Groups larger than this are split by a further key; what is still larger is left out and counted."""
KEY_DEAL_BITS, MANY = 20, 24
"""Bits by which keys are dealt out, and numbers from which on a sort by insertion is slow."""
KEY_BITS = 5
"""Bits that name a key beside a pair: at most 32 keys."""
ROW_BITS = 26
"""Bits for a row: 67 million records; the others hold the key's scattered value."""
C = Column
_PROTECTED = int(Mark.PROTECTED)


@dataclass(frozen=True, slots=True)
class Key:
    """One blocking key: records that agree on all of `columns` are compared. `finer` splits groups larger than `cap`."""

    name: str
    columns: tuple[Column, ...]
    finer: tuple[Column, ...]
    cap: int = CAP


KEYS: tuple[Key, ...] = (
    Key("NHS number", (C.NHS_NUMBER,), (C.INITIAL,)),
    Key("NI number", (C.NI_NUMBER,), (C.INITIAL,)),
    Key("other number", (C.NUMBER,), (C.INITIAL,)),
    Key("e-mail", (C.EMAIL,), (C.INITIAL,)),
    Key("phone", (C.PHONE,), (C.INITIAL,), cap=FAMILY),
    Key("birth date and initial", (C.BIRTH, C.INITIAL), (C.HEAD,)),
    Key("birth date and start of family name", (C.BIRTH, C.HEAD), (C.INITIAL,)),
    Key("home and initial", (C.HOME, C.INITIAL), (C.HEAD,)),
    Key("home and start of family name", (C.HOME, C.HEAD), (C.INITIAL,)),
    Key("address and initial", (C.ADDRESS, C.INITIAL), (C.HEAD,)),
    Key("postcode and initials", (C.POSTCODE, C.INITIAL, C.HEAD), (C.ROOT, C.FAMILY)),
    Key("postcode and given name", (C.POSTCODE, C.ROOT), (C.HEAD,)),
    Key("given name and family name", (C.ROOT, C.FAMILY), (C.YEAR,)),
    Key("given name, start of family name and birth year", (C.ROOT, C.HEAD, C.YEAR), (C.FAMILY, C.OUTWARD)),
)
"""Keys that are always used."""
FURTHER: tuple[Key, ...] = (
    Key("birth date", (C.BIRTH,), (C.INITIAL,)),
    Key("place and family name", (C.PLACE, C.FAMILY), (C.INITIAL,)),
    Key("postcode", (C.POSTCODE,), (C.INITIAL,)),
    Key("postcode district and family name", (C.OUTWARD, C.FAMILY), (C.INITIAL,)),
    Key("family name and birth year", (C.FAMILY, C.YEAR), (C.INITIAL,)),
    Key("postcode district and birth year", (C.OUTWARD, C.YEAR), (C.INITIAL,)),
    Key("place and birth year", (C.PLACE, C.YEAR), (C.INITIAL,)),
    Key("place and given name", (C.PLACE, C.ROOT), (C.HEAD,)),
    Key("family name", (C.FAMILY,), (C.INITIAL,)),
    Key("given name and birth year", (C.ROOT, C.YEAR), (C.HEAD,)),
)
"""Wide nets, for files in which few records share a home with another, used in this order while there is room."""
SHARED_HOMES = 0.5
"""Share of records at a home that another record names too, from which wide nets would only bring strangers."""
ROOM_PAIRS, ROOM_PER_RECORD = 2_000_000, 5
"""Pairs, counted once per key, up to which further keys are used: so many, or so many for each record."""


@dataclass(frozen=True, slots=True)
class KeyCount:
    """What one key brought: its pairs, those that no other key found, and the records in groups too large to compare."""

    name: str
    pairs: int
    alone: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of rows, lower row first, sorted; and what each key brought."""

    left: Codes
    right: Codes
    keys: tuple[KeyCount, ...]


def find_candidates(records: Encoded) -> Candidates:
    """Give every pair that shares a key, once. A protected record meets only records at its own home."""
    found = [_pairs_of(records, key, place) for place, key in enumerate(KEYS)]
    found += _use_room(records, sum(len(pairs) for pairs, _ in found))
    marked = np.concatenate([pairs for pairs, _ in found])
    left, right, alone = _distinct(marked, max(records.size, 1), len(KEYS) + len(FURTHER))
    counts = tuple(
        KeyCount(key.name, len(pairs), int(alone[place]), left_out)
        for place, (key, (pairs, left_out)) in enumerate(zip((*KEYS, *FURTHER), found, strict=True))
    )
    return Candidates(left, right, counts)


def _use_room(records: Encoded, used: int) -> list[tuple[Ints, int]]:
    """Give the pairs of the further keys for which there is room."""
    room = 0 if shares_homes(records) else max(ROOM_PAIRS, ROOM_PER_RECORD * records.size) - used
    found = []
    for place, key in enumerate(FURTHER, len(KEYS)):
        pairs, left_out = _pairs_of(records, key, place) if room > 0 else (np.zeros(0, np.int64), 0)
        if len(pairs) > room:
            pairs, left_out = pairs[:0], 0
        room -= len(pairs)
        found.append((pairs, left_out))
    return found


def shares_homes(records: Encoded) -> bool:
    """Tell whether most records are at a home that another one names too."""
    homes = records.column(C.HOME)
    known = homes[homes >= 0]
    return bool((np.bincount(known)[known] > 1).sum() > SHARED_HOMES * max(len(homes), 1))


def _pairs_of(records: Encoded, key: Key, place: int) -> tuple[Ints, int]:
    pairs, over = _pair_up(records.cells, _sorted_groups(records, key.columns, None), place, key.cap)
    if not over.any():
        return pairs, 0
    finer = _sorted_groups(records, (*key.columns, *key.finer), over)
    more, still_over = _pair_up(records.cells, finer, place, CAP)
    return np.concatenate([pairs, more]), int(still_over.sum() + over.sum()) - len(finer)


def _sorted_groups(records: Encoded, columns: tuple[Column, ...], wanted: Flags | None) -> Ints:
    """Give, for each row that has all of the columns, a scattered key above its row number, in order."""
    rows = np.flatnonzero(wanted) if wanted is not None else np.arange(records.size)
    return order_keys(group_keys(records.cells, np.array(columns, dtype=np.int64), rows))


@kernel
def group_keys(cells: Cells, columns: Ints, rows: Ints) -> Ints:
    """Give each row's scattered key above its number; -1 where a column is missing."""
    keys = np.empty(len(rows), np.int64)
    for place in range(len(rows)):
        row = rows[place]
        key = np.int64(0)
        for column in columns:
            value = cells[row, column]
            if value < 0:
                key = np.int64(-1)
                break
            key = np.int64(mix(key * 1_000_003 + value + 1) & 0x7FFFFFFFFFFFFFFF)
        keys[place] = -1 if key < 0 else (key >> ROW_BITS << ROW_BITS) | row
    return keys


@kernel
def order_keys(keys: Ints) -> Ints:
    """Sort the keys that are known. They are scattered evenly, so dealing them out by their highest bits leaves little to sort."""
    known, bits = 0, 1
    for key in keys:
        known += key >= 0
    while 1 << bits < known and bits < KEY_DEAL_BITS:
        bits += 1
    shift = 63 - bits
    starts = np.zeros((1 << bits) + 1, np.int64)
    for key in keys:
        if key >= 0:
            starts[(key >> shift) + 1] += 1
    for bucket in range(1 << bits):
        starts[bucket + 1] += starts[bucket]
    following, dealt = starts[:-1].copy(), np.empty(known, np.int64)
    for key in keys:
        if key >= 0:
            dealt[following[key >> shift]] = key
            following[key >> shift] += 1
    for bucket in range(1 << bits):
        _sort_few(dealt, starts[bucket], starts[bucket + 1])
    return dealt


@inlined
def _sort_few(numbers, start, end):
    """Sort numbers[start:end], mostly a handful, where they stand."""
    if end - start > MANY:
        numbers[start:end].sort()
    else:
        for place in range(start + 1, end):
            number, at = numbers[place], place
            while at > start and numbers[at - 1] > number:
                numbers[at] = numbers[at - 1]
                at -= 1
            numbers[at] = number


@kernel
def _pair_up(cells: Cells, groups: Ints, place: int, cap: int) -> tuple[Ints, np.ndarray]:
    """Give the pairs within each group, as lower row, higher row above the key's number; and the rows over the cap."""
    size, row_mask = len(cells), (1 << ROW_BITS) - 1
    over = np.zeros(size, np.bool_)
    total, start = 0, 0
    for phase in range(2):
        if phase == 1:
            pairs = np.empty(total, np.int64)
            total = 0
        start = 0
        while start < len(groups):
            end = start + 1
            while end < len(groups) and groups[end] >> ROW_BITS == groups[start] >> ROW_BITS:
                end += 1
            if end - start > cap:
                for at in range(start, end):
                    over[groups[at] & row_mask] = True
            elif phase == 0:
                total += (end - start) * (end - start - 1) // 2
            else:
                for first in range(start, end):
                    one = groups[first] & row_mask
                    for second in range(first + 1, end):
                        other = groups[second] & row_mask
                        if not hidden_from_each_other(cells, one, cells, other):
                            pairs[total] = (one << ROW_BITS | other) << KEY_BITS | place
                            total += 1
            start = end
    return pairs[:total], over


@kernel
def hidden_from_each_other(cells: Cells, one: int, others: Cells, other: int) -> bool:
    """Tell whether two records may not even be compared: one is protected and they are not known to share a home."""
    if not (cells[one, C.MARKS] | others[other, C.MARKS]) & _PROTECTED:
        return False
    return cells[one, C.HOME] < 0 or cells[one, C.HOME] != others[other, C.HOME]


@kernel
def _distinct(marked: Ints, size: int, keys: int) -> tuple[Codes, Codes, Ints]:
    """Give each pair once, sorted, and how many pairs each key alone brought.

    Pairs are dealt out by their lower row first: few share one, so what is left to sort is short.
    """
    first = np.zeros(size + 1, np.int64)
    for pair in marked:
        first[(pair >> (KEY_BITS + ROW_BITS)) + 1] += 1
    for row in range(size):
        first[row + 1] += first[row]
    following, dealt = first.copy(), np.empty(len(marked), np.int64)
    for pair in marked:
        row = pair >> (KEY_BITS + ROW_BITS)
        dealt[following[row]] = pair & ((1 << (KEY_BITS + ROW_BITS)) - 1)
        following[row] += 1
    left, right = np.empty(len(marked), np.int32), np.empty(len(marked), np.int32)
    alone, total = np.zeros(keys, np.int64), 0
    for row in range(size):
        start, end = first[row], first[row + 1]
        _sort_few(dealt, start, end)
        for place in range(start, end):
            other = dealt[place] >> KEY_BITS
            if place > start and dealt[place - 1] >> KEY_BITS == other:
                continue
            left[total], right[total] = row, other
            total += 1
            if place + 1 == end or dealt[place + 1] >> KEY_BITS != other:
                alone[dealt[place] & ((1 << KEY_BITS) - 1)] += 1
    return left[:total].copy(), right[:total].copy(), alone
