"""Fields: what records say, folded, one for each column of the encoded record.

Many records are folded by whole columns, one alone in plain Python; both give the same (held to it by a property test), and the
same as `encode` makes of the records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from re import compile as compile_form

import numpy as np
import polars as pl

from wardkeeper.residents import folding, plain_folding
from wardkeeper.residents.arrays import MISSING, Codes
from wardkeeper.residents.cells import Column, Mark
from wardkeeper.residents.dictionary import Dictionary, encode_texts, fold, spread
from wardkeeper.residents.encoding import (
    ADULT_TITLES,
    CHILD_UNDER_YEARS,
    DATE_FORMS,
    SEX_BY_LETTER,
    SEX_BY_TITLE,
    read_dates,
)
from wardkeeper.residents.lookups import Field, field, hash_pairs, one_text
from wardkeeper.residents.nicknames import first_names
from wardkeeper.residents.roles import Role

C = Column
STANDING = first_names()
SIMPLE = {
    C.PHONE: (Role.PHONE, "fold_phone"),
    C.EMAIL: (Role.EMAIL, "fold_email"),
    C.NHS_NUMBER: (Role.NHS_NUMBER, "fold_number"),
    C.NI_NUMBER: (Role.NI_NUMBER, "fold_number"),
    C.NUMBER: (Role.NUMBER, "fold_number"),
    C.PLACE: (Role.PLACE, "fold_text"),
    C.ATTRIBUTE: (Role.ATTRIBUTE, "fold_text"),
    C.SOURCE: (Role.SOURCE, "fold_text"),
}
"""Columns that fold one role's texts, and the fold: `folding` and `plain_folding` have one of each name."""
_DATE_FORMS = tuple((compile_form(form), places) for form, places in DATE_FORMS)


@dataclass(frozen=True, slots=True)
class Fields:
    """Some records: `texts` per column of texts; `numbers` for year, month, day, birth, sex (told outright) and marks.

    Marks lack what only a whole file tells.
    """

    texts: Mapping[Column, Field]
    numbers: Mapping[Column, Codes]

    @property
    def size(self) -> int:
        """Number of records."""
        return len(self.numbers[C.YEAR])


def read_fields(frame: pl.DataFrame, roles: Mapping[str, Role], *, homed: bool) -> Fields:
    """Fold a frame, each distinct value once; `homed` says that homes are named outright, not by address and postcode."""
    texts = _read_names(frame, roles) | _read_places(frame, roles, homed=homed)
    for column, (role, how) in SIMPLE.items():
        texts[column] = _field(_folded(frame, roles, role, how))
    numbers = _read_births(frame, roles)
    numbers[C.SEX] = _read_sexes(frame, roles)
    numbers[C.MARKS] = _read_marks(frame, roles, numbers[C.YEAR])
    return Fields(texts, numbers)


def texts_of_role(roles: Mapping[str, Role], role: Role, columns: list[str]) -> list[str]:
    """Give the names of a role's columns, in the order of the frame's."""
    return [name for name in columns if roles.get(name) is role]


def _series(frame: pl.DataFrame, roles: Mapping[str, Role], role: Role) -> pl.Series | None:
    names = texts_of_role(roles, role, frame.columns)
    if len(names) > 1:
        return frame.select(pl.concat_str(names, separator=" ", ignore_nulls=True)).to_series()
    return frame[names[0]] if names else None


def _folded(frame: pl.DataFrame, roles: Mapping[str, Role], role: Role, how: str) -> Dictionary:
    column = _series(frame, roles, role)
    if column is None:
        return Dictionary(np.full(frame.height, MISSING, np.int32), pl.Series([], dtype=pl.String))
    coded = encode_texts(column)
    return fold(coded, getattr(folding, how)(pl.col("text"))) if coded.size else coded


def _field(coded: Dictionary) -> Field:
    return field(coded.codes, coded.texts)


def _derive(coded: Dictionary, texts: pl.Series) -> Field:
    """Make the field of what was made of each of a dictionary's texts."""
    return field(coded.codes, texts.cast(pl.String))


def _read_names(frame: pl.DataFrame, roles: Mapping[str, Role]) -> dict[Column, Field]:
    given, middle, family, whole = (
        _folded(frame, roles, role, "fold_name") for role in (Role.GIVEN, Role.MIDDLE, Role.FAMILY, Role.NAME)
    )
    words, whole_words = given.texts.str.split(" "), whole.texts.str.split(" ")
    others = words.list.slice(1).list.join(" ").replace("", None)
    last = whole_words.list.last()
    last = pl.select(pl.when(whole_words.list.len() > 1).then(last)).to_series()
    first = _either(given, words.list.first(), whole, whole_words.list.first())
    family = _either(family, family.texts, whole, last)
    middle = _either(middle, middle.texts, given, others)
    full = first.texts.str.len_chars() > 1
    known = pl.DataFrame({"text": first.texts, "full": full}).select(pl.when("full").then("text")).to_series()
    return {
        C.GIVEN: _derive(first, known),
        C.ROOT: _derive(first, known.replace(STANDING)),
        C.INITIAL: _derive(first, first.texts.str.slice(0, 1)),
        C.FAMILY: _field(family),
        C.HEAD: _derive(family, family.texts.str.slice(0, 3)),
        C.MIDDLE: _field(middle),
        C.MIDDLE_INITIAL: _derive(middle, middle.texts.str.slice(0, 1)),
    }


def _either(one: Dictionary, texts: pl.Series, other: Dictionary, instead: pl.Series) -> Dictionary:
    """Give one dictionary's text for each row, the other's where it has none. A text may stand twice."""
    first, second = field(one.codes, texts.cast(pl.String)), field(other.codes, instead.cast(pl.String))
    moved = np.where(second.codes >= 0, second.codes + len(texts), MISSING)
    codes = np.where(first.codes >= 0, first.codes, moved).astype(np.int32)
    return Dictionary(codes, pl.concat([texts.cast(pl.String).alias("text"), instead.cast(pl.String).alias("text")]))


def _read_places(frame: pl.DataFrame, roles: Mapping[str, Role], *, homed: bool) -> dict[Column, Field]:
    address, postcode = (
        _folded(frame, roles, role, how)
        for role, how in ((Role.ADDRESS, "fold_address"), (Role.POSTCODE, "fold_postcode"))
    )
    made = pl.DataFrame({"text": address.texts}).select(
        building=folding.fold_building(pl.col("text")), number=folding.fold_numbers(pl.col("text"))
    )
    outward = pl.DataFrame({"text": postcode.texts}).select(folding.fold_outward(pl.col("text"))).to_series()
    home = _series(frame, roles, Role.HOME)
    known = {
        C.ADDRESS: _field(address),
        C.POSTCODE: _field(postcode),
        C.OUTWARD: _derive(postcode, outward),
        C.STREET_NUMBER: _derive(address, made["number"]),
    }
    named = _field(encode_texts(home)) if homed and home is not None else None
    return _with_homes(known, _derive(address, made["building"]), named)


def _with_homes(known: dict[Column, Field], building: Field, named: Field | None) -> dict[Column, Field]:
    """Add buildings and, where they are not named outright, homes: an address and a postcode."""
    postcode = known[C.POSTCODE]
    home = named if named is not None else _pair(known[C.ADDRESS], postcode)
    return {**known, C.BUILDING: _pair(building, postcode), C.HOME: home}


def _pair(one: Field, other: Field) -> Field:
    hashes = hash_pairs(one.rows(), other.rows())
    codes = np.where(hashes >= 0, np.arange(len(hashes)), MISSING).astype(np.int32)
    return Field(codes, hashes, ())


def _read_births(frame: pl.DataFrame, roles: Mapping[str, Role]) -> dict[Column, Codes]:
    column = _series(frame, roles, Role.BIRTH_DATE)
    parts = [np.full(frame.height, MISSING, np.int32)] * 3
    if column is not None and column.dtype == pl.Date:
        parts = [
            one.cast(pl.Int32).fill_null(MISSING).to_numpy()
            for one in (column.dt.year(), column.dt.month(), column.dt.day())
        ]
    elif column is not None:
        coded = encode_texts(column)
        read = read_dates(coded.texts)
        parts = [spread(coded.codes, read[part].fill_null(MISSING).to_numpy()) for part in ("year", "month", "day")]
    return _births(*parts)


def _births(year: Codes, month: Codes, day: Codes) -> dict[Column, Codes]:
    """Give what is known of births: 1 January 1900 is no date, and any 1 January tells the year alone."""
    year = np.where((year == 1900) & (month == 1) & (day == 1), MISSING, year)
    whole = (year >= 0) & (month >= 0) & (day >= 0) & ~((month == 1) & (day == 1))
    return {
        C.YEAR: year,
        C.MONTH: np.where(whole, month, MISSING),
        C.DAY: np.where(whole, day, MISSING),
        C.BIRTH: np.where(whole, year * 10_000 + month * 100 + day, MISSING),
    }


def _read_sexes(frame: pl.DataFrame, roles: Mapping[str, Role]) -> Codes:
    told = np.full(frame.height, MISSING, np.int32)
    for role, meaning, size in ((Role.TITLE, SEX_BY_TITLE, None), (Role.SEX, SEX_BY_LETTER, 1)):
        coded = _folded(frame, roles, role, "fold_text")
        if coded.size:
            codes = coded.texts.str.slice(0, size).replace_strict(meaning, default=MISSING, return_dtype=pl.Int32)
            said = spread(coded.codes, codes.to_numpy())
            told = np.where(said >= 0, said, told)
    return told


def _read_marks(frame: pl.DataFrame, roles: Mapping[str, Role], year: Codes) -> Codes:
    none = pl.Series([False] * frame.height, dtype=pl.Boolean)
    protected, title = _series(frame, roles, Role.PROTECTED), _series(frame, roles, Role.TITLE)
    seen, home = _series(frame, roles, Role.SEEN_ON), _series(frame, roles, Role.HOME)
    adult = none if title is None else title.str.to_uppercase().is_in(ADULT_TITLES)
    listed = none if home is None else home.str.starts_with("uprn:")
    known = year >= 0
    age = np.full(frame.height, CHILD_UNDER_YEARS, np.int32)
    if seen is not None and seen.dtype == pl.Date:
        age = seen.dt.year().cast(pl.Int32).fill_null(-1).to_numpy() - year
    child = known & (age < CHILD_UNDER_YEARS) & (age >= -1)
    flags = {
        Mark.PROTECTED: (none if protected is None else protected).fill_null(value=False).to_numpy(),
        Mark.ADULT: adult.fill_null(value=False).to_numpy(),
        Mark.CHILD: child,
        Mark.LISTED_HOME: listed.fill_null(value=False).to_numpy(),
    }
    return sum((np.where(flag, int(mark), 0) for mark, flag in flags.items()), np.zeros(1, np.int64)).astype(np.int32)


def read_one(record: Mapping[str, object], roles: Mapping[str, Role], *, homed: bool) -> Fields:
    """Fold one record, by the names of the frame's columns; what it does not name is missing."""
    told: dict[Role, str] = {}
    for name, role in roles.items():
        value = record.get(name)
        if value is not None and role is not Role.BIRTH_DATE:
            told[role] = f"{told[role]} {value}" if role in told else str(value)
    texts = _one_name(told) | _one_place(told, homed=homed)
    for column, (role, how) in SIMPLE.items():
        texts[column] = one_text(_plain(told, role, how))
    born = next((record.get(name) for name, role in roles.items() if role is Role.BIRTH_DATE), None)
    numbers = _births(*(np.array([part], np.int32) for part in _one_date(born)))
    seen = next((record.get(name) for name, role in roles.items() if role is Role.SEEN_ON), None)
    year = int(numbers[C.YEAR][0])
    numbers[C.SEX] = np.array([_one_sex(told)], np.int32)
    numbers[C.MARKS] = np.array([_one_mark(told, seen, year)], np.int32)
    return Fields(texts, numbers)


def _plain(told: Mapping[Role, str], role: Role, how: str) -> str | None:
    return getattr(plain_folding, how)(told[role]) if role in told else None


def _one_name(told: Mapping[Role, str]) -> dict[Column, Field]:
    given, middle, family, whole = (
        _plain(told, role, "fold_name") for role in (Role.GIVEN, Role.MIDDLE, Role.FAMILY, Role.NAME)
    )
    words, whole_words = (text.split(" ") if text else [] for text in (given, whole))
    first = words[0] if words else whole_words[0] if whole_words else None
    family = family or (whole_words[-1] if len(whole_words) > 1 else None)
    middle = middle or " ".join(words[1:]) or None
    known = first if first and len(first) > 1 else None
    texts = {
        C.GIVEN: known,
        C.ROOT: STANDING.get(known, known) if known else None,
        C.INITIAL: first and first[:1],
        C.FAMILY: family,
        C.HEAD: family and family[:3],
        C.MIDDLE: middle,
        C.MIDDLE_INITIAL: middle and middle[:1],
    }
    return {column: one_text(text) for column, text in texts.items()}


def _one_place(told: Mapping[Role, str], *, homed: bool) -> dict[Column, Field]:
    address, postcode = _plain(told, Role.ADDRESS, "fold_address"), _plain(told, Role.POSTCODE, "fold_postcode")
    known = {
        C.ADDRESS: one_text(address),
        C.POSTCODE: one_text(postcode),
        C.OUTWARD: one_text(plain_folding.fold_outward(postcode) if postcode else None),
        C.STREET_NUMBER: one_text(plain_folding.fold_numbers(address) if address else None),
    }
    building = one_text(plain_folding.fold_building(address) if address else None)
    return _with_homes(known, building, one_text(told.get(Role.HOME)) if homed else None)


def _one_date(value: object) -> tuple[int, int, int]:
    if isinstance(value, date):
        return value.year, value.month, value.day
    text = str(value).strip(plain_folding.STRIPPED) if value is not None else ""
    parts: dict[str, int] = {}
    for form, places in _DATE_FORMS:
        if found := form.search(text):
            parts = {part: int(found[place]) for part, place in places.items()} | parts
    return parts.get("year", MISSING), parts.get("month", MISSING), parts.get("day", MISSING)


def _one_sex(told: Mapping[Role, str]) -> int:
    sex, title = _plain(told, Role.SEX, "fold_text"), _plain(told, Role.TITLE, "fold_text")
    by_title = SEX_BY_TITLE.get(title or "", MISSING)
    return SEX_BY_LETTER.get((sex or "")[:1], by_title)


def _one_mark(told: Mapping[Role, str], seen: object, year: int) -> int:
    age = seen.year - year if isinstance(seen, date) and year >= 0 else CHILD_UNDER_YEARS
    flags = {
        Mark.PROTECTED: told.get(Role.PROTECTED) == str(True),
        Mark.ADULT: told.get(Role.TITLE, "").upper() in ADULT_TITLES,
        Mark.CHILD: -1 <= age < CHILD_UNDER_YEARS,
        Mark.LISTED_HOME: told.get(Role.HOME, "").startswith("uprn:"),
    }
    return sum(int(mark) for mark, flag in flags.items() if flag)
