"""Where areas are, what they are called and who lives there, from files beside a table of cases or named."""

import polars as pl
import pytest

from wardkeeper.adapters.area_files import Given, read_area_files
from wardkeeper.kernel.errors import BadInput

CODES = ["E02000001", "E02000002"]
CASES = pl.DataFrame({"areaCode": CODES, "date": ["2020-05-30"] * 2, "cases7": ["4", "9"], "rate7": ["40", "45"]})
PLACES = "area,x,y,name,place\nE02000001,1,2,Town,Ex\nE02000002,3,4,Hill,Ex\n"


@pytest.fixture
def beside(tmp_path):
    """Write files beside the cases; gives what is read of them."""
    (tmp_path / "places.csv").write_text(PLACES)

    def read(table=CASES, given=None, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text)
        named = {part: tmp_path / f"{name}.csv" for part, name in (given or {}).items()}
        return read_area_files(tmp_path / "cases.parquet", table, Given(**named))

    return read


def test_places_and_names_are_found_by_their_columns_and_people_worked_out_from_rates(beside):
    found = beside()
    assert found.areas.rows() == [("E02000001", "Town", "Ex", 1.0, 2.0), ("E02000002", "Hill", "Ex", 3.0, 4.0)]
    assert sorted(found.population.rows()) == [("E02000001", 10_000), ("E02000002", 20_000)]
    assert found.used == (
        "places.csv (centres)",
        "cases.parquet (population, from its rates)",
        "places.csv (names)",
        "places.csv (authorities)",
    )


def test_the_areas_of_a_table_with_a_column_each_are_known_by_their_headings(beside):
    rolling = pl.DataFrame({"specimenDate": ["2020-05-30"], **{code: ["4"] for code in CODES}})
    assert beside(rolling).areas["area"].to_list() == CODES


def test_people_given_by_age_are_added_up(beside):
    ages = "area,age,population\nE02000001,0-17,10\nE02000001,18+,30\nE02000002,0-17,5\nE02000002,18+,7\n"
    found = beside(people=ages)
    assert sorted(found.population.rows()) == [("E02000001", 40), ("E02000002", 12)]
    assert "people.csv (population)" in found.used


def test_a_file_of_smaller_areas_is_used_by_the_codes_that_are_counted(beside):
    smaller = "oa11cd,msoa11cd,msoa11nm,lad20nm\nE00000001,E02000001,Town,Ex\nE00000002,E02000002,Hill,Wye\n"
    found = beside(given={"names": "smaller"}, smaller=smaller)
    assert found.areas["place"].to_list() == ["Ex", "Wye"]


@pytest.mark.parametrize(
    ("given", "text", "says"),
    [
        ("names", "area,name\nE02000009,Elsewhere\n", "The table of names knows too few of the counted areas"),
        ("names", "area,colour\nE02000001,red\nE02000002,blue\n", "The table of names knows too few"),
        ("population", "area,population\nE02000009,7\n", "The population table knows too few of the counted areas"),
        ("population", "area,population\nE02000001,many\n", "row 1, column population: The number of people"),
        ("population", "area,population\nE02000001,7\nE02000001,7\n", "has an area twice, and no column of ages"),
        ("areas", "area,x,y\nE02000009,1,2\n", "does not say where the counted areas are"),
    ],
)
def test_a_file_that_was_named_and_is_of_no_use_is_refused(beside, given, text, says):
    with pytest.raises(BadInput, match=says):
        beside(given={given: "named"}, named=text)


def test_a_table_of_cases_without_areas_is_refused(beside):
    with pytest.raises(BadInput, match=r"file cases\.parquet, column area: The table of cases has no column"):
        beside(pl.DataFrame({"when": ["2020-05-30"], "cases": ["4"]}))
