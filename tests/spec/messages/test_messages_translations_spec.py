"""Words in, a sheet to fill out; a filled sheet in, words in every language out, or what to put right and where."""

import polars as pl
import pytest

from wardkeeper.adapters.exports import to_csv
from wardkeeper.kernel.errors import BadInput
from wardkeeper.messages.scripts import ENGLISH
from wardkeeper.messages.translations import read_sheet, to_sheet
from wardkeeper.messages.wording import Wording

WORDS = Wording(
    "Dear ((name)), get a free test at ((place)).", subject="Free tests", values={"place": "Sale Town Hall"}
)
URDU_SUBJECT, URDU = "مفت ٹیسٹ", "محترم ((name))، ((place)) میں مفت ٹیسٹ کروائیں۔"
POLISH_SUBJECT, POLISH = "Bezpłatne testy", "((name)), zrób bezpłatny test w ((place))."


def test_the_sheet_has_a_row_for_each_piece_and_a_column_for_each_language():
    sheet = to_sheet(WORDS, ["urdu", "Polish", "English", "URDU"])
    assert sheet.to_dict(as_series=False) == {
        "Piece": ["subject", "message"],
        "Keep as it is": ["", "((name)), ((place))"],
        "English": ["Free tests", "Dear ((name)), get a free test at ((place))."],
        "Urdu": ["", ""],
        "Polish": ["", ""],
    }


def filled(**columns: tuple[str, str]) -> pl.DataFrame:
    """Fill the sheet's columns."""
    sheet = to_sheet(WORDS, list(columns))
    return sheet.with_columns(pl.Series(name, texts) for name, texts in columns.items())


def test_a_filled_sheet_gives_the_words_in_each_language_with_their_gaps():
    read = read_sheet(filled(Urdu=(URDU_SUBJECT, URDU), Polish=(POLISH_SUBJECT, POLISH)), WORDS)
    assert list(read.wording.translations) == ["Urdu", "Polish"]
    assert read.wording.translations["Urdu"].subject == URDU_SUBJECT
    assert read.wording.translations["Polish"].filled == "name, zrób bezpłatny test w Sale Town Hall."
    assert read.waiting == ()


def test_a_language_not_filled_yet_waits_and_its_people_get_the_english():
    read = read_sheet(filled(Urdu=(URDU_SUBJECT, URDU), Polish=("", " ")), WORDS)
    assert (list(read.wording.translations), read.waiting) == (["Urdu"], ("Polish",))


def test_a_sheet_made_again_keeps_what_is_translated():
    read = read_sheet(filled(Urdu=(URDU_SUBJECT, URDU)), WORDS)
    assert to_sheet(read.wording, ["Urdu", "Welsh"])["Urdu"].to_list() == [URDU_SUBJECT, URDU]


def test_words_that_a_spreadsheet_would_run_come_back_as_they_were():
    words = Wording("-Stay at home.")
    assert "'-Stay at home." in to_csv(to_sheet(words, ["Welsh"])).decode("utf-8-sig")
    sheet = to_sheet(words, ["Welsh"]).with_columns(English=pl.lit("'-Stay at home."), Welsh=pl.lit("'-Aros gartref."))
    assert read_sheet(sheet, words).wording.translations["Welsh"].body == "-Aros gartref."


FAULTS = {
    "half filled": (
        {"Urdu": (URDU_SUBJECT, "")},
        r"row 2, column Urdu, .*A text in Urdu is empty while others are filled",
    ),
    "a gap lost": ({"Urdu": (URDU_SUBJECT, "مفت ٹیسٹ ((name))")}, r"row 2, column Urdu.*lost the gap \(\(place\)\)"),
    "a gap translated": (
        {"Polish": (POLISH_SUBJECT, POLISH.replace("((name))", "((imię))") + " ((name))")},
        r"has a gap \(\(imię\)\) that the English does not",
    ),
    "a gap not closed": (
        {"Polish": (POLISH_SUBJECT, "((name) zrób test")},
        r"row 2, column Polish.*A gap is not closed",
    ),
    "the wrong column": ({"Urdu": (POLISH_SUBJECT, POLISH)}, r"The text in Urdu is not written as that language is\."),
    "right to left in a left-to-right column": (
        {"Polish": (URDU_SUBJECT, URDU)},
        r"row 1, column Polish.*not written as",
    ),
    "not translated": ({"Polish": ("Free tests", POLISH)}, r"row 1, column Polish.*The text in Polish is the English"),
    "two columns of one language": (
        {"Farsi": (URDU_SUBJECT, URDU), "Persian": (URDU_SUBJECT, URDU)},
        r"Two columns are of one language, Persian\. Keep one",
    ),
}


def test_a_piece_twice_is_asked_about_and_never_chosen_from():
    sheet = to_sheet(WORDS, ["Polish"])
    with pytest.raises(BadInput, match="has the row “subject” twice"):
        read_sheet(pl.concat([sheet, sheet]), WORDS)


def test_a_column_without_a_language_is_asked_about():
    sheet = to_sheet(WORDS, ["Polish"]).rename({"Polish": " "})
    with pytest.raises(BadInput, match="A column of the sheet has no language"):
        read_sheet(sheet, WORDS)


@pytest.mark.parametrize(("columns", "message"), FAULTS.values(), ids=FAULTS)
def test_what_must_be_put_right_is_told_with_its_place(columns, message):
    sheet = (
        to_sheet(WORDS, ["Welsh"]).drop("Welsh").with_columns(pl.Series(name, texts) for name, texts in columns.items())
    )
    with pytest.raises(BadInput, match=message):
        read_sheet(sheet, WORDS, file="translations.csv")


def test_a_sheet_of_other_words_is_refused():
    sheet = filled(Urdu=(URDU_SUBJECT, URDU)).with_columns(pl.Series(ENGLISH, ["Free tests", "Stay at home."]))
    with pytest.raises(BadInput, match=r"row 2, column English.*The English of the message has changed since"):
        read_sheet(sheet, WORDS)


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        (pl.DataFrame({"Urdu": [URDU]}), r"The sheet of translations has no column Piece"),
        (to_sheet(WORDS, ["Urdu"]).head(1), r"The sheet of translations has no row “message”"),
    ],
)
def test_a_sheet_that_lost_its_shape_is_refused(sheet, message):
    with pytest.raises(BadInput, match=message):
        read_sheet(sheet, WORDS)


def test_a_sheet_needs_a_language():
    with pytest.raises(BadInput, match=r"No language to translate into is named\. Name at least one"):
        to_sheet(WORDS, ["English"])


@pytest.mark.parametrize(
    "text", ["??? ?????? ((name)) ((place))", "zr?b test ((name)) ((place))", "zr\ufffdb ((name)) ((place))"]
)
def test_letters_that_were_lost_in_saving_are_noticed(text):
    with pytest.raises(
        BadInput, match=r"row 2, column Polish.*Letters of the text in Polish were lost when it was saved"
    ):
        read_sheet(filled(Polish=(POLISH_SUBJECT, text)), WORDS)


def test_a_question_and_an_address_with_a_question_mark_have_lost_nothing():
    words = Wording("Ill? See a.org/x?y=1 now.")
    sheet = to_sheet(words, ["Polish"]).with_columns(Polish=pl.lit("Źle? Zobacz a.org/x?y=1 teraz."))
    assert read_sheet(sheet, words).waiting == ()


def test_a_row_that_is_no_piece_of_the_words_is_refused_unless_it_is_empty():
    sheet = filled(Polish=(POLISH_SUBJECT, POLISH))
    more = sheet[:1].with_columns(Piece=pl.lit(" "), English=pl.lit(None, pl.String), Polish=pl.lit(""))
    assert read_sheet(pl.concat([sheet, more]), WORDS).waiting == ()
    note = more.with_columns(Polish=pl.lit("I mój telefon"))
    with pytest.raises(BadInput, match=r"row 3, column Piece.*has a row that is no piece of these words\. Take it out"):
        read_sheet(pl.concat([sheet, note]), WORDS)
