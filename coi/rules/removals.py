"""Which answers are marked before anybody looks, when a form is to be released: proposals only, a person removes (U64); pure."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from coi.rules.deadlines import NextBusinessDay, add_business_days, next_weekday
from coi.vocabulary import RemovalGround

ANSWER_WITHIN = 5  # business days: 65 P.S. 67.901
MORE_DAYS = 30  # calendar days: 65 P.S. 67.902(b)
REMIND_BEFORE = 2  # business days
# Fields that tell where somebody is, or when, outside of work; and those that name or tell of family.
OFF_DUTY = frozenset(
    {"trip", "where", "place", "places", "hours", "schedule", "shift", "shifts", "when", "time", "times", "days"}
)
FAMILY = frozenset({"tie", "person", "relation", "relative", "relatives", "family_name"})
PUBLIC, IF_HOME, INTERNAL = "public", "redact_if_home", "internal"
SHORTEST_ECHO = 5  # letters: a shorter word stands anywhere by chance


def due_on(received: date, next_business_day: NextBusinessDay = next_weekday) -> date:
    """The last day for an answer: 5 business days after the day of receipt, which is day 0."""
    return add_business_days(received, ANSWER_WITHIN, next_business_day)


def extended_to(due: date, next_business_day: NextBusinessDay = next_weekday) -> date:
    """30 calendar days more; a last day on which no office is open moves to the next business day (1 Pa.C.S. 1908)."""
    return next_business_day(due + timedelta(days=MORE_DAYS))


def remind_on(due: date, next_business_day: NextBusinessDay = next_weekday) -> date:
    """From which day the records officer is reminded."""
    return add_business_days(due, -REMIND_BEFORE, next_business_day)


def premarked(field_id: str, kind: str, visibility: str, value: Any) -> RemovalGround | None:
    """The ground under which an answer is marked beforehand, or None for one that the form calls public (FORMAT, visibility).

    A home is one unless the filer said that it is none; what is restricted or confidential is marked as not public.
    """
    if visibility == IF_HOME or (kind == "address" and isinstance(value, Mapping) and value.get("home") == "yes"):
        told = value.get("home") if isinstance(value, Mapping) else "yes"
        return None if told == "no" else RemovalGround.HOME
    if visibility == PUBLIC:
        return None
    if field_id in FAMILY:
        return RemovalGround.FAMILY
    if field_id in OFF_DUTY:
        return RemovalGround.OFF_DUTY
    return RemovalGround.CONFIDENTIAL


def echoes(removed: str, kept: Collection[tuple[str, str]]) -> list[str]:
    """The places among `kept` (place, text) in which a removed text stands, too: taken out here, it would be read there."""
    wanted = " ".join(removed.casefold().split())
    if len(wanted) < SHORTEST_ECHO:
        return []
    return [place for place, text in kept if wanted in " ".join(text.casefold().split())]
