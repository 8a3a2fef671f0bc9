"""Sending a campaign: first what would be sent, then sending it, how far it has come, and the files that go another way."""

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.spans import london_day
from wardkeeper.messages.campaign_life import STATE_WORDS
from wardkeeper.messages.files import same_letters
from wardkeeper.usecases import campaign_files, list_campaigns, prepare_sending, send_campaign
from wardkeeper.usecases.campaign_files import Rehearsal
from wardkeeper.usecases.send_campaign import Tell
from wardkeeper.web import campaign_tables, campaign_words
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk
from wardkeeper.web.forms import Faults
from wardkeeper.web.routes.campaigns import address_of, files_out_of, names_of, tables_of
from wardkeeper.web.routes.incidents import as_file
from wardkeeper.web.sending_runs import Runs
from wardkeeper.web.sheets import Sheet
from wardkeeper.web.ways import say_error

router = APIRouter(prefix="/messages/campaigns")

AGAIN_AFTER = 3
"""Seconds after which a page of a run that goes on is loaded again, with or without scripts."""


@router.get("/{campaign}/send")
def show_sending(desk: AtDesk, campaign: str, wait: str = "") -> Response:
    """Show what sending would do now, or how far a run has come. With `wait`, the page is not loaded again by itself."""
    run = _runs(desk).of(campaign)
    if run and run.is_going:
        view = list_campaigns.view_campaign(desk.house, desk.actor, campaign)
        page = desk.show("campaign_sending.html", campaign=view.campaign, run=run, tables=tables_of(desk.house, view))
        if not wait:
            page.headers["Refresh"] = str(AGAIN_AFTER)
        return page
    return _page(desk, campaign)


@router.post("/{campaign}/send")
def send(desk: AtDesk, campaign: str) -> Response:
    """Send, when it was ticked and everything is set up; the run goes on while its page is looked at."""
    faults = Faults()
    if desk.answers.text("really") != "yes":
        faults.add("really", "Tick the box if the messages are to be sent now.")
        return _page(desk, campaign, faults=faults)
    # Asked here too, so that what stands in the way is told at once and not by the run.
    missing = prepare_sending.hindrances(desk.house, prepare_sending.prepare(desk.house, desk.actor, campaign))
    if missing:
        faults.add("really", say_error(missing[0]))
        return _page(desk, campaign, faults=faults)
    house, actor = desk.house, desk.actor

    def work(tell: Tell) -> send_campaign.Sent:
        return send_campaign.send(house, actor, campaign, tell=tell)

    _runs(desk).start(campaign, work)
    return desk.go(f"{address_of(campaign)}/send")


@router.post("/{campaign}/files")
def give_file(desk: AtDesk, campaign: str) -> Response:
    """Give one file of an approved campaign, as things stand now. It is a disclosure and is recorded as one."""
    name = desk.answers.text("file")
    rows = campaign_files.take_files(desk.house, desk.actor, campaign, [name])[name]
    return as_file(rows, form=desk.answers.text("format"), name=f"{name}-{london_day(desk.house.clock.now())}")


@router.post("/{campaign}/files/settle")
def settle_file(desk: AtDesk, campaign: str) -> Response:
    """Record that a file which was taken was handed over, or put away unused."""
    settle = {"hand-over": campaign_files.hand_over, "put-away": campaign_files.put_away}
    chosen = settle.get(desk.answers.text("became"))
    if chosen is None:
        raise BadInput(
            "It was not said what became of the file.", "Choose one of its two buttons.", Where(column="became")
        )
    chosen(desk.house, desk.actor, campaign, desk.answers.text("file"))
    # What was stopped is not sent, so its files are settled on the campaign's own page.
    part = "/send" if desk.answers.text("part") == "/send" else ""
    return desk.go(f"{address_of(campaign)}{part}#files")


@router.get("/{campaign}/send/{table}")
def export_table(desk: AtDesk, campaign: str, table: str, form: str = "csv") -> Response:
    """Give a table of what would be sent as a file. It holds counts."""
    chosen = table if table == "changes" else "to-send"
    found = campaign_files.rehearse(desk.house, desk.actor, campaign, file=f"{campaign}-{chosen}")
    return as_file(
        _tables(found)[chosen].frame, form=form, name=f"{campaign}-{chosen}-{london_day(desk.house.clock.now())}"
    )


def _held(name: str, out: Iterable[str]) -> str:
    """Name the file that is out: this one, or one that holds the same letters; empty where there is none."""
    return next((campaign_words.name_file(one) for one in out if one == name or same_letters(name, [one])), "")


def _runs(desk: Desk) -> Runs:
    runs: Runs = desk.request.app.state.runs
    return runs


def _tables(found: Rehearsal) -> dict[str, Sheet]:
    prepared = found.prepared
    return {
        "to-send": campaign_tables.to_send(prepared),
        "changes": campaign_tables.differences(prepared.differences),
    }


def _page(desk: Desk, campaign: str, *, faults: Faults | None = None) -> Response:
    found = campaign_files.rehearse(desk.house, desk.actor, campaign)
    kept = found.prepared.campaign
    run = _runs(desk).of(campaign)
    return desk.show(
        "campaign_send.html",
        status=BAD_FORM if faults else 200,
        campaign=kept,
        title=campaign_tables.subject_of(kept),
        state_words=STATE_WORDS[kept.state],
        prepared=found.prepared,
        missing=prepare_sending.hindrances(desk.house, found.prepared),
        tables=_tables(found),
        statuses=tables_of(desk.house, list_campaigns.view_campaign(desk.house, desk.actor, campaign)).get("statuses"),
        files=[
            (name, campaign_words.name_file(name), rows.height, _held(name, kept.open_files))
            for name, rows in found.files.items()
        ],
        out=files_out_of(kept),
        file_notes={one.taken.file: one.note for one in found.out if one.note},
        names=names_of(desk.house, kept),
        run=run,
        faults=faults,
    )
