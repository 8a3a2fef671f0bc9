"""Finding clusters with the library: a few rows in, clusters out, the likeliest first.

from wardkeeper.outbreaks import scan

cases = pl.DataFrame({"area": ["north", "east", "south", "west"], "cases": [3, 14, 2, 1]})
areas = pl.DataFrame({"area": ["north", "east", "south", "west"], "x": [0, 9, 1, -8], "y": [8, 1, -7, 0]})
people = pl.DataFrame({"area": ["north", "east", "south", "west"], "population": [7100, 6800, 8200, 7700]})
cluster = scan(cases, areas, people).clusters[0]
"""

from datetime import date, timedelta
from math import log

import polars as pl
import pytest

from command_line import run_here
from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import scan

PLACES = ("north", "east", "south", "west")
CASES = pl.DataFrame({"area": PLACES, "cases": [3, 14, 2, 1]})
AREAS = pl.DataFrame({"area": PLACES, "x": [0, 9, 1, -8], "y": [8, 1, -7, 0]})
PEOPLE = pl.DataFrame({"area": PLACES, "population": [7100, 6800, 8200, 7700]})
MONDAY = date(2026, 11, 2)


def by_day(**counts: str) -> pl.DataFrame:
    """Make cases from a row of counts an area, one a day from MONDAY on."""
    return pl.DataFrame(
        [
            (area, MONDAY + timedelta(days=at), int(number))
            for area, row in counts.items()
            for at, number in enumerate(row.split())
        ],
        schema=["area", "date", "cases"],
        orient="row",
    )


def test_the_example_of_this_page():
    cluster = scan(CASES, AREAS, PEOPLE).clusters[0]
    # 20 cases among 29,800 people: of 6,800 one expects 4.56, and 14 is (14/4.56) / (6/15.44) = 7.9 times the risk.
    assert (cluster.areas, cluster.observed) == (("east",), 14)
    assert cluster.expected == pytest.approx(20 * 6800 / 29800)
    assert cluster.relative_risk == pytest.approx((14 / cluster.expected) / (6 / (20 - cluster.expected)))
    assert cluster.llr == pytest.approx(14 * log(14 / cluster.expected) + 6 * log(6 / (20 - cluster.expected)))
    assert cluster.p < 0.01


def test_neighbours_with_too_many_cases_make_one_cluster_from_its_centre():
    cases = CASES.with_columns(cases=pl.Series([2, 14, 13, 1]))
    cluster = scan(cases, AREAS, PEOPLE, max_population=0.6).clusters[0]
    assert set(cluster.areas) == {"east", "south"}
    assert (cluster.observed, cluster.population) == (27, 15000)


def test_a_cluster_holds_at_most_the_share_of_people_asked_for():
    cases = CASES.with_columns(cases=pl.Series([2, 14, 13, 1]))
    assert [one.areas for one in scan(cases, AREAS, PEOPLE, max_population=0.3).clusters[:2]] == [("east",), ("south",)]


def test_with_days_a_cluster_has_a_beginning_and_an_end():
    cases = by_day(north="1 1 1 1 1 1", east="1 1 9 8 1 1", south="1 1 1 1 1 1", west="1 1 1 1 1 1")
    cluster = scan(cases, AREAS, PEOPLE).clusters[0]
    assert (cluster.areas, cluster.start, cluster.end) == (("east",), date(2026, 11, 4), date(2026, 11, 5))


def test_a_prospective_scan_tells_only_what_still_goes_on():
    cases = by_day(north="1 1 1 1 1 1", east="1 1 9 8 1 1", south="1 1 1 1 1 7", west="1 1 1 1 1 1")
    cluster = scan(cases, AREAS, PEOPLE, prospective=True).clusters[0]
    assert (cluster.areas, cluster.start, cluster.end) == (("south",), date(2026, 11, 7), date(2026, 11, 7))
    assert cluster.recurrence_days > 1


def test_permutation_needs_no_people_and_sees_days_that_are_unlike_elsewhere():
    # East has always many cases; what is unusual is that south's came all on the last days.
    cases = by_day(north="2 2 2 2 2 2", east="9 9 9 9 9 9", south="0 0 0 0 7 8", west="2 2 2 2 2 2")
    cluster = scan(cases, AREAS, model="permutation").clusters[0]
    assert (cluster.areas, cluster.start, cluster.observed) == (("south",), date(2026, 11, 6), 15)
    assert cluster.population is None


def test_groups_that_both_tables_have_are_adjusted_for():
    # East is old, and the old fall ill ten times as often: no cluster is left when age is told.
    ages = pl.DataFrame({"age": ["young", "old"]})
    people = PEOPLE.join(ages, how="cross").with_columns(
        population=pl.Series([7000, 100, 800, 6000, 8100, 100, 7600, 100])
    )
    cases = CASES.join(ages, how="cross").with_columns(cases=pl.Series([7, 1, 1, 60, 8, 1, 8, 1]))
    assert scan(cases, AREAS, people).clusters[0].p > 0.1
    crude = scan(cases.drop("age"), AREAS, people.drop("age")).clusters[0]
    assert crude.areas == ("east",)
    assert crude.p < 0.01


def test_permutation_adjusts_for_groups_by_shuffling_within_them():
    # Children's cases all come on the last days, everywhere; east has more children. Within each age nothing is unusual.
    old = by_day(north="9 9 9 9 9 9", east="3 3 3 3 3 3", south="9 9 9 9 9 9", west="9 9 9 9 9 9")
    children = by_day(north="0 0 0 0 2 2", east="0 0 0 0 20 20", south="0 0 0 0 2 2", west="0 0 0 0 2 2")
    cases = pl.concat([old.with_columns(age=pl.lit("old")), children.with_columns(age=pl.lit("child"))])
    crude = scan(cases.drop("age"), AREAS, model="permutation").clusters[0]
    assert (crude.areas, crude.start, crude.observed) == (("east",), date(2026, 11, 6), 46)
    assert crude.p < 0.01
    adjusted = scan(cases, AREAS, model="permutation")
    assert all(one.llr < 1e-9 for one in adjusted.clusters)
    assert adjusted.notes[0] == "Adjusted for age: dates are shuffled among the cases of a group alone."
    assert adjusted.null_q95 > 0


def test_a_groups_cases_are_expected_by_its_own_days_and_areas():
    first = by_day(north="2 0 0 0", east="2 0 0 0").with_columns(age=pl.lit("old"))
    second = by_day(south="0 1 1 0", east="0 0 6 0").with_columns(age=pl.lit("child"))
    cluster = scan(pl.concat([first, second]), AREAS, model="permutation", max_population=0.1).clusters[0]
    assert (cluster.areas[0], cluster.start, cluster.end) == ("east", date(2026, 11, 4), date(2026, 11, 4))
    # Of 8 children's cases 7 are of that day and 6 of east; of the old nobody's are of that day.
    assert (cluster.observed, cluster.expected) == (6, pytest.approx(7 * 6 / 8))


def test_areas_in_one_place_are_scanned_as_one():
    areas = AREAS.with_columns(x=pl.Series([0, 9, 9, -8]), y=pl.Series([8, 1, 1, 0]))
    cluster = scan(CASES, areas, PEOPLE, max_population=0.6).clusters[0]
    assert (cluster.areas, cluster.observed, cluster.radius) == (("east", "south"), 16, 0)
    assert cluster.expected == pytest.approx(20 * (6800 + 8200) / 29800)
    assert scan(CASES, areas, PEOPLE).areas == 4


def test_people_between_two_dates_follow_a_straight_line():
    people = pl.DataFrame(
        [(area, day, number) for area in PLACES for day, number in ((date(2026, 1, 1), 100), (date(2026, 1, 11), 300))],
        schema=["area", "date", "population"],
        orient="row",
    )
    asked = {"study_from": date(2026, 1, 1), "study_to": date(2026, 1, 10), "aggregate_days": 5}
    cases = pl.DataFrame({"area": ["north", "east"], "date": [date(2026, 1, 1), date(2026, 1, 6)], "cases": [9, 3]})
    cluster = scan(cases, AREAS, people, **asked).clusters[0]
    # The first five days have 750 person-days a place, all ten 2,000: of 12 cases, 750 in 8,000.
    assert (cluster.start, cluster.observed) == (date(2026, 1, 1), 9)
    assert cluster.expected == pytest.approx(12 * 750 / 8000)


def test_the_same_seed_gives_the_same_answer():
    first, again, other = (scan(CASES, AREAS, PEOPLE, seed=seed).maxima.tolist() for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_poisson_needs_people():
    with pytest.raises(BadInput, match="permutation"):
        scan(CASES, AREAS)


@pytest.fixture
def files(tmp_path):
    """Write three small files as SaTScan has them; give the command's arguments."""
    texts = {
        "cases": "north 3 1991\neast 14 1990\nsouth 2 1989\nwest 1 1988\n",
        "areas": "north 53.5 -2.3\neast 53.4 -2.2\nsouth 53.3 -2.3\nwest 53.4 -2.4\n",
        "population": "north 85 7100\neast 85 6800\nsouth 85 8200\nwest 85 7700\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    return [part for name in texts for part in (f"--{name}", tmp_path / name)]


def test_the_command_gives_one_document(files):
    answer = run_here("outbreak", "scan", *files, "--coordinates", "latlong", "--replicates", "99", "--json").answer
    assert {"clusters", "null_q95", "cpu_seconds", "startup_cpu_seconds"} <= set(answer)
    first = answer["clusters"][0]
    assert {"areas", "observed", "expected", "relative_risk", "llr", "p", "recurrence_days", "start", "end"} <= set(
        first
    )
    # Cases that tell only their year are put in steps of years.
    assert (first["areas"], first["start"], first["end"]) == (["east"], "1990-01-01", "1990-12-31")
    assert answer["cpu_seconds"] < answer["startup_cpu_seconds"]
    assert "years of two digits were read as 1950 to 2049: 4 rows." in answer["notes"][0]


def test_the_command_can_take_all_days_together(files):
    asked = ["--coordinates", "latlong", "--replicates", "99", "--purely-spatial", "--json"]
    first = run_here("outbreak", "scan", *files, *asked).answer["clusters"][0]
    assert (first["areas"], first["start"], first["recurrence_days"]) == (["east"], None, None)


def test_the_command_shows_a_table_to_a_person(files):
    ran = run_here("outbreak", "scan", *files, "--coordinates", "latlong", "--replicates", "99")
    assert ran.code == 0
    assert "east" in ran.out
    assert "1990-12-31" in ran.out
