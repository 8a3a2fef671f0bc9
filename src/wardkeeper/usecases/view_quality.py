"""View the quality report of a delivery, beside the one before it. Counts and sentences: no personal data is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import NotFound, Where
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.sources.concerns import Concern, Doubt
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.drift import Drift, compare
from wardkeeper.sources.quality import QualityReport, read_report
from wardkeeper.sources.terms import Kind as SourceKind
from wardkeeper.usecases.documents import report_name
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import Kind, rulebook
from wardkeeper.usecases.stopped_loads import Question, find_question


@dataclass(frozen=True, slots=True)
class QualityView:
    """A delivery's report; `before` and `drift` are None for the first one. `deliveries` are the source's, newest first."""

    source: str
    title: str
    owner: str
    contact: str
    delivery: Delivery
    report: QualityReport
    before: Delivery | None
    drift: Drift | None
    deliveries: tuple[Delivery, ...]
    late: bool
    question: Question | None = None

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """Everything worth a question: lateness first, then what changed, then what looks suspicious."""
        late = (Concern(Doubt.LATE, f"A newer file was due by {self.report.due_on}."),) if self.late else ()
        return (*late, *(self.drift.concerns if self.drift else ()), *self.report.suspicious)


def view_quality(house: House, actor: Actor, source: str, *, delivery: str = "", purpose: str = PURPOSE) -> QualityView:
    """Give a delivery's report, by default the newest one's. Raises Refused, NotFound."""
    open_door(house, Ask(actor, purpose, Operation.VIEW_SOURCES, {}))
    contract = rulebook(house.store).contract(source)
    ordered = sorted(house.store.deliveries(source), key=lambda one: (one.extracted_on, one.received_at), reverse=True)
    place = _find(ordered, source, delivery)
    chosen = ordered[place]
    report = _read(house, chosen)
    if report is None:
        message = f"There is no quality report of the delivery {chosen.id}."
        raise NotFound(message, "It was loaded by an older version: look at a newer file.", Where(source=source))
    earlier = ((one, _read(house, one)) for one in ordered[place + 1 :])
    before, report_before = next(((one, found) for one, found in earlier if found), (None, None))
    return QualityView(
        source=source,
        title=contract.title,
        owner=contract.owner,
        contact=contract.contact,
        delivery=chosen,
        report=report,
        before=before,
        drift=compare(report, report_before) if report_before and contract.kind is not SourceKind.CHANGES else None,
        deliveries=tuple(ordered),
        question=find_question(house, source),
        late=place == 0 and report.is_late(london_day(house.clock.now())),
    )


def _find(ordered: Sequence[Delivery], source: str, delivery: str) -> int:
    if not ordered:
        raise NotFound("No file of this source has been loaded.", "Load one first.", Where(source=source))
    places = [place for place, one in enumerate(ordered) if one.id == delivery or not delivery]
    if not places:
        known = ", ".join(one.id for one in ordered[:5])
        raise NotFound(f"There is no delivery “{delivery}”.", f"The newest are: {known}.", Where(source=source))
    return places[0]


def _read(house: House, delivery: Delivery) -> QualityReport | None:
    document = house.store.document(Kind.QUALITY, report_name(delivery.source, delivery.id))
    return read_report(document.content) if document else None
