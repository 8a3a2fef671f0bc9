"""What a caller of the library gives, checked before anything is computed: tables, counts in order, settings, days.

Ids are text, and whole numbers are taken as their digits; whatever else is of another kind than it must be is refused by name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Numbers = NDArray[np.float64]
Given = TypeVar("Given")
Settings = TypeVar("Settings", bound="DataclassInstance")


class Kind(StrEnum):
    """What a column holds."""

    ID = "text, or whole numbers"
    NUMBER = "numbers"
    DAY = "dates"


NO_PLAIN_VALUE = (pl.Object, pl.Binary, pl.Duration)
"""Types of columns that are neither text, numbers nor dates."""

MOST_PEOPLE = 1e12
"""More people than this is a slip or a code."""


def take_frame(
    value: object, what: str, kinds: Mapping[str, Kind] | None = None, *, needs: Sequence[str] = ()
) -> pl.DataFrame:
    """Give a table whose columns are of these kinds, where it has them; it must have those it `needs`.

    Raises BadInput naming the table or the column.
    """
    if not isinstance(value, pl.DataFrame):
        raise BadInput(
            f"The table of {what} is no Polars data frame.",
            "Give a polars.DataFrame (collect a LazyFrame first).",
            Where(rule=what),
        )
    nested = next((column for column in value if column.dtype.is_nested() or column.dtype in NO_PLAIN_VALUE), None)
    if nested is not None:
        message = f"The column holds {str(nested.dtype).lower()}, not one plain value a row."
        raise BadInput(message, "Give text, numbers or dates.", Where(column=nested.name, rule="kind of column"))
    absent = [name for name in needs if name not in value.columns]
    if absent:
        where = Where(column=", ".join(absent), rule="columns")
        raise BadInput(f"The table of {what} lacks a column.", f"It needs {', '.join(needs)}.", where)
    wanted = {name: kind for name, kind in (kinds or {}).items() if name in value.columns}
    return value.with_columns(_as_kind(value[name], kind) for name, kind in wanted.items())


def take_text(value: object, what: str) -> pl.DataFrame:
    """Give a table with all its cells as text, as a file's are. Raises BadInput for what is no table of plain values."""
    taken = take_frame(value, what)
    return taken if all(held == pl.String for held in taken.dtypes) else taken.cast(pl.String)


def take_people(value: object, key: str = "area") -> pl.DataFrame:
    """Give `key` (text, each once) and population (whole numbers, null where not known). Raises BadInput."""
    kinds = {key: Kind.ID, "population": Kind.NUMBER}
    taken = take_frame(value, "population", kinds, needs=tuple(kinds)).with_row_index("#row", offset=1)
    rules = (
        (pl.col(key).is_duplicated(), key, f"The population table has the same {key} twice.", "Keep one row for each."),
        (
            ~pl.col("population").cast(pl.Float64).is_between(0, MOST_PEOPLE),
            "population",
            "The population table has people below 0, or no number of them.",
            "Correct it; leave it empty where it is not known.",
        ),
    )
    for wrong, column, message, next_step in rules:
        bad = taken.filter(wrong)
        if not bad.is_empty():
            where = Where(row=int(bad["#row"][-1]), column=column, rule="population")
            raise BadInput(message, next_step, where)
    return taken.select(key, pl.col("population").round().cast(pl.Int64))


def take_texts(value: object, name: str) -> list[str]:
    """Give texts, such as ids of areas. Raises BadInput for anything but several of them."""
    if isinstance(value, Iterable) and not isinstance(value, str | pl.DataFrame | Mapping):
        listed = list(value)
        if all(isinstance(one, str) for one in listed):
            return listed
    raise BadInput(f"The setting {name} must be a list of texts.", "Change the setting.", Where(key=name))


def _as_kind(column: pl.Series, kind: Kind) -> pl.Series:
    held = column.dtype
    if held == pl.Null:
        return column.cast(pl.Float64 if kind is Kind.NUMBER else pl.Date if kind is Kind.DAY else pl.String)
    if kind is Kind.ID and (held in (pl.String, pl.Categorical, pl.Enum) or held.is_integer()):
        return column.cast(pl.String)
    if kind is Kind.NUMBER and held.is_numeric():
        return column
    if kind is Kind.DAY and held in (pl.Date, pl.Datetime):
        return column.cast(pl.Date)
    message = f"The column holds {str(held).lower()}, not {kind}."
    raise BadInput(message, f"Give {kind}.", Where(column=column.name, rule="kind of column"))


def take_numbers(values: object, what: str) -> Numbers:
    """Give one series, or series by steps, as numbers [series, steps]. Raises BadInput for anything else."""
    table = np.empty(0)
    try:
        given = np.asarray(values.to_numpy() if isinstance(values, pl.Series) else values)
        if given.dtype.kind in "iuf" or (given.dtype == object and not isinstance(values, str)):
            table = given.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        pass
    if table.size and table.ndim in (1, 2) and not isinstance(values, pl.DataFrame):
        return np.atleast_2d(table)
    message = f"The {what} are no series of numbers."
    raise BadInput(message, "Give a list of numbers, or an array of series by steps.", Where(rule=what))


def take_day(value: object, name: str) -> date:
    """Give a day. Raises BadInput for what is no date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise BadInput(f"The setting {name} is no day.", "Give a datetime.date.", Where(key=name))


def take_whole(value: object, name: str) -> int:
    """Give a whole number. Raises BadInput for anything else."""
    if _fits(value, int):
        return int(value)  # type: ignore[call-overload, no-any-return]
    raise BadInput(f"The setting {name} must be a whole number.", "Change the setting.", Where(key=name))


def take_number(value: object, name: str) -> float:
    """Give a number that is neither infinite nor NaN. Raises BadInput for anything else."""
    if _fits(value, float) and np.isfinite(float(value)):  # type: ignore[arg-type]
        return float(value)  # type: ignore[arg-type]
    raise BadInput(f"The setting {name} must be a number.", "Change the setting.", Where(key=name))


def take_switch(value: object, name: str) -> bool:
    """Give true or false. Raises BadInput for anything else."""
    if _fits(value, bool):
        return bool(value)
    raise BadInput(f"The setting {name} must be true or false.", "Change the setting.", Where(key=name))


def take_weekday(value: object, name: str) -> int:
    """Give an ISO weekday, 1 Monday to 7 Sunday. Raises BadInput for anything else."""
    if take_whole(value, name) in range(1, 8):
        return take_whole(value, name)
    raise BadInput(f"{value} is no weekday.", "Give 1 (Monday) to 7 (Sunday).", Where(key=name))


def take_kind(value: object, kind: type[Given], name: str) -> Given:
    """Give a value of a class of this library. Raises BadInput for anything else."""
    if isinstance(value, kind):
        return value
    raise BadInput(f"The setting {name} is no {kind.__name__}.", f"Give a {kind.__name__}.", Where(key=name))


WORDS: Mapping[Any, str] = {int: "a whole number", float: "a number", bool: "true or false", date: "a date"}


def check_settings(settings: Any) -> None:
    """Refuse settings (a frozen dataclass) of another kind than their field says: numbers, switches and days.

    Raises BadInput naming the setting.
    """
    hints = get_type_hints(type(settings))
    for field in fields(settings):
        kinds = _kinds(hints[field.name])
        plain = [kind for kind in kinds if kind in WORDS]
        value = getattr(settings, field.name)
        if plain and len(plain) == len(kinds - {NoneType}) and not any(_fits(value, kind) for kind in kinds):
            words = " or ".join(WORDS[kind] for kind in plain)
            raise BadInput(f"The setting {field.name} must be {words}.", "Change the setting.", Where(key=field.name))


def _kinds(hint: Any) -> set[Any]:
    return set(get_args(hint)) if get_origin(hint) in (Union, UnionType) else {hint}


def _fits(value: object, kind: Any) -> bool:
    if kind is NoneType:
        return value is None
    if kind is bool:
        return isinstance(value, bool | np.bool_)
    if kind is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    numbers: tuple[type, ...] = (int, np.integer) if kind is int else (int, float, np.integer, np.floating)
    return isinstance(value, numbers) and not isinstance(value, bool)


def change_settings(kind: type[Settings], given: object, options: Mapping[str, object]) -> Settings:
    """Give the settings, or the usual ones, with options changed. Raises BadInput for an option that is not known."""
    if given is not None and not isinstance(given, kind):
        raise BadInput(f"These settings are no {kind.__name__}.", f"Give a {kind.__name__}.", Where(key="settings"))
    held = given if isinstance(given, kind) else kind()
    known = [field.name for field in fields(held)]
    spare = next((name for name in options if name not in known), None)
    if spare is not None:
        raise BadInput(f"There is no setting {spare}.", f"The settings are {', '.join(known)}.", Where(key=spare))
    return replace(held, **options)
