"""Readers against plain references: a line list counted in a loop, and one table published in three forms."""

import re
from collections import Counter
from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.cases import Weeks, count_line_list
from wardkeeper.outbreaks.line_lists import read_line_list
from wardkeeper.outbreaks.placing import Gazetteer
from wardkeeper.outbreaks.published import from_published

AS_OF = date(2020, 6, 9)
AREAS = ["E01006100", "E01006200", "E01006300"]

REPORT = st.tuples(
    st.integers(1, 15),  # case
    st.integers(0, 40),  # days before AS_OF that it happened
    st.integers(0, 20),  # days from then to its report
    st.sampled_from(AREAS),
)


def count_plainly(reports: list[tuple], weeks: Weeks) -> Counter:
    """Count in a loop: the last known report of each case, in the week that holds its day."""
    last = {}
    for at, (case, before, delay, area) in enumerate(reports):
        event = AS_OF - timedelta(days=before)
        reported = event + timedelta(days=delay)
        if reported <= AS_OF and (case not in last or (reported, at) > last[case][:2]):
            last[case] = (reported, at, event, area)
    counted = Counter()
    for _, _, event, area in last.values():
        end = event
        while end.isoweekday() != weeks.ends_on:
            end += timedelta(days=1)
        if end <= AS_OF:
            counted[area, end] += 1
    return counted


@settings(max_examples=60)
@given(reports=st.lists(REPORT, min_size=1, max_size=30), ends_on=st.integers(1, 7))
def test_a_line_list_counts_as_a_plain_loop_does(reports, ends_on):
    weeks = Weeks(as_of=AS_OF, ends_on=ends_on)
    rows = [
        (str(case), str(AS_OF - timedelta(days=before)), str(AS_OF - timedelta(days=before - delay)), area)
        for case, before, delay, area in reports
    ]
    frame = pl.DataFrame(
        rows, schema=dict.fromkeys(["case", "event_date", "report_date", "lsoa"], pl.String), orient="row"
    )

    counts = count_line_list(read_line_list(frame, as_of=AS_OF), ends_on=ends_on, areas=AREAS)

    seen = {(area, end): low for area, end, low in counts.frame.select("area", "week_end", "low").iter_rows()}
    plain = count_plainly(reports, weeks)
    assert {key: count for key, count in seen.items() if count} == dict(plain)
    # The grid is whole: every area in every week from the first case to the newest week that is over.
    assert len(seen) == len(AREAS) * len(counts.weeks)
    assert counts.weeks[-1] == weeks.newest
    assert all((later - earlier).days == 7 for earlier, later in zip(counts.weeks, counts.weeks[1:], strict=False))


ROW = st.tuples(
    st.integers(1, 30),  # case
    st.sampled_from([None, *range(-1, 9)]),  # days before AS_OF that it happened
    st.sampled_from([None, None, *range(-1, 4)]),  # days from then to its report
    st.sampled_from(["M33 2AA", "ZE1 1AA", "nonsense", ""]),
    st.sampled_from([AREAS[0], "E01009999", ""]),
)
KNOWN = Gazetteer(pl.DataFrame({"postcode": ["M33 2AA"], "area": AREAS[:1]}), areas=AREAS)


def told(notes: tuple[str, ...], beginning: str) -> int:
    """The number in the note that begins so; 0 without one."""
    return sum(int(re.search(r": (\d+)", note)[1]) for note in notes if note.startswith(beginning))


@settings(max_examples=100)
@given(rows=st.lists(ROW, min_size=1, max_size=40))
def test_every_row_of_a_list_is_counted_or_told_of(rows):
    days = [(None, None) if before is None else (AS_OF - timedelta(before), delay) for _, before, delay, _, _ in rows]
    table = pl.DataFrame(
        {
            "case": [str(row[0]) for row in rows],
            "event_date": [str(event) if event else None for event, _ in days],
            "report_date": [
                str(event + timedelta(delay)) if event and delay is not None else None for event, delay in days
            ],
            "postcode": [row[3] for row in rows],
            "lsoa": [row[4] for row in rows],
        },
        schema=dict.fromkeys(["case", "event_date", "report_date", "postcode", "lsoa"], pl.String),
    )
    try:
        lines = read_line_list(table, as_of=AS_OF, gazetteer=KNOWN)
        counts = count_line_list(lines, areas=AREAS)
    except BadInput:
        return
    set_aside, later = sum(lines.set_aside.values()), told(lines.notes, "Cases reported after")
    assert len(rows) == lines.frame.height + set_aside + later + told(lines.notes, "Repeated reports")
    left_out = told(counts.notes, "Cases in other areas") + told(counts.notes, "Cases in the week that is not over")
    assert lines.frame.height == counts.frame["low"].sum() + lines.unplaced + left_out


CELL = st.one_of(st.integers(0, 300).map(str), st.sampled_from(["*", "-99", "<5", "0-2"]))


@settings(max_examples=40)
@given(cells=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_one_table_reads_alike_in_each_of_its_forms(cells):
    """`cells` has a row a week and a column an area."""
    weeks = [date.fromisocalendar(2020, 10 + at, 7).isoformat() for at in range(len(cells))]
    long = pl.DataFrame(
        [
            (area, week, cell)
            for week, row in zip(weeks, cells, strict=True)
            for area, cell in zip(AREAS, row, strict=True)
        ],
        schema=["areaCode", "date", "cases"],
        orient="row",
    )
    weekly = pl.DataFrame({"msoa11_cd": AREAS} | {f"wk_{10 + at:02}": row for at, row in enumerate(cells)})
    rolling = pl.DataFrame(
        {"specimenDate": weeks}
        | {area: list(column) for area, column in zip(AREAS, zip(*cells, strict=True), strict=True)}
    )

    read = [from_published(frame, as_of=date(2020, 12, 1), year=2020).frame for frame in (long, weekly, rolling)]

    assert read[0].equals(read[1])
    assert read[0].equals(read[2])
    assert (read[0]["low"] <= read[0]["high"]).all()
