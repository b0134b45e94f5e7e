"""When letters about something due are to be written (U25): pure; at most six up to the due date and three after it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MOST_BEFORE = 6
MOST_AFTER = 3


@dataclass(frozen=True)
class Step:
    """One letter of the cadence: its name, its day, and whether it comes after the due date."""

    name: str
    on: date
    after: bool = False


BEFORE_DUE = (("week", 7), ("two", 2))
AFTER_DUE = (("late_1", 1), ("late_5", 5), ("late_15", 15))
# A later due date repeats the letters close to it, not these.
ONCE = frozenset({"invitation", "half"})
AFTER = frozenset(name for name, _days in AFTER_DUE)


def steps(
    opens: date, due: date, is_business_day: Callable[[date], bool], cadence: Mapping[str, bool] | None = None
) -> list[Step]:
    """The letters between opening and 15 days after the due date, by day; a profile may leave steps out.

    A letter whose day is no business day comes on the one before it, an invitation or a late letter on the one after it.
    """
    half = opens + timedelta(days=(due - opens).days // 2)
    planned = [Step("invitation", _forward(opens, is_business_day)), Step("half", _back(half, is_business_day))]
    planned += [Step(name, _back(due - timedelta(days=days), is_business_day)) for name, days in BEFORE_DUE]
    planned.append(Step("due", due))
    planned += [Step(name, _forward(due + timedelta(days=days), is_business_day), after=True) for name, days in AFTER_DUE]
    told = cadence or {}
    # In a short window several steps fall on one day, or before the opening: the invitation stands, of the rest one a day.
    kept: list[Step] = []
    for step in planned:
        if not told.get(step.name, True):
            continue
        if step.name != "invitation" and kept and step.on <= kept[-1].on:
            continue
        kept.append(step)
    return kept


def candidate(planned: Sequence[Step], written: Sequence[tuple[str, date]], on: date) -> Step | None:
    """The one letter to write on a day, or None: the newest step that has come, unless a letter was written since its day.

    `written` holds (step, day) of every letter so far, also for earlier due dates. Whoever never had one
    gets the invitation first, while it is not late.
    """
    come = [step for step in planned if step.on <= on]
    if not come:
        return None
    step = come[-1]
    if not written and not step.after:
        return planned[0] if planned[0].name == "invitation" else step
    names = [name for name, _day in written]
    if any(day >= step.on for _name, day in written) or (step.name in ONCE and step.name in names):
        return None
    after = sum(name in AFTER for name in names)
    before = len(names) - after
    full = after >= MOST_AFTER if step.after else before >= MOST_BEFORE
    return None if full else step


def _forward(on: date, is_business_day: Callable[[date], bool]) -> date:
    while not is_business_day(on):
        on += timedelta(days=1)
    return on


def _back(on: date, is_business_day: Callable[[date], bool]) -> date:
    while not is_business_day(on):
        on -= timedelta(days=1)
    return on
