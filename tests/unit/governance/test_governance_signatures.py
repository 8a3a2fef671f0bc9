"""Who must agree before a document counts: a table, and two people who are really two."""

from itertools import product

import pytest

from wardkeeper.governance.signatures import SIGNING, Matter, can_apply, can_confirm, needs_second
from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.people import Actor, Role


def person(login, *roles):
    return Actor(Login(login), login, "trafford-council", frozenset(roles))


def test_every_matter_has_its_signatures():
    assert set(SIGNING) == set(Matter)


MAY_APPLY = {
    Matter.READING: {Role.ANALYST, Role.DPO},
    Matter.NEEDS: {Role.ANALYST, Role.DIRECTOR},
    Matter.PERMISSION: {Role.ANALYST, Role.DPO},
    Matter.LAW: {Role.DPO, Role.DIRECTOR},
}


@pytest.mark.parametrize(("matter", "role"), list(product(Matter, Role)))
def test_g2_only_the_roles_of_the_table_put_a_change_forward(matter, role):
    assert can_apply(matter, person("one", role)) is (role in MAY_APPLY[matter])


CONFIRMS = [
    (Matter.PERMISSION, Role.ANALYST, Role.DPO, True),
    (Matter.PERMISSION, Role.ANALYST, Role.DIRECTOR, True),
    (Matter.PERMISSION, Role.DPO, Role.DIRECTOR, True),
    (Matter.PERMISSION, Role.DPO, Role.DPO, False),
    (Matter.PERMISSION, Role.ANALYST, Role.ANALYST, False),
    (Matter.PERMISSION, Role.ANALYST, Role.PLANNER, False),
    (Matter.PERMISSION, Role.DIRECTOR, Role.DPO, False),
    (Matter.LAW, Role.DPO, Role.DIRECTOR, True),
    (Matter.LAW, Role.DIRECTOR, Role.DPO, True),
    (Matter.LAW, Role.DIRECTOR, Role.DIRECTOR, False),
    (Matter.LAW, Role.ANALYST, Role.DPO, False),
]


@pytest.mark.parametrize(("matter", "first", "second", "enough"), CONFIRMS)
def test_g8_g15_two_people_by_two_roles(matter, first, second, enough):
    assert can_confirm(matter, person("one", first), person("two", second)) is enough


@pytest.mark.parametrize("matter", Matter)
def test_g15_nobody_confirms_their_own_whatever_roles_they_hold(matter):
    everything = person("one", *Role)
    assert not can_confirm(matter, everything, everything)


def test_what_one_person_may_do_alone_is_how_files_are_read_and_who_needs_help():
    assert {matter for matter in Matter if not needs_second(matter)} == {Matter.READING, Matter.NEEDS}
