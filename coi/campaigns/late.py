"""Who is late by more than 15 days: letters have ended, a person takes over (U25); with what was written to them last."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from coi.campaigns import queries
from coi.db import db
from coi.models import Letter, Obligation, Person
from coi.vocabulary import Standing

SHOWN = 500


@dataclass(frozen=True)
class LongLate:
    """One form of the list, by station: whose it is, since when, and when the last letter about it was written."""

    obligation: Obligation
    person: Person
    due_on: date
    days: int
    no_letters: bool
    last: datetime | None


def long_late(on: date) -> list[LongLate]:
    """Every open form that is late by 15 days or more, by station and name; nobody on leave, no paused group."""
    campaign = queries.latest()
    if campaign is None:
        return []
    wanted = (
        select(Obligation)
        .join(Person, Person.id == Obligation.person_id)
        .where(
            Obligation.settled_on.is_(None),
            Obligation.excused.is_(False),
            Obligation.ended_seq.is_(None),
            Obligation.campaign_id == campaign.id,
            func.coalesce(Obligation.extended_to, Obligation.due_on) <= on - queries.A_LIST_FOR_A_PERSON,
            Person.active,
        )
        .options(selectinload(Obligation.part), selectinload(Obligation.person))
        .order_by(Person.department, Person.search_name, Obligation.id)
        .limit(SHOWN)
    )
    rows = list(db.session.scalars(wanted))
    owed = {one.obligation.id: one for one in queries.as_owed(rows, on)}
    last = _last_letters([one.person_id for one in rows])
    found = []
    for row in rows:
        one = owed[row.id]
        if one.standing is Standing.LATE and one.due_on is not None and one.due_on <= on - queries.A_LIST_FOR_A_PERSON:
            quiet = one.leave is not None and one.leave.hold_letters
            days = (on - one.due_on).days
            found.append(LongLate(row, row.person, one.due_on, days, quiet, last.get(row.person_id)))
    return found


def _last_letters(people: list[int]) -> dict[int, datetime]:
    """When the last letter about something due was written to each."""
    if not people:
        return {}
    wanted = (
        select(Letter.person_id, func.max(Letter.made_at))
        .where(Letter.person_id.in_(sorted(set(people))), Letter.kind.in_(queries.REMINDERS))
        .group_by(Letter.person_id)
    )
    # A maximum has lost its type on SQLite: it comes back as the column reads it.
    return {person_id: at for person_id, at in db.session.execute(wanted).all() if person_id and isinstance(at, datetime)}
