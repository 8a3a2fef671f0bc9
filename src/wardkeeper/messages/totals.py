"""What a plan comes to, frozen: counts and cost as they are put to the approver."""

import polars as pl

from wardkeeper.messages.campaigns import MessageTotal, OutcomeTotal, PlanTotal
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.plan import MessagePlan, Outcome
from wardkeeper.messages.prices import NOTIFY, Postage, PriceList, price_of, round_pence
from wardkeeper.messages.wording import GSM, Wording, count_texts


def total_of(plan: MessagePlan, prices: PriceList = NOTIFY, postage: Postage = Postage.SECOND) -> PlanTotal:
    """Add a plan up. Raises BadInput when a letter is too long to be printed."""
    doors = plan.of(Outcome.DOOR)
    return PlanTotal(
        homes=plan.homes,
        people=plan.people,
        outcomes=tuple(OutcomeTotal(one.outcome, one.homes, one.people) for one in plan.tallies),
        messages=_messages(plan, prices, postage),
        languages=plan.languages.known,
        unknown_language=plan.languages.unknown,
        unreachable_homes=doors.homes,
        unreachable_people=doors.people,
        unplaced=plan.unplaced,
        prices_from=prices.from_day.isoformat(),
    )


def _messages(plan: MessagePlan, prices: PriceList, postage: Postage) -> tuple[MessageTotal, ...]:
    counted = plan.recipients.group_by("channel", "language").agg("name").sort("channel", "language")
    return tuple(
        MessageTotal(
            channel=Channel(channel),
            language=language,
            messages=len(names),
            pence=round_pence(_price(plan.wording_in(language), Channel(channel), pl.Series(names), prices, postage)),
        )
        for channel, language, names in counted.iter_rows()
    )


def _price(words: Wording, channel: Channel, names: pl.Series, prices: PriceList, postage: Postage) -> float:
    """Give what all messages of a kind cost: of texts, each by the name that is in it, for a long one may take one more."""
    if channel is not Channel.TEXT or "name" not in words.gaps:
        return names.len() * price_of(words, channel, prices, postage)
    name = pl.col("name").fill_null("")
    alike = pl.DataFrame({"name": names}, schema={"name": pl.String}).group_by(
        name.str.len_chars().alias("length"), name.str.contains(f"^{GSM.pattern}$").alias("plain")
    )
    each = alike.agg(pl.len(), name.first().alias("one")).select("len", "one").iter_rows()
    return prices.text * sum(int(number) * count_texts(words.filled_for(one)) for number, one in each)
