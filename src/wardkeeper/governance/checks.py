"""The checks of a decision, in their order, each with the rule it tries and the clause it cites."""

from collections.abc import Callable
from dataclasses import dataclass

from wardkeeper.governance import grounds, limits
from wardkeeper.governance.findings import Found
from wardkeeper.governance.requests import Case
from wardkeeper.kernel.decisions import Reason


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its number, the rule in plain words, what it cites, and the function that finds out."""

    number: int
    rule: str
    cites: str
    find: Callable[[Case], Found]


CHECKS: tuple[Check, ...] = (
    Check(0, "a role of the requester's may do this", "rule G2", grounds.check_role),
    Check(1, "the purpose is named and in the agreement", "UK GDPR Article 5(1)(b)", grounds.check_purpose),
    Check(
        2,
        "an emergency was declared by a role entitled to",
        "Civil Contingencies Act 2004, section 1",
        grounds.check_declaration,
    ),
    Check(3, "an emergency, else a standing basis", "rule G11", grounds.check_emergency),
    Check(4, "the organisation is a party, in its category", "rule G2", grounds.check_party),
    Check(5, "a lawful basis is recorded for each party", "UK GDPR Article 6", grounds.check_basis),
    Check(
        6,
        "special-category fields have a condition",
        "UK GDPR Article 9; Data Protection Act 2018, section 10 and Schedule 1",
        grounds.check_special_category,
    ),
    Check(7, "the legal power is in force today", "UK GDPR Article 6(3)", grounds.check_gateway),
    Check(8, "the fields are agreed and needed", "UK GDPR Article 5(1)(c); rule G10", limits.check_fields),
    Check(9, "the area is within jurisdiction", "rule G2", limits.check_area),
    Check(10, "the impact assessment is approved and current", "UK GDPR Article 35", limits.check_nothing_yet),
    Check(11, "the agreement is in date", "rule G5", limits.check_agreement),
    Check(12, "the data is fresh enough", "UK GDPR Article 5(1)(d)", limits.check_nothing_yet),
    Check(13, "every permission has an end and is in force", "UK GDPR Article 5(1)(e); rule G4", grounds.check_mandate),
    Check(
        14,
        "nothing is passed on unless allowed",
        "Contingency Planning Regulations 2005, Part 8",
        limits.check_nothing_yet,
    ),
    Check(15, "the sensitivity marking is present", "rule G11", limits.check_nothing_yet),
    Check(16, "the source's own restrictions are kept", "rule G2", limits.check_nothing_yet),
    Check(17, "a person has said why it is necessary", "UK GDPR Article 5(1)(c)", limits.check_necessity),
    Check(18, "a notice is published for re-use", "UK GDPR Articles 13 and 14", limits.check_nothing_yet),
    Check(19, "consent and objection are honoured", "UK GDPR Article 21; rule G19", limits.check_objection),
    Check(20, "after stand-down, only what a fresh case keeps", "rule G18", limits.check_stand_down),
    Check(21, "the conditions of emergency access", "rule G11", limits.check_nothing_yet),
    Check(22, "small numbers are protected", "rule G14", limits.check_nothing_yet),
)


def to_reason(check: Check, found: Found) -> Reason:
    """Join what a check is with what it found."""
    return Reason(check.number, check.rule, found.finding, found.fact, found.cites or check.cites, found.nearest_miss)
