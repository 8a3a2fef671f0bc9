"""Folding: texts made alike where they differ only in how they were written. Originals are kept by whoever called.

Letters of every script stay; what is folded is case, accents, punctuation and usual abbreviations. All expressions work on
columns of distinct values, so each value is folded once.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import polars as pl

Fold = Callable[[pl.Expr], pl.Expr]

PLAIN_LETTERS = {
    "Ø": "O",
    "Ł": "L",
    "Đ": "D",
    "Æ": "AE",
    "Œ": "OE",
    "ẞ": "SS",
    "ß": "SS",
    "Þ": "TH",
    "Ð": "D",
    "ı": "I",
    "ʼ": "'",
}
"""Letters that Unicode does not take apart into a plain one and an accent, or leaves when it has taken another apart."""

APOSTROPHES = ["´", "ʼ", "ʻ", "ʹ", "ʽ"]
"""Marks that are written for an apostrophe and count as letters or as an accent after a space."""
ACCENTS = "[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]"
"""Accents, and the vowel marks that Hebrew and Arabic are mostly written without."""
STREET_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "RD": "ROAD",
        "ST": "STREET",
        "STR": "STREET",
        "AVE": "AVENUE",
        "AV": "AVENUE",
        "CL": "CLOSE",
        "DR": "DRIVE",
        "LN": "LANE",
        "GR": "GROVE",
        "GRV": "GROVE",
        "CT": "COURT",
        "CRES": "CRESCENT",
        "GDNS": "GARDENS",
        "GDN": "GARDEN",
        "PL": "PLACE",
        "TER": "TERRACE",
        "TERR": "TERRACE",
        "PK": "PARK",
        "SQ": "SQUARE",
        "APT": "FLAT",
        "APARTMENT": "FLAT",
        "UNIT": "FLAT",
    }
)
"""Abbreviations and what they stand for: written in full, a slip in either changes few letters."""
UNIT = r"^(FLAT|ROOM|STUDIO|MAISONETTE) ?[A-Z]?\d*[A-Z]? "
"""How an address of part of a building begins, once folded."""


def fold_letters(text: pl.Expr) -> pl.Expr:
    """Upper case, without accents. The vowel signs of other scripts stay: they are letters there."""
    plain = text.str.replace_many(APOSTROPHES, ["'"] * len(APOSTROPHES)).str.normalize("NFKD")
    upper = plain.str.replace_all(ACCENTS, "").str.to_uppercase()
    return upper.str.replace_many(list(PLAIN_LETTERS), list(PLAIN_LETTERS.values()))


def _known(text: pl.Expr) -> pl.Expr:
    """Blank as null."""
    return text.str.strip_chars().replace("", None)


def fold_name(text: pl.Expr) -> pl.Expr:
    """A name: letters of any script, hyphens as spaces, apostrophes and other marks left out, blank as null."""
    letters = fold_letters(text).str.replace_all(r"[\s\p{Pd}]+", " ").str.replace_all(r"[^\p{L}\p{M} ]", "")
    # A word without letters leaves two spaces behind it.
    return _known(letters.str.replace_all(" {2,}", " "))


def fold_address(text: pl.Expr) -> pl.Expr:
    """An address: no postcode at its end, no punctuation, usual abbreviations, blank as null."""
    folded = (
        fold_letters(text)
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
        .str.replace(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$", "")
        .str.strip_chars()
    )
    # Two spaces between words, so that each has one to itself.
    words = pl.lit(" ") + folded.str.replace_all(" ", "  ", literal=True) + pl.lit(" ")
    full = words.str.replace_many(
        [f" {word} " for word in STREET_WORDS], [f" {word} " for word in STREET_WORDS.values()]
    )
    return _known(full.str.replace_all("  ", " ", literal=True))


def fold_building(address: pl.Expr) -> pl.Expr:
    """A folded address without the part of the building it begins with."""
    return address.str.replace(UNIT, "")


def fold_numbers(address: pl.Expr) -> pl.Expr:
    """The numbers in a folded address."""
    numbers = address.str.extract_all(r"\d+(?:[A-Z]\b)?").list.join(" ")
    return _known(numbers)


def fold_postcode(text: pl.Expr) -> pl.Expr:
    """A postcode: upper case, no spaces, blank as null."""
    plain = text.str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    return _known(plain)


def fold_outward(postcode: pl.Expr) -> pl.Expr:
    """The district part of a folded postcode: all but its last three characters (for codes of four digits, but one)."""
    return (
        pl.when(postcode.str.contains(r"^\d+$"))
        .then(postcode.str.head(-1))
        .when(postcode.str.len_chars() > 4)
        .then(postcode.str.head(-3))
        .otherwise(postcode)
    )


def fold_phone(text: pl.Expr) -> pl.Expr:
    """A telephone number: its digits, without the country's own code; fewer than six say nothing."""
    return text.str.replace_all(r"\D", "").str.extract(r"^(?:(?:0044|44)0?|0)?(\d{6,})$")


def fold_email(text: pl.Expr) -> pl.Expr:
    """An e-mail address: lower case; without an @ it says nothing."""
    return text.str.to_lowercase().str.strip_chars().str.extract(r"^(.*@.*)$")


def fold_number(text: pl.Expr) -> pl.Expr:
    """An identifier: capital letters and digits."""
    plain = text.str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    return _known(plain)


def fold_text(text: pl.Expr) -> pl.Expr:
    """Any other text: upper case, single spaces, blank as null."""
    plain = fold_letters(text).str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    return _known(plain)
