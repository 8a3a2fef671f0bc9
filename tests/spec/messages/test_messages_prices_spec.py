"""Words in; how many texts or sheets they take and what one message costs, out. Prices are Notify's, dated."""

from datetime import date

import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.previews import preview
from wardkeeper.messages.prices import MOST_SHEETS, NOTIFY, Postage, count_sheets, price_of, round_pence
from wardkeeper.messages.wording import Wording

SHORT = Wording("Get a free test.", subject="Tests")
IN_URDU = Wording("مفت ٹیسٹ کروائیں۔", subject="ٹیسٹ")


@pytest.mark.parametrize(
    ("body", "channel", "pence"),
    [
        ("a" * 160, Channel.TEXT, 2.4),
        ("a" * 161, Channel.TEXT, 4.8),
        ("ٹ" * 71, Channel.TEXT, 4.8),
        ("a" * 5_000, Channel.EMAIL, 0),
        ("a" * 1_000, Channel.LETTER, 73),
        ("a" * 4_000, Channel.LETTER, 73),
        ("a" * 5_000, Channel.LETTER, 77),
    ],
)
def test_what_one_message_costs(body, channel, pence):
    assert price_of(Wording(body), channel) == pytest.approx(pence)


@pytest.mark.parametrize(("postage", "pence"), [(Postage.FIRST, 156), (Postage.SECOND, 73), (Postage.ECONOMY, 63.8)])
def test_faster_post_costs_more(postage, pence):
    assert price_of(SHORT, Channel.LETTER, postage=postage) == pence


@pytest.mark.parametrize(("characters", "sheets"), [(0, 1), (1_700, 1), (4_400, 1), (4_401, 2), (9_800, 2), (9_801, 3)])
def test_sheets_are_estimated_from_the_length(characters, sheets):
    assert count_sheets("a" * characters) == sheets


def test_a_letter_that_cannot_be_printed_is_refused():
    with pytest.raises(BadInput, match=r"about 6 sheets; Notify prints 5 at most\. Write a shorter letter"):
        price_of(Wording("a" * 27_000), Channel.LETTER)


def test_an_officer_can_overrule_prices_and_it_is_said():
    own = NOTIFY.overruled(text=3, letter=80)
    assert price_of(SHORT, Channel.TEXT, own) == 3
    assert {price_of(SHORT, Channel.LETTER, own, postage) for postage in Postage} == {80}
    assert own.source.endswith("; some prices were given by hand")
    assert NOTIFY.overruled() == NOTIFY


def test_a_price_below_nothing_is_refused():
    with pytest.raises(BadInput, match=r"A price is below nothing\. Give it in pence, such as 2\.4\."):
        NOTIFY.overruled(letter=-1)


@pytest.mark.parametrize("price", [float("nan"), float("inf"), 1e308])
def test_what_is_no_price_is_refused(price):
    with pytest.raises(BadInput, match=r"That is no price of a message\."):
        NOTIFY.overruled(text=price)


def test_every_postage_has_a_price_for_every_number_of_sheets():
    assert set(NOTIFY.letters) == {(postage, sheets) for postage in Postage for sheets in range(1, MOST_SHEETS + 1)}
    assert NOTIFY.from_day == date(2026, 7, 1)


@pytest.mark.parametrize(("pence", "whole"), [(0, 0), (2.4, 2), (2.5, 3), (72.5, 73)])
def test_totals_are_in_whole_pence(pence, whole):
    assert round_pence(pence) == whole


def test_a_preview_for_each_channel_and_language():
    wording = Wording(SHORT.body, SHORT.subject, translations={"Urdu": IN_URDU})
    shown = {(one.channel.value, one.language): one for one in preview(wording)}
    assert set(shown) == {(way, language) for way in ("text", "email", "letter") for language in ("English", "Urdu")}
    text = shown["text", "English"]
    assert (text.characters, text.parts, text.pence, text.subject, text.grade) == (
        16,
        1,
        2.4,
        "",
        -2.2,
    )
    urdu = shown["letter", "Urdu"]
    assert (urdu.subject, urdu.parts, urdu.grade, urdu.right_to_left) == ("ٹیسٹ", 1, None, True)


def test_words_that_are_too_long_for_a_way_have_no_price_there():
    shown = {one.channel.value: one for one in preview(Wording("a" * 919, "Tests"))}
    assert {way: one.pence for way, one in shown.items()} == {"text": None, "email": 0, "letter": 73}
    assert {one.channel.value: one.pence for one in preview(Wording("a" * 27_000, "Tests"))}["letter"] is None
