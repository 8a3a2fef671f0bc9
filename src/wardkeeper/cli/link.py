"""`wardkeeper link`."""

from dataclasses import asdict

import typer

from wardkeeper.adapters.machine import keep_memory
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.usecases.link_residents import link_residents

app = typer.Typer(add_completion=False)


@app.command()
def link(folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False) -> None:
    """Join the loaded records into residents, households and homes, and say how sure it is."""
    keep_memory()
    desk = sit_down(folder, login)
    with words.status("Linking…"):
        linking = link_residents(desk.house, desk.actor)
    report = linking.report
    if as_json:
        answer_json({**asdict(report), "homes": linking.homes, "left_out": linking.left_out})
        return
    answer_table(
        "Linked",
        ("", "Count"),
        [
            ("Records", f"{report.records:,}"),
            ("Residents", f"{report.residents:,}"),
            ("Households", f"{report.households:,}"),
            ("Homes", f"{linking.homes:,}"),
            ("From one record only", f"{report.single_records:,}"),
            *((f"Joined, {band}", f"{count:,}") for band, count in report.bands.items()),
        ],
    )
    if report.model != "six classes":
        words.print(f"Joined with less learned than usual, by {report.model}: {report.why}.", markup=False)
    for source in linking.left_out:
        words.print(f"Left out, because its permission has ended: {source}")
