"""What a note on safe contact forbids.

Such a note may stand for somebody in danger: the wrong letter or text can hurt them. So a note that cannot be
understood forbids every way, and a person then decides.
"""

import re
from enum import StrEnum

import polars as pl


class Way(StrEnum):
    """A way to reach somebody that a note may forbid."""

    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    KNOCK = "knock"


EVERY_WAY = frozenset(Way)

OPEN_NOTES = frozenset({"none", "no restrictions", "no restriction", "any", "any method", "all", "ok", "yes", "safe"})
"""Notes that forbid nothing."""

SPOKEN = frozenset({"voicemail", "voicemails", "voice mail", "answerphone messages"})
"""Ways that no message takes, so that forbidding them forbids nothing here."""

CLOSED_NOTES = frozenset({"no contact", "do not contact", "no", "not safe", "unsafe", "do not write or call"})

WAY_WORDS: dict[str, frozenset[Way]] = {
    **dict.fromkeys(("text", "texts", "sms", "text message", "text messages"), frozenset({Way.TEXT})),
    # The number is not to be used at all: nobody says that a text to it is safe.
    **dict.fromkeys(("ring", "phone", "call", "telephone", "mobile", "phone calls", "calls"), frozenset({Way.TEXT})),
    **dict.fromkeys(("email", "emails", "e mail", "e mails"), frozenset({Way.EMAIL})),
    **dict.fromkeys(("letter", "letters", "post", "mail", "write", "in writing"), frozenset({Way.LETTER})),
    **dict.fromkeys(("visit", "visits", "knock", "in person", "home visit", "home visits"), frozenset({Way.KNOCK})),
    **dict.fromkeys(SPOKEN, frozenset()),
}
"""The words for each way, as `_plain` writes them."""

FORBIDS = re.compile(r"(?:please )?(?:do not|don t|dont|no|never) (?:(?:send|use|contact by|leave) )?(?:any |a )?(.+)")
ALLOWS_ONLY = re.compile(
    r"(?:please )?(?:(?:contact|use|send) )?(?:by |via )?(.+?) only|only (?:(?:contact|use|send) )?(?:by |via )?(.+)"
)
BETWEEN = re.compile(r" or | and | nor ")


def forbidden(note: str) -> frozenset[Way]:
    """Give the ways a note forbids; several notes are parted by semicolons. All of them when any part is not understood."""
    parts = [_plain(part) for part in note.split(";") if part.strip()]
    return frozenset().union(*(_forbidden_by(part) for part in parts))


def _plain(part: str) -> str:
    return re.sub(
        r"[^a-z0-9]+", " ", part.lower().replace(",", " or ").replace("/", " or ").replace("&", " or ")
    ).strip()


def _forbidden_by(part: str) -> frozenset[Way]:
    if part in OPEN_NOTES:
        return frozenset()
    if part in CLOSED_NOTES:
        return EVERY_WAY
    if found := FORBIDS.fullmatch(part):
        ways = _ways(found[1])
        return EVERY_WAY if ways is None else ways
    if found := ALLOWS_ONLY.fullmatch(part):
        ways = _ways(found[1] or found[2])
        return EVERY_WAY - (ways or frozenset())
    return EVERY_WAY


def _ways(words: str) -> frozenset[Way] | None:
    """Give the ways that words name; null when one of them is not known."""
    found = [WAY_WORDS.get(word.strip()) for word in BETWEEN.split(words)]
    known = [ways for ways in found if ways is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def add_forbidden(people: pl.DataFrame) -> pl.DataFrame:
    """Add no_text, no_email, no_letter and no_knock from safe_contact and safe_phone.

    Where a safe number is given, only it may be used, so every other way is forbidden.
    """
    notes = people["safe_contact"].drop_nulls().unique().to_list()
    read = {note: forbidden(note) for note in notes}
    only_number = pl.col("safe_phone").is_not_null()
    return people.with_columns(
        (
            pl.col("safe_contact").is_in([note for note, ways in read.items() if way in ways]).fill_null(value=False)
            | (only_number & (way is not Way.TEXT))
        ).alias(f"no_{way}")
        for way in Way
    )
