"""Names: drawn by weight from the lists in `faker`'s locales, by naming tradition, sex and time of birth.

The lists are read once and sampled as columns; calling the generator for each person would take minutes. Letters
outside the Latin alphabet are avoided by choosing romanised lists, as a council's systems would hold them.
"""

import re
from dataclasses import dataclass

import numpy as np
from faker.providers.person.en_GB import Provider as EnglishGB
from faker.providers.person.en_IE import Provider as EnglishIE
from faker.providers.person.en_IN import Provider as EnglishIN
from faker.providers.person.en_NZ import Provider as EnglishNZ
from faker.providers.person.en_PK import Provider as EnglishPK
from faker.providers.person.en_US import Provider as EnglishUS
from faker.providers.person.ha_NG import Provider as HausaNG
from faker.providers.person.it_IT import Provider as ItalianIT
from faker.providers.person.pl_PL import Provider as PolishPL
from faker.providers.person.ro_RO import Provider as RomanianRO
from faker.providers.person.tw_GH import Provider as TwiGH
from faker.providers.person.uz_UZ import Provider as UzbekUZ
from faker.providers.person.yo_NG import Provider as YorubaNG
from faker.providers.person.zh_CN import Provider as ChineseCN

from wardkeeper.demo.compositions import TRADITIONS
from wardkeeper.demo.draws import Flags, Floats, Ints, Texts, pick

NAME = re.compile(r"[^\W\d_\u0370-\u03ff]+(?:['’-][^\W\d_\u0370-\u03ff]+)*")
"""One word of letters: locales also list names of two words, and a few with letters of another alphabet."""

MODERN_FROM = 1990
"""Children born from this year on are named from a list of recent names."""


@dataclass(frozen=True, slots=True)
class NameList:
    """Names with their weights; `weights` is None when all are alike."""

    names: tuple[str, ...]
    weights: Floats | None = None

    def draw(self, random: np.random.Generator, count: int) -> Texts:
        """Draw `count` names."""
        return pick(random, self.names, self.weights, count)


@dataclass(frozen=True, slots=True)
class Tradition:
    """The lists one naming tradition draws from, and the languages other than English its members may prefer."""

    women: NameList
    men: NameList
    girls: NameList
    boys: NameList
    families: NameList
    languages: tuple[str, ...]

    def given(self, *, female: bool, modern: bool) -> NameList:
        """Give the list of given names for a sex and a time of birth."""
        if modern:
            return self.girls if female else self.boys
        return self.women if female else self.men


def _list_of(*sources: object) -> NameList:
    """Join lists of names, weighted where their source weighs them; each source counts the same."""
    names: list[str] = []
    weights: list[float] = []
    for source in sources:
        listed = dict(source) if isinstance(source, dict) else dict.fromkeys(_texts(source), 1.0)
        found = {name: weight for name, weight in listed.items() if NAME.fullmatch(name)}
        total = sum(found.values())
        names += list(found)
        weights += [weight / total for weight in found.values()]
    return NameList(tuple(names), np.array(weights))


def _texts(source: object) -> list[str]:
    assert isinstance(source, list | tuple), "a locale changed how it lists names"
    return [str(name) for name in source]


def _make_tradition(women: NameList, men: NameList, families: NameList, *languages: str) -> Tradition:
    return Tradition(women, men, women, men, families, languages)


LISTS: dict[str, Tradition] = {
    "british": Tradition(
        women=_list_of(EnglishGB.first_names_female),
        men=_list_of(EnglishGB.first_names_male),
        girls=_list_of(EnglishNZ.first_names_female, EnglishGB.first_names_female),
        boys=_list_of(EnglishNZ.first_names_male, EnglishGB.first_names_male),
        families=_list_of(EnglishGB.last_names, EnglishGB.last_names, EnglishGB.last_names, EnglishIE.last_names),
        languages=("Welsh", "British Sign Language"),
    ),
    "irish": Tradition(
        women=_list_of(EnglishIE.first_names_female, EnglishGB.first_names_female),
        men=_list_of(EnglishIE.first_names_male, EnglishGB.first_names_male),
        girls=_list_of(EnglishIE.first_names_female),
        boys=_list_of(EnglishIE.first_names_male),
        families=_list_of(EnglishIE.last_names),
        languages=("Irish",),
    ),
    "european": _make_tradition(
        _list_of(PolishPL.first_names_female, RomanianRO.first_names_female, ItalianIT.first_names_female),
        _list_of(PolishPL.first_names_male, RomanianRO.first_names_male, ItalianIT.first_names_male),
        _list_of(PolishPL.male_last_names, PolishPL.unisex_last_names, RomanianRO.last_names, ItalianIT.last_names),
        *("Polish", "Romanian", "Italian", "Spanish", "Portuguese", "Ukrainian"),
    ),
    "indian": _make_tradition(
        _list_of(EnglishIN.first_names_female),
        _list_of(EnglishIN.first_names_male),
        _list_of(EnglishIN.last_names),
        *("Gujarati", "Hindi", "Malayalam", "Panjabi", "Tamil"),
    ),
    "pakistani": _make_tradition(
        _list_of(UzbekUZ.first_names_female, HausaNG.first_names_female),
        _list_of(EnglishPK.first_names),
        _list_of(EnglishPK.last_names),
        *("Urdu", "Panjabi", "Arabic", "Bengali", "Pashto"),
    ),
    "chinese": Tradition(
        women=_list_of(ChineseCN.first_romanized_names),
        men=_list_of(ChineseCN.first_romanized_names),
        girls=_list_of(ChineseCN.first_romanized_names, EnglishGB.first_names_female),
        boys=_list_of(ChineseCN.first_romanized_names, EnglishGB.first_names_male),
        families=_list_of(ChineseCN.last_romanized_names),
        languages=("Cantonese", "Mandarin"),
    ),
    "african": _make_tradition(
        _list_of(YorubaNG.first_names_female, TwiGH.first_names_female),
        _list_of(YorubaNG.first_names_male, TwiGH.first_names_male),
        _list_of(YorubaNG.last_names, TwiGH.last_names),
        *("Yoruba", "Twi", "Somali", "French", "Arabic"),
    ),
    "caribbean": _make_tradition(
        _list_of(EnglishUS.first_names_female, EnglishGB.first_names_female),
        _list_of(EnglishUS.first_names_male, EnglishGB.first_names_male),
        _list_of(EnglishUS.last_names, EnglishGB.last_names),
        "French",
    ),
}
"""What each naming tradition draws from: the locales nearest to Trafford's larger communities."""


def draw_families(random: np.random.Generator, tradition: Ints) -> Texts:
    """Draw a family name for each row by its tradition."""
    names = np.full(len(tradition), "", dtype="<U40")
    for number, name in enumerate(TRADITIONS):
        rows = np.flatnonzero(tradition == number)
        names[rows] = LISTS[name].families.draw(random, len(rows))
    return names


def draw_given(random: np.random.Generator, tradition: Ints, female: Flags, born: Ints) -> Texts:
    """Draw a given name for each row by its tradition, sex and year of birth."""
    names = np.full(len(tradition), "", dtype="<U40")
    for number, name in enumerate(TRADITIONS):
        for is_female in (False, True):
            for modern in (False, True):
                rows = np.flatnonzero((tradition == number) & (female == is_female) & ((born >= MODERN_FROM) == modern))
                names[rows] = LISTS[name].given(female=is_female, modern=modern).draw(random, len(rows))
    return names


def draw_languages(random: np.random.Generator, tradition: Ints) -> Texts:
    """Draw a language other than English for each row by its tradition."""
    languages = np.full(len(tradition), "", dtype="<U24")
    for number, name in enumerate(TRADITIONS):
        rows = np.flatnonzero(tradition == number)
        languages[rows] = pick(random, LISTS[name].languages, None, len(rows))
    return languages
