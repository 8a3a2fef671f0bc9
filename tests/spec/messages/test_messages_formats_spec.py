"""Known facts and words in; which forms of the message are needed, and which the words forget to offer, out."""

import polars as pl
import pytest

from wardkeeper.messages.campaigns import Format
from wardkeeper.messages.formats import MAY_NEED, NAMES, OFFERS, weigh_formats
from wardkeeper.messages.wording import Wording

AUDIENCE = pl.DataFrame({"resident_id": ["r1", "r2", "r3"], "language": [None, "Urdu", "BSL"]})
FACTS = pl.DataFrame(
    {
        "resident_id": ["r1", "r1", "r2", "r2", "r3", "elsewhere"],
        "factor": ["sight-loss", "sight-loss", "memory-loss", "learning-disability", "oxygen-at-home", "hearing-loss"],
    }
)
PLAIN = Wording("Get a free test.")


def needs(wording: Wording, facts: pl.DataFrame | None = FACTS, made: tuple[Format, ...] = ()) -> dict:
    return {one.format: (one.people, one.met) for one in weigh_formats(AUDIENCE, facts, wording, made)}


def test_people_are_counted_once_and_only_those_in_the_plan():
    assert needs(PLAIN) == {
        Format.LARGE_PRINT: (1, False),
        Format.EASY_READ: (1, False),
        Format.AUDIO: (1, False),
        Format.BRITISH_SIGN_LANGUAGE: (1, False),
        Format.BRAILLE: (1, False),
    }


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("For large print ring 0161 496 0000.", Format.LARGE_PRINT),
        ("Ask us for an easy-read copy.", Format.EASY_READ),
        ("Ring and we will read it to you.", Format.AUDIO),
        ("Ask for Braille.", Format.BRAILLE),
        ("There is a film in BSL.", Format.BRITISH_SIGN_LANGUAGE),
    ],
)
def test_words_that_offer_a_form_meet_the_need(words, form):
    assert needs(Wording(words))[form][1]
    assert sum(met for _, met in needs(Wording(words)).values()) == 1


def test_a_form_that_is_made_meets_the_need():
    assert needs(PLAIN, made=(Format.EASY_READ,))[Format.EASY_READ] == (1, True)


def test_where_no_record_tells_the_words_must_offer_every_form_but_braille():
    assert needs(PLAIN, facts=None) == {one: (None, one is Format.BRAILLE) for one in Format}


def test_what_is_missing_is_told_with_what_to_write():
    told = [one.words for one in weigh_formats(AUDIENCE, FACTS, PLAIN) if one.words]
    assert told[0] == (
        "People here may need large print. Say how to get it, such as “For large print ring 0161 496 0000”."
    )
    assert len(told) == 5


def test_every_form_has_its_words_and_is_needed_by_somebody():
    assert set(OFFERS) == set(NAMES) == set(Format)
    assert {form for forms in MAY_NEED.values() for form in forms} == set(Format)
