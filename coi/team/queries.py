"""All reads of supervisors: who may be asked about whom, what is asked, and how far own reports are; no answer of a form."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from coi.campaigns.queries import as_owed
from coi.db import db
from coi.disclosures.facts import ties_of
from coi.models import Campaign, Disclosure, Obligation, Person, SupervisorQuestion
from coi.recusals.queries import Line
from coi.recusals.queries import told_to as told_of_recusals
from coi.rules.permissions import Actor, Facts
from coi.vocabulary import Standing, State

PAGE = 100


def may_be_asked(disclosure: Disclosure, actor: Actor) -> list[Person]:
    """The filer's supervisors, of the day the form was owed and of now, who may be put a question by this officer.

    Not the filer, not the officer, nobody who has left, nobody with a confirmed tie to the filer.
    """
    owed = db.session.get(Obligation, disclosure.obligation_id) if disclosure.obligation_id else None
    then = owed.supervisor_id if owed is not None else None
    wanted = [one for one in dict.fromkeys((disclosure.filer.supervisor_id, then)) if one is not None]
    wanted = [one for one in wanted if one not in (disclosure.filer_id, actor.person_id)]
    tied = tied_to(disclosure.filer_id)
    found = [db.session.get_one(Person, one) for one in wanted if one not in tied]
    return [one for one in found if one.active]


def tied_to(person_id: int) -> set[int]:
    """Everybody with a confirmed tie to a person: a relation, or an outside business that they share."""
    return {one for one, _kind in ties_of(person_id)}


def asked_of(disclosure: Disclosure) -> list[SupervisorQuestion]:
    """Every question to a supervisor about a filing, in order, with its end."""
    return list(db.session.scalars(_questions().where(SupervisorQuestion.disclosure_id == disclosure.id)))


def open_question(disclosure: Disclosure) -> SupervisorQuestion | None:
    """The one that waits for an answer."""
    wanted = _questions().where(SupervisorQuestion.disclosure_id == disclosure.id, SupervisorQuestion.closed_seq.is_(None))
    return db.session.scalar(wanted)


def question(reference: str) -> tuple[SupervisorQuestion, Facts] | None:
    """One question by its reference, owned by the supervisor who was asked; None where it is no longer theirs to answer."""
    found = db.session.scalar(_questions().where(SupervisorQuestion.reference == reference))
    if found is None or _stopped(found):
        return None
    return found, Facts(filer_id=found.filer_id, owner_id=found.supervisor_id)


def put_to(actor: Actor) -> list[SupervisorQuestion]:
    """The questions put to this person as a supervisor: what waits first, then the newest; what was taken back is gone."""
    wanted = _questions().where(SupervisorQuestion.supervisor_id == actor.person_id)
    rows = db.session.scalars(wanted.order_by(None).order_by(SupervisorQuestion.id.desc()).limit(PAGE))
    told = [one for one in rows if one.end is None or one.end.answered]
    return sorted((one for one in told if not _stopped(one)), key=lambda one: not one.is_open)


def waiting_for(actor: Actor) -> list[SupervisorQuestion]:
    """What this person is asked to answer now."""
    wanted = _questions().where(SupervisorQuestion.supervisor_id == actor.person_id, SupervisorQuestion.closed_seq.is_(None))
    return [one for one in db.session.scalars(wanted) if not _stopped(one)]


def _stopped(question: SupervisorQuestion) -> bool:
    """Whether nobody waits for the answer any more: the case is over, or a tie was confirmed after the question was put."""
    over = question.disclosure.state in (State.DECIDED, State.WITHDRAWN)
    return question.is_open and (over or question.supervisor_id in tied_to(question.filer_id))


def _questions() -> Select[SupervisorQuestion]:
    # Not joined: an answer locks its row again with the same options, and PostgreSQL locks no row of an outer join.
    return (
        select(SupervisorQuestion)
        .options(
            selectinload(SupervisorQuestion.disclosure).selectinload(Disclosure.filer),
            selectinload(SupervisorQuestion.supervisor),
            selectinload(SupervisorQuestion.asked_by),
            selectinload(SupervisorQuestion.end),
        )
        .order_by(SupervisorQuestion.id)
    )


@dataclass(frozen=True)
class Report:
    """One person who reports to the reader, and how far the yearly form is: `filed`, `not_filed`, `on_leave`, or nothing due."""

    person: Person
    standing: str


@dataclass(frozen=True)
class Team:
    """What a supervisor is shown."""

    year: int
    reports: list[Report]
    questions: list[SupervisorQuestion]
    recusals: list[Line]


def leads(actor: Actor) -> bool:
    """Whether somebody reports to this person."""
    if actor.person_id is None:
        return False
    below = select(Person.id).where(Person.supervisor_id == actor.person_id, Person.active)
    return db.session.scalar(below.limit(1)) is not None


def was_asked(actor: Actor) -> bool:
    """Whether a question of fact was ever put to this person."""
    if actor.person_id is None:
        return False
    wanted = select(SupervisorQuestion.id).where(SupervisorQuestion.supervisor_id == actor.person_id)
    return db.session.scalar(wanted.limit(1)) is not None


def mine(actor: Actor, today: date) -> tuple[Team, Facts]:
    """The reader's own reports and what is put to them; a stranger to both leads nobody."""
    if not leads(actor) and not was_asked(actor):
        return Team(0, [], [], []), Facts()
    campaign = db.session.scalar(select(Campaign).order_by(Campaign.id.desc()).limit(1))
    told = Team(campaign.year if campaign else 0, _reports(actor, campaign, today), put_to(actor), told_of_recusals(actor))
    return told, Facts(owner_id=actor.person_id, extra=frozenset({"supervisor"}))


def _reports(actor: Actor, campaign: Campaign | None, today: date) -> list[Report]:
    below = select(Person).where(Person.supervisor_id == actor.person_id, Person.active, Person.employee)
    people = list(db.session.scalars(below.order_by(Person.search_name, Person.id)))
    if campaign is None or not people:
        return [Report(one, "") for one in people]
    wanted = select(Obligation).where(
        Obligation.person_id.in_([one.id for one in people]),
        Obligation.campaign_id == campaign.id,
        Obligation.ended_seq.is_(None),
    )
    standings: dict[int, set[Standing]] = {}
    for owed in as_owed(db.session.scalars(wanted.options(joinedload(Obligation.part))), today):
        standings.setdefault(owed.obligation.person_id, set()).add(owed.standing)
    return [Report(one, in_short(standings.get(one.id, set()))) for one in people]


def in_short(standings: set[Standing]) -> str:
    """All that a supervisor may know (U47): everything filed, something not filed, on leave; blank where nothing is due."""
    if Standing.ON_LEAVE in standings:
        return "on_leave"
    if standings & {Standing.NOT_STARTED, Standing.STARTED, Standing.LATE}:
        return "not_filed"
    return "filed" if Standing.FILED in standings else ""
