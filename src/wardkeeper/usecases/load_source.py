"""Load one delivery of a source: read it, check its place among the others, standardise, seal and record it."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import FACTOR, QUARANTINED, RECORD, REMOVED
from wardkeeper.kernel.errors import BadInput, UsageError
from wardkeeper.kernel.ids import DeliveryId, mint
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.sources.changes import Changes, count_changes
from wardkeeper.sources.dating import read_extract_day, say_extract_day
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.protection import count_unprotected
from wardkeeper.sources.quality import QualityReport
from wardkeeper.sources.rules import Note, Rule
from wardkeeper.sources.sequence import NextStep, Step, check, check_size
from wardkeeper.sources.standardising import Standardised, standardise
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import Contract
from wardkeeper.sources.terms import Kind as SourceKind
from wardkeeper.usecases import datasets
from wardkeeper.usecases.changed_records import put_on
from wardkeeper.usecases.documents import document_of, report_name
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.killed_runs import sweep_killed
from wardkeeper.usecases.rulebook import Kind, rulebook
from wardkeeper.usecases.run_rows import carry_fixes_over
from wardkeeper.usecases.stopped_loads import answers_to, asking, check_emptied, check_unprotected

MARGIN = 2
"""Seconds before a decision's end at which it is made again."""

OLDER = "If it is the older file, nothing needs doing. If its day is wrong, ask the owner to put it right, and load it again."
"""What to do about a file that was recorded and not used."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came.

    `dated_on` is the day it is about, for a file that doesn't say. `shrunk` is a person's word that the source did
    lose half of its rows, or a column; `unprotect`, that those who lost their protection need it no longer.
    """

    file_name: str
    content: bytes
    dated_on: date | None = None
    shrunk: bool = False
    unprotect: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a delivery. `delivery` is None when nothing was loaded; `reason` then says why.

    `held` are the findings that hold rows back, `notes` those on rows that were loaded. `stops` are the questions that
    loading the file would stop with, where it was only checked.
    """

    delivery: Delivery | None
    reason: str
    held: list[Note]
    notes: list[Note]
    report: QualityReport | None
    stops: tuple[str, ...] = ()

    @property
    def unused(self) -> bool:
        """Whether the file was recorded and none of its rows is used."""
        return self.delivery is not None and self.delivery.unused > 0


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A file as text cells, and what is known of it; its bytes are let go."""

    contract: Contract
    raw: RawTable
    sha256: str
    file_name: str
    extracted_on: date


@dataclass(frozen=True, slots=True)
class _Read:
    """A delivery read and standardised, but not yet kept."""

    contract: Contract
    made: Standardised
    delivery: Delivery


def check_source(house: House, actor: Actor, source: str, received: Received, *, purpose: str = PURPOSE) -> Loaded:
    """Tell what loading a file would do and what would stop it, and keep nothing. Raises as `load_source`."""
    ask = _ask(house, actor, source, purpose)
    open_door(house, ask)
    read = _read(house, _receive(house, source, received))
    step = _find_step(house, read)
    if step.step is Step.RECORD:
        return _tell_recorded(read, step)
    stops = () if step.step is Step.NOTHING else tuple(_find_stops(house, ask, read, step.step))
    return Loaded(read.delivery, step.reason, _held(read.made), read.made.notes, read.made.report, stops)


def _find_stops(house: House, ask: Ask, read: _Read, step: Step) -> Iterator[str]:
    checks: tuple[Callable[[], None], ...] = (
        lambda: _check_size(house, read, expected=False),
        lambda: _check_columns(house, read, expected=False),
        lambda: _check_protection(open_door(house, ask), read, step, expected=False),
    )
    for check_one in checks:
        try:
            check_one()
        except BadInput as stop:
            yield f"{stop.message} {stop.next}"


def _check_size(house: House, read: _Read, *, expected: bool) -> None:
    check_size(read.delivery.rows, house.store.deliveries(read.delivery.source), read.contract, expected=expected)


def _check_columns(house: House, read: _Read, *, expected: bool) -> None:
    # A row that removes has nothing but its key, so what a file of changes fills says nothing.
    expected = expected or read.contract.kind is SourceKind.CHANGES
    check_emptied(house, read.made.report, read.delivery, expected=expected)


def _check_protection(opened: Opened, read: _Read, step: Step, *, expected: bool) -> None:
    """Compare with the records in use. Of an older cumulative file nothing in use changes."""
    source = read.delivery.source
    there = [name for name in opened.ask.wanted if opened.house.store.current(name)]
    name, kind = datasets.records(source), read.contract.kind
    if expected or name not in there or (step is Step.MERGE and kind is not SourceKind.CHANGES):
        return
    if step is Step.MERGE:
        kept = opened.read_all(opened.ask.wanted_of(there))
        before, now = kept[name], put_on(opened.house, kept, read.made, read.delivery)[name]
    else:
        before, now = opened.read(name, ["record_id", "protected"]), read.made.records
    check_unprotected(count_unprotected(now, before), source)


def load_source(house: House, actor: Actor, source: str, received: Received, *, purpose: str = PURPOSE) -> Loaded:
    """Load a file, all or nothing. Raises BadInput, Refused, NotFound, StorageFailed; then nothing has changed."""
    ask = _ask(house, actor, source, purpose)
    sweep_killed(house)
    with asking(open_door(house, ask), source, received.file_name):
        arrived, shrunk = _receive(house, source, received), received.shrunk
        unprotect = received.unprotect
        # What nobody else holds is let go: a large file's bytes and cells are as large as all that is made of them.
        del received
        read = _read(house, arrived)
        del arrived
        step = _find_step(house, read)
        if step.step is Step.NOTHING:
            return Loaded(None, step.reason, [], [], None)
        if step.step is Step.RECORD:
            return _record(open_door(house, ask), read, step)
        _check_size(house, read, expected=shrunk)
        _check_columns(house, read, expected=shrunk)
        _check_protection(open_door(house, ask), read, step.step, expected=unprotect)
    # Reading a large file takes longer than a decision lasts: it is made again before anything is written.
    _keep(open_door(house, ask), read, merge=step.step is Step.MERGE)
    return _with_earlier_fixes(house, ask, read, step)


def _with_earlier_fixes(house: House, ask: Ask, read: _Read, step: NextStep) -> Loaded:
    """Put on again what a person put right in the same faulty rows of an earlier file."""
    source, replaces = read.contract.name, step.step is Step.LOAD
    rerun = carry_fixes_over(house, ask.actor, source, replaces=replaces, purpose=ask.purpose)
    delivery = next((one for one in rerun.deliveries if one.id == read.delivery.id), read.delivery)
    reason = " ".join(filter(None, (step.reason, rerun.said)))
    held = [note for note in _held(read.made) if (read.delivery.id, note.row) not in rerun.rows]
    return Loaded(delivery, reason, held, read.made.notes, read.made.report)


def _held(made: Standardised) -> list[Note]:
    found = made.quarantined.select("row", "column", "rule", "reason")
    return [Note(row, column, Rule(rule), reason) for row, column, rule, reason in found.iter_rows()]


def _find_step(house: House, read: _Read) -> NextStep:
    delivery = read.delivery
    applied = house.store.document(Kind.SOURCE, delivery.source)
    amended_at = applied.applied_at if applied else None
    earlier = house.store.deliveries(delivery.source)
    return check(delivery.sha256, delivery.extracted_on, earlier, read.contract, amended_at=amended_at)


def _ask(house: House, actor: Actor, source: str, purpose: str) -> Ask:
    contract = rulebook(house.store).contract(source)
    wanted = {
        datasets.records(source): [column.name for column in RECORD],
        datasets.source_factors(source): [column.name for column in FACTOR],
        datasets.quarantine(source): [column.name for column in QUARANTINED],
    }
    if contract.kind is SourceKind.CHANGES:
        wanted[datasets.removed(source)] = [column.name for column in REMOVED]
    mandates = (contract.mandate.id,)
    return Ask(actor, purpose, Operation.LOAD, wanted, Tier.NAMES, mandates=mandates)


def _receive(house: House, source: str, received: Received) -> _Arrived:
    contract = rulebook(house.store).contract(source)
    raw = house.read_table(received.content, contract.file)
    today = london_day(house.clock.now())
    extracted_on = read_extract_day(raw, contract, today=today) or _check_dated(received.dated_on, today) or today
    raw = replace(raw, assumed=(*raw.assumed, *say_extract_day(raw, contract, extracted_on)))
    sha256 = hashlib.sha256(received.content).hexdigest()
    return _Arrived(contract, raw, sha256, received.file_name, extracted_on)


def _check_dated(day: date | None, today: date) -> date | None:
    if day and day > today:
        raise UsageError(
            f"The file can't be of {day}: that is after today, {today}.", "Give the day that the file is about."
        )
    return day


def _read(house: House, arrived: _Arrived) -> _Read:
    contract, raw, extracted_on = arrived.contract, arrived.raw, arrived.extracted_on
    now = house.clock.now()
    delivery_id = DeliveryId(mint("del", house.clock.entropy(8)))
    places = house.places()
    made = standardise(
        raw,
        contract,
        delivery=delivery_id,
        postcodes=places.postcodes,
        addresses=places.addresses,
        extracted_on=extracted_on,
    )
    delivery = Delivery(
        id=delivery_id,
        source=contract.name,
        file_name=arrived.file_name,
        sha256=arrived.sha256,
        extracted_on=extracted_on,
        received_at=now,
        rows=made.rows,
        loaded=made.loaded,
        repaired=made.repaired,
        quarantined=made.quarantined_rows,
        records=made.records.height,
        assumed=raw.assumed,
    )
    return _Read(contract, made, delivery)


def _keep(opened: Opened, read: _Read, *, merge: bool) -> None:
    house, delivery, made = opened.house, read.delivery, read.made
    source = delivery.source
    frames = {
        datasets.records(source): made.records,
        datasets.source_factors(source): made.factors,
        datasets.quarantine(source): made.quarantined,
    }
    changes = None if merge else _compare_keys(opened, read)
    if read.contract.kind is SourceKind.CHANGES:
        frames |= {datasets.removed(source): made.removed}
    if merge:
        frames = _keep_newer(opened, read, frames)
    files = []
    for dataset, frame in frames.items():
        opened = _decide_again(opened)
        files.append(
            house.vault.write(frame, dataset=dataset, mandates=opened.ask.mandates, parents=[], permit=opened.decision)
        )
    with house.store.write(opened.leaf(Act.DELIVERY_LOADED, _detail(delivery))) as writer:
        writer.add_delivery(delivery)
        writer.apply_document(
            document_of(house, Kind.QUALITY, report_name(source, delivery.id), _quality(made, changes))
        )
        for answer in answers_to(house, source):
            writer.apply_document(answer)
        for file in files:
            writer.set_current(file)


def _decide_again(opened: Opened) -> Opened:
    """Decide again where the decision is about to run out: each large frame takes seconds to seal."""
    soon = opened.house.clock.now() + timedelta(seconds=MARGIN)
    return opened if soon < opened.decision.until else open_door(opened.house, opened.ask)


def _record(opened: Opened, read: _Read, step: NextStep) -> Loaded:
    """Record that an older file came, with its report, and change nothing that is in use."""
    house, told = opened.house, _tell_recorded(read, step)
    delivery = read.delivery.set_aside()
    with house.store.write(opened.leaf(Act.DELIVERY_LOADED, _detail(delivery) | {"in_use": False})) as writer:
        writer.add_delivery(delivery)
        writer.apply_document(
            document_of(house, Kind.QUALITY, report_name(delivery.source, delivery.id), _quality(read.made, None))
        )
    return told


def _tell_recorded(read: _Read, step: NextStep) -> Loaded:
    """Give an older file's answer: none of its rows is loaded, held back to fix, or counted as either."""
    return Loaded(read.delivery.set_aside(), f"{step.reason} {OLDER}", [], [], read.made.report)


def _detail(delivery: Delivery) -> dict[str, Detail]:
    return {
        "source": delivery.source,
        "delivery": delivery.id,
        "sha256": delivery.sha256,
        "rows": delivery.rows,
        "loaded": delivery.loaded,
        "repaired": delivery.repaired,
        "quarantined": delivery.quarantined,
    }


def _keep_newer(opened: Opened, read: _Read, frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Add an older cumulative file to the current one: of a record in both, the current one stays. Or apply changes.

    Its held rows join those to be fixed: none vanishes.
    """
    there = [name for name in opened.ask.wanted if opened.house.store.current(name)]
    kept = opened.read_all(opened.ask.wanted_of(there))
    if read.contract.kind is SourceKind.CHANGES:
        quarantine = datasets.quarantine(read.contract.name)
        put = put_on(opened.house, kept, read.made, read.delivery)
        return {**put, quarantine: pl.concat([kept[quarantine], frames[quarantine]])}
    records = next(frame for name, frame in kept.items() if name.startswith(datasets.records("")))
    merged = {}
    for dataset, frame in frames.items():
        older = frame.join(records, on="record_id", how="anti") if "record_id" in frame.columns else frame
        merged[dataset] = pl.concat([kept[dataset], older])
    return merged


def _compare_keys(opened: Opened, read: _Read) -> Changes | None:
    """Count the records that are new, gone and kept since the file before; None without one, or without keys."""
    name = datasets.records(read.contract.name)
    if not read.contract.file.key or opened.house.store.current(name) is None:
        return None
    return count_changes(read.made.records["record_id"], opened.read(name, ["record_id"])["record_id"])


def _quality(made: Standardised, changes: Changes | None) -> bytes:
    """Give the quality report and the notes, counted by column and rule: no value of anybody's."""
    counted = Counter((note.column, note.rule.value, note.reason) for note in made.notes)
    notes = [
        {"column": column, "rule": rule, "reason": reason, "rows": rows}
        for (column, rule, reason), rows in counted.most_common()
    ]
    report = replace(made.report, changes=changes)
    return json.dumps({**asdict(report), "notes": notes}, default=str, sort_keys=True).encode()
