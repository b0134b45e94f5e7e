"""The clocks of a case as the office reads them in its head: first look, the filer's answer, the appeal; reads only."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from coi.appeals.queries import Stands, situation
from coi.disclosures.clocks import clock_of
from coi.languages import day
from coi.models import Decision, Disclosure
from coi.vocabulary import State


@dataclass(frozen=True)
class Told:
    """One clock: its name, what it says, and whether its day is over."""

    name: str
    told: str
    over: bool = False


def clocks_of(disclosure: Disclosure, now: datetime, decision: Decision | None = None) -> list[Told]:
    """The clocks that run now, with the `decision` that stands; none for what is decided and can't be appealed any more."""
    return [*_open(disclosure, now), *_appeal(disclosure, now, decision)]


def _open(disclosure: Disclosure, now: datetime) -> list[Told]:
    clock = clock_of(disclosure, now)
    if clock is None:
        return []
    if clock.with_filer:
        told = _("since %(since)s, until %(until)s", since=day(disclosure.waiting_on_filer_since), until=day(clock.until))
        return [Told(_("Waits on the filer"), told, clock.over), Told(_("First look by"), _("the clock stands still"))]
    told = day(clock.first_look)
    return [Told(_("First look by"), _("%(day)s, which is over", day=told) if clock.over else told, clock.over)]


def _appeal(disclosure: Disclosure, now: datetime, decision: Decision | None) -> list[Told]:
    if disclosure.state is not State.DECIDED:
        return []
    found = situation(disclosure, now, decision)
    return [Told(_("The filer can appeal until"), day(found.until))] if found.stands is Stands.OPEN else []
