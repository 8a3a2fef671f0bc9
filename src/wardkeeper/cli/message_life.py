"""`wardkeeper message submit`, `approve`, `decline`, `stop`, `close`, `destroy` and `list`: a campaign's life."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.phrases import count, say_briefly
from wardkeeper.messages.campaign_life import STATE_WORDS, Campaign
from wardkeeper.messages.sending import Total
from wardkeeper.usecases import (
    approve_campaign,
    close_campaign,
    compare_campaigns,
    decline_campaign,
    destroy_campaign,
    list_campaigns,
    stop_campaign,
    submit_campaign,
)

CampaignArgument = Annotated[
    str, typer.Argument(help="The campaign's id, from `message plan --save` or `message list`.")
]
WhyOption = Annotated[str, typer.Option("--why", help="Why, in a sentence. It is kept, so name nobody.")]


def submit(
    campaign: CampaignArgument, folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False
) -> None:
    """Submit a campaign's draft for approval by a public-health lead."""
    desk = sit_down(folder, login)
    tell_campaign(submit_campaign.submit(desk.house, desk.actor, campaign), as_json=as_json)


def approve(
    campaign: CampaignArgument,
    acknowledge: Annotated[
        list[str] | None,
        typer.Option("--acknowledge", help="Words that may single out a place or a community, one at a time."),
    ] = None,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Approve a campaign, as a public-health lead who did not make it. It can then be sent."""
    desk = sit_down(folder, login)
    tell_campaign(approve_campaign.approve(desk.house, desk.actor, campaign, acknowledge or ()), as_json=as_json)


def decline(
    campaign: CampaignArgument,
    why: WhyOption,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Decline a campaign, as a public-health lead, with a reason."""
    desk = sit_down(folder, login)
    done = decline_campaign.decline(desk.house, desk.actor, campaign, why)
    tell_campaign(done, as_json=as_json, notes=compare_campaigns.tell_parted(desk.house, campaign))


def stop(
    campaign: CampaignArgument,
    why: WhyOption,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Stop a campaign at any time: nothing more is sent, not even by a run that is under way."""
    desk = sit_down(folder, login)
    done = stop_campaign.stop(desk.house, desk.actor, campaign, why)
    tell_campaign(done, as_json=as_json, notes=compare_campaigns.tell_parted(desk.house, campaign))


def close(
    campaign: CampaignArgument,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Close it. Without this, say what closing would leave undone.")
    ] = False,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Close a campaign that was sent or stopped, with --confirm: to whom it went can no longer be read."""
    desk = sit_down(folder, login)
    if not confirm:
        _tell_closing(close_campaign.look(desk.house, desk.actor, campaign), as_json=as_json)
        return
    tell_campaign(close_campaign.close(desk.house, desk.actor, campaign), as_json=as_json)


def _tell_closing(closing: list_campaigns.CampaignView, *, as_json: bool) -> None:
    if as_json:
        answer_json({**campaign_answer(closing.campaign), **totals_answer(closing.totals), "left": closing.left})
        return
    for one in closing.totals:
        words.print(f"{one.channel.value} {one.state.value}: {one.messages:,}", markup=False)
    for line in (*closing.left, "Nothing was closed. Closing cannot be undone: add --confirm to close it."):
        words.print(line, markup=False)


def destroy(
    campaign: CampaignArgument, folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False
) -> None:
    """Destroy to whom a closed campaign went, as a second person; one of the two is the data protection officer."""
    desk = sit_down(folder, login)
    done = destroy_campaign.destroy(desk.house, desk.actor, campaign)
    receipt = destroy_campaign.receipt_of_campaign(desk.house, done)
    if as_json:
        answer_json({**campaign_answer(done), "receipt": asdict(receipt) if receipt else None})
        return
    tell_campaign(done, as_json=False)
    if receipt:
        files, at = count(len(receipt.files), "file"), say_briefly(receipt.destroyed_at)
        words.print(f"Key {receipt.key_id} with {files} was destroyed, {at}.")


def list_them(folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False) -> None:
    """List campaigns, the newest first."""
    desk = sit_down(folder, login)
    found = list_campaigns.list_campaigns(desk.house, desk.actor)
    if as_json:
        rows = [{**campaign_answer(one.campaign), **totals_answer(one.totals), "due": one.due} for one in found]
        answer_json({"campaigns": rows})
        return
    answer_table(
        f"Campaigns: {len(found):,}",
        ("Id", "State", "Areas", "Made by", "Made at", "Messages"),
        (
            (
                one.campaign.id,
                one.campaign.state.value,
                len(draft.areas),
                draft.made_by,
                say_briefly(draft.made_at),
                one.messages,
            )
            for one in found
            if (draft := one.campaign.draft)
        ),
    )
    for one in found:
        if one.due:
            words.print(f"{one.campaign.id}: {one.due}", markup=False)


def campaign_answer(campaign: Campaign) -> dict[str, object]:
    """Give a campaign as JSON's values: nobody is in it."""
    draft = campaign.draft
    return {
        "campaign": campaign.id,
        "state": campaign.state.value,
        "areas": draft.areas,
        "alert": draft.alert,
        "kind": draft.kind.value,
        "must_acknowledge": draft.singles_out,
        "steps": [
            {
                "step": one.step.value,
                "by": one.by,
                "at": one.at,
                "reason": one.reason,
                "acknowledged": one.acknowledged,
                **({"file": one.file, "rows": one.rows} if one.file else {}),
            }
            for one in campaign.steps
        ],
    }


def totals_answer(totals: tuple[Total, ...]) -> dict[str, object]:
    """Give the counts of messages as JSON's values."""
    rows = [{"channel": one.channel.value, "state": one.state.value, "messages": one.messages} for one in totals]
    return {"messages": sum(one.messages for one in totals), "totals": rows}


def tell_campaign(campaign: Campaign, *, as_json: bool, notes: Sequence[str] = ()) -> None:
    """Answer with a campaign after a step; `notes` are whom its comparison leaves untold."""
    if as_json:
        answer_json({**campaign_answer(campaign), **({"notes": notes} if notes else {})})
        return
    for line in (f"{campaign.id}: {STATE_WORDS[campaign.state]}", *notes):
        words.print(line, markup=False)
