"""What may never be joined, whatever the scores say. Checked between all members of two groups, not only scored pairs."""

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from wardkeeper.residents.arrays import Codes, Ints
from wardkeeper.residents.blocking import hidden_from_each_other
from wardkeeper.residents.cells import BirthRule, Cells, Column, Encoded, Mark
from wardkeeper.residents.comparing import compare_pair, digits_apart, exchanged
from wardkeeper.residents.compiled import inlined, lean

C = Column
Vetoes = npt.NDArray[np.int8]
GENERATION_YEARS = 14
"""Birth years this far apart can be a parent's and a child's."""
SLIP_DIGITS = 2
"""Digits of a birth date that slips may change where no home is told, so that nobody can be told to be a relative."""
_ADULT, _CHILD = int(Mark.ADULT), int(Mark.CHILD)


class Veto(IntEnum):
    """Why two records can never be one resident."""

    NONE = 0
    NHS_NUMBER = 1
    BIRTH_DATE = 2
    AGE = 3
    PROTECTED = 4
    REVIEWER = 5


WORDS: dict[Veto, str] = {
    Veto.NONE: "nothing forbids joining them",
    Veto.NHS_NUMBER: "they have two different valid NHS numbers",
    Veto.BIRTH_DATE: "they have two different birth dates, as a father and son of one name have",
    Veto.AGE: "one is a child and the other has an adult's title",
    Veto.PROTECTED: "one is protected and they are not known to share a home",
    Veto.REVIEWER: "a reviewer said that they are two people",
}


def find_vetoes(records: Encoded, left: Codes, right: Codes) -> Vetoes:
    """Give, for each pair of rows, the `Veto` that keeps it apart (0 for none)."""
    vetoes = np.empty(len(left), np.int8)
    _find_all(records.cells, left, right, int(records.birth_rule), vetoes)
    return vetoes


@lean
def _find_all(cells: Cells, left: Codes, right: Codes, rule: int, vetoes: Vetoes) -> None:
    for pair in range(len(left)):
        vetoes[pair] = find_veto(cells, left[pair], right[pair], rule)


def compare_with_vetoes(records: Encoded, left: Codes, right: Codes) -> tuple[Ints, Vetoes]:
    """Give each pair's pattern and veto, in one pass over the records."""
    patterns, vetoes = np.empty(len(left), np.int64), np.empty(len(left), np.int8)
    _judge_all(records.cells, records.texts, records.related, left, right, int(records.birth_rule), patterns, vetoes)
    return patterns, vetoes


@lean
def _judge_all(cells, texts, related, left, right, rule, patterns, vetoes):
    for pair in range(len(left)):
        patterns[pair] = compare_pair(cells, left[pair], right[pair], texts, related)
        vetoes[pair] = find_veto(cells, left[pair], right[pair], rule)


@lean
def find_veto(cells: Cells, i: int, j: int, rule: int) -> int:
    """Give what forbids joining two rows; `rule` says how different birth dates are judged."""
    if hidden_from_each_other(cells, i, cells, j):
        return 4
    if cells[i, C.NHS_NUMBER] >= 0 and cells[j, C.NHS_NUMBER] >= 0 and cells[i, C.NHS_NUMBER] != cells[j, C.NHS_NUMBER]:
        return 1
    if _have_different_births(cells, i, j, rule):
        return 2
    either, both = cells[i, C.MARKS] | cells[j, C.MARKS], cells[i, C.MARKS] & cells[j, C.MARKS]
    if either & _CHILD and either & _ADULT and not both & (_CHILD | _ADULT):
        return 3
    return 0


@inlined
def _agree(cells, i, j, column):
    return cells[i, column] >= 0 and cells[i, column] == cells[j, column]


@lean
def _have_different_births(cells: Cells, i: int, j: int, rule: int) -> bool:
    """Tell whether two rows have birth dates that no slip of the pen explains.

    A slip is day and month exchanged or one wrong digit. It is believed only where a phone, e-mail or home agrees, and across a
    generation not even there, for a father and son share all of these. Any difference is believed where a number given to one
    person agrees. A date without a day tells the year alone, so it forbids a join only across a generation.
    """
    if rule == BirthRule.NONE or cells[i, C.YEAR] < 0 or cells[j, C.YEAR] < 0:
        return False
    years = abs(cells[i, C.YEAR] - cells[j, C.YEAR])
    whole = cells[i, C.BIRTH] >= 0 and cells[j, C.BIRTH] >= 0
    if (cells[i, C.BIRTH] == cells[j, C.BIRTH]) if whole else (years < GENERATION_YEARS):
        return False
    if _agree(cells, i, j, C.NHS_NUMBER) or _agree(cells, i, j, C.NI_NUMBER) or _agree(cells, i, j, C.NUMBER):
        return False
    apart = digits_apart(cells[i, C.BIRTH], cells[j, C.BIRTH]) if whole else 1
    crossed = whole and exchanged(cells, i, j)
    if rule == BirthRule.LENIENT:
        return whole and apart > SLIP_DIGITS and not crossed
    if not whole or years >= GENERATION_YEARS:
        return True
    near = (
        _agree(cells, i, j, C.EMAIL)
        or _agree(cells, i, j, C.PHONE)
        or _agree(cells, i, j, C.HOME)
        or _agree(cells, i, j, C.POSTCODE)
    )
    return not (near and (apart == 1 or crossed))
