import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.messages.scripts import (
    LANGUAGES,
    LETTERS,
    SAME,
    SCRIPTS,
    Script,
    is_in_script,
    is_right_to_left,
    name_language,
    read_language,
    standard_language,
)


@pytest.mark.parametrize(
    ("written", "name"),
    [("urdu", "Urdu"), (" PANJABI ", "Punjabi"), ("Farsi", "Persian"), ("tok  pisin", "Tok Pisin"), ("BSL", "BSL")],
)
def test_a_language_has_one_name(written, name):
    assert name_language(written) == name
    assert pl.DataFrame({"language": [written.strip()]}).select(standard_language()).item() == name


def test_no_language_is_none():
    frame = pl.DataFrame({"language": [None, "", "  "]}, schema={"language": pl.String})
    assert frame.select(standard_language())["language"].to_list() == [None, None, None]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("Urdu", "سیل ٹاؤن ہال، NHS 111"),
        ("Arabic", "اغسل يديك"),
        ("Bengali", "হাত ধুয়ে নিন"),
        ("Punjabi", "ਆਪਣੇ ਹੱਥ ਧੋਵੋ"),
        ("Gujarati", "તમારા હાથ ધોવા"),
        ("Hindi", "अपने हाथ धोएं"),
        ("Tamil", "கைகளை கழுவவும்"),
        ("Chinese", "请洗手"),
        ("Ukrainian", "Мийте руки"),
        ("Greek", "Πλύνετε τα χέρια"),
        ("Yiddish", "וואשט די הענט"),
        ("Tigrinya", "ኢድካ ተሓጸብ"),
        ("Polish", "Myj ręce często, źdźbło"),
        ("Vietnamese", "Rửa tay thường xuyên"),
        ("Tok Pisin", "любой текст"),
    ],
)
def test_each_language_is_known_by_its_letters(language, text):
    assert is_in_script(text, language)
    wrong = "Wash your hands" if SCRIPTS.get(language) not in {None, Script.LATIN} else "手手手手"
    assert not is_in_script(wrong, language) or language == "Tok Pisin"


def test_direction():
    assert [is_right_to_left(one) for one in ("Urdu", "Yiddish", "Polish", "Tok Pisin")] == [True, True, False, False]


def test_every_script_has_letters_and_a_language_and_every_other_name_is_a_known_language():
    assert set(LETTERS) == set(Script) == set(SCRIPTS.values())
    assert set(SAME.values()) - {"BSL"} <= LANGUAGES


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_language_that_words_are_written_in_is_read_by_its_name(language):
    assert read_language(f" {language.upper()} ") == language


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("Klingon", r"There is no language “Klingon” here\. Write its English name, such as Urdu\."),
        ("Urdo", r"There is no language “Urdo” here\. Did you mean Urdu\? Write its"),
        ("Punjaby", r"Did you mean Punjabi\?"),
        ("Polish (Poland)", r"Did you mean Polish"),
        ("", "There is no language “” here"),
        ("BSL", r"British Sign Language has no written form\. Offer a film"),
    ],
)
def test_what_is_no_language_here_is_refused_with_those_most_like_it(written, message):
    with pytest.raises(BadInput, match=message):
        read_language(written)
