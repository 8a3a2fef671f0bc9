"""Tables of cases and of residents: what cannot be read is said in words, by row."""

import polars as pl
import pytest

from wardkeeper.adapters.case_files import read_case_table, read_population, read_postcode_people
from wardkeeper.kernel.errors import BadInput


def test_parquet_in_name_only(tmp_path):
    path = tmp_path / "cases.parquet"
    path.write_bytes(b"PAR1garbage")
    with pytest.raises(BadInput, match="cannot be read as a table"):
        read_case_table(path)


@pytest.mark.parametrize("written", ["many", "NaN", "inf", "-4", "1e999", "1e30"])
def test_a_population_that_is_no_number_is_named_by_its_row(tmp_path, written):
    path = tmp_path / "population.csv"
    path.write_text(f"area,population\nE1,10\nE2,{written}\n")
    with pytest.raises(BadInput, match="not a number") as caught:
        read_population(path)
    assert (caught.value.where.row, caught.value.where.column) == (2, "population")
    assert written not in str(caught.value)


def test_a_population_may_have_commas_and_the_headings_of_the_census(tmp_path):
    path = tmp_path / "population.csv"
    path.write_text('LSOA 21 code,MSOA 21 code,Total\nE01006100,E02001261,"1,512"\n')
    assert read_population(path).rows() == [("E01006100", 1512)]


def test_ages_are_added_up_and_empty_cells_count_nobody(tmp_path):
    path = tmp_path / "population.csv"
    path.write_text("area,age,population\nE1,0,10\nE1,1,5\nE2,0,\n")
    found = read_population(path).sort("area")
    assert found.equals(pl.DataFrame({"area": ["E1", "E2"], "population": [15, 0]}))


def test_a_total_beside_its_ages_is_refused_for_people_would_count_twice(tmp_path):
    path = tmp_path / "population.csv"
    path.write_text("area,age,population\nE1,0 to 49,60\nE1,50 and over,40\nE1,All ages,100\n")
    with pytest.raises(BadInput, match="totals beside their parts") as caught:
        read_population(path)
    assert (caught.value.where.row, caught.value.where.column) == (3, "age")


def test_totals_alone_are_the_population(tmp_path):
    path = tmp_path / "population.csv"
    path.write_text("area,sex,population\nE1,Persons,100\nE2,Persons,7\n")
    assert sorted(read_population(path).rows()) == [("E1", 100), ("E2", 7)]


def test_an_area_that_is_there_twice_without_ages_or_sexes_is_refused_not_added_up(tmp_path):
    path = tmp_path / "population.csv"
    path.write_text("area,population\nE1,10\nE2,7\nE1,10\n")
    with pytest.raises(BadInput, match="has an area twice, and no column of ages or sexes") as caught:
        read_population(path)
    assert (caught.value.where.row, caught.value.where.column) == (3, "area")


def test_residents_by_postcode_are_read_as_the_census_publishes_them(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Postcode,Total\nm332aa,10\nM33 2AB,7\nnonsense,3\n")
    found, said = read_postcode_people(path)
    assert sorted(found.rows()) == [("M33 2AA", 10), ("M33 2AB", 7)]
    assert said == ("Rows of residents without a postcode that can be read were left out: 1.",)
