"""When something is due: the DUE grammar of FORMAT.md, business days, leave; today and holidays are always arguments."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

NextBusinessDay = Callable[[date], date]
DAYS_AFTER_RETURN = 30
COVERS_WITHIN_DAYS = 90

_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")
_COUNTED = re.compile(r"(\d{1,4})_(business_)?days_(after|before)_([a-z][a-z0-9_]*)")
_EVENT = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Due:
    """One DUE as read: a day of the year, or so many days after or before an event (0 = the event's own day)."""

    month: int = 0
    day: int = 0
    event: str = ""
    days: int = 0
    business: bool = False


def next_weekday(on: date) -> date:
    """`on` itself, or the Monday after it: the next business day of a city without holidays."""
    return on + timedelta(days=max(0, 7 - on.weekday()) if on.weekday() >= 5 else 0)


def read_due(rule: str) -> Due:
    """A DUE of the grammar; raises ValueError for anything else."""
    told = _MONTH_DAY.fullmatch(rule)
    if told:
        month, day = int(told[1]), int(told[2])
        date(2024, month, day)  # a leap year: February 29 is a day that a rule may name
        return Due(month=month, day=day)
    told = _COUNTED.fullmatch(rule)
    if told:
        number = int(told[1])
        return Due(event=told[4], days=number if told[3] == "after" else -number, business=bool(told[2]))
    if _EVENT.fullmatch(rule):
        return Due(event=rule)
    raise ValueError(f"{rule!r} is no due date: MM-DD, EVENT, N_days_after_EVENT, N_business_days_before_EVENT and the like are.")


def due_on(
    rule: str, events: Mapping[str, date | None], reporting_year: int, next_business_day: NextBusinessDay = next_weekday
) -> date | None:
    """The day that `rule` gives, moved to the next business day (U23); None while its event is not known."""
    due = read_due(rule)
    if not due.event:
        return next_business_day(day_of_year(reporting_year + 1, due.month, due.day))
    event = events.get(due.event)
    if event is None:
        return None
    counted = add_business_days(event, due.days, next_business_day) if due.business else event + timedelta(days=due.days)
    return next_business_day(counted)


def day_of_year(year: int, month: int, day: int) -> date:
    """A day of a year; February 29 is March 1 in a year that has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1) + timedelta(days=1)


def add_business_days(start: date, days: int, next_business_day: NextBusinessDay = next_weekday) -> date:
    """`days` business days after `start`, or before it when negative; the day of `start` is day 0 and need not be one."""
    step = timedelta(days=1 if days >= 0 else -1)
    on = start
    for _counted in range(abs(days)):
        on += step
        while next_business_day(on) != on:
            on += step
    return on


def counted_from(event: date | None, told: date) -> date:
    """From when a new hire or a new position counts: the later of the event and being told (U23)."""
    return told if event is None else max(event, told)


def after_leave(
    due: date, leave_from: date | None, leave_to: date | None, next_business_day: NextBusinessDay = next_weekday
) -> date:
    """The later of `due` and 30 days after the return (U5); a leave that begins after `due`, or has no end yet, moves nothing.

    An end in the last year that a date can hold is how rosters say that there is none.
    """
    if leave_from is None or leave_to is None or leave_from > due or leave_to.year == MAXYEAR:
        return due
    return max(due, next_business_day(leave_to + timedelta(days=1 + DAYS_AFTER_RETURN)))


def on_leave(leave_from: date | None, leave_to: date | None, on: date) -> bool:
    """Whether a leave covers a day; one without an end covers every later day."""
    return leave_from is not None and leave_from <= on and (leave_to is None or on <= leave_to)


def covers(due: date | None, filed: date) -> bool:
    """Whether a full filing of another kind stands for this obligation too: due within 90 days of it (U22)."""
    return due is not None and abs((due - filed).days) <= COVERS_WITHIN_DAYS
