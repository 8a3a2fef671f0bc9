"""The national shielding file: cumulative, with repeats, in no order, and answers that read the other way round."""

from datetime import date

import pytest
from small_town import counts, read_contract, rules, send, to_csv

from wardkeeper.adapters.tables import read_table
from wardkeeper.sources.dating import read_extract_day

PERSON = {
    "Timestamp": "2026-11-10T09:00:00",
    "FirstName": "Jane",
    "LastName": "Smith",
    "Address1": "1 High Street",
    "Address3": "Sale",
    "Postcode": "M33 1AA",
    "ID": "S1",
    "DateOfBirth": "1950-02-01",
    "EssentialSupplies": "Yes",
    "BasicCareNeedsMet": "Yes",
    "CarrySupplies": "Yes",
}

ANSWERS = {
    "all is well": ({}, set()),
    "supplies: Yes means none are needed": ({"EssentialSupplies": "Yes"}, set()),
    "supplies: No means help is needed": ({"EssentialSupplies": "No"}, {"needs-supplies"}),
    "in capitals": ({"EssentialSupplies": "NO"}, {"needs-supplies"}),
    "supplies: a blank says nothing": ({"EssentialSupplies": ""}, set()),
    "care: No means help is needed": ({"BasicCareNeedsMet": "No"}, {"needs-basic-care"}),
    "carrying: No means help is needed": ({"CarrySupplies": "No"}, {"cannot-carry-supplies"}),
    "diet: any words": ({"DietaryRequirements": "Coeliac"}, {"special-diet"}),
    "diet: none": ({"DietaryRequirements": "None"}, set()),
}


@pytest.mark.parametrize(("answers", "factors"), ANSWERS.values(), ids=ANSWERS)
def test_answers(answers, factors):
    done = send("shielding", [PERSON | answers])
    assert set(done.factors["factor"]) == factors | {"clinically-vulnerable"}


def test_an_answer_that_is_neither_is_noted_and_concludes_nothing():
    done = send("shielding", [PERSON | {"EssentialSupplies": "Sometimes"}])
    assert set(done.factors["factor"]) == {"clinically-vulnerable"}
    assert rules(done) == ["unknown-value"]


def test_repeats_of_a_person_are_counted_once_by_the_latest_whatever_the_order():
    rows = [
        PERSON | {"Timestamp": "2026-11-12T08:00:00", "EssentialSupplies": "No"},
        PERSON | {"Timestamp": "2026-11-12T10:00:00", "BasicCareNeedsMet": "No"},
        PERSON,
        PERSON | {"ID": "S2", "FirstName": "Amir"},
    ]
    done = send("shielding", rows)
    assert counts(done) == (4, 4, 0, 0)
    assert rules(done) == ["superseded", "superseded"]
    assert done.report.repeated == 2
    assert done.records.select("record_id", "row", "seen_on").rows() == [
        ("shielding:S1", 2, date(2026, 11, 12)),
        ("shielding:S2", 4, date(2026, 11, 10)),
    ]
    latest = done.factors.filter(record_id="shielding:S1")["factor"]
    assert set(latest) == {"clinically-vulnerable", "needs-basic-care"}


def test_of_equal_times_the_lower_row_counts():
    done = send("shielding", [PERSON, PERSON | {"FirstName": "Janet"}])
    assert done.records["given"].to_list() == ["JANET"]


def test_a_row_held_back_never_supersedes_a_good_one():
    done = send("shielding", [PERSON, PERSON | {"Timestamp": "2026-11-12T08:00:00", "FirstName": "", "LastName": ""}])
    assert counts(done) == (2, 1, 0, 1)
    assert done.records["family"].to_list() == ["SMITH"]


def test_people_without_an_id_are_each_kept():
    done = send("shielding", [PERSON | {"ID": ""}, PERSON | {"ID": "", "FirstName": "Amir"}])
    assert done.records["record_id"].to_list() == ["shielding:row-1", "shielding:row-2"]
    assert rules(done) == ["no-key", "no-key"]


def test_the_mobile_is_taken_before_the_landline_and_a_bad_one_falls_back():
    both = send("shielding", [PERSON | {"Mobile": "07700 900123", "Phone": "0161 496 0001"}])
    assert both.records["phone"].to_list() == ["+447700900123"]
    fallen = send("shielding", [PERSON | {"Mobile": "none", "Phone": "0161 496 0001"}])
    assert fallen.records["phone"].to_list() == ["+441614960001"]


def test_nobody_is_lost_for_want_of_a_telephone():
    done = send("shielding", [PERSON | {"Mobile": "", "Phone": "x"}])
    assert done.records.height == 1
    assert rules(done) == ["bad-phone"]


def test_the_file_is_of_its_latest_timestamp():
    terms = read_contract("shielding")
    content = to_csv(terms, [PERSON, PERSON | {"Timestamp": "2026-11-12T08:00:00"}]).encode()
    assert read_extract_day(read_table(content, terms.file), terms) == date(2026, 11, 12)
