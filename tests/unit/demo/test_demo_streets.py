"""Invented names: made from the word lists only, all different, with ordinary endings."""

import re

from wardkeeper.demo import streets
from wardkeeper.demo.draws import stage

WORDS = "|".join(streets.FIRST_HALVES) + ")(" + "|".join(streets.SECOND_HALVES)
STREET = re.compile(f"^({WORDS}) ({'|'.join(sorted(set(streets.STREET_TYPES)))})$")
BLOCK = re.compile(f"^({WORDS}) ({'|'.join(streets.BLOCK_TYPES)})$")


def test_streets_are_made_from_the_word_lists():
    assert all(STREET.match(name) for name in streets.invent_streets(stage(1, "s"), 3_000))


def test_streets_differ_even_when_the_words_come_round_again():
    names = streets.invent_streets(stage(1, "s"), 4_000)
    assert len(set(names)) == 4_000


def test_blocks_are_made_from_the_word_lists():
    assert all(BLOCK.match(name) for name in streets.invent_blocks(stage(2, "b"), 500))


def test_neither_half_is_an_ordinary_word_with_a_street_type():
    # "Wessock Road" would be a name; the halves are only ever used together.
    assert not set(map(str.title, streets.SECOND_HALVES)) & set(streets.FIRST_HALVES)


def test_every_street_of_the_district_is_invented(whole):
    names = whole.homes["street"].unique().to_list()
    assert all(STREET.match(name) for name in names)


def test_every_address_is_its_number_street_and_town(middling):
    houses = middling.homes.filter(middling.homes["kind"] == "house")
    assert houses.select(same=houses["number"] + " " + houses["street"] + ", " + houses["town"] == houses["address"])[
        "same"
    ].all()


def test_flats_name_their_block_before_the_street(middling):
    flats = middling.homes.filter(middling.homes["kind"] == "flat")
    assert flats["address"].str.contains(r"^Flat \d+, \w+ \w+, \w+ \w+, \w+$").all()
