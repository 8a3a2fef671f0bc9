import polars as pl
import pytest

from wardkeeper.places.lettering import fold
from wardkeeper.places.lines import take_apart

LINES = {
    "18 High Street": ("", "18", "HIGH ST", "HIGH ST"),
    "018 High Street": ("", "18", "HIGH ST", "HIGH ST"),
    "No. 18 High Street": ("", "18", "HIGH ST", "HIGH ST"),
    "18-20 High Street": ("", "18-20", "HIGH ST", "HIGH ST"),
    "18 - 20 High Street": ("", "18-20", "HIGH ST", "HIGH ST"),
    "Flat 3, 18 High Street": ("3", "18", "HIGH ST", "HIGH ST"),
    "Flat No 3, 18 High Street": ("3", "18", "HIGH ST", "HIGH ST"),
    "3, 18 High Street": ("3", "18", "HIGH ST", "HIGH ST"),
    "B, 18 High Street": ("B", "18", "HIGH ST", "HIGH ST"),
    "18b High St.": ("B", "18", "HIGH ST", "HIGH ST"),
    "Ground Floor Flat, 18 High Street": ("GF", "18", "HIGH ST", "HIGH ST"),
    "GFF 18 High Street": ("GF", "18", "HIGH ST", "HIGH ST"),
    "Flat 7, Rose Court, Mill Lane": ("", "7", "ROSE CT MILL LN", "ROSE CT"),
    "7 Rose Court, Mill Lane": ("", "7", "ROSE CT MILL LN", "ROSE CT"),
    "Rose Cottage, Mill Lane": ("", "", "ROSE COTT MILL LN", "ROSE COTT MILL LN"),
    "12 St. John's Road, Sale M33 1AA": ("", "12", "ST JOHNS RD SALE", "ST JOHNS RD"),
    "The Old Rectory": ("", "", "THE OLD RECTORY", ""),
    "": ("", "", "", ""),
    "12 Rose Lane, Sale, Greater Manchester": ("", "12", "ROSE LN SALE", "ROSE LN"),
    "12 Rose Lane, Sale, Gt. Manchester, M33 4AB": ("", "12", "ROSE LN SALE", "ROSE LN"),
    "12 Rose Lane, Sale M33 4AB, Cheshire, England": ("", "12", "ROSE LN SALE", "ROSE LN"),
    "12 Kent Road": ("", "12", "KENT RD", "KENT RD"),
}


@pytest.mark.parametrize(("line", "parts"), LINES.items())
def test_take_apart(line, parts):
    assert take_apart(pl.Series([line])).row(0) == parts


def test_an_absent_line_has_no_parts():
    assert take_apart(pl.Series([None], dtype=pl.String)).row(0) == ("", "", "", "")


FOLDED = {
    "Zoë": "ZOE",
    "Łukasz": "LUKASZ",
    "Strauß": "STRAUSS",
    "Nguyễn": "NGUYEN",
    "O’Neill": "O'NEILL",
    "  two \u00a0 spaces ": "TWO SPACES",
    "محمد": "محمد",
    "王小明": "王小明",
    " ": None,
}


@pytest.mark.parametrize(("written", "expected"), FOLDED.items())
def test_fold(written, expected):
    assert pl.select(fold(pl.lit(written))).item() == expected
