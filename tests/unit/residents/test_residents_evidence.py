"""Every finding has words of its own, and the codes stand where comparing expects them."""

import numpy as np
import pytest

from wardkeeper.residents.evidence import (
    COMMON,
    CROSSED_FROM,
    FAMILY,
    FAMILY_ONLY_FROM,
    FEATURES,
    FIXED,
    FULL_FROM,
    GIVEN,
    GIVEN_ONLY_FROM,
    INITIAL,
    INITIALS_FROM,
    LEARNED,
    NAME,
    RIVALS,
)

BY_NAME = pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)


@BY_NAME
def test_every_finding_has_words_and_each_its_own(feature):
    words = [level.words for level in feature.levels]
    assert all(words)
    assert len(set(words)) == len(words)
    assert feature.span == len(words) + 1


@BY_NAME
def test_words_end_the_sentence_the_two_records(feature):
    """They stand after "they" in explanations, so each begins with a verb and ends without a stop."""
    for level in feature.levels:
        assert level.words.split()[0] in {"have", "are", "come", "name"}
        assert not level.words.endswith((".", ",", " "))


def test_features_have_names_of_their_own():
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
    assert (*LEARNED, *FIXED) == FEATURES


def test_a_pattern_of_all_features_fits_into_an_integer_and_a_level_into_a_byte():
    assert np.prod([float(feature.span) for feature in FEATURES]) < 2**63
    assert max(feature.span for feature in FEATURES) <= 256


@pytest.mark.parametrize(
    ("start", "levels", "said"),
    [
        (FULL_FROM, len(GIVEN) * len(FAMILY) * len(COMMON), "given names, "),
        (CROSSED_FROM, len(COMMON), "given and family name exchanged"),
        (INITIALS_FROM, len(INITIAL) * len(FAMILY) * len(COMMON), "initial"),
        (FAMILY_ONLY_FROM, len(FAMILY) * len(RIVALS), "given names unknown"),
        (GIVEN_ONLY_FROM, len(GIVEN) * len(COMMON), "family names unknown"),
    ],
)
def test_each_way_to_compare_two_names_has_its_own_codes(start, levels, said):
    words = [level.words for level in NAME.levels[start - 1 : start - 1 + levels]]
    assert len(words) == levels
    assert said in words[0]
    assert said in words[-1] or start == FULL_FROM
    outside = [level.words for level in (*NAME.levels[: start - 1], *NAME.levels[start - 1 + levels :])]
    assert start in {FULL_FROM, INITIALS_FROM} or not [one for one in outside if said in one]


def test_the_ways_to_compare_two_names_fill_the_codes():
    ends = [FULL_FROM, CROSSED_FROM, INITIALS_FROM, FAMILY_ONLY_FROM, GIVEN_ONLY_FROM, NAME.span]
    assert ends == sorted(ends)
    assert NAME.span - GIVEN_ONLY_FROM == len(GIVEN) * len(COMMON)


def full(given, family, common):
    """The guess for a full name, by the places of its parts."""
    return NAME.levels[(given * len(FAMILY) + family) * len(COMMON) + common].guess


def test_a_rarer_name_never_speaks_less_for_one_person():
    for given in range(2, len(GIVEN)):
        for family in range(len(FAMILY)):
            guesses = [full(given, family, common) for common in range(len(COMMON))]
            assert guesses == sorted(guesses, reverse=True)


def test_a_family_name_does_not_speak_for_records_whose_given_names_conflict():
    for family in range(len(FAMILY)):
        assert full(0, family, 0) <= GIVEN[0].guess
