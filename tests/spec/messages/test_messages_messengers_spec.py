"""Who should speak where and in which language: suggestions with reasons, and an officer's choice."""

import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.messages.campaigns import Messenger, Speaker
from wardkeeper.messages.messengers import REASONS, choose_speaker, read_speakers, suggest

SALE, URMSTON = "E02001259", "E02001260"


def test_the_council_speaks_english_and_somebody_trusted_each_other_language():
    told = [(one.area, one.language, one.messenger) for one in suggest([SALE], ["Urdu"])]
    assert told == [(SALE, "English", Messenger.COUNCIL), (SALE, "Urdu", Messenger.COMMUNITY_LEADER)]
    assert all(one.reason == REASONS[one.messenger] for one in suggest([SALE, URMSTON], ["Urdu", "Polish"]))


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("gp", Speaker(Messenger.GP)),
        ("urdu=faith-leader", Speaker(Messenger.FAITH_LEADER, language="Urdu")),
        (f"{SALE}=school", Speaker(Messenger.SCHOOL, area=SALE)),
        (f"{SALE}/Farsi=gp", Speaker(Messenger.GP, SALE, "Persian")),
    ],
)
def test_an_officer_chooses_for_all_for_a_language_or_for_an_area(text, speaker):
    assert read_speakers([text], [SALE]) == (speaker,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mayor", r"There is no messenger “mayor”\. Choose one of council, gp"),
        ("E02009999=gp", r"“E02009999” is neither an area of this plan nor a language known here"),
        ("E02009999/Urdu=gp", r"The area E02009999 is not in this plan"),
    ],
)
def test_a_choice_that_cannot_be_read_is_told(text, message):
    with pytest.raises(BadInput, match=message):
        read_speakers([text], [SALE])


def test_the_closest_choice_counts():
    chosen = read_speakers(["gp", "Urdu=faith-leader", f"{SALE}=school", f"{SALE}/Urdu=community-leader"], [SALE])
    assert choose_speaker(chosen, SALE, "Urdu") is Messenger.COMMUNITY_LEADER
    assert choose_speaker(chosen, URMSTON, "Urdu") is Messenger.FAITH_LEADER
    assert choose_speaker(chosen, SALE, "English") is Messenger.SCHOOL
    assert choose_speaker(chosen, URMSTON, "English") is Messenger.GP
    assert choose_speaker((), SALE, "English") is Messenger.COUNCIL


def test_every_messenger_has_a_reason():
    assert set(REASONS) == set(Messenger)
