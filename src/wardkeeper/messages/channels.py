"""Channels, and which contact details each can use.

The rules for what can be sent follow GOV.UK Notify: texts to UK mobiles, letters of three to seven address lines
whose last line is a UK postcode.
"""

from enum import StrEnum

import polars as pl


class Channel(StrEnum):
    """How a message travels."""

    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"


FALLBACKS: dict[Channel, tuple[Channel, ...]] = {
    Channel.TEXT: (Channel.TEXT, Channel.EMAIL, Channel.LETTER),
    Channel.EMAIL: (Channel.EMAIL, Channel.TEXT, Channel.LETTER),
    Channel.LETTER: (Channel.LETTER, Channel.TEXT, Channel.EMAIL),
}
"""The channels tried for a home, in order, by the channel the officer chose."""

MOBILE = r"^\+447[1-57-9]\d{8}$|^\+447624\d{6}$"
"""UK mobile numbers in E.164: 070 are personal numbers and 076 pagers, all but the Isle of Man's 07624 (Ofcom)."""

EMAIL = r"^[^\s@,;:()<>\[\]]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$"

POSTCODE = r"^(GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})$"

UNSENDABLE_STARTS = '[@()=\\[\\]"\\\\/,<>~+\\-\\s]+'
"""Characters that Notify refuses at the start of an address line, and those that start a spreadsheet formula."""

ADDRESS_PARTS = 5
"""Lines 2 to 6 hold the address; line 1 is the name and line 7 the postcode."""

ADDRESS_LINES = tuple(f"address line {number}" for number in range(1, 8))


def usable_phone() -> pl.Expr:
    """Give the phone when a text can be sent to it, else null."""
    phone = pl.col("phone").str.replace_all(r"[\s()-]", "")
    return pl.when(phone.str.contains(MOBILE)).then(phone)


def usable_email() -> pl.Expr:
    """Give the e-mail address in lower case when it can be sent to, else null."""
    email = pl.col("email").str.strip_chars().str.to_lowercase()
    return pl.when(email.str.contains(EMAIL)).then(email)


def address_parts() -> pl.Expr:
    """Give the address as a list of at most five lines without postcode; later parts share the fifth line."""
    parts = (
        pl.col("address")
        .fill_null("")
        .str.split(",")
        .list.eval(pl.element().str.strip_chars().str.replace(f"^{UNSENDABLE_STARTS}", ""))
        .list.eval(pl.element().filter(pl.element() != ""))
    )
    last = parts.list.slice(ADDRESS_PARTS - 1).list.join(", ")
    longer = parts.list.len() > ADDRESS_PARTS
    return pl.when(longer).then(parts.list.head(ADDRESS_PARTS - 1).list.concat(pl.concat_list(last))).otherwise(parts)


def can_post() -> pl.Expr:
    """Tell whether a letter can be addressed: at least one address line and a whole postcode."""
    postcode = pl.col("postcode").fill_null("").str.contains(POSTCODE)
    return postcode & (address_parts().list.len() > 0)
