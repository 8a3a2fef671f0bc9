"""The demonstration's line list: as lists come, with a coincidence planted in a care home."""

from datetime import date

import polars as pl
import pytest

from wardkeeper.demo.cases import simulate
from wardkeeper.demo.line_list import CARE_HOME, COLUMNS, PLANTED, TERMINATED, write
from wardkeeper.outbreaks.coincidences import find_coincidences
from wardkeeper.outbreaks.line_lists import read_line_list
from wardkeeper.outbreaks.placing import from_places

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def written(tmp_path_factory, pack, middling):
    folder = tmp_path_factory.mktemp("authority")
    (folder / "places").mkdir()
    cases = simulate(pack, middling.count_people("lsoa"), seed=4, today=TODAY)
    return write(cases, middling, folder, seed=4), folder, cases


@pytest.fixture(scope="module")
def table(written):
    return pl.read_csv(written[0].file, infer_schema=False)


@pytest.fixture(scope="module")
def lines(table, pack, middling):
    codes = middling.homes["lsoa"].unique().sort().to_list()
    return read_line_list(table, as_of=TODAY, gazetteer=from_places(pack.postcodes, middling.addresses, codes))


def test_every_report_is_in_the_list_with_the_planted_ones(table, written):
    assert table.columns == list(COLUMNS)
    assert table.height == written[2].line_list.height + PLANTED


def test_the_list_is_read_whole_but_for_cases_without_a_place(lines, table):
    assert lines.set_aside == {}
    assert lines.frame.height == table["CaseID"].n_unique()
    assert 0 < lines.unplaced < 0.05 * lines.frame.height


def test_cases_are_where_they_were_simulated(lines, written):
    true = written[2].line_list.unique("case", keep="first").select("case", "lsoa")
    placed = lines.frame.drop_nulls("area").join(true, on="case")
    assert (placed["area"] == placed["lsoa"]).all()


def test_some_postcodes_are_no_longer_in_use(table):
    assert 0 < table.filter(pl.col("Postcode") == TERMINATED).height < 0.05 * table.height


def test_the_planted_care_home_coincides_and_is_named(lines, written):
    planted, folder, _ = written
    known = pl.read_csv(folder / "places" / "settings.csv", infer_schema=False)
    first = find_coincidences(lines.frame, known=known).frame.filter(pl.col("name") == CARE_HOME)
    assert first["most"].max() >= PLANTED
    assert planted.uprn in known["uprn"].to_list()


def test_the_same_seed_writes_the_same_list(written, tmp_path, middling):
    (tmp_path / "places").mkdir()
    again = write(written[2], middling, tmp_path, seed=4)
    assert again.file.read_bytes() == written[0].file.read_bytes()
