"""Texts as rows of letters for compiled code."""

import polars as pl
import pytest

from wardkeeper.residents.letters import LONGEST, SPACE, spell

A, Z, OTHER = 1 << 1, 1 << 26, 1 << 27


def letters_of(spelt, text):
    return spelt.units[spelt.starts[text] : spelt.starts[text + 1]].tolist()


@pytest.mark.parametrize("text", ["LEE", "VAN DER BERG", "ÉLODIE", "محمد", "王小明", "ОЛЕНА", "12A", ""])
def test_each_letter_is_one_unit(text):
    assert letters_of(spell(pl.Series(["X", text, "Y"])), 1) == [ord(letter) for letter in text]


def test_letters_beyond_sixteen_bits_are_one_unit_too_and_told_apart():
    names = ["𠀋", "𠮷", "𡈽", "𡌛"]
    spelt = spell(pl.Series(names))
    units = [letters_of(spelt, place) for place in range(len(names))]
    assert [len(one) for one in units] == [1] * len(names)
    assert len({one[0] for one in units}) == len(names)


def test_a_missing_text_has_no_letters():
    spelt = spell(pl.Series([None, "A", None]))
    assert spelt.starts.tolist() == [0, 0, 1, 1]


def test_a_long_text_is_cut_and_those_after_it_are_whole():
    spelt = spell(pl.Series(["Y" * 200_000, "LEE"]))
    assert len(letters_of(spelt, 0)) == LONGEST
    assert letters_of(spelt, 1) == [ord(letter) for letter in "LEE"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("AZ", A | Z), ("A A", A | SPACE), ("É", OTHER), ("12", OTHER), ("a", OTHER), ("王", OTHER), ("", 0)],
)
def test_which_letters_occur_is_kept_beside_them(text, expected):
    assert spell(pl.Series([text])).sets.tolist() == [expected]


def test_what_is_cut_off_does_not_occur():
    assert spell(pl.Series(["A" * LONGEST + "Z"])).sets.tolist() == [A]


@pytest.mark.parametrize(
    "texts",
    [pl.Series(["X", "LEE", "OAK"]).slice(1), pl.concat([pl.Series(["LEE"]), pl.Series(["OAK"])], rechunk=False)],
)
def test_slices_and_pieces_are_spelt_as_whole_columns_are(texts):
    spelt = spell(texts)
    assert [letters_of(spelt, place) for place in (0, 1)] == [[76, 69, 69], [79, 65, 75]]


def test_nothing_is_spelt_as_nothing():
    assert spell(pl.Series([], dtype=pl.String)).starts.tolist() == [0]
