"""The columns of the frames that rooms hand to each other, and how sensitive each one is.

Every column stored in the vault has a class here; a frame with a column that has none is refused.
"""

from dataclasses import dataclass
from enum import StrEnum


class Sensitivity(StrEnum):
    """Classes of column; each has its own key under a mandate's key."""

    KEY = "key"
    """Ids, codes, counts and dates of processing: nothing about a person on its own."""
    IDENTITY = "identity"
    """Names, birth dates, numbers and contact details."""
    PLACE = "place"
    """Addresses, UPRNs, postcodes and coordinates."""
    HEALTH = "health"
    """Factors and needs: treated as special-category data (UK GDPR Article 9)."""
    MARKING = "marking"
    """Protection, caution, objection and death."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type as a word, its class and its meaning."""

    name: str
    kind: str
    sensitivity: Sensitivity
    meaning: str


def _columns(*rows: tuple[str, str, Sensitivity, str]) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


_K, _I, _P, _H, _M = (
    Sensitivity.KEY,
    Sensitivity.IDENTITY,
    Sensitivity.PLACE,
    Sensitivity.HEALTH,
    Sensitivity.MARKING,
)

RECORD = _columns(
    (
        "record_id",
        "text",
        _K,
        "source, a colon, and the source's own key or row number; `:2` for a joint row's second person",
    ),
    ("source", "text", _K, "the source's name"),
    ("delivery", "text", _K, "the delivery's id"),
    ("row", "int", _K, "the row in the file, 1 being the first row under the heading"),
    ("seen_on", "date", _K, "the day the source says this was true: the row's own date, else the extract's"),
    ("name_original", "text", _I, "the name as it came"),
    ("title", "text", _I, "title, upper case, no full stop"),
    ("given", "text", _I, "first given name or initial, upper case"),
    ("middle", "text", _I, "other given names or initials, upper case"),
    ("family", "text", _I, "family name, upper case"),
    ("birth_date", "date", _I, "null when absent or a stand-in such as 1 January 1900"),
    ("sex", "text", _I, "female, male or other; null when not given"),
    ("nhs_number", "text", _I, "ten digits with a valid check digit"),
    (
        "ni_number",
        "text",
        _I,
        "National Insurance number: two letters, six digits, and a letter unless it was left out",
    ),
    ("phone", "text", _I, "E.164"),
    ("email", "text", _I, "lower case"),
    ("language", "text", _I, "preferred language where a source records one"),
    ("address_original", "text", _P, "the address as it came, on one line"),
    ("postcode", "text", _P, "upper case with one space"),
    ("uprn", "text", _P, "digits as the source gave them, checked against the address list"),
    ("home_id", "text", _P, "the home the address was matched to; null when it could not be"),
    ("home_match", "text", _K, "how: uprn, address, new (not on the address list) or none"),
    ("protected", "flag", _M, "the address must not be found"),
    ("caution", "text", _M, "an instruction that keeps responders safe"),
    ("objected_on", "date", _M, "when the person asked not to be contacted"),
    ("died_on", "date", _M, "date of death"),
    ("safe_contact", "text", _M, "how the person may be contacted safely, in the source's words, such as letter only"),
    ("safe_phone", "text", _I, "E.164: the only number that is safe to use"),
    ("special", "text", _M, "refuge or prison when the source says that the home is one; null for all others"),
)
"""One standardised row of a delivery."""

LATER = frozenset({"ni_number", "safe_contact", "safe_phone"})
"""Columns that came after the first version: a file sealed before them is read as having none of their values."""

FACTOR = _columns(
    ("record_id", "text", _K, "the record that asserts it"),
    ("source", "text", _K, "the source's name"),
    ("factor", "text", _H, "the factor's name, such as oxygen-at-home"),
    ("seen_on", "date", _K, "the day the source says this was true"),
)
"""One factor asserted by one record."""

FACT = _columns(
    ("resident_id", "text", _K, "the resident it is about"),
    ("factor", "text", _H, "the factor's name"),
    ("source", "text", _K, "a source that asserts it; birth-date for what follows from age"),
    ("seen_on", "date", _K, "the newest day that source says so"),
)
"""A known fact: a factor brought together from a resident's records, or following from their age."""

RESIDENT = _columns(
    ("resident_id", "text", _K, "random, kept from one linking to the next"),
    ("household_id", "text", _K, "the household; null when the home is not known"),
    ("home_id", "text", _P, "the home most recently and firmly recorded"),
    ("title", "text", _I, "as in a record"),
    ("given", "text", _I, "as in a record"),
    ("middle", "text", _I, "as in a record"),
    ("family", "text", _I, "as in a record"),
    ("birth_date", "date", _I, "as in a record"),
    ("sex", "text", _I, "as in a record"),
    ("nhs_number", "text", _I, "as in a record"),
    ("phone", "text", _I, "as in a record"),
    ("email", "text", _I, "as in a record"),
    ("language", "text", _I, "as in a record"),
    ("records", "int", _K, "how many records were joined"),
    ("sources", "text", _K, "names of the sources, sorted, joined by a comma"),
    ("seen_on", "date", _K, "the newest day any of the records is about"),
    ("certainty", "number", _K, "0 to 1: the weakest link in the group; 1 for a single record"),
    ("protected", "flag", _M, "as in a record, from any of them"),
    ("caution", "text", _M, "as in a record"),
    ("objected_on", "date", _M, "as in a record"),
    ("died_on", "date", _M, "as in a record"),
    ("safe_contact", "text", _M, "as in a record, from all of them"),
    ("safe_phone", "text", _I, "as in a record"),
)
"""The person that one or more records are about."""

MEMBERSHIP = _columns(
    ("record_id", "text", _K, "the record"),
    ("resident_id", "text", _K, "the resident it was joined to"),
)
"""Which record belongs to which resident."""

PAIR = _columns(
    ("pair_id", "text", _K, "random: the only name of this pair outside the vault"),
    ("left", "text", _K, "one record's id, the lower of the two"),
    ("right", "text", _K, "the other record's id"),
    ("pattern", "int", _I, "what the comparison found, as a number"),
    ("log_odds", "number", _K, "natural log odds that both are one person's, before anybody labelled them"),
    ("probability", "number", _K, "0 to 1: that both are one person's"),
    ("veto", "int", _K, "why the two may never be joined; 0 when nothing forbids it"),
    ("joined", "flag", _K, "whether they are now under one resident"),
    ("stratum", "int", _K, "the band of log odds it was drawn from"),
    (
        "sampling",
        "number",
        _K,
        "the probability it was drawn with; null when it was not drawn, but picked because it matters",
    ),
    ("turn", "int", _K, "its place in the order of review, 1 being first: drawn pairs stand before the others"),
    ("family_class", "text", _K, "how common the family name is: one of three classes"),
    ("writing", "text", _K, "how the names are written: one of three classes"),
    ("age_band", "text", _K, "one of four bands of age, or not known"),
    ("district", "text", _P, "the postcode's district"),
)
"""A pair of records worth a person's look: drawn to measure by, or doubtful. Never of a protected person."""

PAIR_TALLY = _columns(
    ("grouping", "text", _K, "by what the pairs are grouped; all for all of them"),
    ("grouped", "text", _K, "the group's name"),
    ("log_odds", "number", _K, "as in a pair, to the nearest quarter"),
    ("stratum", "int", _K, "as in a pair"),
    ("joined", "flag", _K, "as in a pair"),
    ("pairs", "int", _K, "number of compared pairs"),
)
"""How many pairs were compared, by log odds and outcome: what labels of a few pairs are carried over to."""

LABEL = _columns(
    ("label_id", "text", _K, "random"),
    ("left", "text", _K, "as in a pair"),
    ("right", "text", _K, "as in a pair"),
    ("verdict", "text", _K, "same, different, unsure; or undone"),
    ("sampling", "number", _K, "as in a pair when it was labelled; null when nobody drew it"),
    ("joined", "flag", _K, "as in a pair when it was labelled; null when it was none of the pairs to review"),
    ("undoes", "text", _K, "the label that this one takes back; empty for others"),
    ("by", "text", _K, "the login that recorded it"),
    ("at", "text", _K, "when, UTC"),
)
"""What a person said of a pair. Nothing is taken out: what is undone is said to be."""

LINK = _columns(
    ("left", "text", _K, "as in a pair"),
    ("right", "text", _K, "as in a pair"),
    ("pattern", "int", _I, "as in a pair"),
    ("probability", "number", _K, "as in a pair"),
)
"""Two records of one resident that were compared: what explains them."""

ID_CHANGE = _columns(
    ("change", "text", _K, "merged, split or moved"),
    ("before", "text", _K, "the resident's id before"),
    ("after", "text", _K, "the resident's id after"),
    ("reason", "text", _K, "in plain words"),
    ("at", "text", _K, "when, UTC"),
)
"""A resident's id that changed at a linking, and why."""

HOME = _columns(
    ("home_id", "text", _P, "from the UPRN where known, else from the address as written"),
    ("uprn", "text", _P, "null for an address that is not on the address list"),
    ("address", "text", _P, "one line, without the postcode"),
    ("postcode", "text", _P, "upper case with one space"),
    ("longitude", "number", _P, "degrees, WGS 84"),
    ("latitude", "number", _P, "degrees, WGS 84"),
    ("output_area", "text", _P, "ONS code"),
    ("lsoa", "text", _P, "ONS code"),
    ("kind", "text", _K, "house, flat, care home or other"),
    ("special", "text", _M, "refuge or prison; null for all others"),
)
"""A place people live."""

HOUSEHOLD = _columns(
    ("household_id", "text", _K, "the household"),
    ("home_id", "text", _P, "the home it lives in"),
    ("size", "int", _K, "number of residents"),
)
"""The residents believed to live together in a home."""

LIST = _columns(
    ("check_id", "text", _K, "random: the only name of this line outside the vault"),
    ("rank", "int", _K, "1 is first to be helped"),
    ("reference", "text", _K, "spoken over the radio, such as Delta 14"),
    ("score", "number", _K, "sum of the weights of its needs"),
    ("people", "int", _K, "residents in the home with a need"),
    ("needs", "texts", _H, "titles of the needs, most urgent first"),
    ("reasons", "texts", _H, "a sentence per fact, with its source and age"),
    ("sources", "text", _K, "the sources behind the line, sorted, joined by a comma"),
    ("oldest_on", "date", _K, "the day of its oldest fact"),
    ("address", "text", _P, "null where Control must be rung first"),
    ("postcode", "text", _P, "null where Control must be rung first"),
    ("longitude", "number", _P, "null where Control must be rung first"),
    ("latitude", "number", _P, "null where Control must be rung first"),
    ("names", "texts", _I, "residents with a need; empty where Control must be rung first"),
    ("phones", "texts", _I, "their telephone numbers, each once: not in the order of names"),
    ("birth_years", "texts", _I, "in the order of names"),
    ("ring_control", "flag", _M, "one wording for every special reason"),
    ("cautions", "texts", _M, "instructions that keep responders safe"),
    ("objected", "flag", _M, "someone here asked not to be contacted: an officer decides"),
)
"""One home on an incident's list."""

DOOR = _columns(
    ("check_id", "text", _K, "a line of the list"),
    ("home_id", "text", _P, "the home it stands for"),
    ("address", "text", _P, "its address, special ones included: for a named officer in Control"),
    ("postcode", "text", _P, "its postcode, likewise"),
)
"""Which home each line of an incident's list stands for: never shown but by a reveal of its own (rule G17)."""

QUARANTINED = _columns(
    ("source", "text", _K, "the source's name"),
    ("delivery", "text", _K, "the delivery's id"),
    ("row", "int", _K, "the row in the file"),
    ("column", "text", _K, "the column at fault; empty when it is the whole row"),
    ("rule", "text", _K, "the rule it broke"),
    ("reason", "text", _K, "in plain words, without the value"),
    ("content", "text", _I, "the row as it came, as JSON: shown only on the screen of rows to fix"),
)
"""A row held back from a delivery."""

REMOVED = _columns(
    ("record_id", "text", _K, "the record that is there no longer"),
    ("source", "text", _K, "the source's name"),
    ("delivery", "text", _K, "the delivery that took it out"),
    ("row", "int", _K, "the row in that file"),
    ("seen_on", "date", _K, "the day that file is about"),
)
"""An entry that its source took out: kept, so that an older file that comes late does not bring it back."""

FIX = _columns(
    ("fix_id", "text", _K, "random; the same for all cells put right together"),
    ("source", "text", _K, "the source's name"),
    ("delivery", "text", _K, "the delivery whose row it is"),
    ("row", "int", _K, "the row in the file"),
    ("fingerprint", "text", _I, "a hash of the row as it came, by which it is known when it comes again"),
    ("own_key", "text", _I, "the source's own key of the row, as it came"),
    ("column", "text", _K, "the column put right; empty when the row was accepted as it is"),
    ("rule", "text", _K, "the rules the row broke, joined by a comma"),
    ("handling", "text", _K, "edit or accept"),
    ("as_came", "text", _I, "the cell as it came"),
    ("corrected", "text", _I, "the cell as a person put it"),
    ("origin", "text", _K, "where the new value is from: row, owner or elsewhere"),
    ("why", "text", _I, "the reason given"),
    ("by", "text", _K, "the login that did it"),
    ("at", "text", _K, "when, UTC"),
    ("decision", "text", _K, "the decision that allowed it"),
    ("state", "text", _K, "waiting, loaded, held, left-out, replaced, retired or lapsed"),
)
"""One cell of a held row put right, or a row accepted as it is. Nothing is taken out: what no longer counts is said to be."""

VISIT = _columns(
    ("reference", "text", _K, "the check's spoken reference"),
    ("outcome", "text", _H, "what was found"),
    ("at", "text", _K, "when, UTC"),
    ("by", "text", _K, "the login that recorded it"),
    ("organisation", "text", _K, "its organisation"),
    ("needs", "texts", _H, "the needs the check was made for"),
    ("decision", "text", _K, "the decision that allowed it"),
)
"""The minimal record of a visit that outlives its incident (rule G18)."""

AREA_WEEK = _columns(
    ("area", "text", _K, "ONS code of a statistical area"),
    ("week_end", "date", _K, "the last of the seven days counted"),
    ("low", "int", _H, "the smallest the count can be; equal to high unless it was suppressed"),
    ("high", "int", _H, "the largest the count can be"),
    ("population", "int", _K, "people who live in the area; null when not known"),
    ("incomplete", "flag", _K, "late reports may still raise the count"),
    ("estimate", "number", _H, "the count of an incomplete week including late reports; null where not estimated"),
    ("estimate_low", "number", _H, "nine times in ten the count including late reports is this or more"),
    ("estimate_high", "number", _H, "nine times in ten it is this or less"),
)
"""Cases of infection in one area and week. Small counts are about people's health, so both ends are sealed."""

AREA_SUM = _columns(
    ("sum_first", "date", _K, "the first day counted"),
    ("sum_days", "int", _K, "how many days were counted: 1, or 7 of a week whose late reports are estimated"),
    ("sum_cases", "number", _H, "cases of all areas together"),
    ("sum_low", "number", _H, "nine times in ten the count including late reports is this or more; null for a day"),
    ("sum_high", "number", _H, "nine times in ten it is this or less; null for a day"),
)
"""Cases of all areas together, by day and in incomplete weeks: sealed like the counts they are sums of."""

WRITTEN_TO = _columns(
    ("reference", "text", _K, "an HMAC under the campaign's key: the only name of this message outside the vault"),
    ("home_id", "text", _P, "the home it goes to; null when the home is not known"),
    ("channel", "text", _K, "text, email or letter"),
    ("to", "text", _I, "the number or e-mail address it goes to; null for a letter"),
)
"""To whom each message of a campaign goes: sealed under the campaign's own permission, which has an end."""

CASE_LINE = _columns(
    ("case", "text", _I, "the case's id as its list gives it; where it gives none, its row"),
    ("event_date", "date", _H, "the day of the specimen or the onset"),
    ("report_date", "date", _H, "the day it was first reported; null when the list does not say"),
    ("postcode", "text", _P, "upper case with one space"),
    ("home", "text", _P, "the UPRN of where the person lives; null when not known"),
    ("area", "text", _K, "ONS code of a statistical area; null when the case could not be placed"),
    ("age_group", "text", _H, "one of six groups of age; null when not known"),
    ("setting", "text", _P, "a care home, a school or another setting, as it was written"),
    ("setting_home", "text", _P, "the setting's UPRN"),
)
"""One case of a line list, as last reported: personal data about health."""

SENSITIVITY: dict[str, Sensitivity] = {
    column.name: column.sensitivity
    for columns in (
        WRITTEN_TO,
        AREA_WEEK,
        AREA_SUM,
        CASE_LINE,
        QUARANTINED,
        REMOVED,
        FIX,
        PAIR,
        PAIR_TALLY,
        LABEL,
        LINK,
        ID_CHANGE,
        VISIT,
        DOOR,
        LIST,
        HOUSEHOLD,
        HOME,
        MEMBERSHIP,
        FACT,
        FACTOR,
        RECORD,
        RESIDENT,
    )
    for column in columns
}
"""The class of every column that may be stored in the vault."""
