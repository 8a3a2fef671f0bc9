"""Comparing: each pair of records becomes one level per feature, and all levels one integer, its pattern.

Texts are compared once per distinct pair of values with RapidFuzz; rows only look the answer up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz.distance import JaroWinkler, Levenshtein
from rapidfuzz.process import cpdist

from wardkeeper.residents.arrays import Flags, Ints, Levels, Reals, combine, count_distinct
from wardkeeper.residents.encoding import Encoded, Values
from wardkeeper.residents.evidence import COMMON, FAMILY, FEATURES, NHS_NUMBER, RIVALS, Feature
from wardkeeper.residents.nicknames import related_pairs

FULL_NAME_HOMES = (2, 5, 15)
FAMILY_NAME_HOMES = (20, 100, 400)
"""Upper bounds, in homes, of "one or two", "a few" and "many", for a full name and for a family name."""
HOME_NAMES = (4, 10)
PHONE_FAMILIES = (2, 5)
ALIKE_ADDRESS = 0.85
COLUMNS: tuple[Feature, ...] = (*FEATURES, NHS_NUMBER)
"""The features of a pattern, the first being the lowest digit."""


@dataclass(frozen=True, slots=True)
class Crowds:
    """How common each record's values are among all records: counts, one entry per record."""

    full_name: Ints
    initial_name: Ints
    given_name: Ints
    family_name: Ints
    names_at_home: Ints
    families_on_phone: Ints
    people_on_email: Ints
    rivals: Ints
    """Distinct given names with this family name and initial at this home."""
    same_family: Ints
    """Distinct given names with this family name and sex at this home."""


def count_crowds(records: Encoded) -> Crowds:
    """Count homes per name, names per home, families per phone and so on."""
    name = combine(records.full_given, records.family.codes)
    person = combine(records.given_root, records.family.codes)
    initialled = combine(records.initial, records.family.codes)
    home, family = records.home, records.family.codes
    return Crowds(
        full_name=count_distinct(name, home),
        initial_name=count_distinct(initialled, home),
        given_name=count_distinct(records.given_root, home),
        family_name=count_distinct(family, home),
        names_at_home=count_distinct(home, person),
        families_on_phone=count_distinct(records.phone, family),
        people_on_email=count_distinct(records.email, initialled),
        rivals=count_distinct(combine(home, initialled), records.given_root),
        same_family=count_distinct(combine(home, family, records.sex), records.given_root),
    )


def compare(records: Encoded, left: Ints, right: Ints) -> Ints:
    """Give the pattern of each pair (row numbers `left`, `right`)."""
    pairs = _Pairs(records, count_crowds(records), left, right)
    given, family = _given_level(pairs), _family_level(pairs)
    levels = {
        "name": _full_name(pairs, given, family),
        "name with an initial": _initial_name(pairs, family),
        "family name alone": _family_only(pairs, family),
        "middle name": _middle(pairs),
        "birth date": _birth(pairs),
        "home": _home(pairs),
        "phone": _phone(pairs),
        "e-mail": _email(pairs),
        "sex": np.where(pairs.both("sex"), 1 + pairs.same("sex"), 0),
        "source": _source(pairs),
        "NHS number": np.where(pairs.both("nhs_number"), 1 + pairs.same("nhs_number"), 0),
    }
    return pack([levels[feature.name] for feature in COLUMNS])


def pack(levels: list[Ints]) -> Ints:
    """Write one level per feature as the digits of one integer."""
    pattern = np.zeros_like(levels[0], dtype=np.int64)
    for feature, level in zip(reversed(COLUMNS), reversed(levels), strict=True):
        pattern = pattern * feature.span + level
    return pattern


def unpack(patterns: Ints) -> Levels:
    """Give the levels behind patterns: one row per pattern, one column per feature."""
    rest, levels = patterns, []
    for feature in COLUMNS:
        rest, level = np.divmod(rest, feature.span)
        levels.append(level)
    return np.stack(levels, axis=1).astype(np.int16)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of rows, with the look-ups every comparison needs."""

    records: Encoded
    crowds: Crowds
    left: Ints
    right: Ints

    def codes(self, column: str) -> tuple[Ints, Ints]:
        values = getattr(self.records, column)
        codes = values.codes if isinstance(values, Values) else values
        return codes[self.left], codes[self.right]

    def both(self, column: str) -> Flags:
        one, other = self.codes(column)
        return np.asarray((one >= 0) & (other >= 0))

    def same(self, column: str) -> Flags:
        one, other = self.codes(column)
        return np.asarray((one == other) & (one >= 0))

    def crowd(self, name: str) -> Ints:
        counts = getattr(self.crowds, name)
        return np.asarray(np.maximum(counts[self.left], counts[self.right]))


def _given_level(pairs: _Pairs) -> Ints:
    """1 different … 5 equal, for two given names in full; 0 otherwise. A given name may be the other's middle name."""
    full = pairs.both("full_given")
    one, other = pairs.codes("full_given")
    return np.where(full, np.where(one == other, 5, _compare_texts(pairs.records.given, one, other, full, _given)), 0)


def _family_level(pairs: _Pairs) -> Ints:
    both = pairs.both("family")
    one, other = pairs.codes("family")
    return np.where(both, np.where(one == other, 4, _compare_texts(pairs.records.family, one, other, both, _family)), 0)


def _compare_texts(
    values: Values, one: Ints, other: Ints, wanted: Flags, judge: Callable[[list[str], list[str]], Ints]
) -> Ints:
    """Judge each distinct pair of unequal texts once; rows not wanted, or equal, get 1."""
    rows = np.flatnonzero(wanted & (one != other))
    size = len(values.texts) + 1
    keys, place = np.unique(
        np.minimum(one[rows], other[rows]) * size + np.maximum(one[rows], other[rows]), return_inverse=True
    )
    result = np.ones(len(one), dtype=np.int64)
    if keys.size:
        texts = np.array(values.texts, dtype=object)
        result[rows] = judge(texts[keys // size].tolist(), texts[keys % size].tolist())[place]
    return result


def _distances(ones: list[str], others: list[str], scorer: Any, dtype: type) -> Reals:
    return np.asarray(cpdist(ones, others, scorer=scorer, dtype=dtype), dtype=np.float64)


def _given(ones: list[str], others: list[str]) -> Ints:
    likeness = _distances(ones, others, JaroWinkler.similarity, np.float32)
    edits = _distances(ones, others, Levenshtein.distance, np.int32)
    shortest = np.array([min(len(one), len(other)) for one, other in zip(ones, others, strict=True)])
    related = set(related_pairs())
    forms = np.array([_are_forms(one, other, related) for one, other in zip(ones, others, strict=True)])
    slip = (likeness >= 0.92) | ((edits <= 1) & (shortest >= 4))
    alike = (likeness >= 0.82) & (shortest >= 3)
    return np.select([forms, slip, alike], [4, 3, 2], 1).astype(np.int64)


def _are_forms(one: str, other: str, related: set[tuple[str, str]]) -> bool:
    """Forms of one name, or one of several given names written alone (or cut short)."""
    return (
        (one, other) in related
        or one in other.split()
        or other in one.split()
        or (min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one)))
    )


def _family(ones: list[str], others: list[str]) -> Ints:
    likeness = _distances(ones, others, JaroWinkler.similarity, np.float32)
    edits = _distances(ones, others, Levenshtein.distance, np.int32)
    shortest = np.array([min(len(one), len(other)) for one, other in zip(ones, others, strict=True)])
    part = np.array(
        [not set(one.split()).isdisjoint(other.split()) for one, other in zip(ones, others, strict=True)], dtype=bool
    )
    slip = (likeness >= 0.93) | ((edits <= 1) & (shortest >= 3)) | ((edits <= 2) & (shortest >= 7))
    return np.select([slip, part], [3, 2], 1).astype(np.int64)


def _bins(counts: Ints, bounds: tuple[int, ...]) -> Ints:
    """Place each count: 0 up to the first bound, 1 up to the second, and so on."""
    return np.searchsorted(np.array(bounds), counts, side="left").astype(np.int64)


def _commonness(pairs: _Pairs, given_agrees: Flags, family_agrees: Flags, full: str) -> Ints:
    """How common the part of the name is that agrees."""
    return np.select(
        [given_agrees & family_agrees, family_agrees, given_agrees],
        [
            _bins(pairs.crowd(full), FULL_NAME_HOMES),
            _bins(pairs.crowd("family_name"), FAMILY_NAME_HOMES),
            _bins(pairs.crowd("given_name"), FAMILY_NAME_HOMES),
        ],
        0,
    )


def _full_name(pairs: _Pairs, given: Ints, family: Ints) -> Ints:
    common = _commonness(pairs, given >= 3, family >= 2, "full_name")
    level = 1 + ((given - 1) * len(FAMILY) + family - 1) * len(COMMON) + common
    return np.where((given > 0) & (family > 0), level, 0)


def _initial_name(pairs: _Pairs, family: Ints) -> Ints:
    """For pairs where at least one given name is only an initial."""
    rivals = (pairs.crowd("rivals") > 1) & pairs.same("home")
    fits = np.where(pairs.same("initial"), np.where(rivals, 2, 3), 1)
    common = _commonness(pairs, fits > 1, family >= 2, "initial_name")
    level = 1 + ((fits - 1) * len(FAMILY) + family - 1) * len(COMMON) + common
    return np.where(pairs.both("initial") & ~pairs.both("full_given") & (family > 0), level, 0)


def _family_only(pairs: _Pairs, family: Ints) -> Ints:
    """For pairs where at least one given name is missing altogether."""
    rivals = (pairs.crowd("same_family") > 1) | ~pairs.same("home")
    level = 1 + (family - 1) * len(RIVALS) + rivals
    return np.where(~pairs.both("initial") & (family > 0), level, 0)


def _middle(pairs: _Pairs) -> Ints:
    fits = np.where(pairs.same("middle"), 3, np.where(pairs.same("middle_initial"), 2, 1))
    return np.where(pairs.both("middle"), fits, 0)


def _birth(pairs: _Pairs) -> Ints:
    same = {part: pairs.same(part) for part in ("year", "month", "day")}
    one, other = pairs.codes("whole_date")
    whole = one & other
    agreeing = same["year"].astype(np.int64) + same["month"] + same["day"]
    crossed = exchanged(pairs.records, pairs.left, pairs.right)
    slip = digits_apart(pairs.records, pairs.left, pairs.right) == 1
    dates = np.select([agreeing == 3, crossed, slip, agreeing == 2], [5, 4, 3, 2], 1)
    return np.where(pairs.both("year"), np.where(whole, dates, np.where(same["year"], 6, 7)), 0)


def exchanged(records: Encoded, left: Ints, right: Ints) -> Flags:
    """Tell which pairs have birth dates with day and month exchanged."""
    same_year = records.year[left] == records.year[right]
    crossed = (records.day[left] == records.month[right]) & (records.month[left] == records.day[right])
    return np.asarray(same_year & crossed & (records.day[left] != records.day[right]))


def digits_apart(records: Encoded, left: Ints, right: Ints) -> Ints:
    """Count the digits in which two birth dates, written yyyymmdd, differ."""
    written = records.year * 10_000 + records.month * 100 + records.day
    one, other = written[left], written[right]
    apart = np.zeros(len(left), dtype=np.int64)
    for _ in range(8):
        apart += one % 10 != other % 10
        one, other = one // 10, other // 10
    return apart


def _home(pairs: _Pairs) -> Ints:
    crowd = 5 + _bins(pairs.crowd("names_at_home"), HOME_NAMES)
    place = np.select([pairs.same("postcode"), pairs.same("outward")], [3, 2], 1)
    known = pairs.both("postcode") | pairs.both("home")
    return np.select([pairs.same("home"), _alike_addresses(pairs), known], [crowd, 4, place], 0)


def _alike_addresses(pairs: _Pairs) -> Flags:
    """Addresses with the same number and nearly the same text, unless both are on the address list as different homes."""
    one, other = pairs.codes("listed_home")
    wanted = pairs.same("street_number") & pairs.both("address") & ~(one.astype(bool) & other.astype(bool))
    first, second = pairs.codes("address")
    alike = _compare_texts(pairs.records.address, first, second, wanted, _address)
    return np.asarray(wanted & ((first == second) | (alike == 2)))


def _address(ones: list[str], others: list[str]) -> Ints:
    return 1 + (_distances(ones, others, Levenshtein.normalized_similarity, np.float32) >= ALIKE_ADDRESS).astype(
        np.int64
    )


def _phone(pairs: _Pairs) -> Ints:
    rarity = 2 + _bins(pairs.crowd("families_on_phone"), PHONE_FAMILIES)
    return np.where(pairs.both("phone"), np.where(pairs.same("phone"), rarity, 1), 0)


def _email(pairs: _Pairs) -> Ints:
    personal = np.where(pairs.crowd("people_on_email") > 1, 2, 3)
    return np.where(pairs.both("email"), np.where(pairs.same("email"), personal, 1), 0)


def _source(pairs: _Pairs) -> Ints:
    one, _ = pairs.codes("source_repeats")
    return np.where(pairs.same("source"), np.where(one, 3, 2), 1)
