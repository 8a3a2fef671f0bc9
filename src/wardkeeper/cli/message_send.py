"""`wardkeeper message send` and `status`: a dry run unless it is told to send."""

from collections.abc import Iterable
from typing import Annotated

import typer

from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.message_life import CampaignArgument, campaign_answer, totals_answer
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
from wardkeeper.cli.ways import COMMANDS
from wardkeeper.kernel.errors import BadInput, UsageError
from wardkeeper.messages.campaign_life import STATE_WORDS
from wardkeeper.messages.outbox import Difference
from wardkeeper.messages.sending import MESSAGE_WORDS, Total
from wardkeeper.usecases import campaign_files, follow_campaign, prepare_sending, send_campaign
from wardkeeper.usecases.campaign_files import FileOut
from wardkeeper.usecases.prepare_sending import Prepared
from wardkeeper.usecases.send_campaign import Sent

TemplateOption = Annotated[
    list[str] | None,
    typer.Option("--template", help="A template of GOV.UK Notify: 'text=ID' or 'text Polish=ID'."),
]


def send(
    campaign: CampaignArgument,
    really: Annotated[bool, typer.Option("--send", help="Send. Without it, nothing is sent.")] = False,
    templates: TemplateOption = None,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say what sending an approved campaign would do; with --send, do it, or go on where it was cut off."""
    desk = sit_down(folder, login)
    named = _read_templates(templates or [])
    done = send_campaign.send(desk.house, desk.actor, campaign, templates=named, tell=_progress) if really else None
    prepared = prepare_sending.prepare(desk.house, desk.actor, campaign, named)
    files = campaign_files.look_at_files(desk.house, prepared)
    missing = prepare_sending.hindrances(desk.house, prepared)
    if as_json:
        answer_json(_answer(prepared, done) | _notes(missing, files))
    elif done is None:
        _tell_prepared(prepared, missing)
    else:
        _tell_sent(done)
    if not as_json:
        _tell_files(files)
    if done is not None and (done.halted or done.unsettled):
        raise typer.Exit(FOUND_PROBLEMS)


def status(
    campaign: CampaignArgument,
    ask: Annotated[bool, typer.Option("--ask", help="Ask GOV.UK Notify now.")] = False,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Tell what became of a campaign's messages: counts that add up, and what is still to be done."""
    desk = sit_down(folder, login)
    look = follow_campaign.ask if ask else follow_campaign.view
    found = look(desk.house, desk.actor, campaign)
    if as_json:
        counted = {"changed": found.changed, "not_arrived": found.not_arrived}
        answer_json({**campaign_answer(found.campaign), **totals_answer(found.totals), **counted})
        return
    _table(found.campaign.id, found.totals)
    words.print(STATE_WORDS[found.campaign.state], markup=False)
    if found.not_arrived:
        words.print(
            f"{found.not_arrived:,} messages did not arrive. Send again: each home's next way is taken, down to a knock."
        )


def _read_templates(given: Iterable[str]) -> dict[str, str]:
    pairs = [one.rpartition("=") for one in given]
    if any(not name or not found for name, _, found in pairs):
        raise UsageError("A template was not understood.", "Write --template 'text=ID'.")
    return {name.strip(): found.strip() for name, _, found in pairs}


def _progress(gone: int, left: int) -> None:
    words.print(f"{gone:,} sent or tried, {left:,} left.")


def _answer(prepared: Prepared, done: Sent | None) -> dict[str, object]:
    campaign, differences = (done or prepared).campaign, (done or prepared).differences
    answer: dict[str, object] = {
        **campaign_answer(campaign),
        "dry_run": done is None,
        "to_send": [
            {"channel": channel.value, "language": language, "messages": number}
            for channel, language, number in prepared.to_send
        ],
        "sent_before": prepared.outbox.done,
        "covered_another_way": prepared.outbox.covered,
        "letters_by_file": prepared.letters,
        "doors": prepared.doors.height,
        "differences": [{"what": one.what, "approved": one.approved, "now": one.now} for one in differences],
    }
    if done is None:
        return answer
    halted = done.halted.to_dict(COMMANDS)["error"] if done.halted else None
    return answer | totals_answer(done.totals) | {"unsettled": done.unsettled, "halted": halted}


def _notes(missing: tuple[BadInput, ...], files: tuple[FileOut, ...]) -> dict[str, object]:
    """Say what Notify still needs, and which files that are out must be taken again."""
    return {
        "missing": [one.to_dict(COMMANDS)["error"] for one in missing],
        "files_out": [
            {"file": one.taken.file, "rows": one.taken.rows, "no_longer": one.no_longer, "reloaded": one.reloaded}
            for one in files
        ],
    }


def _tell_prepared(prepared: Prepared, missing: tuple[BadInput, ...]) -> None:
    answer_table(
        f"{prepared.campaign.id}: what would be sent now",
        ("Way", "Language", "Messages"),
        ((channel.value, language, number) for channel, language, number in prepared.to_send),
    )
    _tell_differences(prepared.differences)
    words.print(
        f"{prepared.letters:,} letters go by a file that is still to be taken, and {prepared.doors.height:,} doors need a knock:"
    )
    words.print(f"message files gives both. Nothing was sent.{'' if missing else ' Add --send to send.'}")
    for one in missing:
        words.print(f"It cannot be sent from here yet. {one.message} {one.say_next(COMMANDS)}", markup=False)


def _tell_files(files: tuple[FileOut, ...]) -> None:
    for one in files:
        if one.note:
            words.print(f"The file {one.taken.file} is out of date. {one.note}", markup=False)


def _tell_sent(done: Sent) -> None:
    _table(done.campaign.id, done.totals)
    _tell_differences(done.differences)
    words.print(STATE_WORDS[done.campaign.state], markup=False)
    if done.unsettled:
        words.print(f"{done.unsettled:,} messages may have gone out. Send again in five minutes: Notify will be asked.")
    if done.halted:
        words.print(f"{done.halted.message} {done.halted.say_next(COMMANDS)}", markup=False)


def _tell_differences(differences: tuple[Difference, ...]) -> None:
    if differences:
        rows = ((one.what, one.approved, one.now) for one in differences)
        answer_table("Since it was approved", ("What", "Approved", "Now"), rows)


def _table(title: str, totals: tuple[Total, ...]) -> None:
    rows = ((one.channel.value, MESSAGE_WORDS[one.state], one.messages) for one in totals)
    answer_table(f"{title}: {sum(one.messages for one in totals):,} messages", ("Way", "State", "Messages"), rows)
