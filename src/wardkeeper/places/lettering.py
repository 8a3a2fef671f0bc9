"""Folding text to plain capitals, so that two spellings of one thing compare equal. Leaves what is shown untouched."""

import polars as pl

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
"""Letters that Unicode does not take apart by itself, and the marks that word processors put in."""


def fold(text: pl.Expr) -> pl.Expr:
    """Give text in capitals without accents, runs of space made one. Other scripts are kept as they are."""
    capital = text.str.replace_many(LETTERS).str.to_uppercase().str.replace_many(LETTERS)
    return tidy(capital.str.normalize("NFD").str.replace_all(r"\p{Mn}", "").str.normalize("NFC"))


def tidy(text: pl.Expr) -> pl.Expr:
    """Give text with runs of space made one and none at its ends; null when nothing is left."""
    spaced = text.str.replace_all(r"[\s\u00a0\u200b\ufeff]+", " ").str.strip_chars()
    return pl.when(spaced != "").then(spaced)
