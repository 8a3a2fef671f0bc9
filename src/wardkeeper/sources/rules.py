"""The rules a row can break, their wording, and what becomes of the row.

A row that breaks a HOLDS rule is quarantined; one that breaks a REPAIRS rule is loaded without the broken value, with a
note; a REMARKS rule only tells. No wording ever carries a value.
"""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a rule does to a row that breaks it."""

    HOLDS = "holds"
    REPAIRS = "repairs"
    REMARKS = "remarks"


class Rule(StrEnum):
    """Rules by the slug that notes and the screen of rows to fix show."""

    TOO_FEW_CELLS = "too-few-cells"
    TOO_MANY_CELLS = "too-many-cells"
    STRAY_QUOTE = "stray-quote"
    LONG_CELL = "long-cell"
    UNREADABLE_LETTERS = "unreadable-letters"
    NOT_AN_OBJECT = "not-an-object"
    REPEATED_NAME = "repeated-name"
    NESTED_VALUE = "nested-value"
    NO_NAME = "no-name"
    UNREADABLE_MARKING = "unreadable-marking"
    NO_KEY = "no-key"
    NO_KEY_TO_CHANGE = "no-key-to-change"
    UNKNOWN_CHANGE = "unknown-change"
    REMOVED = "removed"
    SHARED_KEY = "shared-key"
    REPEATED_KEY = "repeated-key"
    SUPERSEDED = "superseded"
    JOINT_NAME = "joint-name"
    ONE_NAME = "one-name"
    UNSEEN_LETTERS = "unseen-letters"
    IMPOSSIBLE_DATE = "impossible-date"
    STAND_IN_DATE = "stand-in-date"
    FUTURE_DATE = "future-date"
    PARTIAL_DATE = "partial-date"
    BAD_NHS_NUMBER = "bad-nhs-number"
    BAD_NI_NUMBER = "bad-ni-number"
    BAD_PHONE = "bad-phone"
    LOST_ZERO = "lost-zero"
    BAD_EMAIL = "bad-email"
    BAD_POSTCODE = "bad-postcode"
    UNKNOWN_POSTCODE = "unknown-postcode"
    BAD_UPRN = "bad-uprn"
    UNKNOWN_UPRN = "unknown-uprn"
    UPRN_DISAGREES = "uprn-disagrees"
    UNKNOWN_VALUE = "unknown-value"
    UNKNOWN_MARKING = "unknown-marking"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a rule does, and why in plain words."""

    effect: Effect
    reason: str


_HOLDS, _REPAIRS, _REMARKS = Effect.HOLDS, Effect.REPAIRS, Effect.REMARKS

WORDING: dict[Rule, Wording] = {
    Rule.TOO_FEW_CELLS: Wording(_HOLDS, "The row has fewer cells than the heading: its values cannot be told apart."),
    Rule.TOO_MANY_CELLS: Wording(_HOLDS, "The row has more cells than the heading: its values cannot be told apart."),
    Rule.STRAY_QUOTE: Wording(
        _HOLDS, "A quotation mark is not closed, or not doubled within its cell: the row's cells cannot be told apart."
    ),
    Rule.LONG_CELL: Wording(
        _HOLDS, "A cell has more than 32,767 characters, more than a spreadsheet holds: only the row's start is kept."
    ),
    Rule.UNREADABLE_LETTERS: Wording(
        _HOLDS, "The row is written in another encoding than the rest of the file, so its letters cannot be trusted."
    ),
    Rule.NOT_AN_OBJECT: Wording(_HOLDS, "The line is not one whole JSON object: its values cannot be read."),
    Rule.REPEATED_NAME: Wording(_HOLDS, "The line gives one name twice: which of the two values counts is not known."),
    Rule.NESTED_VALUE: Wording(_HOLDS, "The line has a list or an object where one value was agreed: ask for it flat."),
    Rule.NO_NAME: Wording(_HOLDS, "The row names nobody."),
    Rule.UNREADABLE_MARKING: Wording(
        _HOLDS, "A date of death or objection is given but is not a real date: a person must look at it."
    ),
    Rule.NO_KEY: Wording(_REPAIRS, "The source's key is empty: the row's number in this file was used instead."),
    Rule.NO_KEY_TO_CHANGE: Wording(_HOLDS, "The source's key is empty: which entry the row changes cannot be told."),
    Rule.UNKNOWN_CHANGE: Wording(
        _HOLDS, "Whether the row adds, changes or removes is not said in a word the contract knows: a person must look."
    ),
    Rule.REMOVED: Wording(_REMARKS, "The source removed this entry: its record is taken out."),
    Rule.SHARED_KEY: Wording(_REPAIRS, "Another person has the same key: this row was kept apart by its number."),
    Rule.REPEATED_KEY: Wording(_REMARKS, "The same person is in the file more than once: counted once."),
    Rule.SUPERSEDED: Wording(_REMARKS, "A later entry for the same person is in the file: that one counts."),
    Rule.JOINT_NAME: Wording(_REMARKS, "The name stands for two people: two records were made."),
    Rule.ONE_NAME: Wording(_REMARKS, "No family name is given: the forename was taken for the person's whole name."),
    Rule.UNSEEN_LETTERS: Wording(
        _REMARKS, "The name has letters that cannot be seen: it was read without them, and is kept as it came."
    ),
    Rule.IMPOSSIBLE_DATE: Wording(_REPAIRS, "The date does not exist, or is not written as agreed: left empty."),
    Rule.STAND_IN_DATE: Wording(_REPAIRS, "The date is one that systems put in when none is known: left empty."),
    Rule.PARTIAL_DATE: Wording(
        _REPAIRS,
        "Only the year, or the year and month, is given: a birth date is left empty, another date is its first day.",
    ),
    Rule.FUTURE_DATE: Wording(_REPAIRS, "The date is after the day of the extract: left empty."),
    Rule.BAD_NHS_NUMBER: Wording(_REPAIRS, "The NHS number fails its check digit: left empty."),
    Rule.BAD_NI_NUMBER: Wording(
        _REPAIRS, "The National Insurance number has not the shape of one that is given out: left empty."
    ),
    Rule.BAD_PHONE: Wording(_REPAIRS, "The telephone number cannot be dialled: left empty. Finding one is a task."),
    Rule.LOST_ZERO: Wording(_REPAIRS, "The telephone number had lost its first zero: put back."),
    Rule.BAD_EMAIL: Wording(_REPAIRS, "The e-mail address cannot be one: left empty."),
    Rule.BAD_POSTCODE: Wording(_REPAIRS, "The postcode has not the shape of one: left empty."),
    Rule.UNKNOWN_POSTCODE: Wording(_REPAIRS, "The postcode is not in the table of postcodes: kept as written."),
    Rule.BAD_UPRN: Wording(_REPAIRS, "The UPRN is not a number: left empty."),
    Rule.UNKNOWN_UPRN: Wording(_REPAIRS, "The UPRN is not on the address list: the address was used instead."),
    Rule.UPRN_DISAGREES: Wording(
        _REPAIRS, "The UPRN belongs to another address than the one written: the address was used instead."
    ),
    Rule.UNKNOWN_VALUE: Wording(_REPAIRS, "The value is not one the contract knows: nothing was concluded from it."),
    Rule.UNKNOWN_MARKING: Wording(
        _REPAIRS, "The value is not one the contract knows: the person was taken as protected, to be safe."
    ),
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was found in a row: where, which rule, and why in plain words. Never the value."""

    row: int
    column: str
    rule: Rule
    reason: str
