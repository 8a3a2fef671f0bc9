"""A fault of the program's own is told by its type alone, and commands never make an authority by the way."""

import json

import pytest
import typer

from wardkeeper.cli import serve
from wardkeeper.cli.running import JsonOption, run_command
from wardkeeper.kernel.errors import UsageError


class Panic(BaseException):
    """What a library written in another language raises: not an Exception."""


@pytest.mark.parametrize("kind", [ValueError, Panic])
def test_a_fault_is_told_by_its_type_alone(capsys, kind):
    app = typer.Typer()

    @app.command()
    def fail():
        raise kind("secret")

    with pytest.raises(SystemExit) as ended:
        run_command(app, "fail", [])
    said = capsys.readouterr()
    assert ended.value.code == 70
    assert said.out == ""
    assert f"{kind.__name__}: This is a fault in Wardkeeper" in said.err
    assert "secret" not in said.err
    assert "Traceback" not in said.err
    assert not app.pretty_exceptions_enable


def test_an_error_in_words_keeps_its_words(capsys):
    app = typer.Typer()

    @app.command()
    def fail():
        raise UsageError("It was not understood.", "Ask again.")

    with pytest.raises(SystemExit) as ended:
        run_command(app, "fail", [])
    assert ended.value.code == 2
    assert "It was not understood. Ask again." in capsys.readouterr().err


def test_serving_an_empty_folder_is_refused_and_leaves_it_empty(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        run_command(serve.app, "serve", ["--folder", str(tmp_path)])
    assert ended.value.code == 4
    assert "There is no Wardkeeper in the folder" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("given", "code", "told"), [(["--nonsense"], 2, "usage"), ([], 70, "fault")])
def test_what_is_not_understood_and_a_fault_are_a_document_too_where_one_was_asked_for(capsys, given, code, told):
    app = typer.Typer()

    @app.command()
    def fail(*, as_json: JsonOption = False):
        raise ValueError("secret")

    with pytest.raises(SystemExit) as ended:
        run_command(app, "fail", ["--json", *given])
    out = capsys.readouterr().out
    assert ended.value.code == code
    assert json.loads(out)["error"]["code"] == told
    assert "secret" not in out
