"""Ages by role, drawn together: the hidden value ties a family's ages without changing each role's own."""

import numpy as np
import pytest

from wardkeeper.demo import parameters
from wardkeeper.demo.ages import ROLE_TABLE, draw_ages, draw_sexes, expand
from wardkeeper.demo.compositions import COMPOSITIONS, ROLES, people_in
from wardkeeper.demo.households import CARE_HOME, Households

FITTED = parameters.load()


def households(composition: str, size: int, count: int) -> Households:
    number = CARE_HOME if composition == "communal" else COMPOSITIONS.index(composition)
    zeros = np.zeros(count, dtype=np.int64)
    return Households(zeros, zeros + 4, zeros + number, zeros + size, zeros, zeros, zeros)


def draw(composition: str, size: int, count: int = 4_000):
    household, place, role = expand(households(composition, size, count))
    kind = np.full(len(household), 4)
    age, twin = draw_ages(FITTED, kind, household, role, 9)
    female = draw_sexes(FITTED, kind, role, place, age, 9)
    return age.reshape(count, size), female.reshape(count, size), twin.reshape(count, size), role


def test_the_table_of_roles_is_the_rule_written_out():
    for number, composition in enumerate(COMPOSITIONS):
        for size in range(1, 9):
            named = [ROLES[role] for role in ROLE_TABLE[number, size] if role >= 0]
            assert tuple(named) == people_in(composition, size)


def test_everyone_in_a_care_home_has_its_role_however_many_there_are():
    _, _, _, role = draw("communal", 27, 50)
    assert {ROLES[number] for number in role} == {"communal"}


def test_partners_ages_go_together():
    age, _, _, _ = draw("married-dependent", 4)
    assert np.corrcoef(age[:, 0], age[:, 1])[0, 1] > 0.85


def test_older_parents_have_older_children():
    age, _, _, _ = draw("married-dependent", 4)
    assert np.corrcoef(age[:, 0], age[:, 2])[0, 1] > 0.6


def test_people_in_care_homes_are_strangers_to_each_other():
    age, _, _, _ = draw("communal", 27, 400)
    assert abs(np.corrcoef(age[:, 0], age[:, 1])[0, 1]) < 0.15


def test_tying_ages_together_leaves_each_roles_ages_as_fitted():
    age, _, _, _ = draw("one-older", 1, 20_000)
    bands = np.bincount((age[:, 0] // 5).astype(int).clip(0, 17), minlength=18) / 20_000
    assert bands == pytest.approx(FITTED.age[4, ROLES.index("one-older")], abs=0.015)


@pytest.mark.parametrize(
    ("composition", "size", "person", "least", "most"),
    [
        ("one-older", 1, 0, 65, 104),
        ("couple-older", 2, 1, 65, 104),
        ("married-dependent", 4, 3, 0, 19.1),
        ("lone-grown", 2, 1, 14, 90),
        ("communal", 27, 5, 65, 104),
    ],
)
def test_ages_stay_within_what_a_role_can_be(composition, size, person, least, most):
    age, _, _, _ = draw(composition, size, 300)
    assert age[:, person].min() >= least
    # Setting siblings apart may make an elder one a little older than the fitted ages go.
    assert np.quantile(age[:, person], 0.97) <= most


def test_most_couples_are_of_opposite_sexes():
    _, female, _, _ = draw("married-alone", 2)
    assert (female[:, 0] != female[:, 1]).mean() == pytest.approx(0.975, abs=0.01)


def test_most_lone_parents_are_women():
    _, female, _, _ = draw("lone-dependent", 3)
    assert female[:, 0].mean() == pytest.approx(0.86, abs=0.02)


def test_twins_are_siblings_of_one_age():
    age, _, twin, _ = draw("married-dependent", 4)
    pairs = twin[:, 2:].any(axis=1)
    assert 0.005 < pairs.mean() < 0.03
    assert (age[pairs, 2] == age[pairs, 3]).all()
    assert (np.abs(age[~pairs, 2] - age[~pairs, 3]) > 0.8).all()
