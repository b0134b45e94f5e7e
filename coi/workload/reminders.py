"""Reminders to filers whose answer or correction is awaited, at half and at the end of the profile's days; once each (U40)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from coi.campaigns.queries import newest_leave
from coi.db import db, for_reading, transaction
from coi.disclosures.clocks import answer_by
from coi.languages import day, speaking
from coi.models import Disclosure, Letter
from coi.notices.actions import language_of, post
from coi.notices.hours import in_work_hours
from coi.profiles.current import current_profile, forget, today
from coi.rules.deadlines import on_leave
from coi.rules.permissions import AT_OFFICE
from coi.vocabulary import State

A_RUN = 200
ONE_QUERY = 500


@dataclass(frozen=True)
class Due:
    """A reminder to be written: for which filing, since when it waits, which of the two, and the key that makes it one."""

    disclosure_id: int
    since: datetime
    last: bool
    once: str


def remind(now: datetime) -> int:
    """Writes the reminders that are due and not written, on business days in work hours; of two missed ones only the last."""
    forget()
    if not in_work_hours(now) or not current_profile().letters.cadence.get("questions", True):
        return 0
    with for_reading():
        due = _due(now)
        db.session.rollback()
    made = 0
    for one in due[:A_RUN]:
        with transaction():
            made += _write(one, now)
    return made


def _due(now: datetime) -> list[Due]:
    on, quiet = today(now), _quiet(now)
    days = current_profile().clocks.question_business_days
    waits = select(Disclosure.id, Disclosure.reference, Disclosure.filer_id, Disclosure.waiting_on_filer_since).where(
        Disclosure.waiting_on_filer_since.is_not(None), Disclosure.state.in_((*AT_OFFICE, State.RETURNED))
    )
    found = []
    for disclosure_id, reference, filer_id, since in db.session.execute(waits.order_by(Disclosure.id)):
        if since is None or filer_id in quiet or on < answer_by(since, first_after(days)):
            continue
        last = on >= answer_by(since)
        key = f"waits:{reference}:{int(since.timestamp())}:{'last' if last else 'first'}"
        found.append(Due(disclosure_id, since, last, key))
    written: set[str] = set()
    for start in range(0, len(found), ONE_QUERY):
        keys = [one.once for one in found[start : start + ONE_QUERY]]
        written.update(db.session.scalars(select(Letter.once).where(Letter.once.in_(keys))))
    return [one for one in found if one.once not in written]


def first_after(days: int) -> int:
    """After how many business days the first reminder leaves: half of all, at least one."""
    return max(1, days // 2)


def _quiet(now: datetime) -> set[int]:
    """Who is on leave or gets no letters now: they are reminded when they are back."""
    on = today(now)
    rows = db.session.scalars(newest_leave())
    return {one.person_id for one in rows if one.hold_letters or on_leave(one.leave_from, one.leave_to, on)}


def _write(due: Due, now: datetime) -> int:
    """One letter, if the filing still waits under the lock: an answer of this very second wins."""
    disclosure = db.session.get_one(Disclosure, due.disclosure_id, with_for_update=True, populate_existing=True)
    if disclosure.waiting_on_filer_since != due.since or disclosure.state not in (*AT_OFFICE, State.RETURNED):
        return 0
    kind = "correction_waits" if disclosure.state is State.RETURNED else "question_last" if due.last else "question_waits"
    with speaking(language_of(disclosure.filer)):
        until = day(max(answer_by(due.since), today(now)))
    post(kind, disclosure.filer, now, due.once, reference=disclosure.reference, until=until)
    return 1
