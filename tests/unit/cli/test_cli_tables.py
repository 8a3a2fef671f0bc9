"""Answers as tables: what stands in a cell is shown as it is."""

from wardkeeper.cli.running import answer_table


def test_brackets_in_a_cell_are_no_mark_up_and_never_stop_a_command(capsys):
    answer_table("A [/title]", ("Column",), [("Ref [/x]",), ("[bold]Key[/bold]",), (None,)])
    out = capsys.readouterr().out
    assert "A [/title]" in out
    assert "Ref [/x]" in out
    assert "[bold]Key[/bold]" in out
