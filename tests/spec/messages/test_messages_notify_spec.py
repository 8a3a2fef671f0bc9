"""The file as GOV.UK Notify takes it: its headings, one row a recipient, the postcode on the last line.

It fits a template with the words and their gaps, and one that is only ((message)), with the subject ((subject)).
"""

from datetime import date

import polars as pl
import pytest

from wardkeeper.messages.audience import COLUMNS
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.notify import notify_file
from wardkeeper.messages.plan import make_plan
from wardkeeper.messages.templates import fill
from wardkeeper.messages.wording import Wording

SALE = "E01006100"
KINDS = dict.fromkeys(COLUMNS, pl.String) | dict.fromkeys(("birth_date", "objected_on", "died_on"), pl.Date)
KINDS["protected"] = pl.Boolean

JO = {
    "resident_id": "r1",
    "home_id": "h1",
    "address": "Flat 3, 12 Lark Rise, Sale",
    "postcode": "M33 1AB",
    "lsoa": SALE,
    "title": "MRS",
    "given": "JO",
    "family": "SMITH",
    "phone": "+447700900123",
    "email": "Jo@Example.org",
    "protected": False,
}


def file_of(channel: Channel, wording: Wording, **facts) -> dict[str, str]:
    frame = pl.DataFrame([JO | facts], schema=KINDS)
    made = make_plan(frame, areas=[SALE], wording=wording, channel=channel, today=date(2026, 11, 22))
    return notify_file(made).row(0, named=True)


def test_a_text():
    words = Wording("Dear ((name)), get a test at ((Test site)).", values={"test site": "Sale Town Hall"})
    assert file_of(Channel.TEXT, words) == {
        "phone number": "07700900123",
        "name": "Mrs Jo Smith",
        "test site": "Sale Town Hall",
        "message": "Dear Mrs Jo Smith, get a test at Sale Town Hall.",
    }


def test_an_email():
    assert file_of(Channel.EMAIL, Wording("Get a test.", subject="Tests for ((name))")) == {
        "email address": "jo@example.org",
        "name": "Mrs Jo Smith",
        "subject": "Tests for Mrs Jo Smith",
        "message": "Get a test.",
    }


def test_a_letter():
    assert file_of(Channel.LETTER, Wording("Dear ((name)), get a test.", subject="Tests")) == {
        "address line 1": "Mrs Jo Smith",
        "address line 2": "Flat 3",
        "address line 3": "12 Lark Rise",
        "address line 4": "Sale",
        "address line 5": "",
        "address line 6": "",
        "address line 7": "M33 1AB",
        "name": "Mrs Jo Smith",
        "subject": "Tests",
        "message": "Dear Mrs Jo Smith, get a test.",
    }


@pytest.mark.parametrize("template", ["((message))", "Dear ((Name)), get a test at ((test site))."])
def test_a_template_of_either_kind_finds_a_column_for_each_gap(template):
    words = Wording("Dear ((Name)), get a test at ((test site)).", values={"test site": "Sale Town Hall"})
    row = file_of(Channel.TEXT, words)
    assert fill(template, row) == "Dear Mrs Jo Smith, get a test at Sale Town Hall."


def test_a_gap_that_is_called_message_keeps_its_column():
    words = Wording("Read this: ((message))", values={"message": "tests are free."})
    assert file_of(Channel.TEXT, words) == {"phone number": "07700900123", "message": "tests are free."}


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("1 Elm Walk", ["1 Elm Walk", "", "", "", ""]),
        ("A, B, C, D, E", ["A", "B", "C", "D", "E"]),
        # More parts than Notify has lines share the last one.
        ("A, B, C, D, E, F, G", ["A", "B", "C", "D", "E, F, G"]),
        ("A, , B,", ["A", "B", "", "", ""]),
        # Notify refuses lines that start so, and a spreadsheet would run them.
        ("=1+1, (rear) 2 Elm Walk, @Sale", ["1+1", "rear) 2 Elm Walk", "Sale", "", ""]),
    ],
)
def test_addresses_fit_five_lines(address, lines):
    row = file_of(Channel.LETTER, Wording("Get a test."), address=address)
    assert [row[f"address line {number}"] for number in range(2, 7)] == lines


def test_every_cell_is_text_and_none_is_a_formula():
    for channel in Channel:
        row = file_of(channel, Wording("Dear ((name))"), address="+1 Elm Walk")
        assert all(isinstance(cell, str) for cell in row.values())
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
