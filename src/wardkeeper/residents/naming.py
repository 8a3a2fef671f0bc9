"""Comparing names: how far two people's given and family names agree, and how common what agrees is."""

import numpy as np

from wardkeeper.residents.cells import Column, Crowd
from wardkeeper.residents.compiled import inlined, kernel, lean
from wardkeeper.residents.evidence import (
    COMMON,
    CROSSED_FROM,
    FAMILY,
    FAMILY_ONLY_FROM,
    FULL_FROM,
    GIVEN_ONLY_FROM,
    INITIALS_FROM,
    RIVALS,
)
from wardkeeper.residents.letters import HAS_FORMS, SPACE
from wardkeeper.residents.likeness import can_be_like, edits, is_slip, jaro_winkler

C = Column
K = Crowd
_COMMON, _FAMILY, _RIVALS = len(COMMON), len(FAMILY), len(RIVALS)


@inlined
def crowd(cells, i, j, crowd):
    """The higher of two records' bins."""
    return max((cells[i, C.CROWDS] >> (2 * crowd)) & 3, (cells[j, C.CROWDS] >> (2 * crowd)) & 3)


@inlined
def both(cells, i, j, column):
    return cells[i, column] >= 0 and cells[j, column] >= 0


@inlined
def same(cells, i, j, column):
    return cells[i, column] >= 0 and cells[i, column] == cells[j, column]


@lean
def compare_names(cells, i, j, texts, related):
    family = _family(cells, i, j, texts)
    if both(cells, i, j, C.GIVEN):
        if (
            cells[i, C.GIVEN] == cells[j, C.FAMILY]
            and cells[j, C.GIVEN] == cells[i, C.FAMILY]
            and cells[i, C.GIVEN] != cells[j, C.GIVEN]
        ):
            return CROSSED_FROM + crowd(cells, i, j, K.FULL_NAME)
        given = _given(cells, i, j, texts, related)
        if family == 0:
            common = crowd(cells, i, j, K.GIVEN_NAME) if given >= 3 else 0
            return GIVEN_ONLY_FROM + (given - 1) * _COMMON + common
        if given >= 3 and family >= 2:
            common = crowd(cells, i, j, K.FULL_NAME)
        elif family >= 2:
            common = crowd(cells, i, j, K.FAMILY_NAME)
        elif given >= 3:
            common = crowd(cells, i, j, K.GIVEN_NAME)
        else:
            common = 0
        return FULL_FROM + ((given - 1) * _FAMILY + family - 1) * _COMMON + common
    if family == 0:
        return 0
    if both(cells, i, j, C.INITIAL):
        fits = 1
        if cells[i, C.INITIAL] == cells[j, C.INITIAL]:
            fits = 2 if crowd(cells, i, j, K.RIVALS) > 0 and same(cells, i, j, C.HOME) else 3
        if fits > 1 and family >= 2:
            common = crowd(cells, i, j, K.INITIAL_NAME)
        else:
            common = crowd(cells, i, j, K.FAMILY_NAME) if family >= 2 else 0
        return INITIALS_FROM + ((fits - 1) * _FAMILY + family - 1) * _COMMON + common
    rivals = crowd(cells, i, j, K.SAME_FAMILY) > 0 or not same(cells, i, j, C.HOME)
    return FAMILY_ONLY_FROM + (family - 1) * _RIVALS + rivals


@inlined
def are_unlike(name):
    """Tell whether a name's code says that given names, or initials, plainly differ."""
    full = name >= FULL_FROM and name < FULL_FROM + _FAMILY * _COMMON
    return full or (name >= INITIALS_FROM and name < INITIALS_FROM + _FAMILY * _COMMON)


@lean
def _given(cells, i, j, texts, related):
    """1 different … 5 equal, for two given names in full. A given name may be the other's middle name."""
    one, other = cells[i, C.GIVEN], cells[j, C.GIVEN]
    if one == other:
        return 5
    if one == cells[j, C.MIDDLE] or other == cells[i, C.MIDDLE]:
        return 4
    if texts.sets[one] & texts.sets[other] & HAS_FORMS and _are_related(one, other, related):
        return 4
    shortest = min(length(texts, one), length(texts, other))
    if shortest >= 3 and cells[i, C.INITIAL] == cells[j, C.INITIAL] and _starts(texts, one, other, shortest):
        return 4
    if shortest >= 4 and is_slip(texts, one, other):
        return 3
    if not can_be_like(texts, one, other, 0.82):
        return 1
    likeness = jaro_winkler(texts, one, other)
    if likeness >= 0.92:
        return 3
    return 2 if likeness >= 0.82 and shortest >= 3 else 1


@inlined
def _starts(texts, one, other, size):
    x, y = texts.starts[one], texts.starts[other]
    for place in range(size):
        if texts.units[x + place] != texts.units[y + place]:
            return False
    return True


@lean
def _are_related(one, other, related):
    key = (np.int64(min(one, other)) << 32) | np.int64(max(one, other))
    place = np.searchsorted(related, key)
    return place < len(related) and related[place] == key


@kernel
def find_related(cells, left, right, wanted, place, texts, related):
    """Give the pairs, of those whose pattern is wanted, with given names that are forms of one."""
    found, total = np.empty(len(left), np.int64), 0
    for pair in range(len(left)):
        if not wanted[place[pair]]:
            continue
        one, other = cells[left[pair], C.GIVEN], cells[right[pair], C.GIVEN]
        if texts.sets[one] & texts.sets[other] & HAS_FORMS and _are_related(one, other, related):
            found[total] = pair
            total += 1
    return found[:total].copy()


@lean
def _family(cells, i, j, texts):
    """1 different … 4 equal, 0 when one is missing."""
    one, other = cells[i, C.FAMILY], cells[j, C.FAMILY]
    if one < 0 or other < 0:
        return 0
    if one == other:
        return 4
    shortest = min(length(texts, one), length(texts, other))
    if shortest >= 3 and is_slip(texts, one, other):
        return 3
    if can_be_like(texts, one, other, 0.75):
        likeness = jaro_winkler(texts, one, other)
        if likeness >= 0.93:
            return 3
        if shortest >= 7 and likeness >= 0.75 and edits(texts, one, other) <= 2:
            return 3
    if (texts.sets[one] | texts.sets[other]) & SPACE and _share_part(texts, one, other):
        return 2
    return 1


@lean
def _share_part(texts, one, other):
    """Tell whether a word of one name is a word of the other."""
    units, x, y, m, n = texts.units, texts.starts[one], texts.starts[other], length(texts, one), length(texts, other)
    start = 0
    for end in range(m + 1):
        if end < m and units[x + end] != 32:
            continue
        at = 0
        for stop in range(n + 1):
            if stop < n and units[y + stop] != 32:
                continue
            if stop - at == end - start and end - start >= 2:
                same = True
                for step in range(end - start):
                    same = same and units[x + start + step] == units[y + at + step]
                if same:
                    return True
            at = stop + 1
        start = end + 1
    return False


@inlined
def length(texts, one):
    """Give the number of letters of a text."""
    return texts.starts[one + 1] - texts.starts[one]
