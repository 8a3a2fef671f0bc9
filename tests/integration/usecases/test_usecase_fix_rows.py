"""Rows to fix: put right, accepted, run again; nothing vanishes, each fix is sealed and on the record."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from wardkeeper.adapters.exports import to_csv
from wardkeeper.demo import cast
from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import BadInput, Conflict, NotFound, Refused
from wardkeeper.sources.changes import Changes
from wardkeeper.sources.fixing import Origin, Put, Spot, State
from wardkeeper.usecases import datasets
from wardkeeper.usecases.export_corrections import export_corrections
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.fix_rows import fix_row
from wardkeeper.usecases.held_rows import read_held_rows
from wardkeeper.usecases.list_sources import list_sources
from wardkeeper.usecases.load_source import Received, check_source, load_source
from wardkeeper.usecases.run_rows import run_rows
from wardkeeper.usecases.view_quality import view_quality
from wardkeeper.usecases.view_quarantine import view, view_row

BINS = "assisted-bins"
FILLED = {"Ref": "AB/9001", "Name": "Mrs Ida Newcome", "Address Line 1": "1 High Street", "Reason": "Frailty"}
WHO = FILLED | dict.fromkeys(("Address Line 2", "Town", "Post Code", "Date Agreed", "Phone"), "")
NOBODY = "AB/9002,VOID,2 High Street,,Sale,,Other,,"
SHORT = "AB/9001,Mrs Ida Newcome,1 High Street"
ANALYST = cast.ANALYST


def bins(town, *rows, drop=0):
    """The extract with further rows at its end, as a newer file."""
    path = town.extract(BINS)
    lines = path.read_bytes().splitlines()
    lines = lines[: len(lines) - drop]
    return Received(path.name, b"\r\n".join([*lines, *(row.encode("cp1252") for row in rows)]) + b"\r\n")


@pytest.fixture
def faulty(house, town):
    """A house with a file of three faulty rows: one short, one about nobody, one in other letters. Gives their numbers."""
    house.clock.move(timedelta(days=1))
    delivery = load_source(house, ANALYST, BINS, bins(town, SHORT, NOBODY)).delivery
    return delivery.rows - 1, delivery.rows


def without(row, place):
    """A line of a text file with one cell emptied."""
    cells = next(csv.reader([row.decode("cp1252")]))
    cells[place] = ""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue().encode("cp1252")


def newest(house):
    return house.store.deliveries(BINS)[-1]


def adds_up(house):
    delivery = newest(house)
    shown = view(house, ANALYST, BINS).rows.height
    assert delivery.loaded + delivery.repaired + delivery.quarantined == delivery.rows
    assert shown == delivery.quarantined
    assert house.store.current(datasets.records(BINS)).rows == delivery.records
    return delivery


def leaves(house, kind):
    return [leaf for leaf in map(json.loads, house.store.leaves()) if leaf["type"] == kind]


def fixes_of(house):
    return read_held_rows(house, ANALYST, BINS, Operation.VIEW_QUARANTINE, purpose=PURPOSE).fixes


def test_a_row_put_right_is_loaded_and_the_counts_still_add_up(house, faulty):
    short, _ = faulty
    before = adds_up(house)
    fixed = fix_row(house, ANALYST, BINS, Spot(short), Put(WHO))
    assert (fixed.changed, fixed.state) == (True, "waiting")
    assert adds_up(house) == before, "nothing is loaded before it is run"
    rerun = run_rows(house, ANALYST, BINS)
    assert (rerun.loaded, rerun.held) == (1, 0)
    after = adds_up(house)
    assert (after.repaired, after.quarantined) == (before.repaired + 1, before.quarantined - 1)
    assert after.records == before.records + 1
    with pytest.raises(NotFound, match=f"Row {short} is not among the rows to fix"):
        view_row(house, ANALYST, BINS, Spot(short))


def test_a_button_pressed_twice_changes_nothing(house, faulty):
    short, _ = faulty
    fix_row(house, ANALYST, BINS, Spot(short), Put(WHO))
    assert not fix_row(house, ANALYST, BINS, Spot(short), Put(WHO)).changed
    assert fixes_of(house).height == len(FILLED)
    run_rows(house, ANALYST, BINS)
    state = [file.id for file in house.store.currents()], adds_up(house)
    again = run_rows(house, ANALYST, BINS)
    assert (again.loaded, again.held) == (0, 0)
    assert state == ([file.id for file in house.store.currents()], adds_up(house))


def test_a_row_that_is_still_wrong_comes_back_with_what_is_wrong(house, faulty):
    short, _ = faulty
    before = adds_up(house)
    fix_row(house, ANALYST, BINS, Spot(short), Put({**WHO, "Name": "VOID"}))
    rerun = run_rows(house, ANALYST, BINS)
    assert (rerun.loaded, rerun.held) == (0, 1)
    assert adds_up(house) == before
    row = view_row(house, ANALYST, BINS, Spot(short))
    assert row.reasons == ("The row names nobody.",)
    assert row.held.whole == SHORT, "the row stays as it came"
    assert {cell.column: cell.now for cell in row.cells}["Name"] == "VOID", "and reads as it was put"
    fix_row(house, ANALYST, BINS, Spot(short), Put(WHO))
    assert run_rows(house, ANALYST, BINS).loaded == 1
    assert adds_up(house).quarantined == before.quarantined - 1
    assert set(fixes_of(house)["state"]) == {State.REPLACED, State.LOADED}, "nothing said before is taken out"


def test_a_row_about_nobody_is_left_out_with_a_reason_and_stays_counted(house, faulty):
    _, nobody = faulty
    before = adds_up(house)
    with pytest.raises(BadInput, match="No reason was given"):
        fix_row(house, ANALYST, BINS, Spot(nobody), Put({}))
    fix_row(house, ANALYST, BINS, Spot(nobody), Put({}, why="An empty house"))
    assert run_rows(house, ANALYST, BINS).loaded == 0
    assert adds_up(house) == before
    assert view(house, ANALYST, BINS).count(State.LEFT_OUT) == 1


def test_a_row_that_was_guessed_at_is_not_loaded_before_each_column_is_given(house, faulty):
    short, _ = faulty
    with pytest.raises(BadInput, match=r"Missing: Ref, Address Line 1, .*Phone\."):
        fix_row(house, ANALYST, BINS, Spot(short), Put({"Name": "Mrs Ida Newcome"}))
    fix_row(house, ANALYST, BINS, Spot(short), Put({**WHO, "Address Line 1": ""}))
    now = {cell.column: cell.now for cell in view_row(house, ANALYST, BINS, Spot(short)).cells}
    assert (now["Name"], now["Address Line 1"]) == ("Mrs Ida Newcome", ""), "what was left empty is no guess again"
    run_rows(house, ANALYST, BINS)
    told = export_corrections(house, ANALYST, BINS).filter(pl.col("row in the file") == str(short))
    assert set(told["column"]) == {"Ref", "Name", "Reason"}


def test_a_row_without_its_cells_cannot_be_accepted(house, faulty):
    short, _ = faulty
    with pytest.raises(BadInput, match="rule too-few-cells cannot be accepted as it is"):
        fix_row(house, ANALYST, BINS, Spot(short), Put({}, why="It looks right"))


WRONG = {
    "a column there is not": (Put({"Surname": "X"}), "lists no column “Surname”"),
    "letters that cannot be read": (Put({"Name": "Zo\ufffd"}), "could not be read"),
    "a cell too long": (Put({"Name": "x" * 2_001}), "more than 2,000"),
    "a reason too long": (Put(WHO, why="x" * 501), "reason is too long"),
}


@pytest.mark.parametrize(("put", "message"), WRONG.values(), ids=WRONG)
def test_what_nobody_can_mean_is_refused(house, faulty, put, message):
    with pytest.raises(BadInput, match=message) as raised:
        fix_row(house, ANALYST, BINS, Spot(faulty[0]), put)
    assert "Newcome" not in str(raised.value)
    assert house.store.current(datasets.fixes(BINS)) is None


def test_no_change_is_told(house, faulty):
    _, nobody = faulty
    with pytest.raises(BadInput, match="No cell was changed"):
        fix_row(house, ANALYST, BINS, Spot(nobody), Put({"Name": "VOID"}))


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.DPO, cast.DIRECTOR, cast.CREW], ids=lambda one: one.login)
def test_only_an_analyst_may(house, faulty, actor):
    with pytest.raises(Refused):
        fix_row(house, actor, BINS, Spot(faulty[0]), Put(WHO))
    with pytest.raises(Refused):
        run_rows(house, actor, BINS)
    with pytest.raises(Refused):
        export_corrections(house, actor, BINS)


def test_each_fix_and_run_is_on_the_record_without_a_value(house, faulty):
    short, _ = faulty
    fix_row(house, ANALYST, BINS, Spot(short), Put(WHO, Origin.OWNER, "By telephone from Mrs Newcome's daughter"))
    run_rows(house, ANALYST, BINS)
    (fixed,), (ran,) = leaves(house, "row.fixed"), leaves(house, "rows.run")
    assert fixed["detail"]["columns"] == list(FILLED)
    assert (fixed["detail"]["row"], fixed["detail"]["origin"], fixed["login"]) == (short, "owner", ANALYST.login)
    assert fixed["subject"]
    assert fixed["decision"]
    assert (ran["detail"]["loaded"], ran["detail"]["still_held"]) == (1, 0)
    everything = "".join(leaf.decode() for leaf in house.store.leaves())
    assert "Newcome" not in everything
    sealed = fixes_of(house).filter(pl.col("column") == "Name").row(0, named=True)
    assert (sealed["corrected"], sealed["by"], sealed["decision"]) == (WHO["Name"], ANALYST.login, fixed["decision"])


def test_two_people_at_once_one_is_told(house, faulty, monkeypatch):
    short, nobody = faulty
    write = house.vault.write

    def write_late(frame, **named):
        monkeypatch.setattr(house.vault, "write", write)
        fix_row(house, ANALYST, BINS, Spot(nobody), Put({}, why="An empty house"))
        return write(frame, **named)

    monkeypatch.setattr(house.vault, "write", write_late)
    with pytest.raises(Conflict, match="Somebody else changed these rows just now"):
        fix_row(house, ANALYST, BINS, Spot(short), Put(WHO))
    assert fixes_of(house)["row"].to_list() == [nobody]


class TestTheNextFile:
    @pytest.fixture
    def mended(self, house, faulty):
        short, nobody = faulty
        fix_row(house, ANALYST, BINS, Spot(short), Put(WHO))
        fix_row(house, ANALYST, BINS, Spot(nobody), Put({}, why="An empty house"))
        run_rows(house, ANALYST, BINS)
        house.clock.move(timedelta(days=7))

    def test_the_same_faulty_rows_are_put_right_again(self, house, town, mended):
        loaded = load_source(house, ANALYST, BINS, bins(town, NOBODY, SHORT, drop=1))
        assert loaded.reason == "2 rows came with the same fault as before: what was put right then was put on again."
        after = adds_up(house)
        assert after == loaded.delivery
        assert len({note.row for note in loaded.held}) == after.quarantined, "what was put right is not told as held"
        names = [row["own_key"] for row in fixes_of(house).iter_rows(named=True) if row["state"] == State.LOADED]
        assert set(names) == {"AB/9001"}
        assert view(house, ANALYST, BINS).count(State.LEFT_OUT) == 1

    def test_a_row_put_right_by_its_owner_retires_the_fix(self, house, town, mended):
        loaded = load_source(house, ANALYST, BINS, bins(town, f"{SHORT},,Sale,,Frailty,,"))
        assert loaded.reason == ""
        assert adds_up(house).quarantined == loaded.delivery.quarantined
        assert set(fixes_of(house)["state"]) == {State.RETIRED}

    def test_another_fault_in_the_row_is_a_new_row_to_fix(self, house, town, mended):
        load_source(house, ANALYST, BINS, bins(town, SHORT.replace("High", "Mill")))
        row = view(house, ANALYST, BINS).rows.filter(pl.col("row") == newest(house).rows)
        assert row["state"].to_list() == [None]
        adds_up(house)


class TestCorrections:
    def test_hold_the_owners_key_column_rule_and_both_values(self, house, faulty):
        short, nobody = faulty
        fix_row(house, ANALYST, BINS, Spot(short), Put(WHO))
        fix_row(house, ANALYST, BINS, Spot(nobody), Put({}, why="An empty house"))
        run_rows(house, ANALYST, BINS)
        mine = export_corrections(house, ANALYST, BINS).filter(
            pl.col("row in the file").is_in([str(short), str(nobody)])
        )
        name = mine.filter(pl.col("column") == "Name").row(0, named=True)
        assert name["your key"] == "AB/9001"
        assert name["value as corrected"] == "Mrs Ida Newcome"
        assert name["what was wrong"] == "The row has fewer cells than the heading: its values cannot be told apart."
        assert name["on"] == "2026-11-23"
        assert name["decision"].startswith("dec-")
        out = mine.filter(pl.col("your key") == "AB/9002").row(0, named=True)
        assert (out["column"], out["what became of it"]) == (
            "(the whole row)",
            "Left out: the row is about nobody. Please take it out.",
        )
        (leaf,) = leaves(house, "data.exported")
        assert leaf["detail"]["source"] == BINS

    def test_a_value_from_elsewhere_never_flows_back(self, house, faulty):
        short, _ = faulty
        hidden = "77 Hidden Close"
        fix_row(house, ANALYST, BINS, Spot(short), Put({**WHO, "Address Line 1": hidden}, Origin.ELSEWHERE))
        run_rows(house, ANALYST, BINS)
        frame = export_corrections(house, ANALYST, BINS)
        assert hidden.encode() not in to_csv(frame)
        assert frame.filter(pl.col("your key") == "AB/9001")["value as corrected"].unique().to_list() == [""]

    def test_a_formula_in_a_cell_stays_text(self, house, faulty):
        fix_row(house, ANALYST, BINS, Spot(faulty[0]), Put({**WHO, "Address Line 1": "=HYPERLINK(1)"}))
        run_rows(house, ANALYST, BINS)
        assert b"'=HYPERLINK(1)" in to_csv(export_corrections(house, ANALYST, BINS))

    def test_g17_no_source_is_told_what_only_another_knows(self, house, town):
        planted = town.planted
        for source in {delivery.source for delivery in house.store.deliveries()}:
            told = " ".join(to_csv(export_corrections(house, ANALYST, source)).decode().upper().split())
            for uprn in (planted.fled_home, planted.refuge_home):
                assert town.home(uprn)["address"].split(",")[0].upper() not in told
            assert planted.refuge_name.upper() not in told


class TestQuality:
    def test_each_delivery_keeps_its_report_and_stands_beside_the_one_before(self, house, faulty):
        first, second = house.store.deliveries(BINS)
        now = view_quality(house, cast.PLANNER, BINS)
        assert (now.delivery.id, now.before.id) == (second.id, first.id)
        assert now.report.changes == Changes(new=0, gone=0, kept=first.records), "the further rows are held back"
        assert now.drift.rows_before == view_quality(house, cast.DPO, BINS, delivery=first.id).report.rows
        old = view_quality(house, ANALYST, BINS, delivery=first.id)
        assert old.drift is None
        assert now.report.changes.note == "", "none is gone"
        assert "put right since" in Changes(new=0, gone=1, kept=3).note
        assert not old.late

    def test_a_late_source_says_so_first(self, house):
        house.clock.move(timedelta(days=40))
        shown = view_quality(house, ANALYST, BINS)
        assert shown.concerns[0].says == f"A newer file was due by {shown.report.due_on}."

    def test_a_stopped_load_shows_its_question_until_it_is_answered(self, house, town):
        half = Received("half.csv", b"".join(town.extract(BINS).read_bytes().splitlines(keepends=True)[:4]))
        with pytest.raises(BadInput, match="it may be half a file"):
            load_source(house, ANALYST, BINS, half)
        asked = view_quality(house, cast.PLANNER, BINS).question
        assert (asked.file_name, asked.rule) == ("half.csv", "half-a-file")
        assert asked.answer.endswith(f"--source {BINS} --shrunk")
        assert [one.name for one in list_sources(house, ANALYST) if one.question] == [BINS]
        (leaf,) = leaves(house, "delivery.stopped")
        assert leaf["detail"] == {"source": BINS, "rule": "half-a-file"}
        load_source(house, ANALYST, BINS, replace(half, shrunk=True))
        assert view_quality(house, cast.PLANNER, BINS).question is None

    def test_a_column_that_is_suddenly_empty_stops_the_load(self, house, town):
        path = town.extract("council-tax")
        heading, *rows = path.read_bytes().splitlines()
        place = heading.split(b",").index(b"Band")
        emptied = b"\r\n".join([heading, *(without(row, place) for row in rows)])
        with pytest.raises(BadInput, match="Band is empty in every row; it was filled in"):
            load_source(house, ANALYST, "council-tax", Received(path.name, emptied))
        assert view_quality(house, ANALYST, "council-tax").question.rule == "column-emptied"
        assert load_source(house, ANALYST, "council-tax", Received(path.name, emptied, shrunk=True)).delivery

    def test_a_column_that_loses_most_of_its_values_stops_the_load(self, house, town):
        path = town.extract("council-tax")
        heading, *rows = path.read_bytes().splitlines()
        place = heading.split(b",").index(b"Band")
        kept = [row if not at % 10 else without(row, place) for at, row in enumerate(rows)]
        drained = Received(path.name, b"\r\n".join([heading, *kept]))
        (stop,) = check_source(house, ANALYST, "council-tax", drained).stops
        assert "Band is filled in only 10% of rows; it was 100%." in stop
        assert "wardkeeper source load FILE --source council-tax --shrunk" in stop
        with pytest.raises(BadInput, match="Band is filled in only 10% of rows"):
            load_source(house, ANALYST, "council-tax", drained)
        assert view_quality(house, ANALYST, "council-tax").question.rule == "column-drained"
        assert load_source(house, ANALYST, "council-tax", replace(drained, shrunk=True)).delivery

    def test_a_file_that_is_only_faulty_asks_nothing(self, house, town):
        with pytest.raises(BadInput):
            load_source(house, ANALYST, BINS, Received("empty.csv", b""))
        assert view_quality(house, ANALYST, BINS).question is None

    def test_an_unknown_delivery_or_source(self, house):
        with pytest.raises(NotFound, match="There is no delivery “del-x”"):
            view_quality(house, ANALYST, BINS, delivery="del-x")
        with pytest.raises(NotFound, match="There is no source called"):
            view_quality(house, ANALYST, "gas")

    @pytest.mark.parametrize("actor", [cast.CREW, cast.VOLUNTEER], ids=lambda one: one.login)
    def test_partners_do_not_see_it(self, house, actor):
        with pytest.raises(Refused):
            view_quality(house, actor, BINS)
