"""A reminder that a person at the desk sends by hand (access 21a): once a day, never to who gets no letters."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from coi.audit.record import record
from coi.campaigns import queries
from coi.db import db
from coi.errors import NotPossible
from coi.languages import day, speaking
from coi.models import Letter, Obligation
from coi.notices.actions import language_of, post
from coi.profiles.current import today
from coi.rules.deadlines import on_leave
from coi.rules.permissions import Actor
from coi.vocabulary import Event


def remind(obligation: Obligation, actor: Actor, now: datetime) -> None:
    """Writes one reminder now. It counts as the letter of its day, not among the six and the three that bind the machine."""
    db.session.refresh(obligation, with_for_update=True)
    on = today(now)
    owed = queries.as_owed([obligation], on)[0]
    _check(owed, on)
    once = f"by_hand:{obligation.reference}:{on.isoformat()}"
    if _reminded(obligation, now):
        raise NotPossible(_("A letter about this form was written today already."))
    with speaking(language_of(obligation.person)):
        due = day(owed.due_on) if owed.due_on else ""
    kind = "hand_in_by_hand" if owed.signed else "by_hand"
    post(kind, obligation.person, now, once, due=due, who=actor.label or _("Somebody"))
    record(Event.LETTER_BY_HAND, actor, f"obligation:{obligation.reference}", now, kind="by_hand")


def _check(owed: queries.Owed, on: date) -> None:
    obligation, leave = owed.obligation, owed.leave
    if obligation.settled_on is not None or obligation.excused or obligation.ended_seq is not None:
        raise NotPossible(_("Nothing is due here any more."))
    if not obligation.person.active:
        raise NotPossible(_("This person is no longer with the City."))
    if owed.paused:
        raise NotPossible(_("Letters to this group are paused."))
    if leave is not None and (leave.hold_letters or on_leave(leave.leave_from, leave.leave_to, on)):
        raise NotPossible(_("This person is on leave or gets no letters now."))


def _reminded(obligation: Obligation, now: datetime) -> bool:
    """Whether a letter about this form was written today, by hand or by the machine."""
    on = today(now)
    letters = select(Letter.made_at).where(
        Letter.person_id == obligation.person_id,
        Letter.kind.in_(queries.REMINDERS),
        Letter.once.contains(obligation.reference, autoescape=True),
        Letter.dropped.in_(("", "no_address", "bounced")),
    )
    return any(today(made_at) == on for made_at in db.session.scalars(letters))
