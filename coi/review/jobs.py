"""What review leaves to the worker: a withdrawn rule is carried out, one filing after the other, however often it is killed."""

from datetime import date, datetime

from sqlalchemy import select

from coi.audit.record import record
from coi.db import db, for_reading, transaction
from coi.models import Disclosure, RuleWithdrawal
from coi.review.reopening import reopen
from coi.review.withdrawing import cleared
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Event, Reopened

AT_ONCE = 100


def carry_out(now: datetime) -> int:
    """The job: opens what a withdrawn rule had cleared, each in a transaction of its own; a killed one goes on where it was."""
    with for_reading():
        waiting = [
            (one.id, one.rule, one.since, one.reason, one.at)
            for one in db.session.scalars(select(RuleWithdrawal).where(RuleWithdrawal.done_seq.is_(None)))
        ]
        db.session.rollback()
    return sum(_carry_out(*one, now=now) for one in waiting)


def _carry_out(withdrawal_id: int, rule: str, since: date, reason: str, at: datetime, now: datetime) -> int:
    opened = 0
    while True:
        with for_reading():
            ids = list(db.session.scalars(cleared(rule, since, at).limit(AT_ONCE)))
            db.session.rollback()
        if not ids:
            break
        for disclosure_id in ids:
            with transaction():
                disclosure = db.session.get_one(Disclosure, disclosure_id, with_for_update=True)
                still = cleared(rule, since, at).where(Disclosure.id == disclosure_id)
                if db.session.scalar(still) is not None:
                    reopen(disclosure, Reopened.RULE_WITHDRAWN, reason, SYSTEM, now)
                    opened += 1
    with transaction():
        row = db.session.get_one(RuleWithdrawal, withdrawal_id, with_for_update=True)
        if row.done_seq is None:
            row.done_seq = record(Event.RULE_CARRIED_OUT, SYSTEM, f"rule:{rule}", now, rule=rule, count=opened)
    return opened
