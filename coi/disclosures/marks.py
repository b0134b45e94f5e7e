"""Keeps the marks by which the queue finds filings in step with what is signed and where it stands; decides nothing."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, event, func, insert, inspect, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, UOWTransaction

from coi.models import (
    ContractAlert,
    Disclosure,
    DisclosureVersion,
    Flag,
    Interest,
    Person,
    QueueMark,
    Recommendation,
    SupervisorQuestion,
)
from coi.rules.searching import NEW_CONTRACT, STANDING, SUPERVISOR, marks_of, recommended_mark
from coi.vocabulary import State

# Lane 3 is a draft: it has no marks, since nobody but its filer may find it.
LANES = {State.DECIDED: 1, State.WITHDRAWN: 2, State.DRAFT: 3}
MOVING = ("state", "rank", "due_at")
AT_ONCE = 500
STAND_OPEN = (Recommendation, SupervisorQuestion, ContractAlert)


def lane_of(state: State) -> int:
    """Where filings of this state stand in the queue's tables: 0 for all that is open."""
    return LANES.get(state, 0)


def mark_anew(connection: Connection, ids: Collection[int]) -> None:
    """Writes the marks of these filings from what was signed last; gives the same rows however often it runs."""
    numbers = sorted(ids)
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        rows = _wanted(connection, some)
        connection.execute(delete(QueueMark).where(QueueMark.disclosure_id.in_(some), QueueMark.mark < STANDING))
        if rows:
            connection.execute(insert(QueueMark), rows)


def mark_people_anew(connection: Connection, people: Collection[int]) -> None:
    """The same for every filing of these people: a roster that changes names writes rows that no session sees."""
    numbers = sorted(people)
    for start in range(0, len(numbers), AT_ONCE):
        filings = select(Disclosure.id).where(Disclosure.filer_id.in_(numbers[start : start + AT_ONCE]))
        mark_anew(connection, connection.scalars(filings).all())


def mark_standing_anew(connection: Connection, ids: Collection[int]) -> None:
    """Writes what stands open for these filings: a recommendation, a question to a supervisor, a new contract."""
    numbers = sorted(ids)
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        newest = (
            select(func.max(Recommendation.id))
            .where(Recommendation.disclosure_id.in_(some), Recommendation.ended_seq.is_(None))
            .group_by(Recommendation.disclosure_id)
        )
        by = select(Recommendation.disclosure_id, Recommendation.by_id).where(Recommendation.id.in_(newest))
        asked = select(SupervisorQuestion.disclosure_id).where(
            SupervisorQuestion.disclosure_id.in_(some), SupervisorQuestion.closed_seq.is_(None)
        )
        alerts = select(ContractAlert.disclosure_id).where(
            ContractAlert.disclosure_id.in_(some), ContractAlert.ended_seq.is_(None)
        )
        told = {(number, recommended_mark(person)) for number, person in connection.execute(by)}
        told |= {(number, SUPERVISOR) for number in connection.scalars(asked)}
        told |= {(number, NEW_CONTRACT) for number in connection.scalars(alerts)}
        place = select(Disclosure.id, Disclosure.state, Disclosure.rank, Disclosure.due_at)
        rows = connection.execute(place.where(Disclosure.id.in_({number for number, _mark in told}))).all() if told else []
        places = {
            row.id: {"lane": lane_of(row.state), "rank": row.rank, "due_at": row.due_at, "disclosure_id": row.id}
            for row in rows
            if row.state is not State.DRAFT
        }
        connection.execute(delete(QueueMark).where(QueueMark.disclosure_id.in_(some), QueueMark.mark >= STANDING))
        made = [{"mark": mark, **places[number]} for number, mark in sorted(told) if number in places]
        if made:
            connection.execute(insert(QueueMark), made)


def _wanted(connection: Connection, ids: list[int]) -> list[dict[str, Any]]:
    """The rows of these filings as they should be."""
    version = DisclosureVersion
    signed = connection.execute(
        select(
            Disclosure.id,
            Disclosure.state,
            Disclosure.rank,
            Disclosure.due_at,
            Disclosure.kind,
            Disclosure.reference,
            version.id.label("version"),
            version.filer,
            Person.search_name,
            Person.department,
        )
        .join(version, (version.disclosure_id == Disclosure.id) & (version.number == Disclosure.version))
        .join(Person, Person.id == Disclosure.filer_id)
        .where(Disclosure.id.in_(ids), Disclosure.state != State.DRAFT)
    ).all()
    versions = [row.version for row in signed]
    parties: dict[int, list[str]] = {}
    flags: dict[int, list[str]] = {}
    for number, party in connection.execute(select(Interest.version_id, Interest.party).where(Interest.version_id.in_(versions))):
        parties.setdefault(number, []).append(party)
    for number, question in connection.execute(select(Flag.version_id, Flag.question_id).where(Flag.version_id.in_(versions))):
        flags.setdefault(number, []).append(question)
    found: list[dict[str, Any]] = []
    for row in signed:
        told = marks_of(
            row.search_name,
            parties.get(row.version, ()),
            str((row.filer or {}).get("department") or row.department),
            row.kind.value,
            flags.get(row.version, ()),
            row.reference,
        )
        place = {"lane": lane_of(row.state), "rank": row.rank, "due_at": row.due_at, "disclosure_id": row.id}
        found += [{"mark": mark, **place} for mark in sorted(told)]
    return found


@event.listens_for(Session, "after_flush")
def _keep(session: Session, _work: UOWTransaction) -> None:
    """Whatever was signed, moved or renamed in this flush has its marks right in the same transaction."""
    filings = [one for one in session.dirty if isinstance(one, Disclosure)]
    signed = {one.id for one in filings if _changed(one, ("version", "kind")) or _was_draft(one)}
    signed |= {one.disclosure_id for one in session.new if isinstance(one, DisclosureVersion)}
    versions = {one.version_id for one in session.new if isinstance(one, Interest | Flag)}
    people = {one.id for one in session.dirty if isinstance(one, Person) and _changed(one, ("search_name",))}
    moved = [one for one in filings if _changed(one, MOVING)]
    if signed or versions or people:
        of_versions = select(DisclosureVersion.disclosure_id).where(DisclosureVersion.id.in_(versions))
        of_people = select(Disclosure.id).where(Disclosure.filer_id.in_(people))
        for found in ([of_versions] if versions else []) + ([of_people] if people else []):
            signed |= set(session.connection().execute(found).scalars())
        mark_anew(session.connection(), signed)
    standing = {one.disclosure_id for one in (*session.new, *session.dirty) if isinstance(one, STAND_OPEN)}
    if standing:
        mark_standing_anew(session.connection(), standing)
    for one in moved:
        if one.due_at is not None:
            _move(session.connection(), one, STANDING if one.id in signed else "")


def _move(connection: Connection, one: Disclosure, first: str) -> None:
    """Takes the marks of a filing from `first` on to where it stands now."""
    place = {"lane": lane_of(one.state), "rank": one.rank, "due_at": one.due_at}
    connection.execute(update(QueueMark).where(QueueMark.disclosure_id == one.id, QueueMark.mark >= first).values(**place))


def _changed(one: Any, names: Iterable[str]) -> bool:
    known = inspect(one).attrs
    return any(known[name].history.has_changes() for name in names)


def _was_draft(one: Disclosure) -> bool:
    return State.DRAFT in (inspect(one).attrs.state.history.deleted or ())
