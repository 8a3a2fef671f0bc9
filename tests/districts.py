"""A small district for tests of the house as a whole: built once by the demonstration's own parts, copied where a test changes it.

The day is fixed. The people planted in it are known, so a test can look for them.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from fakes import MORNING
from that_day import open_town
from wardkeeper.bootstrap import read_drafts
from wardkeeper.demo import cast, district, extracts, pack
from wardkeeper.demo.cases import simulate
from wardkeeper.demo.planted import Planted
from wardkeeper.demo.road import OUTLINE, prepare_folder
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.kernel.spans import london_day
from wardkeeper.outbreaks.published import from_published
from wardkeeper.usecases.declare_incident import Declaration, declare
from wardkeeper.usecases.found_authority import NewPerson, found
from wardkeeper.usecases.house import House, Places
from wardkeeper.usecases.link_residents import link_residents
from wardkeeper.usecases.load_cases import Figures, load_figures
from wardkeeper.usecases.load_source import Received, load_source
from weekly_counts import count_weeks

EXAMPLES = Path(__file__).parents[1] / "examples" / "trafford"
RESIDENTS = 2_000
SEED = 1
TODAY: date = london_day(MORNING)
PASSWORD = "correct horse battery staple"
WHY = "Severe flood warning on the Mersey: people must be out before the water comes."


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """A built authority: its folder, which no test changes, and the truth about it."""

    folder: Path
    people: pl.DataFrame
    homes: pl.DataFrame
    planted: Planted
    truth: pl.DataFrame
    places: Callable[[], Places]

    @property
    def outline(self) -> str:
        return self.places().outlines[OUTLINE]

    def person(self, person_id: str) -> dict:
        return self.people.row(by_predicate=pl.col("person_id") == person_id, named=True)

    def home(self, uprn: str) -> dict:
        return self.homes.row(by_predicate=pl.col("uprn") == uprn, named=True)

    def extract(self, source: str) -> Path:
        return next((self.folder / "extracts").glob(f"{source}.*"))


@dataclass(frozen=True, slots=True)
class Flood:
    """A house with a live incident."""

    house: House
    incident: IncidentId


@cache
def build_town(folder: Path) -> Town:
    """Build the district, write its extracts, load and link them, and load its cases."""
    prepare_folder(folder, EXAMPLES, TODAY)
    made = district.build(pack.read(folder / "places"), residents=RESIDENTS, seed=SEED, today=TODAY)
    made.write_addresses(folder / "places" / "addresses.parquet")
    made.count_people("lsoa").write_csv(folder / "places" / "population.csv")
    made.measure_proficiency("lsoa").write_csv(folder / "places" / "proficiency.csv")
    written = extracts.write(made, folder / "extracts", seed=SEED, today=TODAY)
    house = open_town(folder)
    found(house, "test", read_drafts(folder), [NewPerson(actor, PASSWORD) for actor in cast.EVERYBODY])
    for path in sorted((folder / "extracts").iterdir()):
        load_source(house, cast.ANALYST, path.stem, Received(path.name, path.read_bytes()))
    link_residents(house, cast.ANALYST)
    load_figures(house, cast.PUBLIC_HEALTH, Figures(made_cases(folder, made), "Simulated cases (invented)"))
    house.store.close()
    return Town(folder, made.people, made.homes, made.planted, pl.read_parquet(written.truth), house.places)


def made_cases(folder: Path, made: district.District):
    """Simulated counts with the small ones hidden."""
    population = made.count_people("lsoa")
    cases = simulate(pack.read(folder / "places"), population, seed=SEED, today=TODAY)
    table = count_weeks(cases, population["area"].to_list(), suppressed=True)
    return from_published(table, as_of=TODAY, population=population)


@cache
def build_flooded(folder: Path, town: Town) -> IncidentId:
    """Copy the town and declare a flood in the copy."""
    shutil.copytree(town.folder, folder)
    house = open_town(folder, town.places)
    incident = declare_flood(house, town)
    house.store.close()
    return incident


def declare_flood(house: House, town: Town, **changes: object) -> IncidentId:
    return declare(house, cast.PLANNER, flood_of(town, **changes))


def flood_of(town: Town, **changes: object) -> Declaration:
    return replace(Declaration("Mersey flood", Hazard.FLOOD, town.outline, WHY), **changes)


@pytest.fixture(scope="session")
def town(tmp_path_factory) -> Town:
    return build_town(tmp_path_factory.getbasetemp() / "town")


@pytest.fixture
def folder(town, tmp_path) -> Path:
    """A copy of the town's folder that a test may change."""
    return shutil.copytree(town.folder, tmp_path / "town")


@pytest.fixture
def house(town, folder):
    """The town's house on a copy of its own."""
    opened = open_town(folder, town.places)
    yield opened
    opened.store.close()


@pytest.fixture(scope="session")
def flooded(town, tmp_path_factory) -> tuple[Path, IncidentId]:
    """A folder with a live incident, which no test changes."""
    folder = tmp_path_factory.getbasetemp() / "flooded"
    return folder, build_flooded(folder, town)


@pytest.fixture
def flood(town, flooded, tmp_path):
    """A live incident in a house of its own."""
    folder, incident = flooded
    house = open_town(shutil.copytree(folder, tmp_path / "flooded"), town.places)
    yield Flood(house, incident)
    house.store.close()
