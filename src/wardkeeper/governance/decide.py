"""The decision: may this person do this, for this purpose, with these fields, now.

Pure. It is made again at every read, page, pushed event and export, so it never outlives a few seconds.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wardkeeper.governance.agreements import Agreement
from wardkeeper.governance.checks import CHECKS, to_reason
from wardkeeper.governance.findings import Found
from wardkeeper.governance.limits import deepest_tier, promised_fields
from wardkeeper.governance.operations import Operation, Phase
from wardkeeper.governance.organisations import Category
from wardkeeper.governance.requests import Case, Facts, IncidentFacts, Request
from wardkeeper.governance.tiers import Tier, fields_above
from wardkeeper.kernel.columns import LIST
from wardkeeper.kernel.decisions import Decision, Finding, Outcome, Reason
from wardkeeper.kernel.ids import DecisionId
from wardkeeper.kernel.spans import check_instant, day_end

__all__ = ["LASTS", "Facts", "IncidentFacts", "Operation", "Phase", "Request", "Tier", "decide", "open_fields"]

LASTS = timedelta(seconds=5)
"""How long an allowing decision holds before it must be made again (rule G5)."""

BEST_FIRST = (Outcome.ALLOW, Outcome.ALLOW_WITH_CONDITIONS, Outcome.NEEDS_A_HUMAN, Outcome.REFUSE)

LIST_FIELDS = frozenset(column.name for column in LIST)


def decide(request: Request, facts: Facts, now: datetime, decision_id: DecisionId) -> Decision:
    """Answer a request. Nothing matching means refuse, and so does an error on the way (rule G2); never raises.

    A partner's request is tried under each agreement that covers it; the one that allows most is the answer.
    """
    try:
        cases = [Case(request, facts, check_instant(now), agreement) for agreement in _agreements(request, facts)]
        decisions = [_decide_case(case, decision_id) for case in cases]
        return min(decisions, key=lambda decision: BEST_FIRST.index(decision.outcome))
    except Exception as error:  # noqa: BLE001 - rule G2: whatever went wrong, the answer is no
        return _answer(request, now, decision_id, outcome=Outcome.REFUSE, until=now, reasons=(_fault(error),))


def open_fields(request: Request, facts: Facts, now: datetime) -> frozenset[str]:
    """Give the columns of an incident's list to ask for: as deep as the request's tier, the role and the agreement go.

    This is no permission: ask `decide` for these fields.
    """
    found = [_fields_of(Case(request, facts, now, agreement)) for agreement in _agreements(request, facts)]
    return max(found, key=len)


def _agreements(request: Request, facts: Facts) -> Sequence[Agreement | None]:
    organisation = request.actor.organisation
    hazard = request.incident.hazard if request.incident else request.hazard
    covering = [
        agreement
        for agreement in facts.agreements
        if agreement.is_party(organisation) and agreement.covers(request.purpose, hazard)
    ]
    own = facts.organisations.get(organisation) is Category.AUTHORITY
    return [None] if own or not covering else covering


def _decide_case(case: Case, decision_id: DecisionId) -> Decision:
    found = [(check, check.find(case)) for check in CHECKS]
    outcome = _outcome([finding for _, finding in found], emergency=case.emergency)
    reasons = tuple(to_reason(check, finding) for check, finding in found)
    return _answer(case.request, case.now, decision_id, outcome=outcome, until=_until(case), reasons=reasons)


def _outcome(found: Sequence[Found], *, emergency: bool) -> Outcome:
    failures = [finding for finding in found if finding.finding is Finding.FAILED]
    if failures:
        only_paper = all(failure.paperwork for failure in failures)
        return Outcome.NEEDS_A_HUMAN if emergency and only_paper else Outcome.REFUSE
    if any(finding.finding is Finding.WARNED for finding in found):
        return Outcome.ALLOW_WITH_CONDITIONS
    return Outcome.ALLOW


def _until(case: Case) -> datetime:
    """Give when to decide again: never past the end of a permission, or of an agreement that still runs."""
    last_days = [mandate.ends for mandate in case.mandates if mandate.ends is not None]
    if case.agreement is not None:
        last_days.append(case.agreement.ends)
    # An agreement that has ended is either refused or extended to the incident's end: it says nothing more here.
    ends = [end for end in map(day_end, last_days) if end > case.now]
    return min([case.now + LASTS, *ends])


def _answer(
    request: Request,
    now: datetime,
    decision_id: DecisionId,
    *,
    outcome: Outcome,
    until: datetime,
    reasons: tuple[Reason, ...],
) -> Decision:
    allows = outcome in (Outcome.ALLOW, Outcome.ALLOW_WITH_CONDITIONS)
    return Decision(
        id=decision_id,
        outcome=outcome,
        login=request.actor.login,
        organisation=request.actor.organisation,
        purpose=request.purpose,
        operation=str(request.operation),
        datasets=request.datasets if allows else frozenset(),
        fields=request.fields if allows else frozenset(),
        incident=getattr(request.incident, "id", None),
        decided_at=now,
        until=until if allows else now,
        reasons=reasons,
    )


def _fault(error: Exception) -> Reason:
    """Say that deciding failed, by the kind of error only: its words may hold anything."""
    return Reason(
        check=-1,
        rule="a decision can be made",
        finding=Finding.FAILED,
        fact=f"the request could not be decided ({type(error).__name__})",
        cites="rule G2",
        nearest_miss="tell the people who run this Wardkeeper",
    )


def _fields_of(case: Case) -> frozenset[str]:
    highest = deepest_tier(case)
    if highest is None:
        return frozenset()
    tier = min(highest, case.request.tier, key=lambda level: level.depth)
    fields = LIST_FIELDS - frozenset(fields_above(tier, LIST_FIELDS))
    if case.own:
        return fields
    return fields & promised_fields(case, case.agreement) if case.agreement else frozenset()
