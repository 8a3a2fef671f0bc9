"""Cells: what an encoded record looks like. Making them is left to `encoding`, counting what is common to `commonness`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, IntFlag

import numpy as np
import numpy.typing as npt

from wardkeeper.residents.arrays import Codes
from wardkeeper.residents.letters import Letters

Cells = npt.NDArray[np.int32]
Tiebreaks = npt.NDArray[np.uint64]


class Column(IntEnum):
    """The columns of an encoded record: codes (-1 missing) unless said otherwise."""

    GIVEN = 0
    """First given name in full: an initial counts as missing."""
    ROOT = 1
    """The name that a nickname stands for."""
    INITIAL = 2
    FAMILY = 3
    HEAD = 4
    """The family name's first three letters."""
    MIDDLE = 5
    MIDDLE_INITIAL = 6
    YEAR = 7
    """Years and so on are numbers, not codes."""
    MONTH = 8
    DAY = 9
    BIRTH = 10
    HOME = 11
    BUILDING = 12
    ADDRESS = 13
    STREET_NUMBER = 14
    POSTCODE = 15
    OUTWARD = 16
    PHONE = 17
    EMAIL = 18
    NHS_NUMBER = 19
    NI_NUMBER = 20
    NUMBER = 21
    PLACE = 22
    ATTRIBUTE = 23
    SEX = 24
    """0 female, 1 male."""
    SOURCE = 25
    MARKS = 26
    """`Mark` bits."""
    CROWDS = 27
    """How common the record's values are: two bits for each of `Crowd`."""


class Mark(IntFlag):
    """Yes-or-no facts about a record."""

    PROTECTED = 1
    ADULT = 2
    CHILD = 4
    LISTED_HOME = 8
    """The home is on the address list, so two different ones are surely different."""
    REPEATS = 16
    """Its source often holds the same person more than once."""


class Crowd(IntEnum):
    """What is counted to tell how common a record's values are; each is a place in the CROWDS column."""

    FULL_NAME = 0
    INITIAL_NAME = 1
    GIVEN_NAME = 2
    FAMILY_NAME = 3
    NAMES_AT_HOME = 4
    FAMILIES_ON_PHONE = 5
    PEOPLE_ON_EMAIL = 6
    RIVALS = 7
    """Distinct given names with this family name and initial at this home."""
    SAME_FAMILY = 8
    """Distinct given names with this family name and sex at this home."""
    BIRTH_DATE = 9
    PLACE = 10
    """People who name this place."""
    ATTRIBUTE = 11


BOUNDS: Mapping[Crowd, tuple[int, ...]] = {
    Crowd.FULL_NAME: (2, 5, 15),
    Crowd.INITIAL_NAME: (2, 5, 15),
    Crowd.GIVEN_NAME: (20, 100, 400),
    Crowd.FAMILY_NAME: (20, 100, 400),
    Crowd.NAMES_AT_HOME: (4, 10),
    Crowd.FAMILIES_ON_PHONE: (2, 5),
    Crowd.PEOPLE_ON_EMAIL: (1,),
    Crowd.RIVALS: (1,),
    Crowd.SAME_FAMILY: (1,),
    Crowd.BIRTH_DATE: (5, 50),
    Crowd.PLACE: (50,),
    Crowd.ATTRIBUTE: (100,),
}
"""Upper bounds of the first bins of each count; what is above the last is in the bin after it."""


class BirthRule(IntEnum):
    """How different birth dates are judged in a file."""

    NONE = 0
    """They forbid nothing: records that share a number given to one person often have different ones here."""
    LENIENT = 1
    """Nobody's home is told, so relatives of one name are not to be expected: only dates that differ widely forbid."""
    STRICT = 2
    """They forbid, but for a slip."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Records as rows of `cells` (see `Column`), and the letters of each dictionary.

    `order` gives the row of the frame that each encoded record came from.
    """

    cells: Cells
    order: npt.NDArray[np.int64]
    tiebreaks: Tiebreaks
    """What each row is ordered by, so that equal claims are settled alike whichever other records there are."""
    texts: Letters
    """The texts behind the codes of names, addresses, phones, e-mails, numbers and places, which share one numbering."""
    related: npt.NDArray[np.int64]
    """Sorted pairs of name codes that are forms of one name: lower code times 2^32 plus higher code."""

    birth_rule: BirthRule

    @property
    def size(self) -> int:
        """Number of records."""
        return len(self.cells)

    def rank(self) -> npt.NDArray[np.int32]:
        """Give the encoded record of each row of the frame."""
        rank = np.empty(self.size, np.int32)
        rank[self.order] = np.arange(self.size, dtype=np.int32)
        return rank

    def column(self, column: Column) -> Codes:
        """Give one column, as a contiguous array."""
        return np.ascontiguousarray(self.cells[:, column])
