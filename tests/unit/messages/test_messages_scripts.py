import polars as pl
import pytest

from wardkeeper.messages.scripts import (
    LETTERS,
    SAME,
    SCRIPTS,
    Script,
    is_in_script,
    is_right_to_left,
    name_language,
    standard_language,
)


@pytest.mark.parametrize(
    ("written", "name"),
    [("urdu", "Urdu"), (" PANJABI ", "Punjabi"), ("Farsi", "Persian"), ("tok  pisin", "Tok Pisin"), ("BSL", "BSL")],
)
def test_a_language_has_one_name(written, name):
    assert name_language(written) == name
    assert pl.DataFrame({"language": [written.strip()]}).select(standard_language()).item() in {name, "Tok  Pisin"}


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
        ("Klingon", "любой текст"),
    ],
)
def test_each_language_is_known_by_its_letters(language, text):
    assert is_in_script(text, language)
    wrong = "Wash your hands" if SCRIPTS.get(language) not in {None, Script.LATIN} else "手手手手"
    assert not is_in_script(wrong, language) or language == "Klingon"


def test_direction():
    assert [is_right_to_left(one) for one in ("Urdu", "Yiddish", "Polish", "Klingon")] == [True, True, False, False]


def test_every_script_has_letters_and_a_language_and_every_other_name_is_a_known_language():
    assert set(LETTERS) == set(Script) == set(SCRIPTS.values())
    assert set(SAME.values()) - {"BSL"} <= set(SCRIPTS)
