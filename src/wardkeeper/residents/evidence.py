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


FULL_NAME = Feature("name", _join_names(GIVEN))
INITIAL_NAME = Feature("name with an initial", _join_names(INITIAL))
FAMILY_ONLY = Feature("family name alone", _join(tuple(Level(f"have {f.words}", f.guess) for f in FAMILY), RIVALS))
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
        Level("have the same birth year, one given as 1 January", 1.5),
        Level("have different birth years, one given as 1 January", -3.0),
    ),
)
HOME = Feature(
    "home",
    (
        Level("are at homes in different places", -1.5),
        Level("are at homes in the same postcode district", -1.0),
        Level("are at different homes in one postcode", -0.5),
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
        Level("have the same phone, which one or two families use", 2.0),
        Level("have the same phone, which several families use", 1.0),
        Level("have the same phone, which many families use", 0.2),
    ),
)
EMAIL = Feature(
    "e-mail",
    (
        Level("have different e-mails", -0.5),
        Level("have the same e-mail, which others use too", 1.5),
        Level("have the same e-mail", 4.0),
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
NHS_NUMBER = Feature(
    "NHS number",
    (Level("have different NHS numbers", -12.0), Level("have the same NHS number", 12.0)),
)

SAME_NAME = 1 + (len(GIVEN) * len(FAMILY) - 1) * len(COMMON)
"""The lowest code of a full name that agrees wholly; all above it do too."""
LAST_OTHER_NAME = len(FAMILY) * len(COMMON)
"""The highest code of a full name whose given names plainly differ."""
OWN_EMAIL = 3
"""The code of one e-mail that nobody else uses."""
LIKE_BIRTH = 3
"""The lowest code of a birth date that agrees, but for a slip or a missing day."""
SAME_HOME = 5
"""The lowest code of one home."""
SELDOM_REPEATS = 2
"""The code of two records from one source that seldom repeats a person."""

FEATURES: tuple[Feature, ...] = (
    FULL_NAME,
    INITIAL_NAME,
    FAMILY_ONLY,
    MIDDLE,
    BIRTH,
    HOME,
    PHONE,
    EMAIL,
    SEX,
    SOURCE,
)
"""What the weights are learned for. The NHS number stands outside: it labels pairs, and its weight is fixed."""
