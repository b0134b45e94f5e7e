"""All reads of the people room: the list with its search, one person, roster imports, notes; changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from coi.db import db
from coi.models import Account, Person, PersonVersion, RosterImport
from coi.people.plan import FIELDS, Known
from coi.rules.permissions import Facts
from coi.rules.searching import search_text

__all__ = ["search_text"]

PAGE = 50


def known_people(lock: bool = False) -> list[Known]:
    """Everybody as the tables have them, in id order; `lock` keeps others from changing them until the transaction ends."""
    columns = [getattr(Person, name) for name in FIELDS]
    query = select(Person.id, Person.number, Person.employee, *columns).order_by(Person.id)
    if lock:
        # Not FOR UPDATE: rows that only point to a person (filings, letters) need not wait.
        query = query.with_for_update(key_share=True)
    return [Known(row[0], row[1], row[2], dict(zip(FIELDS, row[3:], strict=True))) for row in db.session.execute(query)]


def roster_state() -> str:
    """A mark that changes whenever anybody's version does; a preview holds it and is refused when it is old."""
    newest, people = db.session.execute(
        select(func.coalesce(func.max(PersonVersion.id), 0), select(func.count(Person.id)).scalar_subquery())
    ).one()
    return f"{newest}-{people}"


@dataclass(frozen=True)
class Page:
    """One page of people, and where the next one begins."""

    rows: Sequence[Person]
    after: str | None


def people(search: str = "", after: str = "", gone: bool = False) -> Page:
    """People by name; every word typed must be in the name, or the whole be an employee number. Keyset paging."""
    query = select(Person).options(joinedload(Person.supervisor)).order_by(Person.search_name, Person.id).limit(PAGE + 1)
    if not gone:
        query = query.where(Person.active)
    wanted = search_text(search)
    if wanted:
        words = [Person.search_name.contains(word, autoescape=True) for word in wanted.split()]
        query = query.where(or_(and_(*words), Person.number == search.strip()))
    name, _bar, place = after.rpartition("~")
    if place.isascii() and place.isdigit() and len(place) < 18:
        query = query.where(or_(Person.search_name > name, and_(Person.search_name == name, Person.id > int(place))))
    rows = db.session.scalars(query).all()
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else None
    return Page(rows[:PAGE], f"{last.search_name}~{last.id}" if last else None)


def person(number: str) -> tuple[Person, Facts] | None:
    """Somebody by employee number, for the gate."""
    found = db.session.scalar(select(Person).where(Person.number == number).options(joinedload(Person.supervisor)))
    return (found, Facts(filer_id=found.id)) if found else None


def history(one: Person) -> Sequence[Any]:
    """What the roster said about somebody, newest first: (version, name of the supervisor, import)."""
    boss = aliased(Person)
    return db.session.execute(
        select(PersonVersion, boss.name, RosterImport)
        .outerjoin(boss, boss.id == PersonVersion.supervisor_id)
        .outerjoin(RosterImport, RosterImport.id == PersonVersion.import_id)
        .where(PersonVersion.person_id == one.id)
        .order_by(PersonVersion.id.desc())
        .limit(50)
    ).all()


def reports_of(one: Person) -> Sequence[Person]:
    """Who is supervised by somebody and still here."""
    query = select(Person).where(Person.supervisor_id == one.id, Person.active).order_by(Person.search_name).limit(200)
    return db.session.scalars(query).all()


def imports(limit: int = 30) -> Sequence[RosterImport]:
    """The newest imports."""
    return db.session.scalars(select(RosterImport).order_by(RosterImport.id.desc()).limit(limit)).all()


def roster_import(reference: str) -> tuple[RosterImport, Facts] | None:
    """One import by its reference, for the gate."""
    found = db.session.scalar(select(RosterImport).where(RosterImport.reference == reference))
    return (found, Facts()) if found else None


def may_be_undone(made: RosterImport) -> bool:
    """Whether this is the newest import that stands."""
    newest = select(func.max(RosterImport.id)).where(RosterImport.undone_seq.is_(None))
    return made.undone_seq is None and db.session.scalar(newest) == made.id


def people_by_id(ids: Sequence[int]) -> Sequence[Person]:
    """People by their ids."""
    return db.session.scalars(select(Person).where(Person.id.in_(ids))).all()


def names_of(ids: Sequence[int]) -> dict[int, str]:
    """Names by id, with the number that tells two people of one name apart."""
    rows = db.session.execute(select(Person.id, Person.name, Person.number).where(Person.id.in_(ids)))
    return {row.id: f"{row.name} ({row.number})" if row.number else row.name for row in rows}


def who_made(made: RosterImport) -> str:
    """Who imported, in words: the account's person, or the operator of the command."""
    kind, _colon, rest = made.actor.partition(":")
    if kind == "account" and rest.isdigit():
        name = db.session.scalar(select(Person.name).join(Account, Account.person_id == Person.id).where(Account.id == int(rest)))
        return name or made.actor
    return made.actor.replace(":", " ")


def versions_of(made: RosterImport, most: int | None = None) -> Sequence[PersonVersion]:
    """The versions that an import wrote, or the first of them."""
    query = select(PersonVersion).where(PersonVersion.import_id == made.id).order_by(PersonVersion.id).limit(most)
    return db.session.scalars(query).all()


def versions_before(made: RosterImport, people: Sequence[int] | None = None) -> dict[int, PersonVersion]:
    """For each person of an import (or these of them) the version that stood before it; new people have none."""
    touched: Any = people
    if people is None:
        touched = select(PersonVersion.person_id).where(PersonVersion.import_id == made.id)
    newest = (
        select(func.max(PersonVersion.id))
        .where(PersonVersion.seq < made.seq, PersonVersion.person_id.in_(touched))
        .group_by(PersonVersion.person_id)
    )
    return {row.person_id: row for row in db.session.scalars(select(PersonVersion).where(PersonVersion.id.in_(newest)))}


def people_of(made: RosterImport, lock: bool = False) -> Sequence[Person]:
    """The people whom an import touched, in id order."""
    touched = select(PersonVersion.person_id).where(PersonVersion.import_id == made.id)
    query = select(Person).where(Person.id.in_(touched)).order_by(Person.id)
    return db.session.scalars(query.with_for_update(key_share=True) if lock else query).all()
