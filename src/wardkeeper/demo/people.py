"""People: birth dates, names, numbers and contact details for everyone in the households."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from wardkeeper.demo import ages
from wardkeeper.demo.compositions import (
    CARE,
    CHILDREN,
    COMPOSITIONS,
    DISABILITY,
    ENGLISH,
    HEALTH,
    PARTNERS,
    ROLES,
    TENURES,
    TRADITIONS,
)
from wardkeeper.demo.draws import Flags, Floats, Ints, Texts, draw_rows, draw_share, stage
from wardkeeper.demo.households import CARE_HOME, Households
from wardkeeper.demo.names import draw_families, draw_given, draw_languages
from wardkeeper.demo.numbers import landlines, mobiles, nhs_numbers
from wardkeeper.demo.parameters import Parameters

DAYS_PER_YEAR = 365.2425
TAKES_NAME = 0.86
"""Share of married women who use their husband's family name (YouGov, 2016: 89 % said most do; taken down a little)."""
SHARES_NAME = 0.12
"""Share of unmarried couples who use one name."""
RENAMED_LATELY = 0.12
"""Share of married women under 45 who changed name within the last three years."""
SAME_NAME_SON = 0.012
"""Share of sons named exactly as their father."""
MIDDLE_NAME = 0.62
SECOND_TRADITION = 0.06
"""Share of partners whose own name comes from another tradition."""

_MARRIED = [row for row, name in enumerate(COMPOSITIONS) if name.startswith("married") or name == "couple-older"]
_UNRELATED = [COMPOSITIONS.index("several-other"), CARE_HOME]
_CHILD = [ROLES.index(role) for role in CHILDREN]
_PARTNER = [ROLES.index(role) for role in PARTNERS]


@dataclass(frozen=True, slots=True)
class Seats:
    """Who sits where: a row a person, with the household's columns beside it."""

    household: Ints
    place: Ints
    role: Ints
    kind: Ints
    composition: Ints
    tradition: Ints
    age: Floats
    twin: Flags
    female: Flags

    @property
    def head(self) -> Ints:
        """The row of the first person in each person's household."""
        return np.arange(len(self.place)) - self.place

    @property
    def band(self) -> Ints:
        """Five-year age band."""
        return np.minimum(self.age // 5, 17).astype(np.int64)


def build_people(parameters: Parameters, households: Households, seed: int, today: date) -> pl.DataFrame:
    """Build everyone, a row each in the order of households: see `district.District.people` for the columns."""
    seats = _seat(parameters, households, seed)
    born = _date_births(seats, today)
    names = _name_everyone(seats, born, seed)
    conditions = _draw_conditions(parameters, seats, seed)
    return pl.concat(
        [_describe(seats, households, born), names, _draw_contacts(seats, names, seed), conditions], how="horizontal"
    )


def _seat(parameters: Parameters, households: Households, seed: int) -> Seats:
    household, place, role = ages.expand(households)
    kind = households.kind[household]
    age, twin = ages.draw_ages(parameters, kind, household, role, seed)
    female = ages.draw_sexes(parameters, kind, role, place, age, seed)
    composition = households.composition[household]
    return Seats(household, place, role, kind, composition, households.tradition[household], age, twin, female)


def _date_births(seats: Seats, today: date) -> pl.Series:
    """Turn ages into birth dates; twins share one."""
    days = np.floor(seats.age * DAYS_PER_YEAR).astype("timedelta64[D]")
    return pl.Series("birth_date", np.datetime64(today, "D") - days)


def _describe(seats: Seats, households: Households, born: pl.Series) -> pl.DataFrame:
    number = np.strings.zfill(np.arange(1, len(seats.place) + 1).astype(str), 6)
    tenure = np.array([*TENURES, "care home"])[households.tenure[seats.household]]
    return pl.DataFrame(
        {
            "person_id": np.strings.add("p", number),
            "household": seats.household,
            "place": seats.place,
            "role": np.array(ROLES)[seats.role],
            "composition": np.array([*COMPOSITIONS, "communal"])[seats.composition],
            "kind": seats.kind,
            "tenure": tenure,
            "age": np.floor(seats.age).astype(np.int64),
            "birth_date": born,
            "twin": seats.twin,
        }
    )


def _name_everyone(seats: Seats, born: pl.Series, seed: int) -> pl.DataFrame:
    """Name everyone: families share names, most wives take their husband's, children their father's or first parent's."""
    random = stage(seed, "names")
    count = len(seats.place)
    mixed = draw_share(random, SECOND_TRADITION, count) & np.isin(seats.role, _PARTNER)
    own = np.where(mixed, random.integers(0, len(TRADITIONS), count), seats.tradition)
    birth_family = draw_families(random, own)
    father = _find_father(seats)
    family, former = _share_families(random, seats, birth_family, father)
    year = born.dt.year().to_numpy().astype(np.int64)
    given = _part_siblings(random, seats, own, year, draw_given(random, own, seats.female, year))
    given = _name_after_father(random, seats, given, father)
    middle = np.where(draw_share(random, MIDDLE_NAME, count), draw_given(random, own, seats.female, year), "")
    renamed = (former != "") & (seats.age < 45) & draw_share(random, RENAMED_LATELY, count)
    return pl.DataFrame(
        {
            "sex": np.where(seats.female, "female", "male"),
            "title": _title(random, seats, former != ""),
            "given": given,
            "middle": middle,
            "family": family,
            "former_family": former,
            "renamed": renamed,
            "tradition": np.array(TRADITIONS)[own],
        }
    )


def _find_father(seats: Seats) -> Ints:
    """Give the row of the man among the first two of each household; the first person where there is none."""
    head = seats.head
    second = np.minimum(head + 1, len(head) - 1)
    has_second = seats.household[second] == seats.household
    return np.where(seats.female[head] & has_second & ~seats.female[second], second, head)


def _share_families(
    random: np.random.Generator, seats: Seats, birth_family: Texts, father: Ints
) -> tuple[Texts, Texts]:
    """Give everyone's family name, and the birth name of those who took another's."""
    count = len(seats.place)
    takes = np.where(np.isin(seats.composition, _MARRIED), TAKES_NAME, SHARES_NAME)
    wife = np.isin(seats.role, _PARTNER) & (father != np.arange(count)) & seats.female
    took = wife & draw_share(random, takes, count)
    child = np.isin(seats.role, _CHILD)
    related = ~np.isin(seats.composition, _UNRELATED) & ~np.isin(seats.role, _PARTNER) & draw_share(random, 0.8, count)
    family = np.where(took | child | related, birth_family[father], birth_family)
    return family, np.where(took & (birth_family != family), birth_family, "")


def _part_siblings(random: np.random.Generator, seats: Seats, own: Ints, year: Ints, given: Texts) -> Texts:
    """Draw again where two of one household came out with one name: families avoid it."""
    for _ in range(3):
        order = np.lexsort((given, seats.household))
        same = (given[order][1:] == given[order][:-1]) & (seats.household[order][1:] == seats.household[order][:-1])
        again = order[1:][same]
        given[again] = draw_given(random, own[again], seats.female[again], year[again])
    return given


def _name_after_father(random: np.random.Generator, seats: Seats, given: Texts, father: Ints) -> Texts:
    """Give a few sons their father's name."""
    son = np.isin(seats.role, _CHILD) & ~seats.female & ~seats.female[father]
    first_son = son & (np.append(-1, seats.household[:-1]) == seats.household) & (seats.place <= 2)
    return np.where(first_son & draw_share(random, SAME_NAME_SON, len(given)), given[father], given)


def _title(random: np.random.Generator, seats: Seats, took_name: Flags) -> Texts:
    """Give titles as councils hold them."""
    married = np.isin(seats.composition, _MARRIED) | took_name
    roll = random.random(len(seats.age))
    women = np.where(
        married & (roll < 0.9),
        "Mrs",
        np.where((seats.age > 70) & (roll < 0.7), "Mrs", np.where(roll < 0.5, "Miss", "Ms")),
    )
    men = np.where((seats.age < 14) & (roll < 0.5), "Master", "Mr")
    adult = np.where(seats.female, women, men)
    return np.where(
        (seats.age > 26) & (random.random(len(roll)) < 0.012),
        "Dr",
        np.where((seats.age < 16) & seats.female, "Miss", adult),
    )


def _draw_contacts(seats: Seats, names: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Give NHS numbers, telephones and e-mail; a landline belongs to the household."""
    random = stage(seed, "contacts")
    count = len(seats.place)
    landline = landlines(random, int(seats.household.max()) + 1)[seats.household]
    has_landline = (random.random(int(seats.household.max()) + 1) < 0.5)[seats.household] | (seats.age > 75)
    mobile_share = np.interp(seats.age, [9, 11, 16, 65, 80, 95], [0, 0.6, 0.96, 0.93, 0.7, 0.3])
    mail_share = np.interp(seats.age, [12, 18, 65, 80, 95], [0, 0.85, 0.75, 0.4, 0.1])
    domain = np.where(random.random(count) < 0.6, "example.org", "example.com")
    tail = random.integers(1, 9999, count).astype(str)
    local = names.select(
        mail=pl.concat_str(pl.col("given").str.to_lowercase(), pl.lit("."), pl.col("family").str.to_lowercase())
        .str.normalize("NFKD")
        .str.replace_all("[^a-z.]", "")
    )["mail"]
    return pl.DataFrame({"mail": local, "tail": tail, "domain": domain}).select(
        nhs_number=pl.Series(nhs_numbers(random, count)),
        mobile=_where(draw_share(random, mobile_share, count), mobiles(random, count)),
        landline=_where(has_landline & (seats.age >= 18), landline),
        email=pl.when(pl.Series(draw_share(random, mail_share, count))).then(
            pl.concat_str("mail", "tail", pl.lit("@"), "domain")
        ),
    )


def _where(known: Flags, values: Texts) -> pl.Series:
    """Give the values where known, null elsewhere."""
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(values))).to_series()


def _draw_conditions(parameters: Parameters, seats: Seats, seed: int) -> pl.DataFrame:
    """Draw health, disability, unpaid care given, and English; one of the others' language where English is not first."""
    random = stage(seed, "conditions")
    health = draw_rows(random, parameters.health, seats.kind, seats.band)
    english = draw_rows(random, parameters.english, seats.kind, seats.tradition)
    language = np.where(english > 0, draw_languages(random, seats.tradition), "English")
    return pl.DataFrame(
        {
            "health": np.array(HEALTH)[health],
            "disability": np.array(DISABILITY)[draw_rows(random, parameters.disability, seats.kind, health)],
            "gives_care": np.array(CARE)[draw_rows(random, parameters.care, seats.kind, seats.band)],
            "english": np.array(ENGLISH)[english],
            "language": language,
        }
    )
