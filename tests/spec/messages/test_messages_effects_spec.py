"""The effect of a campaign on small tables that can be checked by hand."""

from datetime import date

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.messages.effects import Design, estimate_effect

BEFORE, AFTER = date(2026, 11, 7), date(2026, 11, 14)


def outcome(*rows, columns=("area", "date", "value")):
    return pl.DataFrame(list(rows), schema=list(columns), orient="row")


def groups(**starts):
    return pl.DataFrame({"area": list(starts), "start": list(starts.values())}, schema_overrides={"start": pl.Date})


FOUR = groups(a=AFTER, b=AFTER, c=None, d=None)
TABLE = outcome(
    *[("a", BEFORE, 10), ("a", AFTER, 16), ("b", BEFORE, 20), ("b", AFTER, 28)],
    *[("c", BEFORE, 10), ("c", AFTER, 20), ("d", BEFORE, 20), ("d", AFTER, 32)],
)


def test_the_effect_is_the_change_where_it_went_less_the_change_elsewhere():
    """Up by 6 and 8 where messages went, by 10 and 12 elsewhere: 7 − 11 = −4. Each variance is 2, so the error is √2."""
    found = estimate_effect(TABLE, FOUR)
    assert found.design is Design.DIFFERENCES
    assert found.effect == pytest.approx(-4)
    assert found.standard_error == pytest.approx(2**0.5)
    assert found.degrees == pytest.approx(2)
    # The 97.5 % point of Student's t with 2 degrees of freedom is 4.302653.
    assert (found.low, found.high) == pytest.approx((-4 - 4.302653 * 2**0.5, -4 + 4.302653 * 2**0.5), abs=1e-5)
    assert found.expected == pytest.approx(22 + 4)
    assert (found.treated, found.compared) == (2, 2)
    assert "few areas" in found.notes[0]


def test_counts_become_rates_where_there_is_a_population():
    people = TABLE.with_columns(population=pl.lit(50_000))
    assert estimate_effect(people, FOUR).effect == pytest.approx(-8)


def test_replies_to_two_wordings_are_compared_without_a_before():
    replies = outcome(("a", AFTER, 30), ("b", AFTER, 34), ("c", AFTER, 20), ("d", AFTER, 24))
    found = estimate_effect(replies, FOUR)
    assert found.design is Design.AFTER_ONLY
    assert found.effect == pytest.approx(10)
    assert "no days before" in found.notes[0]


def test_areas_that_nobody_put_in_a_group_are_left_out():
    more = pl.concat([TABLE, outcome(("z", BEFORE, 1), ("z", AFTER, 1_000))])
    assert estimate_effect(more, FOUR).effect == pytest.approx(-4)


@pytest.mark.parametrize(
    ("table", "named", "said"),
    [
        (TABLE.drop("value"), FOUR, "no column value"),
        (TABLE, FOUR.drop("start"), "no column start"),
        (TABLE, groups(a=AFTER, b=AFTER, c=None), "fewer than 2 areas to compare"),
        (TABLE, groups(a=AFTER, c=None, d=None), "fewer than 2 areas that the campaign went to"),
        (TABLE, groups(x=AFTER, y=None), "fewer than 2 areas"),
        (pl.concat([TABLE, TABLE]), FOUR, "two values for one day"),
        (TABLE, pl.concat([FOUR, FOUR]), "twice"),
        (TABLE.with_columns(value=pl.lit("<5")), FOUR, "not a number"),
        (TABLE.with_columns(value=pl.lit(float("nan"))), FOUR, "not a number"),
        (TABLE.head(7), FOUR, "no value for some days"),
        (TABLE.with_columns(population=pl.lit(0)), FOUR, "no population"),
        (
            TABLE,
            FOUR.with_columns(start=pl.when(pl.col("start").is_not_null()).then(pl.lit(date(2027, 1, 1)))),
            "after",
        ),
    ],
)
def test_what_cannot_be_estimated_is_refused_in_words(table, named, said):
    with pytest.raises(BadInput, match=said):
        estimate_effect(table, named)
