"""Messages: choose areas, write the words, see the plan, take the file."""

from datetime import date

import polars as pl
from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.kernel.errors import BadInput, NotFound
from wardkeeper.kernel.spans import london_day
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.files import DOOR_DROP, DOORS, PARTNERS
from wardkeeper.messages.plan import MessagePlan, Outcome
from wardkeeper.messages.prices import NOTIFY
from wardkeeper.messages.totals import total_of
from wardkeeper.messages.wording import Wording
from wardkeeper.outbreaks.findings import Alarm
from wardkeeper.usecases import plan_messages, view_outbreak
from wardkeeper.usecases.plan_messages import Campaign
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk
from wardkeeper.web.forms import Answers, Faults
from wardkeeper.web.routes.incidents import as_file

router = APIRouter(prefix="/messages")

CHANNEL_WORDS: dict[Channel, str] = {
    Channel.TEXT: "Text message",
    Channel.EMAIL: "Email",
    Channel.LETTER: "Letter",
}

ROW_NOUNS: dict[Channel, tuple[str, str]] = {
    Channel.TEXT: ("number", "numbers"),
    Channel.EMAIL: ("email address", "email addresses"),
    Channel.LETTER: ("letter", "letters"),
}
"""What one row of a channel's file is. It comes once, however many people share it."""

LIST_WORDS: dict[str, str] = {
    DOORS: "Doors to knock at",
    DOOR_DROP: "Homes by postcode sector, for leaflets",
    PARTNERS: "Counts and words for partners",
}
"""Files that are not for a sending service."""

KIND_WORDS: dict[MessageKind, tuple[str, str]] = {
    MessageKind.ROUTINE: ("Advice or news", "People who asked not to be contacted are left out."),
    MessageKind.SAFETY: ("A warning about safety", "An officer decides about people who asked not to be contacted."),
}

SUGGESTED = (
    "Cases of infection are rising in your area. Please wash your hands often and open windows. "
    "If you feel ill, stay at home and take a test. You can get one free at the town hall."
)
"""A first draft that passes the checks on words; nobody has to send it."""


@router.get("")
def show_form(desk: AtDesk) -> Response:
    """Show the form, with areas that rose already chosen when they came from the outbreaks page."""
    return _form(desk, areas=desk.request.query_params.getlist("area"))


@router.post("")
def show_plan(desk: AtDesk) -> Response:
    """Show who would be reached how, who would not and why. Nothing is sent."""
    faults = _faults(desk.answers)
    if faults:
        return _form(desk, areas=desk.answers.many("area"), faults=faults, status=BAD_FORM)
    try:
        plan = _plan(desk)
        pence = total_of(plan).pence
    except BadInput as error:
        faults.add("body", f"{error.message} {error.next}")
        return _form(desk, areas=desk.answers.many("area"), faults=faults, status=BAD_FORM)
    return _plan_page(desk, plan, pence)


@router.post("/download")
def download(desk: AtDesk) -> Response:
    """Give the file for one channel. It is a disclosure and is recorded as one."""
    answers = desk.answers
    faults = _faults(answers)
    if faults:
        return _form(desk, areas=answers.many("area"), faults=faults, status=BAD_FORM)
    chosen = answers.text("file-channel")
    if chosen in LIST_WORDS:
        frame = plan_messages.export_one(desk.house, desk.actor, _campaign(answers), chosen)
        return as_file(frame, form="csv", name=f"{chosen}-{london_day(desk.house.clock.now())}")
    file_channel = Channel(chosen if chosen in set(Channel) else answers.text("channel"))
    frame = plan_messages.export(desk.house, desk.actor, _campaign(answers), file_channel)
    return as_file(frame, form="csv", name=f"messages-{file_channel}-{london_day(desk.house.clock.now())}")


def _plan(desk: Desk) -> MessagePlan:
    return plan_messages.plan(desk.house, desk.actor, _campaign(desk.answers))


def _campaign(answers: Answers) -> Campaign:
    return Campaign(answers.many("area"), _wording(answers), Channel(answers.text("channel")))


def _wording(answers: Answers) -> Wording:
    return Wording(
        body=answers.text("body").replace("\r\n", "\n"),
        subject=answers.text("subject"),
        kind=MessageKind(answers.text("kind")),
        values=_values(answers.text("values")),
    )


def _values(text: str) -> dict[str, str]:
    """Read what fills the gaps: a line each, as “test site = Sale Town Hall”."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _faults(answers: Answers) -> Faults:
    faults = Faults()
    faults.require(answers, {"area": "Choose at least one area.", "body": "Write the message."})
    if answers.text("channel") not in set(Channel):
        faults.add("channel", "Choose how to send it.")
    if answers.text("kind") not in set(MessageKind):
        faults.add("kind", "Choose what the message is for.")
    return faults


def _plan_page(desk: Desk, plan: MessagePlan, pence: int) -> Response:
    rows = dict(plan.recipients["channel"].value_counts().iter_rows())
    files = [
        (channel, CHANNEL_WORDS[channel], plan.of(Outcome(channel)).homes, rows.get(channel.value, 0))
        for channel in Channel
    ]
    return desk.show(
        "message_plan.html",
        plan=plan,
        areas=desk.answers.many("area"),
        answers=desk.answers,
        channel_words=CHANNEL_WORDS[plan.channel],
        files=[one for one in files if one[2]],
        lists={name: words for name, words in LIST_WORDS.items() if name != DOORS or plan.doors.height},
        pence=pence,
        prices=NOTIFY.source,
        nouns=ROW_NOUNS,
        merged={Outcome(channel): count for channel, _, homes, count in files if homes != count},
        population=_population(desk),
    )


def _population(desk: Desk) -> int | None:
    """Give how many people live in the chosen areas, going by the census; None when that is not known."""
    places = desk.house.places()
    small = plan_messages.small_areas(desk.house, desk.answers.many("area"))
    found = places.areas.frame.filter(pl.col("area").is_in(small))["population"]
    return int(found.sum()) if found.len() == len(small) and not found.null_count() else None


def _form(desk: Desk, *, areas: list[str], faults: Faults | None = None, status: int = 200) -> Response:
    week, risen, others = _areas(desk)
    return desk.show(
        "messages.html",
        status=status,
        week=week,
        risen=risen,
        others=others,
        chosen=areas,
        answers=desk.answers,
        faults=faults,
        channels=CHANNEL_WORDS,
        kinds=KIND_WORDS,
        suggested=SUGGESTED,
    )


Choice = dict[str, object]


def _areas(desk: Desk) -> tuple[date | None, list[Choice], list[Choice]]:
    """Give the newest week, the areas with an unusual rise in it, and all other areas.

    Cases may be counted in larger areas than homes are known by, and elsewhere; only areas here can be chosen.
    """
    places = desk.house.places()
    names = places.areas.frame.select(code="area", name="name").sort("name").to_dicts()
    try:
        view = view_outbreak.view(desk.house, desk.actor, None)
    except NotFound:
        return None, [], names
    known = [*(area["code"] for area in names), *places.postcodes.frame["msoa"].unique()]
    raised = (pl.col("alarm") == Alarm.RAISED) & pl.col("code").is_in(known)
    risen = view.areas.filter(raised).select("code", "name", "why").to_dicts()
    codes = {area["code"] for area in risen}
    return view.week, risen, [area for area in names if area["code"] not in codes]
