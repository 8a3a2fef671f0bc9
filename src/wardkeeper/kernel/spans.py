"""Time: instants are UTC; dates are London days, and a span's last day is included."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def check_instant(moment: datetime) -> datetime:
    """Give the moment in UTC. Raises ValueError when it has no time zone."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone: use datetime.now(UTC)")
    return moment.astimezone(UTC)


def to_text(moment: datetime) -> str:
    """Write an instant as ISO 8601 in UTC with microseconds, so that text order is time order."""
    return check_instant(moment).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """Read an instant written by `to_text`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def london_day(moment: datetime) -> date:
    """Give the London date of an instant."""
    return check_instant(moment).astimezone(LONDON).date()


def day_start(day: date) -> datetime:
    """Give the first instant of a London day, in UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def day_end(day: date) -> datetime:
    """Give the first instant after a London day, in UTC: the second at which access stops."""
    return day_start(day + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Days:
    """A span of London days, both ends included. An open end is `None`."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"the span ends ({self.end}) before it starts ({self.start}): set a later end")

    def holds(self, now: datetime) -> bool:
        """Tell whether the instant falls within the span."""
        return check_instant(now) >= day_start(self.start) and not self.has_ended(now)

    def has_ended(self, now: datetime) -> bool:
        """Tell whether the instant is after the span's last day."""
        return self.end is not None and check_instant(now) >= day_end(self.end)
