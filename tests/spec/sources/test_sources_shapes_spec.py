"""Every shape out of the box with its fixture: what a typical, messy file becomes."""

import csv
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from small_town import CONTRACTS, counts, read_contract, rules, standardise_bytes

from wardkeeper.adapters.tables import read_table
from wardkeeper.kernel.errors import BadInput, NotFound
from wardkeeper.sources import contract
from wardkeeper.sources.dating import read_extract_day
from wardkeeper.sources.shapes import NAMES, STARTING_RECIPE, Answers, shape, shapes
from wardkeeper.sources.terms import Format

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "examples" / "shapes"
WORKED_EXAMPLE = re.search(r"```toml\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL)[1]

ANSWERS = Answers(
    owner='The "right" team',
    contact="data@council.example",
    purposes=("emergency-planning",),
    gateways=("cca-2004",),
    starts=date(2026, 4, 1),
    until=date(2027, 4, 1),
)


def filled(name):
    return contract.parse(shape(name).fill(ANSWERS), f"{name}.toml")


def received(name):
    """The fixture as it would come: a workbook with title rows where the shape is one."""
    content = (FIXTURES / f"{name}.csv").read_bytes()
    terms = filled(name)
    if terms.file.format is not Format.XLSX:
        return content
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet(terms.file.sheet)
        sheet.write_row(0, 0, ["Invented tenancies, for a test"])
        for place, row in enumerate(csv.reader(io.StringIO(content.decode())), 2):
            sheet.write_row(place, 0, row)
    return stream.getvalue()


def send_fixture(name):
    terms, content = filled(name), received(name)
    on = read_extract_day(read_table(content, terms.file), terms) or date(2026, 11, 20)
    return standardise_bytes(content, terms, extracted_on=on)


BECOMES = {
    "adult-social-care": (
        (6, 2, 2, 2),
        3,
        "learning-disability lives-alone memory-loss oxygen-at-home physical-support receives-day-care receives-home-care receives-home-care sight-loss uses-hoist",
        {
            "record_id": "adult-social-care:A100",
            "given": "EDITH",
            "family": "MARLOWE",
            "nhs_number": "9990001006",
            "phone": "+441614960123",
            "home_id": "uprn:9001",
            "home_match": "uprn",
        },
    ),
    "social-housing": (
        (5, 3, 1, 1),
        5,
        "adapted-home adapted-home sheltered-housing sheltered-housing upper-floor upper-floor",
        {
            "record_id": "social-housing:T-001",
            "title": "MRS",
            "given": "EDITH",
            "birth_date": date(1936, 7, 4),
            "home_id": "uprn:9001",
        },
    ),
    "assisted-bins": (
        (5, 2, 2, 1),
        5,
        "frailty limited-mobility limited-mobility uses-wheelchair",
        {
            "record_id": "assisted-bins:B1",
            "title": "MRS",
            "family": "MARLOWE",
            "seen_on": date(2019, 2, 3),
            "home_match": "address",
        },
    ),
    "single-person-discount": (
        (5, 3, 1, 1),
        4,
        "single-adult-household single-adult-household single-adult-household single-adult-household",
        {"record_id": "single-person-discount:0070001", "given": "E", "home_id": "uprn:9001"},
    ),
    "council-tax": (
        (5, 2, 2, 1),
        6,
        "severe-mental-impairment severe-mental-impairment",
        {"record_id": "council-tax:00012345", "title": "MR", "given": "S", "family": "MARLOWE", "home_id": "uprn:9001"},
    ),
    "benefits": (
        (4, 1, 2, 1),
        4,
        "low-income low-income low-income receives-disability-benefit receives-severe-disability-benefit receives-severe-disability-benefit unpaid-carer",
        {
            "record_id": "benefits:HB001",
            "birth_date": date(1936, 7, 4),
            "ni_number": "AB123456C",
            "home_id": "uprn:9001",
        },
    ),
    "open-register": (
        (6, 4, 1, 1),
        5,
        "",
        {"record_id": "open-register:SA1-1", "seen_on": date(2025, 12, 1), "home_match": "address"},
    ),
    "housing-register": (
        (4, 3, 1, 0),
        5,
        "children-at-home children-at-home children-at-home limited-mobility mental-health no-settled-home temporary-accommodation uses-wheelchair",
        {
            "record_id": "housing-register:HR1",
            "family": "VAN DER BERG",
            "ni_number": "AB123458A",
            "seen_on": date(2026, 10, 10),
        },
    ),
    "schools": (
        (5, 4, 1, 0),
        5,
        "education-health-and-care-plan free-school-meals free-school-meals hearing-loss limited-mobility",
        {
            "record_id": "schools:H358000001001",
            "given": "TOMAS",
            "birth_date": date(2014, 9, 12),
            "sex": "male",
            "seen_on": date(2026, 10, 8),
        },
    ),
    "blue-badge": (
        (5, 2, 2, 1),
        4,
        "bulky-medical-equipment limited-mobility sight-loss uses-wheelchair",
        {"record_id": "blue-badge:EF0001", "sex": "female", "ni_number": "AB123456C", "seen_on": date(2025, 2, 14)},
    ),
    "priority-services": (
        (5, 2, 2, 1),
        4,
        "dialysis-at-home oxygen-at-home pendant-alarm refrigerated-medicine water-dependent",
        {
            "record_id": "priority-services:A-100201",
            "title": "MRS",
            "phone": "+441614960123",
            "seen_on": date(2026, 2, 14),
            "home_match": "address",
        },
    ),
    "gp-patients": (
        (5, 3, 2, 0),
        5,
        "clinically-vulnerable end-of-life-care frailty frailty housebound memory-loss mental-health oxygen-at-home unpaid-carer",
        {"record_id": "gp-patients:P1", "nhs_number": "9990001006", "birth_date": date(1936, 7, 4), "sex": "female"},
    ),
    "shielding": (
        (5, 3, 1, 1),
        2,
        "cannot-carry-supplies clinically-vulnerable clinically-vulnerable needs-basic-care needs-supplies special-diet",
        {
            "record_id": "shielding:S2",
            "nhs_number": "9990001014",
            "seen_on": date(2026, 11, 18),
            "phone": "+447700900456",
        },
    ),
    "nhs-patients": (
        (6, 5, 0, 1),
        5,
        "clinically-vulnerable clinically-vulnerable clinically-vulnerable clinically-vulnerable clinically-vulnerable",
        {
            "record_id": "nhs-patients:N1",
            "nhs_number": "9990001006",
            "birth_date": date(1936, 7, 4),
            "home_match": "address",
        },
    ),
    "savvi": (
        (5, 1, 3, 1),
        3,
        "after-hospital dialysis-at-home oxygen-at-home",
        {
            "record_id": "savvi:p-1",
            "given": "EDITH",
            "middle": "MAY",
            "birth_date": date(1936, 7, 4),
            "sex": "female",
            "home_match": "uprn",
        },
    ),
}
"""Shape: (rows, loaded, repaired, held), records, factors asserted, and some of the first record."""


@pytest.mark.parametrize("name", NAMES)
def test_a_fixture_is_loaded_repaired_and_held_as_told(name):
    done = send_fixture(name)
    sums, records, factors, first = BECOMES[name]
    assert counts(done) == sums
    assert done.records.height == records
    assert sorted(done.factors["factor"]) == factors.split()
    shown = done.records.row(0, named=True)
    assert {key: shown[key] for key in first} == first


PROTECTED = {
    "adult-social-care": ["OKONKWO-PRYCE"],
    "social-housing": ["QUILL"],
    "housing-register": ["QUILL"],
    "schools": ["QUILL", "STORM"],
    "gp-patients": ["QUILL"],
    "nhs-patients": ["QUILL"],
}


@pytest.mark.parametrize("name", NAMES)
def test_whoever_must_not_be_found_is_marked(name):
    records = send_fixture(name).records
    assert records.filter("protected")["family"].to_list() == PROTECTED.get(name, [])


FOUND = {
    "adult-social-care": "bad-nhs-number bad-phone impossible-date lost-zero repeated-key stand-in-date unknown-value",
    "council-tax": "joint-name unknown-postcode unknown-uprn unknown-value uprn-disagrees",
    "benefits": "bad-email bad-ni-number unknown-value",
    "schools": "impossible-date one-name unknown-marking unknown-value",
    "shielding": "superseded superseded unknown-value",
    "savvi": "partial-date partial-date partial-date partial-date repeated-key unknown-value",
}


@pytest.mark.parametrize("name", FOUND)
def test_the_mess_in_a_fixture_is_told(name):
    assert rules(send_fixture(name)) == FOUND[name].split()


# Shapes and contracts


def test_every_shape_has_a_file_a_fixture_and_a_row_in_the_table():
    assert set(NAMES) == {path.stem for path in FIXTURES.glob("*.csv")} == set(BECOMES)
    assert set(NAMES) == {path.stem for path in (ROOT / "src/wardkeeper/sources/shapes").glob("*.toml")}


def test_the_starting_recipe_comes_first():
    assert STARTING_RECIPE == ("adult-social-care", "social-housing", "assisted-bins", "single-person-discount")
    assert tuple(shapes())[:4] == STARTING_RECIPE


@pytest.mark.parametrize("name", NAMES)
def test_a_shape_is_no_contract_until_the_council_has_filled_it_in(name):
    with pytest.raises(BadInput, match=r"'source\.owner' is blank"):
        contract.parse(shape(name).text, f"{name}.toml")


BLANKS = {
    "owner": "source.owner",
    "contact": "source.contact",
    "purposes": "mandate.purposes",
    "gateways": "mandate.gateways",
}


@pytest.mark.parametrize("key", BLANKS)
def test_each_blank_alone_is_refused(key):
    whole = shape("benefits").fill(ANSWERS)
    blank = re.search(rf"^{key} = .*$", shape("benefits").text, re.MULTILINE)[0]
    with pytest.raises(BadInput) as refused:
        contract.parse(re.sub(rf"^{key} = .*$", blank, whole, flags=re.MULTILINE), "benefits.toml")
    assert refused.value.where.key == BLANKS[key]


@pytest.mark.parametrize("name", NAMES)
def test_a_shape_filled_in_is_a_contract_with_nothing_left_to_fill(name):
    text = shape(name).fill(ANSWERS)
    terms = contract.parse(text, f"{name}.toml")
    assert "FILL IN" not in text
    assert (terms.name, terms.owner) == (name, ANSWERS.owner)
    assert terms.mandate.has_an_end


EXAMPLES = sorted({path.stem for path in CONTRACTS.glob("*.toml")} & set(NAMES))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_demonstrations_contract_is_the_shape_filled_in(name):
    example = read_contract(name)
    mandate = example.mandate
    answers = Answers(
        example.owner,
        example.contact,
        tuple(sorted(mandate.purposes)),
        mandate.gateways,
        mandate.starts,
        mandate.review_by or mandate.ends,
    )
    made = contract.parse(shape(name).fill(answers), f"{name}.toml")
    assert replace(made, mandate=replace(made.mandate, title=mandate.title)) == example


def test_the_worked_example_of_a_contract_is_written_for_the_file_of_its_shape():
    worked, shaped = contract.parse(WORKED_EXAMPLE, "worked-example.toml"), filled("priority-services")
    assert (worked.name, worked.file, worked.columns) == (shaped.name, shaped.file, shaped.columns)
    assert worked.asserts < shaped.asserts


def test_savvis_shape_knows_every_fact_that_the_other_shapes_assert():
    others = frozenset().union(*(filled(name).asserts for name in NAMES if name != "savvi"))
    assert filled("savvi").asserts == others


def test_an_unknown_shape_is_answered_with_those_there_are():
    with pytest.raises(NotFound, match="Use one of: adult-social-care, social-housing"):
        shape("parking-permits")
