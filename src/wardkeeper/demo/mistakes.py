"""Mistakes as registers have them: slips of the keys, day and month changed about, bad numbers, addresses written badly.

Addresses are spoilt by `address-errors`, whose rates were measured on councils' own records. It works row by row, so it
is given a sample of homes and its results are shared between registers.
"""

import numpy as np
import polars as pl
from address_errors import Controls, Corruptor, Profile, add_context
from address_errors.context import COLUMNS as CORRUPTOR_COLUMNS

from wardkeeper.demo.draws import Flags, draw_share

NEIGHBOURS = {
    "a": "s", "b": "v", "c": "x", "d": "s", "e": "r", "f": "g", "g": "h", "h": "j", "i": "o", "j": "k", "k": "l",
    "l": "k", "m": "n", "n": "m", "o": "p", "p": "o", "q": "w", "r": "t", "s": "a", "t": "y", "u": "i", "v": "b",
    "w": "e", "x": "c", "y": "t", "z": "x",
}  # fmt: skip
"""A key beside each key."""

SHORT_NAMES = {
    "Alexander": "Alex", "Andrew": "Andy", "Anthony": "Tony", "Benjamin": "Ben", "Catherine": "Cathy",
    "Charlotte": "Lottie", "Christine": "Chris", "Christopher": "Chris", "Daniel": "Dan", "David": "Dave",
    "Deborah": "Debbie", "Elizabeth": "Liz", "Jacqueline": "Jackie", "James": "Jim", "Jennifer": "Jenny",
    "Joseph": "Joe", "Joshua": "Josh", "Katherine": "Kate", "Kathleen": "Kath", "Kenneth": "Ken", "Lawrence": "Larry",
    "Margaret": "Maggie", "Matthew": "Matt", "Michael": "Mike", "Nicholas": "Nick", "Pamela": "Pam",
    "Patricia": "Pat", "Rebecca": "Becky", "Richard": "Dick", "Robert": "Bob", "Samantha": "Sam", "Samuel": "Sam",
    "Stephen": "Steve", "Susan": "Sue", "Terence": "Terry", "Thomas": "Tom", "Timothy": "Tim", "Victoria": "Vicky",
    "William": "Bill",
}  # fmt: skip

MOST_SPOILT = 20_000
"""Homes given to `address-errors`: about two seconds' work."""

PREVALENCE = 3.0
"""Times as many errors as councils' rates, because only a share of rows draw from the spoilt addresses."""

UNKNOWN_POSTCODE = "ZZ9 9ZZ"


def mistype(random: np.random.Generator, texts: pl.Series, share: float, spare: Flags) -> pl.Series:
    """Give the texts with a slip of the keys in about `share` of them, none where `spare`."""
    chosen = np.flatnonzero(draw_share(random, share, len(texts)) & ~spare & texts.is_not_null().to_numpy())
    slipped = [_slip(random, text) for text in texts[chosen]]
    # Polars' scatter writes into the series it is called on.
    return texts.clone().scatter(chosen, slipped) if len(chosen) else texts


def _slip(random: np.random.Generator, text: str) -> str:
    """Swap, drop, double or mistake one letter; very short texts stay."""
    if len(text) < 4:
        return text
    at = int(random.integers(1, len(text) - 1))
    letter, following = text[at], text[at + 1]
    wrong = NEIGHBOURS.get(letter.lower(), letter)
    forms = (following + letter, following, letter * 2 + following, wrong + following)
    return text[:at] + forms[int(random.integers(len(forms)))] + text[at + 2 :]


def shorten(random: np.random.Generator, given: pl.Series, share: float, spare: Flags) -> pl.Series:
    """Give a share of given names in their short form."""
    chosen = pl.Series(draw_share(random, share, len(given)) & ~spare)
    short = given.replace_strict(SHORT_NAMES, default=given, return_dtype=pl.String)
    return pl.select(pl.when(chosen).then(short).otherwise(given)).to_series()


def confuse_days(random: np.random.Generator, dates: pl.Series, share: float, spare: Flags) -> pl.Series:
    """Change day and month about in a share of dates where both readings exist."""
    chosen = pl.Series(draw_share(random, share, len(dates)) & ~spare)
    day = pl.col("date").dt.day()
    # A month after the twelfth does not exist: such dates are left as they are.
    month = pl.when(day <= 12).then(day).otherwise(1)
    swapped = pl.date(pl.col("date").dt.year(), month, pl.col("date").dt.month())
    confused = pl.when(chosen & (day <= 12)).then(swapped).otherwise("date")
    return dates.alias("date").to_frame().select(confused.alias("date")).to_series()


def blank(random: np.random.Generator, values: pl.Series, share: float, spare: Flags) -> pl.Series:
    """Leave a share of the values out."""
    kept = pl.Series(~draw_share(random, share, len(values)) | spare)
    return pl.select(pl.when(kept).then(values)).to_series()


def put(random: np.random.Generator, values: pl.Series, share: float, spare: Flags, *, wrong: str) -> pl.Series:
    """Put one wrong value in place of a share of the values that are given."""
    chosen = pl.Series(draw_share(random, share, len(values)) & ~spare) & values.is_not_null()
    return pl.select(pl.when(chosen).then(pl.lit(wrong)).otherwise(values)).to_series()


def break_check_digits(random: np.random.Generator, numbers: pl.Series, share: float, spare: Flags) -> pl.Series:
    """Change the last digit in a share of numbers."""
    chosen = pl.Series(draw_share(random, share, len(numbers)) & ~spare)
    last = (numbers.str.slice(9).cast(pl.Int64) + 1) % 10
    broken = numbers.str.slice(0, 9) + last.cast(pl.String)
    return pl.select(pl.when(chosen).then(broken).otherwise(numbers)).to_series()


def spoil_addresses(random: np.random.Generator, homes: pl.DataFrame, spare: list[str]) -> pl.DataFrame:
    """Give uprn, spoilt (the address badly written) for the sampled homes that came out different."""
    open_homes = homes.filter(~pl.col("uprn").is_in(spare))
    sample = open_homes.sample(min(MOST_SPOILT, len(open_homes)), seed=int(random.integers(2**31)))
    components = [_take_apart(row) for row in sample.iter_rows(named=True)]
    add_context(components)
    corruptor = Corruptor(
        Profile.load(),
        seed=int(random.integers(2**31)),
        controls=Controls(prevalence=PREVALENCE, label_drift=0.0, postcode="clean", commas=True, case="title"),
    )
    rows = corruptor.index(components).generate([component["uprn"] for component in components])
    touched = [(row["source_uprn"], row["recorded_address"]) for row in rows if row["applied_rules"]]
    return pl.DataFrame(touched, schema={"uprn": pl.String, "spoilt": pl.String}, orient="row")


def _take_apart(home: dict[str, str]) -> dict[str, str]:
    """Give a home as the components `address-errors` reads."""
    flat, _, block = home["number"].partition(", ") if home["kind"] == "flat" else ("", "", "")
    house = home["kind"] == "house"
    return {
        **dict.fromkeys(CORRUPTOR_COLUMNS, ""),
        "uprn": home["uprn"],
        "feature_type": "builtaddress",
        "subname": flat.upper(),
        "name": "" if house else (block or home["number"]).upper(),
        "number": home["number"] if house else "",
        "number_type": "plain" if house else "",
        "number_int": home["number"] if house else "",
        "streetname": home["street"].upper(),
        "townname": home["town"].upper(),
        "postcode": home["postcode"],
        "usrn": home["street"],
    }
