"""Management plans: by when a condition is due, what its text leaves open, where it stands; today is always an argument."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from coi.rules.deadlines import NextBusinessDay, add_business_days, next_weekday
from coi.vocabulary import Outcome

AT_ONCE, YEARLY, ON_A_DAY = "at once", "yearly", "on a day"
# Rules without a day of their own: nobody can know it when the plan is made, so nothing is overdue by them.
EVENTS = ("before the vote", "before the contract", "10 business days after the change")
USUAL = (AT_ONCE, "10 business days", "30 days", "60 days", "90 days", *EVENTS, YEARLY)
PLACES = ("matter", "party", "Name")
REMIND_BEFORE = timedelta(days=5)
# What the filer must do or leave: its letter names the rule it rests on and from which day it holds (U45).
RESTS_ON_A_RULE = frozenset({Outcome.MANAGED, Outcome.NOT_PERMITTED})

_COUNTED = re.compile(r"(\d{1,3}) (business )?days")
_PLACE = re.compile(r"\{(matter|party|Name)\}")


def known_rule(rule: str) -> str:
    """The rule itself; raises ValueError for a text that says no time."""
    if rule in (AT_ONCE, YEARLY, *EVENTS) or counted(rule) is not None:
        return rule
    raise ValueError(f"{rule!r} is no due rule: write 10 days, 10 business days, or one of {', '.join(USUAL)}.")


def counted(rule: str) -> tuple[int, bool] | None:
    """`10 business days` as (10, True), `90 days` as (90, False); None for a rule that counts nothing."""
    told = _COUNTED.fullmatch(rule)
    return (int(told[1]), bool(told[2])) if told else None


def due_on(rule: str, decided: date, accept_by: date, next_business_day: NextBusinessDay = next_weekday) -> date | None:
    """The day by which a condition is shown to be kept: business days by the city's calendar, else moved to the next one (U23).

    What holds at once is shown by the last day to answer; None where the day hangs on something that has not happened.
    """
    if rule == AT_ONCE:
        return accept_by
    if rule == YEARLY:
        return a_year_after(decided, next_business_day)
    days = counted(rule)
    if days is None:
        return None
    number, business = days
    return add_business_days(decided, number, next_business_day) if business else next_business_day(decided + timedelta(number))


def a_year_after(day: date, next_business_day: NextBusinessDay = next_weekday) -> date:
    """When a plan is looked at again: the same day next year, or the next business day after it."""
    try:
        later = day.replace(year=day.year + 1)
    except ValueError:  # February 29
        later = date(day.year + 1, 3, 1)
    return next_business_day(later)


def places(text: str) -> list[str]:
    """What a text of the library leaves open, each once, in its order: matter, party, Name."""
    return list(dict.fromkeys(_PLACE.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled in; a place without a value stays as it is."""
    told = _PLACE.sub(lambda found: values.get(found[1]) or found[0], text)
    return re.sub(r"(?<!\.)\.\.(?!\.)", ".", told)  # "Quartz Corp." at the end of a sentence has one full stop
