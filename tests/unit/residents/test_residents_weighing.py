"""Silver labels, first guesses and fixed weights. The property tests hold the fit to EM by the letter."""

import numpy as np
import pytest

from pattern_rows import row, rows
from wardkeeper.residents.evidence import (
    BIRTH,
    COMMON,
    CROSSED_FROM,
    EMAIL,
    FAMILY,
    GIVEN,
    HOME,
    INITIALS_FROM,
    LEARNED,
    NAME,
    SOURCE,
)
from wardkeeper.residents.weighing import (
    DIFFERENT,
    GUESSED_SHARE,
    HOUSEMATES,
    LIKE_BIRTHS,
    LIMIT,
    OTHER_NAMES,
    OWN_EMAIL,
    SAME,
    SAME_HOME,
    SAME_NAMES,
    SELDOM_REPEATS,
    UNLABELLED,
    Mixture,
    Patterns,
    column,
    fit,
    guess,
    guessed_model,
    label,
    weigh,
)

SAME_NAME = CROSSED_FROM - 1
FAMILY_ALIKE = 1 + (len(FAMILY) - 1) * len(COMMON)
"""Different given names, the same family name."""


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({}, UNLABELLED),
        ({"nhs_number": 2}, SAME),
        ({"nhs_number": 1}, DIFFERENT),
        ({"ni_number": 3}, SAME),
        ({"ni_number": 2}, UNLABELLED),
        ({"ni_number": 1}, DIFFERENT),
        ({"nhs_number": 2, "ni_number": 1}, SAME),
        ({"source": 1}, UNLABELLED),
        ({"source": 2}, DIFFERENT),
        ({"source": 3}, UNLABELLED),
        ({"source": 2, "birth_date": 5}, UNLABELLED),
        ({"source": 2, "birth_date": 3}, UNLABELLED),
        ({"source": 2, "birth_date": 8}, UNLABELLED),
        ({"source": 2, "birth_date": 9}, DIFFERENT),
        ({"source": 2, "e_mail": 4}, UNLABELLED),
        ({"source": 2, "e_mail": 3}, DIFFERENT),
        ({"source": 2, "nhs_number": 2}, SAME),
        ({"source": 2, "name": SAME_NAME, "home": 8}, UNLABELLED),
        ({"source": 2, "name": SAME_NAME, "home": 7}, DIFFERENT),
        ({"name": FAMILY_ALIKE, "home": 8}, DIFFERENT),
        ({"name": FAMILY_ALIKE, "home": 3}, UNLABELLED),
        ({"name": FAMILY_ALIKE, "home": 8, "birth_date": 5}, UNLABELLED),
        ({"name": SAME_NAME, "home": 8}, UNLABELLED),
    ],
)
def test_silver_labels(levels, expected):
    assert label(rows(row(**levels))).tolist() == [expected]


def words(feature, code):
    return feature.levels[code - 1].words


def test_the_codes_that_labels_ask_for_say_what_they_are_taken_for():
    for code in range(SAME_NAMES[0], SAME_NAMES[1] + 1):
        assert words(NAME, code).startswith("have the same given name, the same family name")
    assert "the same family name" not in words(NAME, SAME_NAMES[0] - 1)
    for code in range(OTHER_NAMES[0], OTHER_NAMES[1] + 1):
        assert words(NAME, code).startswith(GIVEN[0].words)
    assert not words(NAME, OTHER_NAMES[1] + 1).startswith(GIVEN[0].words)
    assert words(EMAIL, OWN_EMAIL) == "have the same e-mail"
    assert [words(BIRTH, code).startswith("have different") for code in (2, LIKE_BIRTHS[1], 9)] == [False, False, True]
    assert "one digit" in words(BIRTH, LIKE_BIRTHS[0])
    assert [words(HOME, code).startswith("are at the same home") for code in (SAME_HOME - 1, SAME_HOME)] == [
        False,
        True,
    ]
    assert "seldom" in words(SOURCE, SELDOM_REPEATS)


def test_guesses_add_up():
    levels = rows(row(), row(birth_date=5), row(birth_date=5, sex=1), row(nhs_number=2))
    assert guess(levels).tolist() == [0.0, 5.0, 2.0, 0.0]


def test_the_guessed_model_weighs_by_the_guesses():
    odds = guessed_model().log_odds(rows(row(), row(birth_date=5), row(birth_date=5, sex=1)))
    prior = np.log(GUESSED_SHARE / (1 - GUESSED_SHARE))
    assert odds == pytest.approx([prior, prior + 5, prior + 2])


def test_strong_numbers_add_a_fixed_weight_within_the_limit():
    born = {"birth_date": 5}
    levels = rows(
        row(**born),
        row(**born, nhs_number=2),
        row(**born, nhs_number=1),
        row(**born, ni_number=3),
        row(**born, ni_number=1),
    )
    alone, same, different, same_ni, other_ni = weigh(guessed_model(), levels)
    assert alone == pytest.approx(BIRTH.levels[4].guess + np.log(GUESSED_SHARE / (1 - GUESSED_SHARE)))
    assert (same, same_ni) == (LIMIT, LIMIT)
    assert different == pytest.approx(alone - 12)
    assert other_ni == pytest.approx(alone - 6)


@pytest.mark.parametrize(
    ("levels", "held_down"),
    [
        ({"name": FAMILY_ALIKE, "home": 8}, True),
        ({"name": INITIALS_FROM, "home": 9}, True),
        ({"name": FAMILY_ALIKE, "home": 7}, False),
        ({"name": SAME_NAME, "home": 8}, False),
        ({"name": FAMILY_ALIKE, "home": 8, "nhs_number": 2}, False),
        ({"name": FAMILY_ALIKE, "home": 8, "ni_number": 3}, False),
        ({"name": FAMILY_ALIKE, "home": 8, "other_number": 3}, False),
        ({"name": FAMILY_ALIKE, "home": 8, "e_mail": 4}, False),
        ({"name": FAMILY_ALIKE, "home": 8, "e_mail": 3}, True),
        ({"name": FAMILY_ALIKE, "home": 8, "phone": 3, "birth_date": 5}, True),
    ],
)
def test_twins_are_not_joined_by_what_they_share_whatever_a_model_has_learned(levels, held_down):
    """A model that takes everybody for one person."""
    guessed = guessed_model()
    eager = Mixture(np.array([1 - 1e-9, 1e-9]), guessed.logs, 1)
    (odds,) = weigh(eager, rows(row(**levels)))
    assert (odds == HOUSEMATES) == held_down
    assert held_down or odds > 0


def test_a_column_is_found_by_its_feature():
    assert column(rows(row(birth_date=5, sex=1)), BIRTH).tolist() == [5]


def test_belonging_adds_up_to_one():
    assert guessed_model().belonging(rows(row(), row(birth_date=5))).sum(axis=1) == pytest.approx([1, 1])


def test_every_learned_feature_has_its_table():
    model = guessed_model()
    for place, feature in enumerate(LEARNED):
        assert model.table(place).shape == (len(feature.levels), 2)


def test_a_fit_learns_what_the_labels_tell():
    """A level that only labelled pairs of one person show speaks for one person."""
    levels = rows(row(sex=2, nhs_number=2), row(sex=1, nhs_number=1), row(sex=2, nhs_number=1))
    patterns = Patterns(levels, np.array([10_000.0, 6_000.0, 4_000.0]), label(levels))
    model = fit(patterns, np.full((3, 2), 0.5), same=1)
    table = np.exp(model.table([feature.name for feature in LEARNED].index("sex")))
    assert table[:, 0] == pytest.approx([0, 1], abs=0.01)
    assert table[:, 1] == pytest.approx([0.6, 0.4], abs=0.01)
    assert model.shares == pytest.approx([0.5, 0.5], abs=0.01)
