import polars as pl
import pytest

from wardkeeper.messages.safe_contact import EVERY_WAY, WAY_WORDS, Way, add_forbidden, forbidden

TEXT, EMAIL, LETTER, KNOCK = Way.TEXT, Way.EMAIL, Way.LETTER, Way.KNOCK


@pytest.mark.parametrize(
    ("note", "ways"),
    [
        ("Do not text", {TEXT}),
        ("DO NOT TEXT.", {TEXT}),
        ("Don't ring", {TEXT}),
        ("No letters", {LETTER}),
        ("Please do not send any emails", {EMAIL}),
        ("Do not text or email", {TEXT, EMAIL}),
        ("No texts, emails or letters", {TEXT, EMAIL, LETTER}),
        ("Do not leave voicemail", set()),
        ("Do not visit", {KNOCK}),
        ("Letter only", {TEXT, EMAIL, KNOCK}),
        ("Contact by text only", {EMAIL, LETTER, KNOCK}),
        ("Only by email", {TEXT, LETTER, KNOCK}),
        ("Text or email only", {LETTER, KNOCK}),
        ("In person only", {TEXT, EMAIL, LETTER}),
        ("No contact", EVERY_WAY),
        ("No restrictions", set()),
        ("", set()),
        ("Do not text; No letters", {TEXT, LETTER}),
    ],
)
def test_a_note_says_what_it_forbids(note, ways):
    assert forbidden(note) == ways


@pytest.mark.parametrize(
    "note",
    [
        "Letter only to her sister's",
        "Do not text after 6pm",
        "Ask for Sam",
        "See file",
        "Do not text; see file",
        "No, ring first",
        "Text only 07700 900999",
        "只能写信",
    ],
)
def test_a_note_that_is_not_understood_forbids_every_way(note):
    assert forbidden(note) == EVERY_WAY


def test_where_a_safe_number_is_given_only_it_may_be_used():
    people = pl.DataFrame({"safe_contact": [None, None, "Do not text"], "safe_phone": ["+447700900123", None, None]})
    assert add_forbidden(people).select("no_text", "no_email", "no_letter", "no_knock").rows() == [
        (False, True, True, True),
        (False, False, False, False),
        (True, False, False, False),
    ]


def test_every_way_has_words():
    assert frozenset().union(*WAY_WORDS.values()) == EVERY_WAY
