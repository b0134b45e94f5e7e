"""All reads of review: whose queue, in what order, and everything the case page shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from coi.audit.chain import moment
from coi.db import db
from coi.disclosures.facts import conflicts_with, facts_for
from coi.models import (
    Account,
    AuditEntry,
    Decision,
    Disclosure,
    DisclosureVersion,
    Message,
    Obligation,
    Person,
    PolicyReceipt,
    Recommendation,
    Recusal,
    Tie,
    Transition,
)
from coi.people.queries import search_text
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import MessageKind, Risk, Role, State

OPEN = (State.SUBMITTED, State.IN_REVIEW, State.ESCALATED, State.RETURNED)
PAGE = 50
UNDO_WITHIN = timedelta(minutes=5)
CAP = 500


def case(reference: str, actor: Actor) -> tuple[Disclosure, Facts] | None:
    """A filing by its reference, with the facts of this actor."""
    disclosure = db.session.scalar(select(Disclosure).where(Disclosure.reference == reference))
    return (disclosure, facts_for(disclosure, actor)) if disclosure else None


@dataclass(frozen=True)
class Filters:
    """What a queue page shows: whose cases, which states, and from where on."""

    whose: str = "mine"
    state: str = ""
    priority: str = ""
    search: str = ""
    after: str = ""

    def described(self) -> dict[str, Any]:
        """The filter as the log keeps it: codes, never what was searched for."""
        return {"whose": self.whose, "state": self.state, "priority": self.priority, "searched": bool(self.search)}


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue, and where the next begins."""

    rows: list[Disclosure]
    after: str
    counted: int


def queue(actor: Actor, filters: Filters) -> QueuePage:
    """Filings by priority, then due, with keyset paging; never the own, never one with a conflict."""
    wanted = _narrow(_visible(actor, filters), filters)
    counted = (
        db.session.scalar(select(func.count()).select_from(wanted.with_only_columns(Disclosure.id).limit(CAP).subquery())) or 0
    )
    page = _after(wanted, filters.after).options(joinedload(Disclosure.filer), joinedload(Disclosure.reviewer))
    rows = list(db.session.scalars(page.order_by(Disclosure.rank, Disclosure.due_at, Disclosure.id).limit(PAGE + 1)))
    after = ""
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        rows = rows[:PAGE]
        after = f"{last.rank}~{last.due_at.isoformat() if last.due_at else ''}~{last.id}"
    return QueuePage(rows, after, counted)


def _visible(actor: Actor, filters: Filters) -> Select[Disclosure]:
    listed = select(Disclosure).where(Disclosure.state != State.DRAFT, Disclosure.filer_id != actor.person_id)
    if filters.whose == "all" and allows(actor, Permission.QUEUE_ALL):
        return listed.where(Disclosure.filer_id.not_in(in_conflict(actor)))
    if filters.whose == "waiting" and Role.SENIOR_OFFICER in actor.roles:
        return listed.where(Disclosure.reviewer_id.is_(None), Disclosure.filer_id.not_in(in_conflict(actor)))
    return listed.where(Disclosure.reviewer_id == actor.person_id)


def in_conflict(actor: Actor) -> list[int]:
    """Filers whose cases this officer may not even see: own reporting line both ways and confirmed ties."""
    if actor.person_id is None:
        return []
    me = db.session.get(Person, actor.person_id)
    near = select(Person.id).where(or_(Person.supervisor_id == actor.person_id, Person.id == (me.supervisor_id if me else None)))
    likely = set(db.session.scalars(near))
    for one, other in db.session.execute(
        select(Tie.person_id, Tie.other_id).where(
            Tie.ended_seq.is_(None), or_(Tie.person_id == actor.person_id, Tie.other_id == actor.person_id)
        )
    ):
        likely.add(other if one == actor.person_id else one)
    likely.update(line_of(actor.person_id))
    return sorted(likely)


def line_of(person_id: int) -> set[int]:
    """Everybody below or above a person today, along the whole line."""
    found: set[int] = set()
    level = {person_id}
    while level:
        level = set(db.session.scalars(select(Person.id).where(Person.supervisor_id.in_(level)))) - found - {person_id}
        found |= level
    here = db.session.get(Person, person_id)
    while here is not None and here.supervisor_id is not None and here.supervisor_id not in found:
        found.add(here.supervisor_id)
        here = db.session.get(Person, here.supervisor_id)
    return found


def _narrow(wanted: Select[Disclosure], filters: Filters) -> Select[Disclosure]:
    states = [State(filters.state)] if filters.state in set(State) else list(OPEN)
    wanted = wanted.where(Disclosure.state.in_(states))
    by_priority = {risk.priority: risk for risk in Risk}
    if filters.priority in by_priority:
        wanted = wanted.where(Disclosure.risk == by_priority[filters.priority])
    if filters.search:
        name = f"%{search_text(filters.search)}%"
        wanted = wanted.join(Person, Person.id == Disclosure.filer_id).where(
            or_(Person.search_name.like(name), Disclosure.reference == filters.search.strip().upper())
        )
    return wanted


def _after(wanted: Select[Disclosure], after: str) -> Select[Disclosure]:
    parts = after.split("~")
    if len(parts) != 3 or not parts[0].isdigit() or not parts[2].isdigit():
        return wanted
    try:
        due = datetime.fromisoformat(parts[1])
    except ValueError:
        return wanted
    place = tuple_(Disclosure.rank, Disclosure.due_at, Disclosure.id)
    return wanted.where(place > (int(parts[0]), due, int(parts[2]) if len(parts[2]) < 12 else 0))


def three_numbers(actor: Actor) -> dict[str, int]:
    """Done, waiting on them, waiting on me: the top of the queue page."""
    mine = select(func.count()).select_from(Disclosure).where(Disclosure.reviewer_id == actor.person_id)
    at_office = Disclosure.state.in_([State.IN_REVIEW, State.ESCALATED])
    return {
        "done": db.session.scalar(
            select(func.count()).select_from(Decision).where(Decision.by_id == actor.person_id, Decision.undone_seq.is_(None))
        )
        or 0,
        "on_them": db.session.scalar(
            mine.where(or_(Disclosure.state == State.RETURNED, at_office & Disclosure.waiting_on_filer_since.is_not(None)))
        )
        or 0,
        "on_me": db.session.scalar(mine.where(at_office, Disclosure.waiting_on_filer_since.is_(None))) or 0,
    }


def thread(disclosure: Disclosure, with_notes: bool) -> list[Message]:
    """The messages of a case; internal notes only for the office, legal advice for nobody here."""
    kinds = [MessageKind.QUESTION, MessageKind.ANSWER] + ([MessageKind.NOTE] if with_notes else [])
    return list(
        db.session.scalars(
            select(Message)
            .where(Message.disclosure_id == disclosure.id, Message.kind.in_(kinds))
            .options(joinedload(Message.author))
            .order_by(Message.number)
        )
    )


def standing_recommendation(disclosure: Disclosure) -> Recommendation | None:
    """What was recommended and still stands."""
    return db.session.scalar(
        select(Recommendation)
        .where(Recommendation.disclosure_id == disclosure.id, Recommendation.ended_seq.is_(None))
        .order_by(Recommendation.id.desc())
        .limit(1)
    )


def decisions(disclosure: Disclosure) -> list[Decision]:
    """Every decision of a case, the newest first."""
    return list(db.session.scalars(select(Decision).where(Decision.disclosure_id == disclosure.id).order_by(Decision.id.desc())))


def earlier(disclosure: Disclosure) -> list[Disclosure]:
    """This person's earlier filings that were signed, the newest first: last year's outcome stands on the case page."""
    return list(
        db.session.scalars(
            select(Disclosure)
            .where(
                Disclosure.filer_id == disclosure.filer_id,
                Disclosure.id != disclosure.id,
                Disclosure.state != State.DRAFT,
                Disclosure.created_at <= disclosure.created_at,
            )
            .order_by(Disclosure.created_at.desc())
            .limit(5)
        )
    )


def signed_version(disclosure: Disclosure) -> DisclosureVersion | None:
    """The version that counts, with flags and interests."""
    return db.session.scalar(
        select(DisclosureVersion).where(
            DisclosureVersion.disclosure_id == disclosure.id, DisclosureVersion.number == disclosure.version
        )
    )


def receipts(version: DisclosureVersion) -> list[PolicyReceipt]:
    """What the filer said on each policy that was signed with this version; an objection is read, and flags nothing (U20)."""
    return list(
        db.session.scalars(
            select(PolicyReceipt)
            .where(PolicyReceipt.disclosure_version_id == version.id)
            .options(joinedload(PolicyReceipt.policy_version))
            .order_by(PolicyReceipt.id)
        )
    )


def obligation(disclosure: Disclosure) -> Obligation | None:
    """What was owed, with department, title and supervisor as they were then."""
    return db.session.get(Obligation, disclosure.obligation_id) if disclosure.obligation_id else None


def history(disclosure: Disclosure) -> list[Transition]:
    """Every move of the case, in order."""
    return list(db.session.scalars(select(Transition).where(Transition.disclosure_id == disclosure.id).order_by(Transition.seq)))


def colleagues(disclosure: Disclosure, people: list[int]) -> list[Person]:
    """Those of `people` who are free of conflict with this filing, by name."""
    conflicts = conflicts_with(disclosure.filer_id, people, disclosure)
    free = [one for one in people if one not in conflicts and one != disclosure.reviewer_id]
    return list(db.session.scalars(select(Person).where(Person.id.in_(free)).order_by(Person.name)))


def names(people: set[int]) -> dict[int, str]:
    """Names by person id."""
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(people))).all()) if people else {}


def readers(disclosure: Disclosure) -> list[tuple[str, datetime]]:
    """Who read the filing and when, by name, from the log, the newest first."""
    rows = db.session.execute(
        select(AuditEntry.actor, AuditEntry.at)
        .where(AuditEntry.subject == f"disclosure:{disclosure.reference}", AuditEntry.event == "disclosure:read")
        .order_by(AuditEntry.seq.desc())
        .limit(CAP)
    ).all()
    called = names_of({actor for actor, _at in rows})
    return [(called.get(actor, actor), moment(at)) for actor, at in rows]


def names_of(actors: set[str]) -> dict[str, str]:
    """The people behind actors of the log such as `account:17`."""
    numbers = {int(actor.removeprefix("account:")) for actor in actors if actor.startswith("account:")}
    rows = db.session.execute(
        select(Account.id, Person.name).join(Person, Person.id == Account.person_id).where(Account.id.in_(numbers))
    )
    return {f"account:{number}": name for number, name in rows}


def recusals(disclosure: Disclosure) -> list[Recusal]:
    """Who stepped out of this case."""
    return list(db.session.scalars(select(Recusal).where(Recusal.disclosure_id == disclosure.id)))


def still_readable(disclosure: Disclosure, actor: Actor) -> bool:
    """Whether the officer may still open the case after an act (a recusal ends access at once)."""
    return allows(actor, Permission.READ_CASE, facts_for(disclosure, actor))


def can_be_undone(disclosure: Disclosure, now: datetime) -> bool:
    """Whether the newest decision is younger than five minutes."""
    newest = next((one for one in decisions(disclosure) if one.undone_seq is None), None)
    return newest is not None and disclosure.state is State.DECIDED and now - newest.at <= UNDO_WITHIN
