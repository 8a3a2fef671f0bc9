"""Joining: how good it is, and the pairs of records that a person must tell apart."""

from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.kernel.spans import london_day
from wardkeeper.residents.errors import Errors
from wardkeeper.residents.strata import GROUPINGS
from wardkeeper.residents.verdicts import ANSWERS, Verdict
from wardkeeper.usecases import record_label, review_pairs, view_linking
from wardkeeper.web.charts import calibration_chart
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk
from wardkeeper.web.forms import Faults
from wardkeeper.web.routes.incidents import as_file

router = APIRouter(prefix="/joining")

VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.SAME: "One person",
    Verdict.DIFFERENT: "Two people",
    Verdict.UNSURE: "Can’t tell",
    Verdict.UNDONE: "Taken back",
}
"""What each verdict is called on a screen."""


@router.get("")
def show_joining(desk: AtDesk) -> Response:
    """Show how good the joining is: precision, recall, calibration, and by group."""
    report = view_linking.view_linking(desk.house, desk.actor)
    groups = {
        heading: _told_first([one for one in report.errors if one.grouping == name])
        for name, heading in GROUPINGS.items()
    }
    return desk.show(
        "joining.html",
        report=report,
        whole=report.errors[0],
        groups={heading: found for heading, found in groups.items() if found[0]},
        bands=report.reliability.sort("stratum", descending=True).to_dicts(),
        chart=calibration_chart(report.curve, report.reliability),
        may_review=desk.actor.has(*OPERATIONS[Operation.REVIEW_PAIRS].own),
    )


@router.post("/export")
def export(desk: AtDesk) -> Response:
    """Give the figures by group as a file. The ledger says that they left."""
    table = view_linking.export_linking(desk.house, desk.actor)
    day = london_day(desk.house.clock.now())
    return as_file(table, form=desk.answers.text("format"), name=f"joining-{day}")


@router.get("/review")
def show_queue(desk: AtDesk) -> Response:
    """Show how far the review has come, the way to the next pair, and what the reader said last."""
    queue = review_pairs.queue(desk.house, desk.actor)
    return desk.show("review.html", queue=queue, words=VERDICT_WORDS)


@router.get("/review/{pair}")
def show_pair(desk: AtDesk, pair: str) -> Response:
    """Show two records side by side and ask whether they are one person's."""
    return _page(desk, pair)


@router.post("/review/{pair}")
def record(desk: AtDesk, pair: str) -> Response:
    """Keep the answer and go on to the next pair."""
    verdict = desk.answers.text("verdict")
    if verdict not in set(ANSWERS):
        faults = Faults()
        faults.add("verdict-same", "Say whether the two records are one person’s.")
        return _page(desk, pair, faults=faults, status=BAD_FORM)
    record_label.record(desk.house, desk.actor, pair, Verdict(verdict))
    following = review_pairs.queue(desk.house, desk.actor).next_id
    return desk.go(f"/joining/review/{following}" if following else "/joining/review")


@router.post("/labels/{label}/undo")
def undo(desk: AtDesk, label: str) -> Response:
    """Take one's own answer back."""
    record_label.undo(desk.house, desk.actor, label)
    return desk.go("/joining/review#said")


def _page(desk: Desk, pair: str, *, faults: Faults | None = None, status: int = 200) -> Response:
    card = review_pairs.show_pair(desk.house, desk.actor, pair)
    rows = [
        (heading, one, other)
        for heading, one, other in zip(card.headings, card.left.values, card.right.values, strict=True)
        if one or other
    ]
    return desk.show("review_pair.html", status=status, card=card, rows=rows, faults=faults)


def _told_first(errors: list[Errors]) -> tuple[list[Errors], int]:
    """Give the groups that can be told, the worst first, and how many cannot."""
    told = [one for one in errors if one.told]
    worst = sorted(told, key=lambda one: min(e.value for e in (one.precision, one.recall) if e))
    return worst, len(errors) - len(told)
