import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.places.postcodes import PostcodeTable, outward, standardise

WRITTEN = {
    "m331aa": "M33 1AA",
    " M33  1AA ": "M33 1AA",
    "M33-1AA": "M33 1AA",
    "sw1a1aa": "SW1A 1AA",
    "M1 1AE": "M1 1AE",
    "M33 OAA": "M33 0AA",
    "M33 IAA": "M33 1AA",
    "M33": None,
    "": None,
    "unknown": None,
    "1AA M33": None,
    "M33 1A": None,
    None: None,
}


@pytest.mark.parametrize(("written", "expected"), WRITTEN.items())
def test_standardise(written, expected):
    frame = pl.DataFrame({"p": [written]}, schema={"p": pl.String})
    assert frame.select(standardise(pl.col("p"))).item() == expected


def test_outward_is_the_part_before_the_space():
    assert pl.select(outward(pl.lit("WA14 1CC"))).item() == "WA14"


@pytest.fixture
def table():
    return PostcodeTable(
        pl.DataFrame(
            {
                "postcode": ["M33 1AA", "M33 1AB"],
                "output_area": ["E00000001", "E00000002"],
                "lsoa": ["E01000001", "E01000001"],
                "msoa": ["E02000001", "E02000001"],
                "longitude": [-2.30, -2.31],
                "latitude": [53.41, 53.42],
            }
        )
    )


def test_is_known(table):
    asked = pl.Series(["M33 1AB", "ZZ1 1ZZ", None])
    assert table.is_known(asked).to_list() == [True, False, False]


def test_locate_keeps_order_and_leaves_unknown_empty(table):
    located = table.locate(pl.Series(["M33 1AB", None, "M33 1AA"]))
    assert located["output_area"].to_list() == ["E00000002", None, "E00000001"]
    assert located["latitude"].to_list() == [53.42, None, 53.41]


def test_a_table_without_a_column_is_refused(table):
    with pytest.raises(BadInput, match="no column msoa"):
        PostcodeTable(table.frame.drop("msoa"))
