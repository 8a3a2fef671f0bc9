"""How alike two texts are, compiled: Jaro-Winkler (Winkler 1990) and edits with neighbours exchanged counted once.

Texts are rows of `units`. The functions agree with RapidFuzz's `JaroWinkler.similarity` and `OSA.distance` (see the property
tests) for texts of up to 64 letters, and none depends on which text comes first.
"""

import numpy as np

from wardkeeper.residents.compiled import inlined, lean
from wardkeeper.residents.letters import LETTERS, Letters

PREFIX = 4
PREFIX_WEIGHT = 0.1
BOOST_FROM = 0.7


@inlined
def count_own(texts, one, other):
    """Count the letters that occur in one text and not in the other."""
    return _count_bits(np.uint32(LETTERS & texts.sets[one] & ~texts.sets[other]))


@inlined
def _count_bits(bits):
    bits = bits - ((bits >> np.uint32(1)) & np.uint32(0x55555555))
    bits = (bits & np.uint32(0x33333333)) + ((bits >> np.uint32(2)) & np.uint32(0x33333333))
    bits = (bits + (bits >> np.uint32(4))) & np.uint32(0x0F0F0F0F)
    return np.int64(((bits * np.uint32(0x01010101)) & np.uint32(0xFFFFFFFF)) >> np.uint32(24))


@lean
def can_be_like(texts: Letters, one: int, other: int, least: float) -> bool:
    """Tell whether two texts' letters allow a Jaro-Winkler similarity of `least`: a quick way to say no."""
    units, x, y = texts.units, texts.starts[one], texts.starts[other]
    m, n = texts.starts[one + 1] - x, texts.starts[other + 1] - y
    if m == 0 or n == 0:
        return False
    matches = min(m - count_own(texts, one, other), n - count_own(texts, other, one))
    share = (matches / m + matches / n + 1.0) / 3.0
    if share + PREFIX * PREFIX_WEIGHT * (1.0 - share) < least:
        return False
    prefix = 0
    while prefix < min(PREFIX, m, n) and units[x + prefix] == units[y + prefix]:
        prefix += 1
    return share + prefix * PREFIX_WEIGHT * (1.0 - share) >= least


@lean
def jaro_winkler(texts: Letters, one: int, other: int) -> float:
    """Give the similarity of two texts, 0 to 1."""
    units, x, y = texts.units, texts.starts[one], texts.starts[other]
    m, n = texts.starts[one + 1] - x, texts.starts[other + 1] - y
    if m == 0 or n == 0:
        return 0.0
    reach = max(max(m, n) // 2 - 1, 0)
    taken, hit = np.int64(0), np.int64(0)
    matches = 0
    for place in range(m):
        letter = units[x + place]
        for at in range(max(place - reach, 0), min(place + reach + 1, n)):
            if units[y + at] == letter and not (taken >> at) & 1:
                taken |= np.int64(1) << at
                hit |= np.int64(1) << place
                matches += 1
                break
    if matches == 0:
        return 0.0
    crossed, at = 0, 0
    for place in range(m):
        if (hit >> place) & 1:
            while not (taken >> at) & 1:
                at += 1
            crossed += units[x + place] != units[y + at]
            at += 1
    share = (matches / m + matches / n + (matches - crossed // 2) / matches) / 3.0
    if share <= BOOST_FROM:
        return share
    prefix = 0
    while prefix < min(PREFIX, m, n) and units[x + prefix] == units[y + prefix]:
        prefix += 1
    return share + prefix * PREFIX_WEIGHT * (1.0 - share)


@lean
def is_slip(texts: Letters, one: int, other: int) -> bool:
    """Tell whether two texts differ by at most one letter changed, added or left out, or two neighbours exchanged."""
    units, x, y = texts.units, texts.starts[one], texts.starts[other]
    m, n = texts.starts[one + 1] - x, texts.starts[other + 1] - y
    if m - n > 1 or n - m > 1 or count_own(texts, one, other) > 1 or count_own(texts, other, one) > 1:
        return False
    start = 0
    while start < m and start < n and units[x + start] == units[y + start]:
        start += 1
    while m > start and n > start and units[x + m - 1] == units[y + n - 1]:
        m -= 1
        n -= 1
    m, n = m - start, n - start
    if m <= 1 and n <= 1:
        return True
    if m != 2 or n != 2:
        return False
    return units[x + start] == units[y + start + 1] and units[x + start + 1] == units[y + start]


@lean
def edits(texts: Letters, one: int, other: int) -> int:
    """Count the letters to change, add, leave out or exchange with a neighbour (bit-parallel, after Hyyrö 2003)."""
    units, x, y = texts.units, texts.starts[one], texts.starts[other]
    m, n = texts.starts[one + 1] - x, texts.starts[other + 1] - y
    start = 0
    while start < m and start < n and units[x + start] == units[y + start]:
        start += 1
    while m > start and n > start and units[x + m - 1] == units[y + n - 1]:
        m -= 1
        n -= 1
    m, n = m - start, n - start
    if m == 0 or n == 0:
        return m + n
    rising, falling, diagonal, before = ~np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    single = np.uint64(1)
    distance, last = m, single << np.uint64(m - 1)
    for at in range(n):
        letter = units[y + start + at]
        same = np.uint64(0)
        for place in range(m):
            if units[x + start + place] == letter:
                same |= single << np.uint64(place)
        swapped = ((~diagonal & same) << single) & before
        diagonal = (((same & rising) + rising) ^ rising) | same | falling | swapped
        up, down = falling | ~(diagonal | rising), diagonal & rising
        if up & last:
            distance += 1
        if down & last:
            distance -= 1
        up, down = (up << single) | single, down << single
        rising, falling = down | ~(diagonal | up), up & diagonal
        before = same
    return distance
