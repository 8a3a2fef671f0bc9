"""The published sets that linking is measured on: which role each column plays, and where the truth is.

A name here only names columns. Every set is linked by the same code, with the same settings and thresholds.
"""

from enum import StrEnum


class LinkageSet(StrEnum):
    """A published set of people with known truth; `people` is any other file, its columns told by their headings."""

    COUNCIL = "council"
    HISTORICAL = "historical"
    FEBRL3 = "febrl3"
    FEBRL4 = "febrl4"
    PEOPLE = "people"


_FEBRL = {
    "given_name": "given",
    "surname": "family",
    "street_number": "address",
    "address_1": "address",
    "address_2": "address",
    "suburb": "place",
    "postcode": "postcode",
    "state": "attribute",
    "date_of_birth": "birth-date",
    "soc_sec_id": "number",
}

COLUMNS: dict[LinkageSet, dict[str, str]] = {
    LinkageSet.COUNCIL: {
        "source_dataset": "source",
        "first_name": "given",
        "surname": "family",
        "dob": "birth-date",
        "sex": "sex",
        "address": "address",
        "postcode": "postcode",
        "phone": "phone",
        "email": "email",
        "nino": "ni-number",
    },
    LinkageSet.HISTORICAL: {
        "full_name": "name",
        "first_name": "given",
        "surname": "family",
        "dob": "birth-date",
        "birth_place": "place",
        "postcode_fake": "postcode",
        "gender": "sex",
        "occupation": "attribute",
    },
    LinkageSet.FEBRL3: _FEBRL,
    LinkageSet.FEBRL4: _FEBRL,
    LinkageSet.PEOPLE: {},
}
"""The role of each column that is used, by heading. An empty table: by the headings' usual meaning."""

TRUTH_INSIDE: dict[LinkageSet, str] = dict.fromkeys((LinkageSet.FEBRL3, LinkageSet.FEBRL4), r"rec-(\d+)")
"""Where the truth is a part of the truth column: the pattern whose first group it is."""
