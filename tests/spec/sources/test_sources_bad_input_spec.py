"""What is said and done about files that are not as promised. Nothing here loads half of something in silence."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import xlsxwriter
from small_town import EXTRACTED, counts, read_contract, rules, send, standardise_bytes, to_csv

from wardkeeper.adapters.sheet_extent import check_extent
from wardkeeper.adapters.tables import read_table
from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources import sequence
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.sequence import Step

CARE = read_contract("adult-social-care")
BINS = read_contract("assisted-bins")
HOUSING = read_contract("social-housing")

JANE = {
    "Person ID": "A1",
    "Surname": "Smith",
    "Forename": "Jane",
    "Date of Birth": "01/02/1950",
    "NHS Number": "943 476 5919",
    "UPRN": "9001",
    "Address": "1 High Street, Sale",
    "Postcode": "M33 1AA",
    "Telephone": "0161 496 0001",
    "Service": "Home care",
    "Extract Date": "20/11/2026",
}
AMIR = JANE | {
    "Person ID": "A2",
    "Surname": "Khan",
    "Forename": "Amir",
    "NHS Number": "",
    "UPRN": "9002",
    "Address": "2 High Street",
}

WHOLE = to_csv(CARE, [JANE, AMIR])
LAST = WHOLE.rindex("A2")

REFUSED = {
    "an empty file": (b"", "The file is empty.", "empty-file"),
    "a file of blanks": (b"\r\n \r\n", "The file is empty.", "empty-file"),
    "a heading and no rows": (to_csv(CARE, []).encode(), "The file has a heading and no rows.", "empty-file"),
    "another file": (b"Fruit,Price\npear,2\n", "None of the promised columns is in the file.", "wrong-columns"),
    "a column renamed": (
        WHOLE.replace("NHS Number", "NHS No").encode(),
        "The file has no column NHS Number.",
        "wrong-columns",
    ),
    "two columns renamed": (
        WHOLE.replace("NHS Number", "NHS No").replace("UPRN", "Property").encode(),
        "The file has no column NHS Number or UPRN.",
        "wrong-columns",
    ),
    "a column twice": (
        WHOLE.replace("Language", "Surname").encode(),
        "The file has no column Language.",
        "wrong-columns",
    ),
    "half a file: the last row is cut": (
        WHOLE[: LAST + 20].encode(),
        "The file stops in the middle of row 2.",
        "half-a-file",
    ),
    "half a file: a quotation mark stays open": (
        WHOLE[: WHOLE.rindex('"')].encode(),
        "A quotation mark is opened and never closed, so the file stops in the middle of a row.",
        "half-a-file",
    ),
    "a spreadsheet where CSV was promised": (
        b"PK\x03\x04 and so on",
        "The file is a spreadsheet, and the contract says CSV.",
        "format",
    ),
    "a picture": (b"\x89PNG\x00\x00", "The file is not text.", "format"),
}


@pytest.mark.parametrize(("content", "message", "rule"), REFUSED.values(), ids=REFUSED)
def test_refused_as_a_whole(content, message, rule):
    with pytest.raises(BadInput) as caught:
        read_table(content, CARE.file)
    assert caught.value.message == message
    assert caught.value.where.rule == rule


def test_the_whole_file_is_taken():
    done = standardise_bytes(WHOLE.encode(), CARE)
    assert counts(done) == (2, 2, 0, 0)
    assert done.notes == []


def test_a_row_with_too_few_or_too_many_cells_is_held_back_and_the_others_load():
    content = WHOLE + "A3,Short\n" + to_csv(CARE, [JANE]).splitlines()[1].replace("A1", "A4") + ",extra\n"
    done = standardise_bytes(content.encode(), CARE)
    assert counts(done) == (4, 2, 0, 2)
    assert done.quarantined.select("row", "rule").rows() == [(3, "too-few-cells"), (4, "too-many-cells")]


def test_two_encodings_in_one_file():
    """Two rows in Windows-1252 and one pasted in as UTF-8: the odd one is held back, its letters not guessed at."""
    rows = [
        {"Ref": f"B{n}", "Name": name, "Post Code": "M33 1AA"}
        for n, name in enumerate(("Ms Zoë Day", "Mr José Paz", "Ms Renée Fox"))
    ]
    lines = to_csv(BINS, rows).splitlines(keepends=True)
    content = b"".join(
        [lines[0].encode(), lines[1].encode("cp1252"), lines[2].encode("utf-8"), lines[3].encode("cp1252")]
    )
    done = standardise_bytes(content, BINS)
    assert counts(done) == (3, 2, 0, 1)
    assert done.quarantined.select("row", "rule", "reason").row(0) == (
        2,
        "unreadable-letters",
        "The row is written in another encoding than the rest of the file, so its letters cannot be trusted.",
    )
    assert done.records["name_original"].to_list() == ["Ms Zoë Day", "Ms Renée Fox"]
    assert "1 lines are in another encoding and were held back" in done.report.assumed


def workbook(*, sheet="Tenancies", heading=HOUSING.file.columns):
    """Two title rows with merged cells, a blank one, the heading, and a tenancy with a real Excel date."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    page.merge_range(0, 0, 0, 12, "Tenancies of the housing partner")
    page.merge_range(1, 0, 1, 12, "OFFICIAL-SENSITIVE")
    page.write_row(3, 0, heading)
    page.write_row(
        4, 0, ["T1", "SMITH, Mrs Jane", "", "", "", 9001, "1 High Street, Sale, M33 1AA", "Sheltered", "Stairlift", 0]
    )
    page.write_datetime(4, 2, datetime(1950, 2, 1), day)  # noqa: DTZ001 - a spreadsheet's day has no time zone
    page.write_row(
        5, 0, ["T2", "KHAN, Mr Amir", "31/02/1960", "KHAN, Mrs Sara", "", 9002, "2 High Street, Sale, M33 1AA"]
    )
    page.write_row(6, 0, ["T3", "DOE, Ms Ann", "", "", "", 9003, "=HYPERLINK(0)", "General needs"])
    page.write_string(6, 6, "=cmd|'/C calc'!A0")
    book.close()
    return content.getvalue()


def test_a_spreadsheet_with_title_rows_and_merged_cells():
    done = standardise_bytes(workbook(), HOUSING)
    assert done.records["name_original"].to_list() == [
        "SMITH, Mrs Jane",
        "KHAN, Mr Amir",
        "KHAN, Mrs Sara",
        "DOE, Ms Ann",
    ]
    jane = done.records.row(0, named=True)
    assert (jane["birth_date"], jane["uprn"], jane["postcode"]) == (date(1950, 2, 1), "9001", "M33 1AA")
    assert "3 rows above the heading were titles" in done.report.assumed


def test_a_formula_in_a_spreadsheet_stays_text():
    assert standardise_bytes(workbook(), HOUSING).records["address_original"][3] == "=cmd|'/C calc'!A0"


SPREADSHEETS = {
    "another sheet": (workbook(sheet="Sheet1"), "The spreadsheet has no sheet Tenancies; it has Sheet1."),
    "cut off": (workbook()[:400], "The spreadsheet cannot be read; it may be damaged, be cut off"),
    "no such column": (workbook(heading=("Tenancy Ref", "Tenant 1")), "The file has no column Tenant 1 DOB, Tenant 2"),
}


@pytest.mark.parametrize(("content", "message"), SPREADSHEETS.values(), ids=SPREADSHEETS)
def test_a_spreadsheet_that_is_refused(content, message):
    with pytest.raises(BadInput) as caught:
        read_table(content, HOUSING.file)
    assert caught.value.message.startswith(message)


def test_a_spreadsheet_that_unpacks_to_far_more_than_its_size():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(BadInput, match="unpacks to far more than its size"):
        check_extent(bomb.getvalue())


REPAIRED = {
    "31 February": ({"Date of Birth": "31/02/1950"}, "Date of Birth", "impossible-date", "birth_date"),
    "month first": ({"Date of Birth": "02/28/1950"}, "Date of Birth", "impossible-date", "birth_date"),
    "1 January 1900": ({"Date of Birth": "01/01/1900"}, "Date of Birth", "stand-in-date", "birth_date"),
    "born tomorrow": ({"Date of Birth": "21/11/2026"}, "Date of Birth", "future-date", "birth_date"),
    "a bad check digit": ({"NHS Number": "943 476 5918"}, "NHS Number", "bad-nhs-number", "nhs_number"),
    "a telephone too short": ({"Telephone": "496 0001"}, "Telephone", "bad-phone", "phone"),
    "an e-mail without a dot": ({"Email": "jane@home"}, "Email", "bad-email", "email"),
    "a postcode of no shape": ({"Postcode": "SALE"}, "Postcode", "bad-postcode", "postcode"),
    "a UPRN of letters": ({"UPRN": "none"}, "UPRN", "bad-uprn", "uprn"),
    "a UPRN not on the list": ({"UPRN": "77"}, "UPRN", "unknown-uprn", "uprn"),
    "a UPRN of next door": ({"UPRN": "9002"}, "UPRN", "uprn-disagrees", "uprn"),
}


@pytest.mark.parametrize(("change", "column", "rule", "emptied"), REPAIRED.values(), ids=REPAIRED)
def test_a_row_with_a_broken_value_is_loaded_without_it(change, column, rule, emptied):
    done = send("adult-social-care", [JANE | change])
    assert counts(done) == (1, 0, 1, 0)
    assert [(note.row, note.column, note.rule.value) for note in done.notes] == [(1, column, rule)]
    assert done.records[emptied].to_list() == [None]
    assert all(value not in note.reason for note in done.notes for value in change.values())


def test_an_unknown_postcode_is_kept_and_noted():
    done = send("adult-social-care", [JANE | {"Postcode": "ZZ1 1ZZ", "UPRN": "", "Address": "9 Lost Lane"}])
    assert counts(done) == (1, 0, 1, 0)
    assert rules(done) == ["unknown-postcode"]
    assert done.records.select("postcode", "home_match").row(0) == ("ZZ1 1ZZ", "new")


HELD = {
    "nobody is named": ({"Surname": "", "Forename": ""}, "Surname", "no-name"),
    "the occupier": ({"Surname": "The Occupier", "Forename": ""}, "Surname", "no-name"),
    "died on 31 February": ({"Date of Death": "31/02/2026"}, "Date of Death", "unreadable-marking"),
    "died tomorrow": ({"Date of Death": "21/11/2026"}, "Date of Death", "unreadable-marking"),
    "objected at some time": ({"Objection Date": "yes"}, "Objection Date", "unreadable-marking"),
}


@pytest.mark.parametrize(("change", "column", "rule"), HELD.values(), ids=HELD)
def test_a_row_that_a_person_must_look_at_is_held_back(change, column, rule):
    done = send("adult-social-care", [JANE | change, AMIR])
    assert counts(done) == (2, 1, 0, 1)
    assert done.records["family"].to_list() == ["KHAN"]
    held = done.quarantined.row(0, named=True)
    assert (held["row"], held["column"], held["rule"]) == (1, column, rule)
    assert '"Person ID":"A1"' in held["content"]


def delivered(day, *, source="adult-social-care", sha256="aa", rows=100):
    return Delivery(
        id="dlv-0",
        source=source,
        file_name="file.csv",
        sha256=sha256,
        extracted_on=day,
        received_at=datetime(2026, 11, 20, tzinfo=UTC),
        rows=rows,
        loaded=rows,
        repaired=0,
        quarantined=0,
        records=rows,
    )


def test_the_same_file_twice_loads_nothing():
    step = sequence.check("aa", EXTRACTED, [delivered(EXTRACTED)], CARE)
    assert step.step is Step.NOTHING
    assert step.reason == "This very file has been loaded before: nothing was loaded."


def test_the_same_file_is_read_anew_by_a_contract_that_came_into_force_since():
    received = delivered(EXTRACTED).received_at
    step = sequence.check("aa", EXTRACTED, [delivered(EXTRACTED)], CARE, amended_at=received + timedelta(seconds=1))
    assert step.step is Step.LOAD
    assert step.reason == "It was loaded before, by an earlier contract: it is read anew."
    for earlier in (received, received - timedelta(days=1)):
        assert sequence.check("aa", EXTRACTED, [delivered(EXTRACTED)], CARE, amended_at=earlier).step is Step.NOTHING


def test_a_file_read_anew_never_takes_the_place_of_a_newer_one():
    both = [delivered(date(2026, 11, 13)), delivered(EXTRACTED, sha256="bb")]
    step = sequence.check("aa", date(2026, 11, 13), both, CARE, amended_at=datetime(2026, 11, 21, tzinfo=UTC))
    assert step.step is Step.RECORD


def test_another_sources_file_is_no_repeat():
    assert sequence.check("aa", EXTRACTED, [delivered(EXTRACTED, source="open-register")], CARE).step is Step.LOAD


def test_a_newer_file_loads():
    assert sequence.check("bb", EXTRACTED, [delivered(date(2026, 11, 13))], CARE) == sequence.NextStep(Step.LOAD)


def test_an_older_file_after_a_newer_is_recorded_and_changes_nothing():
    step = sequence.check("bb", date(2026, 11, 13), [delivered(EXTRACTED)], CARE)
    assert step.step is Step.RECORD
    assert step.reason == (
        "The file is of 2026-11-13, and a newer one, of 2026-11-20, is loaded already: this one is recorded, and nothing "
        "that is in use was changed."
    )


def test_an_older_file_of_a_cumulative_source_is_merged():
    shielding = read_contract("shielding")
    step = sequence.check("bb", date(2026, 11, 13), [delivered(EXTRACTED, source="shielding")], shielding)
    assert step.step is Step.MERGE
    assert step.reason == "A newer file, of 2026-11-20, is loaded already: what is newer stays."


def test_half_a_file_with_a_clean_end_is_told_by_its_size():
    with pytest.raises(BadInput) as caught:
        sequence.check_size(49, [delivered(EXTRACTED)], CARE)
    assert caught.value.message == "The file has 49 rows, and the one of 2026-11-20 had 100: it may be half a file."
    sequence.check_size(50, [delivered(EXTRACTED)], CARE)
    sequence.check_size(49, [delivered(EXTRACTED)], CARE, expected=True)
    sequence.check_size(1, [], CARE)


def test_a_contract_may_say_the_encoding():
    told = replace(BINS, file=replace(BINS.file, encoding="cp1252"))
    content = to_csv(told, [{"Ref": "B1", "Name": "Ms Zoe Day"}]).encode()
    assert "the encoding is Windows-1252: the contract says so" in standardise_bytes(content, told).report.assumed


def test_a_damaged_row_of_a_file_with_another_delimiter_keeps_what_parted_it():
    content = to_csv(CARE, [JANE, AMIR], delimiter=";").encode() + b"A3;Short\n"
    done = standardise_bytes(content, CARE)
    assert json.loads(done.quarantined["content"][0]) == {"row": "A3;Short", "parted by": ";"}
