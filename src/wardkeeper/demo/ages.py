"""Ages within households: each role's ages as fitted, drawn together so that a family's ages belong together."""

import numpy as np
from scipy.special import ndtr

from wardkeeper.demo.compositions import (
    BANDS,
    CHILDREN,
    COMPOSITIONS,
    LARGEST,
    LONE_PARENT_FEMALE,
    LONE_PARENTS,
    PARTNERS,
    ROLES,
    people_in,
)
from wardkeeper.demo.draws import Flags, Floats, Ints, draw_share, stage
from wardkeeper.demo.households import CARE_HOME, Households
from wardkeeper.demo.parameters import Parameters

CLOSENESS = np.array(
    [{"child": 0.9, "grown-child": 0.85, "communal": 0.0, "other-adult": 0.8}.get(role, 0.97) for role in ROLES]
)
"""How far an age follows its household's (a correlation): partners are close, care homes not at all."""

OLDEST = 104.0
BEYOND_85 = 4.6
"""Mean years lived beyond 85 by those who are (ONS, Estimates of the very old, 2021)."""

YOUNGEST_PARENT = 17.0
OPPOSITE_SEX = 0.975
"""Share of couples of opposite sexes (2021 Census)."""
TWIN_BIRTHS = 0.016
"""Births of twins among all births (ONS, Birth characteristics, 2021)."""

_CHILD = np.isin(ROLES, CHILDREN)
_DEPENDENT = ROLES.index("child")
_COMMUNAL = ROLES.index("communal")
_FIRST_CARE_BAND = 13
_OLDER_FROM = {ROLES.index("one-older"): 66.0, ROLES.index("couple-older"): 66.0}


def _table_of_roles() -> Ints:
    table = np.full((len(COMPOSITIONS), LARGEST + 1, LARGEST), -1)
    for row, composition in enumerate(COMPOSITIONS):
        for size in range(1, LARGEST + 1):
            table[row, size, :size] = [ROLES.index(role) for role in people_in(composition, size)]
    return table


ROLE_TABLE = _table_of_roles()
"""Compositions, sizes and places in the household to roles; -1 beyond its size."""


def expand(households: Households) -> tuple[Ints, Ints, Ints]:
    """Give a row for each person: the household's number, the place in it from 0, and the role."""
    household = np.repeat(np.arange(len(households.size)), households.size)
    place = np.arange(len(household)) - np.repeat(np.cumsum(households.size) - households.size, households.size)
    care = households.composition[household] == CARE_HOME
    composition = np.where(care, 0, households.composition[household])
    size, seat = np.where(care, 1, households.size[household]), np.where(care, 0, place)
    return household, place, np.where(care, _COMMUNAL, ROLE_TABLE[composition, size, seat])


def draw_ages(parameters: Parameters, kind: Ints, household: Ints, role: Ints, seed: int) -> tuple[Floats, Flags]:
    """Draw each person's age in years, and whether they are the twin of the person before them.

    A household's ages follow one hidden value (a Gaussian copula), so each role keeps its fitted ages.
    """
    random = stage(seed, "ages")
    shared = random.standard_normal(int(household.max()) + 1)[household]
    close = CLOSENESS[role]
    rank = ndtr(close * shared + np.sqrt(1 - close**2) * random.standard_normal(len(role)))
    age = _read_ages(random, _weigh_ages(parameters), kind, role, rank)
    return _space_siblings(random, _keep_generations(age, household, role), household, role)


def _weigh_ages(parameters: Parameters) -> Floats:
    """Give the ages by role with the care homes' kept to older people."""
    table = parameters.age.copy()
    table[:, _COMMUNAL, :_FIRST_CARE_BAND] = 0
    return np.asarray(table / np.maximum(table.sum(axis=2, keepdims=True), 1e-9))


def _read_ages(random: np.random.Generator, table: Floats, kind: Ints, role: Ints, rank: Floats) -> Floats:
    """Turn ranks into ages: find the band, then the place within it."""
    edges = np.cumsum(table, axis=2)
    edges[:, :, -1] = 1.0
    rows = edges[kind, role]
    band = np.minimum((rank[:, None] > rows).sum(axis=1), BANDS - 1)
    before = np.where(band > 0, np.take_along_axis(rows, np.maximum(band - 1, 0)[:, None], 1)[:, 0], 0.0)
    width = np.maximum(np.take_along_axis(rows, band[:, None], 1)[:, 0] - before, 1e-9)
    low, high = _bound_bands(band, role)
    age = low + (high - low) * np.clip((rank - before) / width, 0, 1)
    oldest = np.minimum(85 + random.exponential(BEYOND_85, len(age)), OLDEST)
    return np.where(band == BANDS - 1, oldest, age)


def _bound_bands(band: Ints, role: Ints) -> tuple[Floats, Floats]:
    """Give the ages a band stands for, which differ where a role has an age of its own."""
    low, high = np.asarray(band * 5.0), np.asarray(band * 5.0 + 5.0)
    for older, start in _OLDER_FROM.items():
        low = np.where((role == older) & (band == 13), start, low)
    late_teens = band == 3
    high = np.where(late_teens & (role == _DEPENDENT), 19.0, high)
    return np.where(late_teens & (role != _DEPENDENT), 18.0, low), high


def _keep_generations(age: Floats, household: Ints, role: Ints) -> Floats:
    """Keep each child at least 17 years younger than the household's eldest adult."""
    adult = np.where(_CHILD[role], 0.0, age)
    eldest = np.zeros(int(household.max()) + 1)
    np.maximum.at(eldest, household, adult)
    return np.where(_CHILD[role], np.clip(age, 0.02, np.maximum(eldest[household] - YOUNGEST_PARENT, 0.02)), age)


def _space_siblings(random: np.random.Generator, age: Floats, household: Ints, role: Ints) -> tuple[Floats, Flags]:
    """Set children of a household, youngest first, a year or more apart unless they are twins."""
    children = np.flatnonzero(_CHILD[role])
    ordered = children[np.lexsort((age[children], household[children]))]
    same = np.append(False, household[ordered[1:]] == household[ordered[:-1]]) if len(ordered) else np.zeros(0, bool)
    twins = same & draw_share(random, TWIN_BIRTHS, len(ordered)) & (role[ordered] == np.roll(role[ordered], 1))
    gap = random.uniform(0.95, 2.6, len(ordered))
    spaced = age[ordered]
    for _ in range(LARGEST):
        least = np.where(twins, np.roll(spaced, 1), np.roll(spaced, 1) + gap)
        close = same & (twins | (spaced < np.roll(spaced, 1) + 0.85))
        spaced = np.where(close, least, spaced)
    settled = age.copy()
    settled[ordered] = spaced
    is_twin = np.zeros(len(age), dtype=np.bool_)
    is_twin[ordered] = twins
    return settled, is_twin


def draw_sexes(parameters: Parameters, kind: Ints, role: Ints, place: Ints, age: Floats, seed: int) -> Flags:
    """Draw whether each person is a woman or girl; partners are mostly of opposite sexes."""
    random = stage(seed, "sexes")
    share = parameters.female[kind, np.minimum(age // 5, BANDS - 1).astype(np.int64)]
    share = np.where(np.isin(role, [ROLES.index(name) for name in LONE_PARENTS]), LONE_PARENT_FEMALE, share)
    female = draw_share(random, share, len(role))
    partner = np.isin(role, [ROLES.index(name) for name in PARTNERS])
    first = draw_share(random, 0.5, len(role))
    female = np.where(partner & (place == 0), first, female)
    same = draw_share(random, 1 - OPPOSITE_SEX, len(role))
    return np.where(partner & (place == 1), np.roll(female, 1) == same, female)
