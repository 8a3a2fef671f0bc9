"""People follow the fitted parameters, and families are families."""

import numpy as np
import polars as pl
import pytest

from wardkeeper.demo import parameters
from wardkeeper.demo.compositions import COMPOSITIONS, ENGLISH, HEALTH, ROLES, TENURES

FITTED = parameters.load()


def weigh(table: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The district's shares that the kinds' tables imply."""
    return (table * weights[:, None]).sum(axis=0) / weights.sum()


def kinds_of(people: pl.DataFrame) -> np.ndarray:
    return np.bincount(people["kind"].to_numpy(), minlength=8).astype(float)


def share_of(people: pl.DataFrame, column: str, order: tuple[str, ...]) -> np.ndarray:
    counted = dict(people.group_by(column).len().iter_rows())
    return np.array([counted.get(name, 0) for name in order]) / len(people)


def test_compositions_follow_the_parameters(whole):
    heads = whole.people.filter((pl.col("place") == 0) & (pl.col("composition") != "communal"))
    expected = weigh(FITTED.composition_size.sum(axis=2), kinds_of(heads))
    assert share_of(heads, "composition", COMPOSITIONS) == pytest.approx(expected, abs=0.004)


def test_sizes_follow_the_parameters(whole):
    people = whole.people.filter(pl.col("composition") != "communal")
    sizes = people.group_by("household").agg(pl.len(), pl.col("kind").first())
    expected = weigh(FITTED.composition_size.sum(axis=1), kinds_of(sizes))
    drawn = np.bincount(sizes["len"].to_numpy(), minlength=9)[1:] / len(sizes)
    assert drawn == pytest.approx(expected, abs=0.006)


def test_tenures_follow_the_parameters(whole):
    heads = whole.people.filter((pl.col("place") == 0) & (pl.col("composition") != "communal"))
    per_kind = np.einsum("kcs,kct->kt", FITTED.composition_size, FITTED.tenure)
    assert share_of(heads, "tenure", TENURES) == pytest.approx(weigh(per_kind, kinds_of(heads)), abs=0.005)


@pytest.mark.parametrize("role", ["child", "parent-dependent", "one-older", "other-adult"])
def test_ages_in_a_role_follow_the_parameters(whole, role):
    people = whole.people.filter(pl.col("role") == role)
    bands = np.bincount((people["age"].to_numpy() // 5).clip(0, 17), minlength=18) / len(people)
    expected = weigh(FITTED.age[:, ROLES.index(role)], kinds_of(people))
    assert bands == pytest.approx(expected, abs=0.03)


def test_health_follows_the_parameters_by_age(whole):
    for band in (2, 8, 12, 16):
        people = whole.people.filter(pl.col("age") // 5 == band)
        expected = weigh(FITTED.health[:, band], kinds_of(people))
        assert share_of(people, "health", HEALTH) == pytest.approx(expected, abs=0.02)


def test_english_follows_the_parameters(whole):
    people = whole.people
    per_kind = np.einsum("kt,kte->ke", FITTED.tradition, FITTED.english)
    assert share_of(people, "english", ENGLISH) == pytest.approx(weigh(per_kind, kinds_of(people)), abs=0.01)


def test_there_are_a_few_more_women_than_men(whole):
    assert (whole.people["sex"] == "female").mean() == pytest.approx(0.513, abs=0.01)


def test_people_who_speak_english_first_have_no_other_language(middling):
    first = middling.people.filter(pl.col("english") == "main")
    others = middling.people.filter(pl.col("english") != "main")
    assert (first["language"] == "English").all()
    assert (others["language"] != "English").all()


def test_parents_are_old_enough(middling):
    people = middling.people.with_columns(
        eldest=pl.col("age").filter(~pl.col("role").is_in(["child", "grown-child"])).max().over("household")
    )
    children = people.filter(pl.col("role").is_in(["child", "grown-child"]))
    gap = children["eldest"] - children["age"]
    assert (gap >= 14).mean() > 0.99
    assert gap.min() >= 0


def test_partners_ages_are_close(middling):
    couples = middling.people.filter(pl.col("role") == "parent-dependent")
    gaps = couples.group_by("household").agg(gap=pl.col("age").max() - pl.col("age").min())["gap"]
    assert gaps.median() <= 4


def test_most_children_bear_a_parents_family_name(middling):
    families = middling.people.filter(pl.col("role").is_in(["parent-dependent", "child"]))
    adults = families.filter(pl.col("role") == "parent-dependent").group_by("household").agg(names=pl.col("family"))
    children = families.filter(pl.col("role") == "child").join(adults, on="household")
    assert children.select(pl.col("family").is_in(pl.col("names")))["family"].all()


def test_most_married_couples_share_a_name(middling):
    couples = middling.people.filter(pl.col("composition") == "married-alone")
    shared = couples.group_by("household").agg(pl.col("family").n_unique() == 1)["family"]
    assert 0.78 < shared.mean() < 0.95


def test_twins_share_a_birth_date_and_other_siblings_do_not(middling):
    children = middling.people.filter(pl.col("role") == "child").sort(
        "household", "birth_date", descending=[False, True]
    )
    same = children.group_by("household", "birth_date").agg(pl.len(), pl.col("twin").sum())
    assert (same.filter(pl.col("len") > 1)["twin"] >= 1).all()
    rate = children["twin"].sum() / len(children)
    assert 0.002 < rate < 0.02


def test_siblings_who_are_not_twins_are_months_apart(middling):
    children = middling.people.filter(pl.col("role") == "child").sort("household", "birth_date")
    gaps = children.with_columns(gap=pl.col("birth_date").diff().over("household").dt.total_days())
    between = gaps.filter(pl.col("gap").is_not_null() & (pl.col("gap") > 0))["gap"]
    assert (between >= 300).all()


def test_nobody_in_a_household_but_father_and_son_shares_a_given_name(whole):
    named = whole.people.filter(pl.col("composition") != "communal")
    twice = named.group_by("household", "given", "family").agg(pl.len(), pl.col("sex").first(), pl.col("role"))
    shared = twice.filter(pl.col("len") > 1)
    assert 0 < len(shared) < 0.01 * named["household"].n_unique()


def test_fathers_and_sons_with_one_name_have_different_birth_dates(whole):
    sons = whole.people.filter((pl.col("role") == "grown-child") & (pl.col("sex") == "male"))
    fathers = whole.people.filter((pl.col("role") == "parent-grown") & (pl.col("sex") == "male"))
    pairs = sons.join(fathers, on=["household", "given", "family"])
    assert len(pairs) > 10
    assert (pairs["birth_date"] > pairs["birth_date_right"]).all()


def test_titles_suit_sex_and_age(middling):
    people = middling.people
    assert set(people.filter(pl.col("sex") == "female")["title"]) <= {"Mrs", "Miss", "Ms", "Dr"}
    assert set(people.filter(pl.col("sex") == "male")["title"]) <= {"Mr", "Master", "Dr"}
    assert people.filter(pl.col("title").is_in(["Dr", "Mrs"]))["age"].min() >= 16


def test_names_come_from_several_traditions(middling):
    shares = dict(middling.people["tradition"].value_counts(normalize=True).iter_rows())
    assert shares["british"] > 0.6
    assert len(shares) == 8


def test_names_are_written_in_latin_letters(middling):
    for column in ("given", "family"):
        assert middling.people[column].str.contains(r"^[\p{Latin}'’\-]+$").all()


def test_care_homes_hold_older_people(whole):
    residents = whole.people.filter(pl.col("role") == "communal")
    assert residents["age"].min() >= 65
    assert residents.group_by("household").len()["len"].is_between(8, 60).all()
    kinds = whole.homes.join(residents.select("uprn").unique(), on="uprn")["kind"].unique().to_list()
    assert kinds == ["care home"]


@pytest.mark.parametrize(
    ("flag", "least", "most"),
    [
        ("wheelchair", 0.004, 0.02),
        ("oxygen", 0.0004, 0.004),
        ("memory_loss", 0.008, 0.025),
        ("vulnerable", 0.02, 0.06),
        ("limited_mobility", 0.02, 0.08),
    ],
)
def test_conditions_are_about_as_common_as_they_should_be(whole, flag, least, most):
    assert least < whole.people[flag].mean() < most


def test_services_go_to_a_fortieth_of_adults_and_to_more_of_the_old(whole):
    adults = whole.people.filter(pl.col("age") >= 18)
    served = adults["service"].is_not_null()
    assert served.mean() == pytest.approx(0.025, abs=0.006)
    assert served.filter(adults["age"] >= 80).mean() > 3 * served.mean()


def test_only_care_home_residents_have_residential_care(whole):
    residential = whole.people.filter(pl.col("service") == "Residential care")
    assert (residential["role"] == "communal").all()
