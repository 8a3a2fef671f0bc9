"""The checks of who asks, what for and on what ground (0 to 7, and 13). Each reads a case and says what it found."""

from collections.abc import Iterable

from wardkeeper.governance.findings import Found, failed, lacking, not_assessed, passed, say_day, warned
from wardkeeper.governance.gateways import Gateway
from wardkeeper.governance.operations import ENTITLED_TO_DECLARE, Operation, Phase, deepest
from wardkeeper.governance.organisations import Category
from wardkeeper.governance.purposes import WALLED_OFF, can_use
from wardkeeper.governance.requests import Case, IncidentFacts
from wardkeeper.governance.tiers import is_special_category
from wardkeeper.kernel.mandates import Mandate, MandateKind
from wardkeeper.kernel.people import ROLE_WORDS, Role
from wardkeeper.kernel.spans import london_day

NO_DATA = "no personal data is touched"
FRESH_START = "nothing short of a new purpose, notice and basis would allow it"
DECLARE_FIRST = "declare or expect an incident here"


def check_role(case: Case) -> Found:
    """0: a role of the requester's may do this."""
    rights = case.row.own if case.own else case.row.partner
    if deepest(rights, case.request.actor.roles) is not None:
        return passed("the requester's role may do this")
    if not rights:
        return failed("only the authority's own staff may do this", "ask the authority to do it")
    return failed("none of the requester's roles may do this", f"ask somebody with the role {_either_role(rights)}")


def check_purpose(case: Case) -> Found:
    """1: the purpose is on the list, compatible with what the data was collected for, and in the agreement."""
    if case.group is None:
        return failed(f"purpose '{case.request.purpose}' is not on the published list", FRESH_START)
    if _breaks_firewall(case):
        use = f"use '{case.purpose_title()}' is not compatible with the purpose this was collected for"
        return failed(use, FRESH_START, "UK GDPR Article 5(1)(b); rule G9")
    if case.group not in case.row.groups:
        return failed(
            f"purpose '{case.purpose_title()}' is not one this may be done for",
            f"state a purpose for {_either(case.row.groups)}",
        )
    return _purpose_in_agreement(case)


def check_declaration(case: Case) -> Found:
    """2: an emergency was declared by a role entitled to, and the hazard matches."""
    incident = case.request.incident
    if incident is not None:
        return _check_incident(case, incident)
    if Phase.NONE not in case.row.phases:
        return failed("no incident has been declared", DECLARE_FIRST)
    if case.request.operation is Operation.DECLARE and not case.hazard:
        return failed("no hazard is named", "name the hazard")
    return passed("no incident is involved yet")


def check_emergency(case: Case) -> Found:
    """3: an emergency, rather than something urgent; else a standing basis."""
    if case.emergency:
        return passed(f"an incident is {case.phase}")
    if case.phase is not Phase.NONE:
        return passed("the emergency is over: check 20 says what may still be done")
    if case.request.operation is Operation.DECLARE:
        return passed("this is the declaration itself")
    if Phase.NONE not in case.row.phases:
        return failed("no incident has been declared", DECLARE_FIRST)
    return _check_standing(case)


def check_party(case: Case) -> Found:
    """4: the requester's organisation is a party to the agreement, in the right category, in a role it names."""
    if case.own:
        return passed("the authority uses its own data: no agreement is needed")
    if case.category is None:
        return lacking(
            case, f"nobody has listed the organisation '{case.organisation}'", "add it to the authority's list"
        )
    if case.agreement is None:
        return lacking(case, f"no agreement with '{case.organisation}' covers this use", "make and sign an agreement")
    return _check_part(case, case.category)


def check_basis(case: Case) -> Found:
    """5: a lawful basis is recorded for each party, of a kind that such a body may rely on."""
    for mandate in case.mandates:
        if not any(power.basis.fits(Category.AUTHORITY) for power in case.powers(mandate)):
            return failed(f"'{mandate.title}' has no lawful basis for this purpose", "record a basis for this purpose")
    if case.own or case.category is None:
        return _own_basis(case)
    return _partner_basis(case, case.category)


def check_special_category(case: Case) -> Found:
    """6: special-category fields have an Article 9 condition and a Schedule 1 paragraph, for each party."""
    special = sorted(filter(is_special_category, case.request.fields))
    if not special:
        return passed("no special-category field is asked for")
    for dataset in sorted(case.request.datasets):
        if not any(power.basis.opens_special_category for power in _powers_today(case, dataset)):
            return failed(f"'{special[0]}' has no Article 9 condition in force", "record a condition and its paragraph")
    return _partner_condition(case, special[0])


def check_gateway(case: Case) -> Found:
    """7: the legal power is in force that day, for this kind of organisation and purpose."""
    for mandate in case.mandates:
        # One power in force is enough: when a notice ends, another basis may carry on; without one, the data goes.
        powers = case.powers(mandate)
        if not any(power.in_force(case.now) for power in powers):
            return _no_power(case, mandate.title, powers)
    party = case.agreement.party(case.organisation) if case.agreement else None
    if party is None or case.group is None:
        return passed("a legal power is in force for the authority" if case.mandates else NO_DATA)
    power = case.facts.gateways.get(party.gateway)
    serves = power is not None and power.serves(party.category, case.group)
    if power is None or not serves or not power.in_force(case.now):
        return _no_power(case, case.organisation, [power] if power and serves else [])
    return passed(f"{power.title} is in force", power.citation)


def check_mandate(case: Case) -> Found:
    """13: every dataset is held under permissions with an end, in force, and for no other incident."""
    for dataset in sorted(case.request.datasets):
        if not case.facts.mandates.get(dataset):
            return failed(f"no permission is recorded for '{dataset}'", "record one with an end or a review date")
    incident = case.request.incident
    if incident is not None and not incident.mandate_in_force and not case.row.after_end:
        return failed("the incident's permission has ended", "only a fresh case could open it again")
    faults = [fault for mandate in case.mandates if (fault := _fault_of(case, mandate)) is not None]
    # A warning about one permission must not hide that another has ended.
    stops = [fault for fault in faults if fault.nearest_miss]
    return next(
        iter(stops or faults), passed("each permission is in force and has an end" if case.mandates else NO_DATA)
    )


def _either(names: Iterable[str]) -> str:
    *most, last = sorted(names)
    return f"{', '.join(most)} or {last}" if most else last


def _either_role(roles: Iterable[Role]) -> str:
    return _either(ROLE_WORDS[role] for role in roles)


def _breaks_firewall(case: Case) -> bool:
    # Everything here is kept for emergencies and health, so a walled-off purpose fails even where nothing is read yet.
    if case.group in WALLED_OFF:
        return True
    return not all(can_use(case.facts.purposes, case.request.purpose, mandate.purposes) for mandate in case.mandates)


def _purpose_in_agreement(case: Case) -> Found:
    signed = [agreement for agreement in case.facts.agreements if agreement.is_party(case.organisation)]
    if case.own or not signed or any(agreement.purpose == case.request.purpose for agreement in signed):
        return passed(f"purpose '{case.purpose_title()}' is on the published list")
    return lacking(
        case,
        f"no agreement with '{case.organisation}' names the purpose '{case.purpose_title()}'",
        "agree a new version that names it",
    )


def _check_incident(case: Case, incident: IncidentFacts) -> Found:
    if incident.declared_by_role not in ENTITLED_TO_DECLARE:
        return failed(
            f"the incident was declared by a {incident.declared_by_role}, who may not",
            f"have it declared by a {_either_role(ENTITLED_TO_DECLARE)}",
        )
    if case.hazard != incident.hazard:
        return failed(f"the incident is a {incident.hazard}, not a {case.hazard}", "ask for the incident's own hazard")
    return _check_activation(case, incident.declared_by_role)


def _check_activation(case: Case, declared_by: Role) -> Found:
    trigger = case.agreement.triggers.get(case.hazard) if case.agreement else None
    if trigger is not None and declared_by not in trigger.activated_by:
        return failed(
            f"the agreement may not be activated by a {declared_by}",
            f"have it activated by a {_either_role(trigger.activated_by)}",
        )
    return passed(f"declared by a {declared_by}, who may; the hazard matches")


def _check_standing(case: Case) -> Found:
    purpose = case.facts.purposes.get(case.request.purpose)
    if purpose is None or not purpose.standing:
        return failed(f"'{case.purpose_title()}' is for an emergency only", DECLARE_FIRST)
    bound = [mandate for mandate in case.mandates if mandate.kind is MandateKind.INCIDENT]
    if bound and not case.row.after_end:
        return failed(f"'{bound[0].title}' holds for its incident only", DECLARE_FIRST)
    return passed("a standing purpose, without an emergency")


def _check_part(case: Case, category: Category) -> Found:
    assert case.agreement is not None
    party = case.agreement.party(case.organisation)
    named = _clause(case, "parties")
    if party is None or party.category is not category:
        return failed(
            f"the agreement does not have '{case.organisation}' as {category}", "correct it in a new version", named
        )
    if case.agreement.tier_for(case.organisation, case.request.actor.roles) is None:
        return lacking(case, "the agreement names none of the requester's roles", "agree a version that does", named)
    return passed(f"'{case.organisation}' is a party, as {category}", named)


def _clause(case: Case, clause: str) -> str:
    assert case.agreement is not None
    return f"agreement {case.agreement.slug} version {case.agreement.version}, {clause}"


def _own_basis(case: Case) -> Found:
    if not case.own:
        return not_assessed(f"what kind of organisation '{case.organisation}' is, and so its basis, is not known")
    return passed("the authority's lawful basis is recorded" if case.mandates else NO_DATA)


def _partner_basis(case: Case, category: Category) -> Found:
    party = case.agreement.party(case.organisation) if case.agreement else None
    if party is not None and party.basis.fits(category):
        return passed(f"{party.basis.article_6} is recorded for '{case.organisation}'", _clause(case, "parties"))
    if party is not None:
        return failed(
            f"'{case.organisation}' ({category}) may not rest its task on {party.basis.article_6}",
            "record public-task for a public authority",
        )
    open_to_it = (power for power in case.facts.gateways.values() if _is_open(case, power, category))
    power = next(open_to_it, None)
    if power is None:
        return failed(f"no legal power is open to '{case.organisation}' for this", FRESH_START)
    return passed(f"no agreement records a basis, but {power.title} is open to {category}", power.citation)


def _is_open(case: Case, power: Gateway, category: Category) -> bool:
    serves = case.group is not None and power.serves(category, case.group)
    return serves and power.in_force(case.now) and power.basis.fits(category)


def _powers_today(case: Case, dataset: str) -> list[Gateway]:
    mandates = case.facts.mandates.get(dataset, ())
    return [power for mandate in mandates for power in case.powers(mandate) if power.in_force(case.now)]


def _partner_condition(case: Case, field: str) -> Found:
    if case.own:
        return passed("a condition and its paragraph are recorded")
    party = case.agreement.party(case.organisation) if case.agreement else None
    if party is None:
        return not_assessed(f"no agreement records a condition for '{case.organisation}'")
    if not party.basis.opens_special_category:
        return failed(
            f"'{case.organisation}' has no Article 9 condition for '{field}'", "record a condition and its paragraph"
        )
    return passed(f"{party.basis.article_9} is recorded for '{case.organisation}'", _clause(case, "parties"))


def _no_power(case: Case, whose: str, powers: list[Gateway]) -> Found:
    if not powers:
        return failed(
            f"'{whose}' names no legal power for this purpose and organisation", "record one, or delete the data"
        )
    power = powers[-1]
    ends = power.span.end
    if ends is not None and power.span.has_ended(case.now):
        when = f"ended on {say_day(ends)}"
    else:
        when = f"starts on {say_day(power.span.start)}"
    return failed(f"{power.title}: {when}", "record another legal power, or delete the data", power.citation)


def _fault_of(case: Case, mandate: Mandate) -> Found | None:
    incident = case.request.incident
    if not mandate.has_an_end:
        return failed(f"'{mandate.title}' has no end", "record an end or a review date")
    if mandate.incident is not None and incident is not None and mandate.incident != incident.id:
        return failed(f"'{mandate.title}' is for another incident", "ask within that incident")
    if case.row.after_end and mandate.destroyed_at is None:
        return None
    if not mandate.in_force(case.now):
        return failed(_not_in_force(case, mandate), "only a fresh permission could open it")
    return _review_of(case, mandate)


def _not_in_force(case: Case, mandate: Mandate) -> str:
    if mandate.destroyed_at is not None:
        return f"what was held under '{mandate.title}' is destroyed"
    if mandate.ended_at is not None:
        return f"'{mandate.title}' was ended on {say_day(london_day(mandate.ended_at))}"
    if case.day < mandate.starts:
        return f"'{mandate.title}' starts on {say_day(mandate.starts)}"
    return f"'{mandate.title}' ended on {say_day(mandate.ends or case.day)}"


def _review_of(case: Case, mandate: Mandate) -> Found | None:
    if mandate.review_by is None or not mandate.review_overdue(case.now):
        return None
    overdue = f"the review of '{mandate.title}' was due by {say_day(mandate.review_by)}"
    return (
        warned(f"{overdue}: review it as soon as the emergency allows")
        if case.emergency
        else failed(overdue, "review it")
    )
