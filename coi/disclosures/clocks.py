"""Whose turn it is with a filing and until when, as both sides read it: the filer's days to answer, the office's first look."""

from dataclasses import dataclass
from datetime import date, datetime

from coi.models import Disclosure
from coi.profiles.current import current_profile, today
from coi.rules.deadlines import add_business_days
from coi.rules.permissions import AT_OFFICE
from coi.vocabulary import State


@dataclass(frozen=True)
class Clock:
    """Where the time runs: with the filer until `until`, or with the office, whose first look is due at `first_look`.

    `over`: the day has passed; the office may decide on what is known, or its own first look is late.
    """

    with_filer: bool
    asked: bool = False
    until: date | None = None
    first_look: datetime | None = None
    over: bool = False


def clock_of(disclosure: Disclosure, now: datetime) -> Clock | None:
    """The clock of a filing that is open; None for a draft and for what is over."""
    since = disclosure.waiting_on_filer_since
    asked = disclosure.state in AT_OFFICE
    if since is not None and (asked or disclosure.state is State.RETURNED):
        until = answer_by(since)
        return Clock(True, asked, until, disclosure.due_at, today(now) > until)
    if asked or disclosure.state is State.SUBMITTED:
        late = disclosure.due_at is not None and disclosure.due_at < now
        return Clock(False, first_look=disclosure.due_at, over=late)
    return None


def answer_by(since: datetime, days: int | None = None) -> date:
    """The last day for an answer to a question of `since`: the profile's business days, or so many (U40)."""
    profile = current_profile()
    count = profile.clocks.question_business_days if days is None else days
    return add_business_days(today(since), count, profile.next_business_day)
