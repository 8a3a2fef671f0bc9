"""Link the current records of every source into residents, households, homes and known facts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import FACT, FACTOR, HOME, HOUSEHOLD, MEMBERSHIP, RECORD, RESIDENT
from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.needs.finding import aged
from wardkeeper.places.homes import describe
from wardkeeper.residents import Linked, LinkReport, link
from wardkeeper.residents.verdicts import Verdict, settle
from wardkeeper.usecases import choose_pairs, datasets, label_log
from wardkeeper.usecases.door import Ask, Opened, current, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import rulebook

MADE = {
    datasets.RESIDENTS: RESIDENT,
    datasets.MEMBERSHIP: MEMBERSHIP,
    datasets.HOUSEHOLDS: HOUSEHOLD,
    datasets.HOMES: HOME,
    datasets.FACTS: FACT,
    **choose_pairs.MADE,
}
"""What linking makes, and its columns."""


@dataclass(frozen=True, slots=True)
class Linking:
    """What came of a linking: its account, and the sources that were left out because their mandate has ended.

    `pairs` are the compared pairs of record ids, as `residents.Linked` gives them; most of them are not kept. `labels` is how many
    pairs people had settled before.
    """

    report: LinkReport
    pairs: pl.DataFrame
    homes: int
    facts: int
    left_out: tuple[str, ...]
    labels: int = 0


def link_residents(house: House, actor: Actor, *, purpose: str = PURPOSE) -> Linking:
    """Link everything loaded. Nothing changes until all of it is sealed, so a run that is killed leaves the old result.

    Ids are kept from the linking before, unless a permission behind that has ended since: then it can't be read.
    Raises Refused, and NotFound when no source has been loaded.
    """
    sources, left_out = usable_sources(house)
    if not sources:
        raise NotFound("No source has been loaded, so there is nobody to link.", "Run wardkeeper source load first.")
    kept = [name for name in (datasets.MEMBERSHIP, datasets.ID_CHANGES) if _is_usable(house, name)]
    logs = label_log.logs(house, sources)
    ask = _ask(house, actor, sources, purpose)
    wanted = {**ask.wanted, **label_log.wanted(logs)}
    opened = open_door(house, replace(ask, wanted=wanted, replaced=MADE.keys() - set(kept)))
    inputs = [name for source in sources for name in (datasets.records(source), datasets.source_factors(source))]
    frames = opened.read_all(opened.ask.wanted_of([*inputs, *kept, *logs]))
    ground = {
        "records": pl.concat(frames[datasets.records(source)] for source in sources),
        "factors": pl.concat(frames[datasets.source_factors(source)] for source in sources),
        "labels": settle(label_log.gather(frames[name] for name in logs)),
    }
    settled = ground["labels"].filter(pl.col("verdict") != Verdict.UNSURE)
    linked = link(ground["records"], frames.get(datasets.MEMBERSHIP), entropy=house.clock.entropy, labels=settled)
    made = _made(house, ground["records"], ground["factors"], linked)
    made |= choose_pairs.made_for_review(house, linked, ground, frames.get(datasets.ID_CHANGES))
    # Linking takes longer than a decision lasts: it is made again before anything is written.
    _seal(open_door(house, opened.ask), made, [*inputs, *logs], linked.report)
    homes, facts = made[datasets.HOMES].height, made[datasets.FACTS].height
    return Linking(linked.report, linked.pairs, homes, facts, left_out, settled.height)


def usable_sources(house: House) -> tuple[list[str], tuple[str, ...]]:
    """Split the loaded sources into those that may be used now and those whose mandate has ended."""
    contracts = rulebook(house.store).contracts
    loaded = [source for source in sorted(contracts) if house.store.current(datasets.records(source))]
    usable = [source for source in loaded if _is_usable(house, datasets.records(source))]
    return usable, tuple(source for source in loaded if source not in usable)


def _is_usable(house: House, dataset: str) -> bool:
    """Tell whether there is such a dataset and everything it is held under is in force."""
    file = house.store.current(dataset)
    mandates = [house.store.mandate(one) for one in file.mandates] if file else [None]
    return all(mandate is not None and mandate.in_force(house.clock.now()) for mandate in mandates)


def _ask(house: House, actor: Actor, sources: list[str], purpose: str) -> Ask:
    wanted = {name: [column.name for column in columns] for name, columns in MADE.items()}
    for source in sources:
        wanted[datasets.records(source)] = [column.name for column in RECORD]
        wanted[datasets.source_factors(source)] = [column.name for column in FACTOR]
    files = [current(house, datasets.records(source)) for source in sources]
    mandates = tuple(dict.fromkeys(one for file in files for one in file.mandates))
    return Ask(actor, purpose, Operation.LINK, wanted, Tier.NAMES, mandates=mandates)


def _made(house: House, records: pl.DataFrame, factors: pl.DataFrame, linked: Linked) -> dict[str, pl.DataFrame]:
    places = house.places()
    special = records.drop_nulls(["special", "home_id"]).group_by("home_id").agg(pl.col("special").first())
    homes = describe(records, places.addresses, places.postcodes).join(special, on="home_id", how="left")
    asserted = (
        factors.join(linked.membership, on="record_id")
        .group_by("resident_id", "factor", "source")
        .agg(pl.col("seen_on").max())
    )
    order = [column.name for column in FACT]
    facts = pl.concat([asserted.select(order), aged(linked.residents, london_day(house.clock.now())).select(order)])
    return {
        datasets.RESIDENTS: linked.residents,
        datasets.MEMBERSHIP: linked.membership,
        datasets.HOUSEHOLDS: linked.households,
        datasets.HOMES: homes.select([column.name for column in HOME]),
        datasets.FACTS: facts.sort("resident_id", "factor", "source"),
    }


def _seal(opened: Opened, made: Mapping[str, pl.DataFrame], inputs: list[str], report: LinkReport) -> None:
    house = opened.house
    parents = [current(house, name).id for name in inputs]
    files = [
        house.vault.write(frame, dataset=name, mandates=opened.ask.mandates, parents=parents, permit=opened.decision)
        for name, frame in made.items()
    ]
    detail: dict[str, Detail] = {
        "records": report.records,
        "residents": report.residents,
        "households": report.households,
        "model": report.model,
        "changed_ids": len(report.changes),
    }
    with house.store.write(opened.leaf(Act.RESIDENTS_LINKED, detail)) as writer:
        for file in files:
            writer.set_current(file)
