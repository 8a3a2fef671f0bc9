"""Protection that a new file takes away stops its load."""

import polars as pl
import pytest

from wardkeeper.sources.protection import count_unprotected

SCHEMA = {"record_id": pl.String, "protected": pl.Boolean}


def records(**protected):
    return pl.DataFrame({"record_id": list(protected), "protected": list(protected.values())}, schema=SCHEMA)


BEFORE = records(**{"care:A": True, "care:B": True, "care:C": False})


@pytest.mark.parametrize(
    ("now", "lost"),
    [
        ({"care:A": True, "care:B": True, "care:C": False}, 0),
        ({"care:A": False, "care:B": True, "care:C": False}, 1),
        ({"care:A": False, "care:B": False, "care:C": False}, 2),
        ({"care:A": True, "care:C": True, "care:D": False}, 0),
        ({}, 0),
        ({"care:A~row-9": False, "care:B": True}, 1),
        ({"care:A": False, "care:A~row-9": True, "care:B": True}, 0),
    ],
    ids=["all stay", "one", "both", "one gone, one new", "none there", "shared key", "one of a shared key"],
)
def test_keys_that_were_protected_and_are_not(now, lost):
    assert count_unprotected(records(**now), BEFORE) == lost


def test_records_without_a_key_say_nothing():
    before = records(**{"care:row-1": True, "care:row-2:2": True})
    assert count_unprotected(records(**{"care:row-1": False, "care:row-2:2": False}), before) == 0


def test_of_a_rows_further_people_each_counts():
    before = records(**{"care:A": True, "care:A:2": True})
    assert count_unprotected(records(**{"care:A": True, "care:A:2": False}), before) == 1
