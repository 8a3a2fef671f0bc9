"""Folding text to plain capitals, so that two spellings of one thing compare equal. Leaves what is shown untouched."""

import polars as pl

MARKS = {
    "‘": "'",
    "’": "'",
    "`": "'",
    "´": "'",
    "ʼ": "'",
    "–": "-",
    "—": "-",
    "‐": "-",
    "\u00a0": " ",
}
"""Marks that word processors put in, and the plain ones they stand for."""

LETTERS = {
    "Ø": "O",
    "Ł": "L",
    "Đ": "D",
    "Ð": "D",
    "Þ": "TH",
    "ß": "SS",
    "ẞ": "SS",
    "Æ": "AE",
    "Œ": "OE",
    "ı": "I",
    **MARKS,
}
"""Letters that Unicode does not take apart by itself, and marks."""


def capitals(text: pl.Expr) -> pl.Expr:
    """Give text in capitals with plain marks, its letters and accents as they are, runs of space made one."""
    return tidy(text.str.replace_many(MARKS).str.normalize("NFC").str.to_uppercase())


def fold(text: pl.Expr) -> pl.Expr:
    """Give text in capitals without accents, runs of space made one. Other scripts are kept as they are."""
    capital = text.str.replace_many(LETTERS).str.to_uppercase().str.replace_many(LETTERS)
    return tidy(capital.str.normalize("NFD").str.replace_all(r"\p{Mn}", "").str.normalize("NFC"))


def tidy(text: pl.Expr) -> pl.Expr:
    """Give text with runs of space made one and none at its ends; null when nothing is left."""
    spaced = text.str.replace_all(r"[\s\u00a0\u200b\ufeff]+", " ").str.strip_chars()
    return pl.when(spaced != "").then(spaced)
