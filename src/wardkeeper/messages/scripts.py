"""How languages are written, and one name for each: enough to tell a translation in the wrong column or direction."""

import re
from difflib import get_close_matches
from enum import StrEnum

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where

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
    JAPANESE = "Japanese"
    KOREAN = "Korean"
    MALAYALAM = "Malayalam"
    SINHALA = "Sinhala"
    TAMIL = "Tamil"
    TELUGU = "Telugu"
    THAI = "Thai"


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
    Script.JAPANESE: r"\u3040-\u30ff\u4e00-\u9fff",
    Script.KOREAN: r"\u1100-\u11ff\uac00-\ud7af",
    Script.MALAYALAM: r"\u0d00-\u0d7f",
    Script.SINHALA: r"\u0d80-\u0dff",
    Script.TAMIL: r"\u0b80-\u0bff",
    Script.TELUGU: r"\u0c00-\u0c7f",
    Script.THAI: r"\u0e00-\u0e7f",
}
"""The letters of each script, as they stand in a regular expression's brackets (the Unicode Standard's blocks)."""

SCRIPTS: dict[str, Script] = {
    **dict.fromkeys(("Arabic", "Urdu", "Persian", "Pashto", "Dari", "Sorani", "Sindhi", "Pahari"), Script.ARABIC),
    **dict.fromkeys(("Bengali", "Sylheti"), Script.BENGALI),
    **dict.fromkeys(("Hindi", "Nepali", "Marathi"), Script.DEVANAGARI),
    **dict.fromkeys(("Ukrainian", "Russian", "Bulgarian", "Belarusian", "Macedonian"), Script.CYRILLIC),
    **dict.fromkeys(("Tigrinya", "Amharic"), Script.ETHIOPIC),
    **dict.fromkeys(("Hebrew", "Yiddish"), Script.HEBREW),
    "Chinese": Script.CHINESE,
    "Greek": Script.GREEK,
    "Gujarati": Script.GUJARATI,
    "Japanese": Script.JAPANESE,
    "Korean": Script.KOREAN,
    "Malayalam": Script.MALAYALAM,
    "Punjabi": Script.GURMUKHI,
    "Sinhala": Script.SINHALA,
    "Tamil": Script.TAMIL,
    "Telugu": Script.TELUGU,
    "Thai": Script.THAI,
    **dict.fromkeys(
        (
            *(ENGLISH, "Welsh", "Irish", "Polish", "Romanian", "Portuguese", "Spanish", "Italian", "French", "German"),
            *("Lithuanian", "Latvian", "Slovak", "Czech", "Hungarian", "Albanian", "Turkish", "Kurmanji", "Somali"),
            *("Swahili", "Yoruba", "Igbo", "Vietnamese", "Tagalog", "Malay", "Dutch", "Swedish", "Croatian", "Oromo"),
            *("Scots", "Scottish Gaelic", "Cornish", "Manx", "Estonian", "Finnish", "Danish", "Norwegian", "Icelandic"),
            *("Slovenian", "Maltese", "Afrikaans", "Akan", "Twi", "Ga", "Ewe", "Hausa", "Krio", "Lingala", "Luganda"),
            *("Shona", "Zulu", "Xhosa", "Ndebele", "Kinyarwanda", "Indonesian", "Tetum", "Wolof", "Basque", "Catalan"),
        ),
        Script.LATIN,
    ),
}
"""The script of each language that is checked."""

IN_ANY_SCRIPT = frozenset(
    (
        *("Armenian", "Assamese", "Azerbaijani", "Bosnian", "Burmese", "Caribbean Creole", "Fula", "Georgian"),
        *("Hazaragi", "Kannada", "Kazakh", "Khmer", "Konkani", "Lao", "Luxembourgish", "Mandinka", "Mongolian"),
        *("Odia", "Rohingya", "Romani", "Serbian", "Tajik", "Tibetan", "Turkmen", "Uyghur", "Uzbek"),
    )
)
"""Languages that are written in several scripts, or in one that is not checked here."""

LANGUAGES = frozenset({*SCRIPTS, *IN_ANY_SCRIPT})
"""The written languages that words are translated into: those the Census of 2021 counts by name (table TS024, main language),
and more that councils' records name."""

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
    "nepalese": "Nepali",
    "mirpuri": "Pahari",
    "potwari": "Pahari",
    "pakistani pahari": "Pahari",
    "chatgaya": "Bengali",
    "gaelic": "Irish",
    "sinhalese": "Sinhala",
    "kiswahili": "Swahili",
    "flemish": "Dutch",
    "moldovan": "Romanian",
    "simplified chinese": "Chinese",
    "traditional chinese": "Chinese",
    "brazilian portuguese": "Portuguese",
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
    plain = pl.col(column).str.strip_chars().str.replace_all(r"\s+", " ")
    name, same = plain.str.to_titlecase(), plain.str.to_lowercase().replace_strict(SAME, default=None)
    return pl.when(name != "").then(pl.coalesce(same, name))


def name_language(text: str) -> str:
    """Give the one name of a language, however an officer wrote it."""
    plain = " ".join(text.split())
    return SAME.get(plain.lower(), plain.title())


def read_language(text: str, where: Where | None = None) -> str:
    """Give the one name of a language that words can be written in. Raises BadInput that names those most like it."""
    name = name_language(text)
    told = where or Where(rule="language")
    if name == SIGNED:
        raise BadInput("British Sign Language has no written form.", "Offer a film: choose it among the forms.", told)
    if name not in LANGUAGES:
        near = _languages_like(name)
        meant = f"Did you mean {' or '.join(near)}? " if near else ""
        raise BadInput(
            f"There is no language “{text.strip()}” here.", f"{meant}Write its English name, such as Urdu.", told
        )
    return name


def _languages_like(name: str) -> list[str]:
    """Give the languages that stand in what was written, then those spelt most like it."""
    known = sorted([*map(str.lower, LANGUAGES), *SAME])
    near = [*(one for one in known if one in re.findall(r"\w+", name.lower())), *get_close_matches(name.lower(), known)]
    return list(dict.fromkeys(SAME.get(one, one.title()) for one in near))


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
