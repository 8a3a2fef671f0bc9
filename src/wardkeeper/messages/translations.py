"""Translations as a sheet to fill: a row for each piece of text, a column for each language; and the sheet read back.

A sheet travels to translators and back, so it is read with suspicion: gaps must still be there, no text may be missing
half-way, and words must be in their language's script. A column that nobody has filled yet is no fault.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.messages.scripts import ENGLISH, is_in_script, name_language, read_language
from wardkeeper.messages.wording import GAP, Wording, check_gaps, check_letters

PIECE, NOTE = "Piece", "Keep as it is"
SUBJECT, BODY = "subject", "message"

RISKY_STARTS = "=+-@\t\r\n"
"""A cell that starts so would be written with an apostrophe before it, which comes back with the sheet."""


LOST = re.compile(r"\?{3}|\w\?\w|\ufffd")
"""What stands in place of letters that a file could not hold when it was saved."""


@dataclass(frozen=True, slots=True)
class Translated:
    """What a sheet came to: the words with the translations that are ready, and the languages not filled yet."""

    wording: Wording
    waiting: tuple[str, ...]


def to_sheet(wording: Wording, languages: Sequence[str]) -> pl.DataFrame:
    """Give the sheet to fill: Piece, what to keep, English, and an empty column for each language (filled where it is).

    Raises BadInput when no language is named, or one that is not known here.
    """
    named = [language for language in dict.fromkeys(map(read_language, languages)) if language != ENGLISH]
    if not named:
        raise BadInput("No language to translate into is named.", "Name at least one.", Where(rule="language"))
    pieces = _pieces(wording)
    done = {language: _pieces(words) for language, words in wording.translations.items()}
    columns: dict[str, list[str]] = {
        PIECE: list(pieces),
        NOTE: [", ".join(gap[0] for gap in GAP.finditer(text)) for text in pieces.values()],
        ENGLISH: list(pieces.values()),
    }
    for language in named:
        columns[language] = [done.get(language, {}).get(piece, "") for piece in pieces]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _pieces(wording: Wording) -> dict[str, str]:
    pieces = {SUBJECT: wording.subject, BODY: wording.body}
    return {name: text for name, text in pieces.items() if text.strip()}


def read_sheet(sheet: pl.DataFrame, wording: Wording, *, file: str = "") -> Translated:
    """Give the words with their translations. Raises BadInput naming the row and column of what must be put right."""
    pieces = _pieces(wording)
    rows = _rows(sheet, pieces, file)
    languages = [name for name in sheet.columns if name not in {PIECE, NOTE, ENGLISH}]
    _check_named(languages, file)
    filled: dict[str, Wording] = {}
    waiting: list[str] = []
    for column in languages:
        texts = {piece: _clean(cells.get(column)) for piece, cells in rows.items()}
        if not any(texts.values()):
            waiting.append(name_language(column))
            continue
        for row, (piece, english) in enumerate(pieces.items(), 1):
            _check_text(texts[piece], english, _Cell(column, row, file))
        filled[name_language(column)] = replace(
            wording, subject=texts.get(SUBJECT, ""), body=texts[BODY], translations=MappingProxyType({})
        )
    return Translated(replace(wording, translations=MappingProxyType(filled)), tuple(waiting))


@dataclass(frozen=True, slots=True)
class _Cell:
    """A place in the sheet; rows count from 1 below the heading."""

    column: str
    row: int
    file: str

    def where(self, rule: str) -> Where:
        return Where(file=self.file, row=self.row, column=self.column, rule=rule)


def _rows(sheet: pl.DataFrame, pieces: Mapping[str, str], file: str) -> dict[str, dict[str, str | None]]:
    """Give each piece's cells. Raises BadInput when the sheet is not of these words."""
    missing = [name for name in (PIECE, ENGLISH) if name not in sheet.columns]
    if missing:
        raise BadInput(
            f"The sheet of translations has no column {missing[0]}.",
            "Export it again and fill only the languages' columns.",
            Where(file=file, column=missing[0], rule="columns"),
        )
    names = [str(name or "").strip().lower() for name in sheet[PIECE].to_list()]
    twice = next((row for row, name in enumerate(names, 1) if name in pieces and name in names[: row - 1]), None)
    if twice:
        message = f"The sheet of translations has the row “{names[twice - 1]}” twice."
        raise BadInput(message, "Keep the one that is right.", Where(file=file, row=twice, column=PIECE, rule="pieces"))
    _check_no_more(sheet, names, pieces, file)
    rows = dict(zip(names, sheet.iter_rows(named=True), strict=True))
    absent = [piece for piece in pieces if piece not in rows]
    if absent:
        message = f"The sheet of translations has no row “{absent[0]}”."
        raise BadInput(message, "Export it again and fill that.", Where(file=file, column=PIECE, rule="pieces"))
    for row, (piece, english) in enumerate(pieces.items(), 1):
        if _same_words(_clean(rows[piece][ENGLISH])) != _same_words(english):
            raise BadInput(
                f"The English of the {piece} has changed since the sheet was made.",
                "Export the sheet again and have it translated anew.",
                _Cell(ENGLISH, row, file).where("same English"),
            )
    return {piece: rows[piece] for piece in pieces}


def _check_no_more(sheet: pl.DataFrame, names: Sequence[str], pieces: Mapping[str, str], file: str) -> None:
    """Refuse a row with words that are no piece of these: left out in silence, nobody would read them."""
    for row, (name, cells) in enumerate(zip(names, sheet.drop(NOTE, strict=False).iter_rows(), strict=True), 1):
        if name not in pieces and any((cell or "").strip() for cell in cells):
            message = "The sheet of translations has a row that is no piece of these words."
            raise BadInput(
                message,
                "Take it out, or put its words into the row they belong to.",
                Where(file=file, row=row, column=PIECE, rule="pieces"),
            )


def _check_named(columns: Sequence[str], file: str) -> None:
    named = [name_language(column) for column in columns]
    if "" in named:
        message = "A column of the sheet has no language."
        raise BadInput(message, "Write the language above it.", Where(file=file, column="", rule="languages"))
    for column in columns:
        read_language(column, Where(file=file, column=column, rule="language"))
    twice = [column for column, name in zip(columns, named, strict=True) if named.count(name) > 1]
    if twice:
        message = f"Two columns are of one language, {name_language(twice[0])}."
        raise BadInput(message, "Keep one of them.", Where(file=file, column=twice[-1], rule="languages"))


def _clean(text: str | None) -> str:
    plain = (text or "").replace("\r\n", "\n").strip()
    return plain[1:] if plain.startswith("'") and plain[1:2] in set(RISKY_STARTS) else plain


def _same_words(text: str) -> list[str]:
    return text.split()


def _check_text(text: str, english: str, cell: _Cell) -> None:
    if not text:
        raise BadInput(
            f"A text in {cell.column} is empty while others are filled.",
            "Fill it, or empty the whole column until it is ready.",
            cell.where("not empty"),
        )
    check_gaps(text, cell.where("gaps"))
    check_letters(text, cell.where("letters"))
    lost, added = _gap_names(english) - _gap_names(text), _gap_names(text) - _gap_names(english)
    if lost or added:
        what = f"lost the gap (({min(lost)}))" if lost else f"has a gap (({min(added)})) that the English does not"
        message = f"The translation into {cell.column} {what}."
        raise BadInput(message, "Keep what stands in double brackets exactly as it is.", cell.where("gaps"))
    kept = set(english.split())
    if any(LOST.search(word) for word in text.split() if word not in kept):
        raise BadInput(
            f"Letters of the text in {cell.column} were lost when it was saved.",
            "Save the sheet as .xlsx, or as CSV in UTF-8, from where it still reads well.",
            cell.where("letters"),
        )
    if text == english:
        raise BadInput(
            f"The text in {cell.column} is the English.", "Put its translation there.", cell.where("translated")
        )
    if not is_in_script(GAP.sub("", text), name_language(cell.column)):
        raise BadInput(
            f"The text in {cell.column} is not written as that language is.",
            "See whether it stands in the right column.",
            cell.where("script"),
        )


def _gap_names(text: str) -> set[str]:
    return {str(gap[1]).strip().lower() for gap in GAP.finditer(text)}
