import polars as pl
import pytest

from wardkeeper.places.distances import kilometres

KNOWN = [
    ((-0.1278, 51.5074), (-2.2426, 53.4808), 262.0),  # London to Manchester
    ((-2.3, 53.4), (-2.3, 53.4), 0.0),
    ((-2.3, 53.0), (-2.3, 54.0), 111.2),  # a degree of latitude
]


@pytest.mark.parametrize(("here", "there", "known"), KNOWN)
def test_known_distances(here, there, known):
    frame = pl.DataFrame({"x": [there[0]], "y": [there[1]]})
    assert frame.select(kilometres(here, ("x", "y")).alias("km"))["km"][0] == pytest.approx(known, rel=0.005)


def test_no_coordinate_no_distance():
    frame = pl.DataFrame({"x": [None], "y": [53.0]}, schema={"x": pl.Float64, "y": pl.Float64})
    assert frame.select(kilometres((0, 0), ("x", "y")).alias("km"))["km"][0] is None
