"""What becomes of each source's rows: small file in, records and factors out."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from small_town import EXTRACTED, counts, read_contract, rules, send

from wardkeeper.kernel.columns import FACTOR, QUARANTINED, RECORD
from wardkeeper.sources.terms import ColumnTerm, FactorTerm, Format, Meaning

CARE = {
    "Person ID": "A1",
    "Surname": "Smith",
    "Forename": "Jane Mary",
    "Date of Birth": "01/02/1950",
    "Address": "1 High St, Sale",
    "Postcode": "m331aa",
    "Language": "Welsh",
    "Extract Date": "20/11/2026",
}


def test_a_full_row_of_adult_social_care():
    row = CARE | {
        "NHS Number": "943 476 5919",
        "UPRN": "9001",
        "Telephone": "(0161) 496 0001",
        "Email": "Jane@Example.org",
        "Caution Note": "Attend in pairs",
        "Restricted": "N",
        "Objection Date": "01/03/2026",
        "Date of Death": "02/03/2026",
    }
    done = send("adult-social-care", [row])
    assert counts(done) == (1, 1, 0, 0)
    assert done.records.row(0, named=True) == {
        "record_id": "adult-social-care:A1",
        "source": "adult-social-care",
        "delivery": "dlv-1",
        "row": 1,
        "seen_on": EXTRACTED,
        "name_original": "Jane Mary Smith",
        "title": None,
        "given": "JANE",
        "middle": "MARY",
        "family": "SMITH",
        "birth_date": date(1950, 2, 1),
        "sex": None,
        "nhs_number": "9434765919",
        "ni_number": None,
        "phone": "+441614960001",
        "email": "jane@example.org",
        "language": "Welsh",
        "address_original": "1 High St, Sale",
        "postcode": "M33 1AA",
        "uprn": "9001",
        "home_id": "uprn:9001",
        "home_match": "uprn",
        "protected": False,
        "caution": "Attend in pairs",
        "objected_on": date(2026, 3, 1),
        "died_on": date(2026, 3, 2),
        "safe_contact": None,
        "safe_phone": None,
        "special": None,
    }


FACTORS = {
    "care at home": ({"Service": "Home care"}, {"receives-home-care"}),
    "a service that says nothing": ({"Service": "Direct payment"}, set()),
    "sight": ({"Support Reason": "Sensory support: sight"}, {"sight-loss"}),
    "several pieces of equipment": ({"Equipment": "Oxygen concentrator; Hoist;"}, {"oxygen-at-home", "uses-hoist"}),
    "alone": ({"Lives Alone": "Y"}, {"lives-alone"}),
    "not alone": ({"Lives Alone": "N"}, set()),
    "restricted is no factor": ({"Restricted": "Y"}, set()),
}


@pytest.mark.parametrize(("cells", "factors"), FACTORS.values(), ids=FACTORS)
def test_factors_of_adult_social_care(cells, factors):
    done = send("adult-social-care", [CARE | cells])
    assert set(done.factors["factor"]) == factors
    assert counts(done) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("cell", "protected", "found"),
    [("Y", True, []), ("y", True, []), ("N", False, []), ("", False, []), ("Ask manager", True, ["unknown-marking"])],
)
def test_protection_errs_on_the_safe_side(cell, protected, found):
    done = send("adult-social-care", [CARE | {"Restricted": cell}])
    assert done.records["protected"].to_list() == [protected]
    assert rules(done) == found


def test_a_person_with_two_services_is_one_record_with_the_markings_of_both_rows():
    rows = [CARE | {"Service": "Home care"}, CARE | {"Service": "Day care", "Restricted": "Y", "Caution Note": "Dog"}]
    done = send("adult-social-care", rows)
    assert done.records.select("record_id", "row", "protected", "caution").rows() == [
        ("adult-social-care:A1", 1, True, "Dog")
    ]
    assert set(done.factors["factor"]) == {"receives-home-care", "receives-day-care"}
    assert counts(done) == (2, 2, 0, 0)
    assert rules(done) == ["repeated-key"]


def test_how_a_person_may_be_contacted_safely_is_kept_in_the_words_of_the_source():
    contract = read_contract("adult-social-care")
    safe = (ColumnTerm("Safe Contact", Meaning.SAFE_CONTACT), ColumnTerm("Safe Number", Meaning.SAFE_PHONE))
    rows = [CARE, CARE | {"Person ID": "A2", "Safe Contact": "Letter only", "Safe Number": "07700 900123"}]
    file = replace(contract.file, columns=(*contract.file.columns, *(term.name for term in safe)))
    terms = replace(contract, columns=(*contract.columns, *safe), file=file)
    done = send("adult-social-care", rows, terms=terms)
    assert done.records.select("safe_contact", "safe_phone").rows() == [(None, None), ("Letter only", "+447700900123")]


def test_two_people_under_one_key_are_kept_apart():
    done = send("adult-social-care", [CARE, CARE | {"Forename": "Amir"}])
    assert done.records["record_id"].to_list() == ["adult-social-care:A1", "adult-social-care:A1~row-2"]
    assert rules(done) == ["shared-key"]


HOME = {
    "Tenancy Ref": "T1",
    "Tenant 1": "SMITH, Mrs Jane",
    "Property Address": "1 High Street, Sale, M33 1AA",
    "Scheme Type": "General needs",
}


def send_housing(row):
    terms = read_contract("social-housing")
    return send("social-housing", [row], terms=as_csv(terms))


def as_csv(terms):
    """The same contract for a CSV: what a spreadsheet adds is in the specs of bad input."""
    return replace(terms, file=replace(terms.file, format=Format.CSV))


def test_two_tenants_are_two_records_of_one_row():
    done = send_housing(
        HOME | {"Tenant 1 DOB": "1950-02-01", "Tenant 2": "SMITH, Mr John", "Tenant 2 DOB": "03/04/1948"}
    )
    assert done.rows == 1
    assert done.records.select("record_id", "title", "given", "birth_date", "home_id").rows() == [
        ("social-housing:T1", "MRS", "JANE", date(1950, 2, 1), "uprn:9001"),
        ("social-housing:T1:2", "MR", "JOHN", date(1948, 4, 3), "uprn:9001"),
    ]


@pytest.mark.parametrize(
    ("cells", "factors"),
    [
        ({"Scheme Type": "Sheltered"}, {"sheltered-housing"}),
        ({"Adaptations": "Stairlift;Level access shower"}, {"adapted-home"}),
        ({"Floor": "0"}, set()),
        ({"Floor": "Ground"}, set()),
        ({"Floor": "2"}, {"upper-floor"}),
        ({"Floor": "-1"}, set()),
    ],
)
def test_factors_of_housing(cells, factors):
    done = send_housing(HOME | cells)
    assert set(done.factors["factor"]) == factors
    assert done.notes == []


def test_a_refuge_protects_everybody_and_its_name_goes_no_further():
    done = send_housing(HOME | {"Scheme Type": "Refuge", "Tenant 2": "SMITH, Miss Ann"})
    assert done.records["protected"].to_list() == [True, True]
    assert done.records["special"].to_list() == ["refuge", "refuge"]
    assert done.factors.is_empty()
    assert "refuge" not in done.records.drop("special").write_csv().lower()
    assert all("refuge" not in note.reason.lower() for note in done.notes)


def test_a_tenancy_that_ended_is_as_old_as_its_end():
    assert send_housing(HOME | {"Tenancy End": "2025-06-30"}).records["seen_on"].to_list() == [date(2025, 6, 30)]
    assert send_housing(HOME | {"Tenancy End": "2027-06-30"}).records["seen_on"].to_list() == [EXTRACTED]


def test_assisted_bins_are_matched_by_address_and_are_as_old_as_their_agreement():
    row = {
        "Ref": "B1",
        "Name": "Mrs J Smith",
        "Address Line 1": "Flat 1",
        "Address Line 2": "5 Mill Ln",
        "Town": "SALE",
        "Post Code": "M33 1AB",
        "Reason": "Frailty",
        "Date Agreed": "03-Feb-19",
    }
    done = send("assisted-bins", [row])
    assert done.records.select("home_id", "home_match", "uprn", "seen_on").rows() == [
        ("uprn:9003", "address", None, date(2019, 2, 3))
    ]
    assert done.factors.select("factor", "seen_on").rows() == [("frailty", date(2019, 2, 3))]


def test_single_person_discount_says_one_adult_of_every_row():
    row = {"Account": "7", "Liable Party": "MR J SMITH", "Property Address": "1 High Street", "Postcode": "M33 1AA"}
    done = send("single-person-discount", [row])
    assert done.factors["factor"].to_list() == ["single-adult-household"]
    assert done.records["seen_on"].to_list() == [EXTRACTED]


TAX = {"Account No": "001", "Address": "1 High Street", "Pcode": "M33 1AA", "Extract Date": "20/11/2026"}


def test_a_joint_name_is_two_people_and_a_second_column_a_third():
    done = send("council-tax", [TAX | {"Liable Name 1": "MR & MRS J SMITH", "Liable Name 2": "MISS A SMITH"}])
    assert counts(done) == (1, 1, 0, 0)
    assert rules(done) == ["joint-name"]
    assert done.records.select("record_id", "title", "given").rows() == [
        ("council-tax:001", "MR", "J"),
        ("council-tax:001:2", "MRS", None),
        ("council-tax:001:3", "MISS", "A"),
    ]


def test_a_class_f_exemption_strikes_nobody_off():
    done = send("council-tax", [TAX | {"Liable Name 1": "MR J SMITH", "Exemption": "Class F deceased"}])
    assert done.records["died_on"].to_list() == [None]
    assert done.factors.is_empty()


def test_leading_zeros_of_a_key_survive():
    assert send("council-tax", [TAX | {"Liable Name 1": "X Y"}]).records["record_id"].to_list() == ["council-tax:001"]


def test_an_elector_has_a_name_and_a_home_and_no_factors():
    row = {
        "Elector Number": "SA1-12",
        "Elector Surname": "Nguyễn",
        "Elector Forename": "Thị Minh",
        "Address 1": "2 High Street",
        "Address 2": "Sale",
        "Postcode": "M33 1AA",
        "Date of Attainment": "01/12/2026",
        "Published On": "01/12/2025",
    }
    done = send("open-register", [row], extracted_on=date(2025, 12, 1))
    assert done.records.select("name_original", "given", "family", "home_id", "birth_date").rows() == [
        ("Thị Minh Nguyễn", "THỊ", "NGUYỄN", "uprn:9002", None)
    ]
    assert done.factors.is_empty()


def test_what_is_one_persons_alone_is_not_given_to_the_other():
    terms = read_contract("adult-social-care")
    row = CARE | {"Surname": "", "Forename": "", "NHS Number": "943 476 5919", "Telephone": "0161 496 0001"}
    joint = send("adult-social-care", [row | {"Forename": "Mr & Mrs J Smith"}], terms=named_whole(terms))
    assert joint.records.select("given", "nhs_number", "phone", "language").rows() == [
        ("J", "9434765919", "+441614960001", "Welsh"),
        (None, None, "+441614960001", None),
    ]


@pytest.mark.parametrize(
    ("person", "whose"),
    [(0, ["", ":2"]), (1, [""]), (2, [":2"])],
    ids=["of the household", "the first's", "the second's"],
)
def test_a_fact_of_a_joint_row_is_everybodys_or_one_persons(person, whose):
    terms = named_whole(read_contract("adult-social-care"))
    terms = replace(terms, factors=(FactorTerm(factor="lives-alone", person=person),))
    joint = send("adult-social-care", [CARE | {"Surname": "", "Forename": "Mr & Mrs J Smith"}], terms=terms)
    assert joint.factors["record_id"].to_list() == [f"adult-social-care:{CARE['Person ID']}{one}" for one in whose]


def named_whole(terms):
    columns = tuple(
        replace(term, meaning=Meaning.NAME) if term.meaning is Meaning.GIVEN else term for term in terms.columns
    )
    return replace(terms, columns=columns)


@pytest.mark.parametrize(("frame", "columns"), [("records", RECORD), ("factors", FACTOR), ("quarantined", QUARANTINED)])
def test_frames_have_the_columns_and_types_the_house_agreed_on(frame, columns):
    kinds = {"text": pl.String, "int": pl.Int64, "date": pl.Date, "flag": pl.Boolean}
    expected = {column.name: kinds[column.kind] for column in columns}
    for rows in ([CARE], [CARE | {"Surname": "", "Forename": ""}]):
        assert dict(getattr(send("adult-social-care", rows), frame).schema) == expected


ONE_NAME = {
    "a forename alone": ({"Surname": "", "Forename": "Suharto"}, ("SUHARTO", None, None), ["one-name"]),
    "one letter": ({"Surname": " ", "Forename": "O"}, ("O", None, None), ["one-name"]),
    "several": ({"Surname": "", "Forename": "Siti Nur"}, ("SITI", "NUR", None), ["one-name"]),
    "in another script": ({"Surname": "", "Forename": "محمد"}, ("محمد", None, None), ["one-name"]),
    "a surname alone": ({"Surname": "Suharto", "Forename": ""}, (None, None, "SUHARTO"), []),
}


@pytest.mark.parametrize(("change", "read", "told"), ONE_NAME.values(), ids=ONE_NAME)
def test_one_name_is_a_persons_whole_name(change, read, told):
    done = send("adult-social-care", [CARE | change])
    assert counts(done) == (1, 1, 0, 0)
    assert rules(done) == told
    assert done.records.select("given", "middle", "family").rows() == [read]


@pytest.mark.parametrize("surname", ["The Occupier", "VOID", "N/A", "n/k", "Not Known", "NK"])
def test_a_forename_beside_a_word_for_nobody_is_nobodys(surname):
    done = send("adult-social-care", [CARE | {"Surname": surname, "Forename": "Flat"}])
    assert (counts(done), done.quarantined["rule"].to_list()) == ((1, 0, 0, 1), ["no-name"])


UNSEEN = {
    "a mark that turns the writing round": ("Ja\u202ene", "JANE"),
    "a space without width": ("Ja\u200bne", "JANE"),
    "a joiner in Latin letters": ("Ja\u200dne", "JANE"),
    "a soft hyphen": ("Ja\u00adne", "JANE"),
    "a control character": ("Ja\x07ne", "JANE"),
}


@pytest.mark.parametrize(("came", "read"), UNSEEN.values(), ids=UNSEEN)
def test_letters_that_cannot_be_seen_are_left_out_of_the_name_and_told(came, read):
    done = send("adult-social-care", [CARE | {"Forename": came}])
    assert counts(done) == (1, 1, 0, 0)
    assert rules(done) == ["unseen-letters"]
    assert done.records.select("given", "name_original").row(0) == (read, f"{came} Smith")


def test_a_joiner_that_is_spelling_stays():
    done = send("adult-social-care", [CARE | {"Forename": "مه\u200cلقا"}])
    assert (done.records["given"][0], rules(done)) == ("مه\u200cلقا", [])


def test_all_birth_dates_on_one_stand_in_day_load_and_are_told_plainly():
    done = send("adult-social-care", [CARE | {"Person ID": f"A{n}", "Date of Birth": "01/01/1900"} for n in range(60)])
    assert counts(done) == (60, 0, 60, 0)
    assert done.records["birth_date"].null_count() == 60
    assert any("Date of Birth" in concern.says for concern in done.report.suspicious)
