import numpy as np
import polars as pl
import pytest

from wardkeeper.residents.sampling import allocate, choose_pairs
from wardkeeper.residents.strata import EDGES, GROUPINGS

NOBODY = pl.DataFrame(schema={"left": pl.String, "right": pl.String})


def make_pairs(number=3_000, seed=5):
    chance = np.random.default_rng(seed)
    odds = chance.normal(0, 5, number).clip(-12, 12)
    return pl.DataFrame(
        {
            "left": [f"a:{one:05d}" for one in range(number)],
            "right": [f"b:{one:05d}" for one in range(number)],
            "pattern": 1,
            "log_odds": odds,
            "probability": 1 / (1 + np.exp(-odds)),
            "veto": 0,
            "joined": odds > 0,
        }
    )


def make_people(pairs, **changes):
    ids = pl.concat([pairs["left"], pairs["right"]])
    frame = pl.DataFrame({"record_id": ids}).with_columns(
        resident_id=pl.col("record_id"), home_id=pl.lit("h"), matter=pl.lit(0.0), withheld=pl.lit(value=False)
    )
    return frame.with_columns(*(pl.lit("x").alias(name) for name in GROUPINGS), **changes)


def drawn(choice):
    return choice.pairs.filter(pl.col("sampling").is_not_null())


@pytest.fixture(scope="module")
def pairs():
    return make_pairs()


@pytest.fixture(scope="module")
def choice(pairs):
    return choose_pairs(pairs, make_people(pairs), NOBODY)


def test_200_pairs_are_drawn_and_their_probabilities_add_up_to_all_pairs(pairs, choice):
    assert drawn(choice).height == 200
    assert (1 / drawn(choice)["sampling"]).sum() == pytest.approx(pairs.height)


def test_each_stratum_is_looked_at(choice):
    assert drawn(choice)["stratum"].n_unique() == len(EDGES) + 1


def test_any_beginning_of_the_sample_has_part_of_every_stratum(choice):
    first = drawn(choice).sort("turn").head(60)
    shares = first.group_by("stratum").len().join(drawn(choice).group_by("stratum").len(), on="stratum")
    assert ((shares["len"] / shares["len_right"]) - 0.3).abs().max() < 0.25


def test_the_order_of_rows_changes_nothing(pairs, choice):
    shuffled = choose_pairs(pairs.sample(fraction=1, shuffle=True, seed=3), make_people(pairs).reverse(), NOBODY)
    assert shuffled.pairs.equals(choice.pairs)


def test_a_new_linking_draws_mostly_the_same_pairs(pairs, choice):
    moved = pairs.with_columns(pl.col("log_odds") + 0.05)
    again = choose_pairs(moved, make_people(pairs), NOBODY)
    kept = drawn(again).join(drawn(choice), on=["left", "right"], how="semi")
    assert kept.height > 150


def test_drawn_pairs_come_first_then_the_doubtful(choice):
    turns = choice.pairs.sort("turn")
    assert turns["sampling"][:200].null_count() == 0
    after = turns.slice(200)
    assert (after["log_odds"].abs()[:50] < 2).all()


def test_what_is_withheld_or_forbidden_is_never_offered(pairs):
    hidden = pairs["left"][:1500].to_list()
    people = make_people(pairs, withheld=pl.col("record_id").is_in(hidden))
    vetoed = pairs.with_columns(veto=pl.when(pl.col("left") > "a:02000").then(4).otherwise(0))
    choice = choose_pairs(vetoed, people, NOBODY)
    assert not set(choice.pairs["left"]) & set(hidden)
    assert choice.pairs["left"].max() <= "a:02000"
    assert choice.tally.filter(pl.col("grouping") == "all")["pairs"].sum() == 501


def test_labelled_pairs_stay(pairs):
    sure = pairs.filter(pl.col("log_odds").abs() > 9).select("left", "right")
    choice = choose_pairs(pairs, make_people(pairs), sure)
    assert choice.pairs.join(sure, on=["left", "right"], how="semi").height == sure.height


def test_more_depends_on_a_join_that_would_move_a_home_or_brings_needs(pairs):
    even = pairs.with_columns(log_odds=pl.lit(0.5), probability=pl.lit(0.62), joined=pl.lit(value=False))
    matters = {"a:00007": 9.0}
    people = make_people(even, matter=pl.col("record_id").replace_strict(matters, default=0.0))
    people = people.with_columns(
        home_id=pl.when(pl.col("record_id") == "b:00009").then(pl.lit("k")).otherwise("home_id")
    )
    picked = choose_pairs(even, people, NOBODY, drawn=0).pairs.filter(pl.col("sampling").is_null()).sort("turn")
    assert set(picked["left"][:2]) == {"a:00007", "a:00009"}


def test_one_pair_stands_for_two_residents(pairs):
    even = pairs.with_columns(probability=pl.lit(0.5))
    people = make_people(
        even, resident_id=pl.when(pl.col("record_id").str.starts_with("a")).then(pl.lit("r")).otherwise(pl.lit("s"))
    )
    choice = choose_pairs(even, people, NOBODY)
    assert choice.pairs.filter(pl.col("sampling").is_null()).height == 1


def test_allocation_never_takes_more_than_there_are():
    sizes = np.array([1, 100_000, 3, 50, 0, 10, 5, 5, 5, 5, 5, 5])
    taken = allocate(sizes, np.linspace(-9, 9, 12), 100)
    assert (taken <= sizes).all()
    assert taken.sum() == 100


def test_few_pairs_are_all_drawn():
    few = make_pairs(12)
    assert drawn(choose_pairs(few, make_people(few), NOBODY)).height == 12


def test_no_pairs_at_all():
    none = make_pairs(1).clear()
    choice = choose_pairs(none, make_people(none), NOBODY)
    assert choice.pairs.is_empty()
    assert choice.tally.is_empty()
