from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.kernel.spans import Days
from wardkeeper.kernel.toml_tables import read


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


def table(text):
    return read(text, "paint.toml")


@dataclass(frozen=True)
class Brush:
    slug: str
    width: int


def brush(part):
    return Brush(part.slug("slug"), part.number("width"))


def test_values_are_given_as_their_kind():
    document = table(
        """
        name = " Gloss "
        slug = "white-gloss"
        part = "\\t"
        uses = ["doors", " frames "]
        shade = "red"
        others = ["green"]
        tins = 2
        litres = 0.5
        coats = 3
        wet = true
        made = 2026-01-02
        opened = 2026-01-02
        """
    )
    assert document.text("name") == "Gloss"
    assert document.slug("slug") == "white-gloss"
    assert document.optional_written("part") == "\t"
    assert (
        document.texts("uses") == document.some_texts("uses") == document.optional_texts("uses") == ("doors", "frames")
    )
    assert document.choice("shade", Colour) is document.optional_choice("shade", Colour) is Colour.RED
    assert document.choice("shade", ("red", "blue")) == "red"
    assert document.choices("others", Colour) == {Colour.GREEN}
    assert document.number("tins") == document.optional_number("tins") == 2
    assert document.quantity("litres") == 0.5
    assert isinstance(document.quantity("coats"), float)
    assert document.flag("wet") is True
    assert document.day("made") == document.optional_day("made") == date(2026, 1, 2)
    assert document.days("made", "opened") == document.open_days("made", "opened") == Days(*[date(2026, 1, 2)] * 2)
    document.finish()


def test_what_may_be_left_out_is_nothing_of_its_kind():
    document = table("made = 2026-01-02")
    assert document.optional_text("note") == ""
    assert document.optional_written("part") == ""
    assert document.optional_texts("uses") == ()
    assert document.optional_number("tins") is None
    assert document.optional_day("ends") is None
    assert document.open_days("made", "ends") == Days(date(2026, 1, 2))
    assert document.optional_choice("shade", Colour) is None
    assert document.optional_tables("tins") == ()
    assert document.flag("wet") is False
    assert document.mapping("logins") == {}
    document.finish()


def test_a_mapping_gives_words_by_name_in_their_order():
    found = table('[logins]\nroot = "planner"\nadmin = "analyst"\n').mapping("logins")
    assert list(found.items()) == [("root", "planner"), ("admin", "analyst")]


def test_inner_tables_name_their_path():
    document = table('[[tins]]\nsize = 1\n[[tins]]\nsize = 0\n[shop]\nname = ""\n')
    first, second = document.tables("tins")
    assert first.number("size") == 1
    with pytest.raises(BadInput, match=r"paint\.toml, key tins\.2\.size: 'tins\.2\.size' is not a whole number"):
        second.number("size")
    with pytest.raises(BadInput, match=r"'shop\.name' is blank"):
        document.table("shop").text("name")


BRUSHES = '[[brushes]]\nslug = "flat"\nwidth = 50\n[[brushes]]\nslug = "round"\nwidth = 10\n'


def test_tables_are_found_by_their_slugs():
    document = table(BRUSHES)
    assert document.by_slug("brushes", brush) == {"flat": Brush("flat", 50), "round": Brush("round", 10)}
    document.finish()


@pytest.mark.parametrize(
    ("text", "take", "message"),
    [
        ("", lambda t: t.text("name"), "'name' is missing. Add it. Write some words between quotation marks."),
        ("name = 3", lambda t: t.text("name"), "'name' is blank or not text."),
        ('name = "  "', lambda t: t.text("name"), "'name' is blank or not text."),
        ('name = ""', lambda t: t.optional_text("name"), "'name' is blank or not text."),
        ('part = ""', lambda t: t.optional_written("part"), "'part' is empty or not text."),
        ("part = 1", lambda t: t.optional_written("part"), "'part' is empty or not text."),
        ('slug = "White Gloss"', lambda t: t.slug("slug"), "'slug' is 'White Gloss', which is not a slug. Use small"),
        ('uses = "doors"', lambda t: t.texts("uses"), "'uses' is not a list of words."),
        ('uses = ["doors", ""]', lambda t: t.texts("uses"), "'uses' is not a list of words."),
        ('uses = ["doors", 1]', lambda t: t.optional_texts("uses"), "'uses' is not a list of words."),
        ("uses = []", lambda t: t.some_texts("uses"), "'uses' is empty. Name at least one."),
        ("tins = true", lambda t: t.number("tins"), "'tins' is not a whole number of 1 or more."),
        ("tins = 0", lambda t: t.optional_number("tins"), "'tins' is not a whole number of 1 or more."),
        ('tins = "2"', lambda t: t.number("tins"), "'tins' is not a whole number of 1 or more."),
        ("litres = 0", lambda t: t.quantity("litres"), "'litres' is not a number above zero."),
        ("litres = true", lambda t: t.quantity("litres"), "'litres' is not a number above zero."),
        ("litres = nan", lambda t: t.quantity("litres"), "'litres' is not a number above zero."),
        ("litres = inf", lambda t: t.quantity("litres"), "'litres' is not a number above zero."),
        ("litres = 1" + "0" * 400, lambda t: t.quantity("litres"), "'litres' is not a number above zero."),
        ('litres = "2"', lambda t: t.quantity("litres"), "'litres' is not a number above zero."),
        ('wet = "yes"', lambda t: t.flag("wet"), "'wet' is neither true nor false."),
        ('made = "2 Jan"', lambda t: t.day("made"), "'made' is not a date. Write it as 2026-11-22"),
        ("", lambda t: t.day("made"), "'made' is missing. Add it. Write it as 2026-11-22 without quotation marks."),
        ("made = 2026-01-02T03:04:05", lambda t: t.optional_day("made"), "'made' is not a date."),
        ("made = 2026-01-02", lambda t: t.days("made", "ends"), "'ends' is missing."),
        (
            "made = 2026-01-02\nends = 2026-01-01",
            lambda t: t.open_days("made", "ends"),
            "'ends' (2026-01-01) is before the start (2026-01-02). Set a later day.",
        ),
        (
            'shade = "blue"',
            lambda t: t.choice("shade", Colour),
            "'shade' has the unknown value 'blue'. Use one of: red, green.",
        ),
        ('shade = "green"', lambda t: t.choice("shade", (Colour.RED,)), "Use one of: red."),
        ('shade = "blue"', lambda t: t.optional_choice("shade", Colour), "'shade' has the unknown value 'blue'."),
        ('others = ["blue"]', lambda t: t.choices("others", Colour), "'others' has the unknown value 'blue'."),
        ("shop = 1", lambda t: t.table("shop"), "'shop' is not a table. Start it with [shop]."),
        ("", lambda t: t.table("shop"), "'shop' is missing. Add it. Start it with [shop]."),
        ("tins = 1", lambda t: t.tables("tins"), "'tins' is not a list of tables. Start each with [[tins]]."),
        ("tins = []", lambda t: t.tables("tins"), "'tins' is not a list of tables."),
        ("tins = [1]", lambda t: t.optional_tables("tins"), "'tins' is not a list of tables."),
        (BRUSHES.replace("round", "flat"), lambda t: t.by_slug("brushes", brush), "'brushes.2.slug' repeats 'flat'."),
        ("logins = 1", lambda t: t.mapping("logins"), "'logins' is not a table of words by name. Write it as { one ="),
        ("[logins]\nroot = 1", lambda t: t.mapping("logins"), "'logins.root' is blank or not text."),
    ],
)
def test_a_fault_names_file_and_key(text, take, message):
    with pytest.raises(BadInput) as caught:
        take(table(text))
    assert message in str(caught.value)
    assert caught.value.where.file == "paint.toml"
    assert f"'{caught.value.where.key}'" in caught.value.message
    assert caught.value.next


def test_a_key_nobody_reads_is_a_fault_that_names_those_that_are_read():
    document = table("tins = 1\nnaem = 1")
    document.number("tins")
    document.optional_text("name")
    with pytest.raises(BadInput) as caught:
        document.finish()
    assert str(caught.value) == (
        "file paint.toml, key naem: 'naem' is not known here. "
        "Check its spelling, or take it out. Known here: name, tins."
    )


def test_a_key_nobody_reads_in_an_inner_table_is_a_fault_too():
    document = table("[shop]\n[[shop.doors]]\nwidth = 1\nheigth = 2\n")
    document.table("shop").tables("doors")[0].number("width")
    with pytest.raises(BadInput, match=r"'shop\.doors\.1\.heigth' is not known here"):
        document.finish()


def test_a_fault_may_cite_the_rule_it_breaks():
    error = table("").bad("ends", "is missing", "Add it.", rule="G4")
    assert str(error) == "file paint.toml, key ends, rule G4: 'ends' is missing. Add it."


def test_what_is_not_toml_is_said_with_its_line():
    with pytest.raises(BadInput, match=r"file paint\.toml, rule toml: This is not valid TOML: .*line 1"):
        table("name = \nuses = 1\n")


@pytest.mark.parametrize(
    "text", ["tins = " + "9" * 5_000, "tins = " + "[" * 5_000], ids=["a long number", "deep nesting"]
)
def test_what_is_too_much_for_python_is_not_toml_either(text):
    with pytest.raises(BadInput, match="This is not valid TOML"):
        table(text)
