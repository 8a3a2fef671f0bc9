"""How alike two texts are, by examples from the literature; the property tests hold it to RapidFuzz."""

import polars as pl
import pytest

from wardkeeper.residents.letters import spell
from wardkeeper.residents.likeness import can_be_like, edits, is_slip, jaro_winkler


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("MARTHA", "MARHTA", 0.961),
        ("DWAYNE", "DUANE", 0.840),
        ("DIXON", "DICKSONX", 0.813),
        ("JONES", "JONES", 1.0),
        ("ABC", "XYZ", 0.0),
        ("A", "", 0.0),
    ],
)
def test_jaro_winkler(one, other, expected):
    """The first three are the examples of Winkler (1990)."""
    assert jaro_winkler(spell(pl.Series([one, other])), 0, 1) == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("SHELLEY", "SHELLEY", 0),
        ("SHELLEY", "SHELLY", 1),
        ("SHELLEY", "SHELLYE", 1),
        ("SHELLEY", "SHILLEY", 1),
        ("SHELLEY", "BYRON", 7),
        ("CA", "ABC", 3),
        ("A", "", 1),
        ("", "ABC", 3),
    ],
)
def test_edits(one, other, expected):
    """CA and ABC are three apart, for no letter is changed twice: that is what "optimal string alignment" leaves out."""
    texts = spell(pl.Series([one, other]))
    assert edits(texts, 0, 1) == expected
    assert is_slip(texts, 0, 1) == (expected <= 1)


def test_letters_alone_rule_out_what_cannot_be_like():
    texts = spell(pl.Series(["MARTHA", "PIUNGO", "MARHTA", ""]))
    assert not can_be_like(texts, 0, 1, 0.82)
    assert can_be_like(texts, 0, 2, 0.82)
    assert not can_be_like(texts, 0, 3, 0.0), "an absent text is like nothing"
