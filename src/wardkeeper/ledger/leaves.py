"""A leaf: one act, as bytes that are written once and never serialised again.

A leaf holds no personal data. A subject is an HMAC under the mandate's key, made by the vault.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from wardkeeper.kernel.spans import to_text

Detail = str | int | float | bool | Sequence[str] | None


class Act(StrEnum):
    """Every kind of act that is recorded."""

    AUTHORITY_CREATED = "authority.created"
    DOCUMENTS_PROPOSED = "documents.proposed"
    DOCUMENT_APPLIED = "document.applied"
    PERSON_ADDED = "person.added"
    SESSION_OPENED = "session.opened"
    SESSION_REFUSED = "session.refused"
    SESSION_CLOSED = "session.closed"
    DECIDED = "decision.made"
    READ = "data.read"
    DELIVERY_LOADED = "delivery.loaded"
    LOAD_STOPPED = "delivery.stopped"
    ROW_FIXED = "row.fixed"
    ROWS_RUN = "rows.run"
    RESIDENTS_LINKED = "residents.linked"
    PAIR_LABELLED = "pair.labelled"
    LABEL_UNDONE = "label.undone"
    LIST_FOUND = "list.found"
    INCIDENT_DECLARED = "incident.declared"
    CHECK_CHANGED = "check.changed"
    DOOR_REVEALED = "door.revealed"
    INCIDENT_STOOD_DOWN = "incident.stood-down"
    CLOSING_CONFIRMED = "closing.confirmed"
    MANDATE_ENDED = "mandate.ended"
    DATA_DESTROYED = "data.destroyed"
    DATA_EXPORTED = "data.exported"
    CASES_LOADED = "cases.loaded"
    ALARMS_RAISED = "alarms.raised"
    COINCIDENCES_FOUND = "coincidences.found"
    ALERTS_RAISED = "alerts.raised"
    ALERT_ACCEPTED = "alert.accepted"
    ALERT_DECLINED = "alert.declined"
    MESSAGES_PLANNED = "messages.planned"
    CAMPAIGN_SAVED = "campaign.saved"
    CAMPAIGN_SUBMITTED = "campaign.submitted"
    CAMPAIGN_APPROVED = "campaign.approved"
    CAMPAIGN_DECLINED = "campaign.declined"
    CAMPAIGN_COMPARED = "campaign.compared"
    CAMPAIGN_STOPPED = "campaign.stopped"
    CAMPAIGN_CLOSED = "campaign.closed"
    FILE_HANDED_OVER = "file.handed-over"
    FILE_PUT_AWAY = "file.put-away"
    SENDING_STARTED = "sending.started"
    SENDING_FINISHED = "sending.finished"
    MESSAGES_CLAIMED = "messages.claimed"
    MESSAGES_SENT = "messages.sent"
    MESSAGES_REPORTED = "messages.reported"
    SERVICES_LOADED = "services.loaded"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One act: what, when, who, why, under which decision, about how much."""

    act: Act
    at: datetime
    login: str
    organisation: str
    purpose: str = ""
    decision: str = ""
    subject: str = ""
    detail: Mapping[str, Detail] = field(default_factory=dict)
    version: int = 1

    def to_bytes(self) -> bytes:
        """Give the canonical bytes (RFC 8785 in spirit: sorted keys, no spaces, UTF-8)."""
        content = {
            "type": self.act.value,
            "version": self.version,
            "at": to_text(self.at),
            "login": self.login,
            "organisation": self.organisation,
            "purpose": self.purpose,
            "decision": self.decision,
            "subject": self.subject,
            "detail": dict(self.detail),
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
