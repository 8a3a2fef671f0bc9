"""What a contract must say, and what is said about one that doesn't."""

from datetime import date

import pytest
from small_town import CONTRACTS, read_contract

from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources import contract
from wardkeeper.sources.terms import Format, Kind, Meaning, Register

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
    assert terms.mandate["review_by"] == date(2027, 4, 1)
    assert terms.mandate["ends"] is None
    assert terms.file.format is Format.CSV
    assert terms.file.columns == ("No", "Member", "Born")
    assert terms.asserts == {"eats-lunch"}


NOTICE = ('kind = "standing"', 'kind = "notice"')

FAULTS = {
    "a standing mandate without a review date": (
        [("review_by = 2027-04-01\n", "")],
        "The mandate has not an end or a review date: no data is loaded without one.",
        "mandate.review_by",
        "G4",
    ),
    "a notice without an end, even with a review date": (
        [NOTICE],
        "The mandate has not an end: no data is loaded without one.",
        "mandate.ends",
        "G4",
    ),
    "a mandate that ends before it starts": (
        [("2027-04-01", "2025-04-01")],
        "The mandate ends before it starts.",
        "mandate.starts",
        "G4",
    ),
    "no mandate": ([("[mandate]", "[licence]")], "The key mandate is missing.", "mandate", "contract"),
    "no start": ([("starts = 2026-04-01\n", "")], "The key mandate.starts is missing.", "mandate.starts", "contract"),
    "a date in quotes": (
        [("starts = 2026-04-01", 'starts = "2026-04-01"')],
        "The key mandate.starts is not a date.",
        "mandate.starts",
        "contract",
    ),
    "no gateway": ([('["cca-2004"]', "[]")], "The key mandate.gateways needs texts.", "mandate.gateways", "contract"),
    "no owner": ([('owner = "The club"\n', "")], "The key source.owner is missing.", "source.owner", "contract"),
    "a blank contact": (
        [("club@example.org", " ")],
        "The key source.contact is blank.",
        "source.contact",
        "contract",
    ),
    "a number as text": (
        [("refresh_days = 7", 'refresh_days = "7"')],
        "The key source.refresh_days is not a whole number.",
        "source.refresh_days",
        "contract",
    ),
    "refreshed never": (
        [("refresh_days = 7", "refresh_days = 0")],
        "The key source.refresh_days must be 1 or more.",
        "source.refresh_days",
        "contract",
    ),
    "an unknown kind": (
        [('kind = "full"', 'kind = "some"')],
        "The key source.kind is 'some'.",
        "source.kind",
        "contract",
    ),
    "a name that is no slug": (
        [('"lunch-club"', '"Lunch Club"')],
        "The name 'Lunch Club' is not a slug.",
        "source.name",
        "contract",
    ),
    "a key nobody reads": (
        [("[file]", "[file]\nfromat = 1")],
        "The key file.fromat is not known.",
        "file.fromat",
        "contract",
    ),
    "a table nobody reads": (
        [("[file]", "[files]\na = 1\n[file]")],
        "The key files is not known.",
        "files",
        "contract",
    ),
    "an unknown meaning": (
        [('as = "name"', 'as = "nickname"')],
        "The key column 2, as is 'nickname'.",
        "column 2, as",
        "contract",
    ),
    "a date without a form": (
        [('form = "dd/mm/yyyy"\n', "")],
        "The column 'Born' has a date form where it should not, or none where it should.",
        "column 3, form",
        "contract",
    ),
    "a column twice": (
        [('name = "Born"', 'name = "Member"')],
        "The contract lists a column twice.",
        "column",
        "contract",
    ),
    "an encoding nobody has": (
        [("[file]", '[file]\nencoding = "ebcdic"')],
        "The key file.encoding is 'ebcdic'.",
        "file.encoding",
        "contract",
    ),
    "a delimiter of two": (
        [("[file]", '[file]\ndelimiter = "||"')],
        "The delimiter is not one character.",
        "file.delimiter",
        "contract",
    ),
    "no names": (
        [('as = "name"', 'as = "unused"')],
        "No column holds a name.",
        "column",
        "contract",
    ),
    "a key that is no column": (
        [('key = ["No"]', 'key = ["Number"]')],
        "The contract uses a column 'Number' that it does not list.",
        "file.key",
        "contract",
    ),
    "a factor that asserts nothing": (
        [('factor = "eats-lunch"\n', "")],
        "The factor entry asserts nothing.",
        "factor 1, when",
        "contract",
    ),
    "broken TOML": ([("[source]", "[source")], "The file is not valid TOML", "", "toml"),
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
    assert (caught.value.where.file, caught.value.where.column, caught.value.where.rule) == (
        "lunch-club.toml",
        key,
        rule,
    )


FULL = WHOLE.replace('kind = "full"', 'kind = "full"\nregister = "full"')


def test_the_full_electoral_register_is_refused_by_its_regulation():
    with pytest.raises(BadInput) as caught:
        contract.parse(FULL, "register.toml")
    assert "Representation of the People (England and Wales) Regulations 2001, regulation 107" in caught.value.message
    assert caught.value.where.column == "source.register"


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


def test_the_demonstrations_contracts_are_these_seven():
    assert tuple(sorted(path.stem for path in CONTRACTS.glob("*.toml"))) == SEVEN


@pytest.mark.parametrize("name", SEVEN)
def test_each_is_named_as_its_file_and_has_a_mandate_of_its_own(name):
    terms = read_contract(name)
    assert terms.name == name
    assert terms.mandate["id"].endswith(name)
    assert "emergency-planning" in terms.mandate["purposes"]


@pytest.mark.parametrize("name", SEVEN)
def test_no_word_of_a_refuge_becomes_a_factor(name):
    assert not any("refuge" in factor for factor in read_contract(name).asserts)


def test_only_the_shielding_list_is_under_a_notice_with_an_end():
    ends = {name: read_contract(name).mandate["ends"] for name in SEVEN}
    assert {name: end for name, end in ends.items() if end} == {"shielding": date(2027, 3, 31)}


def test_the_electoral_register_is_the_open_one():
    assert read_contract("open-register").register is Register.OPEN


def test_every_column_of_care_that_is_read_has_a_meaning():
    unread = {term.name for term in read_contract("adult-social-care").named(Meaning.UNUSED)}
    assert unread == {"Caution Review"}
