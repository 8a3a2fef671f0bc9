import pytest

from governance_facts import text_of
from wardkeeper.governance.purposes import BEHIND_THE_WALL, FIXED_GROUPS, WALLED_OFF, Group, Purpose, can_use, parse
from wardkeeper.kernel.errors import BadInput

PLANNING = Purpose("emergency-planning", "planning", Group.EMERGENCY, frozenset({"emergency-response"}))
RESPONSE = Purpose("emergency-response", "response", Group.EMERGENCY)
HEALTH = Purpose("public-health", "public health", Group.HEALTH)
TAX = Purpose("council-tax", "council tax", Group.SERVICES, frozenset({"debt-recovery"}))
DEBT = Purpose("debt-recovery", "debt recovery", Group.DEBT)
LISTED = {purpose.slug: purpose for purpose in (PLANNING, RESPONSE, HEALTH, TAX, DEBT)}


@pytest.mark.parametrize(
    ("wanted", "collected", "allowed"),
    [
        ("emergency-planning", {"emergency-planning"}, True),
        ("emergency-response", {"emergency-planning"}, True),
        ("emergency-planning", {"emergency-response"}, False),
        ("public-health", {"emergency-planning"}, False),
        ("public-health", {"emergency-planning", "public-health"}, True),
        ("debt-recovery", {"council-tax"}, True),
        ("debt-recovery", {"council-tax", "emergency-planning"}, False),
        ("debt-recovery", {"debt-recovery", "public-health"}, False),
        ("emergency-planning", {"emergency-planning", "something-new"}, False),
        ("something-new", {"emergency-planning"}, False),
        ("emergency-planning", set(), False),
    ],
)
def test_g9_purposes_are_incompatible_unless_declared_compatible(wanted, collected, allowed):
    assert can_use(LISTED, wanted, frozenset(collected)) is allowed


@pytest.mark.parametrize("slug", FIXED_GROUPS)
@pytest.mark.parametrize("victim", ["emergency-planning", "public-health"])
def test_g9_no_declaration_opens_emergency_or_health_data_to_the_walled_off(slug, victim):
    opened = {
        **LISTED,
        victim: Purpose(victim, victim, LISTED[victim].group, frozenset({slug})),
        slug: Purpose(slug, slug, FIXED_GROUPS[slug]),
    }
    assert not can_use(opened, slug, frozenset({victim}))


@pytest.mark.parametrize("slug", FIXED_GROUPS)
def test_g9_a_walled_off_name_stays_walled_off_whatever_group_it_claims(slug):
    assert Purpose(slug, slug, Group.EMERGENCY).forbidden == BEHIND_THE_WALL


@pytest.mark.parametrize("group", Group)
def test_g9_a_new_name_in_a_walled_off_group_is_walled_off_too(group):
    walled = Purpose("parking-fines", "parking fines", group).forbidden == BEHIND_THE_WALL
    assert walled == (group in WALLED_OFF)


def test_the_demonstration_lists_its_purposes():
    listed = parse(text_of("purposes.toml"), "purposes.toml")
    assert set(listed) == {
        "emergency-planning",
        "emergency-response",
        "public-health",
        "administration",
        *FIXED_GROUPS,
    }
    assert listed["emergency-response"].standing is False
    assert listed["emergency-planning"].compatible == {"emergency-response", "public-health"}


def one(**changes):
    lines = {
        "slug": '"planning"',
        "title": '"planning"',
        "group": '"emergency"',
        "compatible": "[]",
        "forbidden": "[]",
        "standing": "true",
        **changes,
    }
    return "[[purposes]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items() if value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (one(title=""), "'purposes.1.title' is missing"),
        (one(group='"mischief"'), "'purposes.1.group' has the unknown value 'mischief'"),
        (one() + one(), "'purposes.2.slug' repeats 'planning'"),
        (one(compatible='["fishing"]'), "names 'fishing', which is not on the list"),
        (one(slug='"fraud"'), "'purposes.1.group' must be 'fraud' for 'fraud'"),
        (one(colour='"red"'), "'purposes.1.colour' is not known here"),
        ("purpose = 1\n" + one(), "'purpose' is not known here"),
        (
            one(compatible='["fraud"]') + one(slug='"fraud"', group='"fraud"'),
            "opens emergency data to 'fraud', which rule G9 never allows",
        ),
    ],
)
def test_a_faulty_list_is_refused(text, message):
    with pytest.raises(BadInput) as caught:
        parse(text, "purposes.toml")
    assert message in caught.value.message
