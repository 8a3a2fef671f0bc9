"""People: whether a person is known. What is typed stays in the form: it is in no address."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.kernel.errors import UsageError
from wardkeeper.usecases import find_resident
from wardkeeper.usecases.find_resident import Likely, Sought
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk
from wardkeeper.web.forms import Faults

router = APIRouter(prefix="/people")

QUESTIONS: dict[str, tuple[str, str]] = {
    "given": ("Given name", "text"),
    "family": ("Family name", "text"),
    "born": ("Birth date, such as 31/12/1980", "text"),
    "address": ("Address, or its first line", "text"),
    "postcode": ("Postcode", "text"),
    "phone": ("Telephone number", "tel"),
    "email": ("E-mail address", "email"),
    "nhs_number": ("NHS number", "text"),
}
"""What the form asks: the name of each field, its label, and the kind of its input."""


@router.get("")
def ask(desk: AtDesk) -> Response:
    """Ask what is known of a person."""
    find_resident.check_may_find(desk.house, desk.actor)
    return _page(desk, Sought())


@router.post("")
def find(desk: AtDesk) -> Response:
    """Show who may be meant, with reasons and how sure it is. No address is shown, and nobody who is protected."""
    sought = Sought(**{name: desk.answers.text(name) for name in QUESTIONS})
    try:
        found = find_resident.find_resident(desk.house, desk.actor, sought)
    except UsageError as error:
        faults = Faults()
        faults.add(error.where.column if error.where.column in QUESTIONS else "given", str(error))
        return _page(desk, sought, faults=faults, status=BAD_FORM)
    return _page(desk, sought, found=found)


def _page(desk: Desk, sought: Sought, *, found: list[Likely] | None = None, status: int = 200, **more: Any) -> Response:
    fields = [(name, label, kind, getattr(sought, name)) for name, (label, kind) in QUESTIONS.items()]
    return desk.show("people.html", status=status, fields=fields, found=found, **more)
