"""Forms of given names that no table has, learned from the records themselves: who is Bela in one file is William in another.

Two given names are forms of one where, family name being the same, they are found again and again with one birth date, e-mail or
number, and hardly ever with two birth dates at one home, nor twice in a source that names people once: twins share a birth date too.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from wardkeeper.residents.arrays import Codes, Flags, Ints
from wardkeeper.residents.blocking import Candidates
from wardkeeper.residents.cells import Column, Encoded
from wardkeeper.residents.comparing import compare
from wardkeeper.residents.encoding import mark_forms
from wardkeeper.residents.evidence import BIRTH, COMMON, EMAIL, FAMILY, FEATURES, NAME, NI_NUMBER, SEX, SOURCE
from wardkeeper.residents.naming import find_related
from wardkeeper.residents.weighing import SELDOM_REPEATS, Levels

FEWEST = 5
"""Distinct birth dates, e-mails or numbers under which two names must be found together."""
OUTWEIGH = 2
"""They must be so many times as many as the homes at which the two names are two people's."""
UNLIKE = 2 * len(FAMILY) * len(COMMON)
"""The highest code of a full name whose given names differ by more than a slip."""
C = Column


def learn_forms(records: Encoded, pairs: Candidates, place: Codes, levels: Levels) -> Encoded:
    """Give the records with the forms of names that they show. `place` gives each pair's pattern, a row of `levels`."""
    speaking, against = _sort_out(levels)
    together = _count(records, pairs, speaking[place], C.BIRTH, C.EMAIL)
    apart = _count(records, pairs, against[place], C.HOME, C.POSTCODE)
    forms = (
        together.filter(pl.col("times") >= FEWEST)
        .join(apart, on=["one", "other"], how="left", suffix="_apart")
        .filter(pl.col("times") >= OUTWEIGH * pl.col("times_apart").fill_null(0))
    )
    if forms.is_empty():
        return records
    found = (forms["one"].cast(pl.Int64) * 2**32 + forms["other"].cast(pl.Int64)).to_numpy()
    related = np.union1d(records.related, found)
    mark_forms(records.texts, found)
    return replace(records, related=related)


def compare_again(records: Encoded, pairs: Candidates, patterns: Ints, place: Codes, levels: Levels) -> Ints:
    """Give the patterns, with those of unlike names that are forms of one compared anew."""
    rows = find_related(
        records.cells, pairs.left, pairs.right, _has_unlike_names(levels), place, records.texts, records.related
    )
    patterns[rows] = compare(records, pairs.left[rows], pairs.right[rows])
    return patterns


def _has_unlike_names(levels: Levels) -> Flags:
    name = _codes(levels, NAME)
    family = (name - 1) // len(COMMON) % len(FAMILY)
    return np.asarray((name >= 1) & (name <= UNLIKE) & (family == len(FAMILY) - 1))


def _sort_out(levels: Levels) -> tuple[Flags, Flags]:
    """Tell which patterns speak for two unlike given names being one person's, and which against."""
    unlike = _has_unlike_names(levels) & (_codes(levels, SEX) != 1)
    birth, email, number = (_codes(levels, feature) for feature in (BIRTH, EMAIL, NI_NUMBER))
    same = ((birth >= 5) & (birth <= 7)) | (email == 4) | (number == 3)
    twice = _codes(levels, SOURCE) == SELDOM_REPEATS
    other = (birth == 1) | (birth == 2) | (number == 1) | twice
    return unlike & same & ~other, unlike & other


def _codes(levels: Levels, feature: object) -> Ints:
    return np.asarray(levels[:, [one is feature for one in FEATURES].index(True)].astype(np.int64))


def _count(records: Encoded, pairs: Candidates, wanted: Flags, first: Column, second: Column) -> pl.DataFrame:
    """Count, per pair of given names, the distinct values of a column (of a second one where that is missing)."""
    left, right = pairs.left[wanted], pairs.right[wanted]
    one, other = records.cells[left, C.GIVEN], records.cells[right, C.GIVEN]
    value = np.where(records.cells[left, first] >= 0, records.cells[left, first], -2 - records.cells[left, second])
    return (
        pl.DataFrame({"one": np.minimum(one, other), "other": np.maximum(one, other), "value": value})
        .group_by("one", "other")
        .agg(times=pl.col("value").n_unique().cast(pl.Int64))
    )
