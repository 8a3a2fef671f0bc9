"""A source that sends only what changed: loaded in any order, put right, and looked at as any other."""

from dataclasses import replace
from datetime import date

import pytest

from districts import EXAMPLES, PASSWORD
from that_day import open_town
from wardkeeper.bootstrap import read_drafts
from wardkeeper.demo import cast
from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.fixing import Put, Spot
from wardkeeper.usecases import datasets
from wardkeeper.usecases.drafts import Draft
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.fix_rows import fix_row
from wardkeeper.usecases.found_authority import NewPerson, found
from wardkeeper.usecases.held_rows import read_held_rows
from wardkeeper.usecases.load_source import Received, check_source, load_source
from wardkeeper.usecases.run_rows import run_rows
from wardkeeper.usecases.view_quality import view_quality
from wardkeeper.usecases.view_quarantine import rows_to_fix

BINS, ANALYST = "assisted-bins", cast.ANALYST
REMOVAL = """
[[column]]
name = "Change"
as = "fact"

[[removal]]
column = "Change"
when = ["D"]
known = ["A", "U", "H"]

[[marking]]
column = "Change"
when = ["H"]
known = ["A", "U", "D", "X"]
sets = "protected"
"""


def with_changes(draft):
    if draft.name != BINS:
        return draft
    return Draft(draft.kind, draft.name, draft.text.replace('kind = "full"', 'kind = "changes"') + REMOVAL)


@pytest.fixture
def house(town, tmp_path):
    opened = open_town(tmp_path / "empty", town.places)
    found(opened, "test", list(map(with_changes, read_drafts(EXAMPLES))), [NewPerson(ANALYST, PASSWORD)])
    yield opened
    opened.store.close()


def file_of(town, day, *rows):
    """Make a file of changes: a row each of key, name and what became of it."""
    heading = town.extract(BINS).read_bytes().splitlines()[0].decode("cp1252").split(",")
    lines = [",".join([*heading, "Change"])]
    for key, name, change in rows:
        cells = {"Ref": key, "Name": name, "Address Line 1": "1 High Street" if name else "", "Change": change}
        lines.append(",".join(cells.get(column, "") for column in [*heading, "Change"]))
    return Received(f"bins-{day}.csv", "\n".join(lines).encode() + b"\n", dated_on=date(2026, 11, day))


def who_is_there(house):
    rows = read_held_rows(house, ANALYST, BINS, Operation.FIX_ROWS, purpose=PURPOSE)
    return sorted(rows.opened.read(datasets.records(BINS))["family"].to_list())


def test_late_files_and_the_same_file_again_come_to_the_same(house, town):
    third = file_of(town, 3, ("B1", "", "D"), ("B3", "Mr Ed Third", "A"))
    second = file_of(town, 2, ("B1", "Ms Ann Second", "U"))
    first = file_of(town, 1, ("B1", "Ms Ann First", "A"), ("B2", "Mr Bo Other", "A"))
    for one in (third, second, first, second, third):
        load_source(house, ANALYST, BINS, one)
    assert who_is_there(house) == ["OTHER", "THIRD"]
    deliveries = house.store.deliveries(BINS)
    assert [(one.rows, one.loaded, one.quarantined) for one in deliveries] == [(2, 2, 0), (1, 1, 0), (2, 2, 0)]
    again = file_of(town, 4, ("B1", "Ms Ann Back", "A"))
    assert load_source(house, ANALYST, BINS, again).reason == ""
    assert who_is_there(house) == ["BACK", "OTHER", "THIRD"]
    assert view_quality(house, ANALYST, BINS).drift is None, "a file of changes is not like the one before"


def test_a_held_row_that_is_put_right_brings_back_nothing_newer(house, town):
    load_source(house, ANALYST, BINS, file_of(town, 1, ("B1", "Ms Ann First", "X"), ("B2", "Mr Bo Other", "X")))
    load_source(house, ANALYST, BINS, file_of(town, 2, ("B1", "", "D"), ("B3", "Mr Ed Third", "A")))
    assert rows_to_fix(house, ANALYST, BINS)["row"].to_list() == [1, 2]
    for row in (1, 2):
        fix_row(house, ANALYST, BINS, Spot(row), Put({"Change": "A"}))
    assert run_rows(house, ANALYST, BINS).loaded == 2
    assert who_is_there(house) == ["OTHER", "THIRD"]
    assert rows_to_fix(house, ANALYST, BINS).is_empty()


def test_checking_a_short_file_of_changes_asks_nothing(house, town):
    many = [(f"B{number}", f"Ms Ann Other{number}", "A") for number in range(60)]
    load_source(house, ANALYST, BINS, file_of(town, 1, *many))
    assert check_source(house, ANALYST, BINS, file_of(town, 2, ("B1", "", "D"))).stops == ()


def test_a_change_that_takes_protection_away_needs_a_persons_word_and_an_older_one_takes_none(house, town):
    load_source(house, ANALYST, BINS, file_of(town, 2, ("B1", "Ms Ann First", "H"), ("B2", "Mr Bo Other", "A")))
    late = file_of(town, 1, ("B1", "Ms Ann First", "U"))
    assert load_source(house, ANALYST, BINS, late).delivery, "what is newer stays, and she with it protected"
    shown = file_of(town, 3, ("B1", "Ms Ann Shown", "U"))
    (stop,) = check_source(house, ANALYST, BINS, shown).stops
    assert "no longer protected: 1 to 7" in stop
    with pytest.raises(BadInput, match="no longer protected"):
        load_source(house, ANALYST, BINS, shown)
    gone = file_of(town, 4, ("B2", "", "D"))
    assert load_source(house, ANALYST, BINS, gone).delivery
    assert load_source(house, ANALYST, BINS, replace(shown, unprotect=True)).delivery
