"""Sources: the files received, what may be late, and how good each file is."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.sources.profiles import say_count
from wardkeeper.sources.quality_lines import to_lines
from wardkeeper.usecases import list_sources, view_quality
from wardkeeper.web.desk import AtDesk
from wardkeeper.web.routes.incidents import as_file

router = APIRouter(prefix="/sources")

DeliveryQuery = Annotated[str, Query(max_length=40)]

DELIVERIES_SHOWN = 24


@router.get("")
def show_sources(desk: AtDesk) -> Response:
    """Show each source, its newest file and how its rows came out."""
    return desk.show("sources.html", sources=list_sources.list_sources(desk.house, desk.actor))


@router.get("/{source}/report")
def show_report(desk: AtDesk, source: str, delivery: DeliveryQuery = "") -> Response:
    """Show how good a received file is, beside the one before it, and what to ask about."""
    view = view_quality.view_quality(desk.house, desk.actor, source, delivery=delivery)
    beside = {column.column: column for column in view.drift.columns} if view.drift else {}
    return desk.show(
        "source_report.html",
        view=view,
        beside=beside,
        say_count=say_count,
        deliveries=view.deliveries[:DELIVERIES_SHOWN],
        may_fix=desk.actor.has(*OPERATIONS[Operation.FIX_ROWS].own),
    )


@router.get("/{source}/report/file")
def give_report(
    desk: AtDesk, source: str, delivery: DeliveryQuery = "", form: Annotated[str, Query(max_length=4)] = "csv"
) -> Response:
    """Give the quality report as a file. It holds counts and no personal data."""
    view = view_quality.view_quality(desk.house, desk.actor, source, delivery=delivery)
    lines = to_lines(view.delivery, view.report, view.drift, view.concerns)
    return as_file(lines, form=form, name=f"quality-{source}-{view.delivery.extracted_on}")
