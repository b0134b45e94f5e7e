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


BEFORE_OPENING = (("heads", 21), ("soon", 7))
BEFORE_DUE = (("week", 7), ("two", 2))
AFTER_DUE = (("late_1", 1), ("late_5", 5), ("late_15", 15))
# A later due date repeats the letters close to it, not these.
ONCE = frozenset({"soon", "invitation", "half"})
AFTER = frozenset(name for name, _days in AFTER_DUE)
# A person at the desk wrote it: counts as a letter of its day, not among the six and the three, which bind the machine.
HAND = "hand"
# Letters about cases, each of which a profile may leave out: reminders of a question, the morning's digest, the week's.
OF_THE_OFFICE = ("questions", "morning", "weekly")
# Every step that a profile may leave out; department heads get one before the opening, and a list after the due date.
NAMES = (
    "heads",
    "soon",
    "invitation",
    "half",
    "week",
    "two",
    "due",
    "late_1",
    "late_5",
    "late_15",
    "digest_5",
    "digest_15",
    *OF_THE_OFFICE,
)
DIGESTS = (("digest_5", 5), ("digest_15", 15))


def steps(
    opens: date, due: date, is_business_day: Callable[[date], bool], cadence: Mapping[str, bool] | None = None
) -> list[Step]:
    """A person's letters from a week before the opening to 15 days after the due date, by day; a profile may leave steps out.

    A letter whose day is no business day comes on the one before it, an invitation or a late letter on the one after it.
    """
    half = opens + timedelta(days=(due - opens).days // 2)
    planned = [Step("soon", soon_on(opens, is_business_day)), Step("invitation", _forward(opens, is_business_day))]
    planned.append(Step("half", _back(half, is_business_day)))
    planned += [Step(name, _back(due - timedelta(days=days), is_business_day)) for name, days in BEFORE_DUE]
    planned.append(Step("due", due))
    planned += [Step(name, _forward(due + timedelta(days=days), is_business_day), after=True) for name, days in AFTER_DUE]
    told = cadence or {}
    # In a short window several steps fall on one day, or before the opening: the invitation stands, of the rest one a day.
    kept: list[Step] = []
    for step in planned:
        if not told.get(step.name, True):
            continue
        if step.name not in ("soon", "invitation") and kept and step.on <= kept[-1].on:
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
    names = [name for name, _day in written]
    invitation = next((one for one in come if one.name == "invitation"), None)
    if invitation is not None and not step.after and not set(names) - {"soon", HAND}:
        # On the day of the invitation itself nothing else may have left; "coming soon" is none.
        step = invitation
    if any(day >= step.on for _name, day in written) or (step.name in ONCE and step.name in names):
        return None
    after = sum(name in AFTER for name in names)
    before = sum(name not in AFTER and name != HAND for name in names)
    full = after >= MOST_AFTER if step.after else before >= MOST_BEFORE
    return None if full else step


def missed(planned: Sequence[Step], written: Sequence[tuple[str, date]], newest: Step, since: date) -> list[str]:
    """The steps that came from `since` on, before `newest` and after the last letter, and were never written: no longer true."""
    names = {name for name, _day in written}
    last = max((day for _name, day in written), default=date.min)
    return [step.name for step in planned if since <= step.on < newest.on and step.on > last and step.name not in names]


def heads_on(opens: date, is_business_day: Callable[[date], bool]) -> date:
    """When department heads are asked to look at their list."""
    return _back(opens - timedelta(days=21), is_business_day)


def soon_on(opens: date, is_business_day: Callable[[date], bool]) -> date:
    """When "coming soon" may leave."""
    return _back(opens - timedelta(days=7), is_business_day)


def digest(due: date, on: date, is_business_day: Callable[[date], bool], cadence: Mapping[str, bool] | None = None) -> str | None:
    """The one list of names for a department head that has come: the newest, or None."""
    told = cadence or {}
    come = [
        name for name, days in DIGESTS if told.get(name, True) and _forward(due + timedelta(days=days), is_business_day) <= on
    ]
    return come[-1] if come else None


def _forward(on: date, is_business_day: Callable[[date], bool]) -> date:
    while not is_business_day(on):
        on += timedelta(days=1)
    return on


def _back(on: date, is_business_day: Callable[[date], bool]) -> date:
    while not is_business_day(on):
        on -= timedelta(days=1)
    return on
