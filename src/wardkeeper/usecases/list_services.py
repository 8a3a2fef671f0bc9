"""List services, nearest first where a postcode is given."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import BadInput, NotFound, Where
from wardkeeper.kernel.people import Actor
from wardkeeper.places.distances import kilometres
from wardkeeper.places.postcodes import PostcodeTable, standardise
from wardkeeper.sources.services import Location, Service, from_bytes
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_services import NAME
from wardkeeper.usecases.rulebook import Kind


@dataclass(frozen=True, slots=True)
class Nearby:
    """A service, and how far its nearest place is from where was asked: None when it has none, or nothing was asked."""

    service: Service
    kilometres: float | None


@dataclass(frozen=True, slots=True)
class Directory:
    """The services that are there, and how many closed ones the directory has besides."""

    services: tuple[Nearby, ...]
    closed: int
    loaded_at: datetime


def list_services(house: House, actor: Actor, near: str = "", *, purpose: str = PURPOSE) -> Directory:
    """Give the open services by name, or nearest first. Raises NotFound when none are loaded, BadInput for a postcode."""
    open_door(house, Ask(actor, purpose, Operation.VIEW_SERVICES, {}))
    document = house.store.document(Kind.SERVICES, NAME)
    if document is None:
        raise NotFound("No services have been loaded.", "Run wardkeeper service load with a saved page of a feed.")
    every = from_bytes(document.content)
    there = sorted((one for one in every if one.is_open), key=lambda one: (one.name.casefold(), one.id))
    nearby = _measure(there, near, house.places().postcodes) if near else [Nearby(one, None) for one in there]
    return Directory(tuple(nearby), len(every) - len(there), document.applied_at)


def _measure(services: list[Service], near: str, postcodes: PostcodeTable) -> list[Nearby]:
    here = _locate(near, postcodes)
    places = [(place, location) for place, one in enumerate(services) for location in one.locations]
    spots = _spots([location for _, location in places], postcodes)
    distances = spots.select(kilometres(here, ("longitude", "latitude")).alias("km")).with_columns(
        pl.Series("place", [place for place, _ in places], dtype=pl.Int64)
    )
    nearest = dict(distances.drop_nulls("km").group_by("place").agg(pl.col("km").min()).iter_rows())
    found = [Nearby(one, nearest.get(place)) for place, one in enumerate(services)]
    return sorted(found, key=lambda one: (one.kilometres is None, one.kilometres or 0))


def _locate(near: str, postcodes: PostcodeTable) -> tuple[float, float]:
    written = pl.DataFrame({"text": [near]}).select(standardise(pl.col("text")).alias("postcode"))["postcode"]
    longitude, latitude = postcodes.locate(written).select("longitude", "latitude").row(0)
    if longitude is None or latitude is None:
        raise BadInput(
            f"“{near}” is not in the table of postcodes.", "Give a postcode of the district.", Where(key="near")
        )
    return longitude, latitude


def _spots(locations: list[Location], postcodes: PostcodeTable) -> pl.DataFrame:
    """Give longitude and latitude of each location: its own, else its postcode's."""
    schema = {"postcode": pl.String, "longitude": pl.Float64, "latitude": pl.Float64}
    rows = [(one.postcode, one.longitude, one.latitude) for one in locations]
    own = pl.DataFrame(rows, schema=schema, orient="row").with_columns(standardise(pl.col("postcode")))
    known = postcodes.locate(own["postcode"]).select("longitude", "latitude")
    return own.select(
        pl.coalesce(name, known[name].alias(f"{name}_of_postcode")).alias(name) for name in ("longitude", "latitude")
    )
