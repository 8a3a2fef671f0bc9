"""Which group keeps which id, counted by hand."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from wardkeeper.kernel.ids import mint
from wardkeeper.residents.identities import ENTROPY, MEANINGS, Change, keep_ids


class Tap:
    """Entropy that counts how often it is asked, and for how much."""

    def __init__(self):
        self.asked = []

    def __call__(self, size):
        self.asked.append(size)
        return bytes(number % 256 for number in range(size))


def records(*days, protected=()):
    return pl.DataFrame(
        {
            "record_id": [f"r{number}" for number in range(len(days))],
            "seen_on": [date(2026, 1, day) for day in days],
            "protected": [number in protected for number in range(len(days))],
        },
        schema={"record_id": pl.String, "seen_on": pl.Date, "protected": pl.Boolean},
    )


def held(**residents):
    rows = [(f"r{number}", resident) for resident, numbers in residents.items() for number in numbers]
    return pl.DataFrame(rows, schema=["record_id", "resident_id"], orient="row")


def keep(frame, groups, previous):
    return keep_ids(frame, np.array(groups, dtype=np.int64), previous, Tap())


def test_without_a_past_every_group_is_minted_with_one_draw():
    tap = Tap()
    found = keep_ids(records(1, 1, 1), np.array([0, 1, 0]), None, tap)
    assert tap.asked == [2 * ENTROPY]
    assert found.ids == [mint("res", bytes(range(8))), mint("res", bytes(range(8, 16)))]
    assert found.shifts == []


def test_no_entropy_is_drawn_when_nobody_is_new():
    tap = Tap()
    assert keep_ids(records(1, 1), np.array([0, 1]), held(x=[0], y=[1]), tap).ids == ["x", "y"]
    assert tap.asked == []


def test_most_records_decide():
    found = keep(records(1, 1, 1), [0, 0, 0], held(x=[0], y=[1, 2]))
    assert found.ids == ["y"]
    assert [(shift.change, shift.before, shift.after) for shift in found.shifts] == [(Change.MERGED, "x", "y")]
    assert (found.shifts[0].moved, found.shifts[0].stayed) == (0, 1)


def test_the_oldest_record_decides_between_equals():
    assert keep(records(9, 2), [0, 0], held(x=[0], y=[1])).ids == ["y"]


def test_the_lowest_record_decides_when_the_days_are_equal_too():
    assert keep(records(2, 2), [0, 0], held(x=[0], y=[1])).ids == ["x"]


def test_the_larger_part_of_a_split_keeps_the_id():
    found = keep(records(1, 1, 1), [0, 1, 1], held(x=[0, 1, 2]))
    assert found.ids[1] == "x"
    assert found.ids[0].startswith("res-")
    assert [(shift.change, shift.before, shift.after) for shift in found.shifts] == [(Change.SPLIT, "x", found.ids[0])]


def test_a_group_that_loses_its_first_choice_takes_its_next():
    found = keep(records(1, 1, 1, 1, 1), [0, 0, 0, 1, 1], held(x=[0, 1, 3], y=[2, 4]))
    assert found.ids == ["x", "y"]
    assert {(shift.change, shift.before, shift.after) for shift in found.shifts} == {
        (Change.MOVED, "x", "y"),
        (Change.MOVED, "y", "x"),
    }


def test_records_that_have_gone_leave_their_id_with_those_that_stay():
    found = keep(records(1), [0], held(x=[0, 7, 8]))
    assert (found.ids, found.shifts) == (["x"], [])


def test_an_id_shared_with_a_protected_group_stays_with_the_other():
    found = keep(records(1, 1, 1, protected=[1, 2]), [0, 1, 1], held(x=[0, 1, 2]))
    assert found.ids[0] == "x"
    assert found.ids[1].startswith("res-")
    assert found.shifts == []


def test_every_change_has_its_meaning():
    assert set(MEANINGS) == set(Change)


@pytest.mark.parametrize("groups", [[], [0]])
def test_any_number_of_groups_is_named(groups):
    assert len(keep(records(*[1] * len(groups)), groups, None).ids) == len(groups)
