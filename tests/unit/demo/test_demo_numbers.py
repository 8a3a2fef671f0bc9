"""Numbers in the demo can belong to nobody: every one lies in a range set aside for tests or drama."""

import numpy as np
import polars as pl
import pytest

from wardkeeper.demo import numbers
from wardkeeper.demo.draws import stage


def check_digit_by_hand(number: str) -> int:
    """The check digit as the NHS Data Dictionary tells it, one digit at a time."""
    total = 0
    for position, digit in enumerate(number[:9]):
        total += int(digit) * (10 - position)
    remainder = 11 - total % 11
    return 0 if remainder == 11 else remainder


def test_the_check_digit_by_hand_agrees_with_a_published_example():
    # The NHS Data Dictionary's own example of a valid number.
    assert check_digit_by_hand("9434765919") == 9


def test_nhs_numbers_are_valid_different_test_numbers():
    found = numbers.nhs_numbers(stage(1, "nhs"), 5_000)
    assert len(set(found)) == 5_000
    assert all(number.startswith("999") and len(number) == 10 and number.isdigit() for number in found)
    assert all(check_digit_by_hand(number) == int(number[9]) for number in found)


def test_there_are_enough_nhs_numbers_for_the_whole_district():
    assert len(set(numbers.nhs_numbers(stage(1, "nhs"), 240_000))) == 240_000


@pytest.mark.parametrize(
    ("make", "pattern"),
    [
        (numbers.mobiles, r"^07700 900\d{3}$"),
        (numbers.landlines, r"^0161 496 0\d{3}$"),
        (numbers.uprns, r"^9000\d{8}$"),
    ],
)
def test_numbers_keep_to_their_range(make, pattern):
    assert pl.Series(make(stage(3, "n"), 4_000)).str.contains(pattern).all()


def test_uprns_differ():
    assert len(set(numbers.uprns(stage(3, "uprn"), 120_000))) == 120_000


def test_phones_repeat_because_there_are_only_a_thousand():
    assert len(np.unique(numbers.mobiles(stage(3, "m"), 20_000))) == 1_000


@pytest.mark.parametrize("column", ["nhs_number"])
def test_everyone_has_a_valid_number_of_their_own(middling, column):
    assert middling.people[column].n_unique() == len(middling.people)
    assert all(check_digit_by_hand(number) == int(number[9]) for number in middling.people[column].head(2_000))


@pytest.mark.parametrize(
    ("column", "pattern"),
    [
        ("mobile", r"^07700 900\d{3}$"),
        ("landline", r"^0161 496 0\d{3}$"),
        ("email", r"^[a-z]+\.[a-z]*\d+@example\.(org|com)$"),
        ("nhs_number", r"^999\d{7}$"),
        ("uprn", r"^9000\d{8}$"),
        ("former_uprn", r"^9000\d{8}$"),
    ],
)
def test_nothing_in_the_district_reaches_a_real_person(middling, column, pattern):
    values = middling.people[column].drop_nulls()
    assert len(values) > 0
    assert values.str.contains(pattern).all()


def test_every_uprn_in_the_address_list_is_synthetic(whole):
    assert whole.addresses["uprn"].str.contains(r"^9000\d{8}$").all()
    assert whole.addresses["uprn"].n_unique() == len(whole.addresses)
