"""Accept or decline an alert: a named public-health lead says so, with a reason, before anything may be sent."""

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import Conflict
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.reasons import check_reason
from wardkeeper.kernel.ways import Way
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.usecases.alert_book import KeptAlert, Standing, Verdict, load_alert
from wardkeeper.usecases.case_notes import drawn_from_counts
from wardkeeper.usecases.case_versions import load_in_force
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE


def accept(house: House, actor: Actor, alert_id: str, reason: str, *, purpose: str = PURPOSE) -> KeptAlert:
    """Accept an alert, so that a campaign may rest on it. Raises Refused, NotFound, BadInput, Conflict."""
    return _decide(house, actor, alert_id, Standing.ACCEPTED, reason, purpose)


def decline(house: House, actor: Actor, alert_id: str, reason: str, *, purpose: str = PURPOSE) -> KeptAlert:
    """Decline an alert: it stays in the record. Raises Refused, NotFound, BadInput, Conflict."""
    return _decide(house, actor, alert_id, Standing.DECLINED, reason, purpose)


def _decide(house: House, actor: Actor, alert_id: str, standing: Standing, reason: str, purpose: str) -> KeptAlert:
    opened = open_door(house, Ask(actor, purpose, Operation.DECIDE_ALERT, drawn_from_counts(house.store)))
    kept = load_alert(house, alert_id)
    why = check_reason(reason)
    if kept.standing is Standing.ENDED:
        raise Conflict("The alert has ended: it was not found again.", "Look for alerts in the newest week.")
    if kept.standing is standing:
        raise Conflict(f"The alert is {standing.value} already.", "Nothing more is needed.")
    if standing is Standing.ACCEPTED and not kept.is_drawn_from(load_in_force(house.store)):
        raise Conflict(
            "Cases were loaded after this alert was looked for, so it may be there no longer.",
            "Look for alerts again. If it is still on the list, accept it then.",
            way=Way.RAISE_ALERTS,
        )
    verdict = Verdict(standing, actor.login, actor.name, house.clock.now(), why, kept.alert.areas)
    decided = kept.decide(verdict)
    act = Act.ALERT_ACCEPTED if standing is Standing.ACCEPTED else Act.ALERT_DECLINED
    detail: dict[str, Detail] = {"alert": alert_id, "areas": list(kept.areas), "reason": verdict.reason}
    with house.store.write(opened.leaf(act, detail)) as writer:
        if load_alert(house, alert_id) != kept:
            raise Conflict(
                "The alert changed at the same moment.", "Look at it again, then decide.", way=Way.LIST_ALERTS
            )
        writer.apply_document(decided.to_document(house))
        return decided
