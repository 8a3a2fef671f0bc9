"""What a resident keeps from one linking to the next, and what of their records the resident shows."""

from datetime import date

import polars as pl
import pytest

from resident_tables import groups_of, read_groups, read_records, steady_entropy
from wardkeeper.kernel.columns import HOUSEHOLD, MEMBERSHIP, RESIDENT
from wardkeeper.kernel.errors import BadInput, NotFound
from wardkeeper.residents import explain, link
from wardkeeper.residents.identities import Change

SHELLEYS = """
id     | title | given | family  | born       | home   | seen_on
asc:1  | MRS   | MARY  | SHELLEY | 1941-08-30 | uprn:1 | 2026-03-01
vote:1 | -     | MARY  | SHELLEY | -          | uprn:1 | 2026-04-01
vote:2 | -     | PERCY | SHELLEY | -          | uprn:1 | 2026-04-01
"""


def other_entropy(size):
    return bytes(range(7, 7 + size))


def previous(**held):
    """Membership as it was: resident = "its records"."""
    rows = [(record, f"res-{name}") for name, records in held.items() for record in records.split()]
    return pl.DataFrame(rows, schema=["record_id", "resident_id"], orient="row")


def id_of(linked, record):
    return linked.membership.filter(pl.col("record_id") == record)["resident_id"].item()


def test_frames_have_the_columns_other_rooms_rely_on():
    linked = link(read_records(SHELLEYS), None, entropy=steady_entropy)
    assert linked.residents.columns == [column.name for column in RESIDENT]
    assert linked.membership.columns == [column.name for column in MEMBERSHIP]
    assert linked.households.columns == [column.name for column in HOUSEHOLD]


def test_ids_stay_when_the_same_records_are_linked_again():
    first = link(read_records(SHELLEYS), None, entropy=steady_entropy)
    again = link(read_records(SHELLEYS), first.membership, entropy=other_entropy)
    assert again.membership.equals(first.membership)
    assert again.report.changes == ()


def test_a_new_record_joins_the_resident_who_was_there():
    first = link(read_records(SHELLEYS), None, entropy=steady_entropy)
    more = SHELLEYS + "tax:1 | MRS | MARY | SHELLEY | - | uprn:1 | 2026-06-01"
    again = link(read_records(more), first.membership, entropy=other_entropy)
    assert id_of(again, "tax:1") == id_of(first, "asc:1")


def test_merged_residents_keep_the_id_of_most_records_and_the_report_says_why():
    linked = link(
        read_records(SHELLEYS + "tax:1 | MRS | MARY | SHELLEY | - | uprn:1 | 2026-06-01"),
        previous(mary="asc:1 vote:1", other="tax:1", percy="vote:2"),
        entropy=other_entropy,
    )
    assert {id_of(linked, record) for record in ("asc:1", "vote:1", "tax:1")} == {"res-mary"}
    (change,) = linked.report.changes
    assert (change.change, change.before, change.after) == (Change.MERGED, "res-other", "res-mary")
    assert "same given name" in change.reason


def test_equal_claims_go_to_the_id_of_the_oldest_record():
    linked = link(read_records(SHELLEYS), previous(zoe="asc:1", abe="vote:1"), entropy=other_entropy)
    assert id_of(linked, "vote:1") == "res-zoe"


def test_a_split_leaves_the_id_with_the_larger_part_and_mints_another():
    table = """
    id    | given | family  | born       | home
    asc:1 | JOHN  | DICKENS | 1945-02-07 | uprn:1
    tax:1 | JOHN  | DICKENS | 1945-02-07 | uprn:1
    nhs:1 | JOHN  | DICKENS | 1971-06-21 | uprn:1
    """
    linked = link(read_records(table), previous(john="asc:1 tax:1 nhs:1"), entropy=other_entropy)
    assert id_of(linked, "asc:1") == "res-john"
    (change,) = linked.report.changes
    assert (change.change, change.before, change.after) == (Change.SPLIT, "res-john", id_of(linked, "nhs:1"))
    assert "different birth dates" in change.reason


def test_records_that_change_sides_are_reported_as_moved():
    linked = link(
        read_records(SHELLEYS + "tax:1 | MR | PERCY | SHELLEY | - | uprn:1 | 2026-06-01"),
        previous(mary="asc:1 vote:1 tax:1", percy="vote:2"),
        entropy=other_entropy,
    )
    (change,) = linked.report.changes
    assert (change.change, change.before, change.after) == (Change.MOVED, "res-mary", "res-percy")


def test_who_becomes_protected_leaves_the_old_id_behind_without_a_trace():
    table = """
    id    | given | family | born       | home   | protected
    asc:1 | NORA  | HELMER | 1980-03-09 | uprn:9 | yes
    asc:2 | NORA  | HELMER | 1980-03-09 | uprn:9 | yes
    tax:1 | NORA  | HELMER | -          | uprn:1 | no
    """
    linked = link(read_records(table), previous(nora="asc:1 asc:2 tax:1"), entropy=other_entropy)
    assert groups_of(linked.membership) == read_groups("asc:1 asc:2 / tax:1")
    assert id_of(linked, "tax:1") == "res-nora"
    assert linked.report.changes == ()


def test_a_protected_resident_keeps_an_id_of_their_own():
    table = "id | given | family | home | protected\nasc:1 | NORA | HELMER | uprn:9 | yes"
    assert id_of(link(read_records(table), previous(nora="asc:1"), entropy=other_entropy), "asc:1") == "res-nora"


PROFILE = """
id        | title | given | middle | family | born       | home   | phone         | nhs        | seen_on    | died_on | protected
tax:1     | MRS   | A     | -      | LOVEL  | -          | uprn:2 | -             | -          | 2026-05-01 | -       | no
asc:1     | -     | ADA   | M      | LOVEL  | 1945-12-10 | uprn:2 | +447700900001 | 9990000018 | 2026-02-01 | -       | no
housing:1 | MS    | ADA   | -      | LOVELL | 1945-01-01 | uprn:2 | +447700900002 | -          | 2026-03-01 | -       | yes
"""


def test_each_field_is_the_best_current_value_of_the_records():
    linked = link(read_records(PROFILE), None, entropy=steady_entropy)
    assert groups_of(linked.membership) == read_groups("tax:1 asc:1 housing:1")
    resident = linked.residents.row(0, named=True)
    assert resident["given"] == "ADA", "a full name is better than a newer initial"
    assert resident["family"] == "LOVEL", "most records say so"
    assert resident["birth_date"] == date(1945, 12, 10), "a whole date is better than a year"
    assert resident["phone"] == "+447700900002", "the newest known"
    assert resident["title"] == "MRS", "the newest known"
    assert resident["nhs_number"] == "9990000018"
    assert resident["protected"], "one record is enough"
    assert (resident["records"], resident["sources"]) == (3, "asc,housing,tax")
    assert resident["seen_on"] == date(2026, 5, 1)


def test_a_mover_lives_where_the_newest_record_says():
    table = """
    id    | given | family | born       | home   | nhs        | seen_on
    asc:1 | ADA   | BYRON  | 1985-12-10 | uprn:1 | 9990000018 | 2026-01-01
    nhs:1 | ADA   | BYRON  | 1985-12-10 | uprn:9 | 9990000018 | 2026-05-01
    """
    assert link(read_records(table), None, entropy=steady_entropy).residents["home_id"].to_list() == ["uprn:9"]


def test_all_cautions_are_kept_the_newest_first():
    table = """
    id    | given | family | born       | home   | caution        | seen_on
    asc:1 | ADA   | BYRON  | 1985-12-10 | uprn:1 | Dog in yard    | 2026-01-01
    nhs:1 | ADA   | BYRON  | 1985-12-10 | uprn:1 | Visit in pairs | 2026-05-01
    """
    residents = link(read_records(table), None, entropy=steady_entropy).residents
    assert residents["caution"].to_list() == ["Visit in pairs; Dog in yard"]


def test_a_protected_home_reaches_nobody_else():
    table = """
    id    | given | family | born       | home   | nhs        | protected
    asc:1 | NORA  | HELMER | 1980-03-09 | uprn:9 | 9990000018 | yes
    nhs:1 | NORA  | HELMER | 1980-03-09 | uprn:1 | 9990000018 | no
    tax:2 | TOR   | HELMER | -          | uprn:1 | -          | no
    """
    linked = link(read_records(table), None, entropy=steady_entropy)
    at_home = linked.residents.filter(pl.col("home_id") == "uprn:9")
    assert at_home["protected"].to_list() == [True]
    assert linked.pairs.filter(pl.col("left") == "asc:1").is_empty(), "not even a score ties her to her former home"


def test_people_of_one_home_are_one_household_and_the_dead_are_of_none():
    table = SHELLEYS.replace("| seen_on", "| seen_on | died_on").replace("2026-03-01", "2026-03-01 | -")
    table = (
        table.replace("2026-04-01", "2026-04-01 | -")
        + "nhs:9 | - | CLARA | SHELLEY | - | uprn:1 | 2026-04-01 | 2026-04-02"
    )
    linked = link(read_records(table), None, entropy=steady_entropy)
    assert linked.households["size"].to_list() == [2]
    assert linked.residents.filter(pl.col("died_on").is_not_null())["household_id"].to_list() == [None]


@pytest.mark.parametrize(("residents", "households"), [(12, 1), (13, 3)])
def test_a_crowded_home_is_one_household_per_family_name(residents, households):
    given = ["ANNE", "BRIAN", "CLARE", "DEREK", "ELSIE", "FRANK", "GRACE", "HUGO", "IRIS", "JACK", "KAY", "LEO", "MAY"]
    lines = [f"vote:{n} | {given[n]} | {('PATEL', 'JONES', 'OKORO')[n % 3]} | uprn:1" for n in range(residents)]
    linked = link(read_records("\n".join(["id | given | family | home", *lines])), None, entropy=steady_entropy)
    assert linked.residents.height == residents
    assert linked.households.height == households
    assert linked.households["size"].sum() == residents


def test_an_explanation_tells_what_agrees_and_what_conflicts():
    linked = link(read_records(SHELLEYS), None, entropy=steady_entropy)
    together = explain(linked, "vote:1", "asc:1")
    assert together.joined
    assert together.probability > 0.9
    assert any("same given name, the same family name" in words for words in together.agrees)
    assert "birth date" in together.unknown
    apart = explain(linked, "vote:1", "vote:2")
    assert not apart.joined
    assert any("different given names" in words for words in apart.conflicts)


def test_an_explanation_names_the_rule_that_forbids():
    table = """
    id    | given | family | born       | home   | nhs
    asc:1 | ANNE  | BRONTE | 1960-01-17 | uprn:1 | 9990000018
    nhs:1 | ANNE  | BRONTE | 1960-01-17 | uprn:1 | 9990000026
    """
    told = explain(link(read_records(table), None, entropy=steady_entropy), "asc:1", "nhs:1")
    assert told.forbidden == "they have two different valid NHS numbers"
    assert told.summary == "Kept apart: they have two different valid NHS numbers."


def test_an_explanation_holds_no_personal_value():
    linked = link(read_records(PROFILE), None, entropy=steady_entropy)
    told = str(explain(linked, "asc:1", "housing:1"))
    assert not [value for value in ("ADA", "LOVEL", "1945", "9990000018", "7700900", "uprn") if value in told]


def test_records_with_nothing_in_common_were_never_compared():
    table = """
    id    | given | family | home
    asc:1 | ANNE  | BRONTE | uprn:1
    tax:1 | PERCY | HOGG   | uprn:2
    """
    told = explain(link(read_records(table), None, entropy=steady_entropy), "asc:1", "tax:1")
    assert told.probability is None
    assert told.summary == "They share nothing that would make them worth comparing."


def test_a_record_unknown_here_is_not_explained():
    linked = link(read_records(SHELLEYS), None, entropy=steady_entropy)
    with pytest.raises(NotFound, match="not part of this linking"):
        explain(linked, "asc:1", "tax:99")


def test_nothing_to_link_gives_nobody():
    linked = link(read_records(SHELLEYS).clear(), None, entropy=steady_entropy)
    assert (linked.residents.height, linked.households.height, linked.pairs.height) == (0, 0, 0)
    assert linked.report.residents == 0


def test_two_records_of_one_id_are_refused():
    records = read_records(SHELLEYS)
    with pytest.raises(BadInput, match="same record_id"):
        link(pl.concat([records, records]), None, entropy=steady_entropy)


def test_a_missing_column_is_named():
    with pytest.raises(BadInput, match="no column postcode"):
        link(read_records(SHELLEYS).drop("postcode"), None, entropy=steady_entropy)
