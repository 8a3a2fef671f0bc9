"""The settings of a nowcast, each with where it comes from. One set serves every triangle."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NowcastSettings:
    """How a nowcast learns. A delay is report day less specimen day, in days.

    The values and the shape of the method were settled on England's published counts by upper-tier authority, with
    the scores before 15 January 2021 and from then on printed side by side: neither part was out of sight, so both
    flatter the method somewhat. The error hardly moves when a value is halved or doubled.
    """

    final: int = 30
    """Delay at which a count is taken as final, and judged."""

    settled: int = 10
    """Delay from which a count is nearly final. Jersakova and others (2022) find about four days for English tests; ten
    leaves room for slow laboratories. Later changes are one factor for all areas."""

    recent: int = 14
    """Report days that a step of the ladder is learned from."""

    fading: float = 0.7
    """Weight of a report day against the day after it, so that a change in the speed of laboratories counts at once."""

    shrinkage: float = 100.0
    """Cases of its own at which an area's delays weigh as much as those of all areas (Bühlmann 1967)."""

    growth_shrinkage: float = 200.0
    """The same for an area's weekly growth."""

    weekday_weeks: int = 3
    """Earlier weeks that the pattern of weekdays is taken from."""

    pace_weeks: int = 4
    """Weeks that the pace of each weekday's reports is learned from. Paces were added for simulated laboratories that rest;
    the scores on England's triangle hardly change with them."""

    carried: int = 7
    """Days for which an older report stands in where a newer one is missing."""

    judged_days: int = 28
    """Past nowcasts whose errors make the intervals."""

    caution: float = 1.2
    """Widening of the intervals: past errors of one month know little of the next shock. It was picked where nine in ten
    totals before 15 January 2021 fell inside; later days did not choose it."""

    least_reports: int = 14
    """Days of reports that a triangle needs before anything can be learned from it."""

    batch_share: float = 0.25
    """A report brings a late batch when the cases it adds to older days pass the usual by this share of a day's cases.
    The batch of October 2020 was more than a whole day's."""

    batch_after: int = 4
    """Delay after which little is still to come."""

    @property
    def memory(self) -> int:
        """Days of reports before the one nowcast that can have any influence on it."""
        ladder = max(self.recent, 7 * self.pace_weeks) + self.recent + 2
        return self.judged_days + self.final - self.settled + ladder + self.carried


SETTINGS = NowcastSettings()

LONGEST_DELAY = 40
"""Delays beyond this are not looked at: enough for the final count, and for three weeks before a day still open."""
