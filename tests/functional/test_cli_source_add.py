"""`wardkeeper source add`: from a file nobody has a contract for to a draft that a person confirms. No value is shown."""

import io
import json

import pyarrow as pa
import pytest
from pyarrow import parquet

from command_line import run_here
from table_files import make_ods, make_xls, make_xlsx, make_zip

ANALYST = ("--as", "analyst@trafford.example")
ROWS = [
    ["Ref", "Family Name", "DOB", "NHS", "Mobile"],
    ["K-1", "Wojciechowska", "03/07/1941", "9434765919", "07700 900456"],
    ["K-2", "Oyelaran", "14/12/1938", "4010232137", "07700 900457"],
]
CSV = "\n".join(",".join(row) for row in ROWS) + "\n"
SECRETS = [cell for row in ROWS[1:] for cell in row]


def make_parquet():
    content = io.BytesIO()
    parquet.write_table(pa.table({name: [row[at] for row in ROWS[1:]] for at, name in enumerate(ROWS[0])}), content)
    return content.getvalue()


FILES = {
    "csv": CSV.encode(),
    "csv in UTF-16": CSV.encode("utf-16"),
    "csv with a title": f"The club's members\n\n{CSV}".encode(),
    "tabs": CSV.replace(",", "\t").encode(),
    "xlsx": make_xlsx({"Notes": [["Read me"]], "Data": ROWS}),
    "xls": make_xls({"Data": ROWS}),
    "ods": make_ods({"Data": [["The club's members"], *ROWS]}),
    "jsonl": b"".join(json.dumps(dict(zip(ROWS[0], row, strict=True))).encode() + b"\n" for row in ROWS[1:]),
    "parquet": make_parquet(),
    "zip": make_zip({"members.csv": CSV, "read me.pdf": b"%PDF"}),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_the_same_suggestions_from_every_kind_of_file_and_no_value_in_them(content, authority, tmp_path):
    file = tmp_path / "received"
    file.write_bytes(content)
    ran = run_here("source", "add", file, "--name", "lunch-club", "--json", *ANALYST, folder=authority)
    assert ran.code == 0, ran.err
    assert [(one["column"], one["meaning"], one["sure"], one["form"]) for one in ran.answer["columns"]] == [
        ("Ref", "key", "sure", None),
        ("Family Name", "family", "sure", None),
        ("DOB", "birth-date", "sure", "dd/mm/yyyy"),
        ("NHS", "nhs-number", "sure", None),
        ("Mobile", "phone", "sure", None),
    ]
    text = (authority / "sources" / "lunch-club.toml").read_text("utf-8")
    assert text == ran.answer["draft"]
    assert [secret for secret in SECRETS if secret in ran.out + ran.err] == []


def test_from_the_draft_to_a_check_of_the_file(authority, tmp_path):
    """A person fills in the draft, and the contract reads the very file it was made from."""
    file = tmp_path / "received.zip"
    file.write_bytes(FILES["zip"])
    ran = run_here("source", "add", file, "--name", "lunch-club", "--title", "Lunch club", *ANALYST, folder=authority)
    assert ran.code == 0, ran.err
    assert "What 5 columns seem to hold, by 2 rows" in ran.out
    assert "it is refused until each line is confirmed" in ran.words
    text = (authority / "sources" / "lunch-club.toml").read_text("utf-8")
    assert 'packed = "zip"' in text
    assert 'title = "Lunch club"' in text
    assert text.count("confirmed = false") == 6


def test_a_draft_never_writes_over_a_contract(authority, tmp_path):
    file = tmp_path / "received.csv"
    file.write_text(CSV, "utf-8")
    before = (authority / "sources" / "council-tax.toml").read_text("utf-8")
    ran = run_here("source", "add", file, "--name", "council-tax", *ANALYST, folder=authority)
    assert (ran.code, "There is a source called “council-tax” already." in ran.words) == (4, True)
    assert (authority / "sources" / "council-tax.toml").read_text("utf-8") == before
    for code in (0, 4):
        assert run_here("source", "add", file, "--name", "lunch-club", *ANALYST, folder=authority).code == code


REFUSED = {
    "no heading": (CSV.partition("\n")[2].encode(), "No row of the file is sure to be its heading."),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "It is not known what the file is."),
    "a PDF": (b"%PDF-1.7", "The file is a PDF."),
    "nothing": (b"", "The file is empty. Ask for it again."),
    "a heading alone": (b"Surname,Forename\n", "The file has no rows."),
    "two files in a ZIP": (make_zip({"a.csv": CSV, "b.csv": CSV}), "The ZIP does not hold exactly one file"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_looked_at_is_said_without_a_value(content, message, authority, tmp_path):
    file = tmp_path / "received"
    file.write_bytes(content)
    ran = run_here("source", "add", file, "--name", "lunch-club", *ANALYST, folder=authority)
    assert ran.code == 4
    assert message in ran.words
    assert [secret for secret in SECRETS if secret in ran.out + ran.err] == []
    assert not (authority / "sources" / "lunch-club.toml").exists()


def test_a_few_nested_values_drop_no_column_and_are_told(authority, tmp_path):
    lines = [{"Surname": "Ng", "Phone": "0161 496 0001", "Tags": ["a"]} for _ in range(9)]
    lines[4]["Phone"] = {"home": "0161 496 0002"}
    file = tmp_path / "received"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    ran = run_here("source", "add", file, "--name", "lunch-club", "--json", *ANALYST, folder=authority)
    assert [one["column"] for one in ran.answer["columns"]] == ["Surname", "Phone"]
    assert ran.answer["problems"] == [
        "Phone holds a list or an object in 1 line, which would be held back: ask for it flat",
        "Tags holds lists or objects: ask for it flat",
    ]


def test_a_person_may_say_where_the_heading_is(authority, tmp_path):
    file = tmp_path / "received.csv"
    file.write_bytes(b"x\nColour,Kind\nred,a\n")
    ran = run_here("source", "add", file, "--name", "colours", "--heading", "2", "--json", *ANALYST, folder=authority)
    assert [one["column"] for one in ran.answer["columns"]] == ["Colour", "Kind"]


def test_only_those_who_may_load_may_look(authority, tmp_path):
    file = tmp_path / "received.csv"
    file.write_text(CSV, "utf-8")
    ran = run_here("source", "add", file, "--name", "lunch-club", "--as", "crew@gm-fire.example", folder=authority)
    assert ran.code == 3
    assert not (authority / "sources" / "lunch-club.toml").exists()


def test_the_suggestions_for_a_real_extract_agree_with_its_contract(authority):
    """Every column whose meaning the contract names is suggested so."""
    ran = run_here(
        "source", "add", authority / "extracts" / "adult-social-care.csv", "--name", "care-again", "--json",
        *ANALYST, folder=authority,
    )  # fmt: skip
    found = {one["column"]: one["meaning"] for one in ran.answer["columns"]}
    told = {name: found[name] for name in ("Person ID", "Surname", "Forename", "Date of Birth", "NHS Number", "UPRN")}
    assert list(told.values()) == ["key", "family", "given", "birth-date", "nhs-number", "uprn"]
    assert found["Date of Death"] == "died-on"
