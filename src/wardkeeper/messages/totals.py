"""What a plan comes to, frozen: counts and cost as they are put to the approver."""

from wardkeeper.messages.campaigns import MessageTotal, OutcomeTotal, PlanTotal
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.plan import MessagePlan, Outcome
from wardkeeper.messages.prices import NOTIFY, Postage, PriceList, price_of, round_pence


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
    counted = plan.recipients.group_by("channel", "language").len("messages").sort("channel", "language")
    return tuple(
        MessageTotal(
            channel=Channel(channel),
            language=language,
            messages=messages,
            pence=round_pence(messages * price_of(plan.wording_in(language), Channel(channel), prices, postage)),
        )
        for channel, language, messages in counted.iter_rows()
    )
