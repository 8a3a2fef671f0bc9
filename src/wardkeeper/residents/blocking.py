"""Blocking: which pairs of records are worth comparing, found by a union of keys.

Source of the method: Christen, *Data Matching* (2012), chapter 4. What each key brings alone is counted, for the report.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wardkeeper.residents.arrays import Flags, Ints, combine, pairs_within
from wardkeeper.residents.encoding import Encoded

CAP = 60
"""Groups larger than this are split by a further key; what is still larger is left out and counted."""


@dataclass(frozen=True, slots=True)
class Key:
    """One blocking key: records that agree on `value` are compared. `finer` splits groups that are too large."""

    name: str
    value: Callable[[Encoded], Ints]
    finer: Callable[[Encoded], Ints]


@dataclass(frozen=True, slots=True)
class KeyCount:
    """What one key brought: its pairs, those that no other key found, and the records in groups too large to compare."""

    name: str
    pairs: int
    alone: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of row numbers, lower row first, sorted; and what each key brought."""

    left: Ints
    right: Ints
    keys: tuple[KeyCount, ...]


def _birth(records: Encoded) -> Ints:
    return combine(records.year, records.month, records.day)


def _swappable_birth(records: Encoded) -> Ints:
    low, high = np.minimum(records.day, records.month), np.maximum(records.day, records.month)
    return combine(records.year, low, high)


def _initials(records: Encoded) -> Ints:
    return combine(records.initial, records.family_head)


KEYS: tuple[Key, ...] = (
    Key("NHS number", lambda r: r.nhs_number, lambda r: combine(r.nhs_number, r.initial)),
    Key("e-mail", lambda r: r.email, lambda r: combine(r.email, r.initial)),
    Key(
        "phone and initial",
        lambda r: combine(r.phone, r.initial),
        lambda r: combine(r.phone, r.initial, r.family_head),
    ),
    Key(
        "birth date and initial",
        lambda r: combine(_birth(r), r.initial),
        lambda r: combine(_birth(r), r.initial, r.family_head),
    ),
    Key(
        "birth date and start of family name",
        lambda r: combine(_birth(r), r.family_head),
        lambda r: combine(_birth(r), r.family_head, r.initial),
    ),
    Key(
        "birth date with day and month in either order, and initials",
        lambda r: combine(_swappable_birth(r), _initials(r)),
        lambda r: combine(_swappable_birth(r), r.given_root, r.family.codes),
    ),
    Key(
        "home and initial",
        lambda r: combine(r.home, r.initial),
        lambda r: combine(r.home, r.initial, r.family_head),
    ),
    Key(
        "home and start of family name",
        lambda r: combine(r.home, r.family_head),
        lambda r: combine(r.home, r.family_head, r.initial),
    ),
    Key(
        "postcode and initials",
        lambda r: combine(r.postcode.codes, _initials(r)),
        lambda r: combine(r.postcode.codes, r.given_root, r.family.codes),
    ),
    Key(
        "postcode and given name",
        lambda r: combine(r.postcode.codes, r.given_root),
        lambda r: combine(r.postcode.codes, r.given_root, r.family_head),
    ),
    Key(
        "given name and family name",
        lambda r: combine(r.given_root, r.family.codes),
        lambda r: combine(r.given_root, r.family.codes, r.year),
    ),
    Key(
        "given name, start of family name and birth year",
        lambda r: combine(r.given_root, r.family_head, r.year),
        lambda r: combine(r.given_root, r.family.codes, r.year, r.outward),
    ),
)


def find_candidates(records: Encoded) -> Candidates:
    """Give every pair that shares a key, once. A protected record meets only records at its own home."""
    found, over = zip(*(_pairs_of(key, records) for key in KEYS), strict=True)
    pair_codes = np.concatenate(found)
    bits = np.repeat(1 << np.arange(len(KEYS)), [len(codes) for codes in found])
    order = np.argsort(pair_codes, kind="stable")
    pair_codes, bits = pair_codes[order], bits[order]
    starts = np.flatnonzero(np.r_[True, pair_codes[1:] != pair_codes[:-1]]) if pair_codes.size else pair_codes
    masks = np.bitwise_or.reduceat(bits, starts) if starts.size else bits
    pair_codes = pair_codes[starts]
    left, right = np.divmod(pair_codes, max(records.size, 1))
    counts = tuple(
        KeyCount(key.name, len(codes), int((masks == 1 << index).sum()), int(flags.sum()))
        for index, (key, codes, flags) in enumerate(zip(KEYS, found, over, strict=True))
    )
    return Candidates(left, right, counts)


def _pairs_of(key: Key, records: Encoded) -> tuple[Ints, Flags]:
    left, right, over = pairs_within(key.value(records), CAP)
    left_out = over
    if over.any():
        finer = np.where(over, key.finer(records), -1)
        more_left, more_right, left_out = pairs_within(finer, CAP)
        left, right = np.append(left, more_left), np.append(right, more_right)
    allowed = ~hidden_from_each_other(records, left, right)
    return left[allowed] * records.size + right[allowed], left_out


def hidden_from_each_other(records: Encoded, left: Ints, right: Ints) -> Flags:
    """Tell which pairs may not even be compared: one is protected and they are not known to share a home."""
    protected = records.protected[left] | records.protected[right]
    apart = (records.home[left] != records.home[right]) | (records.home[left] < 0)
    return np.asarray(protected & apart)
