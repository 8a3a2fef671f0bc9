"""Words in; what stops them, and what an officer is advised of, out."""

import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.wording import (
    ADVICE,
    Fault,
    PlaceNames,
    Wording,
    advise,
    check_wording,
    count_syllables,
    count_texts,
    reading_grade,
)


@pytest.mark.parametrize(
    ("body", "gaps"),
    [
        ("No gaps (really).", ()),
        ("Dear ((name)),", ("name",)),
        ("((Name)), ((  name )) and ((test site))", ("name", "test site")),
        ("((over 65??Call us first.)) Stay in.", ("over 65",)),
    ],
)
def test_gaps_are_written_as_in_notify(body, gaps):
    assert Wording(body).gaps == gaps


def test_shared_values_fill_their_gaps_and_conditional_words_are_shown():
    words = Wording("((name)): go to ((Site)). ((old??Call us.))", values={"site": "Sale Town Hall", "old": "no"})
    assert words.filled == "name: go to Sale Town Hall. Call us."
    assert words.gaps == ("name", "site", "old")


STOPS = {
    "no words": (Wording("  "), Channel.TEXT, r"The message has no words\. Write the message\."),
    "open gap": (Wording("Dear ((name), hello"), Channel.TEXT, r"A gap is not closed\. Write gaps as \(\(name\)\)\."),
    "unfilled gap": (
        Wording("Go to ((test site))."),
        Channel.LETTER,
        r"Nothing fills the gap \(\(test site\)\)\. Give its value or remove it",
    ),
    "gap in the subject": (Wording("Hello", subject="((area))"), Channel.EMAIL, r"Nothing fills the gap \(\(area\)\)"),
    "a gap in what fills one": (
        Wording("Go to ((place)).", values={"place": "((name))"}),
        Channel.LETTER,
        r"What fills a gap holds a gap itself\. Write it without double brackets\.",
    ),
    "a letter that turns what follows": (
        Wording("Go to \u202eelaS."),
        Channel.LETTER,
        r"The words hold a letter that does not show \(U\+202E\)\. Type them anew",
    ),
    "a control character": (Wording("Go\x00 home."), Channel.TEXT, r"does not show \(U\+0000\)"),
    "too long a text": (
        Wording("a" * 919),
        Channel.TEXT,
        r"The text has 919 characters\. Use 918 or fewer, or send a letter\.",
    ),
}


STOPS |= {
    "another language in place of the English": (
        Wording("اغسل يديك ((name))"),
        Channel.LETTER,
        r"The words are not in English letters\. Write the English; give others as translations\.",
    ),
    "too long a text for a whole name": (
        Wording("Dear ((name)), " + "a" * 860),
        Channel.TEXT,
        r"The text has 927 characters\. Use 918 or fewer",
    ),
    "a translation that is too long a text": (
        Wording("Stay in.", translations={"Urdu": Wording("گھر " * 300), "Polish": Wording("Zostań w domu.")}),
        Channel.TEXT,
        r"The text has 1,200 characters in Urdu\. Use 918 or fewer",
    ),
}


@pytest.mark.parametrize("fault", STOPS)
def test_words_that_cannot_be_sent_are_refused(fault):
    wording, channel, message = STOPS[fault]
    with pytest.raises(BadInput, match=message):
        check_wording(wording, channel)


def test_a_long_letter_may_be_sent():
    check_wording(Wording("Dear ((name)), " + "a" * 919), Channel.LETTER)


PLAIN = "You can get a free test. Go to Sale Town Hall. It opens at 9."


@pytest.mark.parametrize(
    ("body", "fault", "found"),
    [
        ("People on Chapel Road can get a test.", Fault.NAMES_STREET, "Chapel Road"),
        ("The Polish club can get a test.", Fault.NAMES_COMMUNITY, "Polish"),
        ("Cases are high in one community.", Fault.NAMES_COMMUNITY, "community"),
        ("We ask people who go to the mosque to test.", Fault.NAMES_COMMUNITY, "mosque"),
        ("go " * 26 + ".", Fault.LONG_SENTENCE, "26 words"),
        (
            "Epidemiological investigation necessitates immediate precautionary isolation.",
            Fault.HARD_TO_READ,
            "school grade",
        ),
        ("Stay in. " * 20, Fault.SEVERAL_TEXTS, "gets 2 texts"),
    ],
)
def test_doubts_are_pointed_out(body, fault, found):
    advice = {one.fault: one.words for one in advise(Wording(body), [Channel.TEXT])}
    assert found in advice[fault]


def test_plain_words_get_no_advice():
    assert advise(Wording(PLAIN), [Channel.TEXT]) == ()


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.LETTER])
def test_emails_and_letters_need_a_subject(channel):
    assert [one.fault for one in advise(Wording(PLAIN), [channel])] == [Fault.NO_SUBJECT]
    assert advise(Wording(PLAIN, subject="Free tests"), [channel]) == ()


def test_streets_of_the_area_are_found_in_the_subject_too_whatever_their_capitals():
    advice = advise(Wording(PLAIN, subject="LARK RISE"), [Channel.LETTER], PlaceNames(frozenset({"Lark Rise"})))
    assert [one.fault for one in advice] == [Fault.NAMES_STREET]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("a" * 160, 1),
        # Marks that Notify puts plainly, and an emoji, which takes two places.
        ("Don’t wait — “stay in”." + "a" * 137, 1),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ŵ" * 70, 1),
        ("ŵ" * 71, 2),
        ("£" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
    ],
)
def test_texts_are_counted_as_they_are_charged(text, texts):
    assert count_texts(text) == texts


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("test", 1), ("take", 1), ("water", 2), ("table", 2), ("isolation", 4), ("the", 1), ("my", 1)],
)
def test_syllables(word, syllables):
    assert count_syllables(word) == syllables


def test_the_reading_grade_is_flesch_kincaids():
    # 6 words, 1 sentence, 6 syllables.
    assert reading_grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert reading_grade("") == 0.0


def test_every_fault_has_its_words():
    assert set(ADVICE) == set(Fault)


def test_what_a_translation_may_single_out_is_acknowledged_with_its_language():
    words = Wording(PLAIN, translations={"Polish": Wording("Polacy powinni zrobić test. Elm Road.")})
    advice = {one.fault: one for one in advise(words, [Channel.TEXT])}
    assert advice[Fault.NAMES_COMMUNITY].found == ("Polacy (Polish)",)
    assert advice[Fault.NAMES_COMMUNITY].must_acknowledge
    assert advice[Fault.NAMES_COMMUNITY].words.startswith("In Polish: The words may single out a community (Polacy).")
    assert advice[Fault.NAMES_STREET].found == ("Elm Road (Polish)",)


def test_it_is_told_that_translations_are_not_checked_by_words():
    words = Wording(PLAIN, translations={"Polish": Wording("Zrób test."), "Urdu": Wording("ٹیسٹ کروائیں۔")})
    (one,) = advise(words, [Channel.TEXT])
    assert one.words == (
        "Translations are searched for names of places and peoples, and not checked by words (Polish, Urdu)."
        " Have a speaker of each language read it."
    )
    assert not one.must_acknowledge


def test_several_texts_are_told_for_each_language_that_takes_them():
    words = Wording(PLAIN, translations={"Urdu": Wording("ا" * 71), "Polish": Wording("Zrob test.")})
    advice = {one.fault: one.words for one in advise(words, [Channel.TEXT])}
    assert "gets 2 (Urdu) texts" in advice[Fault.SEVERAL_TEXTS]


def test_doubts_are_of_every_way_that_messages_go():
    """A letter that falls back on a text, and a text that falls back on an email, are read as what they become."""
    long = Wording("go there. " * 30)
    assert Fault.SEVERAL_TEXTS not in {one.fault for one in advise(long, [Channel.LETTER])}
    assert {one.fault for one in advise(long, [Channel.LETTER, Channel.TEXT])} == {
        Fault.SEVERAL_TEXTS,
        Fault.NO_SUBJECT,
    }
    assert Fault.NO_SUBJECT in {one.fault for one in advise(Wording(PLAIN), [Channel.TEXT, Channel.EMAIL])}
    assert Fault.TOO_LONG_A_TEXT in {one.fault for one in advise(Wording("go. " * 300, "Tests"), [Channel.LETTER])}
