"""Commonness: how many share a record's values. It tells namesakes and crowded homes from one person's records."""

import numpy as np
import numpy.typing as npt

from wardkeeper.residents.arrays import (
    MISSING,
    Codes,
    combine,
    count_distinct,
    count_groups,
    count_rows,
    count_within,
    gather_rows,
)
from wardkeeper.residents.cells import BOUNDS, BirthRule, Column, Crowd

REPEATS_SHARE = 0.03
"""A source in which more than this share of records has a twin by name and home (or birth date) is taken to repeat."""


def repeating(columns: dict[Column, Codes]) -> npt.NDArray[np.bool_]:
    """Tell, for each record, whether its source often holds the same person more than once."""
    source = np.maximum(columns[Column.SOURCE], 0)
    twin = np.zeros(len(source), dtype=np.bool_)
    names = combine(columns[Column.GIVEN], columns[Column.FAMILY], source)
    for key in (columns[Column.HOME], columns[Column.BIRTH]):
        twin |= count_rows(combine(names, key)) > 1
    share = np.bincount(source, weights=twin) / np.maximum(np.bincount(source), 1)
    return np.asarray(share[source] > REPEATS_SHARE)


UNRELIABLE_SHARE, FEWEST_NUMBERS = 0.02, 50
"""Birth dates forbid nothing in a file where more than this share of numbers, of so many or more, have several dates."""


def judge_births(columns: dict[Column, Codes]) -> BirthRule:
    """Tell how far birth dates can be relied on, from records that share a number given to one person."""
    for column in (Column.NHS_NUMBER, Column.NI_NUMBER, Column.NUMBER):
        told = (columns[column] >= 0) & (columns[Column.BIRTH] >= 0)
        known = columns[column][told]
        several = count_rows(known) > 1
        if np.unique(known[several]).size < FEWEST_NUMBERS:
            continue
        years = count_distinct(known, columns[Column.YEAR][told]) > 1
        other = years & (count_distinct(known, columns[Column.MONTH][told]) > 1)
        if np.unique(known[other]).size > UNRELIABLE_SHARE * np.unique(known[several]).size:
            return BirthRule.NONE
    return BirthRule.STRICT if (columns[Column.HOME] >= 0).any() else BirthRule.LENIENT


def count_crowds(columns: dict[Column, Codes]) -> Codes:
    """Count homes per name, names per home, families per phone and so on, and keep the bin of each count."""
    given, root, family = (columns[column] for column in (Column.GIVEN, Column.ROOT, Column.FAMILY))
    locus, home = _locus(columns), columns[Column.HOME]
    person, initialled, full = combine(root, family), combine(columns[Column.INITIAL], family), combine(given, family)
    named = {Crowd.FULL_NAME: full, Crowd.INITIAL_NAME: initialled, Crowd.GIVEN_NAME: root, Crowd.FAMILY_NAME: family}
    rows, starts = gather_rows(locus)
    counts = {crowd: count_groups(names, rows, starts) for crowd, names in named.items()}
    if locus is not home:
        rows, starts = gather_rows(home)
    sexed = np.where(columns[Column.SEX] >= 0, 2 * family + columns[Column.SEX], MISSING)
    everyone = np.zeros_like(family)
    counts |= {
        Crowd.NAMES_AT_HOME: count_within(everyone, person, rows, starts),
        Crowd.RIVALS: count_within(initialled, root, rows, starts),
        Crowd.SAME_FAMILY: count_within(np.where(family >= 0, sexed, MISSING), root, rows, starts),
        Crowd.FAMILIES_ON_PHONE: count_distinct(columns[Column.PHONE], family),
        Crowd.PEOPLE_ON_EMAIL: count_distinct(columns[Column.EMAIL], initialled),
        Crowd.BIRTH_DATE: count_distinct(combine(columns[Column.BIRTH], everyone), person),
        Crowd.PLACE: count_distinct(columns[Column.PLACE], person),
        Crowd.ATTRIBUTE: count_distinct(columns[Column.ATTRIBUTE], person),
    }
    crowds = np.zeros(len(given), np.int32)
    for crowd, count in counts.items():
        crowds |= np.searchsorted(np.array(BOUNDS[crowd]), count, side="left").astype(np.int32) << (2 * crowd)
    return crowds


def _locus(columns: dict[Column, Codes]) -> Codes:
    """Where a record is, at the finest level that most records tell: distinct ones count how many people bear a name."""
    for column in (Column.HOME, Column.OUTWARD, Column.PLACE):
        if 2 * (columns[column] >= 0).sum() >= len(columns[column]):
            return columns[column]
    return columns[Column.YEAR]
