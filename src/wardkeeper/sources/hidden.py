"""Letters that cannot be seen: marks that turn the writing round, spaces without width, control characters.

They come with what is copied from web pages and telephones. A name is the same without them, except that two of them
join and part letters in scripts such as Persian and Hindi: there they are spelling, and stay.
"""

import polars as pl

UNSEEN = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\x{ad}\x{61c}\x{180e}\x{200b}\x{200e}\x{200f}\x{202a}-\x{202e}"
    r"\x{2060}-\x{2064}\x{2066}-\x{206f}\x{feff}\x{fff9}-\x{fffb}]"
)
"""Control characters, soft hyphens, bidirectional marks, and spaces without width."""

JOINERS = r"[\x{200c}\x{200d}]"

_LATIN = r"\p{Latin}"


def has_unseen(text: pl.Expr) -> pl.Expr:
    """Tell where text holds letters that `take_out` takes out."""
    joined = text.str.contains(JOINERS) & text.str.contains(_LATIN)
    return (text.str.contains(UNSEEN) | joined).fill_null(value=False)


def take_out(text: pl.Expr) -> pl.Expr:
    """Give text without letters that cannot be seen."""
    bare = text.str.replace_all(UNSEEN, "")
    return pl.when(bare.str.contains(_LATIN)).then(bare.str.replace_all(JOINERS, "")).otherwise(bare)
