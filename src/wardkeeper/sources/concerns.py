"""Concerns: what looks wrong in a delivery as a whole, each with what to do next. Sentences and counts, never a value."""

from dataclasses import dataclass
from enum import StrEnum


class Doubt(StrEnum):
    """Kinds of concern."""

    FORM_CHANGED = "form-changed"
    EMPTY_COLUMN = "empty-column"
    FIRST_OF_JANUARY = "first-of-january"
    ONE_BIRTH_DATE = "one-birth-date"
    DAYS_AND_MONTHS = "days-and-months"
    STAND_IN_BIRTHS = "stand-in-births"
    VERY_OLD = "very-old"
    SHARED_PHONE = "shared-phone"
    SHARED_EMAIL = "shared-email"
    SHARED_NHS_NUMBER = "shared-nhs-number"
    TEST_NHS_NUMBER = "test-nhs-number"
    ONE_SURNAME = "one-surname"
    CROWDED_ADDRESS = "crowded-address"
    PLACEHOLDER = "placeholder"
    WRONG_LETTERS = "wrong-letters"
    TWICE = "twice"
    FEWER_ROWS = "fewer-rows"
    MORE_ROWS = "more-rows"
    COLUMN_EMPTIED = "column-emptied"
    COLUMN_DRAINED = "column-drained"
    LESS_FILLED = "less-filled"
    LESS_VALID = "less-valid"
    OTHER_CODES = "other-codes"
    FEWER_VALUES = "fewer-values"
    OTHER_KEYS = "other-keys"
    NOTHING_NEW = "nothing-new"
    LATE = "late"


ADVICE: dict[Doubt, str] = {
    Doubt.FORM_CHANGED: "Ask the owner whether the form of this column has changed. If it has, change it in the contract and load the file again.",
    Doubt.EMPTY_COLUMN: "Ask the owner whether they still keep it. If they never will, give it the meaning unused in the contract.",
    Doubt.FIRST_OF_JANUARY: "Trust only the year of those dates. Ask the owner whether their system writes 1 January when the day is not known.",
    Doubt.ONE_BIRTH_DATE: "Do not rely on ages from this file. Ask the owner what their system writes when no birth date is known.",
    Doubt.DAYS_AND_MONTHS: "Day and month may be swapped. Compare a few with the owner, then put the right form in the contract.",
    Doubt.STAND_IN_BIRTHS: "They were left empty, so nobody is given a wrong age. Ask the owner to fill in what they know.",
    Doubt.VERY_OLD: "Ask the owner to look at them: mostly the century is wrong, or a death was not recorded.",
    Doubt.SHARED_PHONE: "It may be an office's or a care home's. Ask the owner whose it is before messages go to it.",
    Doubt.SHARED_EMAIL: "It may be an office's or a carer's. Ask the owner whose it is before messages go to it.",
    Doubt.SHARED_NHS_NUMBER: "An NHS number is one person's. Ask the owner which record each belongs to.",
    Doubt.TEST_NHS_NUMBER: "Numbers that begin with 999 are given to nobody: ask the owner to take the test entries out.",
    Doubt.ONE_SURNAME: "Look at a few rows with the owner: the column may hold something else, or be filled by default.",
    Doubt.CROWDED_ADDRESS: "Unless it is a large institution, it stands for “no address known”. Ask the owner where these people live: they cannot be found there.",
    Doubt.PLACEHOLDER: "Ask the owner to take test entries out and to leave a cell empty when nothing is known.",
    Doubt.WRONG_LETTERS: "The letters were spoilt before the file came here. Ask the owner to save it again as UTF-8.",
    Doubt.TWICE: "They are kept as separate records and joined when you link. Ask the owner to merge them.",
    Doubt.FEWER_ROWS: "Ask the owner whether so many people really left. If not, ask for the whole file.",
    Doubt.MORE_ROWS: "Ask the owner whether a group was added. If rows were repeated, ask for the file again.",
    Doubt.COLUMN_EMPTIED: "Ask the owner before you rely on this file: the column may have been renamed or left out.",
    Doubt.COLUMN_DRAINED: "Ask the owner before you rely on this file: most of what the column held may have been left out.",
    Doubt.LESS_FILLED: "Ask the owner what changed in how they fill this column.",
    Doubt.LESS_VALID: "Look at the rules broken in this column, and ask the owner whether its form has changed.",
    Doubt.OTHER_CODES: "Ask the owner whether their codes have changed. If they have, bring the contract up to date.",
    Doubt.FEWER_VALUES: "Look at a few rows: the column may now be filled by default.",
    Doubt.OTHER_KEYS: "Ask the owner whether their keys were given out anew, and whether it is the right file.",
    Doubt.NOTHING_NEW: "It may be an old extract under a new date. Ask the owner when it was made.",
    Doubt.LATE: "Ask the owner for a newer file. Until it comes, every list says that this source is late.",
}
"""What to do about each kind."""


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that looks wrong: the kind, the column it is about (empty for the whole file), and a sentence."""

    doubt: Doubt
    says: str
    column: str = ""

    @property
    def next(self) -> str:
        """What to do about it."""
        return ADVICE[self.doubt]
