"""A template says what was approved, or takes the words whole; anything else is refused."""

import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.templates import Template, check_template, choose_template, fill, personalise
from wardkeeper.messages.wording import Wording

WORDS = Wording("Dear ((name)),\nTests are at ((Place)).", "Tests at ((place))", values={"place": "Sale library"})
ANN = {"name": "Ann Example", "address": ["1 Example Road", "Sale"], "postcode": "M33 2AA"}


def template(channel=Channel.TEXT, *, whole=False):
    return Template("id", channel, "English", 1, whole)


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        (WORDS.body, ""),
        ("Dear (( NAME )),\r\nTests are at ((place)).  \n", "anything: a text has no subject"),
    ],
)
def test_the_approved_words_are_known_again_however_they_were_typed(body, subject):
    assert check_template(template(), WORDS, body=body, subject=subject) == template()


@pytest.mark.parametrize("channel", Channel)
def test_a_template_that_is_only_the_message_takes_the_words_whole(channel):
    made = check_template(template(channel), WORDS, body=" ((Message))\n", subject="((subject))")
    assert made.whole
    given = personalise(made, WORDS, ANN)
    assert given["message"] == "Dear Ann Example,\nTests are at Sale library."
    assert given["subject"] == "Tests at Sale library"


@pytest.mark.parametrize(
    ("channel", "body", "subject"),
    [
        (Channel.TEXT, "Dear ((name)), tests are at ((place)). Bring money.", ""),
        (Channel.TEXT, "", ""),
        (Channel.EMAIL, WORDS.body, "Win a prize"),
        (Channel.EMAIL, "((message))", "Win a prize"),
        (Channel.TEXT, "Hello ((message))", ""),
    ],
)
def test_other_words_are_refused(channel, body, subject):
    with pytest.raises(BadInput, match="does not say what was approved"):
        check_template(template(channel), WORDS, body=body, subject=subject)


def test_a_template_with_gaps_gets_what_fills_them():
    assert personalise(template(), WORDS, ANN) == {"name": "Ann Example", "place": "Sale library"}
    assert personalise(template(), Wording("No gaps."), ANN) == {}


def test_a_letter_gets_its_address_in_notifys_lines():
    given = personalise(template(Channel.LETTER), Wording("Free tests."), ANN)
    assert given == {
        "address_line_1": "Ann Example",
        "address_line_2": "1 Example Road",
        "address_line_3": "Sale",
        "address_line_4": "M33 2AA",
    }


def test_words_on_a_condition_are_shown():
    assert fill("Call us. ((over 65??Ask for help.))", {}) == "Call us. Ask for help."


@pytest.mark.parametrize(
    ("channel", "language", "found"),
    [
        (Channel.TEXT, "English", "t"),
        (Channel.TEXT, "Polish", "tp"),
        (Channel.TEXT, "Urdu", "t"),
        (Channel.EMAIL, "Polish", "e"),
        (Channel.LETTER, "English", ""),
    ],
)
def test_a_template_is_chosen_by_channel_and_language(channel, language, found):
    names = {"text": "t", "text polish": "tp", "email": "e"}
    assert choose_template(names, channel, language) == found


def test_a_name_that_is_no_channel_is_refused():
    with pytest.raises(BadInput, match="pigeon"):
        choose_template({"pigeon": "p"}, Channel.TEXT, "English")
