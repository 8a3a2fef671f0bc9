"""Fixed rows among those loaded before: one person once, two people apart, the latest row of a cumulative file."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from resident_tables import record_frame
from wardkeeper.sources.rejoining import rejoin
from wardkeeper.sources.standardising import FACTOR_SCHEMA
from wardkeeper.sources.terms import ColumnTerm, Contract, FileForm, Format, Kind, Meaning

TERMS = Contract(
    name="club",
    title="Club",
    owner="The club",
    contact="club@example.org",
    refresh_days=7,
    kind=Kind.FULL,
    mandate=None,
    file=FileForm(Format.CSV, ("Ref", "Name"), key=("Ref",)),
    columns=(ColumnTerm("Ref", Meaning.KEY), ColumnTerm("Name", Meaning.NAME)),
)
CUMULATIVE = replace(TERMS, kind=Kind.CUMULATIVE)


def person(key, row, **values):
    return {"record_id": f"club:{key}", "row": row, "family": "SMITH", "given": "JO", **values}


def factor(key, name):
    return {"record_id": f"club:{key}", "source": "club", "factor": name, "seen_on": date(2026, 6, 1)}


def factors(*rows):
    return pl.DataFrame(list(rows), schema=FACTOR_SCHEMA)


def join(loaded, fixed, *, had=(), asserted=(), terms=TERMS):
    return rejoin(record_frame(loaded), factors(*had), record_frame(fixed), factors(*asserted), terms)


def test_a_new_key_is_added():
    made = join([person(1, 1)], [person(2, 2)], had=[factor(1, "a")], asserted=[factor(2, "b")])
    assert made.records["record_id"].to_list() == ["club:1", "club:2"]
    assert made.factors["factor"].to_list() == ["a", "b"]
    assert made.findings.is_empty()


def test_the_same_person_is_counted_once_with_every_rows_markings():
    first = person(1, 5, phone="+441614960001")
    again = person(1, 2, phone="+441614960002", protected=True, caution="Ring first")
    made = join([first], [again], had=[factor(1, "a")], asserted=[factor(1, "b")])
    (one,) = made.records.to_dicts()
    assert (one["protected"], one["caution"]) == (True, "Ring first")
    assert one["phone"] == "+441614960002", "the row that stands first in the file counts"
    assert made.factors["factor"].to_list() == ["a", "b"]
    assert made.findings["rule"].to_list() == ["repeated-key"]


def test_somebody_else_with_the_key_is_kept_apart_with_both_people_of_the_row():
    fixed = [person(1, 7, given="ANN"), person("1:2", 7, given="BOB")]
    made = join([person(1, 1)], fixed, asserted=[factor(1, "b")])
    assert made.records["record_id"].to_list() == ["club:1", "club:1~row-7", "club:1~row-7:2"]
    assert made.factors["record_id"].to_list() == ["club:1~row-7"]
    assert made.findings["rule"].to_list() == ["shared-key"]


@pytest.mark.parametrize(("day", "kept"), [(date(2026, 7, 1), "ANN"), (date(2026, 5, 1), "JO")])
def test_of_a_cumulative_file_the_latest_row_counts(day, kept):
    loaded, fixed = person(1, 1, seen_on=date(2026, 6, 1)), person(1, 2, given="ANN", seen_on=day)
    made = join([loaded], [fixed], had=[factor(1, "old")], asserted=[factor(1, "new")], terms=CUMULATIVE)
    assert made.records["given"].to_list() == [kept]
    assert made.factors["factor"].to_list() == ["new" if kept == "ANN" else "old"]
    assert made.findings["rule"].to_list() == ([] if kept == "ANN" else ["superseded"])
