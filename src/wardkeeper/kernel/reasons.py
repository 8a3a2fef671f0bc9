"""A reason that a person gives for a decision. It stays readable for ever, so it must say something and name nobody."""

import re

from wardkeeper.kernel.errors import BadInput, Where

LONGEST = 500
"""Characters in a reason."""

NAMES_SOMEBODY = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b"
    r"|\S@\S"
    r"|\d{7,}|(?:\d[\s()+-]{0,2}){10,}",
    re.IGNORECASE,
)
"""A whole postcode, an email address, and a number as long as a telephone's or a record's."""

DATES = re.compile(r"\b(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})\b")


def check_reason(reason: str) -> str:
    """Give a reason without spaces around it.

    Raises BadInput when it says nothing, is longer than LONGEST characters, or holds what is about one home or person.
    Names can't be told from other words: whoever writes is asked for none.
    """
    words = reason.strip()
    for is_so, message in (
        (not any(mark.isalnum() for mark in words), "No reason was given."),
        (len(words) > LONGEST, f"The reason has {len(words):,} characters."),
        (
            NAMES_SOMEBODY.search(DATES.sub("a day", words)),
            "The reason holds a postcode, an email address or a long number.",
        ),
    ):
        if is_so:
            next_ = f"Say why in a sentence, in at most {LONGEST} characters. Name nobody: it is kept for ever."
            raise BadInput(message, next_, Where(column="reason", rule="reason"))
    return words
