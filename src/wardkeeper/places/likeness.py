"""How alike written addresses are, as numbers from 0 to 100 over whole columns (RapidFuzz's ratios)."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import fuzz, process

CHUNK = 2_000
"""Rows of the likeness table held at once, so that memory stays small whatever comes."""

Scorer = Callable[..., float]

_WORDS = ("words", "street", "words_list", "street_list")


def score_pairs(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add `score`: how well the written words and street fit those on the list.

    With a number, a fit of the street alone is nearly enough (four fifths of the score) and the other words decide
    between homes; without one, the name of the house is all there is, so all words count. An address that is only a
    number takes any street.
    """
    distinct = pairs.select(*_WORDS, pl.col("number") == "").unique()
    words, street, words_list, street_list = (distinct[name].to_list() for name in _WORDS)
    whole = _ratios(words, words_list, fuzz.ratio)
    best = np.maximum(_ratios(street, street_list, fuzz.ratio), _ratios(words, words_list, fuzz.token_set_ratio))
    score = np.where(distinct["number"].to_numpy(), whole, 0.8 * best + 0.2 * whole)
    score = np.where(distinct["words"].to_numpy() == "", 80.0, score)
    scored = distinct.with_columns(pl.Series("score", score))
    keyed = pairs.with_columns((pl.col("number") == "").alias("unnumbered"))
    return keyed.join(
        scored.rename({"number": "unnumbered"}), on=[*_WORDS, "unnumbered"], how="left", maintain_order="left"
    )


def score_postcodes(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add `nearness`: how alike the written and the listed postcode are; 0 where none was written."""
    distinct = pairs.select("postcode", "postcode_list").unique()
    ratios = _ratios(
        distinct["postcode"].fill_null("").to_list(), distinct["postcode_list"].fill_null("").to_list(), fuzz.ratio
    )
    scored = distinct.with_columns(pl.Series("nearness", ratios))
    return pairs.join(scored, on=["postcode", "postcode_list"], how="left", nulls_equal=True, maintain_order="left")


def find_nearest(asked: pl.Series, known: pl.Series, *, least: float, margin: float) -> pl.DataFrame:
    """Give `asked` and the one `nearest` known text for each that is at least so alike and by a margin the nearest."""
    found: list[tuple[str, str]] = []
    names, choices = asked.to_list(), known.to_list()
    for start in range(0, len(names) if choices else 0, CHUNK):
        part = names[start : start + CHUNK]
        table = process.cdist(part, choices, scorer=fuzz.ratio, score_cutoff=least - margin, dtype=np.float32)
        first = table.argmax(axis=1)
        best = table[np.arange(len(part)), first]
        table[np.arange(len(part)), first] = 0
        clear = (best >= least) & (best - table.max(axis=1) >= margin)
        found += [(part[row], choices[first[row]]) for row in np.flatnonzero(clear)]
    return pl.DataFrame(found, schema={"asked": pl.String, "nearest": pl.String}, orient="row")


def _ratios(left: list[str], right: list[str], scorer: Scorer) -> npt.NDArray[np.float32]:
    # RapidFuzz calls two empty texts alike; here an absent street says nothing.
    ratios = process.cpdist(left, right, scorer=scorer, dtype=np.float32)
    both = np.array([bool(a and b) for a, b in zip(left, right, strict=True)], dtype=bool)
    return np.where(both, ratios, np.float32(0))
