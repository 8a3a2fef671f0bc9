"""Tables cover their Enums, so that nothing new slips past a rule or onto a screen without words."""

import inspect

import pytest

from wardkeeper.governance import grounds, limits, wording
from wardkeeper.governance.checks import CHECKS
from wardkeeper.governance.operations import OPERATIONS, Operation, Phase
from wardkeeper.governance.purposes import FIXED_GROUPS, WALLED_OFF
from wardkeeper.governance.tiers import FLOORS, Tier
from wardkeeper.kernel.columns import SENSITIVITY, Sensitivity
from wardkeeper.kernel.decisions import Finding, Outcome


def test_every_operation_has_a_row_that_somebody_may_use():
    assert set(OPERATIONS) == set(Operation)
    for operation, row in OPERATIONS.items():
        assert row.own, f"nobody may {operation}"
        assert row.groups, f"{operation} is for no purpose"
        assert row.phases, f"{operation} is never possible"


def test_every_flag_to_be_read_along_is_a_field():
    assert {row.flag for row in OPERATIONS.values() if row.flag} <= SENSITIVITY.keys()


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        (wording.OPERATIONS, Operation),
        (wording.OUTCOMES, Outcome),
        (wording.FINDINGS, Finding),
        (wording.PHASES, Phase),
        (wording.TIERS, Tier),
        (FLOORS, Sensitivity),
    ],
)
def test_every_value_has_its_entry(table, kind):
    assert set(table) == set(kind)
    assert all(str(entry).strip() for entry in table.values())


def test_the_checks_are_numbered_in_order():
    assert [check.number for check in CHECKS] == list(range(23))
    assert all(check.rule and check.cites for check in CHECKS)


def test_every_check_that_is_written_is_in_the_table():
    written = {
        function
        for module in (grounds, limits)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("check_") and function.__module__ == module.__name__
    }
    assert written == {check.find for check in CHECKS}


def test_every_check_says_its_own_number():
    for check in CHECKS:
        if check.find is not limits.check_nothing_yet:
            assert check.find.__doc__.startswith(f"{check.number}: ")


def test_g9_every_walled_off_group_has_its_fixed_name():
    assert set(FIXED_GROUPS.values()) == WALLED_OFF
