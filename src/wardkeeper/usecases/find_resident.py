"""Find out whether a person is known: a record just typed, looked up among all that are linked, by the weights of the linking.

What is made ready for it is kept in memory for as long as the datasets it was made of are current and may be used. Protected people
are left out of it: they are found by nobody here, and their homes lead to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock

import numpy as np
import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import RECORD
from wardkeeper.kernel.errors import Refused, UsageError, Where
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.places.postcodes import standardise
from wardkeeper.residents.explanations import read_pattern
from wardkeeper.residents.linking import ROLES
from wardkeeper.residents.reports import band_of
from wardkeeper.residents.resolving import resolve
from wardkeeper.residents.searching import Index, Match, prepare
from wardkeeper.sources.values import Reader, read_emails, read_nhs_numbers, read_phones
from wardkeeper.usecases import datasets
from wardkeeper.usecases.door import Ask, Opened, current, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.link_residents import usable_sources
from wardkeeper.usecases.rulebook import rulebook

MOST = 10
LEAST = 0.05
"""Residents below this probability are not shown: a search is no way to leaf through people."""
FEWEST = 2
"""A search must say so many things: with one, it would list everybody of a name or a street."""
WANTED_OF_RESIDENTS = ["resident_id", "title", "given", "middle", "family", "birth_date", "protected"]
DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")


def _read_postcodes(text: pl.Series) -> pl.DataFrame:
    return text.alias("text").to_frame().select(standardise(pl.col("text")).alias("value"))


READ_BY: dict[str, tuple[Reader, str, str]] = {
    "postcode": (_read_postcodes, "postcode", "Write it in full, like M33 7XH, or leave it out."),
    "phone": (read_phones, "telephone number", "Write it in full, like 0161 496 0123, or leave it out."),
    "email": (read_emails, "e-mail address", "Write it in full, like name@example.org, or leave it out."),
    "nhs_number": (read_nhs_numbers, "NHS number", "Look at its ten digits again: the last must fit the others."),
}
"""How each value that has a form is read, its name in a sentence, and what to do when it can't be."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is known of the person looked for: text as it was said, empty where nothing is known."""

    given: str = ""
    family: str = ""
    born: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    nhs_number: str = ""


@dataclass(frozen=True, slots=True)
class Likely:
    """A resident who may be meant: how sure it is, in words too, what of the search agrees and what conflicts.

    `joins` tells whether a linking would hold the search for this person's record. `forbidden` says what rules it out.
    """

    resident_id: str
    name: str
    birth_date: date | None
    probability: float
    sure: str
    joins: bool
    agrees: tuple[str, ...]
    conflicts: tuple[str, ...]
    forbidden: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A linking made ready: `versions` are those of the datasets it was made of; `residents` stand by the number of their group."""

    versions: tuple[str, ...]
    index: Index
    residents: pl.DataFrame
    records: pl.DataFrame


_kept: dict[str, Known] = {}
_lock = Lock()


def forget() -> None:
    """Drop what is kept in memory."""
    _kept.clear()


def check_may_find(house: House, actor: Actor, *, purpose: str = PURPOSE) -> None:
    """Refuse somebody who may not look people up, before anything is asked."""
    open_door(house, _ask(house, actor, purpose))


def find_resident(house: House, actor: Actor, sought: Sought, *, purpose: str = PURPOSE) -> list[Likely]:
    """Give the residents who may be meant, the likeliest first. Raises Refused, and UsageError for a search too thin or unclear."""
    record = _read(house, sought)
    try:
        opened = open_door(house, _ask(house, actor, purpose))
    except Refused:
        forget()
        raise
    known = _known(opened)
    found = [_tell(house, known, match) for match in known.index.search(record) if match.probability >= LEAST][:MOST]
    with house.store.write(opened.leaf(Act.READ, {"datasets": sorted(opened.ask.wanted), "rows": len(found)})):
        return found


def _ask(house: House, actor: Actor, purpose: str) -> Ask:
    wanted = {datasets.records(source): [column.name for column in RECORD] for source in usable_sources(house)[0]}
    wanted |= {datasets.MEMBERSHIP: ["record_id", "resident_id"], datasets.RESIDENTS: WANTED_OF_RESIDENTS}
    return Ask(actor, purpose, Operation.FIND_RESIDENT, wanted, Tier.NAMES)


def _read(house: House, sought: Sought) -> Mapping[str, object]:
    """Make a record of what is sought, its home found as loading finds it."""
    said = [name for name in sought.__slots__ if getattr(sought, name).strip()]
    if len(said) < FEWEST:
        raise UsageError(
            "That is too little to find one person by.", "Give two things at least, such as name and birth date."
        )
    told = {name: _read_value(name, getattr(sought, name)) for name in READ_BY}
    place = {"uprn": None, "address_original": sought.address.strip() or None, "postcode": told["postcode"]}
    asked = pl.DataFrame([place], schema=dict.fromkeys(place, pl.String))
    home = house.places().addresses.match(asked)["home_id"].item() if place["address_original"] else None
    names = {"given": sought.given, "family": sought.family, "birth_date": _read_day(sought.born.strip())}
    return {**told, **names, **place, "home_id": home, "protected": False}


def _read_value(name: str, text: str) -> str | None:
    """Read what was said as loading reads it. Raises UsageError for what it can't read: it must not be passed over."""
    if not text.strip():
        return None
    reader, words, example = READ_BY[name]
    value: str | None = reader(pl.Series([text.strip()]))["value"].item()
    if value is None:
        raise UsageError(f"The {words} can't be read.", example, Where(column=name))
    return value


def _read_day(text: str) -> date | None:
    if not text:
        return None
    for form in DAY_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise UsageError("The birth date can't be read.", "Write it like 1980-12-31 or 31/12/1980.", Where(column="born"))


def _known(opened: Opened) -> Known:
    """Give the linking made ready, made anew where any dataset behind it is another one than before."""
    wanted = opened.ask.wanted
    versions = tuple(current(opened.house, name).id for name in sorted(wanted))
    with _lock:
        kept = _kept.get(datasets.MEMBERSHIP)
        if kept is None or kept.versions != versions:
            forget()
            kept = _make_ready(opened, versions)
            _kept[datasets.MEMBERSHIP] = kept
        return kept


def _make_ready(opened: Opened, versions: tuple[str, ...]) -> Known:
    """Fit the weights again on the linked records (the same, for they follow from the records), and take the groups as they stand."""
    frames = opened.read_all(opened.ask.wanted)
    residents = frames.pop(datasets.RESIDENTS).filter(~pl.col("protected")).sort("resident_id").with_row_index("group")
    owners = frames.pop(datasets.MEMBERSHIP).join(residents.select("resident_id", "group"), on="resident_id")
    records = pl.concat(frames.values()).join(owners, on="record_id").filter(~pl.col("protected")).sort("record_id")
    found = resolve(records, ROLES)
    group = records["group"].to_numpy().astype(np.int32)[found.encoded.order]
    index = prepare(records, ROLES, replace(found, group=group))
    return Known(versions, index, residents, records.select("record_id", "source"))


def _tell(house: House, known: Known, match: Match) -> Likely:
    resident = known.residents.row(match.group, named=True)
    agrees, conflicts, _ = read_pattern(match.patterns[0])
    contracts = rulebook(house.store).contracts
    sources = dict.fromkeys(known.records["source"].gather(list(match.rows)).to_list())
    names = (resident[part] for part in ("title", "given", "middle", "family"))
    return Likely(
        resident_id=resident["resident_id"],
        name=" ".join(name for name in names if name),
        birth_date=resident["birth_date"],
        probability=match.probability,
        sure=band_of(match.probability) if match.probability >= 0.5 else "unlikely",
        joins=match.joins,
        agrees=agrees,
        conflicts=conflicts,
        forbidden=match.reason,
        sources=tuple(contracts[one].title if one in contracts else one for one in sources),
    )
