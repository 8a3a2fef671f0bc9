"""Vocabulary: the numbers that a linking gave to what its records say, so that a further record gets the same ones.

What a file tells only as a whole (which given name is usually whose sex, which source repeats people) is kept as the linking
found it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from wardkeeper.residents.arrays import MISSING, Codes, Ints
from wardkeeper.residents.cells import Cells, Column, Mark
from wardkeeper.residents.fields import Fields
from wardkeeper.residents.letters import HAS_FORMS, Letters, spell_few
from wardkeeper.residents.lookups import Lookup, hash_text, learn
from wardkeeper.residents.nicknames import related_pairs

C = Column
Numbering = tuple[Column, ...]
NAMES: Numbering = (C.GIVEN, C.MIDDLE, C.FAMILY)
POOLED: tuple[Numbering, ...] = (NAMES, (C.ADDRESS,), (C.PHONE,), (C.EMAIL,), (C.NUMBER,), (C.PLACE,), (C.NI_NUMBER,))
"""Columns that share one numbering, where the number is the place of the text in the pool of letters."""
OTHERS: tuple[Numbering, ...] = (
    (C.ROOT,),
    (C.INITIAL, C.MIDDLE_INITIAL),
    (C.HEAD,),
    (C.HOME,),
    (C.BUILDING,),
    (C.STREET_NUMBER,),
    (C.POSTCODE,),
    (C.OUTWARD,),
    (C.NHS_NUMBER,),
    (C.ATTRIBUTE,),
    (C.SOURCE,),
)
"""Columns that share one numbering of their own."""


def _form_hashes() -> dict[int, frozenset[int]]:
    forms: dict[int, set[int]] = {}
    for one, other in related_pairs():
        forms.setdefault(hash_text(one), set()).add(hash_text(other))
    return {one: frozenset(others) for one, others in forms.items()}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Lookups by numbering, the first number not yet used in each (for all pooled ones: `pooled`), and what a file tells as a whole.

    `roots`, `sexes` and `repeats` are by number: a given name's root and usual sex (-1 unknown), whether a source repeats people.
    """

    lookups: Mapping[Numbering, Lookup]
    following: Mapping[Numbering, int]
    pooled: int
    roots: Codes
    sexes: Codes
    repeats: Codes
    forms: Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Added:
    """Further records as cells (without crowds), and what they say that was not known: per numbering its hashes and numbers.

    `texts` are the new texts of the pool in the order of their numbers; `related` are new pairs of forms of one name.
    """

    cells: Cells
    unknown: Mapping[Numbering, tuple[Ints, Codes]]
    texts: list[str]
    related: list[int]


def learn_vocabulary(fields: Fields, cells: Cells, texts: Letters) -> Vocabulary:
    """Learn the numbers from a linking's own records: their fields, and their cells in the same order."""
    lookups = {
        numbering: learn([fields.texts[one] for one in numbering], [cells[:, one] for one in numbering])
        for numbering in (*POOLED, *OTHERS)
    }
    following = {one: int(lookups[one].codes.max(initial=MISSING)) + 1 for one in OTHERS}
    # A root that no record has by itself still has a number, so numbers of names are used for none of them again.
    following[(C.ROOT,)] = max(following[(C.ROOT,)], len(texts.sets))
    given, source = cells[:, C.GIVEN], np.maximum(cells[:, C.SOURCE], 0)
    roots = np.full(len(texts.sets), MISSING, np.int32)
    roots[given[given >= 0]] = cells[given >= 0, C.ROOT]
    repeats = np.zeros(int(source.max(initial=0)) + 1, np.int32)
    repeats[source] = cells[:, C.MARKS] & Mark.REPEATS
    return Vocabulary(
        lookups, following, len(texts.sets), roots, _usual_sexes(given, cells[:, C.SEX]), repeats, _form_hashes()
    )


def _usual_sexes(given: Codes, sex: Codes) -> Codes:
    """Give each given name's usual sex, as `encode` judges it.

    It was judged by the records that tell a sex; those that were given it since do not change the judgement.
    """
    both = (given >= 0) & (sex >= 0)
    size = int(given.max(initial=0)) + 1
    known = np.bincount(given[both], minlength=size)
    share = np.bincount(given[both], weights=sex[both], minlength=size) / np.maximum(known, 1)
    return np.where(known < 2, MISSING, np.where(share > 0.95, 1, np.where(share < 0.05, 0, MISSING))).astype(np.int32)


def add(vocabulary: Vocabulary, fields: Fields) -> Added:
    """Turn further records into cells; what they say that is not known gets numbers that follow."""
    cells = np.full((fields.size, len(Column)), MISSING, np.int32)
    unknown: dict[Numbering, tuple[Ints, Codes]] = {}
    texts: list[str] = []
    for numbering in (*POOLED, *OTHERS):
        pooled = numbering not in vocabulary.following
        start = vocabulary.pooled + len(texts) if pooled else vocabulary.following[numbering]
        fresh = _number(vocabulary.lookups[numbering], fields, numbering, cells, start)
        if not len(fresh[0]):
            continue
        unknown[numbering] = fresh
        if pooled:
            texts += _texts_of(fields, numbering, fresh)
    for column, numbers in fields.numbers.items():
        cells[:, column] = numbers
    _complete(vocabulary, cells)
    return Added(cells, unknown, texts, _relate(vocabulary, unknown.get(NAMES)))


def _number(lookup: Lookup, fields: Fields, numbering: Numbering, cells: Cells, start: int) -> tuple[Ints, Codes]:
    """Write the numbers of a numbering's columns; give the hashes that were not known and their numbers."""
    hashes = {column: fields.texts[column].rows() for column in numbering}
    missed = []
    for column, rows in hashes.items():
        cells[:, column] = np.where(rows >= 0, lookup.find(rows), MISSING)
        missed.append(rows[(rows >= 0) & (cells[:, column] < 0)])
    fresh = np.unique(np.concatenate(missed)) if any(map(len, missed)) else np.zeros(0, np.int64)
    numbers = np.arange(start, start + len(fresh), dtype=np.int32)
    if len(fresh):
        more = Lookup(fresh, numbers)
        for column, rows in hashes.items():
            cells[:, column] = np.where(cells[:, column] < 0, more.find(rows), cells[:, column])
    return fresh, numbers


def _texts_of(fields: Fields, numbering: Numbering, fresh: tuple[Ints, Codes]) -> list[str]:
    hashes, numbers = fresh
    found: dict[int, str] = {}
    for column in numbering:
        one = fields.texts[column]
        for place in np.flatnonzero(Lookup(hashes, numbers).find(one.hashes) >= 0).tolist():
            text = one.texts[place]
            if text is not None:
                found[int(one.hashes[place])] = text
    return [found[key] for key in hashes.tolist()]


def _complete(vocabulary: Vocabulary, cells: Cells) -> None:
    """Add what follows from the numbers: roots and sexes of known given names, sources that repeat people."""
    given, source = cells[:, C.GIVEN], np.maximum(cells[:, C.SOURCE], 0)
    cells[:, C.ROOT] = _known(vocabulary.roots, given, cells[:, C.ROOT])
    usual = _known(vocabulary.sexes, given, np.full(len(cells), MISSING, np.int32))
    cells[:, C.SEX] = np.where(cells[:, C.SEX] >= 0, cells[:, C.SEX], usual)
    cells[:, C.MARKS] |= _known(vocabulary.repeats, source, np.zeros(len(cells), np.int32))


def _known(table: Codes, codes: Codes, otherwise: Codes) -> Codes:
    """Give the table's entry for each code; what `otherwise` has where the code is beyond it or the entry is missing."""
    inside = (codes >= 0) & (codes < len(table))
    found = table[np.where(inside, codes, 0)]
    return np.where(inside & (found >= 0), found, otherwise)


def _relate(vocabulary: Vocabulary, fresh: tuple[Ints, Codes] | None) -> list[int]:
    """Give the pairs of forms of one name that new names make with names known before, and with each other."""
    if fresh is None:
        return []
    numbers = dict(zip(fresh[0].tolist(), fresh[1].tolist(), strict=True))
    pairs = set()
    for name in numbers.keys() & vocabulary.forms.keys():
        others = sorted(vocabulary.forms[name])
        known = vocabulary.lookups[NAMES].find(np.array(others, np.int64)).tolist()
        for other, code in zip(others, known, strict=True):
            number = numbers.get(other, code)
            if number >= 0:
                low, high = sorted((number, numbers[name]))
                pairs.add((low << 32) | high)
    return sorted(pairs)


def spread_letters(texts: Letters, spare: int) -> Letters:
    """Give the letters with room for so many more texts at the end."""
    return Letters(
        np.append(texts.units, np.zeros(spare * 64, np.uint16)),
        np.append(texts.starts, np.zeros(spare, np.int64)),
        np.append(texts.sets, np.zeros(spare, np.int32)),
    )


def write_texts(letters: Letters, place: int, texts: list[str]) -> None:
    """Write texts into the room after the first `place` texts."""
    if not texts:
        return
    made = spell_few(texts)
    start = letters.starts[place]
    letters.units[start : start + len(made.units)] = made.units
    letters.starts[place : place + len(texts) + 1] = start + made.starts
    letters.sets[place : place + len(texts)] = made.sets


def note_forms(letters: Letters, related: list[int]) -> Ints:
    """Note that names have other forms; give the pairs, sorted."""
    pairs = np.array(related, np.int64)
    letters.sets[pairs >> 32] |= HAS_FORMS
    letters.sets[pairs & 0xFFFFFFFF] |= HAS_FORMS
    return pairs


def extended(vocabulary: Vocabulary, added: Added) -> Vocabulary:
    """Give the vocabulary with what further records say."""
    lookups, following = dict(vocabulary.lookups), dict(vocabulary.following)
    for numbering, (hashes, codes) in added.unknown.items():
        lookups[numbering] = lookups[numbering].extended(hashes, codes)
        if numbering in following:
            following[numbering] += len(codes)
    return replace(vocabulary, lookups=lookups, following=following, pooled=vocabulary.pooled + len(added.texts))
