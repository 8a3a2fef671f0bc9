import pytest

from wardkeeper.governance.operations import ENTITLED_TO_DECLARE, OPERATIONS, Operation, Phase, deepest
from wardkeeper.governance.purposes import WALLED_OFF
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.people import Role


def test_planners_and_directors_declare():
    assert {Role.PLANNER, Role.DIRECTOR} == ENTITLED_TO_DECLARE


@pytest.mark.parametrize(
    ("roles", "tier"),
    [
        ({Role.VOLUNTEER}, Tier.FLAGS),
        ({Role.VOLUNTEER, Role.RESPONDER}, Tier.NAMES),
        ({Role.ANALYST}, None),
        (set(), None),
    ],
)
def test_the_deepest_of_a_persons_roles_counts(roles, tier):
    assert deepest(OPERATIONS[Operation.OPEN_LIST].partner, frozenset(roles)) is tier


@pytest.mark.parametrize("operation", Operation)
def test_volunteers_never_see_names_in_any_operation(operation):
    row = OPERATIONS[operation]
    for rights in (row.own, row.partner):
        assert rights.get(Role.VOLUNTEER) in (None, Tier.COUNTS, Tier.FLAGS)


@pytest.mark.parametrize("operation", Operation)
def test_g9_no_operation_is_for_a_walled_off_purpose(operation):
    assert not OPERATIONS[operation].groups & WALLED_OFF


@pytest.mark.parametrize("operation", Operation)
def test_g10_partners_act_only_within_an_incident(operation):
    row = OPERATIONS[operation]
    if row.partner:
        assert row.phases == {Phase.EXPECTED, Phase.ACTIVE}


def test_g18_closing_and_destroying_include_the_data_protection_officer():
    for operation in (Operation.CLOSE, Operation.DESTROY):
        assert set(OPERATIONS[operation].own) == {Role.PLANNER, Role.DPO}
