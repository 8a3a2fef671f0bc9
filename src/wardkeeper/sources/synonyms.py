"""What sources call their columns: the headings that councils' systems write, and which of them mean the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wardkeeper.sources.terms import Meaning

CALLED: Mapping[Meaning, tuple[str, ...]] = {
    Meaning.KEY: (
        "id", "ref", "reference", "ref no", "reference number", "account", "account no", "account number",
        "account ref", "person id", "person ref", "person reference", "case id", "case number", "case ref",
        "customer id", "customer ref", "customer number", "client id", "client ref", "client number", "tenancy ref",
        "tenancy reference", "claim ref", "claim number", "record id", "unique id", "urn", "upn", "elector number",
        "badge number", "mosaic id", "liquidlogic id", "system id", "payref", "property ref",
    ),
    Meaning.NAME: (
        "name", "full name", "fullname", "person name", "tenant", "tenant name", "liable party", "liable name",
        "customer name", "client name", "account holder", "elector name", "occupier", "resident", "member",
    ),
    Meaning.TITLE: ("title", "salutation", "prefix", "name prefix", "honorific"),
    Meaning.GIVEN: (
        "given", "given name", "given names", "forename", "forenames", "first name", "first names", "firstname",
        "fore name", "christian name", "middle name", "middle names", "known as", "preferred name",
    ),
    Meaning.FAMILY: ("family", "family name", "surname", "last name", "lastname", "second name"),
    Meaning.BIRTH_DATE: ("date of birth", "dob", "d o b", "do b", "birth date", "birthdate", "born", "dateofbirth", "birthday"),
    Meaning.SEX: ("sex", "gender", "sex code", "gender code"),
    Meaning.NHS_NUMBER: ("nhs", "nhs number", "nhs no", "nhsno", "nhsnumber", "nhs num"),
    Meaning.NI_NUMBER: (
        "ni", "ni number", "ni no", "nino", "national insurance", "national insurance number", "national insurance no",
    ),
    Meaning.PHONE: (
        "phone", "telephone", "tel", "tel no", "telephone no", "telephone number", "phone number", "phone no",
        "mobile", "mobile no", "mobile number", "mobile phone", "mob", "landline", "home phone", "home tel",
        "work phone", "contact number", "contact no", "daytime phone", "evening phone",
    ),
    Meaning.EMAIL: ("email", "e mail", "email address", "e mail address", "emailaddress", "mail"),
    Meaning.LANGUAGE: ("language", "first language", "preferred language", "main language", "spoken language"),
    Meaning.ADDRESS: (
        "address", "full address", "postal address", "property address", "addr", "address line", "add", "street",
        "street name", "road", "house", "house name", "house no", "house number", "house name or number", "flat",
        "paon", "saon", "building", "town", "locality", "city", "county", "post town",
    ),
    Meaning.POSTCODE: ("postcode", "post code", "pcode", "p code", "zip", "postal code", "pc"),
    Meaning.UPRN: ("uprn", "unique property reference number", "unique property reference", "llpg uprn"),
    Meaning.SEEN_ON: (
        "last seen", "seen on", "last contact", "last contacted", "date last seen", "last visit", "last updated",
        "updated", "updated on", "modified", "registered", "registered on", "date registered", "assessed on",
        "last review", "review date", "start date", "date added", "added on",
    ),
    Meaning.ENDED_ON: ("end date", "ended", "ended on", "tenancy end", "date ended", "date left", "left on", "closed", "date closed"),
    Meaning.CAUTION: ("caution", "warning", "alert", "warning marker", "staff warning", "risk to staff", "hazard"),
    Meaning.SAFE_CONTACT: (
        "safe contact", "safe contact details", "safe to contact", "safe contact method", "contact restriction",
        "contact restrictions", "contact instructions", "how to contact", "contact preference", "do not contact",
    ),
    Meaning.SAFE_PHONE: ("safe number", "safe phone", "safe phone number", "safe telephone", "safe contact number"),
    Meaning.OBJECTED_ON: ("objected on", "objection date", "opt out date", "opted out", "opted out on"),
    Meaning.DIED_ON: ("date of death", "dod", "do d", "died", "died on", "deceased date", "death date", "deceased on"),
    Meaning.EXTRACT_DATE: ("extract date", "extracted on", "extracted", "run date", "report date", "as at", "file date"),
}  # fmt: skip
"""The headings of each meaning, as `plain_words` writes them."""

ABOUT_OTHERS = frozenset(
    "gp doctor surgery practice kin nok carer guardian landlord agent worker officer manager assessor school employer"
    " referrer emergency next".split()
)
"""Words that say that a column is about somebody else than the resident."""

WHOSE = frozenset(
    "client customer person tenant applicant patient pupil child resident member claimant elector liable main primary"
    " current home user service party account holder lead the of no number second joint first line previous".split()
)
"""Words that say whose or which, and change nothing about what a column holds."""

SECOND = frozenset({"2", "second", "joint", "partner", "spouse"})


@dataclass(frozen=True, slots=True)
class Called:
    """What a heading seems to mean. `exactly`: it is one of the known headings, nothing added; `person`: 2 for a second."""

    meaning: Meaning
    exactly: bool
    person: int = 1


def plain_words(heading: str) -> str:
    """Give a heading in small letters: words parted where capitals or signs part them, brackets and signs left out."""
    text = re.sub(r"\([^)]{1,3}\)", "", heading)
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])", " ", text)
    return " ".join(re.findall(r"[^\W_]+", parted)).casefold()


def is_about_others(heading: str) -> bool:
    """Tell whether a heading names somebody else, such as the next of kin."""
    return not ABOUT_OTHERS.isdisjoint(plain_words(heading).split())


def read_heading(heading: str) -> Called | None:
    """Tell what a heading seems to mean; `None` when it is like none that is known."""
    words = plain_words(heading)
    person = 2 if SECOND & set(words.split()) else 1
    if words in _MEANINGS:
        return Called(_MEANINGS[words], exactly=True)
    # "Telephone 2" and "Address2" are another of the same; "Tenant 2" is another person.
    bare = " ".join(word for word in words.split() if not word.isdecimal())
    if bare in _MEANINGS:
        return Called(_MEANINGS[bare], exactly=True, person=person)
    least = " ".join(word for word in bare.split() if word not in WHOSE | SECOND)
    if least in _MEANINGS:
        return Called(_MEANINGS[least], exactly=False, person=person)
    within = [name for name in _MEANINGS if len(name) > 3 and f" {name} " in f" {bare} "]
    best = max(within, key=len, default="")
    return Called(_MEANINGS[best], exactly=False, person=person) if best else None


_MEANINGS: Mapping[str, Meaning] = {name: meaning for meaning, names in CALLED.items() for name in names}
