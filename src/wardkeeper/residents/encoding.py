"""Records as rows of integers: each distinct value is folded once, and rows carry only its number.

Reading a source's own forms is left to `sources`; here values that look alike are only folded for comparison.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, IntFlag

import numpy as np
import numpy.typing as npt
import polars as pl

from wardkeeper.residents.arrays import MISSING, Codes, combine, count_distinct, count_rows
from wardkeeper.residents.dictionary import Dictionary, encode_texts, fold, spread
from wardkeeper.residents.folding import (
    Fold,
    fold_address,
    fold_building,
    fold_email,
    fold_name,
    fold_number,
    fold_numbers,
    fold_outward,
    fold_phone,
    fold_postcode,
    fold_text,
)
from wardkeeper.residents.letters import HAS_FORMS, Letters, spell
from wardkeeper.residents.nicknames import FORMS, first_names, related_pairs
from wardkeeper.residents.roles import Role

Cells = npt.NDArray[np.int32]


class Column(IntEnum):
    """The columns of an encoded record: codes (-1 missing) unless said otherwise."""

    GIVEN = 0
    """First given name in full: an initial counts as missing."""
    ROOT = 1
    """The name that a nickname stands for."""
    INITIAL = 2
    FAMILY = 3
    HEAD = 4
    """The family name's first three letters."""
    MIDDLE = 5
    MIDDLE_INITIAL = 6
    YEAR = 7
    """Years and so on are numbers, not codes."""
    MONTH = 8
    DAY = 9
    BIRTH = 10
    HOME = 11
    BUILDING = 12
    ADDRESS = 13
    STREET_NUMBER = 14
    POSTCODE = 15
    OUTWARD = 16
    PHONE = 17
    EMAIL = 18
    NHS_NUMBER = 19
    NI_NUMBER = 20
    NUMBER = 21
    PLACE = 22
    ATTRIBUTE = 23
    SEX = 24
    """0 female, 1 male."""
    SOURCE = 25
    MARKS = 26
    """`Mark` bits."""
    CROWDS = 27
    """How common the record's values are: two bits for each of `Crowd`."""


class Mark(IntFlag):
    """Yes-or-no facts about a record."""

    PROTECTED = 1
    ADULT = 2
    CHILD = 4
    LISTED_HOME = 8
    """The home is on the address list, so two different ones are surely different."""
    REPEATS = 16
    """Its source often holds the same person more than once."""


class Crowd(IntEnum):
    """What is counted to tell how common a record's values are; each is a place in the CROWDS column."""

    FULL_NAME = 0
    INITIAL_NAME = 1
    GIVEN_NAME = 2
    FAMILY_NAME = 3
    NAMES_AT_HOME = 4
    FAMILIES_ON_PHONE = 5
    PEOPLE_ON_EMAIL = 6
    RIVALS = 7
    """Distinct given names with this family name and initial at this home."""
    SAME_FAMILY = 8
    """Distinct given names with this family name and sex at this home."""
    BIRTH_DATE = 9
    PLACE = 10
    """People who name this place."""
    ATTRIBUTE = 11


BOUNDS: Mapping[Crowd, tuple[int, ...]] = {
    Crowd.FULL_NAME: (2, 5, 15),
    Crowd.INITIAL_NAME: (2, 5, 15),
    Crowd.GIVEN_NAME: (20, 100, 400),
    Crowd.FAMILY_NAME: (20, 100, 400),
    Crowd.NAMES_AT_HOME: (4, 10),
    Crowd.FAMILIES_ON_PHONE: (2, 5),
    Crowd.PEOPLE_ON_EMAIL: (1,),
    Crowd.RIVALS: (1,),
    Crowd.SAME_FAMILY: (1,),
    Crowd.BIRTH_DATE: (5, 50),
    Crowd.PLACE: (50,),
    Crowd.ATTRIBUTE: (100,),
}
"""Upper bounds of the first bins of each count; what is above the last is in the bin after it."""

SEX_BY_TITLE = {"MR": 1, "MASTER": 1, "SIR": 1, "MRS": 0, "MISS": 0, "MS": 0, "LADY": 0}
SEX_BY_LETTER = {"F": 0, "W": 0, "M": 1}
ADULT_TITLES = ("MR", "MRS", "MS", "DR", "REV", "PROF", "SIR", "LADY", "LORD")
CHILD_UNDER_YEARS = 12
"""A record with an adult's title is never about somebody this young."""
REPEATS_SHARE = 0.03
"""A source in which more than this share of records has a twin by name and home (or birth date) is taken to repeat."""


class BirthRule(IntEnum):
    """How different birth dates are judged in a file."""

    NONE = 0
    """They forbid nothing: records that share a number given to one person often have different ones here."""
    LENIENT = 1
    """Nobody's home is told, so relatives of one name are not to be expected: only dates that differ widely forbid."""
    STRICT = 2
    """They forbid, but for a slip."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Records as rows of `cells` (see `Column`), and the letters of each dictionary.

    `order` gives the row of the frame that each encoded record came from.
    """

    cells: Cells
    order: npt.NDArray[np.int64]
    texts: Letters
    """The texts behind the codes of names, addresses, phones, e-mails, numbers and places, which share one numbering."""
    related: npt.NDArray[np.int64]
    """Sorted pairs of name codes that are forms of one name: lower code times 2^32 plus higher code."""

    birth_rule: BirthRule

    @property
    def size(self) -> int:
        """Number of records."""
        return len(self.cells)

    def rank(self) -> npt.NDArray[np.int32]:
        """Give the encoded record of each row of the frame."""
        rank = np.empty(self.size, np.int32)
        rank[self.order] = np.arange(self.size, dtype=np.int32)
        return rank

    def column(self, column: Column) -> Codes:
        """Give one column, as a contiguous array."""
        return np.ascontiguousarray(self.cells[:, column])


def encode(frame: pl.DataFrame, roles: Mapping[str, Role]) -> Encoded:
    """Turn a frame into codes; `roles` says what its columns are.

    The order of its columns changes nothing, nor does that of its rows: where a column of ids is named, rows come in their order.
    """
    reader = _Reader(frame, roles)
    columns: dict[Column, Codes] = {}
    names, related = _encode_names(reader, columns)
    _encode_births(reader, columns)
    addresses = _encode_places(reader, columns)
    phone, email = reader.folded(Role.PHONE, fold_phone), reader.folded(Role.EMAIL, fold_email)
    number, place = reader.folded(Role.NUMBER, fold_number), reader.folded(Role.PLACE, fold_text)
    ni = reader.folded(Role.NI_NUMBER, fold_number)
    columns[Column.PHONE], columns[Column.EMAIL] = phone.codes, email.codes
    columns[Column.NUMBER], columns[Column.PLACE], columns[Column.NI_NUMBER] = number.codes, place.codes, ni.codes
    texts = [names, addresses, phone.texts, email.texts, number.texts, place.texts, ni.texts]
    compared = (Column.ADDRESS, Column.PHONE, Column.EMAIL, Column.NUMBER, Column.PLACE, Column.NI_NUMBER)
    columns[Column.NHS_NUMBER] = reader.folded(Role.NHS_NUMBER, fold_number).codes
    columns[Column.ATTRIBUTE] = reader.folded(Role.ATTRIBUTE, fold_text).codes
    columns[Column.SOURCE] = _encode_sources(reader)
    columns[Column.SEX] = _encode_sexes(reader, columns[Column.GIVEN])
    columns[Column.MARKS] = _mark(reader, columns)
    columns[Column.CROWDS] = _count_crowds(columns)
    for column, start in zip(compared, np.cumsum([len(part) for part in texts]), strict=False):
        columns[column] = np.where(columns[column] >= 0, columns[column] + start, MISSING)
    birth_rule, order = _judge_births(columns), _order(frame, roles)
    rows = np.empty((frame.height, len(Column)), np.int32)
    for column in Column:
        rows[:, column] = columns.pop(column)
    spelled = spell(pl.concat([part.cast(pl.String).alias("text") for part in texts]))
    mark_forms(spelled, related)
    return Encoded(
        cells=rows[order],
        order=order,
        texts=spelled,
        related=related,
        birth_rule=birth_rule,
    )


class _Reader:
    """Columns of a frame by role."""

    def __init__(self, frame: pl.DataFrame, roles: Mapping[str, Role]) -> None:
        self.frame = frame
        self.height = frame.height
        self._names: dict[Role, list[str]] = {}
        for name in sorted(roles, key=frame.columns.index):
            self._names.setdefault(roles[name], []).append(name)

    def series(self, role: Role) -> pl.Series | None:
        """Give a role's column as it is; None when there is none."""
        names = self._names.get(role, [])
        if not names:
            return None
        if len(names) == 1:
            return self.frame[names[0]]
        return self.frame.select(pl.concat_str(names, separator=" ", ignore_nulls=True)).to_series()

    def coded(self, role: Role) -> Dictionary:
        """Give a role's texts as they came, numbered."""
        column = self.series(role)
        if column is None:
            return Dictionary(np.full(self.height, MISSING, np.int32), pl.Series([], dtype=pl.String))
        return encode_texts(column)

    def folded(self, role: Role, how: Fold) -> Dictionary:
        """Give a role's folded texts, numbered."""
        coded = self.coded(role)
        return fold(coded, how(pl.col("text"))) if coded.size else coded


def _encode_names(reader: _Reader, columns: dict[Column, Codes]) -> tuple[pl.Series, npt.NDArray[np.int64]]:
    """Encode all names with one dictionary, so that a given name can be told to be somebody's family name."""
    given, middle, family = (reader.folded(role, fold_name) for role in (Role.GIVEN, Role.MIDDLE, Role.FAMILY))
    whole = reader.folded(Role.NAME, fold_name)
    words = given.texts.str.split(" ")
    first, others = words.list.first(), words.list.slice(1).list.join(" ")
    others = others.set(others == "", None)
    whole_words = whole.texts.str.split(" ")
    whole_first = whole_words.list.first()
    whole_last = whole_words.list.last().set(whole_words.list.len() < 2, None)
    parts = [first, others, middle.texts, family.texts, whole_first, whole_last]
    stacked = pl.concat([part.cast(pl.String).alias("name") for part in parts])
    standing = first_names()
    roots = stacked.replace(standing)
    known = encode_texts(pl.concat([stacked, roots, pl.Series(list(standing), dtype=pl.String).head(0)]))
    ends = np.cumsum([len(part) for part in parts])
    pieces = np.split(known.codes[: len(stacked)], ends[:-1])
    root_pieces = np.split(known.codes[len(stacked) :], ends[:-1])
    length = spread(known.codes[:0], known.codes[:0]) if known.size == 0 else known.texts.str.len_chars().to_numpy()
    first_codes = spread(given.codes, pieces[0])
    first_codes = np.where(first_codes >= 0, first_codes, spread(whole.codes, pieces[4]))
    first_roots = spread(given.codes, root_pieces[0])
    first_roots = np.where(first_roots >= 0, first_roots, spread(whole.codes, root_pieces[4]))
    family_codes = spread(family.codes, pieces[3])
    family_codes = np.where(family_codes >= 0, family_codes, spread(whole.codes, pieces[5]))
    middle_codes = spread(middle.codes, pieces[2])
    middle_codes = np.where(middle_codes >= 0, middle_codes, spread(given.codes, pieces[1]))
    lengths = np.append(length, 0)
    full = lengths[first_codes] > 1
    starts = encode_texts(known.texts.str.slice(0, 1))
    heads = encode_texts(known.texts.str.slice(0, 3))
    columns[Column.GIVEN] = np.where(full, first_codes, MISSING)
    columns[Column.ROOT] = np.where(full, first_roots, MISSING)
    columns[Column.INITIAL] = spread(first_codes, starts.codes)
    columns[Column.FAMILY] = family_codes
    columns[Column.HEAD] = spread(family_codes, heads.codes)
    columns[Column.MIDDLE] = middle_codes
    columns[Column.MIDDLE_INITIAL] = spread(middle_codes, starts.codes)
    return known.texts, _related(known.texts)


def mark_forms(texts: Letters, related: npt.NDArray[np.int64]) -> None:
    """Note on the names of related pairs that they have other forms."""
    texts.sets[related >> 32] |= HAS_FORMS
    texts.sets[related & 0xFFFFFFFF] |= HAS_FORMS


def _related(texts: pl.Series) -> npt.NDArray[np.int64]:
    forms = {form for name, others in FORMS.items() for form in (name, *others.split())}
    found = pl.DataFrame({"text": texts}).with_row_index("code").filter(pl.col("text").is_in(list(forms)))
    code = dict(zip(found["text"], found["code"], strict=True))
    pairs = {
        (min(code[one], code[other]) << 32) | max(code[one], code[other])
        for one, other in related_pairs()
        if one in code and other in code
    }
    return np.array(sorted(pairs), dtype=np.int64)


def _encode_births(reader: _Reader, columns: dict[Column, Codes]) -> None:
    """Encode birth dates. Year, month and day are kept even when no calendar has them: a slip is still evidence."""
    column = reader.series(Role.BIRTH_DATE)
    year = month = day = np.full(reader.height, MISSING, np.int32)
    if column is not None and column.dtype == pl.Date:
        year, month, day = (
            getattr(column.dt, part)().cast(pl.Int32).fill_null(MISSING).to_numpy() for part in ("year", "month", "day")
        )
    elif column is not None:
        coded = encode_texts(column)
        parts = read_dates(coded.texts)
        year, month, day = (
            spread(coded.codes, parts[part].fill_null(MISSING).to_numpy()) for part in ("year", "month", "day")
        )
    unknown = (year == 1900) & (month == 1) & (day == 1)
    year = np.where(unknown, MISSING, year)
    whole = (year >= 0) & (month >= 0) & (day >= 0) & ~((month == 1) & (day == 1))
    columns[Column.YEAR] = year
    columns[Column.MONTH] = np.where(whole, month, MISSING)
    columns[Column.DAY] = np.where(whole, day, MISSING)
    columns[Column.BIRTH] = np.where(whole, year * 10_000 + month * 100 + day, MISSING)


DATE_FORMS: tuple[tuple[str, dict[str, int]], ...] = (
    (r"^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})", {"year": 1, "month": 2, "day": 3}),
    (r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$", {"year": 3, "month": 2, "day": 1}),
    (r"^(\d{4})$", {"year": 1}),
    (r"^(\d{4})[-/.](\d{1,2})$", {"year": 1, "month": 2}),
)
"""Ways in which birth dates are read here, with the place of each part; anything else is unknown."""


def read_dates(texts: pl.Series) -> pl.DataFrame:
    """Read dates as numbers: year, month and day, null where not told. The first form that fits is taken."""
    text = texts.str.strip_chars().rename("text")
    return pl.DataFrame({"text": text}).select(
        pl.coalesce(
            pl.col("text").str.extract(form, places[part]).cast(pl.Int32, strict=False)
            for form, places in DATE_FORMS
            if part in places
        ).alias(part)
        for part in ("year", "month", "day")
    )


def _encode_places(reader: _Reader, columns: dict[Column, Codes]) -> pl.Series:
    address, postcode = reader.folded(Role.ADDRESS, fold_address), reader.folded(Role.POSTCODE, fold_postcode)
    building = fold(address, fold_building(pl.col("text")))
    home = reader.coded(Role.HOME).codes
    columns[Column.ADDRESS], columns[Column.POSTCODE] = address.codes, postcode.codes
    columns[Column.OUTWARD] = fold(postcode, fold_outward(pl.col("text"))).codes
    columns[Column.STREET_NUMBER] = fold(address, fold_numbers(pl.col("text"))).codes
    columns[Column.HOME] = home if (home >= 0).any() else combine(address.codes, postcode.codes)
    columns[Column.BUILDING] = combine(building.codes, postcode.codes)
    return address.texts


def _encode_sexes(reader: _Reader, given: Codes) -> Codes:
    """Sex as given, else from the title, else from the given name where these records nearly all agree about it."""
    told = np.full(reader.height, MISSING, np.int32)
    for role, meaning, length in ((Role.TITLE, SEX_BY_TITLE, None), (Role.SEX, SEX_BY_LETTER, 1)):
        coded = reader.folded(role, fold_text)
        if coded.size:
            codes = coded.texts.str.slice(0, length).replace_strict(meaning, default=MISSING, return_dtype=pl.Int32)
            said = spread(coded.codes, codes.to_numpy())
            told = np.where(said >= 0, said, told)
    both = (told >= 0) & (given >= 0)
    size = int(given.max(initial=0)) + 1
    men = np.bincount(given[both], weights=told[both], minlength=size)
    known = np.bincount(given[both], minlength=size)
    share = men / np.maximum(known, 1)
    usual = np.where(known < 2, MISSING, np.where(share > 0.95, 1, np.where(share < 0.05, 0, MISSING))).astype(np.int32)
    return np.where(told >= 0, told, spread(given, usual)).astype(np.int32)


def _encode_sources(reader: _Reader) -> Codes:
    """Encode sources; where there is but one, or none is named, it tells nothing."""
    source = reader.folded(Role.SOURCE, fold_text)
    return source.codes if source.size > 1 else np.full(reader.height, MISSING, np.int32)


def _mark(reader: _Reader, columns: dict[Column, Codes]) -> Codes:
    marks = np.zeros(reader.height, np.int32)
    protected, title = reader.series(Role.PROTECTED), reader.series(Role.TITLE)
    if protected is not None:
        marks |= np.where(protected.fill_null(value=False).to_numpy(), Mark.PROTECTED, 0).astype(np.int32)
    if title is not None:
        adult = title.str.to_uppercase().is_in(ADULT_TITLES).fill_null(value=False).to_numpy()
        marks |= np.where(adult, Mark.ADULT, 0).astype(np.int32)
    seen, home = reader.series(Role.SEEN_ON), reader.series(Role.HOME)
    if seen is not None and seen.dtype == pl.Date:
        age = seen.dt.year().cast(pl.Int32).fill_null(-1).to_numpy() - columns[Column.YEAR]
        child = (age < CHILD_UNDER_YEARS) & (columns[Column.YEAR] >= 0) & (age >= -1)
        marks |= np.where(child, Mark.CHILD, 0).astype(np.int32)
    if home is not None:
        listed = home.str.starts_with("uprn:").fill_null(value=False).to_numpy()
        marks |= np.where(listed, Mark.LISTED_HOME, 0).astype(np.int32)
    return marks | np.where(_repeating(columns), Mark.REPEATS, 0).astype(np.int32)


def _repeating(columns: dict[Column, Codes]) -> npt.NDArray[np.bool_]:
    """Tell, for each record, whether its source often holds the same person more than once."""
    source = np.maximum(columns[Column.SOURCE], 0)
    twin = np.zeros(len(source), dtype=np.bool_)
    names = combine(columns[Column.GIVEN], columns[Column.FAMILY], source)
    for key in (columns[Column.HOME], columns[Column.BIRTH]):
        twin |= count_rows(combine(names, key)) > 1
    share = np.bincount(source, weights=twin) / np.maximum(np.bincount(source), 1)
    return np.asarray(share[source] > REPEATS_SHARE)


UNRELIABLE_SHARE, FEWEST_NUMBERS = 0.02, 50
"""Birth dates forbid nothing in a file where more than this share of numbers, of so many or more, have several dates."""


def _judge_births(columns: dict[Column, Codes]) -> BirthRule:
    """Tell how far birth dates can be relied on, from records that share a number given to one person."""
    for column in (Column.NHS_NUMBER, Column.NI_NUMBER, Column.NUMBER):
        number, birth = columns[column], columns[Column.BIRTH]
        known = np.where(birth >= 0, number, MISSING)
        several = count_rows(known) > 1
        if np.unique(known[several]).size < FEWEST_NUMBERS:
            continue
        years = count_distinct(known, columns[Column.YEAR]) > 1
        other = years & (count_distinct(known, columns[Column.MONTH]) > 1)
        if np.unique(known[other]).size > UNRELIABLE_SHARE * np.unique(known[several]).size:
            return BirthRule.NONE
    return BirthRule.STRICT if (columns[Column.HOME] >= 0).any() else BirthRule.LENIENT


def _count_crowds(columns: dict[Column, Codes]) -> Codes:
    """Count homes per name, names per home, families per phone and so on, and keep the bin of each count."""
    given, root, family = (columns[column] for column in (Column.GIVEN, Column.ROOT, Column.FAMILY))
    locus = _locus(columns)
    person, initialled = combine(root, family), combine(columns[Column.INITIAL], family)
    counts = {
        Crowd.FULL_NAME: count_distinct(combine(given, family), locus),
        Crowd.INITIAL_NAME: count_distinct(initialled, locus),
        Crowd.GIVEN_NAME: count_distinct(root, locus),
        Crowd.FAMILY_NAME: count_distinct(family, locus),
        Crowd.NAMES_AT_HOME: count_distinct(columns[Column.HOME], person),
        Crowd.FAMILIES_ON_PHONE: count_distinct(columns[Column.PHONE], family),
        Crowd.PEOPLE_ON_EMAIL: count_distinct(columns[Column.EMAIL], initialled),
        Crowd.RIVALS: count_distinct(combine(columns[Column.HOME], initialled), root),
        Crowd.SAME_FAMILY: count_distinct(combine(columns[Column.HOME], family, columns[Column.SEX]), root),
        Crowd.BIRTH_DATE: count_distinct(columns[Column.BIRTH], person),
        Crowd.PLACE: count_distinct(columns[Column.PLACE], person),
        Crowd.ATTRIBUTE: count_distinct(columns[Column.ATTRIBUTE], person),
    }
    crowds = np.zeros(len(given), np.int32)
    for crowd, count in counts.items():
        crowds |= np.searchsorted(np.array(BOUNDS[crowd]), count, side="left").astype(np.int32) << (2 * crowd)
    return crowds


def _locus(columns: dict[Column, Codes]) -> Codes:
    """Where a record is, at the finest level that most records tell: distinct ones count how many people bear a name."""
    for column in (Column.HOME, Column.OUTWARD, Column.PLACE):
        if 2 * (columns[column] >= 0).sum() >= len(columns[column]):
            return columns[column]
    return columns[Column.YEAR]


def _order(frame: pl.DataFrame, roles: Mapping[str, Role]) -> npt.NDArray[np.int64]:
    """Give an order of rows that follows from their ids, or where none is named from what they say; near homes stand together."""
    named = sorted((role, name) for name, role in roles.items())
    place = [name for role, name in named if role in (Role.POSTCODE, Role.HOME)][:1]
    where = frame.select(place).hash_rows(seed=2).to_numpy() if place else np.zeros(frame.height, np.uint64)
    if Role.ID in roles.values():
        return np.argsort(where, kind="stable")
    content = frame.select(name for _, name in named).hash_rows(seed=1).to_numpy()
    half = np.uint64(32)
    return np.argsort((where >> half << half) | (content >> half), kind="stable")
