"""The day of an event as the office enters or corrects it, and the due dates of it; what is filed keeps the one it has."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import insert, or_, select
from sqlalchemy.orm import selectinload

from coi.audit.record import record
from coi.campaigns import queries
from coi.campaigns.event_days import Days, days_in, events_to_enter
from coi.campaigns.giving import event_of
from coi.campaigns.obligations import AT_ONCE, Asked, ByForm, counted, events_of
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.models import Disclosure, DueDate, EventDate, Obligation, Person
from coi.profiles.current import current_profile, today
from coi.questionnaires.queries import form_of, newest
from coi.rules.completeness import Setting, evaluate
from coi.rules.permissions import Actor
from coi.vocabulary import Event, Kind

YEARS = range(1990, 2101)


@dataclass
class Plan:
    """What a day would change: the due dates that come, of them those of signed forms, and those that move."""

    new: list[tuple[Obligation, date]] = field(default_factory=list)
    moved: list[tuple[Obligation, date]] = field(default_factory=list)

    @property
    def all(self) -> list[tuple[Obligation, date]]:
        """Every obligation with its due date."""
        return [*self.new, *self.moved]

    @property
    def signed(self) -> int:
        """How many of the new ones are filed already."""
        return sum(one.settled_on is not None for one, _due in self.new)

    def past(self, on: date) -> int:
        """How many open ones would be late at once."""
        return sum(due < on and one.settled_on is None for one, due in self.all)


def plan(form_id: str, event: str, person: Person | None, on: date) -> Plan:
    """What comes of this day, for everybody without a day of their own or for one person; nothing is kept.

    An obligation without a due date gets one, signed or not; one that is open and counts from this event moves.
    """
    made, owed = Plan(), _concerned(form_id, person)
    days = Days([form_id])
    days.put(form_id, event, person.id if person else None, on)
    for one, filled in owed:
        due, because = _counted(one, days, filled)
        if due is None or because != event or due == one.due_on:
            continue
        (made.new if one.due_on is None else made.moved).append((one, due))
    return made


def enter(form_id: str, event: str, on: date, person: Person | None, actor: Actor, now: datetime) -> Plan:
    """Enters or corrects the day of an event and gives the due dates that come of it; says which.

    Raises Refused for an event that no deadline of the form counts from and for a day out of reach, NotPossible for oneself.
    """
    if person is not None and person.id == actor.person_id:
        raise NotPossible(_("Somebody else must do this for you."))
    check(form_id, event)
    if on.year not in YEARS:
        raise Refused(_("Choose a day between 1990 and 2100."), "on")
    wanted = select(Obligation.id).where(Obligation.form_id == form_id).order_by(Obligation.id)
    db.session.execute(wanted.with_for_update()).all()  # rows first, the chain last; nobody enters two days at once
    db.session.expire_all()
    found, whom = plan(form_id, event, person, on), person.id if person else None
    if not found.all and Days([form_id]).own(form_id, event, whom) == on:
        return found  # a button pressed twice: nothing changes
    told = {"form": form_id, "event_": event, "person": whom, "on": on.isoformat(), "count": len(found.all)}
    seq = record(Event.EVENT_DATED, actor, f"form:{form_id}", now, **told)
    db.session.add(EventDate(form_id=form_id, event=event, person_id=whom, happens_on=on, by=actor.name, seq=seq))
    _give(found.all, event, seq, today(now))
    return found


def check(form_id: str, event: str) -> None:
    """Refuses what is no event of a published form whose day the office enters."""
    questionnaire = newest(form_id)
    if questionnaire is None:
        raise Refused(_("No form of this name is published."), "which")
    known = events_to_enter(form_of(questionnaire))
    if event not in known:
        told = ", ".join(known)
        raise Refused(
            _("This form waits for no such event; it knows %(events)s.", events=told)
            if told
            else _("This form waits for no event whose day the office enters."),
            "which",
        )


def due_when_signed(disclosure: Disclosure, by_form: ByForm, seq: int, now: datetime) -> None:
    """An obligation without a due date gets the one that its answers tell, under the entry of the signature."""
    owed = db.session.get(Obligation, disclosure.obligation_id) if disclosure.obligation_id is not None else None
    if owed is None or owed.due_on is not None or owed.kind is Kind.ANNUAL:
        return
    due, because = _counted(owed, Days([owed.form_id]), by_form)
    if due is not None:
        _give([(owed, due)], because, seq, today(now))


def event_for(obligation: Obligation) -> tuple[str, bool]:
    """The event for whose day an obligation waits or, while it is open, from which its due date counts; and whether it waits.

    Empty for a yearly form, which is due with its campaign, and where no event is told.
    """
    if obligation.kind is Kind.ANNUAL or obligation.excused or obligation.ended_seq is not None:
        return "", False
    [(_same, filled)] = _with_answers([obligation])
    due, event = _counted(obligation, Days([obligation.form_id]), filled)
    waits = obligation.due_on is None and due is None
    return (event, waits) if waits or obligation.settled_on is None else ("", False)


def waiting(form_id: str) -> dict[str, set[int]]:
    """By event, the ids of the people whose form has no due date for want of its day."""
    found: dict[str, set[int]] = {}
    days = Days([form_id])
    for one, filled in _concerned(form_id, None):
        due, event = _counted(one, days, filled) if one.due_on is None else (one.due_on, "")
        if due is None and event:
            found.setdefault(event, set()).add(one.person_id)
    return found


def _concerned(form_id: str, person: Person | None) -> list[tuple[Obligation, ByForm | None]]:
    """What is open or has no due date, and is not due with a campaign; each with what its signed answers say."""
    wanted = select(Obligation).where(
        Obligation.form_id == form_id,
        Obligation.kind != Kind.ANNUAL,
        Obligation.ended_seq.is_(None),
        Obligation.excused.is_(False),
        or_(Obligation.settled_on.is_(None), Obligation.due_on.is_(None)),
    )
    if person is not None:
        wanted = wanted.where(Obligation.person_id == person.id)
    return _with_answers(db.session.scalars(wanted.order_by(Obligation.id).options(selectinload(Obligation.person))))


def _with_answers(obligations: Iterable[Obligation]) -> list[tuple[Obligation, ByForm | None]]:
    rows = list(obligations)
    filings = queries.filings_of(rows)
    return [(one, _filled(one, filings.get(one.id))) for one in rows]


def _filled(obligation: Obligation, disclosure: Disclosure | None) -> ByForm | None:
    version = disclosure.versions[-1] if disclosure is not None and disclosure.versions else None
    if version is None:
        return None
    form = form_of(version.questionnaire)
    setting = Setting(version.filer, obligation.reporting_year, today(version.signed_at))
    found = evaluate(form, version.answers, setting)
    return ByForm(form.id, found.due, days_in(form, found.signed))


def _counted(one: Obligation, days: Days, filled: ByForm | None) -> tuple[date | None, str]:
    entered = days.of(one.form_id, one.person_id)
    events = events_of(one.person, one.kind, one.told_on, event_of(one), entered)
    asked = Asked(one.form_id, one.level, one.filer)
    return counted(current_profile(), asked, one.kind, events, one.reporting_year, filled)


def _give(due: list[tuple[Obligation, date]], event: str, seq: int, on: date) -> None:
    around = {"event": event, "given_on": on, "seq": seq}
    rows = [{"obligation_id": one.id, "due_on": day, "before": one.due_on, **around} for one, day in due]
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(DueDate), rows[start : start + AT_ONCE])
    for one, day in due:
        one.due_on = day
    db.session.flush()
