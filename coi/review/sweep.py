"""What review does on the clock: cases whose reviewer may no longer have them move on, waiting ones find who is free (SD11)."""

from datetime import datetime

from sqlalchemy import select

from coi.db import db, for_reading, transaction
from coi.disclosures.facts import conflicts_with
from coi.models import Disclosure
from coi.profiles.current import today
from coi.review.assignment import release, reroute_waiting, roles_of
from coi.vocabulary import Role, State

OFFICE = frozenset({Role.REVIEWER, Role.SENIOR_OFFICER, Role.SOLICITOR, Role.COMMISSIONER})


def recheck(now: datetime) -> int:
    """Takes cases from who lost the role or came into conflict, then gives waiting ones; returns how many moved."""
    with for_reading():
        broken = broken_assignments(now)
        db.session.rollback()
    moved = 0
    for disclosure_id, because in broken:
        with transaction():
            disclosure = db.session.get_one(Disclosure, disclosure_id, with_for_update=True)
            if disclosure.state in (State.IN_REVIEW, State.ESCALATED) and disclosure.reviewer_id is not None:
                release(disclosure, because, now)
                moved += 1
    with transaction():
        moved += reroute_waiting(now)
    return moved


def broken_assignments(now: datetime) -> list[tuple[int, str]]:
    """Open cases whose reviewer holds no office role any more or has a conflict with the filer, with the reason's code."""
    on = today(now)
    open_cases = db.session.execute(
        select(Disclosure.id, Disclosure.filer_id, Disclosure.reviewer_id).where(
            Disclosure.state.in_([State.IN_REVIEW, State.ESCALATED]), Disclosure.reviewer_id.is_not(None)
        )
    ).all()
    held = {row.reviewer_id: roles_of(row.reviewer_id, on) for row in open_cases}
    broken: list[tuple[int, str]] = []
    for row in open_cases:
        if not held[row.reviewer_id] & OFFICE:
            broken.append((row.id, "role_ended"))
        elif conflicts_with(row.filer_id, [row.reviewer_id]):
            broken.append((row.id, "conflict"))
    return broken
