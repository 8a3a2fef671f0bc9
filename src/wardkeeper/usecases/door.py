"""The one door (rules G1, G2, G5, G12): decide, put the decision on the ledger, and only then read.

Every use case that touches personal data comes through here; the vault checks the decision again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from wardkeeper.governance.decide import decide, open_fields
from wardkeeper.governance.operations import Operation
from wardkeeper.governance.operations import Phase as GovernedPhase
from wardkeeper.governance.requests import Facts, IncidentFacts, Request
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.decisions import Decision
from wardkeeper.kernel.errors import NotFound, Refused, Where
from wardkeeper.kernel.ids import DecisionId, MandateId, mint
from wardkeeper.kernel.mandates import Mandate
from wardkeeper.kernel.people import Actor, Role
from wardkeeper.ledger.leaves import Act, Detail, Leaf
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import Incident
from wardkeeper.usecases.ports import VaultFile
from wardkeeper.usecases.rulebook import rulebook


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants to do. `wanted` maps each dataset to the columns to be read or written.

    `mandates` are those that new datasets will be sealed under; existing datasets know theirs. `replaced` are written
    anew without being read: what their present version is held under has no say. `opening` is the mandate that this
    act itself opens, and that is not on record yet.
    """

    actor: Actor
    purpose: str
    operation: Operation
    wanted: Mapping[str, Sequence[str]]
    tier: Tier = Tier.COUNTS
    incident: Incident | None = None
    mandates: Sequence[MandateId] = ()
    replaced: Collection[str] = ()
    opening: Mandate | None = None
    hazard: str = ""
    necessity: str = ""

    def wanted_of(self, datasets: Iterable[str]) -> dict[str, Sequence[str]]:
        """Give the part of `wanted` that is about these datasets."""
        return {dataset: self.wanted[dataset] for dataset in datasets}


@dataclass(frozen=True, slots=True)
class Opened:
    """An allowing decision, and the means to read what it names."""

    house: House
    ask: Ask
    decision: Decision

    def read(self, dataset: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Read one dataset's columns (all that were asked for, by default). Raises NotFound, Refused."""
        return self.read_all({dataset: columns or self.ask.wanted[dataset]})[dataset]

    def read_all(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, pl.DataFrame]:
        """Read several datasets; one leaf tells what was read and how many rows."""
        frames = {
            dataset: self.house.vault.read(current(self.house, dataset), columns, permit=self.decision)
            for dataset, columns in wanted.items()
        }
        detail: dict[str, Detail] = {"datasets": sorted(frames), "rows": sum(frame.height for frame in frames.values())}
        with self.house.store.write(self.leaf(Act.READ, detail)):
            return frames

    def tell_export(self, file: str) -> None:
        """Put on the ledger that what this decision allows to be read leaves as a file; nothing where it has no name."""
        if file:
            with self.house.store.write(self.leaf(Act.DATA_EXPORTED, {"file": file})):
                pass

    def leaf(self, act: Act, detail: Mapping[str, Detail] | None = None, *, subject: str = "") -> Leaf:
        """Make the leaf of an act done under this decision."""
        decision = self.decision
        return Leaf(
            act=act,
            at=self.house.clock.now(),
            login=decision.login,
            organisation=decision.organisation,
            purpose=decision.purpose,
            decision=decision.id,
            subject=subject,
            detail={"incident": decision.incident, **(detail or {})} if decision.incident else (detail or {}),
        )


def open_door(house: House, ask: Ask) -> Opened:
    """Decide, write the decision on the ledger, and give the means to read. Raises Refused with the decision."""
    opened = Opened(house, ask, consider(house, ask))
    decision = opened.decision
    detail = {
        "operation": decision.operation,
        "outcome": decision.outcome.value,
        "datasets": sorted(decision.datasets),
        "fields": sorted(decision.fields),
        "failed": [reason.rule for reason in decision.failed],
        "warned": [reason.rule for reason in decision.warned],
    }
    with house.store.write(opened.leaf(Act.DECIDED, detail)):
        pass
    if not decision.allows:
        raise refusal(decision)
    return opened


def consider(house: House, ask: Ask) -> Decision:
    """Decide without acting: for showing what somebody may do. Nothing can be read with the ledger unaware."""
    decision_id = DecisionId(mint("dec", house.clock.entropy(8)))
    return decide(_request(house, ask), _facts(house, ask), house.clock.now(), decision_id)


def list_fields(house: House, ask: Ask) -> frozenset[str]:
    """Give the columns of an incident's list worth asking for, by role and agreement. This is no permission."""
    return open_fields(_request(house, ask), _facts(house, ask), house.clock.now())


def _facts(house: House, ask: Ask) -> Facts:
    book = rulebook(house.store)
    return Facts(
        purposes=book.purposes,
        gateways=book.gateways,
        mandates=_mandates(house, ask) if ask.wanted else {},
        agreements=book.agreements,
        organisations=book.authority.categories,
        jurisdiction=book.authority.area_codes,
    )


def _request(house: House, ask: Ask) -> Request:
    return Request(
        actor=ask.actor,
        purpose=ask.purpose,
        operation=ask.operation,
        datasets=frozenset(ask.wanted),
        fields=frozenset(column for columns in ask.wanted.values() for column in columns),
        tier=ask.tier,
        incident=_incident_facts(house, ask, ask.incident) if ask.incident else None,
        hazard=ask.hazard,
        necessity=_necessity(ask),
    )


def _necessity(ask: Ask) -> str:
    """Give the reason stated for this act; the incident's own serves all but a reveal, which needs a fresh one."""
    if ask.incident is None or ask.operation is Operation.REVEAL:
        return ask.necessity
    return ask.necessity or ask.incident.card.necessity


def refusal(decision: Decision) -> Refused:
    """Make the error that tells why a decision does not allow."""
    first = decision.failed[0] if decision.failed else None
    fact = first.fact if first else "nothing on record allows this"
    following = decision.nearest_miss or "ask the data protection officer what would allow it"
    where = Where(rule=first.rule if first else "default deny")
    return Refused(f"Refused: {fact}.", f"{following[0].upper()}{following[1:]}.", where, decision)


def current(house: House, dataset: str) -> VaultFile:
    """Find the current version of a dataset. Raises NotFound in words when there is none yet."""
    file = house.store.current(dataset)
    if file is None:
        raise NotFound(f"There is no “{dataset}” yet.", "Load sources and link them first.", Where(source=dataset))
    return file


def _mandates(house: House, ask: Ask) -> dict[str, tuple[Mandate, ...]]:
    """Give each dataset's mandates: those it is sealed under, and those that what is written will be."""
    opening = [ask.opening] if ask.opening else []
    known = {mandate.id: mandate for mandate in (*house.store.mandates(), *opening)}
    found = {}
    for dataset in ask.wanted:
        file = None if dataset in ask.replaced else house.store.current(dataset)
        ids = dict.fromkeys([*(file.mandates if file else ()), *ask.mandates])
        found[dataset] = tuple(known[one] for one in ids if one in known)
    return found


def _incident_facts(house: House, ask: Ask, incident: Incident) -> IncidentFacts:
    mandate = ask.opening or house.store.mandate(incident.card.mandate)
    now = house.clock.now()
    return IncidentFacts(
        id=incident.card.id,
        phase=GovernedPhase(incident.state.phase or GovernedPhase.NONE),
        hazard=incident.card.hazard,
        area_codes=frozenset(incident.card.areas),
        mandate_in_force=mandate is not None and mandate.in_force(now),
        declared_by_role=Role(incident.card.declared_by_role),
        started_at=incident.state.started_at or now,
    )
