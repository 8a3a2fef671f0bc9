"""What a form sent: its token checked, its fields as text, its faults as words beside the field.

Every POST passes through `read_answers`, so a form without its token is refused whatever route it was meant for. Only
the few addresses that check a token of their own take none.
"""

import hmac
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import UploadFile

from wardkeeper.kernel.errors import Refused
from wardkeeper.web.door import TOKEN_PATHS
from wardkeeper.web.limits import MAX_BODY

CSRF_FIELD = "csrf"
FORM_COOKIE = "wardkeeper-form"
"""Stands in for a session's token on the sign-in page, before there is a session."""

MAX_FIELDS = 300
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Answers:
    """The fields of a form, in the order they came. Values are stripped text or an uploaded file."""

    fields: tuple[tuple[str, str | UploadFile], ...] = ()

    def text(self, name: str) -> str:
        """Give a field's text without spaces around it; empty when absent."""
        return next(iter(self.many(name)), "")

    def many(self, name: str) -> list[str]:
        """Give every text sent under a name, in order."""
        return [value.strip() for key, value in self.fields if key == name and isinstance(value, str)]

    def file(self, name: str) -> bytes:
        """Give an uploaded file's bytes; empty when none was chosen."""
        uploads = [value for key, value in self.fields if key == name and isinstance(value, UploadFile)]
        return uploads[0].file.read() if uploads else b""

    def file_name(self, name: str) -> str:
        """Give an uploaded file's own name, without folders; empty when none was chosen."""
        uploads = [value for key, value in self.fields if key == name and isinstance(value, UploadFile)]
        return (uploads[0].filename or "").replace("\\", "/").rpartition("/")[2] if uploads else ""


@dataclass(slots=True)
class Faults:
    """What is wrong with a form, by field, in the words shown beside it."""

    by_field: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, words: str) -> None:
        """Say what is wrong with a field. The first fault found is the one shown."""
        self.by_field.setdefault(name, words)

    def require(self, answers: Answers, wanted: Mapping[str, str]) -> None:
        """Add a fault, in the given words, for each field left empty."""
        for name, words in wanted.items():
            if not answers.text(name):
                self.add(name, words)

    def __bool__(self) -> bool:
        return bool(self.by_field)


async def read_answers(request: Request) -> AsyncIterator[None]:
    """Read a POST's form once and check its token. The answers are at `request.state.answers`."""
    if request.method in SAFE_METHODS or request.url.path in TOKEN_PATHS:
        yield
        return
    check_same_site(request)
    form = await request.form(max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_BODY)
    try:
        answers = Answers(tuple(form.multi_items()))
        check_token(request, answers)
        request.state.answers = answers
        yield
    finally:
        await form.close()


def check_same_site(request: Request) -> None:
    """Raise Refused when the browser says another site sent the form.

    Fetch metadata is read and not Origin, which is null under our referrer policy.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise _forged()


def check_token(request: Request, answers: Answers) -> None:
    """Raise Refused when the form's token is not the one its page was given."""
    expected = form_token(request)
    if not expected or not hmac.compare_digest(expected.encode(), answers.text(CSRF_FIELD).encode()):
        raise _forged()


def form_token(request: Request) -> str:
    """Give the token a form on this request's page must carry."""
    found = getattr(request.state, "signed_in", None)
    return found.session.csrf if found else request.cookies.get(FORM_COOKIE, "")


def _forged() -> Refused:
    return Refused(
        "The form was not sent from a page of this service, or the page was too old.",
        "Go back, open the page again and send the form once more.",
    )
