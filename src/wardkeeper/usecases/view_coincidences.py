"""View where cases of the line list coincide: for those who follow cases up, and nobody else."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.ways import Way
from wardkeeper.ledger.leaves import Act
from wardkeeper.outbreaks.coincidences import NUMBERED, SECRET_WORDS, WINDOW_DAYS, PlaceKind, bare, find_coincidences
from wardkeeper.usecases.case_versions import newest_line_list
from wardkeeper.usecases.datasets import CASE_LINES
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House, Places
from wardkeeper.usecases.load_cases import PURPOSE

FIELDS = ("event_date", "postcode", "home", "setting", "setting_home", "area")
LOOK_BACK = timedelta(days=28)
"""How long ago a coincidence may have ended to be shown, unless a day is given."""

DWELLINGS = ("house", "flat", "other")
"""Kinds of address that do not go by a name."""

HIDDEN_PLACES = "|".join(SECRET_WORDS)
"""Settings whose place must not be found: told by their area alone (rule G17 is for the rest)."""

WITHHELD = "withheld: ring Control"


@dataclass(frozen=True, slots=True, eq=False)
class Looking:
    """What to look for: `least` cases or more in `days` days, not over before `since` (by default 28 days ago).

    `population` (postcode, population) gives residents; without it they are estimated from the address list.
    """

    days: int = WINDOW_DAYS
    least: int = 2
    since: date | None = None
    population: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Secret:
    """What tells of places that must not be found: their names, bare, and the postcodes of them and of their cases."""

    names: pl.Series
    postcodes: pl.Series


@dataclass(frozen=True, slots=True, eq=False)
class CoincidencesView:
    """What was found, as `coincidences.RESULT` and the area's `area_name`; in which list; and what may be missing."""

    source: str
    as_of: date
    since: date
    days: int
    cases: int
    frame: pl.DataFrame
    notes: tuple[str, ...]


def view_coincidences(
    house: House, actor: Actor, looking: Looking | None = None, *, file: str = "", purpose: str = PURPOSE
) -> CoincidencesView:
    """Find the coincidences of the newest line list. With `file`, they leave as a file of that name: the ledger says so.

    Raises Refused, and NotFound when no line list was loaded.
    """
    asked = looking or Looking()
    version = newest_line_list(house.store)
    if version is None:
        raise NotFound(
            "No line list has been loaded, only counts by area or nothing.",
            "Coincidences need cases with postcodes: load a line list.",
            way=Way.LOAD_CASES,
        )
    as_of = date.fromisoformat(version.as_of)
    start = asked.since or as_of - LOOK_BACK
    ask = Ask(actor, purpose, Operation.VIEW_COINCIDENCES, {CASE_LINES: FIELDS}, Tier.FLAGS)
    opened = open_door(house, ask)
    places = house.places()
    known, cases = _known(places), _at_homes(opened.read(CASE_LINES), places)
    secret = _find_secret(cases, known)
    found = find_coincidences(
        cases,
        days=asked.days,
        least=asked.least,
        since=start,
        population=_estimate(places) if asked.population is None else asked.population,
        known=known.with_columns(name=pl.when(_is_secret("kind")).then("kind").otherwise("name")),
    )
    estimated = (
        () if asked.population is not None else ("Residents of postcodes were estimated from the address list.",)
    )
    opened.tell_export(file)
    with house.store.write(opened.leaf(Act.COINCIDENCES_FOUND, {"found": found.frame.height, "cases": found.cases})):
        return CoincidencesView(
            version.source,
            as_of,
            start,
            asked.days,
            found.cases,
            _name_areas(_withhold(found.frame, secret), places),
            (*found.notes, *estimated),
        )


def _at_homes(cases: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Give a case without a home the one of its postcode, where that has one address: its cases are one household's."""
    only = places.addresses.frame.group_by("postcode").agg(only=pl.col("uprn").cast(pl.String).first(), homes=pl.len())
    joined = cases.join(only.filter(pl.col("homes") == 1), on="postcode", how="left", maintain_order="left")
    return joined.with_columns(home=pl.coalesce("home", "only")).drop("only", "homes")


def _known(places: Places) -> pl.DataFrame:
    """Give the places with a name: those told so, then special addresses of the address list."""
    listed = places.addresses.frame.filter(~pl.col("kind").is_in(DWELLINGS)).select(
        name="address", kind="kind", postcode="postcode", uprn=pl.col("uprn").cast(pl.String)
    )
    named = places.known.select("name", "kind", "postcode", "uprn")
    return pl.concat([named, listed.join(named.drop_nulls("uprn"), on="uprn", how="anti")])


def _find_secret(cases: pl.DataFrame, known: pl.DataFrame) -> Secret:
    """Find what tells of a secret place, from what is known of places and from the cases, before anything is gathered."""
    hidden = known.filter(_is_secret("name", "kind"))
    names, homes = hidden.select(bare("name"))["name"].drop_nulls(), hidden["uprn"].drop_nulls()
    there = pl.any_horizontal(pl.col("home", "setting_home").is_in(homes.implode()))
    of_it = cases.filter(
        _is_secret("setting") | (bare("setting").is_in(names.implode()) | there).fill_null(value=False)
    )
    return Secret(names, pl.concat([hidden["postcode"], of_it["postcode"]]).drop_nulls())


def _is_secret(*columns: str) -> pl.Expr:
    return pl.any_horizontal(pl.col(columns).fill_null("").str.to_lowercase().str.contains(HIDDEN_PLACES))


def _estimate(places: Places) -> pl.DataFrame:
    """Estimate the residents of postcodes: their homes times the people to a home in their area."""
    homes = places.addresses.frame.select("postcode", area=pl.col("lsoa").cast(pl.String))
    people = places.areas.frame.select("area", "population").drop_nulls()
    per_home = (
        homes.group_by("area").len().join(people, on="area").select("area", each=pl.col("population") / pl.col("len"))
    )
    each = homes.join(per_home, on="area").group_by("postcode").agg(population=pl.col("each").sum())
    return each.with_columns(pl.col("population").round().cast(pl.Int64))


def _withhold(frame: pl.DataFrame, secret: Secret) -> pl.DataFrame:
    """Take the place out of what is about a refuge or the like, or about its postcode; its area and cases stay.

    How many live at its postcode, and what follows from it, would tell which postcode it is. No home goes by its number.
    """
    of_names = pl.any_horizontal(bare(column).is_in(secret.names.implode()) for column in ("place", "name"))
    at_postcodes = pl.col("postcode").is_in(secret.postcodes.implode())
    hidden = _is_secret("place", "name") | (of_names | at_postcodes).fill_null(value=False)
    numbered = (pl.col("kind") == PlaceKind.HOME) | pl.col("place").str.starts_with(NUMBERED)
    return frame.with_columns(
        pl.when(~hidden).then(pl.col("postcode", "population", "expected", "p")),
        place=pl.when(hidden).then(pl.lit(WITHHELD)).when(~numbered).then("place"),
        name=pl.when(~hidden & ~pl.col("name").str.starts_with(NUMBERED).fill_null(value=False)).then("name"),
    )


def _name_areas(frame: pl.DataFrame, places: Places) -> pl.DataFrame:
    names = places.areas.frame.select("area", area_name="name").unique("area", keep="first")
    return frame.join(names, on="area", how="left", maintain_order="left")
