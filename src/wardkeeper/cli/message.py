"""`wardkeeper message`."""

import typer

from wardkeeper.cli.message_plan import plan
from wardkeeper.cli.message_translations import translations

app = typer.Typer(add_completion=False, help="Messages to chosen areas.")


app.command("plan")(plan)
app.command("translations")(translations)
