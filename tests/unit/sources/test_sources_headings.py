import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.headings import DEPTH, Heading, describe, find_heading

COLUMNS = ("Ref", "Post Code")

FOUND = {
    "first row": ([["Ref", "Post Code"]], Heading(0, 2, (0, 1), ())),
    "another order": ([["Post Code", "Ref"]], Heading(0, 2, (1, 0), ())),
    "case and spacing": ([[" REF ", "post_code"]], Heading(0, 2, (0, 1), ())),
    "below titles": ([["Bins"], [], ["Ref", "Post Code", "Note", ""]], Heading(2, 4, (0, 1), ("Note",))),
    "a title that repeats a word": ([["Ref"], ["Ref", "Post Code"]], Heading(1, 2, (0, 1), ())),
}


@pytest.mark.parametrize(("rows", "heading"), FOUND.values(), ids=FOUND)
def test_find_heading(rows, heading):
    assert find_heading(rows, COLUMNS) == heading


REFUSED = {
    "no rows": ([], "None of the promised columns"),
    "too far down": ([[""]] * DEPTH + [["Ref", "Post Code"]], "None of the promised columns"),
    "one missing": ([["Ref", "Postcode"]], "The file has no column Post Code"),
    "one twice": ([["Ref", "Post Code", "ref"]], "The file has two columns named Ref"),
}


@pytest.mark.parametrize(("rows", "message"), REFUSED.values(), ids=REFUSED)
def test_no_heading(rows, message):
    with pytest.raises(BadInput, match=message) as caught:
        find_heading(rows, COLUMNS)
    assert caught.value.where.rule == "wrong-columns"


def test_describe_says_what_was_passed_over():
    assert describe(Heading(0, 2, (0, 1), ())) == ()
    assert describe(Heading(2, 4, (0, 1), ("Note", "Round"))) == (
        "2 rows above the heading were titles",
        "columns not in the contract were not read: Note, Round",
    )
