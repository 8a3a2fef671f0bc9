"""Why there is an alert, how sure it is and what may be missing, in plain words."""

from collections.abc import Sequence
from datetime import date

from wardkeeper.outbreaks.alerting.alerts import Alert, Reason
from wardkeeper.outbreaks.changes import Change, compare, say_share
from wardkeeper.outbreaks.counts import in_words

NAMED = 3
SELDOM_WEEKS = 520.0
"""Beyond ten years a simulation of some hundred weeks can't tell one from another."""

EVEN = 0.5
"""Below this chance growth is no reason: a place whose cases fall behind the others' is there for its size alone."""

BY_SIZE = "It is on the list because of how many cases it has beyond those expected"
BY_GROWTH = ", and how likely they are to grow faster than in all areas together"
LISTED = {
    Reason.SIZE: f"{BY_SIZE}{{growth}}.",
    Reason.SELDOM: "It is on the list because chance seldom shows this in so few areas.",
    Reason.BOTH: f"{BY_SIZE}{{growth}}, and because chance seldom shows this.",
}


def say_why(alert: Alert, whole: Change) -> str:
    """Say what was seen against what was expected, and how it is going."""
    where = say_places(alert.places, len(alert.areas))
    times = alert.observed / max(alert.expected, 0.5)
    listed = LISTED[alert.listed_for].format(growth="" if alert.growth < 1 or alert.growing < EVEN else BY_GROWTH)
    return (
        f"About {alert.observed:,} cases {where} from {in_words(alert.start)} to {in_words(alert.end)}, where "
        f"{alert.expected:,.0f} were expected from their own earlier weeks and the course of all areas together: "
        f"{times:,.1f} times as many, at least {alert.excess:,.0f} cases a week more. {say_growth(alert.change)} "
        f"In all areas together: {compare(whole, 'the week before')}. {listed}"
    )


def say_sure(alert: Alert) -> str:
    """Say how seldom chance shows as much, and how likely it is to go on."""
    weeks = alert.recurrence_weeks
    if weeks < 1.5 and alert.listed_for is Reason.SELDOM:
        seldom = (
            f"The chance of as many cases in just these areas is 1 in {1 / alert.chance:,.0f}; but many areas are "
            "searched, and some place stands out as much in any week."
        )
    elif weeks < 1.5:
        seldom = "Some place stands out as much in any week, since places differ: its size makes it worth a look."
    elif weeks > SELDOM_WEEKS:
        seldom = "With nothing amiss, some place would show as much less than once in ten years."
    else:
        seldom = f"With nothing amiss, some place would show as much about once in {weeks:,.0f} weeks."
    return f"{seldom} It is {say_share(alert.growing)} likely that cases here grow faster than in all areas together."


def say_missing(hidden: int, cells: int, said: Sequence[str], *, late: bool) -> tuple[str, ...]:
    """Say what the figures of an alert may leave out: its own hidden counts, and what is said of all counts.

    `late` tells that some week up to its own still waits for reports.
    """
    own = [f"{hidden:,} of its {cells:,} counts were hidden because they are small: they were estimated."]
    # What is said of hidden counts in general would only repeat it.
    elsewhere = ("Hidden counts",) if late else ("Hidden counts", "Late reports")
    return (*own[: hidden > 0], *(line for line in said if not line.startswith(elsewhere)))


def say_places(places: Sequence[str], areas: int) -> str:
    """Say where: the areas' number, and the first few places."""
    named = list(places[:NAMED])
    more = len(places) - len(named)
    if more:
        named.append(f"{more} more")
    joined = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}" if named else "unnamed"
    return f"in 1 area ({joined})" if areas == 1 else f"in {areas:,} areas ({joined})"


def say_growth(change: Change) -> str:
    """Say how the newest week compares with the one before."""
    return f"The newest week had {compare(change, 'the week before')}."


def say_whole(end: date, change: Change) -> str:
    """Say how cases go in all areas together: a rise everywhere makes no place stand out."""
    return (
        f"All areas together, week ending {in_words(end)}: {compare(change, 'in the week before')}. Alerts show "
        "where cases run ahead of that."
    )
