"""`wardkeeper outbreak`."""

import typer

from wardkeeper.cli.outbreak_alerts import accept, alerts, decline
from wardkeeper.cli.outbreak_coincidences import coincidences
from wardkeeper.cli.outbreak_detect import detect
from wardkeeper.cli.outbreak_load import load, show_versions
from wardkeeper.cli.outbreak_nowcast import nowcast, nowcast_score
from wardkeeper.cli.outbreak_rates import rates
from wardkeeper.cli.outbreak_replay import replay
from wardkeeper.cli.outbreak_scan import scan
from wardkeeper.cli.outbreak_trend import trend

app = typer.Typer(add_completion=False, help="Where infection rises, and how sure we are.")
app.command("alerts")(alerts)
app.command("accept")(accept)
app.command("decline")(decline)
app.command("replay")(replay)
app.command("load")(load)
app.command("nowcast")(nowcast)
app.command("nowcast-score")(nowcast_score)
app.command("versions")(show_versions)
app.command("coincidences")(coincidences)
app.command("scan")(scan)
app.command("rates")(rates)
app.command("trend")(trend)
app.command("detect")(detect)
