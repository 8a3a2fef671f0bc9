"""The tables of subcommands say what the commands themselves say, without importing them."""

import inspect
from importlib import import_module

import pytest

from wardkeeper.cli import message, outbreak

ENTRIES = [(name, *entry) for app in (message, outbreak) for name, entry in app.COMMANDS.items()]


@pytest.mark.parametrize(("name", "module", "function", "words"), ENTRIES, ids=[entry[0] for entry in ENTRIES])
def test_a_line_of_the_table_is_the_first_of_its_command(name, module, function, words):
    told = inspect.getdoc(getattr(import_module(module), function)).split("\n\n")[0]
    assert " ".join(told.split()) == words
