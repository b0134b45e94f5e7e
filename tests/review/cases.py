"""The steps of a case as tests take them: Finn files, somebody has it, it is escalated, it is decided."""

from collections.abc import Mapping
from typing import Any

from coi.db import db
from coi.models import Absence, Disclosure, RoleGrant, Tie
from coi.review import actions, decisions
from coi.vocabulary import Outcome, Role
from tests.disclosures.steps import A_JOB, filed, now
from tests.factories import Cast, RoleGrantFactory, an_entry


def case_of(cast: Cast, name: str = "finn", answers: Mapping[str, Any] | None = A_JOB) -> Disclosure:
    """A signed filing of one of the cast, with whoever was free."""
    made = filed(cast[name].person, cast[name].actor, key=f"key of {name}", answers=answers)
    db.session.commit()
    return made


def holder(disclosure: Disclosure, cast: Cast) -> str:
    """The name of who has the case."""
    return next(name for name in cast if cast[name].person.id == disclosure.reviewer_id)


def at(disclosure: Disclosure) -> dict[str, Any]:
    """What the page would show."""
    return {"version": disclosure.version, "state": disclosure.state.value}


def escalated(cast: Cast, outcome: Outcome = Outcome.REFERRED, name: str = "finn", **more: Any) -> Disclosure:
    """A case that its reviewer escalated; a senior officer has it."""
    made = case_of(cast, name, more.pop("answers", A_JOB))
    actions.escalate(made, outcome, "please look", cast[holder(made, cast)].actor, now(), **at(made), **more)
    db.session.commit()
    return made


def decided(cast: Cast, outcome: Outcome = Outcome.NOTED) -> Disclosure:
    """A case that its reviewer closed."""
    made = case_of(cast)
    decisions.decide(made, outcome, "You may go on.", "for us", cast[holder(made, cast)].actor, now(), **at(made))
    db.session.commit()
    return made


def without(*roles: Role) -> None:
    """Nobody holds these roles any more."""
    for grant in RoleGrant.query.filter(RoleGrant.role.in_(roles)):
        grant.ended_seq = an_entry()
    db.session.commit()


def holds(cast: Cast, name: str, role: Role) -> None:
    """One of the cast is granted a role."""
    RoleGrantFactory(account=cast[name].account, role=role)
    db.session.commit()


def away(cast: Cast, name: str) -> Absence:
    """One of the cast is away today."""
    row = Absence(person_id=cast[name].person.id, away_from=now().date(), away_to=now().date(), seq=an_entry())
    db.session.add(row)
    db.session.commit()
    return row


def tie(cast: Cast, one: str, other: str, kind: str = "relation") -> None:
    """A confirmed tie of two of the cast."""
    db.session.add(Tie(person_id=cast[one].person.id, other_id=cast[other].person.id, kind=kind, seq=an_entry()))
    db.session.commit()
