"""The kinds of evidence a pair of records can show: features, their levels, and plain words for each.

A level has a first guess of its weight (natural log of how many times more often it is seen in one person's records than in
two people's). Guesses only start the fit and check its sanity; what counts is learned from the records.
"""

from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, slots=True)
class Level:
    """One thing a comparison can find, in words that end the sentence "the two records …", and a first guess."""

    words: str
    guess: float


@dataclass(frozen=True, slots=True)
class Feature:
    """One kind of evidence. Level codes start at 1; 0 is "cannot tell" and never counts either way."""

    name: str
    levels: tuple[Level, ...]

    @property
    def span(self) -> int:
        """Number of codes, the missing one included."""
        return len(self.levels) + 1


GIVEN = (
    Level("have different given names", -9.0),
    Level("have given names that are somewhat alike", -3.0),
    Level("have given names that differ by a slip of the pen", 2.5),
    Level("have given names that are forms of one name", 2.5),
    Level("have the same given name", 3.5),
)
FAMILY = (
    Level("different family names", -2.5),
    Level("family names that share a part", 1.5),
    Level("family names that differ by a slip of the pen", 1.5),
    Level("the same family name", 2.0),
)
COMMON = (
    Level("found at one or two homes only", 1.5),
    Level("found at a few homes", 0.5),
    Level("found at many homes", -0.5),
    Level("found at very many homes", -1.5),
)
INITIAL = (
    Level("have different initials", -4.0),
    Level("have an initial that fits, as it fits others of the household", 0.0),
    Level("have an initial that fits", 1.5),
)
RIVALS = (
    Level("with nobody else of that name at the home", 1.0),
    Level("with others of that name at the home", -1.0),
)


def _join(*parts: tuple[Level, ...]) -> tuple[Level, ...]:
    """Every combination of levels as one level, the last part changing fastest."""
    return tuple(
        Level(", ".join(level.words for level in levels), sum(level.guess for level in levels))
        for levels in product(*parts)
    )


def _join_names(first: tuple[Level, ...]) -> tuple[Level, ...]:
    """As `_join`, but a family name and its rarity speak for one person only where the given names do not conflict."""
    return tuple(
        Level(level.words, min(level.guess, given.guess) if given.guess < -2 else level.guess)
        for given, level in zip(
            (given for given in first for _ in range(len(FAMILY) * len(COMMON))),
            _join(first, FAMILY, COMMON),
            strict=True,
        )
    )


_FULL = _join_names(GIVEN)
_CROSSED = _join((Level("have given and family name exchanged", 4.0),), COMMON)
_INITIALS = _join_names(INITIAL)
_FAMILY_ONLY = _join(tuple(Level(f"have {level.words}, given names unknown", level.guess) for level in FAMILY), RIVALS)
_GIVEN_ONLY = _join(tuple(Level(f"{level.words}, family names unknown", level.guess) for level in GIVEN), COMMON)

FULL_FROM = 1
CROSSED_FROM = FULL_FROM + len(_FULL)
INITIALS_FROM = CROSSED_FROM + len(_CROSSED)
FAMILY_ONLY_FROM = INITIALS_FROM + len(_INITIALS)
GIVEN_ONLY_FROM = FAMILY_ONLY_FROM + len(_FAMILY_ONLY)
"""The lowest code of each way to compare two names: a pair shows one of them."""

NAME = Feature("name", (*_FULL, *_CROSSED, *_INITIALS, *_FAMILY_ONLY, *_GIVEN_ONLY))
MIDDLE = Feature(
    "middle name",
    (
        Level("have different middle names", -2.0),
        Level("have middle initials that fit", 1.0),
        Level("have the same middle name", 2.0),
    ),
)
BIRTH = Feature(
    "birth date",
    (
        Level("have different birth dates", -5.0),
        Level("have birth dates that agree in part", -1.0),
        Level("have birth dates that differ by one digit", 1.0),
        Level("have birth dates with day and month exchanged", 2.0),
        Level("have the same birth date", 5.0),
        Level("have the same birth date, which several names have", 4.5),
        Level("have the same birth date, which many names have", 4.0),
        Level("have the same birth year, one without a day", 1.5),
        Level("have different birth years, one without a day", -3.0),
    ),
)
HOME = Feature(
    "home",
    (
        Level("are at homes in different places", -1.5),
        Level("are at homes in the same postcode district", -1.0),
        Level("are at different homes in one postcode", -0.5),
        Level("are in one postcode, an address not told", 0.0),
        Level("are in one building, one without the number of the flat", 1.5),
        Level("have addresses that differ by a slip in a number", 1.0),
        Level("have addresses that differ by a slip of the pen", 2.0),
        Level("are at the same home, where few names are known", 3.0),
        Level("are at the same home, where several names are known", 2.0),
        Level("are at the same home, where many names are known", 1.0),
    ),
)
PHONE = Feature(
    "phone",
    (
        Level("have different phones", -0.3),
        Level("have phones that differ by a slip", 1.5),
        Level("have the same phone, which one or two families use", 2.0),
        Level("have the same phone, which several families use", 1.0),
        Level("have the same phone, which many families use", 0.2),
    ),
)
EMAIL = Feature(
    "e-mail",
    (
        Level("have different e-mails", -0.5),
        Level("have e-mails that differ by a slip", 3.0),
        Level("have the same e-mail, which others use too", 1.5),
        Level("have the same e-mail", 4.0),
    ),
)
NUMBER = Feature(
    "other number",
    (
        Level("have different numbers", -2.0),
        Level("have numbers that differ by a slip", 4.0),
        Level("have the same number", 6.0),
    ),
)
PLACE = Feature(
    "place",
    (
        Level("name different places", -1.0),
        Level("name places that are alike", 1.0),
        Level("name the same place, which many name", 1.0),
        Level("name the same place, which few name", 2.0),
    ),
)
ATTRIBUTE = Feature(
    "attribute",
    (
        Level("have different attributes", -1.0),
        Level("have the same attribute, which many have", 0.5),
        Level("have the same attribute, which few have", 1.5),
    ),
)
SEX = Feature("sex", (Level("are of different sex", -3.0), Level("are of the same sex", 0.5)))
SOURCE = Feature(
    "source",
    (
        Level("come from different sources", 0.3),
        Level("come from one source that seldom repeats a person", -2.5),
        Level("come from one source that repeats people", -0.3),
    ),
)
NI_NUMBER = Feature(
    "NI number",
    (
        Level("have different NI numbers", -6.0),
        Level("have NI numbers that differ by a slip", 4.0),
        Level("have the same NI number", 12.0),
    ),
)
NHS_NUMBER = Feature(
    "NHS number",
    (Level("have different NHS numbers", -12.0), Level("have the same NHS number", 12.0)),
)

LEARNED: tuple[Feature, ...] = (NAME, MIDDLE, BIRTH, HOME, PHONE, EMAIL, NUMBER, PLACE, ATTRIBUTE, SEX, SOURCE)
"""What the weights are learned for."""
FIXED: tuple[Feature, ...] = (NI_NUMBER, NHS_NUMBER)
"""Strong identifiers stand outside the model: they label pairs, and their weights are fixed."""
FEATURES: tuple[Feature, ...] = (*LEARNED, *FIXED)
