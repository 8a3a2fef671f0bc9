"""Names are drawn from the right lists, by weight, in letters that councils' systems hold."""

import re

import numpy as np
import pytest

from wardkeeper.demo.compositions import TRADITIONS
from wardkeeper.demo.draws import stage
from wardkeeper.demo.names import LISTS, NAME, draw_families, draw_given, draw_languages

PARTS = ("women", "men", "girls", "boys", "families")


def test_every_tradition_has_its_lists():
    assert set(LISTS) == set(TRADITIONS)


@pytest.mark.parametrize("tradition", TRADITIONS)
@pytest.mark.parametrize("part", PARTS)
def test_lists_hold_single_names_with_weights_that_can_be_drawn(tradition, part):
    listed = getattr(LISTS[tradition], part)
    assert len(listed.names) >= 20
    assert all(NAME.fullmatch(name) for name in listed.names)
    assert len(listed.weights) == len(listed.names)
    assert (listed.weights > 0).all()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Smith", True),
        ("O'Brien", True),
        ("Smith-Jones", True),
        ("Stănescu", True),
        ("Abu Bakr", False),
        ("Akyerεko", False),
        ("J2", False),
        ("", False),
    ],
)
def test_what_counts_as_one_name(name, kept):
    assert bool(NAME.fullmatch(name)) is kept


@pytest.mark.parametrize("number", range(len(TRADITIONS)))
def test_everyone_gets_a_name_of_their_tradition(number):
    count = 300
    tradition = np.full(count, number)
    female = np.arange(count) % 2 == 0
    born = np.where(np.arange(count) % 3 == 0, 2012, 1955)
    lists = LISTS[TRADITIONS[number]]
    given = draw_given(stage(1, "g"), tradition, female, born)
    assert set(draw_families(stage(1, "f"), tradition)) <= set(lists.families.names)
    assert set(given[female & (born == 1955)]) <= set(lists.women.names)
    assert set(given[~female & (born == 2012)]) <= set(lists.boys.names)
    assert set(draw_languages(stage(1, "l"), tradition)) <= set(lists.languages)


def test_common_names_are_commoner():
    families = draw_families(stage(1, "f"), np.zeros(40_000, dtype=np.int64))
    counts = dict(zip(*np.unique(families, return_counts=True), strict=True))
    assert counts["Smith"] > 5 * np.median(list(counts.values()))


def test_children_are_given_newer_names_too():
    girls = set(LISTS["british"].girls.names) - set(LISTS["british"].women.names)
    assert len(girls) > 100


def test_no_language_list_holds_english():
    assert not any(re.fullmatch("English", language) for lists in LISTS.values() for language in lists.languages)
