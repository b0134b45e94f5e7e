"""All reads of review but for the queue: everything that the case page shows, and who may still read it."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from coi.db import db
from coi.disclosures.facts import facts_for
from coi.disclosures.kept import once
from coi.models import (
    Account,
    AdviceRelease,
    Assignment,
    Decision,
    Delegation,
    Disclosure,
    DisclosureVersion,
    Message,
    Obligation,
    Person,
    PolicyReceipt,
    Recommendation,
    Recusal,
    Transition,
)
from coi.rules.permissions import SYSTEM, Actor, Facts, Permission, allows
from coi.vocabulary import MessageKind, State

UNDO_WITHIN = timedelta(minutes=5)
ONE_PRESS = timedelta(minutes=1)  # the same words again within it are a double click, not a second message
CAP = 500


def case(reference: str, actor: Actor) -> tuple[Disclosure, Facts] | None:
    """A filing by its reference, with the facts of this actor."""
    disclosure = db.session.scalar(select(Disclosure).where(Disclosure.reference == reference))
    return (disclosure, facts_for(disclosure, actor)) if disclosure else None


def case_to_read(reference: str, actor: Actor) -> tuple[Disclosure, Facts] | None:
    """The same for a page that only shows: with filer and reviewer in one statement; PostgreSQL locks no row of such a join."""
    wanted = select(Disclosure).where(Disclosure.reference == reference)
    disclosure = db.session.scalar(wanted.options(joinedload(Disclosure.filer), joinedload(Disclosure.reviewer)))
    return (disclosure, facts_for(disclosure, actor)) if disclosure else None


def case_as_shown(reference: str, actor: Actor, state: str) -> tuple[Disclosure, Facts] | None:
    """A filing with the facts as the page showed them, for an act that came too late: the action tells who was faster.

    Only for who may read it, or had it until now and is free of conflict; every action asks again with the facts as they are.
    """
    found = case(reference, actor)
    if found is None or state not in set(State) or state == State.DRAFT:
        return found
    disclosure, facts = found
    readable = allows(actor, Permission.READ_CASE, facts)
    if readable and (facts.state, facts.reviewer_id) == (State(state), actor.person_id) and not facts.conflicts:
        return found  # the page showed it as it is
    if not readable and (actor.person_id is None or facts.conflicts - {"recused"} or facts.state is State.DRAFT):
        return found
    if had_it(disclosure, actor):
        return disclosure, replace(facts, state=State(state), reviewer_id=actor.person_id, conflicts=frozenset())
    return (disclosure, replace(facts, state=State(state))) if readable else found


def had_it(disclosure: Disclosure, actor: Actor) -> bool:
    """Whether the case ever lay with this person: as its reviewer, or in whose stead they acted."""
    had = select(Assignment.id).where(Assignment.disclosure_id == disclosure.id, Assignment.reviewer_id == actor.person_id)
    stood = select(Delegation.id).where(Delegation.disclosure_id == disclosure.id, Delegation.delegate_id == actor.person_id)
    return db.session.scalar(had.union(stood).limit(1)) is not None


def thread(disclosure: Disclosure, with_notes: bool) -> list[Message]:
    """The messages of a case; internal notes only for the office, with legal advice only once its solicitor released it (U46)."""
    shown: ColumnElement[bool] = Message.kind.in_([MessageKind.QUESTION, MessageKind.ANSWER])
    if with_notes:
        let_go = (Message.kind == MessageKind.LEGAL_ADVICE) & Message.id.in_(select(AdviceRelease.message_id))
        shown = or_(shown, Message.kind == MessageKind.NOTE, let_go)
    return list(
        db.session.scalars(
            select(Message)
            .where(Message.disclosure_id == disclosure.id, shown)
            .options(joinedload(Message.author))
            .order_by(Message.number)
        )
    )


def said_just_now(disclosure: Disclosure, kind: MessageKind, text: str, actor: Actor, now: datetime) -> bool:
    """Whether the newest message is these words of this person, a moment ago: one button pressed twice."""
    newest = db.session.scalar(
        select(Message).where(Message.disclosure_id == disclosure.id).order_by(Message.number.desc()).limit(1)
    )
    if newest is None or newest.author_id != actor.person_id:
        return False
    return newest.kind is kind and newest.text == text and now - newest.at < ONE_PRESS


def standing_recommendation(disclosure: Disclosure) -> Recommendation | None:
    """What was recommended and still stands."""
    standing = (
        select(Recommendation)
        .where(Recommendation.disclosure_id == disclosure.id, Recommendation.ended_seq.is_(None))
        .options(joinedload(Recommendation.by))
        .order_by(Recommendation.id.desc())
        .limit(1)
    )
    return once(("recommendation", disclosure.id), lambda: db.session.scalar(standing))


def decisions(disclosure: Disclosure) -> list[Decision]:
    """Every decision of a case, the newest first, each with what came out for each interest and what is told of it."""
    told = (Decision.by, Decision.interests, Decision.motions, Decision.referral)
    reopened = joinedload(Decision.reopenings)  # type: ignore[attr-defined]  # it comes with Reopening.decision
    rows = select(Decision).where(Decision.disclosure_id == disclosure.id).order_by(Decision.id.desc())
    return list(db.session.scalars(rows.options(reopened, *(joinedload(one) for one in told))).unique())


def signed_version(disclosure: Disclosure) -> DisclosureVersion | None:
    """The version that counts, with flags and interests."""
    signed = select(DisclosureVersion).where(
        DisclosureVersion.disclosure_id == disclosure.id, DisclosureVersion.number == disclosure.version
    )
    return once(("signed version", disclosure.id), lambda: db.session.scalar(signed))


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


def newest_assignment(disclosure: Disclosure) -> Assignment | None:
    """The last desk and reviewer that the case had, also after its decision."""
    rows = select(Assignment).where(Assignment.disclosure_id == disclosure.id).options(joinedload(Assignment.reviewer))
    return db.session.scalar(rows.order_by(Assignment.seq.desc(), Assignment.id.desc()).limit(1))


def names(people: set[int]) -> dict[int, str]:
    """Names by person id."""
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(people))).all()) if people else {}


def newest_mover(disclosure: Disclosure) -> tuple[str, datetime | None]:
    """Who moved the case last, by name, and when; what the system did by itself counts for nobody."""
    step = db.session.scalar(
        select(Transition)
        .where(Transition.disclosure_id == disclosure.id, Transition.actor != SYSTEM.name)
        .order_by(Transition.seq.desc(), Transition.id.desc())
        .limit(1)
    )
    return (names_of({step.actor}).get(step.actor, ""), step.at) if step else ("", None)


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


def can_be_undone(disclosure: Disclosure, newest: Decision | None, now: datetime) -> bool:
    """Whether the newest decision, that was not undone, is younger than five minutes."""
    return newest is not None and disclosure.state is State.DECIDED and now - newest.at <= UNDO_WITHIN
