"""View a resident: which records were joined, what speaks for and against it, how sure it is, and what changed since.

No address is shown, of anybody: for telling why records were joined it is enough whether their homes agree.
"""

from dataclasses import dataclass
from datetime import date
from itertools import islice, product
from string import ascii_uppercase

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import ID_CHANGE, LINK
from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.people import Actor
from wardkeeper.residents.explanations import read_pattern
from wardkeeper.residents.reports import band_of
from wardkeeper.residents.verdicts import Verdict, settle
from wardkeeper.usecases import datasets, label_log
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import rulebook

RESIDENT_COLUMNS = ["resident_id", "title", "given", "middle", "family", "birth_date", "certainty", "seen_on"]
COLUMNS = {
    datasets.RESIDENTS: RESIDENT_COLUMNS,
    datasets.MEMBERSHIP: ["record_id", "resident_id"],
    datasets.LINKS: [column.name for column in LINK],
    datasets.ID_CHANGES: [column.name for column in ID_CHANGE],
}


@dataclass(frozen=True, slots=True)
class JoinedRecord:
    """One record: its letter in this account, its id and its source."""

    letter: str
    record_id: str
    source: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """What two of the records have to do with each other. `said` is what people settled on; empty when nobody looked."""

    letters: str
    probability: float
    agrees: tuple[str, ...]
    conflicts: tuple[str, ...]
    unknown: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class IdEvent:
    """One merge, split or move in which this resident had a part."""

    at: str
    change: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResidentAccount:
    """Why these records are held to be one person. `summary` says how sure; `settle_by` what would change it."""

    resident_id: str
    name: str
    birth_date: date | None
    certainty: float
    summary: str
    records: tuple[JoinedRecord, ...]
    links: tuple[LinkLine, ...]
    settle_by: tuple[str, ...]
    history: tuple[IdEvent, ...]


def view_resident(house: House, actor: Actor, resident: str, *, purpose: str = PURPOSE) -> ResidentAccount:
    """Give the account of one resident. Raises Refused, and NotFound with the newer id where there is one."""
    names = label_log.logs(house)
    wanted = {**COLUMNS, **label_log.wanted(names)}
    frames = open_door(house, Ask(actor, purpose, Operation.VIEW_RESIDENT, wanted, Tier.NAMES)).read_all(wanted)
    history = _history(frames[datasets.ID_CHANGES], resident)
    found = frames[datasets.RESIDENTS].filter(pl.col("resident_id") == resident)
    if found.is_empty():
        raise _unknown(history, resident)
    row = found.row(0, named=True)
    members = frames[datasets.MEMBERSHIP].filter(pl.col("resident_id") == resident)["record_id"].sort().to_list()
    records = _records(house, members)
    settled = settle(label_log.gather(frames[name] for name in names))
    links = _links(frames[datasets.LINKS], settled, {one.record_id: one.letter for one in records})
    return ResidentAccount(
        resident_id=resident,
        name=" ".join(part for part in (row["title"], row["given"], row["middle"], row["family"]) if part),
        birth_date=row["birth_date"],
        certainty=row["certainty"],
        summary=_summary(len(members), row["certainty"]),
        records=records,
        links=links,
        settle_by=_settle_by(links),
        history=history,
    )


def _unknown(history: tuple[IdEvent, ...], resident: str) -> NotFound:
    later = next((event.after for event in history if event.before == resident), "")
    advice = f"Its records are now under {later}." if later else "Check the id."
    return NotFound("There is no resident of this id now.", advice)


def _records(house: House, members: list[str]) -> tuple[JoinedRecord, ...]:
    contracts = rulebook(house.store).contracts
    letters = ("".join(pair) for pair in product(("", *ascii_uppercase), ascii_uppercase))
    named = zip(islice(letters, len(members)), members, strict=True)
    return tuple(
        JoinedRecord(
            letter, record, contracts[source].title if (source := label_log.source_of(record)) in contracts else source
        )
        for letter, record in named
    )


def _links(links: pl.DataFrame, settled: pl.DataFrame, letters: dict[str, str]) -> tuple[LinkLine, ...]:
    """The weakest first: what holds least is what a reader should look at."""
    inside = pl.col("left").is_in(list(letters)) & pl.col("right").is_in(list(letters))
    theirs = links.filter(inside).join(settled.select("left", "right", "verdict"), on=["left", "right"], how="left")
    lines = []
    for row in theirs.sort("probability", "left", "right").iter_rows(named=True):
        agrees, conflicts, unknown = read_pattern(row["pattern"])
        said = "" if row["verdict"] in (None, Verdict.UNSURE) else row["verdict"]
        pair = f"{letters[row['left']]} and {letters[row['right']]}"
        lines.append(LinkLine(pair, row["probability"], agrees, conflicts, unknown, said))
    return tuple(lines)


def _summary(records: int, certainty: float) -> str:
    if records == 1:
        return "One record, joined to no other."
    return f"{records} records. The one that fits least is {band_of(certainty)} ({certainty:.0%}) to be this person’s."


def _settle_by(links: tuple[LinkLine, ...]) -> tuple[str, ...]:
    """Say what would make the weakest link surer, or part it."""
    if not links:
        return ()
    weakest = links[0]
    if weakest.said:
        return (f"People have settled {weakest.letters}.",)
    told = [
        f"{weakest.letters} were not compared by {name}: knowing it in both would settle more"
        for name in weakest.unknown
    ]
    return (
        *told[:3],
        f"a person who says that {weakest.letters} are two people parts them at the next joining",
    )


def _history(changes: pl.DataFrame, resident: str) -> tuple[IdEvent, ...]:
    mine = changes.filter((pl.col("before") == resident) | (pl.col("after") == resident)).sort("at", descending=True)
    return tuple(
        IdEvent(row["at"], row["change"], row["before"], row["after"], row["reason"])
        for row in mine.iter_rows(named=True)
    )
