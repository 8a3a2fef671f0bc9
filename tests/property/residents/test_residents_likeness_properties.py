"""The compiled likeness agrees with RapidFuzz, whichever text comes first."""

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from wardkeeper.residents.letters import LONGEST, spell
from wardkeeper.residents.likeness import can_be_like, edits, is_slip, jaro_winkler

ANY_LETTER = st.characters(min_codepoint=32, max_codepoint=0xFFFF, exclude_categories=["Cs"])
FEW_LETTERS = st.sampled_from("AB")
NAME_LETTERS = st.sampled_from("AEINORST LÉŶØ'محمد王")


def texts_of(letters):
    return st.text(letters, min_size=1, max_size=LONGEST)


@st.composite
def two_alike(draw):
    """A text, and the same after a few slips: what names and addresses look like."""
    one = draw(st.text(NAME_LETTERS, min_size=1, max_size=LONGEST - 4))
    other = list(one)
    for _ in range(draw(st.integers(0, 4))):
        place, letter = draw(st.integers(0, len(other))), draw(NAME_LETTERS)
        kind = draw(st.sampled_from(("add", "drop", "change", "exchange")))
        if kind == "add":
            other.insert(place, letter)
        elif kind == "drop" and len(other) > 1:
            del other[min(place, len(other) - 1)]
        elif kind == "change":
            other[min(place, len(other) - 1)] = letter
        elif kind == "exchange" and 0 < place < len(other):
            other[place - 1], other[place] = other[place], other[place - 1]
    return one, "".join(other)


PAIRS = st.one_of(
    two_alike(),
    *(st.tuples(texts_of(letters), texts_of(letters)) for letters in (FEW_LETTERS, NAME_LETTERS, ANY_LETTER)),
)
AGREE = settings(max_examples=250)


def both_ways(function, texts):
    """What a function says of the two, which must not depend on the one that comes first."""
    one, other = function(texts, 0, 1), function(texts, 1, 0)
    assert one == other
    return one


@AGREE
@given(PAIRS)
@example(("A" * 60, "A" * 59 + "B"))
@example(("AB" * 30, "BA" * 30))
def test_jaro_winkler_agrees_with_rapidfuzz(pair):
    assert both_ways(jaro_winkler, spell(pl.Series(pair))) == pytest.approx(JaroWinkler.similarity(*pair), abs=1e-12)


@AGREE
@given(PAIRS)
@example(("A" * 60, "B" * 60))
@example(("AB" * 30, "BA" * 30))
def test_edits_agree_with_rapidfuzz(pair):
    assert both_ways(edits, spell(pl.Series(pair))) == OSA.distance(*pair)


@AGREE
@given(PAIRS)
@example(("AB", "BA"))
@example(("ABX", "BA"))
def test_a_slip_is_at_most_one_edit(pair):
    assert both_ways(is_slip, spell(pl.Series(pair))) == (OSA.distance(*pair) <= 1)


@AGREE
@given(PAIRS, st.floats(0, 1))
def test_letters_never_rule_out_a_pair_that_is_like_enough(pair, least):
    texts = spell(pl.Series(pair))
    likeness = jaro_winkler(texts, 0, 1)
    # Two sums of the same parts may differ in their last bit.
    assert can_be_like(texts, 0, 1, likeness - 1e-12)
    assert can_be_like(texts, 0, 1, least) or likeness < least
    assert can_be_like(texts, 0, 1, least) == can_be_like(texts, 1, 0, least)


@given(st.lists(st.text(max_size=80), max_size=8))
def test_texts_of_any_planes_are_spelt_letter_by_letter(texts):
    spelt = spell(pl.Series(texts, dtype=pl.String))
    for place, text in enumerate(texts):
        found = spelt.units[spelt.starts[place] : spelt.starts[place + 1]].tolist()
        assert found == [(ord(letter) ^ ord(letter) >> 16) & 0xFFFF for letter in text[:LONGEST]]
