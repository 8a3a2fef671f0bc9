"""The words of a message, as options of a command."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.translation_files import read_translations
from wardkeeper.kernel.errors import UsageError
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.translations import Translated, read_sheet
from wardkeeper.messages.wording import Wording

TextOption = Annotated[str, typer.Option("--text", help="The words. ((name)) is filled from the records.")]
SubjectOption = Annotated[str, typer.Option("--subject", help="The subject of an email or letter.")]
ValueOption = Annotated[
    list[str] | None, typer.Option("--value", help="What fills a gap for everybody, as “place=Sale Town Hall”.")
]
LanguageOption = Annotated[
    list[str] | None, typer.Option("--language", help="A language to translate into. Give it once for each.")
]
TranslationsOption = Annotated[
    Path | None, typer.Option("--translations", help="A filled sheet of translations (.xlsx or .csv).")
]
SafetyOption = Annotated[bool, typer.Option("--safety", help="A safety message: an officer decides on objections.")]


def make_wording(text: str, subject: str, values: Iterable[str] | None, *, safety: bool = False) -> Wording:
    """Make the words. Raises UsageError for a value that can't be read."""
    kind = MessageKind.SAFETY if safety else MessageKind.ROUTINE
    return Wording(text.replace("\\n", "\n"), subject, kind, dict(_read_value(one) for one in values or ()))


def _read_value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise UsageError(f"The value “{text}” can't be read.", "Write it as --value 'place=Sale Town Hall'.")
    return name.strip(), value.strip()


def with_translations(wording: Wording, file: Path | None) -> Translated:
    """Give the words with the translations of a filled sheet. Raises BadInput that names the cell at fault."""
    return read_sheet(read_translations(file), wording, file=file.name) if file else Translated(wording, ())
