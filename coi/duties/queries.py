"""All reads of keeping duties apart: who is away, who has how much, what the system moved, where there are too few."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from coi.accounts.queries import holders, in_setup, pieces_of, warnings
from coi.audit.chain import moment
from coi.db import db
from coi.disclosures.facts import body_desk, facts_for, in_conflict
from coi.models import (
    Absence,
    AbsencePlan,
    Assignment,
    AuditEntry,
    Delegation,
    Disclosure,
    Person,
    Recusal,
)
from coi.profiles.current import current_profile, today
from coi.review.assignment import next_free
from coi.review.queue import OFFICE
from coi.review.seats import members
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import Moved, Role, State, TooFewOf

HELD = (State.IN_REVIEW, State.ESCALATED)
AT_ONCE = 200  # cases that one press hands over, and that its page lists
SHOWN = 50
CAP = 500
OF_ROLE = {Role.SENIOR_OFFICER.value: TooFewOf.SENIOR_OFFICERS, Role.ADMINISTRATOR.value: TooFewOf.ADMINISTRATORS}


def seated(on: date) -> list[Person]:
    """Everybody who reviews, decides or stands in for who does, by name."""
    return sorted(holders(OFFICE, on), key=lambda one: (one.name, one.id))


def sits(person_id: int, on: date) -> bool:
    """Whether somebody sits at any desk of the office on a day."""
    return any(person_id == one.id for one in holders(OFFICE, on))


def standing(person_id: int | None = None) -> list[AbsencePlan]:
    """Absences that were not ended early, of one person or of all, the earliest first; also those that are over."""
    wanted = select(AbsencePlan).join(Absence).where(Absence.ended_seq.is_(None)).options(joinedload(AbsencePlan.delegate))
    if person_id is not None:
        wanted = wanted.where(Absence.person_id == person_id)
    return list(db.session.scalars(wanted.order_by(Absence.away_from, Absence.id)))


def to_come(on: date, person_id: int | None = None) -> list[AbsencePlan]:
    """Absences that run or are still to come."""
    return [one for one in standing(person_id) if one.absence.away_to >= on]


def overlapping(person_id: int, first: date, last: date) -> Absence | None:
    """An absence of this person that shares a day with these, unless it was ended."""
    shared = select(Absence).where(
        Absence.person_id == person_id, Absence.ended_seq.is_(None), Absence.away_from <= last, Absence.away_to >= first
    )
    return db.session.scalar(shared.order_by(Absence.away_from).limit(1))


def plan_of(absence: Absence) -> AbsencePlan | None:
    """What was said with an absence."""
    return db.session.scalar(select(AbsencePlan).where(AbsencePlan.absence_id == absence.id))


def absence_for(reference: str) -> tuple[AbsencePlan, Facts] | None:
    """An absence by its reference; its owner is who is away."""
    found = db.session.scalar(select(AbsencePlan).where(AbsencePlan.reference == reference))
    return (found, Facts(owner_id=found.absence.person_id)) if found is not None else None


def people(numbers: set[int]) -> dict[int, Person]:
    """People by their id."""
    return {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(numbers)))}


@dataclass(frozen=True)
class Load:
    """One colleague with what lies with them; `back` went to its filers, `piece` stands in the address of their cases."""

    person: Person
    piece: str
    open: int
    back: int
    oldest: datetime | None
    away: AbsencePlan | None
    stands_in: int
    seated: bool


def loads(on: date) -> list[Load]:
    """Who has how many open cases, the oldest of them, and until when they are away; also who has cases and no desk any more."""
    held_now = Disclosure.state.in_(HELD)
    rows = db.session.execute(
        select(
            Disclosure.reviewer_id,
            func.sum(case((held_now, 1), else_=0)),
            func.sum(case((held_now, 0), else_=1)),
            func.min(case((held_now, Disclosure.first_submitted_at))),
        )
        .where(Disclosure.state.in_((*HELD, State.RETURNED)), Disclosure.reviewer_id.is_not(None))
        .group_by(Disclosure.reviewer_id)
    )
    held = {reviewer: (count, back, oldest) for reviewer, count, back, oldest in rows}
    here = {one.id: one for one in seated(on)}
    everybody = {**people({one for one in held if one is not None} - set(here)), **here}
    away = {one.absence.person_id: one for one in reversed(to_come(on))}
    delegated = Counter(db.session.scalars(select(Delegation.delegate_id).where(running(on))))
    pieces = pieces_of(everybody.values())
    found = [
        Load(one, pieces.get(number, ""), *held.get(number, (0, 0, None)), away.get(number), delegated[number], number in here)
        for number, one in everybody.items()
    ]
    # Counsel and commissioners stand here while something lies with them.
    reads = {one.id for one in holders({Role.REVIEWER, Role.SENIOR_OFFICER}, on)}
    told = [one for one in found if one.person.id in reads or one.open or one.back or one.stands_in or one.away]
    return sorted(told, key=lambda one: (-one.open, one.person.name, one.person.id))


def running(on: date) -> ColumnElement[bool]:
    """Standing in that counts on a day."""
    return and_(Delegation.ended_seq.is_(None), Delegation.since <= on, Delegation.until >= on)


@dataclass(frozen=True)
class MovedCase:
    """One case that the system took from somebody: which, from whom, why, and who has it now; without a name when not yours."""

    disclosure: Disclosure
    was: Person
    why: Moved
    at: datetime


def moved_by_system(actor: Actor, limit: int = SHOWN) -> tuple[list[MovedCase], int]:
    """The newest cases that the system moved, as far as this officer may read them, and how many of these are not listed."""
    taken = (
        select(Assignment, Disclosure, Person)
        .join(Disclosure, Disclosure.id == Assignment.disclosure_id)
        .join(Person, Person.id == Assignment.reviewer_id)
        .where(Assignment.ended_seq.is_not(None), Assignment.ended_because.in_([code.value for code in Moved]))
        .order_by(Assignment.ended_seq.desc(), Assignment.id.desc())
        .options(joinedload(Disclosure.filer), joinedload(Disclosure.reviewer))
    )
    mine = in_conflict(actor.person_id) if actor.person_id is not None else None
    free = taken if mine is None else taken.where(~mine)
    rows = db.session.execute(free.limit(limit)).all()
    hidden = 0
    if mine is not None:
        hidden = len(db.session.execute(taken.where(mine).limit(limit)).all())
    ends = ended_at({row.Assignment.ended_seq for row in rows})
    return [
        MovedCase(row.Disclosure, row.Person, Moved(row.Assignment.ended_because), ends[row.Assignment.ended_seq]) for row in rows
    ], hidden


def ended_at(entries: set[int]) -> dict[int, datetime]:
    """When entries of the log were written."""
    rows = db.session.execute(select(AuditEntry.seq, AuditEntry.at).where(AuditEntry.seq.in_(entries)))
    return {seq: moment(at) for seq, at in rows}


@dataclass(frozen=True)
class Place:
    """Where one open case would go; None: nobody is free of conflict, it stays for now."""

    disclosure: Disclosure
    to: int | None
    desk: str


def open_cases(person_id: int) -> list[Disclosure]:
    """What lies with somebody, the most urgent first."""
    mine = select(Disclosure).where(Disclosure.reviewer_id == person_id, Disclosure.state.in_(HELD))
    return list(db.session.scalars(mine.order_by(Disclosure.rank, Disclosure.due_at, Disclosure.id).limit(AT_ONCE)))


def places(person_id: int, actor: Actor, now: datetime) -> tuple[list[Place], int]:
    """To whom each open case of somebody would go, by load and conflict; and how many are not this officer's to give."""
    found: list[Place] = []
    others, more = 0, Counter[int]()
    for disclosure in open_cases(person_id):
        if not allows(actor, Permission.ASSIGN, facts_for(disclosure, actor)):
            others += 1
            continue
        desk, to, _why = next_free(disclosure, now, but=person_id, more=more)
        if to is not None:
            more[to] += 1
        found.append(Place(disclosure, to, desk))
    return found, others


def too_few(on: date) -> list[TooFewOf]:
    """Of whom there are too few today: two who decide, two who administer, one who reads the officers' own forms (SD4, SD12)."""
    if in_setup():
        return []
    found = [OF_ROLE[code] for code in warnings(on)]
    alternate = current_profile().reviews.get("ethics", "")
    return found if members(alternate, on) else [*found, TooFewOf.ALTERNATE]


@dataclass(frozen=True)
class Standing:
    """What stands on every page of who can mend it, until it is mended; `waits` only for senior officers."""

    few: list[TooFewOf]
    waits: int


def warnings_for(actor: Actor, on: date) -> Standing | None:
    """The standing warning for a senior officer or an administrator; None for everybody else, and when all is well."""
    senior = Role.SENIOR_OFFICER in actor.roles
    if not senior and Role.ADMINISTRATOR not in actor.roles:
        return None
    found = Standing(too_few(on), waiting_count(actor) if senior else 0)
    return found if found.few or found.waits else None


def waiting_count(actor: Actor) -> int:
    """How many filings wait because nobody is free, at most CAP; the officer's own is not counted."""
    waits = select(Disclosure.id).where(
        Disclosure.reviewer_id.is_(None),
        Disclosure.state.in_([State.SUBMITTED, State.ESCALATED]),
        Disclosure.filer_id != (actor.person_id or 0),
        or_(
            Disclosure.state != State.ESCALATED, Disclosure.desk != (body_desk() or "")
        ),  # a case of the body waits for its meeting
    )
    return db.session.scalar(select(func.count()).select_from(waits.limit(CAP).subquery())) or 0


def stepped_out(reference: str, actor: Actor) -> tuple[Disclosure, Facts] | None:
    """A case that somebody stepped out of, and whether it was this person: its owner here is who did."""
    left = (
        select(Disclosure, Recusal.reviewer_id)
        .join(Recusal, Recusal.disclosure_id == Disclosure.id)
        .where(Disclosure.reference == reference)
        .order_by((Recusal.reviewer_id == actor.person_id).desc())
    )
    found = db.session.execute(left.limit(1)).first()
    return (found[0], Facts(owner_id=found[1])) if found is not None else None


def ended_or_over(on: date) -> list[int]:
    """Standing in whose last day is over, or whose absence was ended: the ids of the rows."""
    over = (
        select(Delegation.id)
        .join(Absence, Absence.id == Delegation.absence_id)
        .where(Delegation.ended_seq.is_(None), or_(Delegation.until < on, Absence.ended_seq.is_not(None)))
    )
    return list(db.session.scalars(over.order_by(Delegation.id)))


def to_begin(now: datetime) -> list[tuple[int, int]]:
    """Open cases of who is away today that nobody stands in on, as said when the absence was entered: (filing, plan)."""
    on = today(now)
    stood = select(Delegation.id).where(Delegation.disclosure_id == Disclosure.id, Delegation.ended_seq.is_(None))
    wanted = (
        select(Disclosure.id, AbsencePlan.id)
        .join(Absence, Absence.person_id == Disclosure.reviewer_id)
        .join(AbsencePlan, AbsencePlan.absence_id == Absence.id)
        .where(
            Disclosure.state.in_(HELD),
            Absence.ended_seq.is_(None),
            Absence.away_from <= on,
            Absence.away_to >= on,
            AbsencePlan.cases != "stay",
            ~stood.exists(),
        )
        .order_by(Disclosure.rank, Disclosure.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]
