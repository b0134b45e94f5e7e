"""What review does on the clock: cases whose reviewer may no longer have them move on, waiting ones find who is free (SD11)."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from coi.db import db, for_reading, transaction
from coi.disclosures.facts import in_conflict
from coi.models import Disclosure
from coi.profiles.current import current_profile, today
from coi.review.assignment import desks_of, give_waiting, next_free, release, waiting
from coi.review.seats import members
from coi.vocabulary import State

HELD = (State.IN_REVIEW, State.ESCALATED)
BATCH = 200


def recheck(now: datetime) -> int:
    """Takes cases from who lost the role or came into conflict, then gives waiting ones; returns how many moved."""
    with for_reading():
        broken = broken_assignments(now)
        db.session.rollback()
    moved = 0
    for disclosure_id, reviewer_id, because in broken:
        with transaction():
            disclosure = db.session.get_one(Disclosure, disclosure_id, with_for_update=True)
            if disclosure.state in HELD and disclosure.reviewer_id == reviewer_id:
                release(disclosure, because, now)
                moved += 1
    return moved + give_all_waiting(now)


def give_all_waiting(now: datetime) -> int:
    """Gives every waiting filing for which somebody is free, each in a transaction of its own; returns how many.

    Who is free is looked up first without a lock, so that thousands that wait for nobody keep no writer waiting.
    """
    given, after = 0, None
    while True:
        with for_reading():
            batch = waiting(after, BATCH)
            found = [one for one, _rank, _desk in batch if _somebody_is_free(one, now)]
            db.session.rollback()
        for disclosure_id in found:
            with transaction():
                given += give_waiting(db.session.get_one(Disclosure, disclosure_id, with_for_update=True), now)
        if len(batch) < BATCH:
            return given
        after = (batch[-1][1], batch[-1][0])


def _somebody_is_free(disclosure_id: int, now: datetime) -> bool:
    return next_free(db.session.get_one(Disclosure, disclosure_id), now)[1] is not None


def broken_assignments(now: datetime) -> list[tuple[int, int, str]]:
    """Open cases whose reviewer sits at none of their desks or has a conflict: (filing, reviewer, code of the reason)."""
    on = today(now)
    sits = {desk: set(members(desk, on)) for desk in current_profile().desks}
    held = select(Disclosure).where(Disclosure.state.in_(HELD), Disclosure.reviewer_id.is_not(None))
    broken: list[tuple[int, int, str]] = []
    for reviewer_id in db.session.scalars(held.with_only_columns(Disclosure.reviewer_id).distinct()).all():
        if reviewer_id is None:
            continue
        mine = held.where(Disclosure.reviewer_id == reviewer_id)
        if not any(reviewer_id in people for people in sits.values()):
            lost = db.session.scalars(mine.with_only_columns(Disclosure.id).order_by(Disclosure.id)).all()
            broken += [(one, reviewer_id, "role_ended") for one in lost]
            continue
        for disclosure in db.session.scalars(mine.where(_of_other_desks(reviewer_id, sits))):
            if not any(reviewer_id in sits.get(desk, ()) for desk in desks_of(disclosure)):
                broken.append((disclosure.id, reviewer_id, "role_ended"))
        known = {one for one, _reviewer, _code in broken}
        near = db.session.scalars(mine.where(in_conflict(reviewer_id)).with_only_columns(Disclosure.id).order_by(Disclosure.id))
        broken += [(one, reviewer_id, "conflict") for one in near if one not in known]
    return broken


def _of_other_desks(reviewer_id: int, sits: dict[str, set[int]]) -> ColumnElement[bool]:
    """Cases at desks where this reviewer does not sit: the few to look at closely."""
    return Disclosure.desk.not_in([desk for desk, people in sits.items() if reviewer_id in people])
