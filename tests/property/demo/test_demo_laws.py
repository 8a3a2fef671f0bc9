"""Laws of the generator that hold for any seed, share and size."""

import importlib.util
import re
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from wardkeeper.demo import mistakes, numbers, parameters, streets
from wardkeeper.demo.ages import draw_ages, draw_sexes, expand
from wardkeeper.demo.compositions import ROLES
from wardkeeper.demo.draws import draw_rows, pick, stage
from wardkeeper.demo.extracts import Form, encode
from wardkeeper.demo.households import CARE_HOME, draw_households
from wardkeeper.demo.pack import order_areas
from wardkeeper.demo.pack import read as read_pack

ROOT = Path(__file__).parents[3]
FITTED = parameters.load()
AREAS = order_areas(read_pack(ROOT / "examples" / "trafford" / "places"))
SEEDS = st.integers(0, 2**31)
WORDS = st.text(alphabet=st.characters(categories=("Lu", "Ll")), min_size=4, max_size=16)


@pytest.fixture(scope="module")
def fitting():
    spec = importlib.util.spec_from_file_location("fit_parameters", ROOT / "scripts" / "fit_parameters.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@given(SEEDS, st.integers(1, 300))
def test_every_nhs_number_passes_the_check_and_is_a_test_number(seed, count):
    found = numbers.nhs_numbers(stage(seed, "n"), count)
    assert len(found) == count == len(set(found))
    for number in found:
        assert number.startswith("999")
        assert sum(int(digit) * (10 - place) for place, digit in enumerate(number)) % 11 == 0


@given(SEEDS, st.integers(1, 2_000))
def test_uprns_never_repeat_or_leave_their_range(seed, count):
    found = numbers.uprns(stage(seed, "u"), count)
    assert len(set(found)) == count
    assert all(re.fullmatch(r"9000\d{8}", uprn) for uprn in found)


@given(SEEDS, st.integers(1, 5_000))
def test_streets_never_repeat(seed, count):
    names = streets.invent_streets(stage(seed, "s"), count)
    assert len(set(names)) == len(names) == count


@given(SEEDS, st.lists(st.integers(0, 5), min_size=2, max_size=6).filter(any))
def test_nothing_impossible_is_drawn(seed, weights):
    table = np.array([weights], dtype=float) / sum(weights)
    drawn = draw_rows(stage(seed, "d"), table, np.zeros(200, dtype=np.int64))
    assert set(drawn.tolist()) <= {column for column, weight in enumerate(weights) if weight}


@given(SEEDS)
def test_draws_follow_their_weights(seed):
    table = np.array([[0.2, 0.5, 0.3]])
    drawn = draw_rows(stage(seed, "d"), table, np.zeros(20_000, dtype=np.int64))
    assert np.bincount(drawn) / 20_000 == pytest.approx(table[0], abs=0.03)


@given(SEEDS, st.lists(st.floats(0.01, 5), min_size=1, max_size=6))
def test_picking_gives_only_what_is_offered(seed, weights):
    values = [f"v{number}" for number in range(len(weights))]
    assert set(pick(stage(seed, "p"), values, np.array(weights), 100)) <= set(values)


@given(SEEDS, st.lists(WORDS, min_size=1, max_size=30))
def test_a_slip_of_the_keys_is_one_edit(seed, words):
    typed = mistakes.mistype(stage(seed, "m"), pl.Series(words), 1.0, np.zeros(len(words), dtype=bool))
    assert all(OSA.distance(word, wrong) <= 1 for word, wrong in zip(words, typed, strict=True))
    assert all(word[0] == wrong[0] for word, wrong in zip(words, typed, strict=True))


@given(SEEDS, st.lists(WORDS, min_size=1, max_size=30))
def test_mistakes_leave_what_they_were_given_alone(seed, words):
    given_words = pl.Series(words)
    mistakes.mistype(stage(seed, "m"), given_words, 1.0, np.zeros(len(words), dtype=bool))
    assert given_words.to_list() == words


@given(st.lists(st.dates(date(1920, 1, 1), date(2026, 1, 1)), min_size=1, max_size=30))
def test_changing_day_and_month_twice_changes_nothing(days):
    spare = np.zeros(len(days), dtype=bool)
    once = mistakes.confuse_days(stage(1, "d"), pl.Series(days), 1.0, spare)
    assert mistakes.confuse_days(stage(1, "d"), once, 1.0, spare).to_list() == days


@given(
    st.lists(
        st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12), min_size=1, max_size=8
    )
)
def test_any_text_can_be_written_in_the_old_encoding(texts):
    written = encode(pl.DataFrame({"Name": texts}), Form("x.csv", lambda scene: scene, "cp1252"))
    assert written.decode("cp1252").startswith("Name\r\n")


@given(
    st.lists(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=12), min_size=1, max_size=8)
)
def test_plain_text_comes_through_unchanged(texts):
    table = pl.DataFrame({"Name": texts})
    assert encode(table, Form("x.csv", lambda scene: scene, "cp1252")) == encode(
        table, Form("x.csv", lambda scene: scene)
    )


@settings(max_examples=20)
@given(SEEDS, st.integers(1_000, 20_000))
def test_households_fill_whole_areas_until_there_are_enough_people(seed, residents):
    drawn = draw_households(FITTED, AREAS, residents, seed)
    people = np.bincount(drawn.area, drawn.size)
    assert people.sum() >= residents
    assert people[:-1].sum() < residents
    homes = np.bincount(drawn.area[drawn.composition != CARE_HOME])
    assert homes.tolist() == [FITTED.areas[code][1] for code in AREAS[: len(homes)]]


@settings(max_examples=15)
@given(SEEDS)
def test_families_make_sense_for_any_seed(seed):
    drawn = draw_households(FITTED, AREAS, 2_000, seed)
    household, place, role = expand(drawn)
    kind = drawn.kind[household]
    age, twin = draw_ages(FITTED, kind, household, role, seed)
    female = draw_sexes(FITTED, kind, role, place, age, seed)
    assert len(age) == drawn.size.sum() == len(female)
    assert (place == 0).sum() == len(drawn.size)
    assert age.min() > 0
    assert age.max() <= 104
    assert np.isin(role[twin], [ROLES.index("child"), ROLES.index("grown-child")]).all()
    older = np.isin(role, [ROLES.index("one-older"), ROLES.index("couple-older")])
    assert age[older].min() >= 65


@settings(max_examples=40)
@given(st.data())
def test_fitting_gives_a_table_with_the_margins_asked_for(fitting, data):
    shape = (data.draw(st.integers(2, 6)), data.draw(st.integers(2, 6)))
    cells = st.lists(st.floats(0.1, 50), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])
    target = np.array(data.draw(cells)).reshape(shape)
    seed = np.array(data.draw(cells)).reshape(shape)
    fitted = fitting.fit(seed, target.sum(axis=1), target.sum(axis=0))
    assert fitted.sum(axis=0) == pytest.approx(target.sum(axis=0), rel=1e-6)
    assert fitted.sum(axis=1) == pytest.approx(target.sum(axis=1), rel=1e-4)


def test_fitting_keeps_impossible_cells_impossible(fitting):
    seed = np.array([[1.0, 0.0], [1.0, 1.0]])
    fitted = fitting.fit(seed, np.array([3.0, 7.0]), np.array([6.0, 4.0]))
    assert fitted == pytest.approx(np.array([[3.0, 0.0], [3.0, 4.0]]), abs=1e-6)


def test_the_seeds_of_the_fit_cover_every_role_and_composition(fitting):
    assert set(fitting.AGES) == set(ROLES)
    assert all(len(row) == 18 for row in fitting.AGES.values())
    assert set(fitting.SIZES) == set(fitting.TENURE_SEED)
