"""`wardkeeper service`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.files import read_bytes
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import (
    FOUND_PROBLEMS,
    HERE,
    AsOption,
    FolderOption,
    JsonOption,
    answer_json,
    answer_table,
    words,
)
from wardkeeper.sources.services import Service
from wardkeeper.usecases import list_services, load_services
from wardkeeper.usecases.list_services import Nearby

app = typer.Typer(add_completion=False, help="Services to send people to: shelters, food, transport, advice.")

LARGEST_BYTES = 64 * 1024 * 1024


@app.command()
def load(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Saved pages of an Open Referral UK feed, or one CSV.")
    ],
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Load a directory of services, in place of the one loaded before. Give all pages of a feed together."""
    desk = sit_down(folder, login)
    pages = [(file.name, read_bytes(file, largest=LARGEST_BYTES)) for file in files]
    loaded = load_services.load_services(desk.house, desk.actor, pages)
    if as_json:
        answer_json(asdict(loaded))
    else:
        words.print(f"{loaded.services:,} services loaded, {loaded.closed:,} of them closed.")
        words.print(f"{loaded.without_place:,} say nothing of where they are, so no distance can be told.")
        for note in loaded.notes:
            words.print(note, markup=False)
        for one in loaded.left_out:
            words.print(f"{one.file}, entry {one.entry}: left out, for {one.reason}.", markup=False)
    if loaded.left_out or loaded.notes:
        raise typer.Exit(FOUND_PROBLEMS)


@app.command("list")
def list_them(
    near: Annotated[str, typer.Option("--near", help="A postcode: the nearest services come first.")] = "",
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """List the services, by name or nearest first."""
    desk = sit_down(folder, login)
    found = list_services.list_services(desk.house, desk.actor, near)
    if as_json:
        services = [{**asdict(one.service), "kilometres": one.kilometres} for one in found.services]
        answer_json({"services": services, "closed": found.closed, "loaded_at": found.loaded_at})
        return
    answer_table(
        f"{len(found.services):,} services ({found.closed:,} closed ones not shown)",
        ("Service", "By", "Where", "Km", "When", "For whom", "Telephone"),
        map(_row, found.services),
    )


def _row(one: Nearby) -> tuple[str, ...]:
    service = one.service
    alert = f"{service.name}: {service.alert}" if service.alert else service.name
    closed = "" if service.status == "active" else f" ({service.status})"
    return (
        f"{alert}{closed}",
        service.organisation,
        _where(service),
        "" if one.kilometres is None else f"{one.kilometres:.1f}",
        "; ".join(service.schedule),
        service.eligibility,
        "; ".join(service.phones),
    )


def _where(service: Service) -> str:
    return " / ".join(
        ", ".join(filter(None, (place.address or place.name, place.postcode))) for place in service.locations
    )
