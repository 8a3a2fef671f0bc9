"""Words that single out a street, a postcode, an estate, a setting or a community.

Illness is no place's and no people's fault, and a message that seems to say so does harm. Many of these words have
innocent uses, so a match is a question to a public-health lead, not a refusal. The words stand in `singling_words`.
"""

import re
import unicodedata
from codecs import decode
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from string import capwords

from wardkeeper.messages import singling_words as words
from wardkeeper.messages.own_names import find_own_names
from wardkeeper.messages.scripts import LANGUAGES


class Singled(StrEnum):
    """What words may single out."""

    STREET = "street"
    POSTCODE = "postcode"
    ESTATE = "estate"
    SETTING = "setting"
    COMMUNITY = "community"
    AREA = "area"


def _any(parts: Iterable[str]) -> str:
    return f"(?:{'|'.join(parts)})"


def _named(kinds: tuple[str, ...]) -> re.Pattern[str]:
    """Match a name, one to four words with capitals, before a word for its kind, which may be all in capitals."""
    every = _any((*kinds, *(kind.upper() for kind in kinds)))
    return re.compile(rf"\b(?:St\.? )?[A-Z][\w'’]*(?: [A-Z][\w'’]*){{0,3}} {every}\b")


def _either(parts: Iterable[str], *, capitals_count: bool = False) -> re.Pattern[str]:
    return re.compile(rf"\b{_any(parts)}\b", re.NOFLAG if capitals_count else re.IGNORECASE)


_NUMBER = rf"{_any(words.NUMBERS)}(?:[- ]{_any(words.NUMBERS)})?"
_POSTCODE = rf"[A-Z]{{1,2}} ?(?:\d[A-Z\d]?(?: ?\d(?:[A-Z]{{2}})?)?|{_NUMBER})"
_LANGUAGE = _any(sorted(LANGUAGES))

PATTERNS: dict[Singled, tuple[re.Pattern[str], ...]] = {
    Singled.STREET: (
        _named(words.STREET_KINDS),
        re.compile(rf"\b(?!{_any(words.NO_STREET)} )[a-z][\w'’]+ {_any(words.SMALL_STREET_KINDS)}\b"),
    ),
    Singled.POSTCODE: (
        # An address to go to has a postcode too; only one that stands for the people there is asked about.
        re.compile(
            rf"\b(?i:postcodes?|live in|living in|lives in|homes in|people in|residents of) (?:the )?{_POSTCODE}\b"
        ),
        re.compile(rf"\b{_POSTCODE} {_any(words.PEOPLE_THERE)}\b"),
        re.compile(
            rf"\b(?i:{_any(words.ILLNESS)}(?: \w+){{0,3}} (?:in|at|around|round|near|across|within)) (?:the )?{_POSTCODE}\b"
        ),
        re.compile(rf"\b{_POSTCODE} (?:has|have|had|sees?|shows?)\b"),
        _either(("postcodes? (?:that )?(?:start|begin|end)(?:s|ing)?",)),
    ),
    Singled.ESTATE: (_named(words.ESTATE_KINDS), _either(words.ESTATES)),
    Singled.SETTING: (_named(words.SETTING_KINDS), _either(words.SETTINGS)),
    Singled.COMMUNITY: (
        _either(words.PEOPLES),
        _either(words.PRACTICES),
        _either(words.NATIONALITIES),
        re.compile(words.NAMED_PEOPLE),
        _either(words.CAPITAL_NATIONALITIES, capitals_count=True),
        _either([f"(?:from|in|to) {_any(words.COUNTRIES)}"]),
        _either([f"(?:[Ff]rom|[Ii]n|[Tt]o) {_any(words.CAPITAL_COUNTRIES)}"], capitals_count=True),
    ),
    # An area may be told in English: where cases are. It is asked about where only a translation tells it.
    Singled.AREA: (),
}
"""What is looked for. Nationalities, where people come from and what they do for their faith count as communities."""

POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?(?: \d(?:[A-Z]{2})?)?\b")
"""A postcode, or the beginning of one, whatever it stands for."""

_INSULTS = _either(decode(words.INSULTS, "rot13").split())
"""Whatever they are about, no council writes them."""

PASSED_OVER = (
    _either(words.INNOCENT),
    re.compile(
        rf"\b{_any(words.LANGUAGE_SAID)} {_LANGUAGE}(?:(?:, | and | or |, and |, or ){_LANGUAGE})*(?=[.,:;!?)]|$)",
        re.IGNORECASE,
    ),
)
"""What is taken out before anything is looked for."""


def find_singled(
    text: str, streets: Iterable[str] = (), settings: Iterable[str] = ()
) -> dict[Singled, tuple[str, ...]]:
    """Give each thing that the words may single out, once each, in the order of `Singled`; nothing for what is not found.

    `streets` are names in the chosen areas, and `settings` of schools, workplaces, care homes and the like, looked for
    whatever their capitals and short forms.
    """
    text = _as_read(text)
    looked_at = text
    for innocent in PASSED_OVER:
        looked_at = innocent.sub("·", looked_at)
    found = {what: [hit[0] for one in ones for hit in one.finditer(looked_at)] for what, ones in PATTERNS.items()}
    found[Singled.COMMUNITY] += [word for word in find_own_names(text) if not word.isascii()]
    found[Singled.STREET] += [capwords(name) for name in _named_in(text, streets)]
    found[Singled.SETTING] += _named_in(text, settings)
    return {what: _once(hits) for what, hits in found.items() if hits}


def find_singled_in_translation(
    text: str, english: str, streets: Iterable[str] = (), settings: Iterable[str] = (), areas: Iterable[str] = ()
) -> dict[Singled, tuple[str, ...]]:
    """Give what a translation names and its English does not: streets, postcodes, areas, settings, peoples and faiths.

    English words and the names of peoples in other languages are looked for. Names that are written in another script,
    and what is said without any of these, are not found: a speaker must read it. What the English names too was asked
    about there.
    """
    found = find_singled(text, streets, settings)
    more = {
        Singled.POSTCODE: [hit[0] for hit in POSTCODE.finditer(_as_read(text))],
        Singled.AREA: _named_in(text, areas),
        Singled.COMMUNITY: list(find_own_names(text)),
    }
    said = f" {_plain(english)} "
    every = {what: [*found.get(what, ()), *more.get(what, ())] for what in Singled}
    added = {what: [hit for hit in hits if f" {_plain(hit)} " not in said] for what, hits in every.items()}
    return {what: _once(hits) for what, hits in added.items() if hits}


LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТХІЈЅ" + "ονρικυαΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "ıɡɑɩ",
    "aeopcyxijshdqwABEKMHOPCTXIJS" + "ovpikuaABEZHIKMNOPTYX" + "igai",
)
"""Cyrillic and Greek letters, and rare Latin ones, that look like plain ones."""

UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Signs that do not show and do not count as format characters: fillers and what chooses a letter's shape."""

SPELT_OUT = re.compile(r"\b[^\W\d_](?:[.\-_*·/] ?[^\W\d_]){3,}\b|\b[^\W\d_](?: [^\W\d_]){3,}\b")
"""Four letters or more with marks or spaces between them: a word that is spelt out."""


def is_insulting(text: str) -> bool:
    """Tell whether English words hold one that insults a people or a group, however it is spelt out."""
    return _INSULTS.search(_as_read(text)) is not None


def _as_read(text: str) -> str:
    """Give the text as a reader sees it: without letters that do not show, in plain letters, with single spaces."""
    shown = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    single = " ".join(UNSEEN.sub("", shown).translate(LOOK_ALIKES).split())
    return SPELT_OUT.sub(lambda spelt: re.sub(r"[\W_]", "", spelt[0]), single)


def _named_in(text: str, names: Iterable[str]) -> list[str]:
    """Give the names that stand in the text, whatever their capitals, apostrophes and short forms."""
    within = f" {_plain(text)} "
    return sorted(name for name in names if any(f" {form} " in within for form in _forms(name)))


@lru_cache(maxsize=50_000)
def _forms(name: str) -> frozenset[str]:
    """Give the ways a name is said: whole, and without an end such as “primary school” where two words are left."""
    whole = _plain(name)
    tail = next((one for one in words.SETTING_TAILS if whole.endswith(f" {one}")), "")
    short = whole.removesuffix(tail).strip()
    return frozenset({whole, short} if " " in short else {whole}) - {""}


def _plain(text: str) -> str:
    """Give words in small letters without marks, each in its short or long form, so that names compare alike."""
    plain = re.sub(r"[^\w]+", " ", re.sub(r"['’.]", "", text.lower())).split()
    return " ".join(words.SAME_WORDS.get(word, word) for word in plain)


def _once(hits: list[str]) -> tuple[str, ...]:
    """Keep the first of hits that differ only in capitals."""
    said = dict.fromkeys(hit.lower() for hit in hits)
    first = {hit.lower(): hit for hit in reversed(hits)}
    return tuple(first[one] for one in said)
