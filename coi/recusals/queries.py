"""All reads of the register of who stepped aside, each as far as the reader may see: the party is not for supervisors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from coi.db import db
from coi.disclosures.facts import conflicts_with
from coi.models import Disclosure, Person, StepAside, StepAsideLink, StepAsideStep
from coi.rules.lifecycle import OPEN
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.rules.questions import is_auditor, is_office
from coi.vocabulary import Origin

PAGE = 100
OFFERED = 100


@dataclass(frozen=True)
class Line:
    """One row of the register as one reader may see it; `party` is None where it is not for this reader."""

    recusal: StepAside
    party: str | None
    stand_in: Person | None
    over_on: date | None


def recusal_for(reference: str, actor: Actor) -> tuple[StepAside, Facts] | None:
    """One row of the register by its reference, with the facts of this actor."""
    found = db.session.scalar(_rows().where(StepAside.reference == reference))
    return (found, facts_of(found, actor)) if found is not None else None


def facts_of(recusal: StepAside, actor: Actor) -> Facts:
    """Whose it is, who is told of it, and what keeps a colleague of the office from reading it."""
    told = set()
    if actor.person_id is not None:
        # Who leads the person now, and who did on that day: a change of the roster takes the notice from nobody.
        if actor.person_id in (recusal.supervisor_id, recusal.person.supervisor_id):
            told.add("supervisor")
        standing = stand_in(recusal)
        if standing is not None and standing.id == actor.person_id:
            told.add("stand_in")
    conflicts: frozenset[str] = frozenset()
    if actor.person_id is not None:
        conflicts = conflicts_with(recusal.person_id, [actor.person_id]).get(actor.person_id, frozenset())
    return Facts(filer_id=recusal.person_id, owner_id=recusal.person_id, conflicts=conflicts, extra=frozenset(told))


def sees_the_party(recusal: StepAside, actor: Actor) -> bool:
    """The own one, and the ethics office where it is free of conflict; masked for auditors, never for a supervisor (U32)."""
    if actor.person_id == recusal.person_id:
        return True
    facts = facts_of(recusal, actor)
    return is_office(actor, facts) and not facts.conflicts and not is_auditor(actor, facts)


def stand_in(recusal: StepAside) -> Person | None:
    """Who handles the matter now."""
    return next((step.stand_in for step in reversed(recusal.steps) if step.stand_in_id is not None), None)


def over_on(recusal: StepAside) -> date | None:
    """From which day it is over."""
    return next((step.over_on for step in reversed(recusal.steps) if step.over_on is not None), None)


def may_step_back(recusal: StepAside) -> bool:
    """Whether who stepped aside may say that it is over: an own wish; also what a review asked for, once there is no review."""
    if recusal.origin is Origin.OWN:
        return True
    if recusal.origin is not Origin.INTERIM:
        return False
    of = select(Disclosure.state).join(StepAsideLink, StepAsideLink.disclosure_id == Disclosure.id)
    return db.session.scalar(of.where(StepAsideLink.step_aside_id == recusal.id)) not in OPEN


def mine(person_id: int) -> list[Line]:
    """Everything that a person stepped aside from, the newest first."""
    rows = db.session.scalars(_rows().where(StepAside.person_id == person_id).order_by(StepAside.id.desc()))
    return [Line(one, one.party, stand_in(one), over_on(one)) for one in rows]


def told_to(actor: Actor) -> list[Line]:
    """What this person was told of: as supervisor, then or now, or as who stands in; never with the party."""
    below = select(Person.id).where(Person.supervisor_id == actor.person_id)
    standing = select(StepAsideStep.step_aside_id).where(StepAsideStep.stand_in_id == actor.person_id)
    wanted = _rows().where(
        or_(StepAside.supervisor_id == actor.person_id, StepAside.person_id.in_(below), StepAside.id.in_(standing)),
        StepAside.person_id != actor.person_id,
    )
    rows = db.session.scalars(wanted.order_by(StepAside.id.desc()).limit(PAGE))
    may = (Permission.STEP_ASIDE_READ,)
    return [Line(one, None, stand_in(one), over_on(one)) for one in rows if allows(actor, *may, facts_of(one, actor))]


def register(actor: Actor, before: str = "") -> tuple[list[Line], str]:
    """The register for the office and for auditors, the newest first; gives the rows and where the next page begins."""
    wanted = _rows().where(StepAside.person_id != actor.person_id).order_by(StepAside.id.desc()).limit(PAGE + 1)
    if before:
        place = db.session.scalar(select(StepAside.id).where(StepAside.reference == before))
        wanted = wanted.where(StepAside.id < place) if place is not None else wanted
    rows = list(db.session.scalars(wanted))
    after = rows[PAGE - 1].reference if len(rows) > PAGE else ""
    return list(_lines(rows[:PAGE], actor)), after


def notices(actor: Actor, on: date, over: bool, before: str = "") -> tuple[list[Line], str]:
    """Who stays out of what now, or what is over, never with the party; gives the rows and where the next page begins."""
    ended = select(StepAsideStep.step_aside_id).where(StepAsideStep.over_on <= on)
    wanted = _rows().where(StepAside.id.in_(ended) if over else StepAside.id.not_in(ended)).order_by(StepAside.id.desc())
    if before:
        place = db.session.scalar(select(StepAside.id).where(StepAside.reference == before))
        wanted = wanted.where(StepAside.id < place) if place is not None else wanted
    rows = list(db.session.scalars(wanted.limit(PAGE + 1)))
    after = rows[PAGE - 1].reference if len(rows) > PAGE else ""
    may = (Permission.RECUSAL_NOTICE,)
    shown = [one for one in rows[:PAGE] if allows(actor, *may, facts_of(one, actor))]
    return [Line(one, None, stand_in(one), over_on(one)) for one in shown], after


def _lines(rows: Iterable[StepAside], actor: Actor) -> Iterable[Line]:
    for one in rows:
        if allows(actor, Permission.STEP_ASIDE_READ, facts_of(one, actor)):
            yield Line(one, one.party if sees_the_party(one, actor) else None, stand_in(one), over_on(one))


def offered(recusal: StepAside, actor: Actor) -> list[Person]:
    """Who is near at hand to stand in: the supervisor, and who reports to the same supervisor."""
    lead = recusal.person.supervisor_id or recusal.supervisor_id
    near = or_(Person.supervisor_id == lead, Person.id == lead) if lead is not None else Person.id == actor.person_id
    wanted = select(Person).where(
        near, Person.active, Person.employee, Person.id != recusal.person_id, Person.number.is_not(None)
    )
    return list(db.session.scalars(wanted.order_by(Person.name, Person.id).limit(OFFERED)))


def _rows() -> Select[StepAside]:
    return select(StepAside).options(
        joinedload(StepAside.person),
        joinedload(StepAside.supervisor),
        selectinload(StepAside.steps).joinedload(StepAsideStep.stand_in),
    )
