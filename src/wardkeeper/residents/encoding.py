"""Records as integer codes: each distinct value is folded once, and rows carry only its number.

Standardising a source's own forms is left to `sources`; here values that look alike are only folded for comparison.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from wardkeeper.residents.arrays import MISSING, Flags, Ints, combine, count_distinct
from wardkeeper.residents.nicknames import first_names

SEX_BY_TITLE = {
    "MR": "male",
    "MASTER": "male",
    "SIR": "male",
    "MRS": "female",
    "MISS": "female",
    "MS": "female",
    "LADY": "female",
}
ADULT_TITLES = ("MR", "MRS", "MS", "DR", "REV", "PROF", "SIR", "LADY", "LORD")
CHILD_UNDER_YEARS = 12
"""A record with an adult's title is never about somebody this young."""

STREET_WORDS = {
    "ROAD": "RD",
    "STREET": "ST",
    "AVENUE": "AVE",
    "CLOSE": "CL",
    "DRIVE": "DR",
    "LANE": "LN",
    "GROVE": "GR",
    "COURT": "CT",
    "CRESCENT": "CRES",
    "GARDENS": "GDNS",
    "PLACE": "PL",
    "TERRACE": "TER",
    "APARTMENT": "FLAT",
    "APT": "FLAT",
}
REPEATS_SHARE = 0.03
"""A source in which more than this share of records has a twin by name and home (or birth date) is taken to repeat."""


@dataclass(frozen=True, slots=True)
class Values:
    """Codes of one column (-1 missing) and the text each code stands for, in sorted order."""

    codes: Ints
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Records as columns of codes, in the order of their ids. All arrays have one entry per record."""

    given: Values
    family: Values
    address: Values
    postcode: Values
    full_given: Ints
    """Code of a given name of two letters or more; an initial counts as missing."""
    given_root: Ints
    """Code of the name that a nickname stands for."""
    initial: Ints
    middle: Ints
    middle_initial: Ints
    family_head: Ints
    """Code of the family name's first three letters."""
    year: Ints
    month: Ints
    day: Ints
    whole_date: Flags
    """Birth date known in full: 1 January is held to tell the year only."""
    phone: Ints
    email: Ints
    nhs_number: Ints
    home: Ints
    listed_home: Flags
    """The home is on the address list, so two different ones are surely different."""
    street_number: Ints
    outward: Ints
    sex: Ints
    source: Ints
    source_repeats: Flags
    protected: Flags
    adult: Flags
    child: Flags

    @property
    def size(self) -> int:
        """Number of records."""
        return len(self.source)


def encode(records: pl.DataFrame) -> Encoded:
    """Turn records (RECORD columns, in the order of their ids) into codes."""
    given, family = _values(fold_name("given", records)), _values(fold_name("family", records))
    address = _values(records.select(fold_address()).to_series())
    full_given = _keep_long(given)
    middle = fold_name("middle", records)
    home = _codes(records["home_id"])
    year, month, day = (_date_part(records, part) for part in ("year", "month", "day"))
    source = _codes(records["source"])
    names = combine(full_given, family.codes)
    return Encoded(
        given=given,
        family=family,
        address=address,
        postcode=_values(records["postcode"]),
        full_given=full_given,
        given_root=_roots(given),
        initial=_initials(given),
        middle=_codes(middle),
        middle_initial=_codes(middle.str.slice(0, 1)),
        family_head=_codes(fold_name("family", records).str.slice(0, 3)),
        year=year,
        month=month,
        day=day,
        whole_date=(year >= 0) & ~((month == 1) & (day == 1)),
        phone=_codes(records["phone"]),
        email=_codes(records["email"]),
        nhs_number=_codes(records["nhs_number"]),
        home=home,
        listed_home=records["home_id"].str.starts_with("uprn:").fill_null(value=False).to_numpy(),
        street_number=_codes(_street_numbers(records)),
        outward=_codes(records["postcode"].str.split(" ").list.first()),
        sex=_sexes(records, full_given),
        source=source,
        source_repeats=_repeating(source, (combine(names, home), combine(names, year, month, day))),
        protected=records["protected"].fill_null(value=False).to_numpy(),
        adult=records["title"].is_in(ADULT_TITLES).fill_null(value=False).to_numpy(),
        child=_children(records),
    )


def fold_name(column: str, records: pl.DataFrame) -> pl.Series:
    """Fold a name for comparison: letters only, accents and apostrophes off, hyphens as spaces, blank as null."""
    letters = (
        pl.col(column)
        .str.to_uppercase()
        .str.normalize("NFKD")
        .str.replace_all(r"[-\s]+", " ")
        .str.replace_all(r"[^A-Z ]", "")
        .str.strip_chars()
    )
    return records.select(pl.when(letters != "").then(letters)).to_series().alias(column)


def fold_address() -> pl.Expr:
    """Fold an address for comparison: no postcode, no punctuation, usual abbreviations."""
    text = (
        pl.col("address_original")
        .str.to_uppercase()
        .str.replace(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\s*$", "")
        .str.replace_all(r"[^A-Z0-9]+", " ")
    )
    for word, short in STREET_WORDS.items():
        text = text.str.replace_all(rf"\b{word}\b", short)
    text = text.str.strip_chars()
    return pl.when(text != "").then(text).alias("address")


def _street_numbers(records: pl.DataFrame) -> pl.Series:
    return records.select(fold_address().str.extract_all(r"\b\d+[A-Z]?\b").list.join(" ")).to_series()


def _values(series: pl.Series) -> Values:
    known = series.drop_nulls().unique().sort()
    codes = series.cast(pl.Enum(known)).to_physical().cast(pl.Int64).fill_null(MISSING)
    return Values(codes.to_numpy().copy(), known.to_list())


def _codes(series: pl.Series) -> Ints:
    return _values(series).codes


def _of_texts(values: Values, numbers: Ints) -> Ints:
    """Look up a number per text, for each row."""
    return np.where(values.codes >= 0, np.append(numbers, MISSING)[values.codes], MISSING)


def _keep_long(given: Values) -> Ints:
    keep = np.array([index if len(text) > 1 else MISSING for index, text in enumerate(given.texts)], dtype=np.int64)
    return _of_texts(given, keep)


def _initials(given: Values) -> Ints:
    return _of_texts(given, np.array([ord(text[0]) - ord("A") for text in given.texts], dtype=np.int64))


def _roots(given: Values) -> Ints:
    standing = first_names()
    roots = [standing.get(text, text) for text in given.texts]
    number = {root: index for index, root in enumerate(sorted(set(roots)))}
    return np.where(
        _keep_long(given) >= 0, _of_texts(given, np.array([number[root] for root in roots], dtype=np.int64)), MISSING
    )


def _date_part(records: pl.DataFrame, part: str) -> Ints:
    """Year, month or day of birth; missing for the stand-in 1900-01-01."""
    born = records["birth_date"]
    number = getattr(born.dt, part)().cast(pl.Int64)
    return np.asarray(number.set(born == date(1900, 1, 1), None).fill_null(MISSING).to_numpy())


def _sexes(records: pl.DataFrame, full_given: Ints) -> Ints:
    """Sex as given, else from the title, else from the given name where these records nearly all agree about it."""
    told = pl.coalesce(pl.col("sex"), pl.col("title").replace_strict(SEX_BY_TITLE, default=None))
    told_codes = (
        records.select(told.replace_strict({"female": 0, "male": 1}, default=MISSING, return_dtype=pl.Int64))
        .to_series()
        .fill_null(MISSING)
        .to_numpy()
    )
    both = (told_codes >= 0) & (full_given >= 0)
    size = int(full_given.max(initial=0)) + 1
    men = np.bincount(full_given[both], weights=told_codes[both], minlength=size)
    known = np.bincount(full_given[both], minlength=size)
    share = men / np.maximum(known, 1)
    usual = np.where(known < 2, MISSING, np.where(share > 0.95, 1, np.where(share < 0.05, 0, MISSING)))
    from_name = np.where(full_given >= 0, usual[full_given], MISSING)
    return np.where(told_codes >= 0, told_codes, from_name)


def _repeating(source: Ints, keys: tuple[Ints, ...]) -> Flags:
    """Tell, for each record, whether its source often holds the same person more than once."""
    twin = np.zeros(len(source), dtype=np.bool_)
    row = np.arange(len(source))
    for key in keys:
        twin |= count_distinct(combine(key, source), row) > 1
    share = np.bincount(source, weights=twin) / np.maximum(np.bincount(source), 1)
    return np.asarray(share[source] > REPEATS_SHARE)


def _children(records: pl.DataFrame) -> Flags:
    age = (pl.col("seen_on") - pl.col("birth_date")).dt.total_days() / 365.25
    return records.select((age < CHILD_UNDER_YEARS).fill_null(value=False)).to_series().to_numpy()
