"""The newest days with late reports allowed for: what goes in, what comes out, and what is refused.

A reporting triangle has a row for each report day, specimen day and area, with the cases known so far:

    from wardkeeper.outbreaks import nowcast
    triangle = pl.DataFrame({"report": …, "specimen": …, "area": …, "cases": …})
    weeks = nowcast(triangle, date(2020, 10, 20), horizon=7)
    weeks.select("area", "observed", "estimate", "low90", "high90")
    # observed is what was known on 20 October; estimate is what will be known of the same seven days in the end.

Half of every day's cases are known the day after, eight in ten after two days, all after three: in `steady`.
"""

from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import nowcast, nowcast_counts, score_nowcasts, triangle_of
from wardkeeper.outbreaks.counts import in_words
from wardkeeper.outbreaks.delays.nowcasting import make_nowcast
from wardkeeper.outbreaks.delays.triangle import clean_triangle

FIRST = date(2020, 9, 1)
ARRIVED = (0.0, 0.5, 0.8, 1.0)
"""Share of a day's cases known after none, one, two and three days."""


def steady(days=80, areas=(("Hale", 20), ("Sale", 100)), arrived=ARRIVED, reach=35) -> pl.DataFrame:
    """Give a triangle of `days` reports in which each area has the same number of cases each day."""
    rows = [
        (FIRST + timedelta(report), FIRST + timedelta(report - delay), area, round(cases * arrived[min(delay, 3)]))
        for report in range(days)
        for delay in range(1, reach + 1)
        for area, cases in areas
    ]
    return pl.DataFrame(rows, schema=["report", "specimen", "area", "cases"], orient="row")


LAST = FIRST + timedelta(79)


def test_what_is_late_is_added():
    answer = nowcast(steady(), LAST)
    # Seven days, of which one is half known and one at eight tenths: 6.3 days' cases of seven.
    assert answer.select("area", "observed", "estimate").rows() == [("Hale", 126, 140.0), ("Sale", 630, 700.0)]


def test_the_intervals_are_nested_around_the_estimate():
    for row in nowcast(steady(), LAST).iter_rows(named=True):
        assert row["low90"] <= row["low50"] <= row["estimate"] <= row["high50"] <= row["high90"]


def test_all_areas_together_are_the_sum_with_an_interval_of_their_own():
    answer = make_nowcast(clean_triangle(steady()), LAST)
    assert answer.whole.select("observed", "estimate").rows() == [(756, 840.0)]
    row = answer.whole.row(0, named=True)
    assert row["low90"] <= row["low50"] <= row["estimate"] <= row["high50"] <= row["high90"]
    assert row["high90"] - row["low90"] <= (answer.frame["high90"] - answer.frame["low90"]).sum()


def test_laboratories_that_rest_at_weekends_are_learned():
    # A report brings six in ten of what is still to come of a day; at a weekend only one in ten.
    rows = []
    for specimen in range(-35, 120):
        waiting = 1000.0
        for report in range(specimen + 1, min(specimen + 36, 120)):
            waiting *= 0.9 if report % 7 in (5, 6) else 0.4
            if report >= 0:
                rows.append((FIRST + timedelta(report), FIRST + timedelta(specimen), "Sale", round(1000 - waiting)))
    triangle = clean_triangle(pl.DataFrame(rows, schema=["report", "specimen", "area", "cases"], orient="row"))
    week = [make_nowcast(triangle, FIRST + timedelta(day)).frame["estimate"][0] for day in range(90, 97)]
    assert week == pytest.approx([7000] * 7, rel=0.06)


def test_the_horizon_may_be_shorter():
    assert nowcast(steady(), LAST, horizon=2)["estimate"].to_list() == [40.0, 200.0]


def test_an_area_without_cases_stays_at_zero_with_room_above():
    row = nowcast(steady(areas=(("Moor", 0), ("Sale", 100))), LAST).row(0, named=True)
    assert (row["area"], row["observed"], row["estimate"], row["low90"]) == ("Moor", 0, 0.0, 0)


def test_nothing_but_zeros_is_answered_with_zero():
    assert nowcast(steady(areas=(("Moor", 0),)), LAST)["estimate"].to_list() == [0.0]


def test_the_newest_day_follows_the_trend_where_nothing_of_it_is_known():
    blank = steady().filter((pl.col("report") < LAST) | (pl.col("specimen") < LAST - timedelta(1)))
    answer = make_nowcast(clean_triangle(blank), LAST)
    assert answer.frame["estimate"].to_list() == [140.0, 700.0]
    assert f"Nothing was published for {in_words(LAST - timedelta(1))}: it is taken from the trend." in answer.notes


def test_missing_report_days_are_bridged_by_what_was_known_before():
    silent = [FIRST + timedelta(day) for day in (40, 60, 77, 78)]
    answer = make_nowcast(clean_triangle(steady().filter(~pl.col("report").is_in(silent))), LAST)
    assert answer.frame["estimate"].to_list() == [140.0, 700.0]
    assert answer.notes[0].startswith("Report days without a report: 4 (the last: 2020-10-11, 2020-10-31,")


def test_an_area_missing_from_the_report_is_estimated_from_the_one_before():
    answer = make_nowcast(clean_triangle(steady().filter((pl.col("report") < LAST) | (pl.col("area") == "Sale"))), LAST)
    assert answer.frame["estimate"].to_list() == [140.0, 700.0]
    assert "Areas that are not in this report, estimated from earlier ones: 1." in answer.notes


def test_an_area_that_is_gone_is_left_out_and_said():
    gone = steady().filter((pl.col("report") < LAST - timedelta(20)) | (pl.col("area") == "Sale"))
    answer = make_nowcast(clean_triangle(gone), LAST)
    assert answer.frame["area"].to_list() == ["Sale"]
    assert "Areas without any figure in the last week, left out: 1 (Hale)." in answer.notes


def test_a_new_area_borrows_the_delays_of_the_others():
    new = steady().filter((pl.col("report") >= LAST - timedelta(1)) | (pl.col("area") == "Sale"))
    assert nowcast(new, LAST)["estimate"].to_list() == pytest.approx([140.0, 700.0], rel=0.02)


def test_a_correction_downwards_is_followed():
    # Sale's days are each found to hold 10 cases fewer once they are five days old.
    corrected = steady().with_columns(
        cases=pl.col("cases")
        - 10 * ((pl.col("area") == "Sale") & (pl.col("report") - pl.col("specimen") >= timedelta(5)))
    )
    row = nowcast(corrected, LAST).row(1, named=True)
    assert row["observed"] == 600
    assert row["estimate"] == pytest.approx(630, rel=0.01)


def test_a_late_batch_is_told_and_is_not_taken_for_slow_laboratories():
    # A day before, 16,000 cases of the week before last arrive at once.
    batch = LAST - timedelta(1)
    days_old = (pl.col("report") - pl.col("specimen")).dt.total_days()
    old = (pl.col("report") >= batch) & (batch - pl.col("specimen")).dt.total_days().is_between(5, 12)
    late = steady(areas=(("Hale", 2000), ("Sale", 10_000))).with_columns(
        cases=pl.when(old & (pl.col("area") == "Sale") & (days_old > 0)).then(pl.col("cases") + 2000).otherwise("cases")
    )
    answer = make_nowcast(clean_triangle(late), LAST)
    assert any(
        note.startswith(f"Late batch: the report of {in_words(batch)} brought about 16,000 more cases")
        for note in answer.notes
    )
    assert answer.frame["estimate"].to_list()[0] == pytest.approx(14_000, rel=0.01)


def test_a_feed_that_is_absent_cannot_be_estimated_and_is_said_in_every_row():
    answer = nowcast(steady(), LAST, missing=("community tests",))
    assert answer["missing"].to_list() == ["community tests not included"] * 2


def test_other_headings_and_text_are_understood():
    as_text = steady().select(
        pl.col("report").dt.to_string("%Y-%m-%d").alias("Report date"),
        pl.col("specimen").dt.to_string("%Y-%m-%d").alias("specimenDate"),
        pl.col("area").alias("areaCode"),
        pl.col("area").alias("areaName"),
        pl.col("cases").cast(pl.String).alias("cumulative_cases"),
    )
    assert nowcast(as_text, LAST).equals(nowcast(steady(), LAST))


def written(
    form, *, other=None, report="Date of report", specimen="Specimen date", area="LTLA code", cases="No. of cases"
):
    """A steady triangle whose days are written in a form (those of specimens in another, perhaps), under these headings."""
    return steady().select(
        pl.col("report").dt.to_string(form).alias(report),
        pl.col("specimen").dt.to_string(other or form).alias(specimen),
        pl.col("area").alias(area),
        pl.col("cases").alias(cases),
    )


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%d/%m/%y", "%m/%d/%Y", "%d %B %Y", "%d/%m/%Y 00:00"])
def test_days_are_read_in_any_form_that_tells_the_day_from_the_month(form):
    assert nowcast(written(form), LAST).equals(nowcast(steady(), LAST))


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (written("%d/%m/%Y", other="%m/%d/%Y"), "Some dates have the day first and some the month first."),
        (
            written("%d/%m/%Y").filter(
                pl.all_horizontal(pl.col("Date of report", "Specimen date").str.head(2).cast(pl.Int32) < 13)
            ),
            "The dates may have the day or the month first: no day after the twelfth tells which.",
        ),
    ],
    ids=["both ways", "either way"],
)
def test_days_that_may_be_months_are_refused(frame, message):
    with pytest.raises(BadInput) as refused:
        nowcast(frame, LAST)
    assert refused.value.message == message
    assert "2020-10-30" in str(refused.value)


@pytest.mark.parametrize(
    "headings",
    [
        {"report": "published_date", "specimen": "date", "area": "areaCode", "cases": "cumCasesBySpecimenDate"},
        {"report": "Date reported", "specimen": "Date of specimen", "area": "utla19cd", "cases": "Total cases"},
        {"report": "snapshot date", "specimen": "Onset date", "area": "ONS code", "cases": "Number of cases"},
    ],
)
def test_usual_headings_of_triangles_are_known(headings):
    assert nowcast(written("%d/%m/%Y", **headings), LAST).equals(nowcast(steady(), LAST))


def test_rows_may_say_what_each_report_added_or_took_off():
    known = steady(areas=(("Sale", 100),)).filter(pl.col("specimen") >= FIRST)
    added = (
        known.sort("report")
        .with_columns(cases=pl.col("cases") - pl.col("cases").shift(1, fill_value=0).over("specimen", "area"))
        .filter(pl.col("cases") != 0)
    )
    assert nowcast(added, LAST, incremental=True)["estimate"].to_list() == [700.0]


@pytest.mark.parametrize("hidden", ["*", "<5", "-99", "0-2", "", None])
def test_a_hidden_count_is_not_known_and_never_zero(hidden):
    table = steady().with_columns(pl.col("cases").cast(pl.String))
    cell = (pl.col("report") == LAST) & (pl.col("specimen") == LAST - timedelta(3)) & (pl.col("area") == "Sale")
    marked = table.with_columns(cases=pl.when(cell).then(pl.lit(hidden)).otherwise("cases"))
    answer = make_nowcast(clean_triangle(marked), LAST)
    assert answer.frame["estimate"].to_list() == pytest.approx([140.0, 700.0], rel=0.01)
    assert any(note.endswith("taken as not known, never as zero: 1.") for note in answer.notes)


def test_a_row_given_twice_counts_once():
    twice = pl.concat([steady(), steady().tail(1)])
    answer = make_nowcast(clean_triangle(twice), LAST)
    assert answer.frame.equals(nowcast(steady(), LAST))
    assert answer.notes[0] == "Rows that say the same thing again were counted once: 1."


def changed(column: str, value: object) -> pl.DataFrame:
    """Give the steady triangle with one value changed in its row 1."""
    frame = steady()
    return frame.with_columns(pl.Series(column, [value, *frame[column].to_list()[1:]], strict=False))


@pytest.mark.parametrize(
    ("frame", "report", "message"),
    [
        (steady().clear(), LAST, "The triangle has no rows."),
        (steady().drop("area"), LAST, "The triangle has no column for: area."),
        (steady(), date(2020, 8, 1), "The first report is of 2020-09-01, after 2020-08-01."),
        (steady(), date(2021, 8, 1), "There is no report of 2021-08-01. The nearest report days held are"),
        (steady(), FIRST + timedelta(5), "Only 6 reports are known by 2020-09-06."),
        (changed("specimen", date(2020, 9, 2)), LAST, "The specimen is later than the report."),
        (changed("cases", -3), LAST, "The count of cases is not a whole number of people."),
        (changed("cases", 2.5), LAST, "The count of cases is not a whole number of people."),
        (changed("cases", "many"), LAST, "The count of cases is not a whole number of people."),
        (changed("area", " "), LAST, "A row names no area."),
        (changed("report", "soon").with_columns(pl.col("report").fill_null("soon")), LAST, "A date can't"),
        (pl.concat([steady(), changed("cases", 7).head(1)]), LAST, "Two rows give different counts"),
    ],
)
def test_what_cannot_be_right_is_refused_with_the_next_step(frame, report, message):
    with pytest.raises(BadInput, match=message.replace(".", r"\.")) as refused:
        nowcast(frame, report)
    assert refused.value.next


def test_a_report_in_the_future_is_refused_when_the_present_day_is_told():
    with pytest.raises(BadInput, match="The report is in the future"):
        clean_triangle(steady(), as_of=LAST - timedelta(1))


@pytest.mark.parametrize("horizon", [0, 36])
def test_the_horizon_must_lie_within_the_reports(horizon):
    with pytest.raises(BadInput, match=f"The horizon is {horizon} days, but each report reaches back 35 days"):
        nowcast(steady(), LAST, horizon=horizon)


def test_a_wrong_year_does_not_fill_the_memory():
    with pytest.raises(BadInput, match="which is too much for 3,000 areas"):
        clean_triangle(
            pl.DataFrame(
                {
                    "report": [date(1, 1, 2), date(2020, 1, 2)] * 1500,
                    "specimen": [date(1, 1, 1), date(2020, 1, 1)] * 1500,
                    "area": [f"{number}" for number in range(3000)],
                    "cases": [1] * 3000,
                }
            )
        )


def test_estimates_are_scored_against_the_figures_thirty_days_later():
    found = score_nowcasts(steady(days=100), FIRST + timedelta(50), FIRST + timedelta(60))
    assert (found.area_days, found.wape, found.bias, found.set_aside) == (22, 0.0, 0.0, 0)


@pytest.mark.parametrize(
    ("method", "wape", "bias"),
    # Raw: 6.3 days of 7. The dashboard's days and the ladder's are complete or made so.
    [("raw", 0.1, -0.1), ("dashboard", 0.0, 0.0), ("ladder", 0.0, 0.0)],
)
def test_other_methods_are_scored_the_same_way(method, wape, bias):
    found = score_nowcasts(steady(days=100), FIRST + timedelta(50), FIRST + timedelta(60), method=method)
    assert (found.wape, found.bias) == (pytest.approx(wape), pytest.approx(bias))
    assert found.coverage90 is None


def test_area_days_without_a_report_then_are_set_aside_in_the_score():
    gap = steady(days=100).filter(
        (pl.col("report") != FIRST + timedelta(55)) | (pl.col("specimen") != FIRST + timedelta(54))
    )
    found = score_nowcasts(gap, FIRST + timedelta(50), FIRST + timedelta(60))
    assert (found.area_days, found.set_aside) == (20, 2)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (60, 50, "The first report day, 2020-10-31, is after the last, 2020-10-21."),
        (95, 99, "No total of these days is known at its final delay."),
        (50, 200, "There is no report of 2021-03-20."),
    ],
)
def test_days_that_cannot_be_scored_are_refused(first, last, message):
    with pytest.raises(BadInput, match=message):
        score_nowcasts(steady(days=100), FIRST + timedelta(first), FIRST + timedelta(last))


def test_reports_that_stop_before_the_final_delay_cannot_be_scored():
    with pytest.raises(BadInput, match="Each report reaches back 12 days, so no count is known at its final delay"):
        score_nowcasts(steady(reach=12), FIRST + timedelta(30), LAST)


def test_reports_that_reach_back_a_week_can_be_estimated():
    answer = make_nowcast(clean_triangle(steady(reach=7)), LAST)
    assert answer.frame["estimate"].to_list() == pytest.approx([140.0, 700.0])
    assert "Too little is known of changes up to 30 days after: none are expected." in answer.notes


def test_a_method_that_is_not_known_is_refused():
    with pytest.raises(BadInput, match=r"“guess” is not a method\. Choose one of: wardkeeper, ladder, dashboard, raw"):
        score_nowcasts(steady(), FIRST, LAST, method="guess")


def line_list(days=60, a_day=10) -> pl.DataFrame:
    """Give `a_day` cases each day: half are reported the day after, three tenths the next day, two tenths the third."""
    late = [1, 1, 1, 1, 1, 2, 2, 2, 3, 3]
    rows = [
        (f"{day}-{case}", FIRST + timedelta(day), FIRST + timedelta(day + late[case % 10]), "E01006100")
        for day in range(days)
        for case in range(a_day)
    ]
    return pl.DataFrame(rows, schema=["case", "event_date", "report_date", "lsoa"], orient="row")


def test_a_line_list_gives_weeks_as_they_will_be():
    # Sunday 25 October: the week ended the day before.
    weeks = nowcast_counts(line_list(), date(2020, 10, 25), weeks=2)
    assert weeks.select("area", "week_end", "observed", "estimate").rows() == [
        ("E01006100", date(2020, 10, 17), 70, 70.0),
        ("E01006100", date(2020, 10, 24), 63, 70.0),
    ]


def test_a_line_list_gives_a_triangle_of_what_was_known_on_each_day():
    triangle = triangle_of(line_list(), until=date(2020, 10, 25))
    newest = triangle.cube[-1, :5, 0]
    assert (triangle.last, newest.tolist()) == (date(2020, 10, 25), [0, 5, 8, 10, 10])


def test_a_case_reported_again_counts_once_from_its_first_report():
    again = pl.concat([line_list(), line_list().head(3).with_columns(pl.col("report_date") + timedelta(9))])
    triangle = triangle_of(again)
    assert triangle.cube[-1].sum() == triangle_of(line_list()).cube[-1].sum()
    assert triangle.notes == ("Repeated reports of the same case were counted once: 3.",)


def test_areas_without_a_case_are_held_and_cases_elsewhere_are_counted():
    triangle = triangle_of(line_list(), areas=["E01006200"])
    assert (triangle.areas, triangle.cube.sum()) == (("E01006200",), 0)
    assert triangle.notes == ("Cases in other areas were left out: 600.",)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (line_list().drop("report_date"), "The line list has no column report_date"),
        (line_list().clear(), "The line list has no case by then"),
        (line_list().with_columns(event_date=pl.col("report_date") + timedelta(1)), "reported before it happened"),
        (line_list().with_columns(lsoa=pl.lit("")), "A case has no area"),
        (line_list().with_columns(event_date=pl.lit("soon")), "A date can't be read"),
    ],
)
def test_a_line_list_that_cannot_be_right_is_refused(frame, message):
    with pytest.raises(BadInput, match=message):
        triangle_of(frame)


def test_older_weeks_are_not_estimated():
    with pytest.raises(BadInput, match=r"9 weeks were asked for\. Choose 1 to 4: older weeks are complete"):
        nowcast_counts(line_list(), date(2020, 10, 25), weeks=9)


def with_batch(size, specimen, *, area="Sale", since=LAST, until=LAST, frame=None) -> pl.DataFrame:
    """Add (or take off) cases of one area and specimen day in the reports from `since` to `until`."""
    told = pl.col("report").is_between(since, until) & (pl.col("specimen") == specimen) & (pl.col("area") == area)
    frame = steady() if frame is None else frame
    return frame.with_columns(cases=pl.when(told).then(pl.col("cases") + size).otherwise("cases"))


@pytest.mark.parametrize("delay", [1, 2, 3, 5, 7])
@pytest.mark.parametrize(("area", "usual"), [("Hale", 140.0), ("Sale", 700.0)])
def test_a_batch_of_one_area_is_added_as_it_is_and_named(area, usual, delay):
    day = LAST - timedelta(delay)
    answer = make_nowcast(clean_triangle(with_batch(15_841, day, area=area)), LAST)
    row = answer.frame.filter(area=area).row(0, named=True)
    assert row["estimate"] == pytest.approx(usual + 15_841, abs=1)
    assert row["low90"] <= row["estimate"] <= row["high90"]
    came = 15_841 + round((usual / 7) * (ARRIVED[min(delay, 3)] - ARRIVED[min(delay, 3) - (delay < 4)]))
    told = f"Late batch in {area}: the report of {in_words(LAST)} brought {came:,} cases of {in_words(day)}. "
    assert any(note.startswith(told) for note in answer.notes)


@pytest.mark.parametrize("ago", [1, 3, 7, 12, 25])
def test_later_estimates_learn_nothing_from_a_batch_of_one_area(ago):
    since = LAST - timedelta(ago)
    specimen = since - timedelta(5)
    plain, spoilt = nowcast(steady(), LAST), nowcast(with_batch(15_841, specimen, since=since), LAST)
    still = 15_841 if specimen >= LAST - timedelta(7) else 0
    assert spoilt["observed"].to_list() == [126, 630 + still]
    assert spoilt["estimate"].to_list() == pytest.approx([140, 700 + still], abs=0.5)
    ends = [f"{end}{share}" for end in ("low", "high") for share in (50, 90)]
    held = spoilt.with_columns(pl.when(area="Sale").then(pl.col(ends) - still).otherwise(pl.col(ends)).name.keep())
    assert held.select(ends).equals(plain.select(ends))


def test_a_batch_in_an_area_of_few_cases_is_not_scaled_up():
    quiet = steady(areas=(("Moor", 1), ("Sale", 100)))
    before = nowcast(quiet, LAST)["estimate"].to_list()
    answer = nowcast(with_batch(500, LAST - timedelta(2), area="Moor", frame=quiet), LAST)
    assert answer["estimate"].to_list() == pytest.approx([before[0] + 500, before[1]], abs=2)


@pytest.mark.parametrize("delay", [1, 2, 3, 5])
@pytest.mark.parametrize("cases", [1, 5, 20])
def test_a_batch_in_a_tiny_triangle_is_not_scaled_up(cases, delay):
    # One area and sixteen reports: there are no other areas to hold it against.
    tiny = steady(days=16, areas=(("Hale", cases),), reach=10)
    last = FIRST + timedelta(15)
    since = last - timedelta(1)
    day = since - timedelta(delay)
    answer = nowcast(with_batch(15_841, day, area="Hale", since=since, until=last, frame=tiny), last)
    assert answer["estimate"].to_list() == pytest.approx([7 * cases + 15_841], abs=2)
    assert answer["high90"][0] - answer["low90"][0] >= 2


def test_a_batch_taken_off_again_leaves_nothing():
    since = LAST - timedelta(3)
    gone = with_batch(15_841, since - timedelta(2), since=since, until=LAST - timedelta(1))
    answer = make_nowcast(clean_triangle(gone), LAST)
    assert answer.frame["estimate"].to_list() == pytest.approx([140, 700], abs=1)
    told = f"Large correction in Sale: the report of {in_words(LAST)} took off 15,841 cases of {in_words(LAST - timedelta(5))}. "
    assert any(note.startswith(told) for note in answer.notes)


def test_a_large_correction_is_taken_off_as_it_is():
    # One of Sale's days already held 5,000 too many in the first report known; the newest takes them off.
    known = steady().filter(pl.col("report") >= LAST - timedelta(14))
    wrong = with_batch(5000, LAST - timedelta(18), since=FIRST, until=LAST - timedelta(1), frame=known)
    answer = make_nowcast(clean_triangle(wrong), LAST, horizon=20)
    assert answer.frame.select("observed", "estimate").row(1) == (1930, pytest.approx(2000, abs=1))
    assert any(note.startswith("Large correction in Sale: ") for note in answer.notes)


def test_the_order_of_rows_is_irrelevant_to_a_batch():
    rows = with_batch(15_841, LAST - timedelta(5))
    assert nowcast(rows.sample(fraction=1, shuffle=True, seed=1), LAST).equals(nowcast(rows, LAST))


def test_a_new_level_is_taken_for_what_it_is_within_days():
    # Sale has five times its cases from ten days before the report on.
    step = steady().with_columns(
        cases=pl.when((pl.col("specimen") >= LAST - timedelta(10)) & (pl.col("area") == "Sale"))
        .then(pl.col("cases") * 5)
        .otherwise("cases")
    )
    answer = nowcast(step, LAST)
    assert answer["observed"][1] == 3150
    assert answer["estimate"][1] == pytest.approx(3500, rel=0.1)


def test_figures_that_only_start_are_not_a_batch():
    start = LAST - timedelta(15)
    new = steady().with_columns(cases=pl.when(pl.col("specimen") >= start).then("cases").otherwise(0))
    assert not [
        note for note in make_nowcast(clean_triangle(new), LAST).notes if " in Sale" in note or " in Hale" in note
    ]
