"""Households: how many in each area, and their composition, size, tenure and kind of dwelling."""

from dataclasses import dataclass

import numpy as np

from wardkeeper.demo.compositions import COMPOSITIONS, DWELLINGS, LARGEST, TENURES
from wardkeeper.demo.draws import Ints, draw_rows, stage
from wardkeeper.demo.parameters import Parameters

CARE_HOME = len(COMPOSITIONS)
"""The composition number of a care home."""

CARE_HOME_TENURE = len(TENURES)
CARE_HOME_DWELLING = len(DWELLINGS)
CARE_HOME_PEOPLE = 27
"""Mean residents of a care home (Care Quality Commission, beds of homes in England, taken down by empty beds)."""


@dataclass(frozen=True, slots=True)
class Households:
    """One row a household, by area: all columns are whole numbers that index the model's tables."""

    area: Ints
    kind: Ints
    composition: Ints
    size: Ints
    tenure: Ints
    dwelling: Ints
    tradition: Ints

    def first(self, count: int) -> "Households":
        """Keep the first `count` households."""
        return Households(*(getattr(self, name)[:count] for name in self.__slots__))


def draw_households(parameters: Parameters, areas: list[str], residents: int, seed: int) -> Households:
    """Draw households area by area, in the order given, until the areas so far hold `residents` people."""
    random = stage(seed, "households")
    enough = _take_areas(parameters, areas, residents)
    kind_of = np.array([parameters.areas[code][0] for code in enough])
    counts = np.array([parameters.areas[code][1] for code in enough])
    area = np.repeat(np.arange(len(enough)), counts)
    kind = kind_of[area]
    cell = draw_rows(random, parameters.composition_size.reshape(len(parameters.composition_size), -1), kind)
    composition, size = cell // LARGEST, cell % LARGEST + 1
    tenure = draw_rows(random, parameters.tenure, kind, composition)
    drawn = Households(
        area=area,
        kind=kind,
        composition=composition,
        size=size,
        tenure=tenure,
        dwelling=draw_rows(random, parameters.dwelling, kind, tenure),
        tradition=draw_rows(random, parameters.tradition, kind),
    )
    return _cut(_add_care_homes(random, parameters, drawn), residents, whole=len(enough) == len(areas))


def _take_areas(parameters: Parameters, areas: list[str], residents: int) -> list[str]:
    """Give the first areas that together are expected to hold a little more than enough people."""
    people = np.cumsum(
        [parameters.areas[code][1] * parameters.household_size[parameters.areas[code][0]] for code in areas]
    )
    return areas[: int(np.searchsorted(people, residents * 1.04 + 600)) + 1]


def _add_care_homes(random: np.random.Generator, parameters: Parameters, drawn: Households) -> Households:
    """Add care homes where people of the area's kind live in them, and put every area's households together."""
    communal = np.bincount(drawn.area, drawn.size * parameters.communal[drawn.kind])
    count = max(1, round(communal.sum() / CARE_HOME_PEOPLE))
    area = np.sort(random.choice(len(communal), count, p=communal / communal.sum()))
    kind = drawn.kind[np.searchsorted(drawn.area, area)]
    added = Households(
        area=area,
        kind=kind,
        composition=np.full(count, CARE_HOME),
        size=np.clip(random.poisson(CARE_HOME_PEOPLE, count), 8, 60),
        tenure=np.full(count, CARE_HOME_TENURE),
        dwelling=np.full(count, CARE_HOME_DWELLING),
        tradition=draw_rows(random, parameters.tradition, kind),
    )
    joined = Households(
        *(np.concatenate([getattr(drawn, name), getattr(added, name)]) for name in Households.__slots__)
    )
    order = np.argsort(joined.area, kind="stable")
    return Households(*(getattr(joined, name)[order] for name in Households.__slots__))


def _cut(households: Households, residents: int, *, whole: bool) -> Households:
    """Keep whole areas until there are enough people; all of them when the district is asked for."""
    people = np.cumsum(np.bincount(households.area, households.size))
    if whole or people[-1] < residents:
        return households
    last = int(np.searchsorted(people, residents))
    return households.first(int(np.searchsorted(households.area, last, side="right")))
