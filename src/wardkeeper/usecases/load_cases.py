"""Load counts of cases by area and week, and seal them."""

from dataclasses import dataclass
from datetime import date, timedelta

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import AREA_WEEK
from wardkeeper.kernel.ids import MandateId
from wardkeeper.kernel.mandates import AtEnd, Mandate, MandateKind
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.outbreaks.counts import Counts
from wardkeeper.places.areas import AreaTable
from wardkeeper.usecases.case_notes import NAME, CaseNotes
from wardkeeper.usecases.datasets import AREA_WEEKS
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import Kind

PURPOSE = "public-health"
MANDATE = MandateId("standing-cases")
GATEWAYS = ("copi-regs-2002",)
"""The Health Service (Control of Patient Information) Regulations 2002: communicable disease."""

REVIEW_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class CasesLoaded:
    """What was loaded."""

    source: str
    areas: int
    weeks: int
    rows: int
    notes: tuple[str, ...]


def load_cases(
    house: House, actor: Actor, counts: Counts, *, source: str, areas: AreaTable | None = None, purpose: str = PURPOSE
) -> CasesLoaded:
    """Seal the counts as the current ones. `source` says in words where they come from. Raises Refused."""
    wanted = {AREA_WEEKS: [column.name for column in AREA_WEEK]}
    ask = Ask(actor, purpose, Operation.LOAD_CASES, wanted, Tier.FLAGS, mandates=(MANDATE,))
    opened = open_door(house, ask)
    file = house.vault.write(
        counts.frame.select(wanted[AREA_WEEKS]),
        dataset=AREA_WEEKS,
        mandates=[MANDATE],
        parents=[],
        permit=opened.decision,
    )
    loaded = CasesLoaded(source, len(counts.areas), len(counts.weeks), counts.frame.height, counts.notes)
    detail: dict[str, Detail] = {"source": source, "areas": loaded.areas, "weeks": loaded.weeks}
    with house.store.write(opened.leaf(Act.CASES_LOADED, detail)) as writer:
        writer.set_current(file)
        writer.apply_document(document_of(house, Kind.CASES, NAME, CaseNotes.of(counts, source, areas).to_bytes()))
    return loaded


def cases_mandate(today: date) -> Mandate:
    """Make the standing mandate for counts of cases, to be reviewed in a year."""
    return Mandate(
        id=MANDATE,
        kind=MandateKind.STANDING,
        title="Counts of cases by area and week",
        purposes=frozenset({PURPOSE}),
        gateways=GATEWAYS,
        starts=today,
        ends=None,
        review_by=today + REVIEW_AFTER,
        at_end=AtEnd.DELETE,
    )
