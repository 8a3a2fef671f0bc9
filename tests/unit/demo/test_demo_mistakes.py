"""Mistakes happen at the rate asked for, in the way described, and never to rows that are spared."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from wardkeeper.demo import mistakes
from wardkeeper.demo.draws import stage

NOBODY = np.zeros(2_000, dtype=bool)
EVERYBODY = ~NOBODY
NAMES = pl.Series(["Katherine"] * 2_000)


def test_about_the_asked_share_is_mistyped():
    typed = mistakes.mistype(stage(1, "m"), NAMES, 0.1, NOBODY)
    assert 0.06 < (typed != NAMES).mean() < 0.13


def test_the_first_letter_is_never_mistyped():
    typed = mistakes.mistype(stage(1, "m"), NAMES, 1.0, NOBODY)
    assert typed.str.starts_with("K").all()
    assert typed.str.len_chars().is_between(8, 10).all()


@pytest.mark.parametrize("short", ["Li", "Ann", ""])
def test_very_short_names_are_left_alone(short):
    assert mistakes.mistype(stage(1, "m"), pl.Series([short] * 2_000), 1.0, NOBODY).unique().to_list() == [short]


def test_what_is_missing_stays_missing():
    names = pl.Series([None] * 2_000, dtype=pl.String)
    assert mistakes.mistype(stage(1, "m"), names, 1.0, NOBODY).null_count() == 2_000


@pytest.mark.parametrize(("full", "short"), [("Elizabeth", "Liz"), ("William", "Bill"), ("Zara", "Zara")])
def test_given_names_are_shortened_where_they_have_a_short_form(full, short):
    assert mistakes.shorten(stage(1, "s"), pl.Series([full] * 2_000), 1.0, NOBODY).unique().to_list() == [short]


@pytest.mark.parametrize(
    ("day", "confused"),
    [
        (date(1950, 3, 7), date(1950, 7, 3)),
        (date(1950, 12, 1), date(1950, 1, 12)),
        (date(1950, 3, 13), date(1950, 3, 13)),
        (date(1948, 2, 29), date(1948, 2, 29)),
    ],
)
def test_day_and_month_change_places_only_where_both_readings_exist(day, confused):
    assert mistakes.confuse_days(stage(1, "d"), pl.Series([day] * 2_000), 1.0, NOBODY).unique().to_list() == [confused]


def test_a_broken_nhs_number_differs_in_its_last_digit():
    numbers = pl.Series(["9991234560"] * 2_000)
    assert mistakes.break_check_digits(stage(1, "n"), numbers, 1.0, NOBODY).unique().to_list() == ["9991234561"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda random, values, spare: mistakes.mistype(random, values, 1.0, spare),
        lambda random, values, spare: mistakes.shorten(random, values, 1.0, spare),
        lambda random, values, spare: mistakes.blank(random, values, 1.0, spare),
        lambda random, values, spare: mistakes.put(random, values, 1.0, spare, wrong="X"),
    ],
)
def test_those_spared_are_untouched(spoil):
    assert spoil(stage(1, "s"), NAMES, EVERYBODY).to_list() == NAMES.to_list()
    assert spoil(stage(1, "s"), NAMES, NOBODY).to_list() != NAMES.to_list()


def test_a_wrong_value_never_fills_a_gap():
    values = pl.Series(["a", None] * 1_000)
    assert mistakes.put(stage(1, "p"), values, 1.0, NOBODY, wrong="X").null_count() == 1_000


def test_spoilt_addresses_differ_from_the_true_ones_and_skip_the_spared(small):
    spare = small.homes["uprn"].head(400).to_list()
    spoilt = mistakes.spoil_addresses(stage(1, "a"), small.homes, spare)
    both = spoilt.join(small.homes, on="uprn")
    assert 0.05 < len(spoilt) / len(small.homes) < 0.4
    assert not set(spoilt["uprn"]) & set(spare)
    assert (both["spoilt"] != both["address"]).mean() > 0.95
