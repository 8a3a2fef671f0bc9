"""The road: one emergency walked from the district's files to the destruction of what the incident held.

Every step is the real one, through the same use cases and pages that a council would use; each is timed.
"""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from wardkeeper.adapters.case_files import read_case_table, read_population
from wardkeeper.adapters.clock import SystemClock
from wardkeeper.adapters.keys import KeyFolder
from wardkeeper.adapters.place_files import read_areas
from wardkeeper.adapters.vault import SealedVault
from wardkeeper.bootstrap import STATE, open_house, read_drafts
from wardkeeper.demo import campaign, cast, district, extracts, line_list, pack
from wardkeeper.demo.cases import simulate
from wardkeeper.demo.district import District
from wardkeeper.demo.extracts import Written
from wardkeeper.demo.visitor import Visitor
from wardkeeper.incidents.closing import ClosingAnswers
from wardkeeper.kernel.decisions import Decision, Outcome
from wardkeeper.kernel.errors import UsageError, WardkeeperError
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.kernel.ids import DecisionId, IncidentId
from wardkeeper.kernel.spans import london_day
from wardkeeper.outbreaks.published import from_published
from wardkeeper.residents import score
from wardkeeper.usecases import datasets
from wardkeeper.usecases.close_incident import confirm
from wardkeeper.usecases.declare_incident import Declaration, declare
from wardkeeper.usecases.door import current
from wardkeeper.usecases.find_homes import find_homes
from wardkeeper.usecases.found_authority import NewPerson, found
from wardkeeper.usecases.house import House
from wardkeeper.usecases.link_residents import link_residents
from wardkeeper.usecases.load_cases import Figures, load_figures
from wardkeeper.usecases.load_line_list import ReceivedList, load_line_list
from wardkeeper.usecases.load_source import Received, load_source
from wardkeeper.usecases.ports import VaultFile
from wardkeeper.usecases.stand_down import stand_down
from wardkeeper.usecases.verify_ledger import verify_ledger
from wardkeeper.usecases.view_coincidences import view_coincidences
from wardkeeper.usecases.view_incident import view
from wardkeeper.usecases.view_outbreak import view as view_outbreak

MARK = "DEMONSTRATION"
"""A file that marks a folder as a demonstration's: only such a folder is ever cleared and built again."""

EXAMPLE_DAY = date(2026, 11, 22)
"""The day for which the example's dates were written."""

TOML_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")

LOGINS = "LOGINS.txt"
OUTLINE = "mersey-flood"
NOTHING_HAPPENED = ClosingAnswers(death=False, injury=False, complaint=False, claim=False, inquest=False)

Serve = Callable[[House], AbstractContextManager[str]]
"""Serves a house's pages until the block is left; gives the address. Handed in, for screens are built on this room."""

Tell = Callable[[str], None]
"""Shows a person what is being done."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for."""

    folder: Path
    examples: Path
    residents: int
    seed: int


@dataclass(slots=True)
class Walk:
    """A walk under way: where, what was found, and how long each step took."""

    plan: Plan
    serve: Serve
    tell: Tell
    password: str
    answer: dict[str, object] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, words: str) -> Iterator[None]:
        """Tell what is being done, and time it."""
        self.tell(words)
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)


def walk(plan_: Plan, serve: Serve, tell: Tell) -> Walk:
    """Build the demonstration in its folder and walk the road; give what was found. Raises UsageError, never clears another's folder."""
    prepare_folder(plan_.folder, plan_.examples, london_day(SystemClock().now()))
    walked = Walk(plan_, serve, tell, f"demo-{SystemClock().entropy(4).hex()}")
    district_, written = _build_district(walked)
    house = _found(walked)
    _load(walked, house)
    _link(walked, house, written)
    _find(walked, house)
    _outbreak(walked, house, district_)
    _message(walked, house)
    _respond(walked, house)
    _leave_one_live(walked, house)
    _verify(walked, house)
    walked.answer["seconds"] = walked.seconds
    return walked


def prepare_folder(folder: Path, examples: Path, today: date) -> None:
    """Make an empty authority folder with the example's text files. Raises UsageError when the folder is somebody else's."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"“{folder}” is a link or a file, not a folder.", "Give --folder an empty or new one.")
    if folder.exists():
        if any(folder.iterdir()) and not (folder / MARK).is_file():
            raise UsageError(
                f"The folder “{folder}” has files that are not a demonstration's.", "Give --folder an empty or new one."
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("Built by wardkeeper demo, and cleared when it runs again. Every person is invented.\n")
    shutil.copytree(examples, folder, dirs_exist_ok=True)
    for path in folder.rglob("*.toml"):
        path.write_text(move_days(path.read_text("utf-8"), today - EXAMPLE_DAY), "utf-8")


def move_days(text: str, by: timedelta) -> str:
    """Move every date in a TOML text, never backwards: the example's permissions must not have ended before it is tried."""
    if by <= timedelta(0):
        return text
    return TOML_DAY.sub(lambda found: (date.fromisoformat(found.group()) + by).isoformat(), text)


def _build_district(walked: Walk) -> tuple[District, Written]:
    folder, seed = walked.plan.folder, walked.plan.seed
    today = london_day(SystemClock().now())
    with walked.step("district", "Inventing a district: homes, households, people"):
        made = district.build(pack.read(folder / "places"), residents=walked.plan.residents, seed=seed, today=today)
        made.write_addresses(folder / "places" / "addresses.parquet")
        made.count_people("lsoa").write_csv(folder / "places" / "population.csv")
        made.measure_proficiency("lsoa").write_csv(folder / "places" / "proficiency.csv")
    with walked.step("extracts", "Writing seven extracts, with the faults that real ones have"):
        written = extracts.write(made, folder / "extracts", seed=seed, today=today)
    walked.answer["residents_true"] = made.living.height
    return made, written


def _found(walked: Walk) -> House:
    with walked.step("authority", "Setting up the authority: contracts, agreements, keys, logins"):
        house = open_house(walked.plan.folder)
        people = [NewPerson(actor, walked.password) for actor in cast.EVERYBODY]
        found(house, "wardkeeper demo", read_drafts(walked.plan.folder), people)
        _write_logins(walked.plan.folder / LOGINS, walked.password)
    return house


def _write_logins(path: Path, password: str) -> None:
    """Write down who can sign in, for the next time the folder is served. Only its owner may read it."""
    lines = [f"{actor.login:<28} {cast.COMES_TO[actor.login]}" for actor in cast.EVERYBODY]
    path.touch(mode=0o600)
    path.write_text("\n".join([f"Password for every login: {password}", "", *lines, ""]), "utf-8")


def _load(walked: Walk, house: House) -> None:
    loaded = []
    with walked.step("sources", "Loading the extracts into the secure store"):
        for path in sorted((walked.plan.folder / "extracts").iterdir()):
            walked.tell(f"  {path.name}")
            delivery = load_source(house, cast.ANALYST, path.stem, Received(path.name, path.read_bytes())).delivery
            assert delivery is not None
            loaded.append(delivery)
    walked.answer["sources"] = [
        {
            "name": one.source,
            "rows": one.rows,
            "loaded": one.loaded,
            "repaired": one.repaired,
            "quarantined": one.quarantined,
        }
        for one in loaded
    ]
    walked.answer["records"] = sum(one.records for one in loaded)


def _link(walked: Walk, house: House, written: Written) -> None:
    with walked.step("link", "Joining records into residents and households"):
        linking = link_residents(house, cast.ANALYST)
    truth = pl.read_parquet(written.truth)
    membership = _read(house, datasets.MEMBERSHIP, ["record_id", "resident_id"])
    scored = score(membership, truth, linking.pairs)
    report = linking.report
    walked.answer |= {"residents": report.residents, "households": report.households, "linkage": scored}


def _find(walked: Walk, house: House) -> None:
    outline = house.places().outlines[OUTLINE]
    with walked.step("find", "Finding who needs help along the Mersey"):
        found_ = find_homes(house, cast.PLANNER, Hazard.FLOOD, outline)
    walked.answer["find"] = {"homes": found_.lines.height, "seconds": walked.seconds["find"]}


def _respond(walked: Walk, house: House) -> None:
    """Declare, work and stand down an incident with two browsers, and see that what it held is gone."""
    with walked.serve(house) as address:
        planner, crew = (Visitor.sign_in(address, actor.login, walked.password) for actor in (cast.PLANNER, cast.CREW))
        with walked.step("incident", "Declaring a flood; a crew checks a door and the planner's page hears of it"):
            incident = _declare(house, "Mersey flood (practice run)")
            list_file = current(house, datasets.incident_list(incident))
            checks = view(house, cast.PLANNER, incident).lines["check_id"].to_list()
            delivered = _time_delivery(planner, crew, incident, checks)
        walked.answer["incident"] = {"checks": len(checks), "delivered_ms": round(1000 * delivered, 1)}
        copy = walked.plan.folder / STATE / "vault-copy"
        shutil.copytree(walked.plan.folder / STATE / "vault", copy)
        with walked.step("stand_down", "Standing down: access stops, the visit record is kept, the rest is destroyed"):
            stand_down(house, cast.PLANNER, incident, "The river is below the warning level.")
            refused = crew.status_of(f"/incidents/{incident}") == REFUSED_STATUS
            confirm(house, cast.PLANNER, incident, NOTHING_HAPPENED)
            confirm(house, cast.DPO, incident, NOTHING_HAPPENED)
            unreadable = _is_unreadable(walked.plan.folder, copy, list_file, current(house, datasets.RESIDENTS))
        shutil.rmtree(copy)
    walked.answer["stand_down"] = {"refused": refused, "unreadable": unreadable}


REFUSED_STATUS = 403


def _declare(house: House, name: str) -> IncidentId:
    outline = house.places().outlines[OUTLINE]
    why = "Severe flood warning on the Mersey: people must be out before the water comes."
    return declare(house, cast.PLANNER, Declaration(name, Hazard.FLOOD, outline, why))


def _time_delivery(planner: Visitor, crew: Visitor, incident: IncidentId, checks: list[str]) -> float:
    """Give the seconds from a crew's sending of an outcome to the planner's hearing of it, over HTTP."""
    assert crew.status_of(f"/incidents/{incident}") == OK_STATUS
    with planner.following(incident, after=2) as stream:
        sent = crew.record_safe(incident, checks[0])
        return stream.wait_for(checks[0]) - sent


OK_STATUS = 200


def _is_unreadable(folder: Path, copy: Path, destroyed: VaultFile, standing: VaultFile) -> bool:
    """Tell whether a copy of the vault made before gives nothing of the incident, while standing data still opens.

    The permit is forged, so that only the missing key stands in the way.
    """
    clock = SystemClock()
    restored = SealedVault(copy, KeyFolder(folder / STATE / "keys"), clock)
    restored.read(standing, ["resident_id"], permit=_forge(clock, standing, ["resident_id"]))
    try:
        restored.read(destroyed, ["check_id"], permit=_forge(clock, destroyed, ["check_id"]))
    except WardkeeperError:
        return True
    return False


def _forge(clock: SystemClock, file: VaultFile, columns: list[str]) -> Decision:
    now = clock.now()
    return Decision(
        id=DecisionId("dec-forged-for-the-demonstration"),
        outcome=Outcome.ALLOW,
        login=cast.ANALYST.login,
        organisation=cast.COUNCIL,
        purpose="emergency-planning",
        operation="link",
        datasets=frozenset({file.dataset}),
        fields=frozenset(columns),
        incident=None,
        decided_at=now,
        until=now + timedelta(seconds=60),
        reasons=(),
    )


def _leave_one_live(walked: Walk, house: House) -> None:
    with walked.step("live_incident", "Leaving a second incident live for you to explore"):
        _declare(house, "Mersey flood")


def _outbreak(walked: Walk, house: House, district_: District) -> None:
    reference = os.environ.get("WARDKEEPER_REFERENCE")
    with walked.step("outbreak", "Loading a line list of cases; looking for unusual rises and cases that coincide"):
        source = _load_england(house, Path(reference)) if reference else _load_simulated(walked, house, district_)
        shown = view_outbreak(house, cast.PUBLIC_HEALTH)
    walked.answer["outbreak"] = {"source": source, "areas": shown.areas.height, "alarms": shown.alarms}


def _load_simulated(walked: Walk, house: House, district_: District) -> str:
    today = london_day(house.clock.now())
    population = district_.count_people("lsoa")
    cases = simulate(pack.read(walked.plan.folder / "places"), population, seed=walked.plan.seed, today=today)
    planted = line_list.write(cases, district_, walked.plan.folder, seed=walked.plan.seed)
    walked.tell(f"  {planted.file.name}")
    source = "Line list of simulated cases (invented)"
    loaded = load_line_list(house, cast.PUBLIC_HEALTH, ReceivedList(read_case_table(planted.file), source, today))
    found_ = view_coincidences(house, cast.PUBLIC_HEALTH).frame
    walked.answer["cases"] = {
        "cases": loaded.cases,
        "unplaced": loaded.unplaced,
        "coincidences": found_.height,
        "planted_found": found_.filter(pl.col("name") == line_list.CARE_HOME).height > 0,
    }
    return "simulated"


def _load_england(house: House, reference: Path) -> str:
    england = reference / "outbreaks" / "england"
    file = england / "msoa_weekly_cases_2020-03-21_2020-11-28.parquet"
    counts = from_published(
        read_case_table(file),
        as_of=london_day(house.clock.now()),
        population=read_population(england / "population20_msoa11.csv.gz"),
    )
    areas = read_areas(england / "boundaries_msoa11.geojson.gz", None)
    load_figures(house, cast.PUBLIC_HEALTH, Figures(counts, f"England, published: {file.name}", areas))
    return file.name


def _message(walked: Walk, house: House) -> None:
    with walked.step("messages", "Looking for alerts; a lead accepts the first, if any, and approves messages"):
        acted = campaign.act(house)
    made, alerts = acted.plan, len(acted.raised.alerts)
    walked.tell(f"  Alerts: {alerts}. Messages to {made.homes:,} homes approved, none sent")
    walked.answer["messages"] = {"alerts": alerts, "accepted": acted.accepted, "homes": made.homes}


def _verify(walked: Walk, house: House) -> None:
    with walked.step("verify", "Verifying the activity record"):
        found_ = verify_ledger(house)
    walked.answer["ledger"] = {"leaves": found_.leaves, "verified": found_.verified}


def _read(house: House, dataset: str, columns: list[str]) -> pl.DataFrame:
    """Read a dataset for scoring against the truth, which no use case does."""
    clock = SystemClock()
    file = current(house, dataset)
    return house.vault.read(file, columns, permit=_forge(clock, file, columns))
