"""SAVVI's exchange file of facts about people: its columns, and the facts known here put into them.

SAVVI is the standard of the Vulnerabilities Data Standard (UK government alpha, 30 June 2026). One row is one fact
about one person. Reading such a file needs no code: the shape `savvi` is its contract.
"""

from datetime import date
from enum import StrEnum

import polars as pl

COLUMNS = (
    "PersonReference",
    "GivenNames",
    "FamilyName",
    "Alias",
    "BirthDate",
    "Gender",
    "UPRN",
    "Address1",
    "Address2",
    "Address3",
    "Address4",
    "Address5",
    "Postcode",
    "AttributeType",
    "AttributeScheme",
    "Attribute",
    "AttributeDate",
    "SourceSystem",
    "ExtractedOn",
)
"""The columns, in the standard's order."""

SCHEME = "wardkeeper"
"""Names the words of `Attribute` in files written here: the known facts' own names."""


class AttributeType(StrEnum):
    """What kind of fact a row tells."""

    CIRCUMSTANCE = "Circumstance"
    EVENT = "Event"
    SERVICE = "Service"
    RISK = "Risk"


TYPES: dict[str, AttributeType] = {
    "after-hospital": AttributeType.EVENT,
    "temporary-injury": AttributeType.EVENT,
    "clinically-vulnerable": AttributeType.RISK,
    "cannot-carry-supplies": AttributeType.RISK,
    "needs-basic-care": AttributeType.RISK,
    "needs-supplies": AttributeType.RISK,
    "education-health-and-care-plan": AttributeType.SERVICE,
    "end-of-life-care": AttributeType.SERVICE,
    "free-school-meals": AttributeType.SERVICE,
    "lives-in-residential-care": AttributeType.SERVICE,
    "pendant-alarm": AttributeType.SERVICE,
    "physical-support": AttributeType.SERVICE,
    "receives-day-care": AttributeType.SERVICE,
    "receives-disability-benefit": AttributeType.SERVICE,
    "receives-home-care": AttributeType.SERVICE,
    "receives-severe-disability-benefit": AttributeType.SERVICE,
    "temporary-accommodation": AttributeType.SERVICE,
}
"""Facts that are no circumstance. All others are."""

GENDERS = {"female": "Female", "male": "Male", "other": "Other"}
NO_GENDER = "unknown"


def to_rows(facts: pl.DataFrame, *, on: date) -> pl.DataFrame:
    """Put facts into SAVVI's columns, one row each, sorted by person, fact and source.

    `facts` has resident_id, given, middle, family, birth_date, sex, uprn, address, postcode, factor, source and seen_on.
    `on` is the day the file is written. Where a UPRN, a birth date or a sex is not known the cell is empty or unknown.
    """
    words = {
        "PersonReference": pl.col("resident_id"),
        "GivenNames": pl.concat_str("given", "middle", separator=" ", ignore_nulls=True).str.to_titlecase(),
        "FamilyName": pl.col("family").str.to_titlecase(),
        "BirthDate": pl.col("birth_date").dt.to_string("%Y-%m-%d"),
        "Gender": pl.col("sex").replace_strict(GENDERS, default=NO_GENDER, return_dtype=pl.String),
        "UPRN": pl.col("uprn"),
        "Address1": pl.col("address"),
        "Postcode": pl.col("postcode"),
        "AttributeType": pl.col("factor").replace_strict(
            {factor: kind.value for factor, kind in TYPES.items()},
            default=AttributeType.CIRCUMSTANCE.value,
            return_dtype=pl.String,
        ),
        "AttributeScheme": pl.lit(SCHEME),
        "Attribute": pl.col("factor"),
        "AttributeDate": pl.col("seen_on").dt.to_string("%Y-%m-%d"),
        "SourceSystem": pl.col("source"),
        "ExtractedOn": pl.lit(on.isoformat()),
    }
    nothing = pl.lit("")
    return facts.sort("resident_id", "factor", "source").select(
        words.get(name, nothing).fill_null("").alias(name) for name in COLUMNS
    )
