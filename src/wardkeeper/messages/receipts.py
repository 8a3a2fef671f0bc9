"""A delivery receipt that GOV.UK Notify posts, read strictly: https://docs.notifications.service.gov.uk (Callbacks).

Only the message's reference, Notify's id and the status are kept. The recipient, which is in it too, is read by nobody.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.messages.sending import BY_STATUS

LARGEST = 10_000
"""Bytes in a receipt: a real one has some hundreds."""

LONGEST_REFERENCE = 200
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KINDS = frozenset({"email", "sms", "letter"})
ABSENT = object()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says of a message. `reference` is empty for a message that was sent without one."""

    reference: str
    id: str
    status: str


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_null(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_id(value: object) -> bool:
    """Tell whether a value is an id as Notify gives them."""
    return isinstance(value, str) and bool(UUID.fullmatch(value))


def _is_reference(value: object) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= LONGEST_REFERENCE)


FORM: dict[str, tuple[Callable[[object], bool], str]] = {
    "id": (is_id, "is not Notify's id of a message"),
    "reference": (_is_reference, f"is neither null nor text of at most {LONGEST_REFERENCE} letters"),
    "to": (_is_text, "is not text"),
    "status": (lambda value: isinstance(value, str) and value in BY_STATUS, "is not a status that Notify documents"),
    "created_at": (_is_text, "is not text"),
    "completed_at": (_is_text_or_null, "is neither text nor null"),
    "sent_at": (_is_text_or_null, "is neither text nor null"),
    "notification_type": (
        lambda value: isinstance(value, str) and value in KINDS,
        "is not a kind of message that Notify documents",
    ),
    "template_id": (_is_text, "is not text"),
    "template_version": (_is_number, "is not a number"),
}
"""Each key of a receipt, and what its value must be. Keys beside these are left unread."""


def read_receipt(content: bytes) -> Receipt:
    """Read a receipt. Raises BadInput, naming the key at fault and never a value."""
    values = _read(content)
    for key, (holds, fault) in FORM.items():
        if not holds(values.get(key, ABSENT)):
            raise BadInput(f"'{key}' {fault}.", "Send what Notify sends.", Where(key=key, rule="receipt"))
    return Receipt(str(values["reference"] or ""), str(values["id"]), str(values["status"]))


def _read(content: bytes) -> Mapping[str, object]:
    if len(content) > LARGEST:
        raise BadInput("This is too large for a receipt.", "Send what Notify sends.", Where(rule="size"))
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise BadInput("This is no receipt: it is not a JSON object.", "Send what Notify sends.", Where(rule="json"))
    return values
