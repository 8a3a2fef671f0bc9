import polars as pl
import pytest

from wardkeeper.messages.channels import FALLBACKS, Channel, can_post, usable_email, usable_phone
from wardkeeper.messages.doors import add_doors


def give(column: str, value: str | None, expression: pl.Expr) -> object:
    return pl.DataFrame({column: [value]}, schema={column: pl.String}).select(expression).item()


@pytest.mark.parametrize(
    ("phone", "usable"),
    [
        ("+447700900123", "+447700900123"),
        ("+44 7700 900123", "+447700900123"),
        ("+447624000123", "+447624000123"),  # Isle of Man mobile
        ("+447612345678", None),  # pager
        ("+447012345678", None),  # personal number
        ("+441632960123", None),  # landline
        ("+44770090012", None),  # a digit short
        ("+33612345678", None),  # not in the UK
        ("07700900123", None),  # not E.164, so not standardised
        (None, None),
    ],
)
def test_texts_go_to_uk_mobiles_only(phone, usable):
    assert give("phone", phone, usable_phone()) == usable


@pytest.mark.parametrize(
    ("email", "usable"),
    [
        ("Jo.Smith+test@Mail.Example.org ", "jo.smith+test@mail.example.org"),
        ("jo@example", None),
        ("jo@@example.org", None),
        ("jo smith@example.org", None),
        ("a@example.org,b@example.org", None),
        (None, None),
    ],
)
def test_emails_go_to_whole_addresses_only(email, usable):
    assert give("email", email, usable_email()) == usable


@pytest.mark.parametrize(
    ("address", "postcode", "posts"),
    [
        ("1 Lark Rise", "M33 1AB", True),
        ("1 Lark Rise", "SW1A 1AA", True),
        ("1 Lark Rise", "M331AB", False),
        ("1 Lark Rise", "M33 1CB", False),  # C is not used there
        ("1 Lark Rise", None, False),
        (" , ", "M33 1AB", False),
        (None, "M33 1AB", False),
    ],
)
def test_letters_need_an_address_and_a_whole_postcode(address, postcode, posts):
    frame = pl.DataFrame(
        {"address": [address], "postcode": [postcode]}, schema=dict.fromkeys(["address", "postcode"], pl.String)
    )
    assert frame.select(can_post()).item() is posts


def door(address: str | None, postcode: str | None = "M33 1AB") -> str | None:
    frame = pl.DataFrame(
        {"address": [address], "postcode": [postcode]}, schema=dict.fromkeys(["address", "postcode"], pl.String)
    )
    return add_doors(frame)["door"].item()


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("12 Elm Street, Sale", "12, ELM ST"),
        ("Flat 3, 18 High Street", "3/18 High St"),
        ("12 Elm Street", "12 Elm Street, Sale, Greater Manchester"),
    ],
)
def test_a_door_is_one_however_it_is_written(one, same):
    assert door(one) == door(same)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 Elm Street", "12A Elm Street"),
        ("12 Elm Street", "12 Oak Street"),
        ("Flat 1, 3 Elm Street", "Flat 2, 3 Elm Street"),
    ],
)
def test_different_doors_differ(one, other):
    assert door(one) != door(other)


def test_no_address_is_no_door():
    assert door(None) is None
    assert door(" , ") is None


def test_every_channel_falls_back_to_every_other():
    assert set(FALLBACKS) == set(Channel)
    assert all(ways[0] is channel and set(ways) == set(Channel) for channel, ways in FALLBACKS.items())
