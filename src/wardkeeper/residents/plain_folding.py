"""Folding one text at a time: what `folding` does to columns, in plain Python, for a single record typed just now.

A column expression costs a fifth of a millisecond however short the column, and waits for a thread; a record has a dozen texts.
Each function gives what the one of the same name in `folding` gives (held to it by a property test); blank is None. Only letters
added to Unicode after this Python was made (those of 15.0 and later) may be told apart differently.
"""

import re
from collections.abc import Callable
from unicodedata import category, normalize

from wardkeeper.residents.folding import ACCENTS, APOSTROPHES, PLAIN_LETTERS, STREET_WORDS, UNIT

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What counts as white space, as a set of a regular expression."""
STRIPPED = "".join(letter for letter in map(chr, range(0x3001)) if re.fullmatch(f"[{SPACES}]", letter))
_PLAIN = str.maketrans(PLAIN_LETTERS)
_APOSTROPHES = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_ACCENTS = re.compile(ACCENTS)
_POSTCODE_AT_END = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\Z")
_UNIT = re.compile(UNIT)
_NUMBER = re.compile(r"\d+(?:[A-Z]\b)?")
_OTHER = re.compile("[^A-Z0-9]")
_PHONE = re.compile(r"(?:(?:0044|44)0?|0)?(\d{6,})\Z")
_EMAIL = re.compile(r".*@.*\Z")


def fold_letters(text: str) -> str:
    """Upper case, without accents."""
    if text.isascii():
        return text.upper()
    apart = normalize("NFKD", text.translate(_APOSTROPHES))
    return _ACCENTS.sub("", apart).upper().translate(_PLAIN)


def fold_name(text: str) -> str | None:
    """A name: letters of any script and single spaces."""
    spaced = _collapse(fold_letters(text), lambda letter: letter in STRIPPED or category(letter) == "Pd")
    letters = "".join(letter for letter in spaced if letter == " " or _is_letter(letter))
    return " ".join(word for word in letters.split(" ") if word) or None


def fold_address(text: str) -> str | None:
    """An address: no postcode at its end, no punctuation, usual abbreviations in full."""
    plain = _POSTCODE_AT_END.sub("", _words(fold_letters(text)), count=1).strip(" ")
    return " ".join(STREET_WORDS.get(word, word) for word in plain.split(" ")) or None


def fold_building(address: str) -> str:
    """A folded address without the part of the building it begins with."""
    return _UNIT.sub("", address, count=1)


def fold_numbers(address: str) -> str | None:
    """The numbers in a folded address."""
    return " ".join(_NUMBER.findall(address)) or None


def fold_postcode(text: str) -> str | None:
    """A postcode: upper case, no spaces."""
    return _OTHER.sub("", text.upper()) or None


def fold_outward(postcode: str) -> str:
    """The district part of a folded postcode."""
    if postcode.isdigit():
        return postcode[:-1]
    return postcode[:-3] if len(postcode) > 4 else postcode


def fold_phone(text: str) -> str | None:
    """A telephone number: its digits, without the country's own code."""
    found = _PHONE.match("".join(letter for letter in text if category(letter) == "Nd"))
    return found[1] if found else None


def fold_email(text: str) -> str | None:
    """An e-mail address: lower case."""
    found = _EMAIL.match(text.lower().strip(STRIPPED))
    return found[0] if found else None


def fold_number(text: str) -> str | None:
    """An identifier: capital letters and digits."""
    return fold_postcode(text)


def fold_text(text: str) -> str | None:
    """Any other text: upper case, single spaces."""
    return _words(fold_letters(text)) or None


def _words(text: str) -> str:
    return _collapse(text, lambda letter: category(letter)[0] not in "LN").strip(" ")


def _collapse(text: str, is_gap: Callable[[str], bool]) -> str:
    """Put one space for each run of letters that are gaps."""
    made: list[str] = []
    inside = False
    for letter in text:
        gap = is_gap(letter)
        if not gap:
            made.append(letter)
        elif not inside:
            made.append(" ")
        inside = gap
    return "".join(made)


def _is_letter(letter: str) -> bool:
    return category(letter)[0] in "LM"
