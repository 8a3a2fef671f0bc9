"""`wardkeeper message plan`."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from wardkeeper.cli.desk import Desk, sit_down
from wardkeeper.cli.message_words import (
    LanguageOption,
    SafetyOption,
    SubjectOption,
    TextOption,
    TranslationsOption,
    ValueOption,
    make_wording,
    with_translations,
)
from wardkeeper.cli.plan_counts import PlanCounts
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.errors import UsageError
from wardkeeper.messages.campaign_life import STATE_WORDS, State
from wardkeeper.messages.campaigns import Format
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.messengers import suggest
from wardkeeper.messages.previews import Preview, preview
from wardkeeper.messages.prices import NOTIFY, Postage
from wardkeeper.messages.scripts import ENGLISH, read_language
from wardkeeper.usecases import plan_messages
from wardkeeper.usecases.plan_messages import CampaignRequest, Drafted
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.small_counts import may_take_small

MOST_LANGUAGES = 12

TOO_LONG = "too long"


def plan(
    text: TextOption,
    areas: Annotated[list[str] | None, typer.Argument(help="Codes of areas (LSOAs or MSOAs).")] = None,
    alert: Annotated[str, typer.Option("--alert", help="The alert whose areas are meant, in place of codes.")] = "",
    subject: SubjectOption = "",
    values: ValueOption = None,
    channel: Annotated[Channel, typer.Option("--channel", help="The first choice.")] = Channel.LETTER,
    messengers: Annotated[
        list[str] | None, typer.Option("--messenger", help="Who speaks: gp, or Urdu=faith-leader, or E01006112=school.")
    ] = None,
    languages: LanguageOption = None,
    filled: TranslationsOption = None,
    formats: Annotated[
        list[Format] | None, typer.Option("--format", help="A form of the message that is made.")
    ] = None,
    postage: Annotated[Postage, typer.Option("--postage", help="How letters travel.")] = Postage.SECOND,
    text_pence: Annotated[float | None, typer.Option("--text-pence", help="Your own price of a text.")] = None,
    letter_pence: Annotated[float | None, typer.Option("--letter-pence", help="Your own price of a letter.")] = None,
    safety: SafetyOption = False,
    keep: Annotated[bool, typer.Option("--save", help="Keep the plan as a campaign, to be submitted.")] = False,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Plan a message: how many homes are reached how, at what cost, who is not and why. Nothing is sent."""
    asked = [read_language(one) for one in languages or ()]
    desk = sit_down(folder, login)
    read = with_translations(make_wording(text, subject, values, safety=safety), filled)
    request = CampaignRequest(
        areas=_choose(desk, areas or [], alert),
        wording=read.wording,
        channel=channel,
        alert=alert,
        speakers=tuple(messengers or ()),
        formats=tuple(formats or ()),
        prices=NOTIFY.overruled(text_pence, letter_pence),
        postage=postage,
    )
    made = plan_messages.draft(desk.house, desk.actor, request)
    state = save(desk.house, desk.actor, made.draft).state if keep else State.DRAFT
    previews = preview(request.wording, prices=request.prices, postage=postage)
    wanted = dict.fromkeys((*asked, *made.plan.languages.needed, *read.waiting))
    missing = [one for one in wanted if one != ENGLISH and one not in request.wording.translations]
    counts = PlanCounts.of(made, exact=may_take_small(desk.actor))
    if as_json:
        answer_json({**_answer(counts, request, previews), "missing_translations": missing, "saved": keep})
        return
    _tell(counts, request, previews, missing)
    if keep:
        words.print(f"Kept as {made.draft.id}. {STATE_WORDS[state]}", markup=False)


def _choose(desk: Desk, areas: list[str], alert: str) -> list[str]:
    if bool(areas) == bool(alert):
        raise UsageError("Say where: an alert or areas, one of the two.", "Give --alert ID, or codes of areas.")
    return plan_messages.areas_of_alert(desk.house, alert) if alert else list(dict.fromkeys(areas))


def _answer(counts: PlanCounts, request: CampaignRequest, previews: tuple[Preview, ...]) -> dict[str, object]:
    made, drawn = counts.made, counts.made.plan
    return {
        "campaign": made.draft.id,
        "areas": request.areas,
        "alert": request.alert,
        **counts.as_answer(),
        "beside_a_death": drawn.beside_words,
        "prices": {"from": request.prices.from_day, "source": request.prices.source, "vat": "not included"},
        "previews": [asdict(one) for one in previews],
        "advice": [{"fault": one.fault, "words": one.words, "found": one.found} for one in drawn.advice],
        "must_acknowledge": made.draft.singles_out,
        "messengers": [asdict(one) for one in made.draft.speakers],
        "suggested_messengers": [asdict(one) for one in suggest(request.areas, drawn.languages.needed)],
    }


def _tell(counts: PlanCounts, request: CampaignRequest, previews: tuple[Preview, ...], missing: list[str]) -> None:
    drawn, total = counts.made.plan, counts.made.draft.total
    told = (one.words for one in drawn.tallies if one.homes or one.people)
    rows = zip(told, counts.homes.cells, counts.people.cells, strict=True)
    title = f"{counts.homes.total} homes, {counts.people.total} people"
    answer_table(title, ("What happens", "Homes", "People"), rows)
    numbers = zip(total.messages, counts.messages.cells, counts.messages.counts, strict=True)
    answer_table(
        f"{counts.pounds} without VAT, by {request.prices.source}",
        ("Messages", "Language", "Number", "Cost"),
        (
            (one.channel.value, one.language, words, "" if number is None else _pounds(one.pence))
            for one, words, number in numbers
        ),
    )
    answer_table(
        "One message",
        ("Way", "Language", "Characters", "Texts or sheets", "Pence", "School grade"),
        (
            (
                p.channel.value,
                p.language,
                p.characters,
                p.parts or None,
                TOO_LONG if p.pence is None else f"{p.pence:g}",
                p.grade,
            )
            for p in previews
        ),
    )
    for line in (*_doubts(counts.made), *_needs(counts, missing)):
        words.print(line, markup=False)


def _doubts(made: Drafted) -> Iterator[str]:
    if made.plan.beside_words:
        yield made.plan.beside_words
    for advice in made.plan.advice:
        yield f"{advice.words} A public-health lead must acknowledge it." if advice.must_acknowledge else advice.words
    yield from (one.words for one in made.formats if one.words)


def _needs(counts: PlanCounts, missing: list[str]) -> Iterator[str]:
    known, needs = counts.spoken, counts.made.plan.languages
    if missing:
        told = ", ".join(f"{one} ({known.get(one, 'none')})" for one in missing[:MOST_LANGUAGES])
        more = f" and {len(missing) - MOST_LANGUAGES} more" if len(missing) > MOST_LANGUAGES else ""
        yield f"No translation yet, by people recorded: {told}{more}. They get the English."
    if needs.unheard_of:
        told = ", ".join(f"{said} ({known[said]})" for said, _ in needs.unheard_of[:MOST_LANGUAGES])
        yield f"Recorded in place of a language, and not known here: {told}. They get the English."
    if needs.unknown_without_english is not None:
        yield (
            f"{counts.languages.cells[-1]} people have no language recorded; going by the Census, about"
            f" {needs.unknown_without_english:,.0f} of them cannot speak English well."
        )


def _pounds(pence: int) -> str:
    return f"£{pence / 100:,.2f}"
