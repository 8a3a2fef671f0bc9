"""What changed between two versions of a document, as a person reads it."""

import pytest

from wardkeeper.kernel.toml_changes import compare

CHANGES = {
    "nothing": ("a = 1", "a = 1", []),
    "only order and comments": ("a = 1\nb = 2", "# so\nb = 2\na = 1", []),
    "a value": ("[source]\ndays = 31", "[source]\ndays = 7", ["source.days: 31 → 7"]),
    "a key more": ("", 'sheet = "Data"', ['sheet: added, "Data"']),
    "a key less": ("day = 2026-11-22", "", ['day: taken out, was "2026-11-22"']),
    "a named entry's key": (
        '[[column]]\nname = "DOB"\nas = "fact"',
        '[[column]]\nname = "DOB"\nas = "birth-date"',
        ['column.“DOB”.as: "fact" → "birth-date"'],
    ),
    "a named entry more, and the order of entries": (
        '[[column]]\nname = "A"\n[[column]]\nname = "B"',
        '[[column]]\nname = "B"\n[[column]]\nname = "C"\n[[column]]\nname = "A"',
        ['column.“C”: added, {"name": "C"}'],
    ),
    "two entries of one name": (
        '[[factor]]\ncolumn = "A"\n[[factor]]\ncolumn = "A"\nfilled = true',
        '[[factor]]\ncolumn = "A"\n[[factor]]\ncolumn = "A"\nfilled = false',
        ["factor.“A” (2).filled: true → false"],
    ),
    "entries without a name": ("[[x]]\ny = 1", "[[x]]\ny = 2", ["x.“1”.y: 1 → 2"]),
    "a plain list": ("key = [1]", "key = [1, 2]", ["key: [1] → [1, 2]"]),
    "a table for a value": ("a = 1", "[a]\nb = 1", ['a: 1 → {"b": 1}']),
}


@pytest.mark.parametrize(("before", "after", "told"), CHANGES.values(), ids=CHANGES)
def test_the_keys_that_differ_are_told_and_no_others(before, after, told):
    assert [str(one) for one in compare(before, after)] == told


def test_a_long_value_is_cut():
    told = str(compare("", f'text = "{"x" * 500}"')[0])
    assert len(told) < 120
    assert told.endswith("…")
