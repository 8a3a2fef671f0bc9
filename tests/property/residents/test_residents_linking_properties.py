"""What linking promises whatever the records are."""

from datetime import date
from hashlib import shake_256

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resident_tables import groups_of, record_frame, steady_entropy
from resident_village import build_village
from wardkeeper.residents import link

BIRTHS = [date(1945, 2, 7), date(1975, 2, 7), date(1971, 6, 21), date(1971, 1, 1), date(2025, 11, 20), None]
RECORDS = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["asc", "nhs", "tax"]),
        "title": st.sampled_from(["MR", "MRS", None]),
        "given": st.sampled_from(["JOHN", "JON", "J", "MARY", None]),
        "family": st.sampled_from(["DICKENS", "DICKENSON", "BYRON", None]),
        "birth_date": st.sampled_from(BIRTHS),
        "home_id": st.sampled_from(["uprn:1", "uprn:2", "addr:3", None]),
        "postcode": st.sampled_from(["ZZ1 1AA", None]),
        "nhs_number": st.sampled_from(["9990000018", "9990000026", None, None]),
        "phone": st.sampled_from(["+447700900001", None]),
        "email": st.sampled_from(["j@example.org", None]),
        "protected": st.sampled_from([False, False, True]),
    }
)


@st.composite
def some_records(draw):
    rows = draw(st.lists(RECORDS, min_size=1, max_size=12))
    return record_frame([{**row, "record_id": f"{row['source']}:{number}"} for number, row in enumerate(rows)])


FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def with_residents(records):
    linked = link(records, None, entropy=steady_entropy)
    return linked, linked.membership.join(records, on="record_id")


@FEW
@given(records=some_records(), seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(records, seed):
    one = link(records, None, entropy=steady_entropy)
    other = link(records.sample(fraction=1, shuffle=True, seed=seed), None, entropy=steady_entropy)
    assert one.residents.equals(other.residents)
    assert one.membership.equals(other.membership)
    assert one.households.equals(other.households)
    assert one.pairs.equals(other.pairs)


@FEW
@given(records=some_records())
def test_no_resident_has_two_nhs_numbers(records):
    _, members = with_residents(records)
    assert members.group_by("resident_id").agg(pl.col("nhs_number").drop_nulls().n_unique())["nhs_number"].max() <= 1


@FEW
@given(records=some_records())
def test_no_father_is_joined_with_his_son(records):
    _, members = with_residents(records)
    years = members.group_by("resident_id").agg(
        numbers=pl.col("nhs_number").drop_nulls().n_unique(),
        span=pl.col("birth_date").dt.year().max() - pl.col("birth_date").dt.year().min(),
    )
    assert (years.filter(pl.col("numbers") == 0)["span"].fill_null(0) < 14).all()


@FEW
@given(records=some_records())
def test_whoever_is_joined_with_a_protected_record_shares_its_home(records):
    linked, members = with_residents(records)
    shared = members.group_by("resident_id").agg(
        pl.col("protected").any(),
        homes=pl.col("home_id").n_unique(),
        unknown=pl.col("home_id").is_null().any(),
        size=pl.len(),
    )
    joined = shared.filter(pl.col("protected") & (pl.col("size") > 1))
    assert (joined["homes"] == 1).all()
    assert not joined["unknown"].any()
    hidden = set(members.filter(pl.col("protected"))["record_id"])
    homes = dict(records.select("record_id", "home_id").iter_rows())
    for left, right in linked.pairs.select("left", "right").iter_rows():
        assert homes[left] == homes[right] or not {left, right} & hidden


@FEW
@given(records=some_records())
def test_every_record_has_one_resident_and_every_resident_a_record(records):
    linked, members = with_residents(records)
    assert members.height == records.height
    assert set(linked.residents["resident_id"]) == set(members["resident_id"])
    assert linked.residents["records"].sum() == records.height
    assert linked.residents["certainty"].is_between(0, 1).all()


@FEW
@given(records=some_records(), kept=st.integers(0, 12))
def test_linking_again_gives_the_same_residents_their_ids(records, kept):
    first = link(records, None, entropy=steady_entropy)
    again = link(records, first.membership.head(kept), entropy=lambda size: shake_256(b"again").digest(size))
    assert groups_of(again.membership) == groups_of(first.membership)
    held = first.membership.head(kept)
    assert held.join(again.membership, on=["record_id", "resident_id"], how="anti").is_empty()


@settings(max_examples=3)
@given(seed=st.integers(0, 10_000))
def test_a_learned_model_does_not_depend_on_the_order_of_rows_either(seed):
    records, _ = build_village(250, seed)
    one = link(records, None, entropy=steady_entropy)
    other = link(records.sample(fraction=1, shuffle=True, seed=seed), None, entropy=steady_entropy)
    assert one.report.model != "first guesses"
    assert one.pairs.equals(other.pairs)
    assert one.residents.equals(other.residents)
