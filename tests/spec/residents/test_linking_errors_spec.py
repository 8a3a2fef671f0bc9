"""How good the joining is, from labels of a few pairs. The figures can be counted by hand."""

import polars as pl
import pytest

from wardkeeper.residents.calibrating import uncalibrated
from wardkeeper.residents.errors import Errors, estimate, interval, learn, tabulate
from wardkeeper.residents.strata import GROUPINGS, NOT_KNOWN, group_people, stratify
from wardkeeper.residents.verdicts import measure_agreement, settle

HIGH, LOW = 6.0, -6.0


def counted(*rows):
    """PAIR_TALLY of rows (log odds, joined, pairs), for all people and under one family class."""
    frames = [
        {"grouping": grouping, "grouped": grouped, "log_odds": odds, "joined": joined, "pairs": pairs}
        for grouping, grouped in (("all", "all"), ("family_class", "common"))
        for odds, joined, pairs in rows
    ]
    frame = pl.DataFrame(frames)
    return frame.with_columns(stratum=pl.Series(stratify(frame["log_odds"].to_numpy())))


def labelled(*rows, group="common"):
    """Labels of rows (log odds, joined, same, different, sampling)."""
    found = [
        {"log_odds": odds, "joined": joined, "verdict": verdict, "sampling": sampling}
        for odds, joined, same, different, sampling in rows
        for verdict in ["same"] * same + ["different"] * different
    ]
    frame = pl.DataFrame(
        found, schema={"log_odds": pl.Float64, "joined": pl.Boolean, "verdict": pl.String, "sampling": pl.Float64}
    )
    return frame.with_columns(
        pl.Series("stratum", stratify(frame["log_odds"].to_numpy())), *(pl.lit(group).alias(name) for name in GROUPINGS)
    )


def test_precision_and_recall_are_the_labelled_shares_of_all_pairs():
    """Of 1,000 joined pairs 90 % are right; of 2,000 others 10 % are missed: recall is 900 of 900 + 200."""
    pairs = counted((HIGH, True, 1_000), (LOW, False, 2_000))
    labels = labelled((HIGH, True, 900, 100, 1.0), (LOW, False, 200, 1800, 1.0))
    whole = estimate(pairs, labels, learn(labels))[0]
    assert (whole.pairs, whole.joined, whole.labels) == (3_000, 1_000, 3_000)
    assert whole.precision.value == pytest.approx(0.9, abs=0.002)
    assert whole.recall.value == pytest.approx(900 / 1_100, abs=0.003)
    assert whole.precision.low < 0.9 < whole.precision.high
    assert whole.precision.complement.value == pytest.approx(1 - whole.precision.value)


def test_a_pair_drawn_more_rarely_stands_for_more():
    """Ten right pairs drawn with certainty and ten wrong ones drawn one time in nine: a tenth is right."""
    labels = pl.concat([labelled((HIGH, True, 10, 0, 0.9)), labelled((HIGH, True, 0, 10, 0.1))])
    share = estimate(counted((HIGH, True, 1_000), (LOW, False, 0)), labels, uncalibrated())[0].precision
    assert share.value < 0.4


def test_what_was_picked_and_not_drawn_measures_nothing():
    picked = labelled((HIGH, True, 0, 50, 0.5)).with_columns(sampling=pl.lit(None, dtype=pl.Float64))
    assert estimate(counted((HIGH, True, 100)), picked, uncalibrated())[0].labels == 0


def test_without_labels_the_interval_says_that_little_is_known():
    whole = estimate(counted((0.0, True, 1_000), (-1.0, False, 1_000)), labelled(), uncalibrated())[0]
    assert whole.precision.high - whole.precision.low > 0.7


@pytest.mark.parametrize(("labels", "told"), [(4, False), (40, True)])
def test_a_small_group_is_not_told(labels, told):
    found = estimate(
        counted((HIGH, True, 1_000), (-12.0, False, 1_000)),
        labelled((HIGH, True, labels, 0, 0.01), (-12.0, False, 0, labels, 0.01)),
        uncalibrated(),
    )
    group: Errors = next(one for one in found if one.grouping == "family_class")
    assert group.labels == 2 * labels
    assert group.told is told


@pytest.mark.parametrize(
    ("right", "labels", "low", "high"),
    [(0, 0, 0, 1), (0, 10, 0, 0.3085), (10, 10, 0.6915, 1), (5, 10, 0.1871, 0.8129), (81, 263, 0.2527, 0.3676)],
)
def test_exact_intervals(right, labels, low, high):
    """The last row is the example of Agresti and Coull, The American Statistician 52 (1998)."""
    found = interval(right, labels)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


def test_the_reliability_table_has_a_row_for_each_stratum():
    table = tabulate(
        counted((HIGH, True, 1_000), (LOW, False, 500)), labelled((HIGH, True, 9, 1, 0.01)), uncalibrated()
    )
    assert table["pairs"].to_list() == [500, 1_000]
    assert table["labels"].to_list() == [0, 10]
    assert table["found"].to_list() == [None, 0.9]
    assert table["predicted"][1] == pytest.approx(0.9975, abs=1e-4)


def said(*rows):
    names = ("label_id", "left", "right", "verdict", "by", "undoes")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.with_columns(sampling=pl.lit(0.1), joined=pl.lit(value=True), at=pl.col("label_id"))


@pytest.mark.parametrize(
    ("rows", "verdict", "disputed"),
    [
        ([("1", "a", "b", "same", "ann", "")], "same", False),
        ([("1", "a", "b", "same", "ann", ""), ("2", "a", "b", "different", "ann", "")], "different", False),
        ([("1", "a", "b", "same", "ann", ""), ("2", "a", "b", "different", "bob", "")], "unsure", True),
        ([("1", "a", "b", "same", "ann", ""), ("2", "a", "b", "unsure", "bob", "")], "same", False),
        ([("1", "a", "b", "unsure", "ann", "")], "unsure", False),
        (
            [
                ("1", "a", "b", "same", "ann", ""),
                ("2", "a", "b", "different", "bob", ""),
                ("3", "a", "b", "undone", "bob", "2"),
            ],
            "same",
            False,
        ),
    ],
    ids=["one says so", "changed their mind", "two disagree", "one is unsure", "nobody is sure", "taken back"],
)
def test_what_people_said_is_brought_together(rows, verdict, disputed):
    settled = settle(said(*rows))
    assert settled["verdict"].to_list() == [verdict]
    assert settled["disputed"].to_list() == [disputed]


def test_what_was_taken_back_is_no_label():
    assert settle(said(("1", "a", "b", "same", "ann", ""), ("2", "a", "b", "undone", "ann", "1"))).is_empty()


def test_agreement_beyond_chance():
    """Four pairs seen by two people, who agree on three: Cohen's kappa of .75 against .5 is one half."""
    answers = [("same", "same"), ("same", "same"), ("different", "different"), ("different", "same")]
    rows = [
        (f"{pair}{who}", f"p{pair}", "q", verdict, who, "")
        for pair, both in enumerate(answers)
        for who, verdict in zip(("ann", "bob"), both, strict=True)
    ]
    found = measure_agreement(said(*rows))
    assert (found.looked_at_twice, found.agreed, found.kappa) == (4, 3, pytest.approx(0.5))


def test_people_are_grouped_by_what_a_record_shows():
    records = pl.DataFrame(
        {
            "record_id": ["a", "b", "c"],
            "given": ["ANN", "ZOË", None],
            "family": ["SMITH", "O'BRIEN", None],
            "birth_date": ["1950-01-01", "2015-01-01", None],
            "postcode": ["M33 1AA", "SK9 2BB", None],
            "seen_on": ["2026-06-01"] * 3,
        }
    ).with_columns(pl.col("birth_date", "seen_on").str.to_date())
    found = group_people(records)
    assert found["writing"].to_list() == [
        "letters A to Z only",
        "with other letters or accents",
        "letters A to Z only",
    ]
    assert found["age_band"].to_list() == ["65 and over", "under 18", NOT_KNOWN]
    assert found["district"].to_list() == ["M33", "SK9", NOT_KNOWN]
    assert found["family_class"][2] == NOT_KNOWN
