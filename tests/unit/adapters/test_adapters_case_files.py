"""Tables of cases and of residents: what cannot be read is said in words, by row."""

import polars as pl
import pytest

from wardkeeper.adapters.case_files import read_case_table, read_population
from wardkeeper.kernel.errors import BadInput


def test_parquet_in_name_only(tmp_path):
    path = tmp_path / "cases.parquet"
    path.write_bytes(b"PAR1garbage")
    with pytest.raises(BadInput, match="cannot be read as a table"):
        read_case_table(path)


@pytest.mark.parametrize("written", ["many", "NaN", "inf", "-4", "1e999"])
def test_a_population_that_is_no_number_is_named_by_its_row(tmp_path, written):
    path = tmp_path / "population.csv"
    path.write_text(f"area,population\nE1,10\nE2,{written}\n")
    with pytest.raises(BadInput, match="not a number") as caught:
        read_population(path)
    assert (caught.value.where.row, caught.value.where.column) == (2, "population")
    assert written not in str(caught.value)


def test_ages_are_added_up_and_empty_cells_count_nobody(tmp_path):
    path = tmp_path / "population.csv"
    path.write_text("area,population\nE1,10\nE1,5\nE2,\n")
    found = read_population(path).sort("area")
    assert found.equals(pl.DataFrame({"area": ["E1", "E2"], "population": [15, 0]}))
