"""The clocks of a case as the office reads them: first look, the filer's answer, the appeal; reads only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from coi.languages import day
from coi.models import Disclosure
from coi.profiles.current import current_profile, today
from coi.rules.permissions import AT_OFFICE
from coi.vocabulary import State


@dataclass(frozen=True)
class Clock:
    """One clock: its name, what it says, and whether its day is over."""

    name: str
    told: str
    over: bool = False


def clocks_of(disclosure: Disclosure, now: datetime) -> list[Clock]:
    """The clocks that run now; none for what is decided and can't be appealed any more."""
    return [*_first_look(disclosure, now), *_the_filer(disclosure, now), *_appeal(disclosure, now)]


def business_days_after(start: date, count: int) -> date:
    """The day that many business days of the city later."""
    profile, on = current_profile(), start
    for _each in range(count):
        on = profile.next_business_day(on + timedelta(days=1))
    return on


def _first_look(disclosure: Disclosure, now: datetime) -> list[Clock]:
    waits = disclosure.waiting_on_filer_since is not None
    if disclosure.due_at is None or disclosure.state not in (*AT_OFFICE, State.SUBMITTED, State.RETURNED):
        return []
    if waits:
        return [Clock(_("First look by"), _("the clock stands still"))]
    over = today(disclosure.due_at) < today(now)
    told = _("%(day)s, which is over", day=day(disclosure.due_at)) if over else day(disclosure.due_at)
    return [Clock(_("First look by"), told, over)]


def _the_filer(disclosure: Disclosure, now: datetime) -> list[Clock]:
    since = disclosure.waiting_on_filer_since
    if since is None:
        return []
    until = business_days_after(today(since), current_profile().clocks.question_business_days)
    told = _("since %(since)s, until %(until)s", since=day(since), until=day(until))
    return [Clock(_("Waits on the filer"), told, until < today(now))]


def _appeal(disclosure: Disclosure, now: datetime) -> list[Clock]:
    if disclosure.state is not State.DECIDED or disclosure.decided_at is None:
        return []
    until = today(disclosure.decided_at) + timedelta(days=current_profile().clocks.appeal_days)
    return [Clock(_("The filer can appeal until"), day(until))] if until >= today(now) else []
