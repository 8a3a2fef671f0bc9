"""The seven extracts: their exact form, their faults, who is in them, and the truth about each row."""

import csv
import io
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from python_calamine import CalamineWorkbook

from wardkeeper.demo.extracts import FORMS, HOUSING_SHEET, Form, draw_extracts, encode, tell_truth, write

TODAY = date(2026, 11, 22)

COLUMNS = {
    "adult-social-care": "Person ID, Surname, Forename, Date of Birth, NHS Number, UPRN, Address, Postcode, Telephone, "
    "Email, Service, Support Reason, Equipment, Lives Alone, Language, Caution Note, Caution Review, Restricted, "
    "Objection Date, Date of Death, Extract Date",
    "social-housing": "Tenancy Ref, Tenant 1, Tenant 1 DOB, Tenant 2, Tenant 2 DOB, Property Ref, Property Address, "
    "Scheme Type, Adaptations, Floor, Phone, Tenancy Start, Tenancy End",
    "assisted-bins": "Ref, Name, Address Line 1, Address Line 2, Town, Post Code, Reason, Date Agreed, Phone",
    "single-person-discount": "Account, Liable Party, Property Address, Postcode, UPRN, From",
    "council-tax": "Account No, Liable Name 1, Liable Name 2, Address, Pcode, UPRN, Band, Occupied From, Exemption, "
    "Extract Date",
    "open-register": "Elector Number, Elector Surname, Elector Forename, Address 1, Address 2, Address 3, Postcode, "
    "Date of Attainment, Published On",
    "shielding": "Timestamp, Reference, LocalAuthorityDistrict, FirstName, LastName, Address1, Address2, Address3, "
    "Address4, Address5, Postcode, Phone, Mobile, Email, ReceivedLetter, MedicalConditions, NHSNumber, ID, DateOfBirth, "
    "EssentialSupplies, DietaryRequirements, BasicCareNeedsMet, CarrySupplies",
}


@pytest.mark.parametrize("source", COLUMNS)
def test_columns_are_exactly_those_agreed(extracts, source):
    assert extracts[source].table.columns == COLUMNS[source].split(", ")


@pytest.mark.parametrize(
    ("source", "column", "pattern"),
    [
        ("adult-social-care", "Date of Birth", r"^\d{2}/\d{2}/\d{4}$"),
        ("adult-social-care", "Extract Date", r"^16/11/2026$"),
        ("adult-social-care", "Lives Alone", r"^[YN]$"),
        ("adult-social-care", "Restricted", r"^[YN]$"),
        ("adult-social-care", "Service", r"^(Home care|Day care|Direct payment|Reablement|Residential care)$"),
        (
            "adult-social-care",
            "Support Reason",
            r"^(Physical support|Sensory support: (sight|hearing)|Memory and cognition|Learning disability|Mental health)$",
        ),
        (
            "adult-social-care",
            "Equipment",
            r"^(Oxygen concentrator|Hoist|Wheelchair|Pendant alarm|Hospital bed)(; (Hoist|Wheelchair|Pendant alarm|Hospital bed))*$",
        ),
        ("social-housing", "Tenant 1", r"^[^a-z]+, (Mr|Mrs|Miss|Ms|Dr|Master) \S+"),
        ("social-housing", "Scheme Type", r"^(General needs|Sheltered|Refuge)$"),
        (
            "social-housing",
            "Adaptations",
            r"^(Wheelchair access|Level access shower|Stairlift)(; (Level access shower|Stairlift))*$",
        ),
        ("assisted-bins", "Date Agreed", r"^\d{2}-[A-Z][a-z]{2}-\d{2}$"),
        ("assisted-bins", "Name", r"^(Mr|Mrs|Miss|Ms|Dr) \S \S"),
        ("assisted-bins", "Reason", r"^(Frailty|Mobility|Wheelchair user|Sight loss|Temporary injury|Other)$"),
        ("single-person-discount", "Liable Party", r"^(MR|MRS|MISS|MS|DR) \S \S"),
        ("single-person-discount", "From", r"^\d{4}-\d{2}-\d{2}$"),
        ("council-tax", "Occupied From", r"^\d{2}/\d{2}/\d{4}$"),
        ("council-tax", "Exemption", r"^Class (F deceased|M student|U severe mental impairment)$"),
        ("council-tax", "Band", r"^[A-H]$"),
        ("open-register", "Elector Number", r"^[TR][A-Z]\d+$"),
        ("shielding", "Timestamp", r"^2026-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"),
        ("shielding", "DateOfBirth", r"^\d{4}-\d{2}-\d{2}$"),
        ("shielding", "EssentialSupplies", r"^(Yes|No)$"),
        ("shielding", "LocalAuthorityDistrict", r"^E08000009$"),
    ],
)
def test_values_are_written_as_their_owner_writes_them(extracts, source, column, pattern):
    values = extracts[source].table[column].drop_nulls()
    assert len(values) > 0
    assert values.filter(~values.str.contains(pattern)).to_list() == []


@pytest.mark.parametrize("source", ["council-tax", "single-person-discount", "assisted-bins", "open-register"])
def test_four_registers_hold_no_birth_dates(extracts, source):
    assert not [
        column for column in extracts[source].table.columns if "birth" in column.lower() or "dob" in column.lower()
    ]


@pytest.mark.parametrize("source", ["assisted-bins", "open-register", "shielding"])
def test_three_registers_hold_no_property_number(extracts, source):
    assert not [column for column in extracts[source].table.columns if "uprn" in column.lower() or "Property" in column]


@pytest.mark.parametrize(
    ("source", "column", "least", "most"),
    [
        ("adult-social-care", "UPRN", 0.08, 0.17),
        ("adult-social-care", "NHS Number", 0.05, 0.14),
        ("social-housing", "Property Ref", 0.03, 0.10),
        ("council-tax", "UPRN", 0.02, 0.04),
        ("single-person-discount", "UPRN", 0.03, 0.07),
        ("open-register", "Postcode", 0.002, 0.012),
        ("assisted-bins", "Phone", 0.05, 0.3),
    ],
)
def test_keys_are_missing_about_as_often_as_in_life(extracts, source, column, least, most):
    values = extracts[source].table[column]
    assert least < values.is_null().mean() < most


@pytest.mark.parametrize(
    ("source", "share_of", "least", "most"),
    [
        ("council-tax", "homes", 0.93, 1.02),
        ("single-person-discount", "homes", 0.24, 0.36),
        ("assisted-bins", "homes", 0.010, 0.020),
        ("social-housing", "homes", 0.08, 0.20),
        ("open-register", "people", 0.26, 0.34),
        ("shielding", "people", 0.025, 0.06),
        ("adult-social-care", "people", 0.014, 0.03),
    ],
)
def test_registers_are_about_as_long_as_in_life(middling, extracts, source, share_of, least, most):
    whole = len(middling.homes) if share_of == "homes" else len(middling.people)
    assert least < len(extracts[source].table) / whole < most


def test_some_couples_share_a_line(extracts):
    names = extracts["council-tax"].table["Liable Name 1"].drop_nulls()
    joint = names.str.contains(r"^MR & MRS \S \S")
    assert 0.05 < joint.mean() < 0.3
    shared = extracts["council-tax"].table.filter(pl.col("Liable Name 1").str.contains("&"))
    assert shared["Liable Name 2"].null_count() == len(shared)


def test_accounts_of_empty_homes_name_nobody(extracts):
    nameless = extracts["council-tax"].table.filter(pl.col("Liable Name 1").is_null())
    assert len(nameless) > 10
    assert nameless["Account No"].is_in(extracts["council-tax"].truth["key"].implode()).sum() == 0


def test_the_shielding_file_repeats_people_in_no_order(extracts):
    table = extracts["shielding"].table
    assert table["ID"].n_unique() < len(table)
    assert not table["Timestamp"].is_sorted()


def test_an_attainer_is_seventeen(extracts, middling):
    attainers = extracts["open-register"].table.filter(pl.col("Date of Attainment").is_not_null())
    about = attainers.join(extracts["open-register"].truth, left_on="Elector Number", right_on="key")
    ages = about.join(middling.people, on="person_id")
    assert len(ages) > 10
    assert set(ages["age"]) == {17}
    days = ages["Date of Attainment"].str.to_date("%d/%m/%Y")
    assert (days > TODAY).all()


@pytest.mark.parametrize(
    ("source", "column", "fault"),
    [
        ("adult-social-care", "Date of Birth", "01/01/1900"),
        ("shielding", "DateOfBirth", "1900-01-01"),
        ("open-register", "Postcode", "ZZ9 9ZZ"),
        ("council-tax", "Pcode", "ZZ9 9ZZ"),
    ],
)
def test_planted_faults_are_there_but_few(extracts, source, column, fault):
    assert 0 < (extracts[source].table[column] == fault).sum() < 0.02 * len(extracts[source].table)


def test_some_days_do_not_exist(whole):
    care = draw_extracts(whole, seed=11, today=TODAY)[0].table
    assert (care["Date of Birth"] == "31/02/1950").sum() > 0
    assert (care["Date of Death"] == "31/02/2026").sum() > 0


def test_a_few_nhs_numbers_fail_their_check_digit(extracts, middling):
    care = extracts["adult-social-care"]
    held = care.table.join(care.truth, left_on="Person ID", right_on="key").join(middling.people, on="person_id")
    given = held.drop_nulls("NHS Number")
    assert 0 < (given["NHS Number"] != given["nhs_number"]).sum() < 0.02 * len(given)


def test_some_addresses_and_some_names_are_written_badly(extracts, middling):
    tax = extracts["council-tax"]
    held = tax.table.join(tax.truth, left_on="Account No", right_on="key").join(middling.people, on="person_id")
    placed = held.join(middling.homes.select("uprn", "address"), on="uprn")
    bad_address = placed["Address"] != placed["address"].str.to_uppercase()
    assert 0.005 < bad_address.mean() < 0.12
    named = placed.filter(~pl.col("Liable Name 1").str.contains("&"))
    bad_name = ~named.select(pl.col("Liable Name 1").str.ends_with(pl.col("family").str.to_uppercase())).to_series()
    assert 0.003 < bad_name.mean() < 0.05


def test_some_people_are_listed_where_they_used_to_live(extracts, middling):
    register = extracts["open-register"]
    about = register.truth.join(middling.people, on="person_id").join(
        register.table.select(key="Elector Number", postcode="Postcode"), on="key"
    )
    placed = about.join(middling.homes.select("uprn", now="postcode"), on="uprn").drop_nulls("postcode")
    stale = placed.filter((pl.col("postcode") != pl.col("now")) & (pl.col("postcode") != "ZZ9 9ZZ"))
    former = stale.join(middling.homes.select(former_uprn="uprn", then="postcode"), on="former_uprn")
    assert 0 < len(stale) < 0.03 * len(placed)
    assert (former["postcode"] == former["then"]).all()


# Truth


def test_every_row_with_a_name_has_its_truth(extracts):
    keys = {
        "adult-social-care": "Person ID", "social-housing": "Tenancy Ref", "assisted-bins": "Ref", "shielding": "ID",
        "single-person-discount": "Account", "council-tax": "Account No", "open-register": "Elector Number",
    }  # fmt: skip
    for source, key in keys.items():
        named = extracts[source].table
        if source == "council-tax":
            named = named.filter(pl.col("Liable Name 1").is_not_null())
        first = extracts[source].truth.filter(~pl.col("key").str.ends_with(":2"))
        assert set(first["key"]) == set(named[key]), source


def test_the_truth_names_each_record_once_and_only_real_people(extracts, middling):
    truth = tell_truth(list(extracts.values()))
    assert truth.columns == ["record_id", "person_id"]
    assert truth["record_id"].n_unique() == len(truth)
    assert truth["person_id"].is_in(middling.people["person_id"].implode()).all()


def test_second_people_have_keys_of_their_own(extracts):
    tax = extracts["council-tax"]
    seconds = tax.truth.filter(pl.col("key").str.ends_with(":2")).with_columns(pl.col("key").str.strip_suffix(":2"))
    rows = tax.table.join(seconds, left_on="Account No", right_on="key")
    assert (
        rows.select(pl.col("Liable Name 2").is_not_null() | pl.col("Liable Name 1").str.contains("&")).to_series().all()
    )


# The planted


def rows_about(extracts, source: str, person_id: str, key: str) -> pl.DataFrame:
    extract = extracts[source]
    keys = extract.truth.filter(pl.col("person_id") == person_id)["key"].str.strip_suffix(":2")
    return extract.table.filter(pl.col(key).is_in(keys.implode()))


def sources_naming(extracts, person_id: str) -> set[str]:
    return {source for source, extract in extracts.items() if person_id in set(extract.truth["person_id"])}


def test_the_person_who_fled_is_restricted_in_social_care_at_her_new_home(extracts, middling):
    row = rows_about(extracts, "adult-social-care", middling.planted.fled, "Person ID").row(0, named=True)
    assert row["Restricted"] == "Y"
    assert row["UPRN"] == middling.planted.fled_home
    assert "Wheelchair" in row["Equipment"]


def test_only_social_care_knows_her_new_home(extracts, middling):
    planted = middling.planted
    assert sources_naming(extracts, planted.fled) == {"adult-social-care", "council-tax", "single-person-discount"}
    for source, key in (("council-tax", "Account No"), ("single-person-discount", "Account")):
        rows = rows_about(extracts, source, planted.fled, key)
        assert set(rows["UPRN"]) == {planted.fled_from}


def test_the_refuge_is_in_the_landlords_file_by_name(extracts, middling):
    planted = middling.planted
    refuge = extracts["social-housing"].table.filter(pl.col("Scheme Type") == "Refuge")
    assert len(refuge) == 3
    assert set(refuge["Property Ref"]) == {planted.refuge_home}
    assert refuge["Property Address"].str.starts_with(f"{planted.refuge_name}, ").all()


def test_nobody_else_knows_who_lives_in_the_refuge(extracts, middling):
    for person in middling.planted.refuge:
        assert sources_naming(extracts, person) <= {"social-housing", "council-tax"}
        rows = rows_about(extracts, "council-tax", person, "Account No")
        assert middling.planted.refuge_home not in set(rows["UPRN"])


def test_the_refuges_name_stands_in_one_file_only(extracts, middling):
    for source, extract in extracts.items():
        found = middling.planted.refuge_name.upper() in extract.table.write_csv().upper()
        assert found == (source == "social-housing")


def test_the_caution_and_the_objection_are_in_social_care(extracts, middling):
    caution = rows_about(extracts, "adult-social-care", middling.planted.caution, "Person ID").row(0, named=True)
    objector = rows_about(extracts, "adult-social-care", middling.planted.objector, "Person ID").row(0, named=True)
    assert caution["Caution Note"] == "Attend in pairs"
    assert caution["Caution Review"]
    assert objector["Objection Date"]
    assert "Oxygen concentrator" in objector["Equipment"]


def test_the_dead_person_is_dead_in_social_care_and_alive_elsewhere(extracts, middling):
    dead = middling.planted.dead
    assert rows_about(extracts, "adult-social-care", dead, "Person ID")["Date of Death"].null_count() == 0
    tax = rows_about(extracts, "council-tax", dead, "Account No")
    assert len(tax) == 1
    assert tax["Exemption"].null_count() == 1
    assert len(rows_about(extracts, "assisted-bins", dead, "Ref")) == 1


def test_the_twins_are_in_social_care_with_one_birth_date(extracts, middling):
    births = {
        rows_about(extracts, "adult-social-care", twin, "Person ID").row(0, named=True)["Date of Birth"]
        for twin in middling.planted.twins
    }
    assert len(births) == 1


def test_father_and_son_are_two_tenants_with_one_name_and_two_birth_dates(extracts, middling):
    father, son = middling.planted.name_sharers
    (tenancy,) = rows_about(extracts, "social-housing", father, "Tenancy Ref").iter_rows(named=True)
    assert tenancy["Tenancy Ref"] + ":2" in set(
        extracts["social-housing"].truth.filter(pl.col("person_id") == son)["key"]
    )
    assert tenancy["Tenant 1"] == tenancy["Tenant 2"]
    assert tenancy["Tenant 1 DOB"] < tenancy["Tenant 2 DOB"]


# Files


def test_the_same_seed_writes_the_same_tables(small):
    one, other = (draw_extracts(small, seed=5, today=TODAY) for _ in range(2))
    for left, right in zip(one, other, strict=True):
        assert_frame_equal(left.table, right.table)
        assert_frame_equal(left.truth, right.truth)


def test_another_seed_makes_other_mistakes(small):
    one, other = (draw_extracts(small, seed=seed, today=TODAY)[5] for seed in (5, 6))
    assert not one.table.equals(other.table)


@pytest.fixture(scope="module")
def written(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return folder, write(small, folder / "extracts", seed=5, today=TODAY)


def test_seven_files_and_the_truth_are_written(written):
    folder, report = written
    assert {path.name for path in (folder / "extracts").iterdir()} == {form.file_name for form in FORMS}
    assert report.truth == folder / "truth.parquet"
    assert pl.read_parquet(report.truth)["record_id"].str.contains(":").all()


@pytest.mark.parametrize(
    ("file_name", "encoding", "delimiter"),
    [
        ("adult-social-care.csv", "utf-8-sig", ","),
        ("assisted-bins.csv", "cp1252", ","),
        ("single-person-discount.csv", "utf-8", ";"),
        ("council-tax.csv", "cp1252", ","),
        ("open-register.csv", "utf-8", ","),
        ("shielding.csv", "utf-8", ","),
    ],
)
def test_each_file_reads_in_its_own_encoding_and_delimiter(written, file_name, encoding, delimiter):
    folder, report = written
    text = (folder / "extracts" / file_name).read_bytes().decode(encoding)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    source = file_name.removesuffix(".csv")
    assert rows[0] == COLUMNS[source].split(", ")
    assert len(rows) - 1 == report.rows[source]
    assert {len(row) for row in rows} == {len(rows[0])}


def test_social_care_begins_with_a_byte_order_mark(written):
    folder, _ = written
    assert (folder / "extracts" / "adult-social-care.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_workbook_has_title_rows_real_dates_and_merged_cells(written):
    folder, report = written
    sheet = CalamineWorkbook.from_path(folder / "extracts" / "social-housing.xlsx").get_sheet_by_name(HOUSING_SHEET)
    rows = sheet.to_python()
    assert rows[2] == COLUMNS["social-housing"].split(", ")
    assert len(rows) - 3 == report.rows["social-housing"]
    assert isinstance(rows[3][2], date)
    assert len(sheet.merged_cell_ranges) == 2


@pytest.mark.parametrize(
    ("name", "written_as"),
    [("Zoë", b"Zo\xeb"), ("Wiśniewski", b"Wisniewski"), ("Michał", b"Michal"), ("Ştefan", b"Stefan")],
)
def test_an_old_encoding_keeps_the_accents_it_has_and_drops_the_rest(name, written_as):
    form = Form("old.csv", lambda scene: scene, "cp1252")
    assert encode(pl.DataFrame({"Name": [name]}), form) == b"Name\r\n" + written_as + b"\r\n"
