"""When something is due: the DUE grammar of FORMAT.md, business days, leave; today and holidays are always arguments."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

NextBusinessDay = Callable[[date], date]
DAYS_AFTER_RETURN = 30
COVERS_WITHIN_DAYS = 90
# How long somebody who left may still sign in to read what is theirs, and how long at most while something is open.
READS_AFTER_LEAVING = timedelta(days=30)
FILES_AFTER_LEAVING = timedelta(days=180)

_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")
_COUNTED = re.compile(r"(\d{1,4})_(business_)?days_(after|before)_([A-Za-z][A-Za-z0-9_-]*)")
_EVENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


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


def still_on_time(due: date, on: date, next_business_day: NextBusinessDay = next_weekday) -> bool:
    """Whether `on` lies after the last day and not after the next business day: who had trouble on the last day is not late."""
    return due < on <= next_business_day(due + timedelta(days=1))


def same_event(event: date, known: date | None, told: date, *, exactly: bool = False) -> bool:
    """Whether a form asked on `told` stands for what happened on `event`; `known` is the day of its own event.

    Where nobody kept that day, what was asked on the day of the event or after it was about it; `exactly` where it was kept.
    """
    return event == known or (not exactly and event <= told)


def same_job(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """Whether what a profile derives of a position stays: a corrected spelling of a title is no new position."""
    names = {"department", "group", "kind"}
    told = [{name: value for name, value in filer.items() if name not in names} for filer in (before, after)]
    return told[0] == told[1]


def renamed(moves: Iterable[tuple[str, str]], staying: Collection[str]) -> frozenset[tuple[str, str]]:
    """Which of these moves (department before, after) are a new name: the whole department goes to one, and nobody stays."""
    targets: dict[str, set[str]] = {}
    for before, after in moves:
        targets.setdefault(before, set()).add(after)
    return frozenset(
        (before, next(iter(after))) for before, after in targets.items() if len(after) == 1 and before not in staying
    )


def stays_open(left_on: date | None, on: date, busy: bool) -> bool:
    """Whether the account of somebody who left still works: 30 days, and up to 180 while a form or a question is open."""
    if left_on is None:
        return True
    return on <= left_on + (FILES_AFTER_LEAVING if busy else READS_AFTER_LEAVING)
