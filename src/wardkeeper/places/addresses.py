"""The list of known addresses, and finding a written address on it.

The plain fallback: no model, no training. Addresses are taken apart (`lines`), candidates are those with the same flat and
number that share the postcode or the street, and the words decide (`likeness`). It declines rather than guesses: two
candidates that fit about as well give none.
"""

import hashlib
from dataclasses import dataclass, field

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.places.likeness import find_nearest, score_pairs, score_postcodes
from wardkeeper.places.lines import STREET_TYPES, shorten, take_apart
from wardkeeper.places.postcodes import outward

COLUMNS = ("uprn", "address", "street", "number", "postcode", "longitude", "latitude", "output_area", "lsoa", "kind")

SAME_POSTCODE_SCORE = 72.0
"""Least likeness of the words where flat, number and postcode agree; set on synthetic corruptions."""

OTHER_POSTCODE_SCORE = 80.0
"""Least likeness where the postcode is missing or off: the words must carry more."""

NEAR_POSTCODE = 70.0
"""Least likeness of two postcodes for one to be a slip for the other (a wrong or swapped letter or two)."""

MARGIN = 6.0
"""How much better the best home must fit than the next one."""

STREET_SCORE = 82.0
"""Least likeness for a misspelt street to be read as one on the list."""

_SAME_DOOR = (pl.col("unit") == pl.col("unit_list")) & (pl.col("number") == pl.col("number_list"))
_SAME_POSTCODE = (pl.col("postcode") == pl.col("postcode_list")).fill_null(value=False)
_READS = pl.col("score") >= SAME_POSTCODE_SCORE

_FOUND = {"ask": pl.UInt32, "found": pl.String, "home_match": pl.String}

_KEYS = ("uprn", "address_original", "postcode")


@dataclass(frozen=True, slots=True, eq=False)
class AddressList:
    """The known addresses, by UPRN.

    `frame` has a row each: uprn (digits), address (one line, no postcode), street, number, postcode, longitude and
    latitude (degrees, WGS 84), output_area, lsoa (ONS codes) and kind.
    """

    frame: pl.DataFrame
    _known: pl.DataFrame = field(init=False, repr=False)
    _streets: pl.Series = field(init=False, repr=False)
    _towns: str = field(init=False, repr=False)
    _street_end: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        missing = [name for name in COLUMNS if name not in self.frame.columns]
        if missing:
            raise BadInput(
                f"The address list has no column {missing[0]}.",
                f"Give it the columns {', '.join(COLUMNS)}.",
                Where(file="places", column=missing[0]),
            )
        known, tails = _take_list_apart(self.frame)
        # The one way a frozen value may hold what it has worked out once.
        object.__setattr__(self, "_known", known)
        object.__setattr__(self, "_streets", _name_streets(known))
        object.__setattr__(self, "_towns", _towns_pattern(tails))
        object.__setattr__(self, "_street_end", rf"(?:^| )({'|'.join(self._streets)})$")

    def match(self, records: pl.DataFrame) -> pl.DataFrame:
        """Find each record's home. `records` has uprn, address_original and postcode (standardised), text or null.

        Gives, in the records' order: home_id, home_match (uprn, address, new or none), uprn (null unless it can be
        trusted) and uprn_fault (null, "unknown" to the list, or "disagrees" with the record's address and postcode).
        """
        asked = records.select(pl.col(_KEYS).cast(pl.String))
        distinct = asked.unique(maintain_order=True).with_row_index("ask")
        answers = distinct.join(self._answer(distinct), on="ask", suffix="_found")
        return asked.join(answers, on=_KEYS, how="left", nulls_equal=True, maintain_order="left").select(
            "home_id", "home_match", pl.col("uprn_found").alias("uprn"), "uprn_fault"
        )

    def _answer(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Try the UPRN, the postcode and the street, each on what the one before left open; last a doubtful UPRN."""
        parts = take_apart(asked["address_original"].fill_null(""))
        written = pl.concat([asked, parts], how="horizontal").with_columns(pl.col("words").str.replace(self._towns, ""))
        found = pl.DataFrame(schema=_FOUND)
        for find in (self._find_by_uprn, self._find_by_postcode, self._find_by_street, self._fall_back_on_uprn):
            found = pl.concat([found, find(written.join(found, on="ask", how="anti"))])
        return _judge(written.join(found, on="ask", how="left"), self._known)

    def _find_by_uprn(self, written: pl.DataFrame) -> pl.DataFrame:
        """Trust a given UPRN whose flat and number are those written and whose postcode or words fit."""
        pairs = score_pairs(written.join(self._known, on="uprn", suffix="_list"))
        fits = _SAME_POSTCODE | (_is_near(pairs) & _READS)
        return _name_found(pairs.filter(_SAME_DOOR & fits))

    def _fall_back_on_uprn(self, written: pl.DataFrame) -> pl.DataFrame:
        """Trust a UPRN in the written postcode, or at the written door, when the address by itself found no home."""
        pairs = score_pairs(written.join(self._known, on="uprn", suffix="_list"))
        silent = pl.col("postcode").is_null() & pl.col("address_original").is_null()
        return _name_found(pairs.filter(_SAME_POSTCODE | silent | (_SAME_DOOR & _READS)))

    def _find_by_postcode(self, written: pl.DataFrame) -> pl.DataFrame:
        """Find the one home in the postcode with this flat and number whose words fit."""
        pairs = written.join(self._known, on=["postcode", "unit", "number"], suffix="_list")
        return _choose(score_pairs(pairs).filter(pl.col("score") >= SAME_POSTCODE_SCORE))

    def _find_by_street(self, written: pl.DataFrame) -> pl.DataFrame:
        """Find the one home with this flat, number and street whose postcode is not far off, or is not given."""
        pairs = self._read_streets(written).join(
            self._known, left_on=["nearest", "unit", "number"], right_on=["street", "unit", "number"], suffix="_list"
        )
        scored = score_postcodes(score_pairs(pairs.with_columns(pl.col("nearest").alias("street_list"))))
        fits = scored.filter(_is_near(scored) & (pl.col("score") >= OTHER_POSTCODE_SCORE))
        return _choose(fits.with_columns(pl.col("score") + pl.col("nearness") / 4))

    def _read_streets(self, written: pl.DataFrame) -> pl.DataFrame:
        """Add `nearest`: the street on the list that is meant; rows that mean none are left out."""
        ending = pl.col("words").str.extract(self._street_end)
        named = pl.when(pl.col("street") != "").then("street").otherwise("words")
        asking = written.with_columns(pl.coalesce(ending, named).alias("asked"))
        asked = asking["asked"].unique()
        misspelt = asked.filter(~asked.is_in(self._streets.implode()) & (asked != ""))
        exact = pl.DataFrame({"asked": self._streets, "nearest": self._streets})
        read = find_nearest(misspelt, self._streets, least=STREET_SCORE, margin=MARGIN)
        return asking.join(pl.concat([exact, read]), on="asked")


def _name_streets(known: pl.DataFrame) -> pl.Series:
    return known["street"].filter(known["street"] != "").unique().sort()


def _is_near(pairs: pl.DataFrame) -> pl.Series:
    """Tell where the written postcode is missing, in the same district as the listed one, or a slip for it."""
    scored = pairs if "nearness" in pairs.columns else score_postcodes(pairs)
    same_district = outward(pl.col("postcode")) == outward(pl.col("postcode_list"))
    return scored.select(
        near=pl.col("postcode").is_null() | (pl.col("nearness") >= NEAR_POSTCODE) | same_district.fill_null(value=False)
    )["near"]


def _name_found(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.select("ask", pl.col("uprn").alias("found"), pl.lit("uprn").alias("home_match"))


def _take_list_apart(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Give the list's addresses taken apart, and what is written behind each street: the towns."""
    street = _shorten_each(frame["street"])
    parts = take_apart(frame["address"]).with_columns(street)
    cut = parts["words"].to_frame().with_columns(street).select(pl.col("words").str.split(pl.col("street")))["words"]
    # A street that is not in its own address (or has no name) leaves the words as they are.
    splits = (cut.list.len() > 1) & (street != "")
    words = pl.select(
        pl.when(splits)
        .then(pl.concat_str(cut.list.first(), street).str.strip_chars())
        .otherwise(parts["words"])
        .alias("words")
    )["words"]
    tails = cut.filter(splits).list.last().str.strip_chars()
    known = frame.select("uprn", "postcode").with_columns(parts["unit"], parts["number"], words, street)
    return known, tails


def _shorten_each(streets: pl.Series) -> pl.Series:
    """Shorten each different street once."""
    named = streets.cast(pl.String).alias("named").to_frame()
    short = named.unique().with_columns(shorten(pl.col("named")).fill_null("").alias("street"))
    return named.join(short, on="named", how="left", nulls_equal=True, maintain_order="left")["street"]


def _towns_pattern(tails: pl.Series) -> str:
    """Give a pattern for towns at the end of an address, from those on the list, whole and word by word."""
    words = tails.unique().str.split(" ").explode().drop_nulls()
    alone = words.filter((words.str.len_chars() >= 4) & ~words.is_in(STREET_TYPES)).unique().to_list()
    towns = sorted({*tails.unique().to_list(), *alone} - {""}, key=lambda town: (-len(town), town))
    return rf"(?:(?:^| )(?:{'|'.join(towns)}))+$" if towns else r"$^"


def _choose(pairs: pl.DataFrame) -> pl.DataFrame:
    """Keep each question's best home when it beats the next one by the margin."""
    ranked = pairs.sort("ask", "score", "uprn_list", descending=[False, True, False])
    best = ranked.group_by("ask", maintain_order=True).agg(
        pl.col("uprn_list").first().alias("found"),
        (pl.col("score").first() - pl.col("score").get(1, null_on_oob=True).fill_null(-MARGIN)).alias("lead"),
    )
    return best.filter(pl.col("lead") >= MARGIN).select("ask", "found", pl.lit("address").alias("home_match"))


def _judge(written: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Turn what was found into home ids, and say what is wrong with a UPRN that was not trusted."""
    blank = (pl.col("words") == "") & (pl.col("number") == "")
    trusted = (pl.col("home_match") == "uprn").fill_null(value=False)
    on_list = pl.col("uprn").is_in(known["uprn"].implode())
    fault = pl.when(on_list).then(pl.lit("disagrees")).otherwise(pl.lit("unknown"))
    unlisted = _name_unlisted(written.filter(pl.col("found").is_null() & ~blank))
    return written.join(unlisted, on="ask", how="left").select(
        "ask",
        pl.when(pl.col("found").is_not_null())
        .then(pl.concat_str(pl.lit("uprn:"), "found"))
        .otherwise("unlisted")
        .alias("home_id"),
        pl.coalesce("home_match", pl.when(blank).then(pl.lit("none")).otherwise(pl.lit("new"))).alias("home_match"),
        pl.when(trusted).then("uprn").alias("uprn"),
        pl.when(pl.col("uprn").is_not_null() & ~trusted).then(fault).alias("uprn_fault"),
    )


def _name_unlisted(written: pl.DataFrame) -> pl.DataFrame:
    """Name homes that are not on the list by a hash of their standardised address, so two sources agree on them."""
    parts = [pl.col(name).fill_null("") for name in ("unit", "number", "words", "postcode")]
    named = written.select("ask", pl.concat_str(parts, separator="|").alias("text"))
    hashes = [f"addr:{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}" for text in named["text"]]
    return named.select("ask", pl.Series("unlisted", hashes, dtype=pl.String))
