"""Forms of a message for people who can't use the plain one: how many may need each, and whether the words offer it.

Public bodies must make such adjustments (Equality Act 2010, section 20), and health bodies must ask for and meet such
needs (NHS Accessible Information Standard, DAPB1605). Records tell conditions, not wishes, so counts are of people who
*may* need a form: the words must say how anybody can ask for it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from wardkeeper.messages.campaigns import Format
from wardkeeper.messages.few import FEWEST
from wardkeeper.messages.scripts import SIGNED
from wardkeeper.messages.wording import Wording

MAY_NEED: dict[str, tuple[Format, ...]] = {
    "sight-loss": (Format.LARGE_PRINT, Format.AUDIO, Format.BRAILLE),
    "hearing-loss": (Format.BRITISH_SIGN_LANGUAGE,),
    "learning-disability": (Format.EASY_READ,),
    "memory-loss": (Format.EASY_READ,),
}
"""The forms that somebody with a known fact may need."""

OFFERS: dict[Format, re.Pattern[str]] = {
    Format.LARGE_PRINT: re.compile(r"\b(?:large|larger|big|bigger) (?:print|letters|type)\b", re.IGNORECASE),
    Format.EASY_READ: re.compile(r"\beasy[- ]read\b", re.IGNORECASE),
    Format.AUDIO: re.compile(r"\b(?:audio|recording|read (?:it )?(?:out )?to you|listen)\b", re.IGNORECASE),
    Format.BRITISH_SIGN_LANGUAGE: re.compile(r"\b(?:bsl|british sign language|sign language)\b", re.IGNORECASE),
    Format.BRAILLE: re.compile(r"\bbraille\b", re.IGNORECASE),
}
"""Words that say that a form can be had."""

NAMES: dict[Format, str] = {
    Format.LARGE_PRINT: "large print",
    Format.EASY_READ: "easy read",
    Format.AUDIO: "audio",
    Format.BRITISH_SIGN_LANGUAGE: "British Sign Language",
    Format.BRAILLE: "Braille",
}


@dataclass(frozen=True, slots=True)
class FormatNeed:
    """How many people may need a form (null when no record tells), and whether it is made or offered by the words."""

    format: Format
    people: int | None
    met: bool

    @property
    def words(self) -> str:
        """What to do when it is missing; empty when it is not."""
        if self.met:
            return ""
        name = NAMES[self.format]
        who = "People here may need"
        if self.people and self.people >= FEWEST:
            who = f"{self.people:,} people here may need"
        return f"{who} {name}. Say how to get it, such as “For {name} ring 0161 496 0000”."


def weigh_formats(
    audience: pl.DataFrame, facts: pl.DataFrame | None, wording: Wording, made: Collection[Format] = ()
) -> tuple[FormatNeed, ...]:
    """Give the need for each form. `audience` has resident_id and language; `facts` resident_id and factor, or is null where unknown.

    A form that nobody on record may need counts as met. Where nothing is known, all but Braille must be offered.
    """
    counted = {} if facts is None else _count(audience, facts)
    words = f"{wording.subject}\n{wording.filled}"
    return tuple(
        FormatNeed(
            one,
            None if facts is None else counted.get(one, 0),
            one in made or OFFERS[one].search(words) is not None or not _is_needed(one, facts, counted),
        )
        for one in Format
    )


def _is_needed(one: Format, facts: pl.DataFrame | None, counted: dict[Format, int]) -> bool:
    return one is not Format.BRAILLE if facts is None else counted.get(one, 0) > 0


def _count(audience: pl.DataFrame, facts: pl.DataFrame) -> dict[Format, int]:
    theirs = facts.filter(pl.col("factor").is_in(list(MAY_NEED))).join(audience, on="resident_id", how="semi")
    needed = theirs.select(
        "resident_id",
        pl.col("factor").replace_strict(
            {factor: list(forms) for factor, forms in MAY_NEED.items()}, return_dtype=pl.List(pl.String)
        ),
    ).explode("factor")
    signing = audience.filter(pl.col("language") == SIGNED).select(
        "resident_id", factor=pl.lit(Format.BRITISH_SIGN_LANGUAGE.value)
    )
    counts = pl.concat([needed, signing]).unique().group_by("factor").len("people")
    return {Format(name): int(people) for name, people in counts.iter_rows()}
