"""The checks of how much, where, until when and why (8 to 12 and 14 to 22, without 13)."""

from wardkeeper.governance.agreements import Agreement
from wardkeeper.governance.findings import Found, failed, lacking, not_assessed, passed, say_day, warned
from wardkeeper.governance.operations import BEFORE_STAND_DOWN, Operation, Phase, deepest
from wardkeeper.governance.requests import Case
from wardkeeper.governance.tiers import Tier, fields_above, floor, is_known

NOT_BUILT = "not built yet"


def check_fields(case: Case) -> Found:
    """8: the fields are within the requester's tier and the agreement, and needed for the hazard."""
    unknown = sorted(name for name in case.request.fields if not is_known(name))
    if unknown:
        return failed(f"'{unknown[0]}' is not a known field", "ask for fields that exist")
    highest = deepest_tier(case)
    over = case.phase not in BEFORE_STAND_DOWN and case.phase not in case.row.phases
    if highest is None or over:
        return not_assessed("nothing may be seen here: see checks 0 and 20")
    if not highest.covers(case.request.tier):
        return _too_deep(case, highest)
    above = fields_above(case.request.tier, case.request.fields)
    if above:
        return failed(f"{_quoted(above)} tells more than {case.request.tier}", f"ask without {_quoted(above)}")
    return _within_promise(case, highest)


def check_area(case: Case) -> Found:
    """9: the area is within the authority's jurisdiction and the agreement's, and the records within the incident's."""
    incident = case.request.incident
    codes = case.request.areas | (incident.area_codes if incident else frozenset())
    if incident is not None and not incident.area_codes:
        return failed("the incident has no area", "draw its outline")
    stray = _beyond_the_incident(case)
    if stray:
        return failed(f"'{stray[0]}' reaches beyond the incident's area", "ask for the incident's own list")
    outside = sorted(codes - case.facts.jurisdiction)
    if outside:
        return failed(f"area {outside[0]} is outside the authority", "draw an outline within the authority")
    agreed = case.agreement.areas if case.agreement else codes
    if not codes <= agreed:
        return failed("the agreement does not cover this area", "agree a new version that names it")
    return passed("the area is within the authority" if codes else "this is not tied to an area")


def check_agreement(case: Case) -> Found:
    """11: the agreement is in date and its review is not overdue."""
    if case.own:
        return passed("the authority uses its own data: no agreement is needed")
    agreement = case.agreement
    if agreement is None:
        return not_assessed("there is no agreement to read the dates of")
    named = f"agreement {agreement.slug} version {agreement.version}"
    if agreement.span.has_ended(case.now):
        return _ended(case, agreement, named)
    if not agreement.span.holds(case.now):
        return lacking(case, f"{named} starts on {say_day(agreement.span.start)}", "wait for its first day")
    if case.day > agreement.review_by:
        return _review_overdue(case, agreement, named)
    return passed(f"{named} runs until {say_day(agreement.ends)}", f"{named}, ends")


def check_necessity(case: Case) -> Found:
    """17: a person has said why this is necessary."""
    if not case.row.necessity:
        return passed("no statement of necessity is asked for here")
    if any(character.isalpha() for character in case.request.necessity):
        return passed("a person has said why it is necessary")
    return lacking(case, "nobody has said why this is necessary", "say why in a sentence")


def check_objection(case: Case) -> Found:
    """19: objections are read along, so that an officer decides and nobody is hidden (rule G19)."""
    flag, fields = case.row.flag, case.request.fields
    tells_of_homes = any(is_known(name) and floor(name) is not Tier.COUNTS for name in fields)
    if not flag or not tells_of_homes:
        return passed("this contacts nobody")
    if flag not in fields:
        return failed("objections would not be read along", f"ask for '{flag}' too")
    return passed("objections are read along and an officer decides; consent beyond that is not recorded here")


def check_stand_down(case: Case) -> Found:
    """20: after stand-down, only what a fresh case keeps."""
    if case.phase in case.row.phases or case.phase is Phase.NONE:
        return passed("nothing here has been stood down" if case.phase is Phase.NONE else f"it is {case.phase}")
    if not case.emergency:
        return failed(
            "the incident was stood down, and access ended with it", "nothing short of a fresh case would allow it"
        )
    if case.request.operation is Operation.DECLARE:
        return failed("the incident is already declared", "open it instead")
    return failed("the incident is still under way", "stand it down first")


def check_nothing_yet(_case: Case) -> Found:
    """A rule that no code reads yet: said plainly, and never taken for a pass."""
    return not_assessed(NOT_BUILT)


def deepest_tier(case: Case) -> Tier | None:
    """Give the deepest tier the requester's roles may see now; without an emergency, a partner sees counts only."""
    promised = deepest(case.row.own if case.own else case.row.partner, case.request.actor.roles)
    if promised is None or case.emergency:
        return promised
    standing = case.row.standing_tier if case.own else Tier.COUNTS
    return min(promised, standing, key=lambda tier: tier.depth)


def promised_fields(case: Case, agreement: Agreement) -> frozenset[str]:
    """Give the fields an agreement promises the requester's roles at the tier asked for, as this hazard needs them."""
    promised = (agreement.fields_for(case.organisation, role, case.request.tier) for role in case.request.actor.roles)
    return frozenset().union(*promised) - agreement.withheld_in(case.hazard)


def _beyond_the_incident(case: Case) -> list[str]:
    # A list holds only homes within the outline, and is sealed under its incident's own mandate; the residents are not.
    incident = case.request.incident
    if incident is None or Phase.NONE in case.row.phases:
        return []
    held = case.facts.mandates
    return [
        dataset
        for dataset in sorted(case.request.datasets)
        if not any(mandate.incident == incident.id for mandate in held.get(dataset, ()))
    ]


def _quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _too_deep(case: Case, highest: Tier) -> Found:
    if case.emergency:
        return failed(f"this role may see {highest}, not {case.request.tier}", f"ask for {highest}")
    who = "this role" if case.own else "partners"
    return failed(f"outside an incident {who} may see {highest} only", "declare or expect an incident here")


def _within_promise(case: Case, highest: Tier) -> Found:
    if case.own:
        return passed(f"within {highest}, the deepest this role may see now")
    if case.agreement is None:
        return not_assessed("there is no agreement to compare the fields with")
    return _within_agreement(case, case.agreement)


def _within_agreement(case: Case, agreement: Agreement) -> Found:
    clause = f"agreement {agreement.slug} version {agreement.version}, fields"
    needless = sorted(case.request.fields & agreement.withheld_in(case.hazard))
    if needless:
        return failed(
            f"{_quoted(needless)} is not needed in a {case.hazard}", f"ask without {_quoted(needless)}", clause
        )
    foreign = sorted({mandate.source for mandate in case.mandates if mandate.source} - agreement.sources.keys())
    if foreign:
        return lacking(
            case, f"the agreement does not name the source '{foreign[0]}'", "agree a version that does", clause
        )
    promised = agreement.tier_for(case.organisation, case.request.actor.roles)
    if promised is None or not promised.covers(case.request.tier):
        return lacking(case, f"the agreement does not promise {case.request.tier}", "ask for less, or agree it", clause)
    extra = sorted(case.request.fields - promised_fields(case, agreement))
    if extra:
        return lacking(
            case, f"the agreement does not promise {_quoted(extra)}", f"ask without {_quoted(extra)}", clause
        )
    return passed("within the fields agreed, and needed for the hazard", clause)


def _ended(case: Case, agreement: Agreement, named: str) -> Found:
    incident = case.request.incident
    if case.emergency and incident is not None and not agreement.span.has_ended(incident.started_at):
        return warned(
            f"{named} ENDED on {say_day(agreement.ends)}, during this incident: it is extended to the incident's end. Renew it now",
            "rule G5",
        )
    return lacking(
        case, f"{named} ended on {say_day(agreement.ends)}", "agree and sign a new version", f"{named}, ends"
    )


def _review_overdue(case: Case, agreement: Agreement, named: str) -> Found:
    overdue = f"the review of {named} was due by {say_day(agreement.review_by)}"
    if case.emergency:
        return warned(f"{overdue}: review it as soon as the emergency allows", "rule G11")
    return lacking(case, overdue, "review it", f"{named}, review_by")
