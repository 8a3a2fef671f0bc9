"""Records as bad as files are: linking neither fails, nor slows to a crawl, nor mangles a name."""

from datetime import date

import polars as pl
import pytest

from generated_households import generate
from resident_tables import groups_of, record_frame, steady_entropy
from wardkeeper.residents import link, score

MOST_PAIRS = 60
"""Compared pairs for each record, on average: what keeps a crowded address from taking hours."""


def linked(records):
    return link(records, None, entropy=steady_entropy)


def test_no_records_are_no_residents():
    done = linked(record_frame([{"record_id": "tax:1"}]).clear())
    assert done.residents.is_empty()
    assert done.pairs.is_empty()
    assert done.report.residents == 0


@pytest.mark.parametrize(
    "row", [{}, {"given": "MARY", "family": "SHELLEY", "home_id": "uprn:1", "birth_date": date(1941, 8, 30)}]
)
def test_one_record_is_one_resident(row):
    done = linked(record_frame([{"record_id": "tax:1", **row}]))
    assert done.residents.height == 1
    assert done.residents["certainty"].to_list() == [1.0]


def test_records_with_nothing_in_any_column_are_joined_with_nothing():
    done = linked(record_frame([{"record_id": f"tax:{number}"} for number in range(500)]))
    assert done.residents.height == 500
    assert done.report.candidate_pairs == 0


@pytest.mark.parametrize("seed", [3, 5])
@pytest.mark.parametrize("standing_in", [date(1900, 1, 1), date(1970, 1, 1)])
def test_one_birth_date_for_all_is_hardly_better_and_no_worse_than_none(standing_in, seed):
    town = generate(seed, 200)
    none, same = (
        linked(town.records.with_columns(birth_date=pl.lit(day, dtype=pl.Date))) for day in (None, standing_in)
    )
    assert same.report.candidate_pairs < MOST_PAIRS * town.records.height
    without, measured = (score(done.membership, town.truth)["clusters"] for done in (none, same))
    assert measured["precision"] > without["precision"] - 0.1
    assert measured["recall"] > without["recall"] - 0.1


def test_one_family_name_for_half_the_file():
    town = generate(4, 300)
    half = pl.col("record_id").hash(1) % 2 == 0
    done = linked(town.records.with_columns(family=pl.when(half).then(pl.lit("SMITH")).otherwise("family")))
    assert done.report.candidate_pairs < MOST_PAIRS * town.records.height
    assert score(done.membership, town.truth)["clusters"]["precision"] > 0.7


def test_ten_thousand_people_in_one_address():
    people = [
        {
            "record_id": f"{source}:{number}",
            "given": f"{'ABCDEFGHIJ'[number % 10]}{'AEIOU'[number // 10 % 5]}NN{'AEIOU'[number // 50 % 5]}",
            "family": f"{'BCDFGHKLMN'[number // 250 % 10]}{'AEIOU'[number // 2500 % 5]}RTON",
            "birth_date": date(1930 + number % 70, 1 + number % 12, 2 + number % 26),
            "home_id": "uprn:1",
            "postcode": "ZZ1 1AA",
            "address_original": "1 BARRACK ROAD",
            "phone": "+441610000000",
        }
        for number in range(5_000)
        for source in ("asc", "tax")
    ]
    done = linked(record_frame(people))
    assert done.report.candidate_pairs < MOST_PAIRS * len(people)
    assert done.residents.height > 1_000


NAMES = {
    "one letter": (("O", "E"), ("U", "I")),
    "no vowels": (("SRDJ", "KRK"), ("NG", "BRZ")),
    "Arabic": (("محمد", "الحسن"), ("فاطمة", "الحسن")),
    "Chinese": (("小明", "王"), ("丽华", "王")),
    "Welsh": (("LLŶR", "AP RHYS"), ("SIÂN", "AP RHYS")),
    "hyphens": (("ANNE-MARIE", "SMITH-JONES"), ("JOHN-PAUL", "SMITH-JONES")),
    "apostrophes": (("SIOBHÁN", "O'NEILL"), ("D'ARCY", "O'NEILL")),
    "Cyrillic": (("ОЛЕНА", "ШЕВЧЕНКО"), ("ІВАН", "ШЕВЧЕНКО")),
    "zero-width characters": (("MA\u200bRY", "SHELLEY"), ("PERCY", "SHEL\u200dLEY")),
    "one word": (("SUKARNO", None), ("SUHARTO", None)),
}


def couple_of(names):
    births = (date(1961, 4, 9), date(1974, 11, 23))
    return [
        {
            "record_id": f"{source}:{place}",
            "given": given,
            "family": family,
            "birth_date": born,
            "home_id": "uprn:1",
            "postcode": "ZZ1 1AA",
            "address_original": "1 ELM ROAD",
        }
        for place, ((given, family), born) in enumerate(zip(names, births, strict=True))
        for source in ("asc", "nhs")
    ]


@pytest.mark.parametrize("kind", NAMES)
def test_every_kind_of_name_joins_its_own_records_and_no_others(kind):
    done = linked(record_frame(couple_of(NAMES[kind])))
    assert groups_of(done.membership) == {frozenset({"asc:0", "nhs:0"}), frozenset({"asc:1", "nhs:1"})}


@pytest.mark.parametrize("kind", NAMES)
def test_two_people_of_one_home_are_told_apart_by_any_kind_of_name_alone(kind):
    """Without birth dates, whole given names decide; single letters are initials, which do so too when they differ."""
    rows = [{**row, "birth_date": None} for row in couple_of(NAMES[kind])]
    done = linked(record_frame(rows))
    assert groups_of(done.membership) == {frozenset({"asc:0", "nhs:0"}), frozenset({"asc:1", "nhs:1"})}


@pytest.mark.parametrize("kind", NAMES)
def test_a_name_is_given_back_as_it_came(kind):
    done = linked(record_frame(couple_of(NAMES[kind])))
    kept = set(done.residents.select("given", "family").iter_rows())
    assert kept == set(NAMES[kind])


def test_one_name_written_with_and_without_invisible_characters_is_one_name():
    rows = couple_of((("MARY", "SHELLEY"), ("PERCY", "SHELLEY")))
    rows[0]["given"] = "MA\u200bRY\u202e"
    rows = [{**row, "birth_date": None} for row in rows]
    assert groups_of(linked(record_frame(rows)).membership) == {
        frozenset({"asc:0", "nhs:0"}),
        frozenset({"asc:1", "nhs:1"}),
    }


def test_a_cell_of_two_hundred_thousand_characters_harms_nothing():
    rows = couple_of((("MARY", "SHELLEY"), ("PERCY", "SHELLEY")))
    rows[0]["address_original"] = "X" * 200_000
    rows[2]["given"] = "Y" * 200_000
    assert linked(record_frame(rows)).residents.height in {2, 3}
