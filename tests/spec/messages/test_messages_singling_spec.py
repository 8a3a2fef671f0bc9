"""Words in; what they may single out, for a public-health lead to look at, out."""

import pytest

from wardkeeper.messages.channels import Channel
from wardkeeper.messages.singling import PATTERNS, Singled, find_singled
from wardkeeper.messages.wording import SINGLES_OUT, Fault, Wording, advise


@pytest.mark.parametrize(
    ("text", "what", "found"),
    [
        ("People on Chapel Road can get a test.", Singled.STREET, ("Chapel Road",)),
        ("Cases in St Anne's Mews and Oak Fold.", Singled.STREET, ("St Anne's Mews", "Oak Fold")),
        ("Tests for Sale West Estate.", Singled.ESTATE, ("Sale West Estate",)),
        ("If you live on the estate, test.", Singled.ESTATE, ("the estate",)),
        ("Empress Court is affected.", Singled.ESTATE, ("Empress Court",)),
        ("Did you eat at Acme Foods?", Singled.SETTING, ("Acme Foods",)),
        ("Cases at St Mary's Primary School.", Singled.SETTING, ("St Mary's Primary School",)),
        ("We ask parents of Moorside to test.", Singled.SETTING, ("parents of Moorside",)),
        ("Somali families, and Nigerians, should test.", Singled.COMMUNITY, ("Somali", "Nigerians")),
        ("Travellers and asylum seekers should test.", Singled.COMMUNITY, ("Travellers", "asylum seekers")),
        ("Cases in Northenden Rd and NORTHENDEN ROAD.", Singled.STREET, ("Northenden Rd", "NORTHENDEN ROAD")),
        ("Cases in Northenden\u00a0 \nRoad.", Singled.STREET, ("Northenden Road",)),
        ("Paki\u200bstani people should test.", Singled.COMMUNITY, ("Pakistani",)),
        ("Rom\u0430nian people should test.", Singled.COMMUNITY, ("Romanian",)),
        ("Cases are high in one community.", Singled.COMMUNITY, ("community",)),
    ],
)
def test_what_words_single_out(text, what, found):
    assert find_singled(text) == {what: found}


@pytest.mark.parametrize(
    "text",
    [
        "You can get a free test at Sale Town Hall. It opens at 9.",
        "Cases of infection are rising in your area. Please wash your hands often and open windows.",
        "Stay at home. Ring 111 if you feel worse.",
        "Boil your tap water.",
    ],
)
def test_plain_words_single_out_nothing(text):
    assert find_singled(text) == {}


def test_streets_of_the_chosen_areas_are_found_by_name_whatever_they_are_called():
    assert find_singled("Test on the strand or PENNINE ROUND.", {"The Strand", "Pennine Round", "Moss"}) == {
        Singled.STREET: ("Pennine Round", "The Strand")
    }


def test_a_name_is_found_over_a_line_end_and_more_than_one_space():
    assert find_singled("Test at willow  bank\nhall.", settings=["Willow Bank Hall"]) == {
        Singled.SETTING: ("Willow Bank Hall",)
    }


def test_a_thing_said_twice_is_named_once():
    assert find_singled("Elm Road. ELM ROAD. Elm Road.", {"elm road"}) == {Singled.STREET: ("Elm Road",)}


def test_only_what_singles_out_must_be_acknowledged():
    advice = advise(Wording("Somali people on Elm Road: " + "go " * 30), Channel.LETTER)
    assert {one.fault: one.must_acknowledge for one in advice} == {
        Fault.LONG_SENTENCE: False,
        Fault.HARD_TO_READ: False,
        Fault.NO_SUBJECT: False,
        Fault.NAMES_STREET: True,
        Fault.NAMES_COMMUNITY: True,
    }


def test_everything_that_may_be_singled_out_is_looked_for_and_has_its_fault():
    assert set(PATTERNS) == set(Singled)
    assert set(SINGLES_OUT) == set(Singled)
