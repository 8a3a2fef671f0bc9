"""Files of changes: what is added, changed and removed by the source's own key, in whatever order the files come."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest
from small_town import counts, read_contract, rules, send

from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources import contract, sequence
from wardkeeper.sources.changing import Entries, apply_changes, rank_deliveries
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.sequence import Step
from wardkeeper.sources.terms import ColumnTerm, Kind, Meaning, RemovalTerm

BASE = read_contract("adult-social-care")
CHANGES = replace(
    BASE,
    kind=Kind.CHANGES,
    columns=(*BASE.columns, ColumnTerm("Change", Meaning.FACT)),
    file=replace(BASE.file, columns=(*BASE.file.columns, "Change")),
    removals=(RemovalTerm("Change", ("D", "Deleted"), ("A", "U")),),
)
JANE = {
    "Person ID": "A1",
    "Surname": "Smith",
    "Forename": "Jane",
    "Address": "1 High Street, Sale",
    "Postcode": "M33 1AA",
    "Extract Date": "20/11/2026",
    "Change": "A",
}
AMIR = JANE | {"Person ID": "A2", "Surname": "Khan", "Forename": "Amir"}
GONE = {"Person ID": "A1", "Change": "D", "Extract Date": "20/11/2026"}

ONE_FILE = {
    "two are added": ([JANE, AMIR], ["A1", "A2"], [], (2, 2, 0, 0), []),
    "one is removed, by its key alone": ([GONE, AMIR], ["A2"], ["A1"], (2, 2, 0, 0), ["removed"]),
    "in small letters": ([GONE | {"Change": " deleted "}], [], ["A1"], (1, 1, 0, 0), ["removed"]),
    "added, then removed": ([JANE, GONE], [], ["A1"], (2, 2, 0, 0), ["removed", "superseded"]),
    "removed, then added again": ([GONE, JANE], ["A1"], [], (2, 2, 0, 0), ["superseded"]),
    "changed twice: the last counts": ([JANE, JANE | {"Surname": "Jones"}], ["A1"], [], (2, 2, 0, 0), ["superseded"]),
    "nothing said: it is added or changed": ([JANE | {"Change": ""}], ["A1"], [], (1, 1, 0, 0), []),
    "a word nobody agreed on is held back": ([JANE | {"Change": "X"}], [], [], (1, 0, 0, 1), []),
    "no key to change by is held back": ([JANE | {"Person ID": " "}], [], [], (1, 0, 0, 1), []),
    "no key to remove by is held back": ([GONE | {"Person ID": ""}], [], [], (1, 0, 0, 1), []),
}


@pytest.mark.parametrize(("rows", "there", "gone", "sums", "told"), ONE_FILE.values(), ids=ONE_FILE)
def test_a_file_of_changes(rows, there, gone, sums, told):
    done = send("adult-social-care", rows, terms=CHANGES)
    assert done.records["record_id"].to_list() == [f"adult-social-care:{key}" for key in there]
    assert done.removed["record_id"].to_list() == [f"adult-social-care:{key}" for key in gone]
    assert counts(done) == sums
    assert rules(done) == told


def delivered(name, day, *, file="changes.csv"):
    return Delivery(name, BASE.name, file, name, date(2026, 11, day), datetime.now(UTC), 1, 1, 0, 0, 1)


def read(rows, delivery):
    done = send("adult-social-care", rows, terms=CHANGES, extracted_on=delivery.extracted_on)
    named = pl.lit(delivery.id).alias("delivery")
    return Entries(done.records.with_columns(named), done.factors, done.removed.with_columns(named))


def put(*files):
    """Load files one after another; each is its rows and its delivery."""
    first, came = read(*files[0]), []
    kept = Entries(first.records.clear(), first.factors.clear(), first.removed.clear())
    for rows, delivery in files:
        came.append(delivery)
        kept = apply_changes(kept, read(rows, delivery), rank_deliveries(came))
    return kept


MOVED = JANE | {"Address": "2 High Street, Sale"}
ADDED, CHANGED, TAKEN = ([JANE], delivered("a", 1)), ([MOVED], delivered("b", 2)), ([GONE], delivered("c", 3))
AGAIN = ([JANE], delivered("d", 4))
ORDERS = {
    "added": ([ADDED], ["uprn:9001"], []),
    "changed": ([ADDED, CHANGED], ["uprn:9002"], []),
    "a late older row changes nothing": ([CHANGED, ADDED], ["uprn:9002"], []),
    "removed": ([ADDED, CHANGED, TAKEN], [], ["c"]),
    "a late older row brings nothing back": ([TAKEN, ADDED, CHANGED], [], ["c"]),
    "a newer row brings it back": ([ADDED, TAKEN, AGAIN], ["uprn:9001"], []),
    "a late removal takes nothing newer": ([ADDED, AGAIN, TAKEN], ["uprn:9001"], []),
    "the same again": ([ADDED, CHANGED, ADDED, CHANGED], ["uprn:9002"], []),
    "of one day, the file's name decides": (
        [([MOVED], delivered("f", 1, file="2.csv")), ([JANE], delivered("e", 1, file="1.csv"))],
        ["uprn:9002"],
        [],
    ),
}


@pytest.mark.parametrize(("files", "homes", "gone"), ORDERS.values(), ids=ORDERS)
def test_files_one_after_another(files, homes, gone):
    kept = put(*files)
    assert kept.records["home_id"].to_list() == homes
    assert kept.removed["delivery"].to_list() == gone
    assert set(kept.factors["record_id"]) <= set(kept.records["record_id"])


def test_a_row_that_was_two_people_and_is_one():
    named = replace(CHANGES, columns=tuple(_whole(term) for term in CHANGES.columns))
    both, alone = (
        send("adult-social-care", [JANE | {"Surname": "", "Forename": name}], terms=named)
        for name in ("Mr & Mrs J Smith", "Mrs J Smith")
    )
    first, second = (
        Entries(one.records.with_columns(delivery=pl.lit(name)), one.factors, one.removed)
        for one, name in ((both, "a"), (alone, "b"))
    )
    kept = apply_changes(first, second, {"a": 0, "b": 1})
    assert (first.records.height, kept.records["record_id"].to_list()) == (2, ["adult-social-care:A1"])


def _whole(term):
    return replace(term, meaning=Meaning.NAME) if term.meaning is Meaning.GIVEN else term


def test_any_file_of_changes_but_the_first_is_put_on_what_is_there():
    first = delivered("a", 1)
    assert sequence.check("b", date(2026, 11, 2), [], CHANGES).step is Step.LOAD
    assert sequence.check("b", date(2026, 11, 2), [first], CHANGES).step is Step.MERGE
    assert sequence.check("b", date(2026, 10, 2), [first], CHANGES).step is Step.MERGE
    assert sequence.check("a", date(2026, 11, 1), [first], CHANGES).step is Step.NOTHING
    sequence.check_size(0, [replace(first, rows=100, loaded=100)], CHANGES)


TEXT = """
[source]
name = "club"
title = "Club"
owner = "The club"
contact = "club@example.org"
refresh_days = 7
kind = "changes"
[mandate]
id = "standing-club"
kind = "standing"
title = "Club"
purposes = ["emergency-planning"]
gateways = ["cca-2004"]
starts = 2026-04-01
review_by = 2027-04-01
at_end = "delete"
[file]
format = "csv"
key = ["No"]
[[column]]
name = "No"
as = "key"
[[column]]
name = "Name"
as = "name"
[[column]]
name = "What"
as = "fact"
[[removal]]
column = "What"
when = ["D"]
known = ["A"]
"""
REFUSED = {
    "no key": (TEXT.replace('key = ["No"]', ""), "file.key"),
    "a full file": (TEXT.replace('"changes"', '"full"'), "removal"),
    "a column that is not listed": (TEXT.replace('column = "What"', 'column = "Action"'), "Action"),
    "no values": (TEXT.replace('when = ["D"]', ""), "when"),
}


def test_a_contract_for_changes():
    assert contract.parse(TEXT, "club.toml").removals == (RemovalTerm("What", ("D",), ("A",)),)


@pytest.mark.parametrize(("text", "word"), REFUSED.values(), ids=REFUSED)
def test_a_contract_for_changes_that_cannot_work(text, word):
    with pytest.raises(BadInput) as raised:
        contract.parse(text, "club.toml")
    assert word in str(raised.value)
