"""Load a line list: place its cases, count them by area and week, and seal both."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from wardkeeper.kernel.errors import naming
from wardkeeper.kernel.people import Actor
from wardkeeper.outbreaks.cases import count_line_list
from wardkeeper.outbreaks.counts import SATURDAY
from wardkeeper.outbreaks.delays.late_counts import add_estimates
from wardkeeper.outbreaks.line_lists import LineList, read_line_list
from wardkeeper.outbreaks.placing import Gazetteer, from_places, read_lookup
from wardkeeper.outbreaks.roles import Role
from wardkeeper.outbreaks.transmission import count_days
from wardkeeper.places.areas import AreaTable
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import CasesLoaded, Figures, load_figures


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedList:
    """A line list as it came, as text cells, and what was said of it.

    `as_of` is the day it was known; `mapping` gives columns their roles; `lookup` is a look-up of postcodes as it came
    (ONSPD, NSPL); `said` is what was assumed while reading the file. `areas` and `population` (area, population) are those to count in, when not the authority's own.
    `ends_on` is the ISO weekday that weeks end on. `older` and `restated` answer the questions a load may stop with.
    """

    table: pl.DataFrame
    source: str
    as_of: date
    said: tuple[str, ...] = ()
    mapping: Mapping[str, Role] | None = None
    lookup: pl.DataFrame | None = None
    areas: AreaTable | None = None
    population: pl.DataFrame | None = None
    ends_on: int = SATURDAY
    older: bool = False
    restated: bool = False


def load_line_list(house: House, actor: Actor, received: ReceivedList) -> CasesLoaded:
    """Read, count and seal a line list. Raises BadInput with the row, the rule or the question; Refused."""
    table = received.areas or house.places().areas
    codes = sorted(set(table.codes))
    gazetteer = _gazetteer(house, received.lookup, codes)
    with naming(received.source):
        read = read_line_list(received.table, as_of=received.as_of, gazetteer=gazetteer, mapping=received.mapping)
    lines = replace(read, notes=(*received.said, *read.notes))
    population = table.people if received.population is None else received.population
    counts = count_line_list(
        lines, ends_on=received.ends_on, areas=_counted(lines, codes, population), population=population
    )
    estimated = add_estimates(counts, lines.frame, as_of=lines.as_of, ends_on=received.ends_on)
    settled = lines.as_of - timedelta(days=counts.delay_days)
    figures = Figures(
        replace(estimated, days=count_days(lines.frame, until=settled)),
        received.source,
        received.areas,
        lines,
        received.as_of,
        older=received.older,
        restated=received.restated,
    )
    return load_figures(house, actor, figures)


def _counted(lines: LineList, codes: list[str], population: pl.DataFrame) -> list[str]:
    """Give the areas to count in: those with people or a case; all, when nobody knows where people live."""
    inhabited = set(population["area"]) or set(codes)
    with_case = set(lines.frame["area"].drop_nulls())
    return sorted(set(codes) & (inhabited | with_case))


def _gazetteer(house: House, lookup: pl.DataFrame | None, codes: list[str]) -> Gazetteer:
    """Give where things are: by the authority's own tables, and by the look-up for postcodes where there is one."""
    places = house.places()
    own = from_places(places.postcodes.frame, places.addresses.frame, codes)
    return own if lookup is None else Gazetteer(read_lookup(lookup, codes), own.homes, own.areas)
