"""How many people cannot speak English well, by area: a plain table, or the 2021 Census in either of its usual forms.

Plain: columns area and share (0 to 1), with people if known. Wide: a row an area with a column that starts “Proportion
who cannot speak English”. Long: area_code, proficiency and value, a row for each answer.
"""

import io
from pathlib import Path

import polars as pl

from wardkeeper.adapters.files import read_unpacked
from wardkeeper.kernel.areas import AREA_CODE
from wardkeeper.kernel.errors import BadInput, Where

NAMES = ("proficiency.csv", "proficiency.csv.gz")
WIDE = "proportion who cannot speak english"
MAIN = "main language is"
ENGLISH, OTHER = "main language is english", "main language is not english"
WEAK = ": cannot speak english"
"""In an answer of little English: not well, not at all, or either, as the Census with fewer answers has it."""

ADVICE = "Give the columns area and share (0 to 1), or the Census table of English proficiency as it came."


def find_proficiency(folder: Path) -> pl.DataFrame | None:
    """Read the folder's table of English proficiency; null when it has none. Raises BadInput."""
    found = [folder / name for name in NAMES if (folder / name).is_file()]
    return read_proficiency(found[0]) if found else None


def read_proficiency(path: Path) -> pl.DataFrame:
    """Give area (ONS code), share (0 to 1: cannot speak English well or at all) and people (null when not told).

    Raises BadInput naming the file for another table, a share that is none, or an area that comes twice.
    """
    try:
        table = pl.read_csv(io.BytesIO(read_unpacked(path)), infer_schema=False)
    except pl.exceptions.PolarsError as problem:
        raise BadInput("The table can't be read as CSV.", ADVICE, Where(file=path.name)) from problem
    low = {name.strip().lower(): name for name in table.columns}
    shares = _to_shares(table, low)
    if shares is None:
        raise BadInput("The table does not tell who cannot speak English well.", ADVICE, Where(file=path.name))
    _check(shares, path.name)
    return shares


def _to_shares(table: pl.DataFrame, low: dict[str, str]) -> pl.DataFrame | None:
    wide = next((name for plain, name in low.items() if plain.startswith(WIDE)), None)
    if {"area_code", "proficiency", "value"} <= set(low):
        return _from_long(table, low)
    if wide:
        main = [name for plain, name in low.items() if plain.startswith(MAIN) and ":" not in plain]
        people = pl.sum_horizontal(_number(name) for name in main) if main else pl.lit(None, pl.Float64)
        return table.select(area=table.columns[0], share=_number(wide), people=people)
    if {"area", "share"} <= set(low):
        people = _number(low["people"]) if "people" in low else pl.lit(None, pl.Float64)
        return table.select(area=low["area"], share=_number(low["share"]), people=people)
    return None


def _from_long(table: pl.DataFrame, low: dict[str, str]) -> pl.DataFrame | None:
    answer = pl.col(low["proficiency"]).str.strip_chars().str.to_lowercase()
    weak = answer.str.contains(WEAK, literal=True)
    if not table.select(weak.any()).item():
        return None
    value = _number(low["value"])
    counted = table.group_by(pl.col(low["area_code"]).alias("area"), maintain_order=True)
    # A total beside its parts would count people double: the answers are the parts, and "is not English" alone their sum.
    parts = answer.str.starts_with(ENGLISH) | (answer.str.starts_with(OTHER) & answer.str.contains(":", literal=True))
    return counted.agg(weak=value.filter(weak).sum(), people=value.filter(parts).sum()).select(
        "area", share=pl.col("weak") / pl.col("people"), people="people"
    )


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64, strict=False)


def _check(shares: pl.DataFrame, file: str) -> None:
    coded = shares["area"].fill_null("").str.contains(f"^{AREA_CODE.pattern}$")
    if not coded.all():
        message = "The table has a row whose area is no ONS code."
        raise BadInput(message, "Take out totals and notes.", Where(file=file, row=_first(~coded), rule="area"))
    sound = shares["share"].is_between(0, 1).fill_null(value=False)
    if not sound.all():
        message = "The table has a share that is not between 0 and 1."
        raise BadInput(message, "Give 0.05 for 5%.", Where(file=file, row=_first(~sound), rule="share"))
    if twice := shares.filter(pl.col("area").is_duplicated())["area"].unique().sort().to_list():
        message = f"The area {twice[0]} is in the table twice."
        raise BadInput(message, "Keep one row for each area.", Where(file=file, rule="area"))


def _first(wrong: pl.Series) -> int:
    return int(wrong.arg_max() or 0) + 1
