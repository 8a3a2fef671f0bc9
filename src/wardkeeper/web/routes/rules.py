"""What is in force: the documents that decide, since when and by whom."""

from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.usecases.list_applied import list_applied
from wardkeeper.web.desk import AtDesk

router = APIRouter(prefix="/in-force")


@router.get("")
def show_rules(desk: AtDesk) -> Response:
    """Show each applied document, its version and who brought it into force, and what waits for a second person."""
    found = list_applied(desk.house, desk.actor)
    return desk.show("in_force.html", documents=found.documents, waiting=found.waiting)
