"""Postcodes: one way to write them, and the table of the ones that exist with where they are.

The shape follows the Royal Mail's rule (outward code, space, digit and two letters). Whether a postcode exists is for
the table to say; a well-shaped one that is not in it is kept and noted, because it may be new or outside the district.
"""

from dataclasses import dataclass

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where

SHAPE = r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$"

COLUMNS = ("postcode", "output_area", "lsoa", "msoa", "longitude", "latitude")


def standardise(text: pl.Expr) -> pl.Expr:
    """Give postcodes in capitals with one space; null for text that has not the shape of one.

    A letter O or I where only a digit can stand (the first of the last three) is read as the digit it was meant to be.
    """
    packed = text.str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    outward = packed.str.replace(r".{3}$", "")
    sector = packed.str.slice(-3, 1).str.replace_many({"O": "0", "I": "1", "L": "1"})
    spaced = pl.concat_str(outward, pl.lit(" "), sector, packed.str.slice(-2))
    return pl.when(spaced.str.contains(SHAPE)).then(spaced)


def outward(postcode: pl.Expr) -> pl.Expr:
    """Give the part before the space, such as M33."""
    return postcode.str.extract(r"^(\S+) ")


@dataclass(frozen=True, slots=True, eq=False)
class PostcodeTable:
    """The postcodes that exist. `frame` has a row each: postcode, output_area, lsoa, msoa, longitude, latitude."""

    frame: pl.DataFrame

    def __post_init__(self) -> None:
        missing = [name for name in COLUMNS if name not in self.frame.columns]
        if missing:
            raise BadInput(
                f"The postcode table has no column {missing[0]}.",
                f"Give it the columns {', '.join(COLUMNS)}.",
                Where(file="places", column=missing[0]),
            )

    def is_known(self, postcodes: pl.Series) -> pl.Series:
        """Tell which standardised postcodes are in the table; null counts as not."""
        return postcodes.is_in(self.frame["postcode"].implode()).fill_null(value=False)

    def locate(self, postcodes: pl.Series) -> pl.DataFrame:
        """Give output_area, lsoa, msoa, longitude and latitude for each postcode, in order; nulls where unknown."""
        asked = pl.DataFrame({"postcode": postcodes.cast(pl.String)})
        return asked.join(
            self.frame.select(COLUMNS).unique("postcode", keep="first"),
            on="postcode",
            how="left",
            maintain_order="left",
        )
