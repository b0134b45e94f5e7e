"""Trouble with signing in on the last day: a filing by the end of the next business day then counts as made on it (U23)."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from coi.accounts.queries import login_hash
from coi.accounts.waits import WRONG
from coi.audit.record import record
from coi.campaigns import queries
from coi.db import db
from coi.models import Account, Disclosure, Obligation, OnTimeFact, Person, SignInAttempt, Slip
from coi.profiles.current import current_profile, today, zone
from coi.rules.deadlines import still_on_time
from coi.rules.permissions import Actor
from coi.vocabulary import Event, OnTime


def trouble_on(person_id: int, on: date) -> OnTime | None:
    """What kept somebody from signing in on a day: wrong tries with their name, or that they had to ask for a slip."""
    begin = datetime.combine(on, time(), zone())
    end = datetime.combine(on + timedelta(days=1), time(), zone())
    person = db.session.get(Person, person_id)
    account = db.session.scalar(select(Account).where(Account.person_id == person_id))
    if person is None or account is None:
        return None
    names = {login_hash(told) for told in (person.number, person.email, account.email, account.reset_email) if told}
    tries = select(SignInAttempt.id).where(
        SignInAttempt.login_hash.in_(sorted(names)),
        SignInAttempt.what.in_(WRONG),
        SignInAttempt.at >= begin,
        SignInAttempt.at < end,
    )
    if db.session.scalar(tries.limit(1)) is not None:
        return OnTime.SIGN_IN
    slips = select(Slip.id).where(Slip.account_id == account.id, Slip.issued_at >= begin, Slip.issued_at < end)
    return OnTime.SLIP if db.session.scalar(slips.limit(1)) is not None else None


def last_day_of(obligation: Obligation) -> date | None:
    """The last day on which a filing is on time, extension and leave counted."""
    leave = queries.leave_of([obligation.person_id]).get(obligation.person_id)
    workday = current_profile().next_business_day
    return queries.effective_due(obligation.due_on, obligation.extended_to, leave, workday)


def allowance(obligation: Obligation, on: date) -> OnTime | None:
    """Why a filing on this day would still count as on time although the last day is over; None on every other day."""
    due = last_day_of(obligation)
    if due is None or not still_on_time(due, on, current_profile().next_business_day):
        return None
    return trouble_on(obligation.person_id, due)


def on_time(obligation: Obligation, disclosure: Disclosure, filed: date, actor: Actor, now: datetime) -> date:
    """The day that a filing counts for this obligation: the day of filing, or the last day with the fact why, on record."""
    because = allowance(obligation, filed)
    due = last_day_of(obligation)
    if because is None or due is None:
        return filed
    told = {"because": because.value, "last_day": due.isoformat(), "filed_on": filed.isoformat()}
    seq = record(Event.COUNTED_ON_TIME, actor, f"obligation:{obligation.reference}", now, **told)
    db.session.add(
        OnTimeFact(
            obligation_id=obligation.id,
            disclosure_id=disclosure.id,
            because=because.value,
            last_day=due,
            filed_on=filed,
            seq=seq,
        )
    )
    return due


def facts_of(disclosure_id: int) -> OnTimeFact | None:
    """Why a filing counted as on time, if it needed a reason."""
    return db.session.scalar(select(OnTimeFact).where(OnTimeFact.disclosure_id == disclosure_id).limit(1))


def still_open(person_id: int, now: datetime) -> bool:
    """Whether something of this person's may still be filed as on time today because of trouble on the last day."""
    on = today(now)
    wanted = select(Obligation).where(
        Obligation.person_id == person_id, Obligation.settled_on.is_(None), Obligation.ended_seq.is_(None)
    )
    return any(allowance(one, on) is not None for one in db.session.scalars(wanted))
