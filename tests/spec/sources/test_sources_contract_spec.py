"""What a contract must say, and what is said about one that doesn't."""

from datetime import date

import pytest
from small_town import CONTRACTS, read_contract

from wardkeeper.kernel.errors import BadInput
from wardkeeper.kernel.mandates import AtEnd, MandateKind
from wardkeeper.sources import contract
from wardkeeper.sources.terms import Format, Kind, Meaning, Packing, Register

WHOLE = """\
[source]
name = "lunch-club"
title = "Lunch club"
owner = "The club"
contact = "club@example.org"
refresh_days = 7
kind = "full"

[mandate]
id = "standing-lunch-club"
kind = "standing"
title = "Lunch club members"
purposes = ["emergency-planning"]
gateways = ["cca-2004"]
starts = 2026-04-01
review_by = 2027-04-01
at_end = "delete"

[file]
format = "csv"
key = ["No"]

[[column]]
name = "No"
as = "key"

[[column]]
name = "Member"
as = "name"

[[column]]
name = "Born"
as = "birth-date"
form = "dd/mm/yyyy"

[[factor]]
column = "No"
factor = "eats-lunch"
filled = true
"""


def test_a_whole_contract():
    terms = contract.parse(WHOLE, "lunch-club.toml")
    assert (terms.name, terms.kind, terms.refresh_days, terms.register) == ("lunch-club", Kind.FULL, 7, None)
    assert terms.mandate.review_by == date(2027, 4, 1)
    assert terms.mandate.ends is None
    assert terms.file.format is Format.CSV
    assert terms.file.columns == ("No", "Member", "Born")
    assert terms.asserts == {"eats-lunch"}


NOTICE = ('kind = "standing"', 'kind = "notice"')

FAULTS = {
    "a standing mandate without a review date": (
        [("review_by = 2027-04-01\n", "")],
        "'mandate.review_by' is missing: no data is loaded under a standing mandate without an end or a review date.",
        "mandate.review_by",
        "G4",
    ),
    "a notice without an end, even with a review date": (
        [NOTICE],
        "'mandate.ends' is missing: no data is loaded under a notice mandate without an end.",
        "mandate.ends",
        "G4",
    ),
    "a mandate reviewed before it starts": (
        [("2027-04-01", "2025-04-01")],
        "'mandate.review_by' (2025-04-01) is before the start (2026-04-01).",
        "mandate.review_by",
        "",
    ),
    "a mandate that ends before it starts": (
        [("review_by = 2027-04-01", "ends = 2025-04-01")],
        "'mandate.ends' (2025-04-01) is before the start (2026-04-01).",
        "mandate.ends",
        "",
    ),
    "a mandate that an incident makes": (
        [('kind = "standing"', 'kind = "incident"')],
        "'mandate.kind' has the unknown value 'incident'.",
        "mandate.kind",
        "",
    ),
    "a misspelt review date": (
        [("review_by", "reveiw_by")],
        "'mandate.reveiw_by' is not known here.",
        "mandate.reveiw_by",
        "",
    ),
    "no mandate": ([("[mandate]", "[licence]")], "'mandate' is missing.", "mandate", ""),
    "no start": ([("starts = 2026-04-01\n", "")], "'mandate.starts' is missing.", "mandate.starts", ""),
    "a date in quotes": (
        [("starts = 2026-04-01", 'starts = "2026-04-01"')],
        "'mandate.starts' is not a date.",
        "mandate.starts",
        "",
    ),
    "no gateway": ([('["cca-2004"]', "[]")], "'mandate.gateways' is empty.", "mandate.gateways", ""),
    "no owner": ([('owner = "The club"\n', "")], "'source.owner' is missing.", "source.owner", ""),
    "a blank contact": (
        [("club@example.org", " ")],
        "'source.contact' is blank or not text.",
        "source.contact",
        "",
    ),
    "a number as text": (
        [("refresh_days = 7", 'refresh_days = "7"')],
        "'source.refresh_days' is not a whole number of 1 or more.",
        "source.refresh_days",
        "",
    ),
    "refreshed never": (
        [("refresh_days = 7", "refresh_days = 0")],
        "'source.refresh_days' is not a whole number of 1 or more.",
        "source.refresh_days",
        "",
    ),
    "an unknown kind": (
        [('kind = "full"', 'kind = "some"')],
        "'source.kind' has the unknown value 'some'.",
        "source.kind",
        "",
    ),
    "a name that is no slug": (
        [('"lunch-club"', '"Lunch Club"')],
        "'source.name' is 'Lunch Club', which is not a slug.",
        "source.name",
        "",
    ),
    "a key nobody reads": (
        [("[file]", "[file]\nfromat = 1")],
        "'file.fromat' is not known here.",
        "file.fromat",
        "",
    ),
    "a table nobody reads": (
        [("[file]", "[files]\na = 1\n[file]")],
        "'files' is not known here.",
        "files",
        "",
    ),
    "no columns": (
        [("[[column]]", "[[col]]")],
        "'column' is missing.",
        "column",
        "",
    ),
    "an unknown meaning": (
        [('as = "name"', 'as = "nickname"')],
        "'column.2.as' has the unknown value 'nickname'.",
        "column.2.as",
        "",
    ),
    "a date without a form": (
        [('form = "dd/mm/yyyy"\n', "")],
        "'column.3.form' is missing: 'Born' holds dates.",
        "column.3.form",
        "",
    ),
    "a form without a date": (
        [('as = "birth-date"', 'as = "unused"')],
        "'column.3.form' is for dates only, and 'Born' holds none.",
        "column.3.form",
        "",
    ),
    "a misspelt form": (
        [('form = "dd/mm/yyyy"', 'from = "dd/mm/yyyy"')],
        "'column.3.from' is not known here.",
        "column.3.from",
        "",
    ),
    "a column twice": (
        [('name = "Born"', 'name = "Member"')],
        "'column' lists 'Member' twice.",
        "column",
        "",
    ),
    "an encoding nobody has": (
        [("[file]", '[file]\nencoding = "ebcdic"')],
        "'file.encoding' has the unknown value 'ebcdic'.",
        "file.encoding",
        "",
    ),
    "a delimiter of two": (
        [("[file]", '[file]\ndelimiter = "||"')],
        "'file.delimiter' is not one character.",
        "file.delimiter",
        "",
    ),
    "a file inside of nothing": (
        [("[file]", '[file]\ninside = "a*.csv"')],
        "'file.inside' names a file in a packed one, and nothing is packed.",
        "file.inside",
        "",
    ),
    "no names": (
        [('as = "name"', 'as = "unused"')],
        "'column' lists none that holds a name.",
        "column",
        "",
    ),
    "a key that is no column": (
        [('key = ["No"]', 'key = ["Number"]')],
        "'file.key' names a column 'Number' that the contract does not list.",
        "file.key",
        "",
    ),
    "a date in no column": (
        [("[file]", '[file]\ndated_by = "Written"')],
        "'file.dated_by' names a column 'Written' that the contract does not list.",
        "file.dated_by",
        "",
    ),
    "a factor of no column": (
        [('column = "No"', 'column = "Number"')],
        "'factor.1.column' names a column 'Number' that the contract does not list.",
        "factor.1.column",
        "",
    ),
    "a factor under a condition on no column": (
        [('factor = "eats-lunch"', 'factor = "eats-lunch"\nwhere = { Club = "Lunch" }')],
        "'factor.1.where' names a column 'Club' that the contract does not list.",
        "factor.1.where",
        "",
    ),
    "a marking of no column": (
        [("[[factor]]", '[[marking]]\ncolumn = "Hidden"\nwhen = ["Y"]\nsets = "protected"\n[[factor]]')],
        "'marking.1.column' names a column 'Hidden' that the contract does not list.",
        "marking.1.column",
        "",
    ),
    "a factor that asserts nothing": (
        [('factor = "eats-lunch"\n', "")],
        "'factor.1.when' is missing, and so is 'factor': the entry asserts nothing.",
        "factor.1.when",
        "",
    ),
    "a misspelt factor": (
        [('factor = "eats-lunch"', 'fcator = "eats-lunch"')],
        "'factor.1.fcator' is not known here.",
        "factor.1.fcator",
        "",
    ),
    "broken TOML": ([("[source]", "[source")], "This is not valid TOML", "", "toml"),
}


@pytest.mark.parametrize(("changes", "message", "key", "rule"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_contract_is_refused_by_file_key_and_rule(changes, message, key, rule):
    text = WHOLE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(BadInput) as caught:
        contract.parse(text, "lunch-club.toml")
    assert caught.value.message.startswith(message)
    where = caught.value.where
    assert (where.file, where.key, where.rule) == ("lunch-club.toml", key, rule)


def test_a_tab_may_part_the_cells():
    tabbed = WHOLE.replace("[file]", '[file]\ndelimiter = "\\t"')
    assert contract.parse(tabbed, "lunch-club.toml").file.delimiter == "\t"


def test_a_file_may_come_packed_and_be_watched_for():
    packed = WHOLE.replace("[file]", '[file]\npacked = "zip"\ninside = "club*.csv"\nwatch = "lunch_*.zip"')
    form = contract.parse(packed, "lunch-club.toml").file
    assert (form.packed, form.inside, form.watch, form.dates) == (Packing.ZIP, "club*.csv", "lunch_*.zip", ("Born",))


def test_a_mandate_knows_its_source():
    mandate = contract.parse(WHOLE, "lunch-club.toml").mandate
    assert (mandate.source, mandate.kind, mandate.at_end) == ("lunch-club", MandateKind.STANDING, AtEnd.DELETE)


FULL = WHOLE.replace('kind = "full"', 'kind = "full"\nregister = "full"')


def test_the_full_electoral_register_is_refused_by_its_regulation():
    with pytest.raises(BadInput) as caught:
        contract.parse(FULL, "register.toml")
    assert "Representation of the People (England and Wales) Regulations 2001, regulation 107" in caught.value.message
    assert caught.value.where.key == "source.register"


def test_the_full_electoral_register_is_taken_where_a_gateway_permits_it():
    assert contract.parse(FULL, "register.toml", full_register_permitted=True).register is Register.FULL


SEVEN = (
    "adult-social-care",
    "assisted-bins",
    "council-tax",
    "open-register",
    "shielding",
    "single-person-discount",
    "social-housing",
)


EVERY = sorted(path.stem for path in CONTRACTS.glob("*.toml"))
"""The seven, and whatever has been added since: each is held to the tests below."""


def test_the_demonstrations_seven_contracts_are_there():
    assert set(SEVEN) <= set(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_each_is_named_as_its_file_and_has_a_mandate_of_its_own(name):
    terms = read_contract(name)
    assert terms.name == name
    assert terms.mandate.id.endswith(name)
    assert "emergency-planning" in terms.mandate.purposes


@pytest.mark.parametrize("name", EVERY)
def test_no_word_of_a_refuge_becomes_a_factor(name):
    assert not any("refuge" in factor for factor in read_contract(name).asserts)


def test_only_the_shielding_list_is_under_a_notice_with_an_end():
    ends = {name: read_contract(name).mandate.ends for name in SEVEN}
    assert {name: end for name, end in ends.items() if end} == {"shielding": date(2027, 3, 31)}


def test_the_electoral_register_is_the_open_one():
    assert read_contract("open-register").register is Register.OPEN


def test_every_column_of_care_that_is_read_has_a_meaning():
    unread = {term.name for term in read_contract("adult-social-care").named(Meaning.UNUSED)}
    assert unread == {"Caution Review"}
