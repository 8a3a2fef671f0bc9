"""Rows to fix and quality reports, as pages."""

import json
from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput, Conflict, Where
from wardkeeper.sources.concerns import Concern, Doubt
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.drift import compare
from wardkeeper.sources.fixing import FIX_SCHEMA, HeldRow, Origin, Put, Spot
from wardkeeper.sources.profiles import ColumnQuality
from wardkeeper.sources.quality import NoteCount, QualityReport
from wardkeeper.sources.rules import WORDING, Rule
from wardkeeper.usecases import export_corrections, fix_rows, run_rows, view_quality, view_quarantine
from wardkeeper.usecases.run_rows import Rerun
from wardkeeper.usecases.view_quality import QualityView
from wardkeeper.usecases.view_quarantine import Cell, RowsToFix, RowToFix
from web_house import MORNING, post, words_of

HOME = "/sources/adult-social-care/rows-to-fix"
ROW = f"{HOME}/del-1/12"
NOBODY = WORDING[Rule.NO_NAME].reason


def held_lines(count):
    return pl.DataFrame(
        [
            {
                "delivery": "del-1",
                "row": number,
                "columns": ["Surname"],
                "rules": ["no-name"],
                "reasons": [NOBODY],
                "content": json.dumps({"Surname": "VOID", "Forename": "<b>", "Town": ""}),
                "state": {1: "waiting", 2: "held", 3: "left-out"}.get(number),
            }
            for number in range(1, count + 1)
        ],
        schema_overrides={"state": pl.String},
    )


def rows_view(lines, done=()):
    rules = pl.DataFrame({"rule": ["no-name"], "column": ["Surname"], "rows": [lines.height], "reason": [NOBODY]})
    fixes = pl.DataFrame(list(done), schema=FIX_SCHEMA)
    return RowsToFix("adult-social-care", "Adult social care", "asc@trafford.example", lines, rules, fixes)


@pytest.fixture
def asked(monkeypatch):
    """The rules that were asked for."""
    rules = []

    def view(house, actor, source, *, rule=""):
        rules.append(rule)
        return rows_view(held_lines(121))

    monkeypatch.setattr(view_quarantine, "view", view)
    return rules


class TestTheList:
    def test_counts_each_rule_and_shows_each_row_as_it_came(self, planner, asked):
        page = planner.get(HOME).text
        words = words_of(page)
        assert "The row names nobody. Surname 121" in words
        assert "Surname: VOID" in words
        assert "<li><b>Forename:</b> &lt;b&gt;</li>" in page
        assert "Town:" not in words
        assert "Page 1 of 3: 1 to 50 of 121" in words
        assert f'href="{ROW}"' in page

    def test_says_what_was_done_and_offers_to_run_it(self, planner, asked):
        words = words_of(planner.get(HOME).text)
        assert "Run 1 fixed row again" in words
        assert "Waiting to be run" in words
        assert "Still held back" in words
        assert "Left out: about nobody" in words
        assert "Nothing yet" in words

    def test_shows_the_rows_of_one_rule_and_keeps_to_it_from_page_to_page(self, planner, asked):
        page = planner.get(f"{HOME}?rule=no-name&page=2").text
        assert asked == ["no-name"]
        assert "page=3&amp;rule=no-name" in page or "page=3&rule=no-name" in page
        assert "Show all rows" in page

    def test_a_rule_nobody_knows_shows_no_row_and_breaks_nothing(self, planner, monkeypatch):
        monkeypatch.setattr(view_quarantine, "view", lambda *_, **__: rows_view(held_lines(3).clear()))
        page = planner.get(f"{HOME}?rule=%3Cscript%3E")
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "rule=<script>" not in page.text

    def test_calls_it_by_its_name_on_screens(self, planner, asked):
        page = planner.get(HOME).text
        assert "Rows to fix" in page
        assert "uarantine" not in page

    def test_none_left(self, planner, monkeypatch):
        none = RowsToFix(
            "x", "X", "x@x.example", held_lines(1).clear(), pl.DataFrame(), pl.DataFrame(schema=FIX_SCHEMA)
        )
        monkeypatch.setattr(view_quarantine, "view", lambda *_, **__: none)
        page = planner.get("/sources/x/rows-to-fix").text
        assert "There are no rows to fix." in page
        assert "Download corrections" not in page

    def test_what_was_put_right_stays_to_be_read(self, planner, monkeypatch):
        fix = dict.fromkeys(FIX_SCHEMA, "") | {
            "row": 7,
            "column": "Surname",
            "as_came": "VOID",
            "corrected": "Smith",
            "by": "tom",
            "at": "2026-11-22T09:30:00Z",
            "state": "loaded",
        }
        monkeypatch.setattr(view_quarantine, "view", lambda *_, **__: rows_view(held_lines(1), [fix]))
        assert "Row 7 Surname VOID Smith tom 2026-11-22 Loaded" in words_of(planner.get(HOME).text)

    def test_running_goes_back_to_the_list_and_says_what_came_of_it(self, planner, asked, monkeypatch):
        monkeypatch.setattr(run_rows, "run_rows", lambda *_: Rerun(loaded=3, held=1))
        answer = post(planner, f"{HOME}/run")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/ran?loaded=3&held=1")
        words = words_of(planner.get(answer.headers["location"]).text)
        assert "3 rows were loaded. 1 came back: look at what is still wrong." in words

    def test_running_with_none_waiting_says_so(self, planner, asked, monkeypatch):
        monkeypatch.setattr(run_rows, "run_rows", lambda *_: Rerun())
        where = post(planner, f"{HOME}/run").headers["location"]
        assert "No fixed row was waiting: nothing has changed." in words_of(planner.get(where).text)

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_corrections_are_a_file(self, planner, monkeypatch, form):
        frame = pl.DataFrame({"your key": ["=1"], "value as corrected": ["Smith"]})
        monkeypatch.setattr(export_corrections, "export_corrections", lambda *_: frame)
        answer = post(planner, f"{HOME}/corrections", {"format": form})
        name = f"corrections-adult-social-care-2026-11-22.{form}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        if form == "csv":
            assert "'=1" in answer.content.decode("utf-8-sig")


def held(**changes):
    values = {
        "delivery": "del-1",
        "row": 12,
        "cells": {"Surname": "VOID", "Forename": 'A "B"'},
        "rules": (Rule.NO_NAME,),
        "whole": "",
        "fingerprint": "0",
        "own_key": "P1",
    }
    return HeldRow(**(values | changes))


def row_view(*, accepting="Leave it out.", state="", **changes):
    return RowToFix(
        source="adult-social-care",
        title="Adult social care",
        held=held(**changes),
        cells=(Cell("Surname", "VOID", "VOID", (NOBODY,)), Cell("Forename", 'A "B"', "Ann", ())),
        reasons=(NOBODY,),
        accepting=accepting,
        state=state,
        following=Spot(14, "del-1"),
    )


@pytest.fixture
def saved(monkeypatch):
    """What was put, by row."""
    puts = []
    monkeypatch.setattr(view_quarantine, "view_row", lambda *_: row_view())
    monkeypatch.setattr(fix_rows, "fix_row", lambda house, actor, source, spot, put: puts.append((spot, put)))
    return puts


class TestOneRow:
    def test_shows_each_cell_with_what_is_wrong_beside_it(self, planner, saved):
        page = planner.get(ROW).text
        assert 'value="VOID"' in page
        assert "A &#34;B&#34;" in page
        assert page.count(NOBODY) >= 2
        assert "As it came: A" in page
        assert f'href="{HOME}/del-1/14"' in page

    def test_saves_what_was_typed(self, planner, saved):
        form = {"cell-0": "Smith", "cell-1": "Ann", "origin": "owner", "note": "Rang them"}
        answer = post(planner, f"{ROW}/fix", form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}?saved=12")
        assert saved == [(Spot(12, "del-1"), Put({"Surname": "Smith", "Forename": "Ann"}, Origin.OWNER, "Rang them"))]

    def test_asks_where_the_value_is_from_and_keeps_what_was_typed(self, planner, saved):
        answer = post(planner, f"{ROW}/fix", {"cell-0": "Smith", "cell-1": "Ann"})
        assert answer.status_code == 422
        assert "Say where the new value is from." in answer.text
        assert 'value="Smith"' in answer.text
        assert saved == []

    @pytest.mark.parametrize("form", [{}, {"origin": "row"}, {"origin": "pigeon", "cell-0": "x"}, {"cell-99": "x"}])
    def test_a_broken_form_is_no_fault(self, planner, saved, form):
        assert post(planner, f"{ROW}/fix", form).status_code == 422
        assert saved == []

    def test_accepting_needs_a_reason(self, planner, saved):
        answer = post(planner, f"{ROW}/accept", {"why": "  "})
        assert answer.status_code == 422
        assert "Say why the row is right as it is." in answer.text
        post(planner, f"{ROW}/accept", {"why": "An empty house"})
        assert saved == [(Spot(12, "del-1"), Put({}, why="An empty house"))]

    def test_accepting_is_not_offered_where_the_rule_forbids_it(self, planner, monkeypatch):
        monkeypatch.setattr(view_quarantine, "view_row", lambda *_: row_view(accepting="", whole="a,b"))
        page = planner.get(ROW).text
        assert "accept it as it is" not in page
        assert "<code>a,b</code>" in page

    def test_what_is_wrong_with_a_cell_stands_beside_it(self, planner, saved, monkeypatch):
        def refuse(*_):
            raise BadInput("The cell is too long.", "Type what it should be.", Where(column="Forename"))

        monkeypatch.setattr(fix_rows, "fix_row", refuse)
        answer = post(planner, f"{ROW}/fix", {"cell-0": "Smith", "cell-1": "x", "origin": "row"})
        assert answer.status_code == 422
        assert 'href="#cell-1"' in answer.text

    def test_somebody_elses_change_is_a_conflict(self, planner, saved, monkeypatch):
        def refuse(*_):
            raise Conflict("Somebody else changed these rows just now.", "Look again.")

        monkeypatch.setattr(fix_rows, "fix_row", refuse)
        answer = post(planner, f"{ROW}/fix", {"cell-0": "Smith", "origin": "row"})
        assert answer.status_code == 409

    @pytest.mark.parametrize("path", [f"{HOME}/del-1/x", f"{HOME}/del-1/-1e9"])
    def test_a_row_that_is_no_number(self, planner, saved, path):
        assert planner.get(path).status_code in {400, 404, 422}


def delivery(number, rows):
    return Delivery(
        id=f"del-{number}",
        source="adult-social-care",
        file_name="extract.csv",
        sha256="0" * 64,
        extracted_on=date(2026, 11, 20),
        received_at=MORNING + timedelta(hours=number),
        rows=rows,
        loaded=rows - 110,
        repaired=98,
        quarantined=12,
        records=rows - 12,
        assumed=("read as Windows-1252",),
    )


def quality(rows):
    return QualityReport(
        columns=(
            ColumnQuality("Surname", rows, rows, 900),
            ColumnQuality("Equipment", None, None, 2, (("Hoist", None), ("Oxygen", 10))),
        ),
        repeated=4,
        suspicious=(Concern(Doubt.SHARED_PHONE, "One phone number is on 412 records."),),
        extracted_on=date(2026, 11, 20),
        refresh_days=7,
        assumed=("read as Windows-1252",),
        rows=rows,
        records=rows,
        months=(("2026-11", 12),),
        notes=(NoteCount("Postcode", "bad-postcode", "The postcode has not the shape of one: left empty.", 3),),
    )


@pytest.fixture
def reported(monkeypatch):
    asked = []

    def view(house, actor, source, *, delivery=""):
        asked.append(delivery)
        drift = compare(quality(1155), quality(2310))
        both = (DELIVERIES[1], DELIVERIES[0])
        return QualityView(
            source,
            "Adult social care",
            "ASC",
            "asc@trafford.example",
            both[0],
            quality(1155),
            both[1],
            drift,
            both,
            late=True,
        )

    monkeypatch.setattr(view_quality, "view_quality", view)
    return asked


DELIVERIES = (delivery(1, 2310), delivery(2, 1155))
REPORT = "/sources/adult-social-care/report"


class TestReport:
    def test_says_what_to_ask_and_what_to_do_next(self, planner, reported):
        words = words_of(planner.get(REPORT).text)
        assert "A newer file was due by 2026-11-27. Ask the owner for a newer file." in words
        assert "The file has 1,155 rows; the one before had 2,310: 50% fewer. Ask the owner whether" in words
        assert "One phone number is on 412 records. It may be an office" in words

    def test_shows_columns_beside_the_file_before_and_hides_small_counts(self, planner, reported):
        words = words_of(planner.get(REPORT).text)
        assert "Surname 1,155 1,155 900 was 900 Filled in 100% of rows; was 100%" in words
        assert "Hoist: 1 to 7 Oxygen: 10" in words
        assert "Filled in a few rows" in words
        assert "Postcode The postcode has not the shape of one: left empty. 3" in words
        assert "Read as Windows-1252." in words

    def test_an_earlier_file_stays_readable(self, planner, reported):
        page = planner.get(f"{REPORT}?delivery=del-1").text
        assert reported == ["del-1"]
        assert f'href="{REPORT}?delivery=del-1"' in page

    def test_only_who_may_fix_is_led_to_the_rows(self, planner, reported):
        assert "rows-to-fix" not in planner.get(REPORT).text

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_the_report_is_a_file(self, planner, reported, form):
        answer = planner.get(f"{REPORT}/file?form={form}&delivery=del-2")
        assert f'filename="quality-adult-social-care-2026-11-20.{form}"' in answer.headers["content-disposition"]
        if form == "csv":
            text = answer.content.decode("utf-8-sig")
            assert '"to ask about","","One phone number is on 412 records."' in text
            assert '"codes","Equipment","Hoist","1 to 7"' in text
