"""Words for screens: phone numbers as people dial them, acts by name, and the colour of each state.

The words for things follow the glossary's "On a screen" table.
"""

import re
from collections.abc import Callable, Mapping

from wardkeeper.kernel.decisions import Finding
from wardkeeper.kernel.phrases import count, say_age, say_briefly, say_day, say_moment, say_time
from wardkeeper.ledger.leaves import Act

Tag = tuple[str, str]
"""A state's words and the colour class of its tag."""

FINDINGS: dict[Finding, Tag] = {
    Finding.PASSED: ("Passed", "govuk-tag--green"),
    Finding.FAILED: ("Stands in the way", "govuk-tag--red"),
    Finding.WARNED: ("Warning", "govuk-tag--yellow"),
    Finding.NOT_ASSESSED: ("Not assessed", "govuk-tag--grey"),
}

FRESHNESS: dict[str, Tag] = {
    "fresh": ("Up to date", "govuk-tag--green"),
    "late": ("Late", "govuk-tag--yellow"),
    "missing": ("Missing", "govuk-tag--red"),
}

PHASES: dict[str, Tag] = {
    "expected": ("Expected", "govuk-tag--yellow"),
    "active": ("Active", "govuk-tag--red"),
    "recovery": ("Stood down", "govuk-tag--blue"),
    "closed": ("Closed", "govuk-tag--grey"),
}


PHONE_GROUPS = (
    (re.compile(r"0(2\d)(\d{4})(\d{4})"), r"0\1 \2 \3"),
    (re.compile(r"0(11\d|1\d1|3\d\d|8\d\d)(\d{3})(\d{4})"), r"0\1 \2 \3"),
    (re.compile(r"0(\d{4})(\d{5,6})"), r"0\1 \2"),
)
"""How numbers are grouped, by their area code (Ofcom, National Telephone Numbering Plan)."""


def say_phone(phone: str) -> str:
    """Write a UK number as people dial it: "0161 496 0031". Others stay in E.164."""
    if not phone.startswith("+44"):
        return phone
    national = f"0{phone.removeprefix('+44')}"
    return next((shape.sub(form, national) for shape, form in PHONE_GROUPS if shape.fullmatch(national)), national)


def sentence(text: str) -> str:
    """Give the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def say_sentence(text: str) -> str:
    """Give the text as a sentence: a capital first letter and a full stop."""
    return sentence(text) if text.endswith((".", "!", "?")) else f"{sentence(text)}."


def say_once(advice: str) -> str:
    """Give advice joined by semicolons with each part once: several rules may advise the same."""
    parts = [part.strip(" .") for part in advice.split(";")]
    first = {part.lower(): part for part in reversed(parts)}
    return "; ".join(first[name] for name in dict.fromkeys(part.lower() for part in parts))


def tag_of(state: object) -> dict[str, str]:
    """Give a tag's parameters for a finding, a phase or a source's state."""
    tables: tuple[dict[str, Tag], ...] = (PHASES, FRESHNESS, {k.value: v for k, v in FINDINGS.items()})
    for table in tables:
        if str(state) in table:
            words, colour = table[str(state)]
            return {"text": words, "classes": colour}
    return {"text": sentence(str(state)), "classes": "govuk-tag--grey"}


ACTS: dict[Act, str] = {
    Act.AUTHORITY_CREATED: "Set up the authority",
    Act.DOCUMENTS_PROPOSED: "Put documents forward for a second person",
    Act.DOCUMENT_APPLIED: "Applied a document",
    Act.PERSON_ADDED: "Added a person",
    Act.SESSION_OPENED: "Signed in",
    Act.SESSION_REFUSED: "Failed to sign in",
    Act.SESSION_CLOSED: "Signed out",
    Act.DECIDED: "Asked to use data",
    Act.READ: "Read data",
    Act.DELIVERY_LOADED: "Loaded a file received",
    Act.LOAD_STOPPED: "Stopped a load with a question",
    Act.ROW_FIXED: "Put a row right",
    Act.ROWS_RUN: "Ran fixed rows again",
    Act.RESIDENTS_LINKED: "Joined records into residents",
    Act.PAIR_LABELLED: "Said whether two records are one person's",
    Act.LABEL_UNDONE: "Took back what was said of two records",
    Act.LIST_FOUND: "Made a list",
    Act.INCIDENT_DECLARED: "Declared an incident",
    Act.CHECK_CHANGED: "Changed a check",
    Act.DOOR_REVEALED: "Looked up a door where Control is rung first",
    Act.INCIDENT_STOOD_DOWN: "Stood an incident down",
    Act.CLOSING_CONFIRMED: "Confirmed a closing",
    Act.MANDATE_ENDED: "Ended a permission",
    Act.DATA_DESTROYED: "Destroyed data",
    Act.DATA_EXPORTED: "Took data out",
    Act.CASES_LOADED: "Loaded cases",
    Act.ALARMS_RAISED: "Looked for unusual rises",
    Act.COINCIDENCES_FOUND: "Looked for cases that coincide",
    Act.ALERTS_RAISED: "Looked for clusters",
    Act.ALERT_ACCEPTED: "Accepted an alert",
    Act.ALERT_DECLINED: "Declined an alert",
    Act.MESSAGES_PLANNED: "Planned messages",
    Act.CAMPAIGN_SAVED: "Saved a campaign's draft",
    Act.CAMPAIGN_SUBMITTED: "Submitted a campaign for approval",
    Act.CAMPAIGN_APPROVED: "Approved a campaign",
    Act.CAMPAIGN_DECLINED: "Declined a campaign",
    Act.CAMPAIGN_COMPARED: "Drew a comparison of campaigns",
    Act.CAMPAIGN_STOPPED: "Stopped a campaign",
    Act.CAMPAIGN_CLOSED: "Closed a campaign",
    Act.FILE_HANDED_OVER: "Recorded that a campaign's file was handed over",
    Act.FILE_PUT_AWAY: "Recorded that a campaign's file was put away unused",
    Act.SENDING_STARTED: "Began to send a campaign",
    Act.SENDING_FINISHED: "Finished sending a campaign",
    Act.MESSAGES_CLAIMED: "Took messages to send them",
    Act.MESSAGES_SENT: "Gave messages to GOV.UK Notify",
    Act.MESSAGES_REPORTED: "Learned what became of messages",
    Act.SERVICES_LOADED: "Loaded a directory of services",
}
"""What each kind of act is called on a screen."""


def say_act(value: str) -> str:
    """Give an act's words; one that this version does not know is shown as it is written."""
    return ACTS[Act(value)] if value in set(Act) else value


def say_detail(detail: Mapping[str, object]) -> str:
    """Write an act's detail as "rows 14; datasets residents, homes"."""
    parts = (
        f"{name.replace('_', ' ')} {', '.join(map(str, value)) if isinstance(value, list | tuple) else value}"
        for name, value in detail.items()
        if value not in (None, "", [])
    )
    return "; ".join(parts)


FILTERS: dict[str, Callable[..., object]] = {
    "say_day": say_day,
    "say_time": say_time,
    "say_moment": say_moment,
    "say_briefly": say_briefly,
    "say_age": say_age,
    "count": count,
    "sentence": sentence,
    "say_sentence": say_sentence,
    "say_once": say_once,
    "say_phone": say_phone,
    "tag_of": tag_of,
    "say_act": say_act,
    "say_detail": say_detail,
}
"""What templates may call."""
