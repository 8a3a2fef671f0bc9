"""Which home a written address is matched to, and when the answer is "I don't know"."""

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.places.addresses import COLUMNS, AddressList

LIST = (
    ("1", "18 High Street, Sale", "High Street", "18", "M33 1AA"),
    ("2", "20 High Street, Sale", "High Street", "20", "M33 1AA"),
    ("3", "18 High Street, Urmston", "High Street", "18", "M41 2BB"),
    ("4", "Flat 1, Rose Court, 5 Mill Lane, Sale", "Mill Lane", "5", "M33 1AB"),
    ("5", "Flat 2, Rose Court, 5 Mill Lane, Sale", "Mill Lane", "5", "M33 1AB"),
    ("6", "Ivy Cottage, Mill Lane, Sale", "Mill Lane", "", "M33 1AB"),
    ("7", "7A St John's Road, Altrincham", "St John's Road", "7A", "WA14 1CC"),
    ("8", "7 St John's Road, Altrincham", "St John's Road", "7", "WA14 1CC"),
    ("9", "44 Ærøskøbing Drive, Sale", "Ærøskøbing Drive", "44", "M33 1AD"),
)


@pytest.fixture(scope="module")
def addresses():
    rows = [(*row, -2.32, 53.42, "E00000001", "E01000001", "house") for row in LIST]
    return AddressList(pl.DataFrame(rows, schema=list(COLUMNS), orient="row"))


def match(addresses, uprn, address, postcode):
    schema = dict.fromkeys(("uprn", "address_original", "postcode"), pl.String)
    return addresses.match(pl.DataFrame([(uprn, address, postcode)], schema=schema, orient="row")).row(0, named=True)


FOUND = {
    "as listed": ("18 High Street, Sale", "M33 1AA", "1"),
    "abbreviated": ("18 High St", "M33 1AA", "1"),
    "capitals, no commas": ("18 HIGH STREET SALE MANCHESTER", "M33 1AA", "1"),
    "postcode inside the address": ("18 High Street, Sale, M33 1AA", "M33 1AA", "1"),
    "a slip in the street": ("18 Hihg Street, Sale", "M33 1AA", "1"),
    "only number and postcode": ("20", "M33 1AA", "2"),
    "wrong end of the postcode": ("18 High Street", "M33 1ZZ", "1"),
    "no postcode, one such street and number": ("20 High Street", None, "2"),
    "flat before": ("Flat 2, Rose Court, 5 Mill Lane", "M33 1AB", "5"),
    "flat behind": ("5 Mill Lane, Flat 2", "M33 1AB", "5"),
    "flat with a stroke": ("2/5 Mill Lane", "M33 1AB", "5"),
    "apartment": ("Apt. 2, 5 Mill Ln", "M33 1AB", "5"),
    "a house with a name": ("Ivy Cott, Mill Lane", "M33 1AB", "6"),
    "a house with a name, no postcode": ("Ivy Cottage, Mill Lane, Sale", None, "6"),
    "a letter behind the number": ("7a St Johns Rd", "WA14 1CC", "7"),
    "a letter as a flat": ("Flat A, 7 Saint John's Road", "WA14 1CC", "7"),
    "without accents": ("44 Aeroskobing Dr", "M33 1AD", "9"),
}

DECLINED = {
    "two streets of that name, no postcode": ("18 High Street", None),
    "the building, not the flat": ("Rose Court, 5 Mill Lane", "M33 1AB"),
    "a flat that is not listed": ("Flat 9, Rose Court, 5 Mill Lane", "M33 1AB"),
    "a number that is not listed": ("19 High Street", "M33 1AA"),
    "another street in the postcode": ("18 Canterbury Gardens", "M33 1AA"),
    "a postcode far away": ("20 High Street", "OX1 2AB"),
    "the street alone": ("Mill Lane", "M33 1AB"),
}


@pytest.mark.parametrize(("address", "postcode", "uprn"), FOUND.values(), ids=FOUND)
def test_found_by_address(addresses, address, postcode, uprn):
    found = match(addresses, None, address, postcode)
    assert found == {"home_id": f"uprn:{uprn}", "home_match": "address", "uprn": None, "uprn_fault": None}


@pytest.mark.parametrize(("address", "postcode"), DECLINED.values(), ids=DECLINED)
def test_declines_rather_than_guesses(addresses, address, postcode):
    found = match(addresses, None, address, postcode)
    assert found["home_match"] == "new"
    assert found["home_id"].startswith("addr:")
    assert len(found["home_id"]) == len("addr:") + 16


UPRN = {
    "with its address": ("1", "18 High St", "M33 1AA", "uprn:1", "uprn", None),
    "with the address, no postcode": ("1", "18 High St", None, "uprn:1", "uprn", None),
    "with the address, a slip in the postcode": ("1", "18 High St", "M33 1AB", "uprn:1", "uprn", None),
    "alone": ("1", None, None, "uprn:1", "uprn", None),
    "with only the postcode": ("1", None, "M33 1AA", "uprn:1", "uprn", None),
    "whose address is not listed, postcode agrees": ("4", "Rose Court", "M33 1AB", "uprn:4", "uprn", None),
    "of the house next door": ("2", "18 High Street", "M33 1AA", "uprn:1", "address", "disagrees"),
    "of another town": ("3", "18 High Street", "M33 1AA", "uprn:1", "address", "disagrees"),
    "not on the list": ("999", "18 High Street", "M33 1AA", "uprn:1", "address", "unknown"),
}


@pytest.mark.parametrize(("uprn", "address", "postcode", "home", "how", "fault"), UPRN.values(), ids=UPRN)
def test_a_given_uprn_is_checked(addresses, uprn, address, postcode, home, how, fault):
    found = match(addresses, uprn, address, postcode)
    assert (found["home_id"], found["home_match"], found["uprn_fault"]) == (home, how, fault)
    assert found["uprn"] == (uprn if how == "uprn" else None)


def test_no_address_at_all(addresses):
    assert match(addresses, None, None, None)["home_match"] == "none"
    assert match(addresses, None, " , ", "M33 1AA") == {
        "home_id": None,
        "home_match": "none",
        "uprn": None,
        "uprn_fault": None,
    }


def test_two_spellings_of_one_unlisted_address_are_one_home(addresses):
    first = match(addresses, None, "Flat 3, 99 New Road", "M33 9ZZ")["home_id"]
    assert match(addresses, None, "3/99 NEW RD", "M33 9ZZ")["home_id"] == first
    assert match(addresses, None, "4/99 NEW RD", "M33 9ZZ")["home_id"] != first


def test_a_list_without_a_column_is_refused():
    with pytest.raises(BadInput, match="The address list has no column uprn"):
        AddressList(pl.DataFrame({"address": ["1 High Street"]}))


def test_an_empty_list_matches_nothing():
    empty = AddressList(pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String)))
    assert match(empty, "1", "18 High Street", "M33 1AA")["home_match"] == "new"
