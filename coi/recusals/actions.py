"""All writes of the register of who stepped aside: file, name who stands in, say that it is over; asks nobody's leave."""

from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import Person, StepAside, StepAsideStep
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.recusals import queries
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Event

ONE_PRESS = timedelta(minutes=1)
FARTHEST = timedelta(days=366)


def step_aside(matter: str, party: str, since: date, actor: Actor, now: datetime) -> StepAside:
    """Enters it in the register at once; the same words again within a minute are one press. The supervisor gets a letter."""
    if actor.person_id is None:
        raise NotPossible(_l("You may not do this."))
    person = db.session.get_one(Person, actor.person_id, with_for_update=True)
    if since > today(now) + FARTHEST:
        raise Refused(_l("Choose a day within a year from now."), "since")
    again = db.session.scalar(
        select(StepAside).where(
            StepAside.person_id == person.id,
            StepAside.matter == matter,
            StepAside.party == party,
            StepAside.since == since,
            StepAside.at > now - ONE_PRESS,
        )
    )
    if again is not None:
        return again
    reference = unused(f"REC-{today(now).year}")
    told = {"matter": sha256(matter), "party": sha256(party), "supervisor": person.supervisor_id}
    seq = record(Event.STEPPED_ASIDE, actor, f"recusal:{reference}", now, since=since.isoformat(), **told)
    made = StepAside(
        reference=reference,
        person_id=person.id,
        supervisor_id=person.supervisor_id,
        matter=matter,
        party=party,
        since=since,
        at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    if person.supervisor is not None and person.supervisor.active:
        notices.post("stepped_aside", person.supervisor, now, f"recusal:{reference}", name=person.name, reference=reference)
    return made


def name_stand_in(recusal: StepAside, number: str, actor: Actor, now: datetime) -> StepAsideStep:
    """The supervisor, or a senior officer, says who handles the matter; a later name takes the place of the one before."""
    _lock(recusal)
    if not allows(actor, Permission.STAND_IN, queries.facts_of(recusal, actor)):
        raise NotPossible(_l("You may not do this."))
    if queries.over_on(recusal) is not None:
        raise SomebodyWasFaster(_l("This is over already: nobody needs to stand in any more."))
    person = db.session.scalar(select(Person).where(Person.number == number.strip(), Person.active, Person.employee))
    if person is None:
        raise Refused(_l("There is nobody with this number on the roster."), "number")
    if person.id == recusal.person_id:
        raise Refused(_l("Who stepped aside can't stand in. Choose somebody else."), "number")
    standing = queries.stand_in(recusal)
    if standing is not None and standing.id == person.id:
        return next(step for step in reversed(recusal.steps) if step.stand_in_id == person.id)
    seq = record(Event.STAND_IN_NAMED, actor, f"recusal:{recusal.reference}", now, stand_in=person.id)
    step = _step(recusal, actor, now, seq, stand_in_id=person.id)
    once = f"recusal:{recusal.reference}:{seq}"
    notices.post("stand_in", person, now, f"{once}:stand_in", name=recusal.person.name, reference=recusal.reference)
    notices.post("stand_in_named", recusal.person, now, f"{once}:own", name=person.name, reference=recusal.reference)
    return step


def step_back(recusal: StepAside, on: date, actor: Actor, now: datetime) -> StepAsideStep:
    """It is over from a day on; the row stays in the register."""
    _lock(recusal)
    if actor.person_id != recusal.person_id:
        raise NotPossible(_l("You may not do this."))
    if queries.over_on(recusal) is not None:
        raise SomebodyWasFaster(_l("You said already that this is over."))
    if not queries.may_step_back(recusal):
        raise NotPossible(_l("The ethics office laid this down: it ends with the decision, or with the conditions."))
    if on < recusal.since:
        raise Refused(_l("This day is before the day on which you stepped aside."), "on")
    if on > today(now):
        raise Refused(_l("Choose today or a day that has passed."), "on")
    seq = record(Event.STEPPED_BACK, actor, f"recusal:{recusal.reference}", now, on=on.isoformat())
    step = _step(recusal, actor, now, seq, over_on=on)
    told = [one for one in (recusal.person.supervisor, queries.stand_in(recusal)) if one is not None and one.active]
    for one in {each.id: each for each in told}.values():
        once = f"recusal:{recusal.reference}:over:{one.id}"
        notices.post("stepped_back", one, now, once, name=recusal.person.name, reference=recusal.reference)
    return step


def _step(recusal: StepAside, actor: Actor, now: datetime, seq: int, **what: object) -> StepAsideStep:
    step = StepAsideStep(step_aside_id=recusal.id, by=actor.name, at=now, seq=seq, **what)
    db.session.add(step)
    db.session.flush()
    db.session.expire(recusal, ["steps"])
    return step


def _lock(recusal: StepAside) -> None:
    # The row alone: PostgreSQL locks nothing that a query joins from outside.
    db.session.execute(select(StepAside.id).where(StepAside.id == recusal.id).with_for_update())
    db.session.expire(recusal, ["steps"])


def unused(prefix: str) -> str:
    """A random reference that no row of the register has."""
    while True:
        reference = new_reference(prefix)
        if db.session.scalar(select(StepAside.id).where(StepAside.reference == reference)) is None:
            return reference
