"""Writing the extracts: each register in its owner's own form, and the truth about every row beside them."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import xlsxwriter

from wardkeeper.demo.district import District
from wardkeeper.demo.planted import Planted
from wardkeeper.demo.registers import bins, care, electors, housing, shielding, taxes
from wardkeeper.demo.registers.scenes import Extract, Scene, set_scene

TRUTH_FILE = "truth.parquet"
HOUSING_TITLE = ("Trafford Homes (demonstration)", "Tenancies: current and lately ended")
HOUSING_SHEET = "Tenancies"
UNMAPPED = {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ı": "i"}
"""Letters that do not come apart into a plain letter and an accent."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one register is exported: its file's name, encoding and delimiter."""

    file_name: str
    export: Callable[[Scene], Extract]
    encoding: str = "utf-8"
    delimiter: str = ","


FORMS = (
    Form("adult-social-care.csv", care.export, "utf-8-sig"),
    Form("social-housing.xlsx", housing.export),
    Form("assisted-bins.csv", bins.export, "cp1252"),
    Form("single-person-discount.csv", taxes.export_discounts, delimiter=";"),
    Form("council-tax.csv", taxes.export_council_tax, "cp1252"),
    Form("open-register.csv", electors.export),
    Form("shielding.csv", shielding.export),
)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows of each file by source, the truth's path and who is planted.

    The truth has record_id (the source's name, a colon and the row's key; `:2` for a row's second person) and person_id.
    """

    rows: dict[str, int]
    truth: Path
    planted: Planted


def draw_extracts(district: District, *, seed: int, today: date) -> list[Extract]:
    """Draw the seven extracts as tables."""
    scene = set_scene(district, seed, today)
    return [form.export(scene) for form in FORMS]


def write(district: District, folder: Path, *, seed: int, today: date) -> Written:
    """Write the seven files into `folder` and the truth beside it, in the folder above."""
    folder.mkdir(parents=True, exist_ok=True)
    extracts = draw_extracts(district, seed=seed, today=today)
    for form, extract in zip(FORMS, extracts, strict=True):
        path = folder / form.file_name
        if path.suffix == ".xlsx":
            write_workbook(path, extract.table)
        else:
            path.write_bytes(encode(extract.table, form))
    truth = folder.parent / TRUTH_FILE
    tell_truth(extracts).write_parquet(truth)
    return Written({extract.source: len(extract.table) for extract in extracts}, truth, district.planted)


def tell_truth(extracts: list[Extract]) -> pl.DataFrame:
    """Give record_id and person_id for every person named in the extracts."""
    return pl.concat(
        extract.truth.select(record_id=pl.lit(f"{extract.source}:") + pl.col("key"), person_id="person_id")
        for extract in extracts
    )


def encode(table: pl.DataFrame, form: Form) -> bytes:
    """Give a table as CSV in the register's encoding; letters it does not have lose their accents, as they do there."""
    text = table.write_csv(separator=form.delimiter, line_terminator="\r\n")
    if form.encoding == "cp1252":
        text = text.translate({ord(letter): _plain(letter) for letter in set(text) if not _fits(letter)})
    return text.encode(form.encoding)


def _fits(letter: str) -> bool:
    return letter.encode("cp1252", errors="ignore") != b""


def _plain(letter: str) -> str:
    """Give the letter without its accent."""
    return UNMAPPED.get(letter) or unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or "?"


def write_workbook(path: Path, table: pl.DataFrame) -> None:
    """Write a workbook as a landlord's system does: title rows, merged cells, then the headings and real dates."""
    with xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as workbook:
        sheet = workbook.add_worksheet(HOUSING_SHEET)
        for row, title in enumerate(HOUSING_TITLE):
            sheet.merge_range(row, 0, row, len(table.columns) - 1, title)
        sheet.write_row(len(HOUSING_TITLE), 0, table.columns)
        # A workbook is written cell by cell, whatever the rows come from.
        for row, values in enumerate(table.iter_rows(), start=len(HOUSING_TITLE) + 1):
            sheet.write_row(row, 0, values)
