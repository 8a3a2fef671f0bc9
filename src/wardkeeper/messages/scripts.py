"""How languages are written, and one name for each: enough to tell a translation in the wrong column or direction."""

import re
from enum import StrEnum

import polars as pl

ENGLISH = "English"

SIGNED = "BSL"
"""British Sign Language is preferred by some, and has no written form: it is met by a film, not by a translation."""


class Script(StrEnum):
    """A way of writing."""

    LATIN = "Latin"
    ARABIC = "Arabic"
    BENGALI = "Bengali"
    CHINESE = "Chinese"
    CYRILLIC = "Cyrillic"
    DEVANAGARI = "Devanagari"
    ETHIOPIC = "Ethiopic"
    GREEK = "Greek"
    GUJARATI = "Gujarati"
    GURMUKHI = "Gurmukhi"
    HEBREW = "Hebrew"
    TAMIL = "Tamil"


RIGHT_TO_LEFT = frozenset({Script.ARABIC, Script.HEBREW})

LETTERS: dict[Script, str] = {
    Script.LATIN: r"A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    Script.ARABIC: r"\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    Script.BENGALI: r"\u0980-\u09ff",
    Script.CHINESE: r"\u3400-\u4dbf\u4e00-\u9fff",
    Script.CYRILLIC: r"\u0400-\u052f",
    Script.DEVANAGARI: r"\u0900-\u097f",
    Script.ETHIOPIC: r"\u1200-\u139f",
    Script.GREEK: r"\u0370-\u03ff",
    Script.GUJARATI: r"\u0a80-\u0aff",
    Script.GURMUKHI: r"\u0a00-\u0a7f",
    Script.HEBREW: r"\u0590-\u05ff",
    Script.TAMIL: r"\u0b80-\u0bff",
}
"""The letters of each script, as they stand in a regular expression's brackets (the Unicode Standard's blocks)."""

SCRIPTS: dict[str, Script] = {
    **dict.fromkeys(("Arabic", "Urdu", "Persian", "Pashto", "Dari", "Sorani", "Sindhi"), Script.ARABIC),
    **dict.fromkeys(("Bengali", "Sylheti"), Script.BENGALI),
    **dict.fromkeys(("Hindi", "Nepali", "Marathi"), Script.DEVANAGARI),
    **dict.fromkeys(("Ukrainian", "Russian", "Bulgarian"), Script.CYRILLIC),
    **dict.fromkeys(("Tigrinya", "Amharic"), Script.ETHIOPIC),
    **dict.fromkeys(("Hebrew", "Yiddish"), Script.HEBREW),
    "Chinese": Script.CHINESE,
    "Greek": Script.GREEK,
    "Gujarati": Script.GUJARATI,
    "Punjabi": Script.GURMUKHI,
    "Tamil": Script.TAMIL,
    **dict.fromkeys(
        (
            *(ENGLISH, "Welsh", "Irish", "Polish", "Romanian", "Portuguese", "Spanish", "Italian", "French", "German"),
            *("Lithuanian", "Latvian", "Slovak", "Czech", "Hungarian", "Albanian", "Turkish", "Kurmanji", "Somali"),
            *("Swahili", "Yoruba", "Igbo", "Vietnamese", "Tagalog", "Malay", "Dutch", "Swedish", "Croatian", "Oromo"),
        ),
        Script.LATIN,
    ),
}
"""The script of each language that is checked; a language that is not here may be written in any."""

SAME: dict[str, str] = {
    "panjabi": "Punjabi",
    "farsi": "Persian",
    "pushto": "Pashto",
    "pashtu": "Pashto",
    "bangla": "Bengali",
    "mandarin": "Chinese",
    "cantonese": "Chinese",
    "kurdish sorani": "Sorani",
    "kurdish": "Sorani",
    "cymraeg": "Welsh",
    "polski": "Polish",
    "filipino": "Tagalog",
    "british sign language": SIGNED,
    "bsl": SIGNED,
}
"""Other names for a language; spoken Mandarin and Cantonese are written alike enough for one sheet."""

HALF = 0.5
"""Share of a translation's letters that must be in its language's script: names and web addresses stay as they are."""


def standard_language(column: str = "language") -> pl.Expr:
    """Give a recorded language's one name; null where none is recorded."""
    name = pl.col(column).str.strip_chars().str.to_titlecase()
    same = pl.col(column).str.strip_chars().str.to_lowercase().replace_strict(SAME, default=None)
    return pl.when(name != "").then(pl.coalesce(same, name))


def name_language(text: str) -> str:
    """Give the one name of a language, however an officer wrote it."""
    plain = " ".join(text.split())
    return SAME.get(plain.lower(), plain.title())


def is_right_to_left(language: str) -> bool:
    """Tell whether the language is written from right to left."""
    return SCRIPTS.get(language) in RIGHT_TO_LEFT


def share_in_script(text: str, language: str) -> float:
    """Give the share of the letters that are in the language's script: 1 for no letters or a language not known here."""
    script = SCRIPTS.get(language)
    if script is None:
        return 1.0
    mine = len(re.findall(f"[{LETTERS[script]}]", text))
    every = len(re.findall(r"[^\W\d_]|[\u0900-\u0dff]", text))
    return mine / every if every else 1.0


def is_in_script(text: str, language: str) -> bool:
    """Tell whether most letters are in the language's script."""
    return share_in_script(text, language) >= HALF
