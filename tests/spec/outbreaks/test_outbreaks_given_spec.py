"""What a caller of the library gives by mistake is refused in words: never by an error from inside, never by a wrong answer."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from wardkeeper import outbreaks
from wardkeeper.kernel.errors import BadInput

AREAS = pl.DataFrame({"area": ["1", "2", "3", "4", "5"], "x": [0, 1, 2, 10, 11], "y": [0, 0, 0, 0, 0]})
CASES = pl.DataFrame({"area": ["1", "2", "3", "4", "5"], "cases": [9, 8, 1, 2, 1]})
PEOPLE = pl.DataFrame({"area": ["1", "2", "3", "4", "5"], "population": [100] * 5})
DAYS = [1, 1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12]
SERIES = pl.DataFrame({"cases": DAYS})
INTERVAL = outbreaks.GammaInterval(2.6, 1.5)


LISTED = outbreaks.read_line_list(
    pl.DataFrame({"Onset": ["2020-11-02"], "area": ["E01000001"]}), as_of=date(2020, 11, 22)
)


def scan(cases=CASES, areas=AREAS, people=PEOPLE, **settings):
    return outbreaks.scan(cases, areas, people, **{"replicates": 99, **settings})


def people(count):
    return pl.DataFrame({"area": ["E01000001"], "population": [count]})


def rates(**settings):
    return outbreaks.smooth_rates(CASES.join(PEOPLE, on="area"), **{"method": "marshall", **settings})


START = date(2020, 9, 1)


def reports(arrived=lambda ago: 100):
    return pl.DataFrame(
        [
            (START + timedelta(day), START + timedelta(day - ago), "Sale", arrived(ago))
            for day in range(80)
            for ago in range(1, 36)
        ],
        schema=["report", "specimen", "area", "cases"],
        orient="row",
    )


def nowcast(triangle=None, **settings):
    return outbreaks.nowcast(reports() if triangle is None else triangle, START + timedelta(79), **settings)


# Areas

NUMBERED = pl.col("area").cast(pl.Int64)


def test_areas_that_are_whole_numbers_are_their_digits():
    found = scan(*(table.with_columns(NUMBERED) for table in (CASES, AREAS, PEOPLE))).clusters[0]
    assert found.areas == scan().clusters[0].areas == ("1", "2")


def test_rates_take_areas_that_are_whole_numbers():
    counts = CASES.join(PEOPLE, on="area").with_columns(NUMBERED)
    beside = pl.DataFrame({"area": [1, 2, 3, 4], "neighbour": [2, 3, 4, 5]})
    assert outbreaks.smooth_rates(counts, beside).frame["area"].to_list() == ["1", "2", "3", "4", "5"]


def test_cases_that_are_not_whole_are_refused_by_their_row():
    with pytest.raises(BadInput) as raised:
        scan(CASES.with_columns(cases=pl.Series([9.0, 8.0, 1.5, 2.0, 1.0])))
    assert raised.value.where.to_dict() == {"row": 3, "column": "cases", "rule": "whole number"}


def test_an_area_alone_above_the_greatest_share_is_still_looked_at():
    people = PEOPLE.with_columns(population=pl.Series([900, 25, 25, 25, 25]))
    cases = CASES.with_columns(cases=pl.Series([99, 1, 0, 0, 0]))
    found = scan(cases, AREAS, people, max_population=0.1)
    assert found.clusters[0].areas == ("1",)


# Cases and reports


def test_rows_without_an_id_are_cases_of_their_own():
    listed = pl.DataFrame(
        {
            "case": ["1", "1", None, None],
            "event_date": [START] * 4,
            "report_date": [START + timedelta(1)] * 4,
            "area": ["A"] * 4,
        }
    )
    assert outbreaks.triangle_of(listed).cube[-1, 1, 0] == 3


def test_a_bound_is_never_below_the_estimate_however_wild_the_reports():
    wild = reports().with_columns(cases=pl.int_range(pl.len()))
    found = nowcast(wild)
    assert (found["high90"] >= found["high50"]).all()
    assert (found["high50"] >= found["estimate"]).all()
    assert (found["low90"] >= 0).all()


# Anything else

WRONG = {
    "no table": lambda: scan(cases=[1, 2]),
    "a lazy table": lambda: scan(areas=AREAS.lazy()),
    "fractions for ids": lambda: scan(areas=AREAS.with_columns(pl.col("area").cast(pl.Float64))),
    "objects for counts": lambda: scan(cases=CASES.with_columns(cases=pl.Series([object()] * 5))),
    "people beyond number": lambda: scan(people=PEOPLE.with_columns(population=pl.lit(float("inf")))),
    "a model of no name": lambda: scan(model=None),
    "replicates that are text": lambda: scan(replicates="99"),
    "a setting of no name": lambda: scan(nonsense=1),
    "a pair for an interval": lambda: outbreaks.estimate_r(DAYS, (2.6, 1.5)),
    "text for cases": lambda: outbreaks.estimate_r("x", INTERVAL),
    "no cases": lambda: outbreaks.estimate_r([], INTERVAL),
    "days of another length": lambda: outbreaks.estimate_growth([[1, 2], [3]]),
    "a cube of cases": lambda: outbreaks.estimate_growth(np.ones((2, 2, 30))),
    "a window that is text": lambda: outbreaks.estimate_r(DAYS, INTERVAL, window="7"),
    "a mean that is text": lambda: outbreaks.GammaInterval("2.6", 1.5),
    "limits that are a number": lambda: outbreaks.UncertainInterval(2.6, 1.5, 0.3, mean_limits=2),
    "settings of no kind": lambda: outbreaks.ears(SERIES, 5),
    "truth for a threshold": lambda: outbreaks.cusum(SERIES, m=4.0, h=True),
    "lists for dates": lambda: outbreaks.ears(SERIES.with_columns(date=pl.lit([1]))),
    "truth for counts": lambda: outbreaks.ears(SERIES.with_columns(pl.col("cases") > 2)),
    "figures that are text": lambda: outbreaks.smooth_rates(CASES.join(PEOPLE.cast(pl.String), on="area")),
    "text for a day": lambda: outbreaks.nowcast(SERIES, "2020-10-30"),
    "a list for a list of cases": lambda: outbreaks.count_line_list([date(2020, 1, 1)]),
    "objects in a list of cases": lambda: outbreaks.triangle_of(
        pl.DataFrame({"event_date": [object()], "report_date": [date(2020, 1, 1)], "area": ["A"]})
    ),
    "no day of knowing": lambda: outbreaks.read_line_list(pl.DataFrame({"Onset": ["1"], "area": ["A"]}), as_of=None),
    "numbers for areas": lambda: outbreaks.count_line_list(LISTED, areas=[1]),
    "text for days together": lambda: outbreaks.find_coincidences(LISTED.frame, days="7"),
    "people at no postcode": lambda: outbreaks.find_coincidences(LISTED.frame, population=people(1)),
    "known places without a kind": lambda: outbreaks.find_coincidences(
        LISTED.frame, known=pl.DataFrame({"name": ["Elm House"], "postcode": ["M33 4TT"], "uprn": [1001]})
    ),
    "a number for codes": lambda: outbreaks.check_boundaries(5, ["A"]),
    "no look-up": lambda: outbreaks.convert_areas(CASES, None, ["A"]),
    "people below 0": lambda: outbreaks.count_line_list(LISTED, population=people(-1)),
    "people who are days": lambda: outbreaks.count_line_list(LISTED, population=people(date(2020, 1, 1))),
    "people without an area": lambda: outbreaks.count_line_list(LISTED, population=people(1).drop("area")),
    "spans of time for areas": lambda: scan(areas=AREAS.with_columns(name=pl.lit(timedelta(1)))),
    "one text for feeds": lambda: nowcast(missing="laboratory B"),
    "text for a switch": lambda: nowcast(incremental="no"),
    "settings of another kind": lambda: nowcast(settings=5),
    "more data sets than can be made": lambda: scan(replicates=10**9),
    "an array for an expected count": lambda: outbreaks.cusum(SERIES, m=np.ones(3)),
    "a boundary without end": lambda: outbreaks.cusum(SERIES, m=4.0, h=float("inf")),
    "a rate that is text": lambda: rates(above="400"),
    "a rate that is no number": lambda: rates(above=float("nan")),
    "half a limit": lambda: rates(protect=2.5),
    "a table of methods": lambda: rates(method=pl.Series(["bym2"])),
    "no counts": lambda: outbreaks.find_alerts(SERIES, date(2020, 1, 4), AREAS),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_refused_with_what_to_do_next(mistake):
    with pytest.raises(BadInput) as raised:
        WRONG[mistake]()
    assert raised.value.next
