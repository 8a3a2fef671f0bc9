"""Words that single out a street, an estate, a setting or a community.

Illness is no place's and no people's fault, and a message that seems to say so does harm. Many of these words have
innocent uses, so a match is a question to a public-health lead, not a refusal.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum


class Singled(StrEnum):
    """What words may single out."""

    STREET = "street"
    ESTATE = "estate"
    SETTING = "setting"
    COMMUNITY = "community"


def _kinds(*words: str) -> str:
    return "|".join(words)


def _named(kinds: str) -> re.Pattern[str]:
    """Match a name, one to four words with capitals, before a word for its kind, which may be all in capitals."""
    return re.compile(rf"\b(?:St\.? )?[A-Z][\w'’]*(?: [A-Z][\w'’]*){{0,3}} (?:{kinds}|{kinds.upper()})\b")


def _either(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


STREET_KINDS = _kinds(
    *("Road", "Street", "Lane", "Avenue", "Close", "Drive", "Way", "Terrace", "Crescent", "Place", "Grove", "Gardens"),
    *("Square", "Hill", "Mews", "Row", "Walk", "Green", "Parade", "Rise", "View", "Croft", "Fold"),
    *("Rd", "St", "Ln", "Ave", "Cl", "Dr", "Terr", "Cres", "Pl", "Gdns", "Sq"),
)

ESTATE_KINDS = _kinds("Estate", "Tower", "Towers", "Court", "House", "Flats", "Heights", "Apartments", "Buildings")

SETTING_KINDS = _kinds(
    *("School", "Academy", "College", "University", "Nursery", "Playgroup", "Care Home", "Nursing Home", "Home"),
    *("Hospital", "Surgery", "Practice", "Hostel", "Hotel", "Prison", "Factory", "Foods", "Mill", "Market", "Club"),
    *("Pub", "Arms", "Inn", "Gym", "Mosque", "Masjid", "Church", "Chapel", "Temple", "Gurdwara", "Synagogue"),
)

NATIONALITIES = (
    "afghans?|albanians?|algerians?|americans?|angolans?|arabs?|australians?|bangladeshis?|brazilians?|bulgarians?"
    "|cameroonians?|chinese|congolese|croatians?|cypriots?|czechs?|dutch|egyptians?|eritreans?|ethiopians?|filipinos?"
    "|french|gambians?|germans?|ghanaians?|greeks?|hungarians?|indians?|indonesians?|iranians?|iraqis?|irish|israelis?"
    "|italians?|jamaicans?|japanese|jordanians?|kenyans?|koreans?|kosovans?|kurdish|kurds?|latvians?|lebanese|libyans?"
    "|lithuanians?|malaysians?|mauritians?|moldovans?|moroccans?|nepalese|nepalis?|nigerians?|pakistanis?|palestinians?"
    "|persians?|poles|polish|portuguese|romanians?|russians?|rwandans?|saudis?|serbians?|sierra leoneans?|slovaks?"
    "|slovenians?|somalis?|south africans?|spanish|sri lankans?|sudanese|swedish|syrians?|tamils?|thais?|tibetans?"
    "|timorese|tunisians?|turkish|turks?|ugandans?|ukrainians?|vietnamese|yemenis?|zambians?|zimbabweans?"
)

COMMUNITIES = (
    "communit(?:y|ies)|ethnic|ethnicit(?:y|ies)|faiths?|mosques?|synagogues?|churchgoers?|temples?|gurdwaras?"
    "|worshippers?|congregations?|muslims?|islamic|jewish|jews?|hindus?|sikhs?|buddhists?|christians?|catholics?"
    "|evangelicals?|travellers?|gyps(?:y|ies)|roma|africans?|caribbeans?|asians?|arabic|black people|white people"
    "|foreigners?|immigrants?|migrants?|refugees?|asylum seekers?|homeless(?: people)?|rough sleepers?|sex workers?"
    "|drug users?|gay|lesbians?|trans people"
)

PATTERNS: dict[Singled, tuple[re.Pattern[str], ...]] = {
    Singled.STREET: (_named(STREET_KINDS),),
    Singled.ESTATE: (
        _named(ESTATE_KINDS),
        _either(r"(?:this|that|the|your|council|housing) estate", "estates", "tower blocks?", "high-rises?"),
    ),
    Singled.SETTING: (
        _named(SETTING_KINDS),
        _either(
            r"(?:pupils|parents|staff|workers|residents|patients|customers|tenants|members|students|guests) (?:of|at|from)"
            r" (?:the )?[\w'’]+",
            "care homes?",
            "factor(?:y|ies)",
            "hostels?",
        ),
    ),
    Singled.COMMUNITY: (_either(COMMUNITIES), _either(NATIONALITIES)),
}
"""What is looked for. Nationalities count as communities."""


def find_singled(
    text: str, streets: Iterable[str] = (), settings: Iterable[str] = ()
) -> dict[Singled, tuple[str, ...]]:
    """Give each thing that the words may single out, once each, in the order of `Singled`; nothing for what is not found.

    `streets` are names in the chosen areas, and `settings` of schools, care homes and the like, looked for whatever their
    capitals.
    """
    text = _as_read(text)
    found = {what: [hit[0] for one in patterns for hit in one.finditer(text)] for what, patterns in PATTERNS.items()}
    found[Singled.STREET] += [name.title() for name in _named_in(text, streets)]
    found[Singled.SETTING] += _named_in(text, settings)
    return {what: _once(hits) for what, hits in found.items() if hits}


LOOK_ALIKES = str.maketrans("аеорсухіјѕАВЕКМНОРСТХІЈЅ", "aeopcyxijsABEKMHOPCTXIJS")
"""Cyrillic letters that look like Latin ones."""


def _as_read(text: str) -> str:
    """Give the text as a reader sees it: without letters that do not show, in plain letters, with single spaces."""
    shown = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return " ".join(shown.translate(LOOK_ALIKES).split())


def _named_in(text: str, names: Iterable[str]) -> list[str]:
    low = text.lower()
    return sorted(name for name in names if name.lower() in low and _either(re.escape(name)).search(text))


def _once(hits: list[str]) -> tuple[str, ...]:
    """Keep the first of hits that differ only in capitals."""
    return tuple({hit.lower(): hit for hit in reversed(hits)}.values())[::-1]
