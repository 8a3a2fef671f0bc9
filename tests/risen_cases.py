"""Invented counts for the town in which a few areas side by side rise, so that there is an alert to look at."""

from datetime import date, timedelta

import polars as pl

from wardkeeper.demo import cast
from wardkeeper.outbreaks.published import from_published
from wardkeeper.usecases.load_cases import Figures, load_figures

WEEKS = [date(2026, 9, 5) + timedelta(weeks=week) for week in range(11)]
RISEN = 6
LEVEL = 5
RISE = (60, 30)
"""Cases an area had where they rose, the newest week first; everywhere else and before it is LEVEL."""

PEOPLE = 1500
SOURCE = "Invented counts"


def side_by_side(town):
    """The areas, from the westernmost outwards."""
    areas = town.places().areas.frame
    west = areas.sort("longitude").row(0, named=True)
    apart = (pl.col("longitude") - west["longitude"]) ** 2 + (1.7 * (pl.col("latitude") - west["latitude"])) ** 2
    return areas.sort(apart, "area")


def risen_counts(town, rise=RISE):
    """Counts of all areas by week; in the first `RISEN` the newest weeks have what `rise` gives."""
    areas = side_by_side(town)
    risen = set(areas["area"].to_list()[:RISEN])
    usual = [LEVEL] * len(WEEKS)
    rose = [*usual[: -len(rise)], *reversed(rise)]
    rows = [
        (area, f"{week}", str(cases))
        for area in areas["area"]
        for week, cases in zip(WEEKS, rose if area in risen else usual, strict=True)
    ]
    frame = pl.DataFrame(rows, schema=["areaCode", "date", "newCasesBySpecimenDateRollingSum"], orient="row")
    population = areas.select("area", population=pl.lit(PEOPLE))
    return from_published(frame, as_of=date(2026, 11, 22), population=population)


def load_risen(house, town, rise=RISE):
    """Load them in place of the demonstration's, which are newer and say otherwise."""
    load_counts(house, risen_counts(town, rise))


def load_counts(house, counts):
    """Load counts, whatever they change."""
    load_figures(house, cast.PUBLIC_HEALTH, Figures(counts, SOURCE, older=True, restated=True))
