"""The tables of a plan, a campaign and what became of it. They hold counts and nobody's name but colleagues'."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.phrases import count
from wardkeeper.messages.campaign_life import Campaign, Taken
from wardkeeper.messages.campaigns import MessageTotal, PlanTotal, Speaker
from wardkeeper.messages.comparisons import Comparison, Design
from wardkeeper.messages.effects import Effect
from wardkeeper.messages.few import FEWEST, tell
from wardkeeper.messages.formats import FormatNeed
from wardkeeper.messages.languages import LanguageNeeds
from wardkeeper.messages.messengers import Suggestion
from wardkeeper.messages.outbox import Difference
from wardkeeper.messages.plan import EXCLUDED, OUTCOME_WORDS
from wardkeeper.messages.previews import Preview
from wardkeeper.messages.sending import MESSAGE_WORDS, Total
from wardkeeper.usecases.list_campaigns import CampaignView
from wardkeeper.usecases.prepare_sending import Prepared
from wardkeeper.web.campaign_words import CHANNELS, FORMATS, MESSENGERS, STATES, STEPS, name_file
from wardkeeper.web.sheets import Sheet, add_total, hide_few, in_london

COST = "Cost in £"
KEPT_BACK = "Kept back: asked not to be contacted, someone has died, or for a special reason. Ring Control."
EVERYWHERE = "All areas"
EVERY_LANGUAGE = "All languages"


def _frame(columns: Mapping[str, type[pl.DataType]], rows: Iterable[Sequence[object]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(columns), orient="row")


def outcomes(total: PlanTotal) -> Sheet:
    """What happens to each home and person. Where one reason to keep a home back is rare, no reason is told alone."""
    told = [one for one in total.outcomes if one.homes or one.people]
    back = [one for one in told if one.outcome in EXCLUDED]
    rare = any(min(one.homes, one.people) < FEWEST for one in back)
    rows = [(OUTCOME_WORDS[one.outcome], one.homes, one.people) for one in told if not rare or one not in back]
    if rare:
        rows.append((KEPT_BACK, sum(one.homes for one in back), sum(one.people for one in back)))
    frame = _frame({"What happens": pl.String, "Homes": pl.Int64, "People": pl.Int64}, rows)
    return Sheet("What happens to each home and person", hide_few(frame, {"Homes": "", "People": ""}), total=True)


def messages(lines: Iterable[MessageTotal]) -> Sheet:
    """How many messages go how, in which language, at what cost."""
    rows = [(CHANNELS[one.channel], one.language, one.messages, one.pence / 100) for one in lines]
    columns = {"Way": pl.String, "Language": pl.String, "Messages": pl.Int64, COST: pl.Float64}
    return Sheet(
        "Messages and what they cost, without VAT", hide_few(_frame(columns, rows), {"Messages": COST}), total=True
    )


def languages(known: Iterable[tuple[str, int]], unknown: int) -> Sheet:
    """People by recorded language."""
    frame = _frame({"Language": pl.String, "People": pl.Int64}, [*known, ("Not recorded", unknown)])
    return Sheet("People who can be written to or knocked at, by language", hide_few(frame, {"People": ""}), total=True)


def languages_of(needs: LanguageNeeds) -> Sheet:
    """People by recorded language, of a plan."""
    return languages(needs.known, needs.unknown)


def previews(found: Iterable[Preview], *, priced: bool = True) -> Sheet:
    """How each message comes across: its length, its parts and how hard it is to read."""
    columns: dict[str, type[pl.DataType]] = {
        "Way": pl.String,
        "Language": pl.String,
        "Characters": pl.Int64,
        "Texts or sheets": pl.Int64,
        "Pence for one": pl.Float64,
        "School grade": pl.Int64,
    }
    rows = [
        (
            CHANNELS[one.channel] if one.pence is not None else f"{CHANNELS[one.channel]}: too long",
            one.language,
            one.characters,
            one.parts or None,
            one.pence,
            None if one.grade is None else round(one.grade),
        )
        for one in found
    ]
    frame = _frame(columns, rows)
    return Sheet("One message, by each way", frame if priced else frame.drop("Pence for one"))


def formats(needs: Iterable[FormatNeed]) -> Sheet:
    """Forms of the message for people who cannot use the plain one."""
    rows = [
        (
            FORMATS[one.format],
            "not known" if one.people is None else tell(one.people),
            "Yes, or not needed" if one.met else "No",
        )
        for one in needs
    ]
    columns = {"Form": pl.String, "People who may need it": pl.String, "Made or offered": pl.String}
    return Sheet("Accessible forms of the message", _frame(columns, rows))


def suggestions(found: Iterable[Suggestion]) -> Sheet:
    """Who may be the right person to speak, by language."""
    rows = dict.fromkeys((one.language, MESSENGERS[one.messenger], one.reason) for one in found)
    return Sheet("Who people may listen to", _frame({"Language": pl.String, "Who": pl.String, "Why": pl.String}, rows))


def speakers(chosen: Iterable[Speaker], names: Mapping[str, str]) -> Sheet:
    """Who speaks to whom, as it was chosen."""
    rows = [
        (names.get(one.area, one.area) or EVERYWHERE, one.language or EVERY_LANGUAGE, MESSENGERS[one.messenger])
        for one in chosen
    ]
    return Sheet("Who speaks", _frame({"Area": pl.String, "Language": pl.String, "Who": pl.String}, rows))


def steps(campaign: Campaign, names: Mapping[Login, str]) -> Sheet:
    """What was done with a campaign, by whom, when and why."""
    draft = campaign.draft
    made = ("Planned", names[Login(draft.made_by)], in_london(draft.made_at), "")
    rows = [
        (
            STEPS[one.step],
            names[one.by],
            in_london(one.at),
            " ".join(filter(None, (one.reason, _acknowledged(one.acknowledged), _file(one)))),
        )
        for one in campaign.steps
    ]
    columns: dict[str, type[pl.DataType]] = {
        "Step": pl.String,
        "Who": pl.String,
        "When": pl.Datetime,
        "Why": pl.String,
    }
    return Sheet("What was done", _frame(columns, [made, *rows]))


def _file(taken: Taken) -> str:
    return f"{name_file(taken.file)}: {count(taken.rows, 'row')}." if taken.file else ""


def _acknowledged(words: Sequence[str]) -> str:
    return f"Acknowledged: {', '.join(words)}." if words else ""


def statuses(totals: Iterable[Total]) -> Sheet:
    """What became of the messages."""
    rows = [(CHANNELS[one.channel], MESSAGE_WORDS[one.state], one.messages) for one in totals]
    frame = _frame({"Way": pl.String, "What became of it": pl.String, "Messages": pl.Int64}, rows)
    return Sheet("What became of the messages", add_total(frame), total=True)


def to_send(prepared: Prepared) -> Sheet:
    """What would be sent now, exactly: whoever sends may take the names themselves (docs/decisions/0016)."""
    rows = [(CHANNELS[way], language, number) for way, language, number in prepared.to_send]
    frame = _frame({"Way": pl.String, "Language": pl.String, "Messages": pl.Int64}, rows)
    return Sheet("What would be sent now", add_total(frame), total=True)


def differences(found: Iterable[Difference]) -> Sheet:
    """Where today is not what was approved."""
    rows = [(one.what, one.approved, one.now) for one in found]
    frame = _frame({"What": pl.String, "Approved": pl.Int64, "Now": pl.Int64}, rows)
    return Sheet("What has changed since it was approved", frame)


def effect(found: Effect) -> Sheet:
    """What a campaign changed."""
    figures = ("Effect", "From (95%)", "To (95%)", "Expected without it")
    areas = ("Areas written to", "Areas compared with")
    row = ("Written to beside the others", found.effect, found.low, found.high, found.expected)
    schema = {"What": pl.String} | dict.fromkeys(figures, pl.Float64) | dict.fromkeys(areas, pl.Int64)
    return Sheet("What it changed", _frame(schema, [(*row, found.treated, found.compared)]))


def comparison(drawn: Comparison, names: Mapping[str, str]) -> Sheet:
    """Which area is in which group of a comparison."""
    group = "Begins on" if drawn.design is Design.STEPPED else "Gets the words of"
    rows = [(names.get(unit, unit), unit, arm) for unit, arm in drawn.allocation]
    return Sheet("Areas of the comparison", _frame({"Area": pl.String, "Code": pl.String, group: pl.String}, rows))


def campaigns(found: Iterable[CampaignView], names: Mapping[Login, str]) -> Sheet:
    """The campaigns with their standing."""
    columns = {
        "Campaign": pl.String,
        "Standing": pl.String,
        "Subject": pl.String,
        "Areas": pl.Int64,
        "Homes, about": pl.Int64,
        "Planned by": pl.String,
        "Planned": pl.Datetime,
        "Messages": pl.Int64,
        "To be done": pl.String,
    }
    rows = [
        (
            one.campaign.id,
            STATES[one.campaign.state][0],
            subject_of(one.campaign),
            len(one.campaign.draft.areas),
            round(one.campaign.draft.total.homes, -1),
            names[Login(one.campaign.draft.made_by)],
            in_london(one.campaign.draft.made_at),
            one.messages,
            one.due,
        )
        for one in found
    ]
    return Sheet("Campaigns, the newest first", _frame(columns, rows))


def subject_of(campaign: Campaign) -> str:
    """Give what a campaign is called on a screen: its subject, else the start of its words."""
    english = campaign.draft.wording()
    if english.subject.strip():
        return english.subject
    words = " ".join(english.filled.split())
    return words if len(words) <= 60 else f"{words[:59]}…"
