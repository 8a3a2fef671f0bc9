import pytest

from wardkeeper.governance.tiers import FLOORS, Tier, fields_above, floor, is_known, is_special_category
from wardkeeper.kernel.columns import SENSITIVITY, Sensitivity


@pytest.mark.parametrize(
    ("tier", "other", "covers"),
    [
        (Tier.COUNTS, Tier.COUNTS, True),
        (Tier.COUNTS, Tier.FLAGS, False),
        (Tier.FLAGS, Tier.COUNTS, True),
        (Tier.FLAGS, Tier.NAMES, False),
        (Tier.NAMES, Tier.FLAGS, True),
    ],
)
def test_a_deeper_tier_covers_the_ones_before(tier, other, covers):
    assert tier.covers(other) is covers


def test_every_class_of_column_has_a_floor():
    assert set(FLOORS) == set(Sensitivity)


@pytest.mark.parametrize(
    ("field", "tier"),
    [
        ("rank", Tier.COUNTS),
        ("lsoa", Tier.COUNTS),
        ("output_area", Tier.COUNTS),
        ("high", Tier.COUNTS),
        ("address", Tier.FLAGS),
        ("needs", Tier.FLAGS),
        ("objected", Tier.FLAGS),
        ("names", Tier.NAMES),
        ("nhs_number", Tier.NAMES),
    ],
)
def test_g10_each_field_has_the_lowest_tier_it_may_appear_at(field, tier):
    assert floor(field) is tier


@pytest.mark.parametrize("field", sorted(name for name, kind in SENSITIVITY.items() if kind is Sensitivity.IDENTITY))
def test_g10_no_name_date_of_birth_or_number_is_below_the_tier_of_names(field):
    assert floor(field) is Tier.NAMES


def test_fields_above_are_told_in_order_and_unknown_ones_left_to_another_check():
    assert fields_above(Tier.FLAGS, ["phones", "rank", "names", "shoe_size"]) == ["names", "phones"]


def test_unknown_fields_are_known_as_such():
    assert is_known("rank")
    assert not is_known("shoe_size")
    assert is_special_category("needs")
    assert is_special_category("high"), "a count of cases is about health, at whatever tier"
    assert not is_special_category("shoe_size")
