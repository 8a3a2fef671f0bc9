"""Reasons: what a person writes in; what may be kept, or why not, out."""

import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.kernel.reasons import check_reason


@pytest.mark.parametrize(
    "reason",
    [
        "Cases rose for weeks.",
        "  A workplace outbreak, known to the team since 2026-11-14. ",
        "Loads of 14/11/2026 and 21/11/2026 agree; 1,404 cases in M33 and WA14.",
        "46 cases where 13 were expected, 3.6 times as many.",
        "是",
    ],
)
def test_a_reason_is_kept_without_the_spaces_around_it(reason):
    assert check_reason(reason) == reason.strip()


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "No reason was given."),
        (" \u200b ", "No reason was given."),
        ("...", "No reason was given."),
        ("x" * 501, "The reason has 501 characters."),
        ("She lives at M33 6UH.", "postcode"),
        ("he is at m336uh", "postcode"),
        ("Ring 07700 900123.", "long number"),
        ("Ring +44 (0)7700-900 123.", "long number"),
        ("UPRN 100012345678", "long number"),
        ("Ask j.smith@example.org", "email"),
    ],
)
def test_a_reason_that_says_nothing_or_holds_somebody_is_refused_without_being_repeated(reason, message):
    with pytest.raises(BadInput, match=message) as refused:
        check_reason(reason)
    assert not reason.strip() or reason not in str(refused.value)
