"""Export known facts about the people in an incident's outline, in SAVVI's columns: a disclosure, decided as such."""

from dataclasses import dataclass

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import FACT
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.needs.finding import DERIVED_SOURCE_TITLES
from wardkeeper.places.outlines import within
from wardkeeper.sources.savvi import to_rows
from wardkeeper.usecases.datasets import FACTS, HOMES, RESIDENTS
from wardkeeper.usecases.declare_incident import PURPOSE
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.find_homes import EDGE_METRES
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import load

WANTED: dict[str, list[str]] = {
    RESIDENTS: [
        *("resident_id", "home_id", "given", "middle", "family", "birth_date", "sex"),
        *("protected", "caution", "objected_on", "died_on"),
    ],
    HOMES: ["home_id", "uprn", "address", "postcode", "longitude", "latitude", "special"],
    FACTS: [column.name for column in FACT],
}

ALWAYS = "People whose address must not be found are never in this file; nor are those who have died."
CAUTIONS = (
    "SAVVI has no column for cautions: take {} people's from the incident's list before anybody goes to the door."
)


@dataclass(frozen=True, slots=True, eq=False)
class FactsExported:
    """The file: `rows` has sources.savvi.COLUMNS, a row each fact. `notes` say what is not in it."""

    rows: pl.DataFrame
    people: int
    notes: tuple[str, ...]


def export_facts(house: House, actor: Actor, incident_id: IncidentId, *, purpose: str = PURPOSE) -> FactsExported:
    """Give the facts that sources assert about people who live in the outline. Raises Refused, NotFound.

    What follows from age is left out, for the birth date is there. So are those who objected: an officer decides.
    """
    incident = load(house, incident_id)
    opened = open_door(house, Ask(actor, purpose, Operation.EXPORT_FACTS, WANTED, Tier.NAMES, incident=incident))
    frames = opened.read_all(WANTED)
    homes = frames[HOMES]
    inside = within(incident.card.outline, homes["longitude"].to_numpy(), homes["latitude"].to_numpy(), EDGE_METRES)
    people = _open_people(homes.filter(inside), frames[RESIDENTS])
    asserted = frames[FACTS].filter(~pl.col("source").is_in(list(DERIVED_SOURCE_TITLES)))
    told = people.join(asserted, on="resident_id", how="semi")
    willing = told.filter(pl.col("objected_on").is_null())
    rows = to_rows(willing.join(asserted, on="resident_id"), on=london_day(house.clock.now()))
    detail: dict[str, Detail] = {"rows": rows.height, "people": willing.height, "columns": rows.columns}
    with house.store.write(opened.leaf(Act.DATA_EXPORTED, detail)):
        return FactsExported(rows, willing.height, _notes(told, willing))


def _open_people(homes: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    """Give the living in homes that are not hidden: nobody protected lives there, and it is no special home (rule G17)."""
    protected = residents.filter("protected")["home_id"].drop_nulls().unique()
    shown = homes.filter(pl.col("special").is_null() & ~pl.col("home_id").is_in(protected.implode()))
    return residents.filter(pl.col("died_on").is_null()).join(shown, on="home_id")


def _notes(told: pl.DataFrame, willing: pl.DataFrame) -> tuple[str, ...]:
    objected = told.height - willing.height
    nowhere = willing["uprn"].null_count()
    cautions = willing["caution"].drop_nulls().len()
    said = (
        (objected, f"People left out because they asked not to be contacted: {objected:,}. An officer decides."),
        (nowhere, f"People whose home has no UPRN, which SAVVI asks for: {nowhere:,}. Their address is given."),
        (cautions, CAUTIONS.format(f"{cautions:,}")),
    )
    return (ALWAYS, *(words for number, words in said if number))
