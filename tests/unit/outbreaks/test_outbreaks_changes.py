"""A change in cases, in words."""

import pytest

from wardkeeper.outbreaks.changes import Change, compare, say_share


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.21, "21% more cases than the week before"),
        (0.9, "10% fewer cases than the week before"),
        (2.9, "190% more cases than the week before"),
        (14.8, "about 15 times as many cases as the week before"),
        (1.01, "about as many cases as the week before"),
        (float("nan"), "about as many cases as the week before"),
    ],
)
def test_cases_beside_others(ratio, words):
    assert compare(Change(ratio), "the week before") == words


def test_which_cases_are_meant_is_said_before_the_others():
    assert compare(Change(1), "before", when="this week") == "about as many cases this week as before"


@pytest.mark.parametrize(
    ("cases", "words"),
    [(7, "7 cases in the newest week, none the week before"), (1, "1 case in the newest week, none the week before")],
)
def test_a_rise_from_no_case_at_all_is_no_multiple(cases, words):
    assert compare(Change(2 * cases + 1, from_none=cases), "the week before", when="in the newest week") == words


def test_a_share_has_no_sign_and_no_space():
    assert say_share(-0.214) == "21%"
