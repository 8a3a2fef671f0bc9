"""What looks suspicious in a file: on the left what the file holds, on the right the sentence that is said about it."""

from datetime import date, timedelta

import polars as pl
import pytest
from small_town import read_contract

from resident_tables import record_frame
from wardkeeper.sources.concerns import ADVICE, Doubt
from wardkeeper.sources.findings import SCHEMA
from wardkeeper.sources.profiles import measure_columns
from wardkeeper.sources.suspicion import find_suspicious

ON = date(2026, 11, 20)
TERMS = read_contract("adult-social-care")

USUAL = date(1950, 1, 20)


def people(count, *, first=0, **same):
    """Give records of different people, numbered from `first`, with what they share."""
    return [
        {
            "record_id": f"club:{number}",
            "family": f"FAMILY{number}",
            "given": "JANE",
            "birth_date": USUAL + timedelta(days=37 * number % 21_000),
            "home_id": f"uprn:{number}",
            **same,
        }
        for number in range(first, first + count)
    ]


def says(records=(), *, cells=None, findings=()):
    """Give the sentences about a file: its records, its cells by column, and the findings on them."""
    rows = max(1, *(len(column) for column in (cells or {}).values())) if cells else 1
    frame = pl.DataFrame({name: (cells or {}).get(name, ["x1"] * rows) for name in TERMS.file.columns})
    found = pl.DataFrame(list(findings), schema=SCHEMA, orient="row")
    columns = measure_columns(frame.with_row_index("row").cast({"row": pl.Int64}), found, TERMS)
    made = record_frame(list(records))
    return [one.says for one in find_suspicious(frame, made, found, TERMS, columns=columns, on=ON)]


BIRTHS = {
    "as many on 1 January as by chance": (people(300), []),
    "a tenth on 1 January": (
        people(90) + people(10, first=90, birth_date=date(1950, 1, 1)),
        [
            "10% of birth dates are 1 January; by chance it would be 0.3%.",
            "10% of the people have one and the same birth date.",
        ],
    ),
    "all on 1 January, of many years": (
        [{**one, "birth_date": date(1930 + number, 1, 1)} for number, one in enumerate(people(60))],
        [
            "100% of birth dates are 1 January; by chance it would be 0.3%.",
            "No birth date has a day after the 12th.",
        ],
    ),
    "one birth date for all": (
        people(60, birth_date=date(1970, 5, 17)),
        ["100% of the people have one and the same birth date."],
    ),
    "no day after the 12th": (
        [
            {**one, "birth_date": date(1930 + number, 1 + number % 12, 1 + number % 11)}
            for number, one in enumerate(people(60))
        ],
        [
            "No birth date has a day after the 12th.",
        ],
    ),
    "somebody of 111": (people(1, birth_date=date(1915, 11, 1)), ["1 person would be 110 or older."]),
}


@pytest.mark.parametrize(("records", "sentences"), BIRTHS.values(), ids=BIRTHS)
def test_birth_dates(records, sentences):
    assert says(records) == sentences


def test_birth_dates_that_stand_for_none():
    found = [
        (1, "Date of Birth", "stand-in-date"),
        (2, "Date of Birth", "stand-in-date"),
        (3, "Date of Death", "stand-in-date"),
    ]
    assert says(findings=found) == ["2 birth dates are ones that systems write when none is known, such as 01/01/1900."]


SHARED = {
    "one phone on ten": (people(10, phone="+441614960001"), []),
    "one phone on 412": (people(412, phone="+441614960001"), ["One phone number is on 412 records."]),
    "two phones": (
        people(11, phone="+441614960001") + people(30, first=11, phone="+441614960002"),
        ["2 phone numbers are each on more than 10 records; one is on 30."],
    ),
    "one e-mail": (people(20, email="office@example.org"), ["One e-mail address is on 20 records."]),
    "two e-mails": (
        people(11, email="a@example.org") + people(12, first=11, email="b@example.org"),
        ["2 e-mail addresses are each on more than 10 records; one is on 12."],
    ),
    "one surname for half": (
        people(50) + people(50, first=50, family="SMITH"),
        ["50% of the people have one and the same surname."],
    ),
    "a common surname": (people(95) + people(5, first=95, family="SMITH"), []),
    "10,000 at one address": (people(10_000, home_id="uprn:1"), ["10,000 people are at one address."]),
    "a care home": (people(120, home_id="uprn:1"), []),
    "one address that no list knows": (
        people(300, home_id=None, address_original="Town Hall", postcode="M33 1AA"),
        ["300 people are at one address."],
    ),
    "no address for anybody": (people(300, home_id=None), []),
    "an NHS number with two birth dates": (
        people(2, nhs_number="9434765919"),
        ["1 NHS number is on records with different birth dates."],
    ),
    "an NHS number on two rows of one person": (
        people(2, nhs_number="9434765919", birth_date=USUAL, given=None),
        [],
    ),
    "NHS numbers for tests": (people(1, nhs_number="9990000018"), ["1 NHS number is of the range kept for tests."]),
    "one person under two keys": (
        [*people(1), {**people(1)[0], "record_id": "club:other"}],
        ["1 record has the name and birth date of another one under a different key."],
    ),
    "an initial is no name": (people(2, given="J", family="SMITH", birth_date=USUAL), []),
}


@pytest.mark.parametrize(("records", "sentences"), SHARED.values(), ids=SHARED)
def test_what_too_many_people_share(records, sentences):
    assert says(records) == sentences


CELLS = {
    "a test entry": ({"Surname": ["TEST", "Smith"]}, ["1 cell of Surname holds a stand-in such as TEST, XXX or N/A."]),
    "more of them": (
        {"Surname": ["Testing", "xxxx", "DO NOT USE", "Ivanov"]},
        ["3 cells of Surname hold a stand-in such as TEST, XXX or N/A."],
    ),
    "names that only look so": ({"Surname": ["Null", "Na", "None", "Testa", "Detest", "Xx", "Ng"]}, []),
    "an address that is none": (
        {"Address": ["n/a", "1 High Street", "-", "Unknown"]},
        ["3 cells of Address hold a stand-in such as TEST, XXX or N/A."],
    ),
    "an address in a place called Unknown": ({"Address": ["2 Unknown Lane"]}, []),
    "spoilt letters": ({"Forename": ["ZoÃ«", "Zoë"]}, ["1 cell of Forename holds spoilt letters, such as Ã© for é."]),
    "whole letters": ({"Forename": ["Zoë", "Ángel", "Ã"]}, []),
    "an empty column": ({"Email": [""] * 50}, ["Email is empty in every row."]),
    "a short file": ({"Email": [""] * 49}, []),
}


@pytest.mark.parametrize(("cells", "sentences"), CELLS.values(), ids=CELLS)
def test_cells(cells, sentences):
    assert says(cells=cells) == sentences


def test_a_column_that_cannot_be_used():
    cells = {"Postcode": ["SALE"] * 100}
    bad = [(number, "Postcode", "bad-postcode") for number in range(30)]
    assert says(cells=cells, findings=bad) == ["30% of the values in Postcode cannot be used."]
    assert says(cells=cells, findings=bad[:20]) == []
    kept = [(number, "Postcode", "unknown-postcode") for number in range(30)]
    assert says(cells=cells, findings=kept) == [], "what was kept or put back is used"


def test_every_doubt_says_what_to_do_next():
    assert set(ADVICE) == set(Doubt)
    assert all(advice.endswith(".") and "{" not in advice for advice in ADVICE.values())


def test_no_sentence_holds_a_value_of_anybody():
    records = people(412, phone="+441614960001", email="jane@example.org", nhs_number="9434765919", family="QUENTIN")
    told = " ".join(says(records, cells={"Surname": ["Quentin TEST"]})).upper()
    for value in ("4960001", "JANE", "9434765919", "QUENTIN"):
        assert value not in told
