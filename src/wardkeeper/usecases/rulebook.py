"""The rulebook: everything applied, parsed. Drafts have no say here; only applied documents do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from wardkeeper.governance.agreements import Agreement
from wardkeeper.governance.agreements import parse as parse_agreement
from wardkeeper.governance.authority import Authority
from wardkeeper.governance.authority import parse as parse_authority
from wardkeeper.governance.gateways import Gateways, packaged_gateways
from wardkeeper.governance.gateways import parse as parse_gateways
from wardkeeper.governance.purposes import Purposes
from wardkeeper.governance.purposes import parse as parse_purposes
from wardkeeper.kernel.errors import NotFound, Where
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.needs.rules import HazardRules
from wardkeeper.needs.rules import parse as parse_needs
from wardkeeper.sources.contract import parse as parse_contract
from wardkeeper.sources.terms import Contract
from wardkeeper.usecases.ports import Document, Store

FULL_REGISTER = "rpr-2001-reg107-permitted"
"""The name of an authority's own legal power that permits the full electoral register (regulation 107)."""


class Kind(StrEnum):
    """Kinds of document that are stored: drafts applied, and the cards and receipts that use cases write."""

    AUTHORITY = "authority"
    PURPOSES = "purposes"
    GATEWAYS = "gateways"
    AGREEMENT = "agreement"
    SOURCE = "source"
    NEEDS = "needs"
    INCIDENT = "incident"
    RECEIPT = "receipt"
    CASES = "cases"
    ALERT = "alert"
    QUALITY = "quality"
    QUESTION = "question"
    SERVICES = "services"
    PROPOSAL = "proposal"
    CAMPAIGN = "campaign"
    COMPARISON = "comparison"


RULES = (Kind.AUTHORITY, Kind.PURPOSES, Kind.GATEWAYS, Kind.AGREEMENT, Kind.SOURCE, Kind.NEEDS)
"""The kinds that the rulebook is parsed from."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What is in force: all parsed from applied documents."""

    authority: Authority
    purposes: Purposes
    gateways: Gateways
    agreements: tuple[Agreement, ...]
    contracts: Mapping[str, Contract]
    hazards: Mapping[Hazard, HazardRules]

    @property
    def facts(self) -> frozenset[str]:
        """Every known fact that some need rule reads."""
        return frozenset().union(*(rules.factors for rules in self.hazards.values()))

    def contract(self, source: str) -> Contract:
        """Give a source's contract. Raises NotFound naming the sources there are."""
        if source not in self.contracts:
            known = ", ".join(sorted(self.contracts)) or "none yet"
            raise NotFound(f"There is no source called “{source}”.", f"Use one of: {known}.", Where(source=source))
        return self.contracts[source]

    def hazard(self, hazard: Hazard) -> HazardRules:
        """Give a hazard's need rules. Raises NotFound when the authority has none."""
        if hazard not in self.hazards:
            known = ", ".join(sorted(self.hazards)) or "none yet"
            message = f"There are no need rules for “{hazard}”."
            raise NotFound(message, f"Add needs/{hazard}.toml and apply it. There are rules for: {known}.")
        return self.hazards[hazard]


def rulebook(store: Store) -> Rulebook:
    """Give what is in force now."""
    return parse(tuple(document for kind in RULES for document in store.documents(kind)))


@lru_cache(maxsize=8)
def parse(documents: tuple[Document, ...]) -> Rulebook:
    """Parse documents together. Raises BadInput from the first that breaks a rule, NotFound without an authority."""
    texts = {kind: {one.name: one.content.decode() for one in documents if one.kind == kind} for kind in Kind}
    if not texts[Kind.AUTHORITY]:
        raise NotFound("No authority has been set up here.", "Run wardkeeper demo, or apply an authority folder.")
    own = parse_gateways(_only(texts[Kind.GATEWAYS]), "gateways.toml") if texts[Kind.GATEWAYS] else {}
    rules = [parse_needs(text, f"needs/{name}.toml") for name, text in texts[Kind.NEEDS].items()]
    return Rulebook(
        authority=parse_authority(_only(texts[Kind.AUTHORITY]), "authority.toml"),
        purposes=parse_purposes(_only(texts[Kind.PURPOSES]), "purposes.toml"),
        gateways={**packaged_gateways(), **own},
        agreements=tuple(
            parse_agreement(text, f"agreements/{name}.toml") for name, text in texts[Kind.AGREEMENT].items()
        ),
        contracts={
            name: parse_contract(text, f"sources/{name}.toml", full_register_permitted=FULL_REGISTER in own)
            for name, text in texts[Kind.SOURCE].items()
        },
        hazards={one.hazard: one for one in rules},
    )


def _only(texts: Mapping[str, str]) -> str:
    """Give the text of a kind that has one document; nothing when it has none."""
    return next(iter(texts.values()), "")
