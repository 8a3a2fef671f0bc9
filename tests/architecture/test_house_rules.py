"""The rules of the house that no import contract can see: read from the source itself."""

import ast
import inspect
import re
from pathlib import Path
from typing import get_type_hints

import pytest

import wardkeeper
from wardkeeper.cli.main import COMMANDS
from wardkeeper.governance.operations import Operation
from wardkeeper.kernel import errors
from wardkeeper.kernel.errors import EXIT_CODES, HTTP_STATUSES, WardkeeperError
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.usecases.ports import Store, Vault, Writer

SRC = Path(wardkeeper.__file__).parent
ROOT = SRC.parents[1]
OUTER = {"adapters", "bootstrap.py", "cli", "web", "demo"}
"""The rooms that may touch the world; all others are handed what they need."""

MODULES = sorted(SRC.rglob("*.py"))
INNER = [path for path in MODULES if path.relative_to(SRC).parts[0] not in OUTER]

WORLDLY = {
    "open", "input", "print", "exec", "eval", "compile", "__import__", "breakpoint",
}  # fmt: skip
WORLDLY_METHODS = {
    "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "iterdir", "rglob",
    "read_csv", "read_parquet", "read_excel", "read_ipc", "read_json", "read_ndjson", "read_database",
    "scan_csv", "scan_parquet", "scan_ipc", "scan_ndjson", "sink_parquet", "sink_csv",
    "write_parquet", "write_csv", "write_excel", "write_ipc",
    "utcnow", "today", "perf_counter", "monotonic", "time_ns", "sleep", "getenv", "putenv",
    "token_bytes", "token_hex", "urandom", "uuid4",
}  # fmt: skip
WORLDLY_PLACES = {("datetime", "now"), ("time", "time"), ("os", "environ"), ("random", "random")}

READS_A_PACKED_FILE = {
    ("governance/gateways.py", "read_text"),
    ("sources/shapes/__init__.py", "read_text"),
    ("residents/compiled.py", "read_bytes"),
    ("residents/compiled.py", "iterdir"),
}
"""Law, contracts to adapt and the sources of kernels, shipped with the package: all that a core reads, through
importlib.resources."""


def tree(path):
    return ast.parse(path.read_text("utf-8"))


def name_of(path):
    return path.relative_to(SRC).as_posix()


def worldly_uses(path):
    """Every use of a clock, a file, the environment or chance in a module: the word and its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WORLDLY:
            yield node.func.id, node.lineno
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("default_rng") and not node.args:
            yield "default_rng", node.lineno  # without a seed it draws on the machine
        if isinstance(node, ast.Attribute):
            place = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr in WORLDLY_METHODS or (place, node.attr) in WORLDLY_PLACES:
                yield node.attr, node.lineno


@pytest.mark.parametrize("path", INNER, ids=name_of)
def test_no_inner_room_reads_a_clock_a_file_or_the_environment(path):
    found = [(word, line) for word, line in worldly_uses(path) if (name_of(path), word) not in READS_A_PACKED_FILE]
    assert found == []


def test_the_search_for_worldly_uses_finds_them_where_they_are_allowed():
    assert {word for word, _ in worldly_uses(SRC / "adapters" / "clock.py")} >= {"now", "token_bytes"}
    assert "environ" in {word for word, _ in worldly_uses(SRC / "bootstrap.py")}
    assert "read_csv" in {word for word, _ in worldly_uses(SRC / "adapters" / "place_files.py")}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_imported_inside_a_function(path):
    inside = [
        node.lineno
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_modules_are_loaded_by_name_in_the_tables_only():
    by_name = [name_of(path) for path in MODULES if "import_module(" in path.read_text("utf-8")]
    assert sorted(by_name) == ["cli/main.py", "cli/subcommands.py", "outbreaks/__init__.py"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_is_longer_than_a_person_reads(path):
    assert len(path.read_text("utf-8").splitlines()) < 400


FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc", "base"}


def test_no_module_is_a_drawer_for_everything():
    assert [name_of(path) for path in MODULES if path.stem in FORBIDDEN_NAMES] == []


# One door to a change


def methods(protocol):
    return {name for name, _ in inspect.getmembers(protocol, inspect.isfunction) if not name.startswith("_")}


READS = {
    "account", "accounts", "session", "document", "documents", "deliveries", "current", "currents", "files_under",
    "mandate", "mandates", "incidents", "events", "leaves", "ledger_size", "checkpoints", "verifier_key",
    "change_number", "messages", "messages_named", "count_messages",
}  # fmt: skip


def test_g12_the_store_changes_only_within_a_write_that_has_its_leaf():
    assert methods(Store) == READS | {"write"}
    assert get_type_hints(Store.write)["leaf"] is Leaf
    assert "Writer" in str(get_type_hints(Store.write)["return"])
    assert not methods(Store) & methods(Writer)


def test_g12_a_writer_comes_from_a_write_and_is_made_nowhere_else():
    makers = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "DatabaseWriter"
    }
    assert makers == {"adapters/database.py"}


@pytest.mark.parametrize("path", [path for path in INNER if "usecases" in path.parts], ids=name_of)
def test_g12_use_cases_write_only_inside_a_with(path):
    """A writer's methods are called on what `with store.write(leaf) as writer` gave, or on one handed in by a caller."""
    calls = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods(Writer)
    ]
    assert all(isinstance(call.func.value, ast.Name) and call.func.value.id == "writer" for call in calls)


@pytest.mark.parametrize("method", ["write", "read", "unseal"])
def test_g1_the_vault_opens_nothing_without_a_permit(method):
    permit = inspect.signature(getattr(Vault, method)).parameters["permit"]
    assert permit.kind is inspect.Parameter.KEYWORD_ONLY
    assert permit.default is inspect.Parameter.empty


def test_g1_only_the_door_and_the_use_cases_touch_the_vault():
    """A read goes through `Opened.read`; nothing outside use cases asks the vault for anything, save the demo's proof."""
    readers = {name_of(path) for path in MODULES if re.search(r"vault\.(read|write|unseal)\(", path.read_text("utf-8"))}
    assert readers == {
        "demo/road.py",
        "usecases/campaign_audience.py",
        "usecases/close_incident.py",
        "usecases/door.py",
        "usecases/fix_rows.py",
        "usecases/incident_log.py",
        "usecases/label_log.py",
        "usecases/link_residents.py",
        "usecases/load_cases.py",
        "usecases/load_source.py",
        "usecases/make_list.py",
        "usecases/run_rows.py",
    }


# Tables and Enums are whole


def uses(enum):
    """Which members of an Enum the use cases name."""
    texts = "\n".join(path.read_text("utf-8") for path in INNER if "usecases" in path.parts)
    return {member for member in enum if re.search(rf"\b{enum.__name__}\.{member.name}\b", texts)}


def test_g12_every_act_is_written_by_some_use_case():
    assert set(Act) == uses(Act)


def test_g2_every_operation_is_asked_for_by_some_use_case():
    assert set(Operation) == uses(Operation)


def error_classes():
    return [
        one
        for _, one in inspect.getmembers(errors, inspect.isclass)
        if issubclass(one, WardkeeperError) and one is not WardkeeperError
    ]


def test_every_error_has_an_exit_code_a_status_and_a_code_of_its_own():
    classes = error_classes()
    assert set(EXIT_CODES) == set(HTTP_STATUSES) == set(classes)
    assert len({one.code for one in classes}) == len(classes)
    assert all(2 <= code <= 5 for code in EXIT_CODES.values())
    assert all(400 <= status < 600 for status in HTTP_STATUSES.values())


def test_every_error_raised_in_the_house_is_of_the_family_or_says_a_caller_is_wrong():
    # Python itself expects an AttributeError of a module that lacks a name.
    allowed = {one.__name__ for one in error_classes()} | {"ValueError", "TooManyTries", "AttributeError"}
    raised = {
        (name_of(path), node.exc.func.id)
        for path in INNER
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
    }
    strange = {(where, name) for where, name in raised if name not in allowed and name[0].isupper()}
    assert strange == set()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_written_about(command):
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    text = "\n".join(page.read_text("utf-8") for page in pages if page.is_file())
    assert f"wardkeeper {command}" in text
