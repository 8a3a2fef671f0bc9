"""Tables for an effect, as people have them: text columns become an outcome and its groups, and faults name their row."""

from datetime import date

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where

AREA = ("area", "area_code", "code")
DAY = ("date", "week_end", "week", "day")
VALUE = ("value", "cases", "count", "rate", "replies")
TREATED = frozenset({"treated", "campaign", "written to", "1", "yes", "true"})
COMPARED = frozenset({"comparison", "control", "compared", "0", "no", "false"})


def read_outcome(table: pl.DataFrame, file: str) -> pl.DataFrame:
    """Give area, date, value and, where it is there, population. Raises BadInput naming column and row."""
    named = {"area": _find(table, AREA, file), "date": _find(table, DAY, file), "value": _find(table, VALUE, file)}
    columns = [
        pl.col(named["area"]).str.strip_chars().alias("area"),
        _day(named["date"]).alias("date"),
        pl.col(named["value"]).str.strip_chars().cast(pl.Float64, strict=False).alias("value"),
    ]
    if "population" in table.columns:
        columns.append(pl.col("population").cast(pl.Float64, strict=False).alias("population"))
    read = table.select(columns)
    for name, said in (("area", "no area"), ("date", "no day as 2020-11-28"), ("value", "no number")):
        _check_whole(read, name, Where(file=file, column=named[name]), said)
    return read


def read_groups(table: pl.DataFrame, file: str, start: date | None) -> pl.DataFrame:
    """Give area and start (null for the comparison), from a column start, or from a column group and one start for all."""
    area = pl.col(_find(table, AREA, file)).str.strip_chars().alias("area")
    if "start" in table.columns:
        read = table.select(area, _day("start").alias("start"))
        written = table["start"].fill_null("").str.strip_chars() != ""
        _check_rows(written & read["start"].is_null(), Where(file=file, column="start"), "no day as 2020-11-28")
        return read
    if "group" not in table.columns or start is None:
        raise BadInput(
            "It is not said when the campaign began in which area.",
            "Give a column start, or a column group and --start.",
            Where(file=file),
        )
    group = pl.col("group").fill_null("").str.strip_chars().str.to_lowercase()
    known = table.select(group.is_in([*TREATED, *COMPARED])).to_series()
    _check_rows(~known, Where(file=file, column="group"), "neither treated nor comparison")
    return table.select(area, pl.when(group.is_in(list(TREATED))).then(pl.lit(start)).alias("start"))


def _find(table: pl.DataFrame, names: tuple[str, ...], file: str) -> str:
    by_name = {name.strip().lower(): name for name in table.columns}
    found = next((by_name[name] for name in names if name in by_name), None)
    if found is None:
        raise BadInput(
            f"The table has no column {names[0]}.", f"Name it {' or '.join(names)}.", Where(file=file, column=names[0])
        )
    return found


def _day(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def _check_whole(read: pl.DataFrame, column: str, where: Where, said: str) -> None:
    _check_rows(read[column].is_null(), where, said)


def _check_rows(wrong: pl.Series, where: Where, said: str) -> None:
    if wrong.any():
        row = int(wrong.arg_true()[0]) + 1
        raise BadInput(
            f"{int(wrong.sum())} rows have {said}.",
            "Put them right, or leave them out.",
            Where(file=where.file, row=row, column=where.column),
        )
