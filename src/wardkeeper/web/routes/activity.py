"""The activity record: what was done lately, by whom, and whether the record still verifies."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from wardkeeper.usecases import verify_ledger, view_activity
from wardkeeper.web.desk import AtDesk

router = APIRouter(prefix="/activity")

PER_PAGE = 100
LAST_NUMBER = 2**53
"""Numbers up to here are whole in every browser; no record is so long."""


@router.get("")
def show_activity(desk: AtDesk, before: Annotated[int | None, Query(ge=1, le=LAST_NUMBER)] = None) -> Response:
    """Show a page of acts, the newest first, and the outcome of checking the whole record just now."""
    acts = view_activity.recent(desk.house, desk.actor, PER_PAGE, before)
    return desk.show(
        "activity.html",
        acts=acts,
        verification=verify_ledger.verify_ledger(desk.house),
        newest=before is None,
        newer=before + PER_PAGE if before is not None else None,
        older=acts[-1].number if acts and acts[-1].number > 1 else None,
    )
