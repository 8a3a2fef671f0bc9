"""Versions: the figures in force and a new load in; what changes, and what is asked before it may, out."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.counts import finish
from wardkeeper.outbreaks.versions import (
    Change,
    Doubt,
    check_change,
    compare_cases,
    compare_counts,
    compare_lists,
    doubts,
    find_late_batch,
    say,
    say_batch,
)

SALE, STRETFORD = "E02001001", "E02001002"
LAST = date(2020, 10, 3)


def counts(rows: dict[str, list], last: date = LAST):
    """Weekly counts by area, oldest first, the last week ending on `last`: a number, or (low, high)."""
    frame = pl.DataFrame(
        [
            (area, last - timedelta(weeks=len(weeks) - 1 - back), *(cell if isinstance(cell, tuple) else (cell, cell)))
            for area, weeks in rows.items()
            for back, cell in enumerate(weeks)
        ],
        schema={"area": pl.String, "week_end": pl.Date, "low": pl.Int64, "high": pl.Int64},
        orient="row",
    )
    return finish(frame, as_of=last + timedelta(days=3), delay_days=5, population=None, notes=())


def lines(*rows):
    """(case, area, day of September 2020, day of September on which it was reported)."""
    return pl.DataFrame(
        [(case, area, date(2020, 9, event), date(2020, 9, report)) for case, area, event, report in rows],
        schema={"case": pl.String, "area": pl.String, "event_date": pl.Date, "report_date": pl.Date},
        orient="row",
    )


def test_the_same_figures_change_nothing():
    same = counts({SALE: [5, 9]})
    assert say(compare_counts(same, same)) == ()
    assert doubts(compare_counts(same, same)) == ()


def test_late_reports_raise_the_newest_week_and_are_no_matter_for_a_question():
    change = compare_counts(counts({SALE: [50, 20]}), counts({SALE: [51, 90]}))
    assert (change.raised, change.added, change.settled_added) == (2, 71, 1)
    assert say(change) == ("Counts stated higher than before: 2, by 71 cases or more.",)
    assert doubts(change) == ()


def test_a_negative_correction_is_said():
    change = compare_counts(counts({SALE: [50, 20]}), counts({SALE: [48, 20]}))
    assert say(change) == ("Counts stated lower than before: 1, by 2 cases or more.",)


def test_settled_weeks_stated_much_differently_are_asked_about():
    change = compare_counts(counts({SALE: [100, 20]}), counts({SALE: [160, 20]}))
    assert doubts(change) == (Doubt.RESTATED,)
    with pytest.raises(BadInput, match="Weeks that were settled are stated much differently") as asked:
        check_change(change)
    assert asked.value.where.rule == "weeks-restated"
    assert asked.value.next.endswith("load them with --restated. What is in force stays until then.")
    check_change(change, restated=True)


def test_a_hidden_count_that_may_be_the_same_has_not_changed():
    change = compare_counts(counts({SALE: [(0, 2), 20]}), counts({SALE: [2, 20]}))
    assert (change.raised, change.lowered) == (0, 0)
    shown = compare_counts(counts({SALE: [(0, 2), 20]}), counts({SALE: [7, 20]}))
    assert (shown.raised, shown.added) == (1, 5)


def test_figures_that_end_earlier_are_older_and_do_not_replace_newer_ones_unasked():
    change = compare_counts(counts({SALE: [5, 9]}), counts({SALE: [5, 9]}, last=LAST - timedelta(weeks=1)))
    assert Doubt.OLDER in doubts(change)
    with pytest.raises(BadInput, match="older than those in force"):
        check_change(change, restated=True)
    check_change(change, older=True)


def test_an_area_that_had_cases_and_is_gone_is_asked_about():
    change = compare_counts(counts({SALE: [5, 9], STRETFORD: [5, 9]}), counts({SALE: [5, 9]}))
    assert doubts(change) == (Doubt.AREAS_GONE,)
    assert say(change) == ("Areas that are there no longer: 1.",)


def test_a_lost_history_is_asked_about_and_a_week_that_falls_off_the_end_is_not():
    year = counts({SALE: [5] * 52})
    assert doubts(compare_counts(year, counts({SALE: [5] * 51}))) == ()
    change = compare_counts(year, counts({SALE: [5] * 6}))
    assert doubts(change) == (Doubt.WEEKS_GONE,)
    assert say(change) == ("Weeks that are there no longer: 46.",)


def test_a_week_missing_in_the_middle_is_asked_about():
    before = counts({SALE: [5, 6, 7, 8]})
    frame = before.frame.filter(pl.col("week_end") != LAST - timedelta(weeks=1))
    change = compare_counts(before, replace(before, frame=frame))
    assert doubts(change) == (Doubt.WEEKS_GONE,)
    assert "Weeks missing between others that are there: 1." in say(change)


def test_counts_that_are_gone_from_weeks_and_areas_that_stay_are_asked_about():
    before = counts({SALE: [5, 7], STRETFORD: [0, 4]})
    for week, area, expected in (
        (LAST, SALE, (Doubt.COUNTS_GONE,)),
        (LAST - timedelta(weeks=1), STRETFORD, ()),
    ):
        frame = before.frame.filter((pl.col("week_end") != week) | (pl.col("area") != area))
        assert doubts(compare_counts(before, replace(before, frame=frame))) == expected
    gone = before.frame.filter((pl.col("week_end") != LAST) | (pl.col("area") != SALE))
    change = compare_counts(before, replace(before, frame=gone))
    assert say(change) == ("Counts that are there no longer: 1, of 7 cases or more.",)


def test_where_zeros_were_left_out_before_one_count_less_is_said_and_not_asked_about():
    before = counts({SALE: [5, 7], STRETFORD: [4, 2]})
    with_gap = replace(before, frame=before.frame.filter((pl.col("area") != SALE) | (pl.col("week_end") == LAST)))
    fewer = replace(before, frame=with_gap.frame.filter((pl.col("area") != STRETFORD) | (pl.col("week_end") != LAST)))
    change = compare_counts(with_gap, fewer)
    assert (change.counts_gone, change.cases_gone, doubts(change)) == (1, 2, ())


def test_weeks_that_end_on_another_day_are_asked_about_and_the_day_is_named():
    change = compare_counts(counts({SALE: [5] * 8}), counts({SALE: [5] * 8}, last=LAST + timedelta(days=1)))
    assert doubts(change) == (Doubt.WEEKS_GONE,)
    assert "Its weeks end on a Sunday, those of the load before on another day." in say(change)


def test_figures_of_other_places_do_not_replace_those_in_force_unasked():
    change = compare_counts(counts({SALE: [5, 9]}), counts({STRETFORD: [5, 9]}))
    assert say(change) == ("The load before has none of these areas: nothing could be compared.",)
    with pytest.raises(BadInput, match="of other places than those in force") as asked:
        check_change(change, older=True)
    assert asked.value.where.rule == "other-places"
    check_change(change, restated=True)


def test_older_figures_of_other_places_take_both_answers():
    change = compare_counts(counts({SALE: [5, 9]}), counts({STRETFORD: [5]}, last=date(2020, 1, 4)))
    assert doubts(change) == (Doubt.OTHER_PLACES, Doubt.OLDER)
    for answer in ({"restated": True}, {"older": True}):
        with pytest.raises(BadInput, match="What is in force stays"):
            check_change(change, **answer)
    check_change(change, older=True, restated=True)


def test_cases_that_moved_and_cases_withdrawn_are_counted():
    before = lines(("1", SALE, 1, 2), ("2", SALE, 2, 3), ("3", SALE, 3, 4), ("4", None, 3, 4))
    after = lines(("1", SALE, 1, 2), ("2", STRETFORD, 2, 3), ("4", SALE, 3, 4))
    assert compare_cases(before, after)[1:] == (2, 1)


def test_a_list_that_takes_out_more_cases_than_it_keeps_is_asked_about_however_short():
    # A file of two corrections, loaded as if it were the whole list.
    before = lines(*((str(number), SALE, 1 + number, 20) for number in range(7)))
    corrections = before.head(1).vstack(before.tail(1))
    change = compare_lists(Change(), before, corrections, named=True, as_of=(LAST, LAST))
    assert (change.kept, change.withdrawn) == (2, 5)
    assert doubts(change) == (Doubt.RESTATED,)
    half = compare_lists(Change(), before, before.tail(4).vstack(before.head(1)), named=True, as_of=(LAST, LAST))
    assert (half.withdrawn, doubts(half)) == (2, ())


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [(("row 1", "row 2"), ("a", "b"), True), (("a", "b"), ("row 1", "row 2"), False), (("row 1",), ("row 1",), False)],
    ids=["before", "now", "both"],
)
def test_without_case_ids_nothing_is_said_to_be_taken_out(before, after, named):
    old, new = (lines(*((case, SALE, 1 + at, 20) for at, case in enumerate(cases))) for cases in (before, after))
    change = compare_lists(Change(), old, new, named=named, as_of=(LAST, LAST))
    assert (change.kept, change.moved, change.withdrawn, doubts(change)) == (0, 0, 0, ())
    (said,) = say(change)
    assert said.startswith("This line list or the one before has no case ids: which cases moved")


def test_a_list_that_starts_later_or_ends_earlier_withdraws_nothing_by_that():
    before = lines(("1", SALE, 1, 2), ("2", SALE, 5, 6), ("3", SALE, 9, 10))
    assert compare_cases(before, lines(("2", SALE, 5, 6)))[1:] == (0, 0)


def batch(size: int):
    """A steady ten cases a day reported within two days, and a batch that all came on the 30th."""
    steady = [(f"{day}-{n}", SALE, day, day + 2) for day in range(1, 28) for n in range(10)]
    return lines(*steady, *((f"late-{n}", SALE, 15 + n % 8, 30) for n in range(size)))


def test_a_late_batch_is_recognised_and_said():
    found = find_late_batch(batch(800))
    assert say_batch(found) == (
        "A late batch: 800 cases that happened from 15 September 2020 to 22 September 2020 were all reported on "
        "30 September 2020. Those weeks rise by them; the days they were reported on do not."
    )


@pytest.mark.parametrize("size", [0, 1, 49])
def test_a_few_late_cases_are_no_batch(size):
    assert find_late_batch(batch(size)) is None


def test_a_batch_larger_than_all_else_does_not_hide_by_making_delay_usual():
    assert find_late_batch(batch(15_841)).cases == 15_841


def test_lists_that_are_always_slow_have_no_batch():
    slow = lines(*((f"{day}-{n}", SALE, day, day + 14) for day in range(1, 15) for n in range(100)))
    assert find_late_batch(slow) is None


def test_the_batch_of_15841_cases_is_asked_about_before_it_replaces_what_is_in_force():
    before, after = batch(0), batch(15_841)
    change = compare_lists(Change(), before, after, named=True, as_of=(date(2020, 9, 29), date(2020, 9, 30)))
    assert (change.late, change.late_on) == (15_841, "2020-09-30")
    with pytest.raises(BadInput, match="A batch of cases arrived late, all in one day") as asked:
        check_change(change)
    assert asked.value.where.rule == "late-batch"


def test_a_batch_that_came_later_on_the_day_of_the_list_before_is_asked_about():
    change = compare_lists(Change(), batch(0), batch(500), named=True, as_of=(date(2020, 9, 30), date(2020, 10, 1)))
    assert (change.late, change.late_on) == (500, "2020-09-30")


def test_a_list_without_case_ids_tells_a_new_batch_by_its_day():
    days = (date(2020, 9, 29), date(2020, 9, 30), date(2020, 10, 1))
    for before, late in zip(days, (500, 0, 0), strict=True):
        change = compare_lists(Change(), batch(0), batch(500), named=False, as_of=(before, days[-1]))
        assert change.late == late


def test_a_batch_of_one_day_names_that_day():
    one = lines(*((f"{n}", SALE, 15, 30) for n in range(60)), *((f"s{day}", SALE, day, day) for day in range(1, 28)))
    assert "cases that happened on 15 September 2020 were" in say_batch(find_late_batch(one))


def test_a_batch_that_was_there_before_is_not_asked_about_again():
    change = compare_lists(Change(), batch(500), batch(500), named=True, as_of=(date(2020, 9, 30), date(2020, 10, 1)))
    assert change.late == 0


def test_a_list_known_on_an_earlier_day_is_older():
    change = compare_lists(Change(), batch(0), batch(0), named=True, as_of=(date(2020, 10, 1), date(2020, 9, 30)))
    assert doubts(change) == (Doubt.OLDER,)
