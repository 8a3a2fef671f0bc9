from datetime import date
from enum import StrEnum

import pytest

from wardkeeper.governance.documents import Table, read
from wardkeeper.kernel.errors import BadInput


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


def table(text):
    return read(text, "paint.toml")


def test_values_are_given_as_their_kind():
    document = table(
        'name = " Gloss "\nuses = ["doors"]\nshade = "red"\nothers = ["green"]\ntins = 2\nwet = true\nmade = 2026-01-02\n'
    )
    assert document.text("name") == "Gloss"
    assert document.texts("uses") == ("doors",)
    assert document.some_texts("uses") == ("doors",)
    assert document.choice("shade", Colour) is Colour.RED
    assert document.choices("others", Colour) == {Colour.GREEN}
    assert document.number("tins") == 2
    assert document.flag("wet") is True
    assert document.day("made") == date(2026, 1, 2)
    document.finish()


def test_what_may_be_left_out_is_empty():
    document = table("")
    assert document.optional_text("note") == ""
    assert document.optional_day("ends") is None
    assert document.flag("wet") is False
    assert document.mapping("logins") == {}


def test_a_mapping_gives_words_by_name():
    assert table('[logins]\nroot = "planner"\n').mapping("logins") == {"root": "planner"}


def test_inner_tables_name_their_path():
    document = table('[[tins]]\nsize = 1\n[[tins]]\nsize = 0\n[shop]\nname = ""\n')
    first, second = document.tables("tins")
    assert first.number("size") == 1
    with pytest.raises(BadInput, match=r"paint\.toml, rule tins\.2\.size: 'tins\.2\.size' is not a whole number"):
        second.number("size")
    with pytest.raises(BadInput, match=r"'shop\.name' is not text"):
        document.table("shop").text("name")


@pytest.mark.parametrize(
    ("text", "take", "message"),
    [
        ("", lambda t: t.text("name"), "'name' is missing. Add it."),
        ("name = 3", lambda t: t.text("name"), "'name' is not text."),
        ('name = "  "', lambda t: t.text("name"), "'name' is not text."),
        ('uses = "doors"', lambda t: t.texts("uses"), "'uses' is not a list of words."),
        ('uses = ["doors", ""]', lambda t: t.texts("uses"), "'uses' is not a list of words."),
        ("uses = []", lambda t: t.some_texts("uses"), "'uses' is empty. Name at least one."),
        ("tins = true", lambda t: t.number("tins"), "'tins' is not a whole number of 1 or more."),
        ('tins = "2"', lambda t: t.number("tins"), "'tins' is not a whole number of 1 or more."),
        ('wet = "yes"', lambda t: t.flag("wet"), "'wet' is neither true nor false."),
        ('made = "2 Jan"', lambda t: t.day("made"), "'made' is not a date. Write it as 2026-11-22"),
        ("made = 2026-01-02T03:04:05", lambda t: t.optional_day("made"), "'made' is not a date."),
        (
            'shade = "blue"',
            lambda t: t.choice("shade", Colour),
            "'shade' has the unknown value 'blue'. Use one of: red",
        ),
        ('others = ["blue"]', lambda t: t.choices("others", Colour), "'others' has the unknown value 'blue'."),
        ("shop = 1", lambda t: t.table("shop"), "'shop' is not a table. Start it with [shop]."),
        ("tins = 1", lambda t: t.tables("tins"), "'tins' is not a list of tables. Start each with [[tins]]."),
        ("tins = []", lambda t: t.tables("tins"), "'tins' is not a list of tables."),
        ("tins = [1]", lambda t: t.tables("tins"), "'tins' is not a list of tables."),
        ("naem = 1", lambda t: t.finish(), "'naem' is not known here. Check its spelling, or take it out."),
    ],
)
def test_a_fault_names_file_and_key(text, take, message):
    with pytest.raises(BadInput) as caught:
        take(table(text))
    assert message in str(caught.value)
    assert caught.value.where.file == "paint.toml"
    assert caught.value.next


def test_what_is_not_toml_is_said_with_its_line():
    with pytest.raises(BadInput, match=r"not valid TOML: .*line 1"):
        table("name = \nuses = 1\n")


def test_names_are_the_keys_there_are():
    assert Table({"a": 1, "b": 2}, file="x.toml").names() == ("a", "b")
