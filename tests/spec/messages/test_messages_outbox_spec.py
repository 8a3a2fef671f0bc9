"""What is to be sent now: today's audience beside the messages there are. Nobody is written to twice."""

import polars as pl
import pytest

from wardkeeper.messages.outbox import NOT_WORKING, fill_outbox, leave_out_numbers

RECIPIENTS = ("reference", "home_id")
KNOWN = ("reference", "state", "home_id")


def frame(columns, *rows):
    return pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.String), orient="row")


@pytest.mark.parametrize(
    ("today", "known", "send", "add", "withdraw", "revive", "done", "covered"),
    [
        # Two people of one home, nothing sent yet: both are written to.
        ([("a", "1"), ("b", "1")], [], "ab", "ab", "", "", 0, 0),
        # One of them has been written to, the other waits: the other still is.
        ([("a", "1"), ("b", "1")], [("a", "accepted", "1"), ("b", "waiting", "1")], "b", "", "", "", 1, 0),
        # A number that came to light in a home that has been written to: nothing more.
        ([("a", "1"), ("c", "1")], [("a", "delivered", "1")], "", "", "", "", 1, 1),
        # What may have gone out counts as gone out.
        ([("a", "1"), ("c", "1")], [("a", "claimed", "1")], "", "", "", "", 1, 1),
        # The text failed: the home's next way is sent.
        ([("e", "1")], [("a", "failed", "1")], "e", "e", "", "", 0, 0),
        # Somebody who waits is no longer to be written to.
        ([], [("a", "waiting", "1")], "", "", "a", "", 0, 0),
        # An objection was taken back.
        ([("a", "1")], [("a", "withdrawn", "1")], "a", "", "", "a", 0, 0),
        # What failed is not tried the same way again.
        ([("a", "1")], [("a", "failed", "1")], "", "", "", "", 0, 0),
        ([("a", "1")], [("a", "unknown", "1")], "", "", "", "", 0, 0),
        # People without a known home stand for themselves.
        ([("a", None), ("b", None)], [("a", "delivered", None)], "b", "b", "", "", 1, 0),
    ],
)
def test_what_is_sent(today, known, send, add, withdraw, revive, done, covered):
    box = fill_outbox(frame(RECIPIENTS, *today), frame(KNOWN, *known))
    assert "".join(box.send["reference"]) == send
    assert "".join(box.add["reference"]) == add
    assert "".join(box.withdraw) == withdraw
    assert "".join(box.revive) == revive
    assert (box.done, box.covered) == (done, covered)


def test_a_number_that_did_not_work_is_left_out_and_a_safe_one_is_not_replaced():
    people = pl.DataFrame(
        {
            "phone": ["+447700900301", "+447700900302", "+447700900303"],
            "email": ["Ann@Example.com", "b@example.com", None],
            "safe_phone": [None, "+44 7700 900301", None],
        }
    )
    left = leave_out_numbers(people, ["+447700900301", "ann@example.com"])
    assert left["phone"].to_list() == [None, "+447700900302", "+447700900303"]
    assert left["email"].to_list() == [None, "b@example.com", None]
    assert left["safe_phone"].to_list() == [None, NOT_WORKING, None]
    assert leave_out_numbers(people, []).equals(people)
