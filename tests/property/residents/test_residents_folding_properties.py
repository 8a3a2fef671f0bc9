"""Folding makes alike what was only written otherwise, and keeps every letter."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.residents.folding import (
    fold_address,
    fold_email,
    fold_name,
    fold_number,
    fold_phone,
    fold_postcode,
    fold_text,
)

LETTERS = st.characters(categories=["Lu", "Ll", "Lo"], max_codepoint=0xD7FF).filter(
    lambda letter: unicodedata.decomposition(letter)[:1] != "<"
)
"""Letters of every script, but for those that Unicode keeps for the look of them."""
NAMES = st.text(LETTERS, min_size=1, max_size=12)
KNOWN_FAULTS = "ªº´¨¯¸ǼǽǢǣǾǿ"
"""What is not folded as it should be: see the unit tests."""
FOLDS = (fold_name, fold_address, fold_postcode, fold_phone, fold_email, fold_number, fold_text)


def folded(how, *texts):
    frame = pl.DataFrame({"text": list(texts)}, schema={"text": pl.String})
    return frame.select(how(pl.col("text"))).to_series().to_list()


@given(NAMES)
def test_no_letter_of_a_name_is_lost(name):
    """Each letter leaves at least one: an accent may go, the letter under it may not."""
    (found,) = folded(fold_name, name)
    assert found is not None
    assert len(found) >= sum(not unicodedata.category(letter).startswith("M") for letter in name)


@given(st.lists(NAMES, min_size=1, max_size=3))
def test_words_stay_words(words):
    apart = folded(fold_name, *words)
    assert folded(fold_name, "-".join(words)) == [" ".join(apart)]
    assert folded(fold_name, "  ".join(words)) == [" ".join(apart)]
    assert folded(fold_name, "'".join(words)) == ["".join(apart)]


@given(NAMES)
def test_a_name_is_the_same_in_either_form_of_unicode(name):
    whole, apart = (unicodedata.normalize(form, name) for form in ("NFC", "NFD"))
    assert len(set(folded(fold_name, whole, apart))) == 1


@given(st.text(st.characters(max_codepoint=0x24F, categories=["Lu", "Ll"]), min_size=1, max_size=12))
def test_capitals_and_small_letters_are_one(name):
    assert len(set(folded(fold_name, name, name.upper(), name.upper().lower()))) == 1


@pytest.mark.parametrize("how", FOLDS, ids=lambda how: how.__name__)
@settings(max_examples=60)
@given(text=st.text(st.characters(max_codepoint=0x24F, exclude_characters=KNOWN_FAULTS), max_size=20))
def test_folding_twice_is_folding_once(how, text):
    (once,) = folded(how, text)
    assert once is None or folded(how, once) in ([once], [None])


@pytest.mark.parametrize("how", FOLDS, ids=lambda how: how.__name__)
@settings(max_examples=60)
@given(text=st.text(max_size=20))
def test_blank_is_null_and_nothing_else_is_blank(how, text):
    assert folded(how, text) != [""]
    assert folded(how, " ", "", None) == [None, None, None]
