"""What to do next, in the words of a command and of a page."""

import ast
import re
from pathlib import Path

import pytest
from fastapi import Request

import wardkeeper
from wardkeeper.cli.ways import COMMANDS
from wardkeeper.kernel.errors import BadInput, NotFound, Where
from wardkeeper.kernel.ways import Way
from wardkeeper.web.problems import respond
from wardkeeper.web.routes import ROUTERS
from wardkeeper.web.ways import GUIDES, say_error, say_error_in_table

USECASES = Path(wardkeeper.__file__).parent / "usecases"
NAMES_A_COMMAND = re.compile(r"\bwardkeeper [a-z]+\b|(?<!\w)--[a-z]")
FOR_COMMANDS_ONLY = {
    *("apply_drafts.py", "link_residents.py", "list_services.py", "receive_file.py", "stopped_loads.py"),
    *("rulebook.py", "suggest_contract.py"),
}
"""Use cases that no page calls, or whose words no page shows: what they say may name a command."""

LOST = NotFound("There is no alert with this id.", "Newest: alr-1.", way=Way.LIST_ALERTS)


@pytest.mark.parametrize("table", [COMMANDS, GUIDES])
def test_each_edge_has_words_for_every_way(table):
    assert set(table) == set(Way)


def test_a_command_and_a_page_each_say_their_own_way():
    assert LOST.tell(COMMANDS) == (
        "There is no alert with this id. Newest: alr-1. wardkeeper outbreak alerts lists them."
    )
    assert say_error(LOST) == "There is no alert with this id. Newest: alr-1. See all alerts."
    assert str(LOST) == "There is no alert with this id. Newest: alr-1."


def test_no_guide_of_a_page_names_a_command():
    assert not [guide.words for guide in GUIDES.values() if NAMES_A_COMMAND.search(guide.words)]


def test_every_guide_leads_to_a_page_there_is():
    paths = {route.path for router in ROUTERS for route in router.routes}
    assert {guide.href for guide in GUIDES.values() if guide.href} <= paths


@pytest.mark.parametrize("path", sorted(USECASES.glob("*.py")), ids=lambda path: path.name)
def test_what_a_page_may_be_told_names_no_command(path):
    named = [words for words in words_of_errors(path) if NAMES_A_COMMAND.search(words)]
    assert named == [] or path.name in FOR_COMMANDS_ONLY


def words_of_errors(path):
    """Every text given to something raised in a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Raise) and node.exc is not None:
            yield from (
                one.value for one in ast.walk(node.exc) if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )


@pytest.mark.parametrize("rule", ["", "approved"])
def test_a_page_of_a_refusal_leads_on_and_names_no_rule(app, rule):
    error = NotFound("It is not there.", "Look again.", Where(rule=rule), way=Way.LIST_ALERTS)
    page = answer_of(app, error)
    assert 'href="/outbreaks/alerts">See all alerts.</a>' in page
    assert "Where:" not in page


def answer_of(app, error):
    """The page of an error."""
    request = Request({"type": "http", "method": "GET", "path": "/x", "headers": [], "app": app})
    return respond(request, error).body.decode()


@pytest.mark.parametrize(
    ("where", "place"),
    [
        (Where(), ""),
        (Where(row=3, column="date"), "(Row 3, column date.) "),
        (Where(column="date"), "(Column date.) "),
        (Where(row=0), "(Row 0.) "),
    ],
)
def test_an_error_in_a_table_says_its_place(where, place):
    assert say_error_in_table(BadInput("No day.", "Write it anew.", where)) == f"No day. {place}Write it anew."
