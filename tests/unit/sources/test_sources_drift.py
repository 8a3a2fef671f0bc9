"""Drift between two deliveries: what is worth a question, and what is not."""

import math
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from wardkeeper.sources.changes import Changes, count_changes
from wardkeeper.sources.concerns import Doubt
from wardkeeper.sources.drift import Likeness, compare, say_likeness, stability
from wardkeeper.sources.profiles import ColumnQuality
from wardkeeper.sources.quality import QualityReport

BEFORE = QualityReport(
    columns=(
        ColumnQuality("Name", 1000, 1000, 990),
        ColumnQuality("Phone", 800, 780, 700),
        ColumnQuality("Need", 100, 100, 3, (("Hoist", 50), ("Oxygen", 50), ("(empty)", 900))),
    ),
    repeated=0,
    suspicious=(),
    extracted_on=date(2026, 10, 20),
    refresh_days=31,
    assumed=(),
    rows=1000,
    records=1000,
    months=(("2026-09", 400), ("2026-10", 600)),
)
NOW = replace(BEFORE, extracted_on=date(2026, 11, 20), months=(("2026-10", 600), ("2026-11", 400)))


def with_column(number, **changes):
    columns = list(NOW.columns)
    columns[number] = replace(columns[number], **changes)
    return replace(NOW, columns=tuple(columns))


def test_two_files_alike_raise_no_question():
    assert compare(NOW, BEFORE).concerns == ()


CHANGES = {
    "half of the rows": (
        replace(NOW, rows=500),
        Doubt.FEWER_ROWS,
        "The file has 500 rows; the one before had 1,000: 50% fewer.",
    ),
    "twice the rows": (
        replace(NOW, rows=2000),
        Doubt.MORE_ROWS,
        "The file has 2,000 rows; the one before had 1,000: 100% more.",
    ),
    "a column emptied": (
        with_column(1, filled=0, valid=0, distinct=0),
        Doubt.COLUMN_EMPTIED,
        "Phone is empty in every row; it was filled in 800 of 1,000 before.",
    ),
    "a column half as full": (
        with_column(1, filled=400, valid=390),
        Doubt.LESS_FILLED,
        "Phone is filled in 40% of rows; it was 80%.",
    ),
    "less of it sound": (
        with_column(1, valid=400),
        Doubt.LESS_VALID,
        "50% of the values in Phone can be used; it was 98%.",
    ),
    "filled by default": (
        with_column(1, distinct=2),
        Doubt.FEWER_VALUES,
        "Phone has 2 different values; it had 700.",
    ),
    "codes that changed": (
        with_column(2, codes=(("Hoist", 500), ("Oxygen", 0), ("(empty)", 500))),
        Doubt.OTHER_CODES,
        "The values of Need are shared out very differently from the file before (index 1.50).",
    ),
    "keys given out anew": (
        replace(NOW, changes=Changes(new=980, gone=970, kept=30)),
        Doubt.OTHER_KEYS,
        "Only 3% of the records before are in this file under the same key.",
    ),
    "an old extract under a new date": (
        replace(NOW, months=(("2026-08", 900),)),
        Doubt.NOTHING_NEW,
        "Its newest rows are older than those of the file of 2026-10-20.",
    ),
}


@pytest.mark.parametrize(("now", "doubt", "says"), CHANGES.values(), ids=CHANGES)
def test_what_needs_a_question(now, doubt, says):
    told = {one.doubt: one.says for one in compare(now, BEFORE).concerns}
    assert told.get(doubt) == says


SHARES = {
    "from full to none": (1.0, 0.0, Doubt.COLUMN_EMPTIED),
    "from much to a little": (0.9, 0.1, Doubt.COLUMN_DRAINED),
    "just above, to just below half": (0.61, 0.3, Doubt.COLUMN_DRAINED),
    "to exactly half": (0.8, 0.4, Doubt.LESS_FILLED),
    "from no more than three fifths": (0.6, 0.2, Doubt.LESS_FILLED),
    "from a few": (0.1, 0.02, None),
    "a little less": (0.9, 0.85, None),
    "more": (0.3, 0.9, Doubt.LESS_FILLED),
}


@pytest.mark.parametrize(("before", "now", "doubt"), SHARES.values(), ids=SHARES)
def test_how_much_of_a_column_may_go(before, now, doubt):
    """Those that are emptied or drained stop a load; the rest is told in the report."""
    was = replace(BEFORE, columns=(ColumnQuality("Phone", round(1000 * before), round(1000 * before), 15),))
    told = replace(NOW, columns=(ColumnQuality("Phone", round(1000 * now), round(1000 * now), 15),))
    assert [one.doubt for one in compare(told, was).concerns] == ([doubt] if doubt else [])


def test_a_column_that_was_not_there_is_compared_with_nothing():
    now = replace(NOW, columns=(*NOW.columns, ColumnQuality("New", 10, 10, 4)))
    new = compare(now, BEFORE).columns[-1]
    assert (new.filled_before, new.distinct_before, new.likeness) == (None, None, Likeness.UNKNOWN)


def test_a_handful_of_cells_may_go_by_chance_but_no_more():
    few = replace(BEFORE, columns=(*BEFORE.columns[:1], ColumnQuality("Phone", None, None, None), BEFORE.columns[2]))
    gone = with_column(1, filled=0, valid=0, distinct=0)
    assert compare(gone, few).concerns == ()
    ten = replace(BEFORE, columns=(*BEFORE.columns[:1], ColumnQuality("Phone", 10, 10, 3), BEFORE.columns[2]))
    assert [one.doubt for one in compare(gone, ten).concerns] == [Doubt.COLUMN_EMPTIED]


def test_small_files_raise_no_question_about_shares():
    small = replace(NOW, rows=10, columns=tuple(replace(one, filled=0, valid=0, distinct=0) for one in NOW.columns))
    assert [one.doubt for one in compare(small, replace(BEFORE, rows=20)).concerns] == []


def test_months_stand_side_by_side():
    assert compare(NOW, BEFORE).months == (("2026-09", 0, 400), ("2026-10", 600, 600), ("2026-11", 400, 0))


def test_changes_go_by_key_and_leave_row_numbers_out():
    now = ["club:1", "club:2", "club:2:2", "club:row-7", "club:3~row-9", "club:4"]
    before = ["club:1", "club:row-7", "club:2", "club:5", "club:3~row-9:2"]
    assert count_changes(pl.Series(now), pl.Series(before)) == Changes(new=2, gone=1, kept=2)


def test_the_index_by_hand():
    by_hand = (0.6 - 0.5) * math.log(0.6 / 0.5) + (0.4 - 0.5) * math.log(0.4 / 0.5)
    assert stability({"a": 60, "b": 40}, {"a": 50, "b": 50}) == pytest.approx(by_hand)
    assert stability({"a": 60}, {}) is None


def test_a_hidden_count_is_taken_as_the_middle_of_its_range():
    assert stability({"a": None, "b": 96}, {"a": 4, "b": 96}) == pytest.approx(0)


@pytest.mark.parametrize(
    ("index", "words"),
    [(0.05, Likeness.ALIKE), (0.2, Likeness.SHIFTED), (0.3, Likeness.DIFFERENT), (None, Likeness.UNKNOWN)],
)
def test_words_for_the_index(index, words):
    assert say_likeness(index) is words
