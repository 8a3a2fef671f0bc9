"""A comparison is drawn fairly, can be drawn again, and is refused for safety messages."""

from collections import Counter
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeeper.kernel.errors import BadInput, Refused
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.comparisons import Comparison, Design, check_may_compare, draw, draw_by_home, weigh_balance

WORDINGS = {"kind": MessageKind.ROUTINE, "design": Design.WORDINGS, "arms": ("cam-a", "cam-b")}
DAYS = ("2026-11-28", "2026-12-05")


def areas(count, strata=1):
    names = [f"E0100{number:04}" for number in range(count)]
    return pl.DataFrame({"unit": names, "stratum": [f"ward {number % strata}" for number in range(count)]})


@pytest.mark.parametrize("design", Design)
def test_a_safety_message_is_never_compared(design):
    with pytest.raises(Refused, match="safety message is never"):
        draw(areas(20), kind=MessageKind.SAFETY, design=design, arms=DAYS, seed=1)
    with pytest.raises(Refused):
        check_may_compare(MessageKind.SAFETY)
    check_may_compare(MessageKind.ROUTINE)


@given(st.integers(4, 60), st.integers(1, 5), st.integers(0, 2**32), st.integers(2, 4))
def test_each_unit_has_one_arm_and_arms_differ_by_one_within_a_stratum(count, strata, seed, arms):
    names = tuple(f"arm {number}" for number in range(min(arms, count // 2)))
    units = areas(count, strata)
    drawn = draw(units, kind=MessageKind.ROUTINE, design=Design.WORDINGS, arms=names, seed=seed)
    assert [unit for unit, _ in drawn.allocation] == sorted(units["unit"])
    for part in (units, *units.partition_by("stratum")):
        sizes = Counter(dict.fromkeys(names, 0))
        sizes.update(drawn.arm_of(unit) for unit in part["unit"])
        assert max(sizes.values()) - min(sizes.values()) <= 1


@given(st.integers(0, 2**32))
def test_the_same_seed_draws_the_same_whatever_the_order_of_the_rows(seed):
    units = areas(30, 3)
    again = units.sample(fraction=1, shuffle=True, seed=seed % 1000)
    assert draw(units, **WORDINGS, seed=seed) == draw(again, **WORDINGS, seed=seed)


def test_another_seed_draws_otherwise_and_every_unit_is_as_likely():
    times = Counter()
    for seed in range(2_000):
        times.update(draw(areas(6), **WORDINGS, seed=seed).units_of("cam-a"))
    assert len(times) == 6
    # Half of 2,000 draws, give or take five standard deviations.
    assert all(abs(number - 1_000) < 5 * (2_000 / 4) ** 0.5 for number in times.values())


def test_a_stepped_start_says_who_has_started():
    drawn = draw(areas(10), kind=MessageKind.ROUTINE, design=Design.STEPPED, arms=DAYS, seed=7)
    assert drawn.started(date(2026, 11, 27)) == ()
    assert len(drawn.started(date(2026, 11, 30))) == 5
    assert len(drawn.started(date(2026, 12, 5))) == 10


def test_it_comes_back_from_its_bytes_as_it_was():
    for drawn in (draw(areas(8), **WORDINGS, seed=3), draw_by_home(**BY_HOME, seed=3)):
        assert Comparison.from_bytes(drawn.to_bytes()) == drawn


BY_HOME = {"kind": MessageKind.ROUTINE, "arms": ["cam-a", "cam-b"]}


def test_a_home_has_one_wording_whatever_else_is_there_and_about_half_have_each():
    homes = pl.Series([f"uprn:{number}" for number in range(4_000)])
    drawn = draw_by_home(**BY_HOME, seed=5)
    arms = drawn.arms_of(homes)
    assert drawn.allocation == ()
    assert drawn.arms_of(homes.reverse()).reverse().to_list() == arms.to_list()
    assert drawn.arms_of(homes[7:9]).to_list() == arms[7:9].to_list()
    # Half of 4,000, give or take five standard deviations.
    assert abs((arms == "cam-a").sum() - 2_000) < 5 * (4_000 / 4) ** 0.5
    assert draw_by_home(**BY_HOME, seed=6).arms_of(homes).to_list() != arms.to_list()


def test_homes_are_not_drawn_for_a_safety_message_or_one_wording():
    with pytest.raises(Refused):
        draw_by_home(kind=MessageKind.SAFETY, arms=["cam-a", "cam-b"], seed=1)
    with pytest.raises(BadInput):
        draw_by_home(kind=MessageKind.ROUTINE, arms=["cam-a", "cam-a"], seed=1)


def test_balance_is_told_in_standard_deviations():
    units = areas(200).with_columns(
        people=pl.Series(np.random.default_rng(1).normal(1_500, 100, 200)), same=pl.lit(5.0), far=pl.lit(0.0)
    )
    drawn = draw(units, **WORDINGS, seed=1)
    units = units.with_columns(far=pl.col("unit").is_in(drawn.units_of("cam-b")) * 10.0 + pl.col("people") / 100)
    people, same, far = weigh_balance(units, drawn, ["people", "same", "far"])
    assert people.fair
    assert same.difference is None
    assert same.fair
    assert far.difference > 5
    assert not far.fair


@pytest.mark.parametrize(
    ("units", "change", "said"),
    [
        (areas(3), {}, "too few"),
        (areas(20), {"arms": ("one",)}, "two or more arms"),
        (areas(20), {"arms": ("one", "one")}, "two or more arms"),
        (areas(20), {"design": Design.STEPPED}, "not a day"),
        (pl.concat([areas(4), areas(4)]), {}, "twice"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(units, change, said):
    with pytest.raises(BadInput, match=said):
        draw(units, **{**WORDINGS, **change}, seed=1)
