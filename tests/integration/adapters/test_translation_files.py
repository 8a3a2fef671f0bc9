"""Sheets of translations as files: what is written comes back as it was, by workbook or CSV."""

import pytest

from wardkeeper.adapters.translation_files import read_translations, write_translations
from wardkeeper.kernel.errors import BadInput, NotFound, UsageError
from wardkeeper.messages.translations import read_sheet, to_sheet
from wardkeeper.messages.wording import Wording

WORDS = Wording("-Dear ((name)),\nget a free test.", "Free tests")
URDU = Wording("محترم ((name))\nمفت ٹیسٹ کروائیں۔", "مفت ٹیسٹ")
DONE = Wording(WORDS.body, WORDS.subject, translations={"Urdu": URDU})


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_is_written_comes_back(tmp_path, ending):
    path = tmp_path / f"sheet.{ending}"
    write_translations(to_sheet(DONE, ["Urdu", "Polish"]), path)
    read = read_sheet(read_translations(path), WORDS)
    assert {language: one.body for language, one in read.wording.translations.items()} == {"Urdu": URDU.body}
    assert read.waiting == ("Polish",)


def test_no_translation_is_written_over(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text("kept")
    with pytest.raises(UsageError, match=r"There is a file sheet\.csv already"):
        write_translations(to_sheet(DONE, ["Urdu"]), path)
    assert path.read_text() == "kept"


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"can't be written as “\.docx”"):
        write_translations(to_sheet(DONE, ["Urdu"]), tmp_path / "sheet.docx")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("sheet.docx", b"x", r"sheet\.docx.*neither a workbook nor CSV"),
        ("sheet.csv", b"\xff\xfe\x00", r"sheet\.csv.*can't be read as CSV in UTF-8"),
        ("sheet.xlsx", b"not a workbook", r"."),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=message):
        read_translations(tmp_path / name)


def test_a_sheet_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NotFound, match=r"There is no such file"):
        read_translations(tmp_path / "sheet.csv")
