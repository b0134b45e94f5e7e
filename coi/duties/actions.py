"""Writes of keeping duties apart: absences with what becomes of the cases, standing in, handing over; each a dated row."""

from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import facts_for
from coi.duties import queries
from coi.errors import NotPossible, Refused
from coi.languages import day
from coi.models import Absence, AbsencePlan, Delegation, Disclosure, Person
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.review.assignment import next_free, offered, reassign, release
from coi.rules.permissions import SYSTEM, Actor, Facts, Permission, allows
from coi.vocabulary import Event, WhileAway

LONGEST = timedelta(days=366)


def go_away(
    person_id: int, first: date, last: date, cases: WhileAway, delegate_id: int | None, actor: Actor, now: datetime
) -> AbsencePlan:
    """Enters from when to when somebody of the office is away and what becomes of the open cases meanwhile.

    Somebody's own, or a senior officer for others. Raises Refused beside the field for a day that is over, an absence that
    overlaps, a colleague who can't stand in; the same absence sent twice is one.
    """
    own = actor.person_id == person_id
    if not allows(actor, Permission.AWAY if own else Permission.DUTIES):
        raise NotPossible(_l("You may not enter this for somebody else."))
    on = today(now)
    person = _locked(person_id)
    if not queries.sits(person_id, on):
        raise Refused(_l("This person has no cases and gets none."), "person")
    if first < on:
        raise Refused(_l("This day is over. Choose today or a later day."), "first")
    if last < first:
        raise Refused(_l("The last day can't be before the first."), "last")
    if last - first > LONGEST:
        raise Refused(_l("Choose at most a year. For somebody who leaves, hand over the cases."), "last")
    delegate_id = delegate_id if cases is WhileAway.DELEGATE else None
    there = queries.overlapping(person_id, first, last)
    if there is not None:
        said = queries.plan_of(there)
        if said is not None and (there.away_from, there.away_to, said.cases, said.delegate_id) == (
            first,
            last,
            cases,
            delegate_id,
        ):
            return said
        words = {"first": LazyString(day, there.away_from), "last": LazyString(day, there.away_to)}
        raise Refused(_l("There is an absence already, from %(first)s to %(last)s.", **words), "first")
    if cases is WhileAway.DELEGATE:
        _may_stand_in(delegate_id, person_id, first, last, on)
    told = {"cases": cases.value, "delegate": delegate_id}
    reference = new_reference(f"AWY-{on.year}")
    around = {"absence": reference, "from_": first.isoformat(), "to": last.isoformat()}
    seq = record(Event.ABSENCE_SET, actor, f"person:{person_id}", now, **around, **told)
    absence = Absence(person_id=person_id, away_from=first, away_to=last, seq=seq)
    db.session.add(absence)
    db.session.flush()
    plan = AbsencePlan(
        reference=reference, absence_id=absence.id, cases=cases, delegate_id=delegate_id, by=actor.name, at=now, seq=seq
    )
    db.session.add(plan)
    db.session.flush()
    words = {"name": person.name, "first": LazyString(day, first), "last": LazyString(day, last)}
    if delegate_id is not None and delegate_id != actor.person_id:
        notices.post("stands_in", db.session.get_one(Person, delegate_id), now, f"stands_in:{reference}", **words)
    if not own:
        notices.post("away_entered", person, now, f"away_entered:{reference}", who=actor.label, **words)
    return plan


def _locked(person_id: int) -> Person:
    """The person, held so that two absences entered at once see each other."""
    found = db.session.scalar(select(Person).where(Person.id == person_id).with_for_update(key_share=True))
    if found is None:
        raise Refused(_l("Choose a person."), "person")
    return found


def _may_stand_in(delegate_id: int | None, person_id: int, first: date, last: date, on: date) -> None:
    if delegate_id is None or not queries.sits(delegate_id, on):
        raise Refused(_l("Choose a colleague of the office."), "delegate")
    if delegate_id == person_id:
        raise Refused(_l("Nobody stands in for themselves."), "delegate")
    if queries.overlapping(delegate_id, first, last) is not None:
        raise Refused(_l("This colleague is away at that time, too."), "delegate")


def come_back(plan: AbsencePlan, actor: Actor, now: datetime) -> bool:
    """Ends an absence early, or calls it off; False when it was ended before: the second of two clicks changes nothing."""
    absence = db.session.get_one(Absence, plan.absence_id, with_for_update=True)
    if absence.ended_seq is not None:
        return False
    if not allows(actor, Permission.END_ABSENCE, Facts(owner_id=absence.person_id)):
        raise NotPossible(_l("You may not enter this for somebody else."))
    on = today(now)
    if absence.away_to < on:
        raise NotPossible(_l("This absence is over."))
    seq = record(Event.ABSENCE_ENDED, actor, f"person:{absence.person_id}", now, absence=plan.reference, on=on.isoformat())
    absence.ended_seq = seq
    db.session.flush()
    stands = select(Delegation.id).where(Delegation.absence_id == absence.id, Delegation.ended_seq.is_(None))
    for number in db.session.scalars(stands.order_by(Delegation.id)).all():
        end_standing_in(number, "back", actor, now)
    return True


def begin(disclosure_id: int, plan_id: int, now: datetime) -> bool:
    """The absence began: the colleague stands in on this case where free of conflict, else the next who is free gets it."""
    disclosure = db.session.get_one(Disclosure, disclosure_id, with_for_update=True)
    plan = db.session.get_one(AbsencePlan, plan_id)
    absence = db.session.get_one(Absence, plan.absence_id)
    if disclosure.state not in queries.HELD or disclosure.reviewer_id != absence.person_id or absence.ended_seq is not None:
        return False
    if plan.delegate_id is None or plan.delegate_id not in offered(disclosure, now):
        release(disclosure, "absence", now)
        return True
    subject = f"disclosure:{disclosure.reference}"
    until = absence.away_to
    seq = record(
        Event.STANDS_IN, SYSTEM, subject, now, delegate=plan.delegate_id, for_=absence.person_id, until=until.isoformat()
    )
    db.session.add(
        Delegation(
            disclosure_id=disclosure.id,
            filer_id=disclosure.filer_id,
            absence_id=absence.id,
            reviewer_id=absence.person_id,
            delegate_id=plan.delegate_id,
            since=today(now),
            until=until,
            at=now,
            seq=seq,
        )
    )
    db.session.flush()
    return True


def end_standing_in(delegation_id: int, because: str, actor: Actor, now: datetime) -> None:
    """Nobody stands in on this case any more; the row says from which entry on."""
    row = db.session.get_one(Delegation, delegation_id, with_for_update=True)
    if row.ended_seq is None:
        reference = db.session.scalar(select(Disclosure.reference).where(Disclosure.id == row.disclosure_id))
        about = {"delegate": row.delegate_id, "for_": row.reviewer_id, "because": because}
        row.ended_seq = record(Event.STOOD_IN_ENDED, actor, f"disclosure:{reference}", now, **about)
        row.ended_because = because
        db.session.flush()


def broke(delegation_id: int, because: str, now: datetime) -> None:
    """Who stands in may no longer: that ends at once, and the next who is free gets the case (SD11)."""
    row = db.session.get_one(Delegation, delegation_id)
    disclosure = db.session.get_one(Disclosure, row.disclosure_id, with_for_update=True)
    end_standing_in(delegation_id, because, SYSTEM, now)
    if disclosure.state in queries.HELD and disclosure.reviewer_id == row.reviewer_id:
        release(disclosure, "absence", now)


def hand_over(person: Person, actor: Actor, now: datetime) -> tuple[int, int]:
    """Gives every open case of somebody to colleagues free of conflict, one entry each; gives how many moved and how many stay.

    The officer's own rights are asked for each case (SD1, SD2). A second press finds nothing and changes nothing.
    """
    if not allows(actor, Permission.HAND_OVER, Facts(filer_id=person.id)):
        raise NotPossible(_l("You may not hand over these cases."))
    got: dict[int, int] = {}
    stay = 0
    for found in queries.open_cases(person.id):
        disclosure = db.session.get_one(Disclosure, found.id, with_for_update=True, populate_existing=True)
        if disclosure.reviewer_id != person.id or disclosure.state not in queries.HELD:
            continue
        to = None
        if allows(actor, Permission.ASSIGN, facts_for(disclosure, actor)):
            _desk, to, _why = next_free(disclosure, now, but=person.id)
        if to is None:
            stay += 1
            continue
        reassign(disclosure, to, str(person.id), actor, now)
        got[to] = got.get(to, 0) + 1
    if got:
        seq = record(Event.CASES_HANDED_OVER, actor, f"person:{person.id}", now, count=sum(got.values()), stay=stay)
        for number, count in got.items():
            receiver = db.session.get_one(Person, number)
            notices.post("cases_given", receiver, now, f"cases_given:{seq}:{number}", name=person.name, count=count)
    return sum(got.values()), stay
