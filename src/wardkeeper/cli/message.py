"""`wardkeeper message`."""

from collections.abc import Callable

import typer

from wardkeeper.cli.message_compare import compare
from wardkeeper.cli.message_effect import effect
from wardkeeper.cli.message_life import approve, close, decline, list_them, stop, submit
from wardkeeper.cli.message_plan import plan
from wardkeeper.cli.message_send import send, status
from wardkeeper.cli.message_translations import translations

LIFE: dict[str, Callable[..., None]] = {
    "submit": submit,
    "approve": approve,
    "decline": decline,
    "stop": stop,
    "close": close,
    "list": list_them,
}

app = typer.Typer(add_completion=False, help="Messages to chosen areas.")


app.command("plan")(plan)
app.command("translations")(translations)
app.command("send")(send)
app.command("status")(status)
app.command("effect")(effect)
app.command("compare")(compare)
for _name, _command in LIFE.items():
    app.command(_name)(_command)
