"""`wardkeeper message translations`."""

from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.translation_files import write_translations
from wardkeeper.cli.message_words import (
    LanguageOption,
    SubjectOption,
    TextOption,
    TranslationsOption,
    ValueOption,
    make_wording,
    with_translations,
)
from wardkeeper.cli.running import JsonOption, answer_json, words
from wardkeeper.messages.translations import to_sheet


def translations(
    text: TextOption,
    to: Annotated[Path, typer.Option("--to", help="The sheet to write: .xlsx or .csv.")],
    subject: SubjectOption = "",
    values: ValueOption = None,
    languages: LanguageOption = None,
    filled: TranslationsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a sheet for translators to fill: a row for each piece of text, a column for each language.

    With a sheet that is filled in part, what is translated already is kept. No authority's folder is needed.
    """
    read = with_translations(make_wording(text, subject, values), filled)
    named = [*(languages or ()), *read.wording.translations, *read.waiting]
    sheet = to_sheet(read.wording, named)
    write_translations(sheet, to)
    if as_json:
        answer_json({"file": str(to), "pieces": sheet.height, "languages": sheet.columns[3:]})
        return
    words.print(f"{sheet.height} pieces of text to translate into {', '.join(sheet.columns[3:])}: {to}.", markup=False)
    words.print("Keep what stands in double brackets as it is. Read it back with message plan --translations.")
