"""How alerts are chosen. Each value has its reason here; docs/decisions/0014 tells how they were checked."""

from dataclasses import dataclass, field

from wardkeeper.outbreaks.space.epidemic import Epidemic


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """The settings of `find_alerts`.

    `most`: the budget, alerts a week for the whole. `seldom`: the share of it kept for clusters of at most `small` areas
    that chance shows least, and that more likely than not grow faster than the whole. `most_people` and `most_share`: the
    largest cluster, about what one director of public health looks after (England's 150 have 370,000 people each on
    average), and never more than half of the whole. `least_statistic`: how many deviations above expectation a cluster must be. `least_cases`: known
    cases in a cluster, so that no alert tells of fewer. `overlap`: the share of the smaller of two clusters' areas that
    makes them one. `grown`: by how much an excess must have risen to be told again within `hush_days`. `kept_weeks`:
    weeks that an alert stays open though nothing shows.
    """

    most: int = 15
    seldom: float = 0.2
    small: int = 8
    most_people: int = 500_000
    most_share: float = 0.5
    least_statistic: float = 4.0
    least_cases: int = 5
    overlap: float = 0.5
    grown: float = 1.5
    hush_days: int = 7
    kept_weeks: int = 2
    epidemic: Epidemic = field(default_factory=Epidemic)

    @property
    def places_for_seldom(self) -> int:
        """How many of the places are kept for what chance shows least."""
        return int(self.most * self.seldom + 1e-9)
