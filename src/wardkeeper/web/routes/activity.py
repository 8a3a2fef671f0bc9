"""The activity record: what was done lately, by whom, and whether the record still verifies."""

from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.usecases import verify_ledger, view_activity
from wardkeeper.web.desk import AtDesk

router = APIRouter(prefix="/activity")

SHOWN = 200


@router.get("")
def show_activity(desk: AtDesk) -> Response:
    """Show the newest acts, and the outcome of checking the whole record just now."""
    acts = view_activity.recent(desk.house, desk.actor, SHOWN)
    return desk.show("activity.html", acts=acts, verification=verify_ledger.verify_ledger(desk.house), shown=SHOWN)
