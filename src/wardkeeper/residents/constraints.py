"""What may never be joined, whatever the scores say. Checked between all members of two groups, not only scored pairs."""

from enum import IntEnum

import numpy as np

from wardkeeper.residents.arrays import Flags, Ints, Levels
from wardkeeper.residents.blocking import hidden_from_each_other
from wardkeeper.residents.comparing import digits_apart, exchanged
from wardkeeper.residents.encoding import Encoded

GENERATION_YEARS = 14
"""Birth years this far apart can be a parent's and a child's."""


class Veto(IntEnum):
    """Why two records can never be one resident."""

    NONE = 0
    NHS_NUMBER = 1
    BIRTH_DATE = 2
    AGE = 3
    PROTECTED = 4


WORDS: dict[Veto, str] = {
    Veto.NONE: "nothing forbids joining them",
    Veto.NHS_NUMBER: "they have two different valid NHS numbers",
    Veto.BIRTH_DATE: "they have two different birth dates, as a father and son of one name have",
    Veto.AGE: "one is a child and the other has an adult's title",
    Veto.PROTECTED: "one is protected and they are not known to share a home",
}


def find_vetoes(records: Encoded, left: Ints, right: Ints) -> Levels:
    """Give, for each pair of rows, the `Veto` that keeps it apart (0 for none)."""
    return np.select(
        [
            hidden_from_each_other(records, left, right),
            _differ(records.nhs_number, left, right),
            _different_births(records, left, right),
            (records.child[left] & records.adult[right]) | (records.child[right] & records.adult[left]),
        ],
        [Veto.PROTECTED, Veto.NHS_NUMBER, Veto.BIRTH_DATE, Veto.AGE],
        Veto.NONE,
    ).astype(np.int16)


def _differ(column: Ints, left: Ints, right: Ints) -> Flags:
    one, other = column[left], column[right]
    return np.asarray((one >= 0) & (other >= 0) & (one != other))


def _agree(column: Ints, left: Ints, right: Ints) -> Flags:
    return np.asarray((column[left] >= 0) & (column[left] == column[right]))


def _different_births(records: Encoded, left: Ints, right: Ints) -> Flags:
    """Tell which pairs have birth dates that no slip of the pen explains.

    A slip is day and month exchanged or one wrong digit. It is believed only where an identifier agrees: within a generation the
    NHS number, e-mail, phone or home; across one only the NHS number, for a father and son share all the rest. A date of
    1 January tells the year alone, so it forbids a join only across a generation.
    """
    years_apart = np.abs(records.year[left] - records.year[right])
    known = (records.year[left] >= 0) & (records.year[right] >= 0)
    whole = records.whole_date[left] & records.whole_date[right]
    apart = digits_apart(records, left, right)
    slip = (apart == 1) | exchanged(records, left, right)
    same_number = _agree(records.nhs_number, left, right)
    near = _agree(records.email, left, right) | _agree(records.phone, left, right) | _agree(records.home, left, right)
    across = years_apart >= GENERATION_YEARS
    believed = slip & (same_number | (near & ~across))
    return np.asarray(known & (apart > 0) & (whole | across) & ~believed)
