"""When letters to many may leave (U25): on work days, in the city's hours, so many a minute; one to one letters go at once."""

from datetime import datetime, time, timedelta
from math import ceil

from coi.languages import clock
from coi.profiles.current import current_profile, today, zone


def in_work_hours(now: datetime) -> bool:
    """Whether letters to many may leave at this moment of the city."""
    profile = current_profile()
    first, last = profile.letters.hours
    return profile.is_business_day(today(now)) and first <= now.astimezone(zone()).hour < last


def next_work_hour(now: datetime) -> datetime:
    """`now`, or when the next work hours of the city begin."""
    if in_work_hours(now):
        return now
    profile, local = current_profile(), now.astimezone(zone())
    first, _last = profile.letters.hours
    day = local.date() if local.hour < first else local.date() + timedelta(days=1)
    return datetime.combine(profile.next_business_day(day), time(first), zone())


def in_words(now: datetime) -> str:
    """When the next work hours begin, as the reader says it."""
    return clock(next_work_hour(now))


def pace() -> int:
    """Letters a minute."""
    return current_profile().letters.pace


def minutes_for(letters: int) -> int:
    """How long so many letters take at the city's pace."""
    return ceil(letters / pace())
