"""One table in every kind of file, by the command line: checked and loaded alike, and refused where it is another kind."""

import io
import json
import shutil

import pyarrow as pa
import pytest
from pyarrow import parquet

from command_line import run_here
from table_files import make_ods, make_xls, make_xlsx, make_zip
from wardkeeper.bootstrap import open_house, read_drafts
from wardkeeper.demo import cast
from wardkeeper.usecases.found_authority import NewPerson, found

ANALYST = ("--as", cast.ANALYST.login, "--dated", "2026-11-20")

CONTRACT = """
[source]
name = "club-{name}"
title = "Club"
owner = "The club"
contact = "club@example.org"
refresh_days = 7
kind = "full"
[mandate]
id = "standing-club-{name}"
kind = "standing"
title = "Club"
purposes = ["emergency-planning"]
gateways = ["cca-2004"]
starts = 2026-04-01
review_by = 2027-04-01
at_end = "delete"
[file]
{file}
key = ["No"]
[[column]]
name = "No"
as = "key"
[[column]]
name = "Name"
as = "name"
[[column]]
name = "Born"
as = "birth-date"
form = "yyyy-mm-dd"
[[column]]
name = "Postcode"
as = "postcode"
"""

HEADING = ["No", "Name", "Born", "Postcode"]
ROWS = [["1", "Ms Zoë Day", "1950-02-01", "M33 2AA"], ["2", "Mr Amir Khan", "1941-07-03", "M33 2AA"]]
CSV = "\n".join(map(",".join, [HEADING, *ROWS])).encode() + b"\n"
COUNTED = [["Members"], HEADING, [1, "Ms Zoë Day", 18_295, "M33 2AA"], [2, "Mr Amir Khan", 15_160, "M33 2AA"]]
LINES = b"".join(json.dumps(dict(zip(HEADING, row, strict=True))).encode() + b"\n" for row in ROWS)


def make_parquet():
    content = io.BytesIO()
    table = pa.table({name: [row[at] for row in ROWS] for at, name in enumerate(HEADING)})
    numbers = table["No"].cast(pa.int64()).cast(pa.float64())  # as pandas writes a column with gaps
    days = table["Born"].cast(pa.date32())
    parquet.write_table(table.set_column(0, "No", numbers).set_column(2, "Born", days), content)
    return content.getvalue()


FILES = {
    "csv": ('format = "csv"', CSV),
    "xlsx": ('format = "xlsx"', make_xlsx({"Notes": [["Read me"]], "Members": COUNTED})),
    "xls": ('format = "xls"', make_xls({"Members": COUNTED})),
    "ods": ('format = "ods"\nsheet = "Members"', make_ods({"Members": COUNTED, "More": COUNTED})),
    "jsonl": ('format = "jsonl"', LINES),
    "parquet": ('format = "parquet"', make_parquet()),
    "zip": (
        'format = "csv"\npacked = "zip"\ninside = "m*.csv"',
        make_zip({"members.csv": CSV, "codes.csv": b"C\n1\n"}),
    ),
}


@pytest.fixture(scope="module")
def clubs(demonstration, tmp_path_factory):
    """An authority with a contract for each kind of file."""
    folder = tmp_path_factory.mktemp("clubs") / "authority"
    shutil.copytree(demonstration[0], folder, ignore=shutil.ignore_patterns(".wardkeeper", "extracts"))
    for name, (file, _) in FILES.items():
        (folder / "sources" / f"club-{name}.toml").write_text(CONTRACT.format(name=name, file=file), "utf-8")
    found(open_house(folder), "the tests", read_drafts(folder), [NewPerson(cast.ANALYST, "a long enough password")])
    return folder


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_loads_the_same_two_people(name, clubs, tmp_path):
    path = tmp_path / "received"
    path.write_bytes(FILES[name][1])
    checked = run_here("source", "check", path, "--source", f"club-{name}", *ANALYST, folder=clubs)
    loaded = run_here("source", "load", path, "--source", f"club-{name}", "--json", *ANALYST, folder=clubs)
    assert (checked.code, loaded.code) == (0, 0), checked.err + loaded.err
    assert "2 rows = 2 loaded + 0 repaired + 0 held back to fix." in checked.words
    delivery = loaded.answer["delivery"]
    assert (delivery["rows"], delivery["loaded"], delivery["records"]) == (2, 2, 2)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("other", FILES)
def test_a_file_of_another_kind_is_refused_with_what_to_change(name, other, clubs, tmp_path):
    if name == other:
        return
    path = tmp_path / f"received.{name}"
    path.write_bytes(FILES[other][1])
    ran = run_here("source", "check", path, "--source", f"club-{name}", "--json", *ANALYST, folder=clubs)
    assert ran.code == 4
    assert ran.answer["error"]["next"]
    assert not any(cell in ran.out + ran.err for row in ROWS for cell in row[1:])


def test_damaged_json_lines_are_held_back_by_their_number(clubs, tmp_path):
    path = tmp_path / "received.jsonl"
    path.write_bytes(LINES + b'{"No": "3", "Name": ["Ann", "Fox"]}\n{"No": "4"\n' + LINES.splitlines()[0] + b"\n")
    ran = run_here("source", "check", path, "--source", "club-jsonl", "--json", *ANALYST, folder=clubs)
    assert ran.code == 1
    assert [(one["row"], one["rule"]) for one in ran.answer["held"]] == [(3, "nested-value"), (4, "not-an-object")]
    assert "Fox" not in ran.out + ran.err
