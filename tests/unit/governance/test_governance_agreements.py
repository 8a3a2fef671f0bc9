from datetime import date

import pytest

from governance_facts import FACTS, FIRE, text_of
from wardkeeper.governance.agreements import OnwardSharing, Part, parse
from wardkeeper.governance.gateways import Condition, LawfulBasis
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import LIST
from wardkeeper.kernel.errors import BadInput
from wardkeeper.kernel.mandates import AtEnd
from wardkeeper.kernel.people import Role

RED_CROSS = next(agreement for agreement in FACTS.agreements if agreement.slug == "red-cross-flood")
NAMES = {"names", "phones", "birth_years"}


def test_the_fire_services_agreement_is_read_whole():
    fire = FIRE.party("gm-fire")
    assert (FIRE.slug, FIRE.version, FIRE.purpose) == ("fire-flood", 1, "emergency-response")
    assert fire.part is Part.CONTROLLER
    assert fire.basis.article_6 is LawfulBasis.PUBLIC_TASK
    assert fire.basis.article_9 is Condition.SUBSTANTIAL_PUBLIC_INTEREST
    assert fire.gateway == "cp-regs-2005"
    assert FIRE.ends == date(2031, 3, 31)
    assert FIRE.areas == {"E08000009"}
    assert FIRE.onward_sharing is OnwardSharing.NO
    assert FIRE.sources["shielding"] is AtEnd.DELETE
    assert {approval.organisation for approval in FIRE.approvals} == {"trafford-council", "gm-fire"}


def test_its_hash_is_of_its_bytes():
    text = text_of("agreements/fire-flood.toml")
    assert parse(text, "f").sha256 == FIRE.sha256
    assert parse(text + "\n", "f").sha256 != FIRE.sha256


def test_a_party_is_one_that_signed():
    assert FIRE.is_party("gm-fire")
    assert not FIRE.is_party("red-cross")
    assert FIRE.party("red-cross") is None


@pytest.mark.parametrize(
    ("purpose", "hazard", "covered"),
    [
        ("emergency-response", "flood", True),
        ("emergency-response", "", True),
        ("emergency-response", "power-cut", False),
        ("emergency-planning", "flood", False),
    ],
)
def test_an_agreement_covers_its_purpose_and_hazards(purpose, hazard, covered):
    assert FIRE.covers(purpose, hazard) is covered


def test_g10_names_are_only_in_the_deepest_tier():
    counts, flags, names = (FIRE.fields_for("gm-fire", Role.RESPONDER, tier) for tier in Tier)
    assert counts < flags < names
    assert names - flags == NAMES
    assert names == {column.name for column in LIST}


def test_g10_a_partner_promised_flags_gets_no_names_by_asking():
    assert RED_CROSS.fields_for("red-cross", Role.VOLUNTEER, Tier.NAMES) == RED_CROSS.fields_for(
        "red-cross", Role.VOLUNTEER, Tier.FLAGS
    )
    assert not RED_CROSS.fields_for("red-cross", Role.VOLUNTEER, Tier.NAMES) & NAMES


def test_a_role_or_organisation_not_named_gets_nothing():
    assert FIRE.fields_for("gm-fire", Role.ANALYST, Tier.NAMES) == frozenset()
    assert FIRE.fields_for("red-cross", Role.RESPONDER, Tier.NAMES) == frozenset()
    assert FIRE.tier_for("gm-fire", [Role.ANALYST]) is None


def test_the_deepest_of_several_roles_counts():
    assert FIRE.tier_for("gm-fire", [Role.ANALYST, Role.RESPONDER]) is Tier.NAMES


def test_a_hazard_not_named_withholds_nothing_of_its_own():
    assert FIRE.withheld_in("heat") == frozenset()
    assert FIRE.withheld_in("flood") == frozenset()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('tier = "names"', 'tier = "everything"', "'recipients.1.tier' has the unknown value 'everything'"),
        ('hazard = "flood"', 'hazard = "dragons"', "'triggers.1.hazard' has the unknown value 'dragons'"),
        ('"birth_years"]', '"shoe_size"]', "'fields.names' lists 'shoe_size', which is not a field"),
        ('"oldest_on"]', '"names"]', "'fields.counts' lists 'names', which tells more than counts"),
        ("withheld = []", 'withheld = ["shoe_size"]', "'triggers.1.withheld' lists 'shoe_size', which is not a field"),
        ('at_end = "delete"', 'at_end = "keep"', "'sources.1.at_end' has the unknown value 'keep'"),
        ("review_by = 2027-09-30", "review_by = 2032-09-30", "'review_by' is outside the agreement's own dates"),
        ("review_by = 2027-09-30", "review_by = 2026-03-30", "'review_by' is outside the agreement's own dates"),
        ("version = 1", "version = 0", "'version' is not a whole number"),
        ('onward_sharing = "no"', 'onward_sharing = "sure"', "'onward_sharing' has the unknown value 'sure'"),
        ('areas = ["E08000009"]', "areas = []", "'areas' is empty"),
        ('author = "Priya Nair"', 'author = "Helen ASHWORTH"', "'approvals' includes the author"),
        (
            'roles = ["responder", "control"]',
            'roles = ["responder", "wizard"]',
            "'recipients.1.roles' has the unknown value 'wizard'",
        ),
        (
            '[[recipients]]\norganisation = "gm-fire"',
            '[[recipients]]\norganisation = "police"',
            "'recipients' names 'police', which is not a party",
        ),
        (
            'position = "Area manager, prevention"\norganisation = "gm-fire"',
            'position = "Area manager, prevention"\norganisation = "police"',
            "'approvals' names 'police', which is not a party",
        ),
        (
            '[[parties]]\norganisation = "gm-fire"',
            '[[parties]]\norganisation = "trafford-council"',
            "'parties' does not name two or more different organisations",
        ),
        ('title = "F', 'titel = "F', "'title' is missing"),
        ('title = "F', 'colour = "red"\ntitle = "F', "'colour' is not known here"),
    ],
)
def test_a_faulty_agreement_is_refused_naming_the_key(old, new, message):
    text = text_of("agreements/fire-flood.toml")
    assert old in text
    with pytest.raises(BadInput) as caught:
        parse(text.replace(old, new, 1), "fire-flood.toml")
    assert message in caught.value.message
    assert caught.value.where.file == "fire-flood.toml"
