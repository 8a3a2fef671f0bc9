"""Putting held rows right, without a house: what may be put, how a row reads then, and what a later file does to it."""

import json
from dataclasses import replace

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.fixing import (
    ACCEPTING,
    FIX_SCHEMA,
    ORIGIN_WORDS,
    STATE_WORDS,
    Origin,
    Put,
    Stamp,
    State,
    add_fix,
    carry_over,
    changed_cells,
    check_put,
    make_fix,
    read_held,
    rebuild,
    same_fix,
    say_accepting,
    with_state,
)
from wardkeeper.sources.rules import WORDING, Effect, Rule
from wardkeeper.sources.terms import ColumnTerm, Contract, DateForm, FileForm, Format, Kind, Meaning

COLUMNS = (
    ColumnTerm("Ref", Meaning.KEY),
    ColumnTerm("Name", Meaning.NAME),
    ColumnTerm("Day", Meaning.EXTRACT_DATE, DateForm.DAY_MONTH_YEAR),
)
TERMS = Contract(
    name="club",
    title="Club",
    owner="The club",
    contact="club@example.org",
    refresh_days=7,
    kind=Kind.FULL,
    mandate=None,
    file=FileForm(Format.CSV, ("Ref", "Name", "Day"), key=("Ref",), delimiter=";"),
    columns=COLUMNS,
)
STAMP = Stamp("fix-1", "tom", "2026-11-22T09:30:00Z", "dec-1")


def held(*, rules=("no-name",), delivery="del-1", row=4, **cells):
    content = json.dumps({"Ref": "7", "Name": "VOID", "Day": "20/11/2026"} | cells)
    return read(content, rules, delivery, row)


def whole(text, *, delivery="del-1", row=4):
    return read(json.dumps({"row": text}), ("too-few-cells",), delivery, row)


def read(content, rules, delivery, row):
    lines = [(delivery, row, "", rule, WORDING[Rule(rule)].reason, content) for rule in rules]
    schema = ["delivery", "row", "column", "rule", "reason", "content"]
    return read_held(pl.DataFrame(lines, schema=schema, orient="row"), TERMS)


def fix(one, put, **changes):
    return make_fix(one, put, TERMS, replace(STAMP, **changes))


def test_a_row_is_parted_as_its_file_was():
    agreed, found = (
        whole("7;Ann"),
        read(json.dumps({"row": "7|Ann; Bo", "parted by": "|"}), ("stray-quote",), "del-1", 4),
    )
    assert (agreed.cells["Name"], found.cells["Name"], found.whole) == ("Ann", "Ann; Bo", "7|Ann; Bo")


NONE = pl.DataFrame(schema=FIX_SCHEMA)


def test_a_row_is_known_again_whatever_the_day_of_the_extract():
    assert held().fingerprint == held(Day="27/11/2026", delivery="del-2", row=9).fingerprint
    assert held().fingerprint != held(Name="Jo").fingerprint
    assert held().own_key == "7"


def test_a_row_without_cells_is_guessed_from_left_to_right():
    one = whole('7;"Smith; Jo"')
    assert one.cells == {"Ref": "7", "Name": "Smith; Jo", "Day": ""}
    assert whole("a;b;c;d").cells == {"Ref": "a", "Name": "b", "Day": "c"}


def test_of_a_row_without_cells_nothing_is_taken_but_what_a_person_put():
    one = whole("7;Smith")
    made = fix(one, Put({"Ref": "7", "Name": "Jo Smith"}))
    table = rebuild([one], made, TERMS)
    assert table.frame.to_dicts() == [{"Ref": "7", "Name": "Jo Smith", "Day": ""}]
    assert table.rows.to_list() == [4]


def test_a_row_that_was_only_guessed_at_is_fixed_once_each_column_is_given():
    with pytest.raises(BadInput, match="Missing: Ref, Day"):
        check_put(whole("7;Smith"), Put({"Name": "Jo"}), TERMS)
    given = Put({"Ref": "8", "Name": "Jo", "Day": ""})
    check_put(whole("7;Smith"), given, TERMS)
    made = fix(whole("7;Smith"), given)
    assert made.select("column", "as_came", "corrected", "own_key").rows() == [
        ("Ref", "", "8", "8"),
        ("Name", "", "Jo", "8"),
    ]
    assert whole("7;Smith").own_key == "", "a guess is nobody's key"


LINES = replace(TERMS, file=replace(TERMS.file, format=Format.JSON_LINES, delimiter=""))


def line(text, rule="nested-value"):
    content = json.dumps({"row": text})
    frame = pl.DataFrame([("del-1", 4, "", rule, "", content)], schema=held_schema(), orient="row")
    return read_held(frame, LINES)


def held_schema():
    return ["delivery", "row", "column", "rule", "reason", "content"]


def test_a_line_of_json_is_read_by_its_names_and_what_is_nested_has_to_be_given():
    one = line('{"day": "1, 2", "Name": {"given": "Ann"}, "Ref": 007.50}'.replace("007.50", "7.50"))
    assert one.cells == {"Ref": "7.50", "Name": "", "Day": "1, 2"}
    assert (one.unsure, one.own_key) == (("Name",), "7.50")
    with pytest.raises(BadInput, match="Missing: Name"):
        check_put(one, Put({"Day": "3"}), LINES)
    made = make_fix(one, Put({"Name": "Ann", "Ref": "7.50"}), LINES, STAMP)
    assert made["column"].to_list() == ["Name"], "what came and stays is no correction"
    assert rebuild([one], made, LINES).frame.rows() == [("7.50", "Ann", "1, 2")]


@pytest.mark.parametrize("text", ['{"Ref": "7", "Name": "An', '["7", "Ann"]', "7;Ann", "null", ""])
def test_of_a_damaged_line_of_json_nothing_is_taken(text):
    one = line(text or " ", rule="not-an-object")
    assert set(one.cells.values()) == {""}
    assert one.unsure == ("Ref", "Name", "Day")


def test_of_a_name_given_twice_neither_value_is_taken():
    one = line('{"Ref": 7, "Ref": 8, "Name": null, "Day": true}', rule="repeated-name")
    assert (one.cells, one.unsure) == ({"Ref": "", "Name": "", "Day": "true"}, ("Ref",))


def test_only_changed_cells_are_kept_and_spaces_are_no_change():
    assert changed_cells(held(), Put({"Ref": " 7", "Name": "Jo", "Day": "20/11/2026"})) == {"Name": "Jo"}


def test_an_accepted_row_reads_with_a_mark_for_each_letter_nobody_knows():
    one = held(rules=("unreadable-letters",), Name="Zo\ufffd")
    made = fix(one, Put({}, why="so"))
    assert rebuild([one], made, TERMS).frame["Name"].to_list() == ["Zo?"]


@pytest.mark.parametrize("rule", [rule for rule, told in WORDING.items() if told.effect is Effect.HOLDS])
def test_only_rules_that_allow_it_can_be_accepted(rule):
    assert bool(say_accepting([rule])) == (rule in ACCEPTING)
    assert not say_accepting([rule, Rule.TOO_FEW_CELLS])


def test_tables_cover_their_enums():
    assert set(ORIGIN_WORDS) == set(Origin)
    assert set(STATE_WORDS) == set(State)
    assert all(WORDING[rule].effect is Effect.HOLDS for rule in ACCEPTING)


def test_letters_left_as_they_came_do_not_stop_another_cell_from_being_put_right():
    one = held(rules=("unreadable-letters",), Name="Zo\ufffd")
    check_put(one, Put({"Ref": "8", "Name": "Zo\ufffd"}), TERMS)
    with pytest.raises(BadInput, match="could not be read"):
        check_put(one, Put({"Name": "Zo\ufffd Day"}), TERMS)


def test_a_later_fix_replaces_the_open_one_and_both_stay():
    kept = add_fix(add_fix(NONE, fix(held(), Put({"Name": "Jo"}))), fix(held(), Put({"Name": "Jan"}), fix_id="fix-2"))
    assert kept.select("corrected", "state").rows() == [("Jo", "replaced"), ("Jan", "waiting")]
    assert same_fix(kept, fix(held(), Put({"Name": "Jan"}), fix_id="fix-3"))
    assert not same_fix(kept, fix(held(), Put({"Name": "Jo"})))
    assert not same_fix(kept, fix(held(row=5), Put({"Name": "Jan"})))


def test_a_run_changes_the_state_of_open_fixes_only():
    kept = add_fix(add_fix(NONE, fix(held(), Put({"Name": "Jo"}))), fix(held(), Put({"Name": "Jan"}), fix_id="fix-2"))
    assert with_state(kept, {("del-1", 4): State.LOADED})["state"].to_list() == ["replaced", "loaded"]


class TestTheNextFile:
    @pytest.fixture
    def loaded(self):
        return with_state(fix(held(), Put({"Name": "Jo"})), {("del-1", 4): State.LOADED})

    def test_the_same_row_gets_the_fix_again(self, loaded):
        after = carry_over(loaded, [held(delivery="del-2", row=9)], replaces=True)
        assert after.select("delivery", "row", "state").rows() == [("del-1", 4, "retired"), ("del-2", 9, "waiting")]

    def test_the_same_row_twice_in_one_file_gets_it_on_both(self, loaded):
        rows = [held(delivery="del-2", row=9), held(delivery="del-2", row=10)]
        after = carry_over(loaded, rows, replaces=True)
        assert after.filter(pl.col("state") == "waiting")["row"].to_list() == [9, 10]

    def test_a_row_that_does_not_come_again_retires_it(self, loaded):
        assert carry_over(loaded, [held(delivery="del-2", Name="")], replaces=True)["state"].to_list() == ["retired"]

    def test_an_older_file_retires_nothing(self, loaded):
        assert carry_over(loaded, [], replaces=False).equals(loaded)

    def test_carrying_over_twice_changes_nothing_more(self, loaded):
        rows = [held(delivery="del-2", row=9)]
        once = carry_over(loaded, rows, replaces=True)
        assert carry_over(once, rows, replaces=True).sort("row", "state").equals(once.sort("row", "state"))

    def test_a_row_left_out_stays_left_out(self):
        left = fix(held(), Put({}, why="An empty house"))
        after = carry_over(left, [held(delivery="del-2", row=9)], replaces=True)
        assert after["state"].to_list() == ["retired", "left-out"]

    def test_a_column_renamed_elsewhere_takes_no_fix_off(self, loaded):
        after = carry_over(loaded, [held_after({"Ref": "Our ref"})], replaces=True)
        assert after.select("column", "state").rows() == [("Name", "retired"), ("Name", "waiting")]

    def test_a_fix_goes_with_its_column_into_a_new_name(self, loaded):
        after = carry_over(loaded, [held_after({"Name": "Full name"})], replaces=True)
        assert after.select("column", "corrected", "state").rows() == [
            ("Name", "Jo", "retired"),
            ("Full name", "Jo", "waiting"),
        ]

    def test_a_fix_whose_column_cannot_be_told_says_so(self):
        loaded = fix(held(Name=""), Put({"Name": "Jo"}))
        after = carry_over(loaded, [held_after({"Name": "Full name"}, Name="")], replaces=True)
        assert after["state"].to_list() == ["lapsed"]
        assert carry_over(after, [], replaces=True).equals(after)

    def test_values_in_other_columns_are_another_row(self):
        assert held(Ref="VOID", Name="7").fingerprint != held().fingerprint
        assert held(Ref="", Name="7").fingerprint != held(Ref="7", Name="").fingerprint


def held_after(renamed, **cells):
    """Give the row of a later file under a contract with renamed columns."""
    came = {"Ref": "7", "Name": "VOID", "Day": "27/11/2026"} | cells
    content = json.dumps({renamed.get(name, name): cell for name, cell in came.items()})
    columns = tuple(replace(term, name=renamed.get(term.name, term.name)) for term in COLUMNS)
    names = tuple(term.name for term in columns)
    terms = replace(TERMS, columns=columns, file=replace(TERMS.file, columns=names, key=names[:1]))
    frame = pl.DataFrame([("del-2", 9, "", "no-name", "", content)], schema=held_schema(), orient="row")
    return read_held(frame, terms)
