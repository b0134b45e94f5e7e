"""What keeping duties apart does on the clock: absences begin and end, standing in that may not be ends, too few is said once."""

from datetime import datetime

from sqlalchemy import select

from coi.accounts.queries import holders
from coi.audit.record import record
from coi.db import db, for_reading, transaction
from coi.disclosures.facts import conflicts_with
from coi.duties import actions, queries
from coi.models import Delegation, Disclosure, TooFew
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Event, Role


def keep_apart(now: datetime) -> int:
    """Ends what is over or may not be, begins what was said for today, notes where there are too few; gives how many changed."""
    return _end(now) + _break(now) + _begin(now) + _note_too_few(now)


def _end(now: datetime) -> int:
    with for_reading():
        over = queries.ended_or_over(today(now))
        db.session.rollback()
    for number in over:
        with transaction():
            actions.end_standing_in(number, "over", SYSTEM, now)
    return len(over)


def _break(now: datetime) -> int:
    with for_reading():
        broken = broken_delegations(now)
        db.session.rollback()
    for number, because in broken:
        with transaction():
            actions.broke(number, because, now)
    return len(broken)


def broken_delegations(now: datetime) -> list[tuple[int, str]]:
    """Standing in by who lost the role, went away or came into conflict with the filer: (row, code of the reason)."""
    on = today(now)
    seated = {one.id for one in queries.seated(on)}
    running = select(Delegation, Disclosure).join(Disclosure, Disclosure.id == Delegation.disclosure_id)
    broken = []
    for delegation, disclosure in db.session.execute(running.where(queries.running(on)).order_by(Delegation.id)):
        if delegation.delegate_id not in seated:
            broken.append((delegation.id, "role_ended"))
        elif queries.overlapping(delegation.delegate_id, on, on) is not None:
            broken.append((delegation.id, "absence"))
        elif conflicts_with(disclosure.filer_id, [delegation.delegate_id], disclosure):
            broken.append((delegation.id, "conflict"))
    return broken


def _begin(now: datetime) -> int:
    with for_reading():
        found = queries.to_begin(now)
        db.session.rollback()
    begun = 0
    for disclosure_id, plan_id in found:
        with transaction():
            begun += actions.begin(disclosure_id, plan_id, now)
    return begun


def _note_too_few(now: datetime) -> int:
    """A dated row from when to when there were too few; who can mend it gets one letter when it begins (SD12)."""
    with for_reading():
        few = set(queries.too_few(today(now)))
        known = set(db.session.scalars(select(TooFew.what).where(TooFew.ended_seq.is_(None))))
        db.session.rollback()
    for what in sorted(few - known):
        with transaction():
            seq = record(Event.TOO_FEW_BEGAN, SYSTEM, "office", now, what=what.value)
            db.session.add(TooFew(what=what, at=now, seq=seq))
            db.session.flush()
            for person in holders({Role.SENIOR_OFFICER, Role.ADMINISTRATOR}, today(now)):
                notices.post("too_few", person, now, f"too_few:{seq}:{person.id}", what=what.label)
    for what in sorted(known - few):
        with transaction():
            row = db.session.scalars(
                select(TooFew).where(TooFew.what == what, TooFew.ended_seq.is_(None)).with_for_update()
            ).one()
            row.ended_seq = record(Event.TOO_FEW_ENDED, SYSTEM, "office", now, what=what.value)
    return len(few ^ known)
