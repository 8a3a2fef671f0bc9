"""Comparing: each pair of records becomes one level per feature, and all levels one integer, its pattern.

One compiled function says what a pair shows, for the pairs of a linking and for a single record typed just now alike.
"""

import numpy as np
import numpy.typing as npt

from wardkeeper.residents.arrays import Codes, Ints, mix
from wardkeeper.residents.cells import Cells, Column, Crowd, Encoded, Mark
from wardkeeper.residents.compiled import inlined, kernel, lean
from wardkeeper.residents.evidence import FEATURES
from wardkeeper.residents.letters import Letters
from wardkeeper.residents.likeness import edits, is_slip, jaro_winkler
from wardkeeper.residents.naming import are_unlike, both, compare_names, crowd, length, same

C = Column
K = Crowd
SPANS = np.array([feature.span for feature in FEATURES], dtype=np.int64)
_LISTED, _REPEATS = int(Mark.LISTED_HOME), int(Mark.REPEATS)
ALIKE_ADDRESS = 0.15
"""Share of letters by which two addresses may differ and be one, their numbers being equal."""


def compare(records: Encoded, left: Codes, right: Codes) -> Ints:
    """Give the pattern of each pair (row numbers `left`, `right`)."""
    patterns = np.empty(len(left), np.int64)
    _compare_all(records.cells, records.texts, records.related, left, right, patterns)
    return patterns


@lean
def _compare_all(cells: Cells, texts: Letters, related: Ints, left: Codes, right: Codes, patterns: Ints) -> None:
    for pair in range(len(left)):
        patterns[pair] = compare_pair(cells, left[pair], right[pair], texts, related)


def unpack(patterns: Ints) -> npt.NDArray[np.uint8]:
    """Give the levels behind patterns: one row per pattern, one column per feature."""
    rest, levels = patterns, np.empty((len(patterns), len(FEATURES)), np.uint8)
    for place, feature in enumerate(FEATURES):
        rest, level = np.divmod(rest, feature.span)
        levels[:, place] = level
    return levels


@lean
def compare_pair(cells: Cells, i: int, j: int, texts: Letters, related: Ints) -> int:
    """Give the pattern of two records: the first feature is the lowest digit."""
    name = compare_names(cells, i, j, texts, related)
    # A slip in what belongs to one person is looked for only where the names leave it open.
    slips = not are_unlike(name)
    pattern = np.int64(_nhs(cells, i, j))
    pattern = pattern * SPANS[11] + _ni(cells, i, j, texts)
    pattern = pattern * SPANS[10] + _source(cells, i, j)
    pattern = pattern * SPANS[9] + _sex(cells, i, j)
    pattern = pattern * SPANS[8] + _attribute(cells, i, j)
    pattern = pattern * SPANS[7] + _place(cells, i, j, texts)
    pattern = pattern * SPANS[6] + _number(cells, i, j, texts)
    pattern = pattern * SPANS[5] + _email(cells, i, j, texts, slips)
    pattern = pattern * SPANS[4] + _phone(cells, i, j, texts, slips)
    pattern = pattern * SPANS[3] + _home(cells, i, j, texts)
    pattern = pattern * SPANS[2] + _birth(cells, i, j)
    pattern = pattern * SPANS[1] + _middle(cells, i, j)
    return pattern * SPANS[0] + name


@lean
def _middle(cells, i, j):
    if not both(cells, i, j, C.MIDDLE):
        return 0
    if cells[i, C.MIDDLE] == cells[j, C.MIDDLE]:
        return 3
    return 2 if cells[i, C.MIDDLE_INITIAL] == cells[j, C.MIDDLE_INITIAL] else 1


@lean
def _birth(cells, i, j):
    if not both(cells, i, j, C.YEAR):
        return 0
    if cells[i, C.BIRTH] < 0 or cells[j, C.BIRTH] < 0:
        return 8 if cells[i, C.YEAR] == cells[j, C.YEAR] else 9
    if cells[i, C.BIRTH] == cells[j, C.BIRTH]:
        return 5 + crowd(cells, i, j, K.BIRTH_DATE)
    if exchanged(cells, i, j):
        return 4
    if digits_apart(cells[i, C.BIRTH], cells[j, C.BIRTH]) == 1:
        return 3
    agreeing = (
        (cells[i, C.YEAR] == cells[j, C.YEAR])
        + (cells[i, C.MONTH] == cells[j, C.MONTH])
        + (cells[i, C.DAY] == cells[j, C.DAY])
    )
    return 2 if agreeing == 2 else 1


@lean
def exchanged(cells, i, j):
    """Tell whether two whole birth dates have day and month exchanged."""
    return (
        cells[i, C.YEAR] == cells[j, C.YEAR]
        and cells[i, C.DAY] == cells[j, C.MONTH]
        and cells[i, C.MONTH] == cells[j, C.DAY]
    )


@lean
def digits_apart(one, other):
    """Count the digits in which two birth dates, written yyyymmdd, differ."""
    apart = 0
    for _ in range(8):
        apart += one % 10 != other % 10
        one //= 10
        other //= 10
    return apart


@lean
def _home(cells, i, j, texts):
    if same(cells, i, j, C.HOME):
        return 8 + crowd(cells, i, j, K.NAMES_AT_HOME)
    if not (both(cells, i, j, C.POSTCODE) or both(cells, i, j, C.ADDRESS)):
        return 0
    listed = (cells[i, C.MARKS] & cells[j, C.MARKS] & _LISTED) != 0
    if not listed and both(cells, i, j, C.ADDRESS):
        one, other = cells[i, C.ADDRESS], cells[j, C.ADDRESS]
        near = not both(cells, i, j, C.POSTCODE) or same(cells, i, j, C.OUTWARD)
        if one == other:
            if near:
                return 7
        elif same(cells, i, j, C.STREET_NUMBER):
            longest = max(length(texts, one), length(texts, other))
            if edits(texts, one, other) <= ALIKE_ADDRESS * longest:
                return 7
        elif same(cells, i, j, C.POSTCODE) and is_slip(texts, one, other):
            return 6
        if same(cells, i, j, C.BUILDING) and _one_is_building(cells, i, j, texts):
            return 5
    if not both(cells, i, j, C.POSTCODE):
        return 1
    if cells[i, C.POSTCODE] == cells[j, C.POSTCODE]:
        return 3 if both(cells, i, j, C.ADDRESS) or both(cells, i, j, C.HOME) else 4
    return 2 if cells[i, C.OUTWARD] == cells[j, C.OUTWARD] else 1


@lean
def _one_is_building(cells, i, j, texts):
    """Tell whether one of two addresses in one building names no part of it: it is the end of the other."""
    one, other = cells[i, C.ADDRESS], cells[j, C.ADDRESS]
    m, n = length(texts, one), length(texts, other)
    for step in range(1, min(m, n) + 1):
        if texts.units[texts.starts[one + 1] - step] != texts.units[texts.starts[other + 1] - step]:
            return False
    return m != n


@lean
def _phone(cells, i, j, texts, slips):
    one, other = cells[i, C.PHONE], cells[j, C.PHONE]
    if one < 0 or other < 0:
        return 0
    if one == other:
        return 3 + crowd(cells, i, j, K.FAMILIES_ON_PHONE)
    return 2 if slips and is_slip(texts, one, other) else 1


@lean
def _email(cells, i, j, texts, slips):
    one, other = cells[i, C.EMAIL], cells[j, C.EMAIL]
    if one < 0 or other < 0:
        return 0
    if one == other:
        return 3 if crowd(cells, i, j, K.PEOPLE_ON_EMAIL) > 0 else 4
    return 2 if slips and is_slip(texts, one, other) else 1


@lean
def _number(cells, i, j, texts):
    one, other = cells[i, C.NUMBER], cells[j, C.NUMBER]
    if one < 0 or other < 0:
        return 0
    if one == other:
        return 3
    most = 2 if min(length(texts, one), length(texts, other)) >= 7 else 1
    return 2 if edits(texts, one, other) <= most else 1


@lean
def _place(cells, i, j, texts):
    one, other = cells[i, C.PLACE], cells[j, C.PLACE]
    if one < 0 or other < 0:
        return 0
    if one == other:
        return 3 if crowd(cells, i, j, K.PLACE) > 0 else 4
    return 2 if jaro_winkler(texts, one, other) >= 0.9 else 1


@lean
def _attribute(cells, i, j):
    if not both(cells, i, j, C.ATTRIBUTE):
        return 0
    if cells[i, C.ATTRIBUTE] != cells[j, C.ATTRIBUTE]:
        return 1
    return 2 if crowd(cells, i, j, K.ATTRIBUTE) > 0 else 3


@lean
def _sex(cells, i, j):
    return 1 + (cells[i, C.SEX] == cells[j, C.SEX]) if both(cells, i, j, C.SEX) else 0


@lean
def _source(cells, i, j):
    if not both(cells, i, j, C.SOURCE):
        return 0
    if cells[i, C.SOURCE] != cells[j, C.SOURCE]:
        return 1
    return 3 if cells[i, C.MARKS] & _REPEATS else 2


@lean
def _ni(cells, i, j, texts):
    one, other = cells[i, C.NI_NUMBER], cells[j, C.NI_NUMBER]
    if one < 0 or other < 0:
        return 0
    if one == other:
        return 3
    return 2 if is_slip(texts, one, other) else 1


@lean
def _nhs(cells, i, j):
    if not both(cells, i, j, C.NHS_NUMBER):
        return 0
    return 2 if cells[i, C.NHS_NUMBER] == cells[j, C.NHS_NUMBER] else 1


@kernel
def group_patterns(patterns: Ints) -> tuple[Ints, Codes, Ints]:
    """Give the distinct patterns, the place of each pair's pattern among them, and how many pairs show each."""
    size, total = 4096, 0
    keys, slots = np.full(size, -1, np.int64), np.empty(size, np.int32)
    found, counts = np.empty(size, np.int64), np.zeros(size, np.int64)
    places = np.empty(len(patterns), np.int32)
    for pair in range(len(patterns)):
        if 2 * total >= size:
            size *= 4
            keys, slots = np.full(size, -1, np.int64), np.empty(size, np.int32)
            for place in range(total):
                slot = _find_slot(keys, found[place])
                keys[slot], slots[slot] = found[place], place
            found, counts = np.append(found, np.empty(size, np.int64)), np.append(counts, np.zeros(size, np.int64))
        slot = _find_slot(keys, patterns[pair])
        if keys[slot] == -1:
            keys[slot], slots[slot] = patterns[pair], total
            found[total] = patterns[pair]
            total += 1
        places[pair] = slots[slot]
        counts[slots[slot]] += 1
    return found[:total].copy(), places, counts[:total].copy()


@inlined
def _find_slot(keys, key):
    slot = mix(key) & (len(keys) - 1)
    while keys[slot] != -1 and keys[slot] != key:
        slot = (slot + 1) & (len(keys) - 1)
    return slot
