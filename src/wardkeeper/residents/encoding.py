"""Records as rows of integers: each distinct value is folded once, and rows carry only its number.

Reading a source's own forms is left to `sources`; here values that look alike are only folded for comparison.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from wardkeeper.residents.arrays import MISSING, Codes, combine, lay_out
from wardkeeper.residents.cells import Column, Encoded, Mark, Tiebreaks
from wardkeeper.residents.commonness import count_crowds, judge_births, repeating
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

SEX_BY_TITLE = {"MR": 1, "MASTER": 1, "SIR": 1, "MRS": 0, "MISS": 0, "MS": 0, "LADY": 0}
SEX_BY_LETTER = {"F": 0, "W": 0, "M": 1}
ADULT_TITLES = ("MR", "MRS", "MS", "DR", "REV", "PROF", "SIR", "LADY", "LORD")
CHILD_UNDER_YEARS = 12
"""A record with an adult's title is never about somebody this young."""


def encode(frame: pl.DataFrame, roles: Mapping[str, Role]) -> Encoded:
    """Turn a frame into codes; `roles` says what its columns are.

    The order of its columns changes nothing, nor does that of its rows, which is made to follow from their ids, or what they say.
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
    columns[Column.CROWDS] = count_crowds(columns)
    for column, start in zip(compared, np.cumsum([len(part) for part in texts]), strict=False):
        columns[column] = np.where(columns[column] >= 0, columns[column] + start, MISSING)
    birth_rule, tiebreaks = judge_births(columns), break_ties(frame, roles)
    order = np.argsort(tiebreaks, kind="stable")
    cells = lay_out(tuple(np.ascontiguousarray(columns.pop(column), np.int32) for column in Column), order)
    spelled = spell(pl.concat([part.cast(pl.String).alias("text") for part in texts]))
    mark_forms(spelled, related)
    return Encoded(
        cells=cells,
        order=order,
        tiebreaks=tiebreaks[order],
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
    roots = stacked.replace(first_names())
    known = encode_texts(pl.concat([stacked, roots]))
    ends = np.cumsum([len(part) for part in parts])
    pieces = np.split(known.codes[: len(stacked)], ends[:-1])
    root_pieces = np.split(known.codes[len(stacked) :], ends[:-1])
    first_codes = spread(given.codes, pieces[0])
    first_codes = np.where(first_codes >= 0, first_codes, spread(whole.codes, pieces[4]))
    first_roots = spread(given.codes, root_pieces[0])
    first_roots = np.where(first_roots >= 0, first_roots, spread(whole.codes, root_pieces[4]))
    family_codes = spread(family.codes, pieces[3])
    family_codes = np.where(family_codes >= 0, family_codes, spread(whole.codes, pieces[5]))
    middle_codes = spread(middle.codes, pieces[2])
    middle_codes = np.where(middle_codes >= 0, middle_codes, spread(given.codes, pieces[1]))
    lengths = np.append(known.texts.str.len_chars().to_numpy(), 0)
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
    return marks | np.where(repeating(columns), Mark.REPEATS, 0).astype(np.int32)


def break_ties(frame: pl.DataFrame, roles: Mapping[str, Role]) -> Tiebreaks:
    """Give each row a number that follows from its home and id, or where no ids are named from what it says.

    Rows are ordered by it, so near homes stand together, and of equal claims the lowest number wins, whichever rows come with it.
    """
    named = sorted((role, name) for name, role in roles.items())
    place = [name for role, name in named if role in (Role.POSTCODE, Role.HOME)][:1]
    ids = [name for role, name in named if role is Role.ID]
    where = frame.select(place).hash_rows(seed=2).to_numpy() if place else np.zeros(frame.height, np.uint64)
    content = frame.select(ids or [name for _, name in named]).hash_rows(seed=1).to_numpy()
    half = np.uint64(32)
    return np.asarray((where >> half << half) | (content >> half))
