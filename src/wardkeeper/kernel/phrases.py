"""Phrases that screens and commands share: days and times as people say them, ages, and a number with its noun."""

from datetime import date, datetime

from wardkeeper.kernel.spans import LONDON, check_instant


def say_day(day: date | None) -> str:
    """Write a day as "22 November 2026"."""
    return f"{day.day} {day:%B %Y}" if day else "not known"


def say_time(moment: datetime) -> str:
    """Write a London time of day as "1:07pm"."""
    local = check_instant(moment).astimezone(LONDON)
    return f"{local:%I:%M%p}".lstrip("0").lower()


def say_moment(moment: datetime | None) -> str:
    """Write an instant in London as "22 November 2026, 1:07pm"."""
    if moment is None:
        return "not known"
    return f"{say_day(check_instant(moment).astimezone(LONDON).date())}, {say_time(moment)}"


def say_briefly(moment: datetime) -> str:
    """Write an instant in London as "22 Nov 2026, 1:07pm", for a narrow column."""
    day = check_instant(moment).astimezone(LONDON)
    return f"{day.day} {day:%b %Y}, {say_time(moment)}"


AGES = ((365, 365, "year"), (60, 30, "month"), (14, 7, "week"), (1, 1, "day"))
"""From how many days on an age is told in a unit, and how many days that has."""


def say_age(day: date | None, now: datetime) -> str:
    """Write how old a fact is: "today", "1 day", "3 weeks", "2 years"."""
    if day is None:
        return "age not known"
    days = (check_instant(now).astimezone(LONDON).date() - day).days
    for least, length, unit in AGES:
        if days >= least:
            return count(days // length, unit)
    return "today"


def count(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: "1 home", "1,204 homes"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
