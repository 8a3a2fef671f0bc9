import polars as pl

from wardkeeper.kernel.columns import HOME
from wardkeeper.places import homes
from wardkeeper.places.addresses import COLUMNS, AddressList
from wardkeeper.places.postcodes import PostcodeTable

ADDRESSES = AddressList(
    pl.DataFrame(
        [("1", "18 High Street, Sale", "High Street", "18", "M33 1AA", -2.3, 53.4, "E00000001", "E01000001", "house")],
        schema=list(COLUMNS),
        orient="row",
    )
)
POSTCODES = PostcodeTable(
    pl.DataFrame(
        {
            "postcode": ["M33 1AB"],
            "output_area": ["E00000002"],
            "lsoa": ["E01000002"],
            "msoa": ["E02000001"],
            "longitude": [-2.35],
            "latitude": [53.45],
        }
    )
)
RECORDS = pl.DataFrame(
    {
        "home_id": ["uprn:1", "uprn:1", "addr:00", "addr:01", None],
        "address_original": ["18 High St", "18 High Street", "99 New Road", "Nowhere", None],
        "postcode": ["M33 1AA", "M33 1AA", "M33 1AB", "ZZ1 1ZZ", None],
    }
)


def test_each_home_once_with_what_is_known_of_it():
    described = homes.describe(RECORDS, ADDRESSES, POSTCODES)
    assert described.select("home_id", "uprn", "address", "postcode", "longitude", "output_area", "kind").rows() == [
        ("addr:00", None, "99 New Road", "M33 1AB", -2.35, "E00000002", "other"),
        ("addr:01", None, "Nowhere", "ZZ1 1ZZ", None, None, "other"),
        ("uprn:1", "1", "18 High Street, Sale", "M33 1AA", -2.3, "E00000001", "house"),
    ]


def test_its_columns_are_those_of_a_home_less_the_special_mark():
    described = homes.describe(RECORDS, ADDRESSES, POSTCODES)
    assert set(described.columns) == {column.name for column in HOME} - {"special"}
