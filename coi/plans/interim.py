"""Stepping aside for the time of a review: set by who has the case, no finding, over by itself with the decision (U44)."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.db import db
from coi.disclosures.facts import facts_for
from coi.disclosures.move import say_for_whom
from coi.errors import NotPossible, Refused
from coi.models import Decision, Disclosure, Person, StepAside
from coi.notices import actions as notices
from coi.plans.register import interim_rows
from coi.profiles.current import today
from coi.recusals import entering, queries
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Origin


def set_aside(disclosure: Disclosure, what: str, number: str, actor: Actor, now: datetime) -> StepAside:
    """The filer keeps out of `what` until it is decided; supervisor and who stands in read the matter and nothing else.

    The same words again while they hold are one press. Raises Refused for a number that nobody has.
    """
    db.session.refresh(disclosure, with_for_update=True)
    facts = facts_for(disclosure, actor)
    if not allows(actor, Permission.INTERIM, facts):
        raise NotPossible(_l("You may not do this with this filing."))
    for row in interim_rows(disclosure):
        if row.matter == what and queries.over_on(row) is None:
            return row
    stands_in = None
    if number.strip():
        stands_in = db.session.scalar(select(Person).where(Person.number == number.strip(), Person.active))
        if stands_in is None:
            raise Refused(_l("There is nobody with this number on the roster."), "number")
        if stands_in.id == disclosure.filer_id:
            raise Refused(_l("Who stepped aside can't stand in. Choose somebody else."), "number")
    cause = entering.Cause(Origin.INTERIM, disclosure_id=disclosure.id)
    row = entering.enter(disclosure.filer, what, what, today(now), stands_in, cause, actor, now)
    say_for_whom(disclosure, facts, "interim", actor, now)
    notices.post("interim", disclosure.filer, now, f"interim:{row.reference}", reference=row.reference)
    return row


def end_interim(disclosure: Disclosure, actor: Actor, now: datetime, *, tell_filer: bool = True) -> None:
    """Every interim row of a filing is over: it was decided, withdrawn, closed by rule, or the officer takes it back.

    Whoever was told that somebody keeps out of it hears that it is over; the filer too, where no other letter says so.
    """
    for row in interim_rows(disclosure):
        if queries.over_on(row) is None:
            entering.end(row, today(now), actor, now)
            if tell_filer:
                notices.post("interim_over", row.person, now, f"interim-over:{row.reference}", reference=row.reference)


def again(disclosure: Disclosure, decision: Decision, actor: Actor, now: datetime) -> None:
    """A decision was undone: what ended with it holds again, in rows of its own."""
    for row in interim_rows(disclosure):
        ended = [step for step in row.steps if step.over_on is not None and step.seq >= decision.seq]
        if ended:
            cause = entering.Cause(Origin.INTERIM, disclosure_id=disclosure.id)
            entering.enter(row.person, row.matter, row.party, today(now), queries.stand_in(row), cause, actor, now)


def take_away(disclosure: Disclosure, actor: Actor, now: datetime) -> None:
    """The officer ends it before the decision."""
    db.session.refresh(disclosure, with_for_update=True)
    facts = facts_for(disclosure, actor)
    if not allows(actor, Permission.INTERIM, facts):
        raise NotPossible(_l("You may not do this with this filing."))
    end_interim(disclosure, actor, now)
    say_for_whom(disclosure, facts, "interim_over", actor, now)
