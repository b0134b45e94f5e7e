"""A final body for tests: members who are no employees, a recorder, and the steps of a case before it."""

from typing import Any

from coi.accounts.door import actor_of
from coi.ballots import Ballot, MotionKind
from coi.db import db
from coi.meetings import actions, motions
from coi.models import Disclosure, Meeting
from coi.plans.drafting import Terms
from coi.rules.permissions import Actor
from coi.vocabulary import Outcome, Role
from tests.disclosures.steps import now
from tests.factories import AccountFactory, Cast, Member, PersonFactory, RoleGrantFactory
from tests.review.cases import at, escalated

NAMES = ("Abel", "Bea", "Cleo", "Dov", "Edda", "Fay", "Gus")


def actor(member: Member) -> Actor:
    """Who acts, with the roles held now."""
    return actor_of(member.account, now().date())


def a_body(cast: Cast, count: int = 5) -> list[Member]:
    """Members in the order of the alphabet, `cast["abel"]` and so on; nobody of them is an employee."""
    made = []
    for name in NAMES[:count]:
        person = PersonFactory(number=None, name=f"{name} Member", email=f"{name.lower()}@city.example", employee=False)
        account = AccountFactory(person=person)
        RoleGrantFactory(account=account, role=Role.COMMISSIONER)
        made.append(Member(account))
        cast.members[name.lower()] = made[-1]
    db.session.commit()
    return made


def a_recorder(cast: Cast, name: str = "kit") -> Member:
    """One of the cast records the meetings."""
    RoleGrantFactory(account=cast[name].account, role=Role.RECORDER)
    db.session.commit()
    return cast[name]


def sent(cast: Cast, name: str = "finn", outcome: Outcome = Outcome.NOT_PERMITTED, **more: Any) -> Disclosure:
    """An escalated case that a senior officer sent to the body."""
    made = escalated(cast, outcome, name, **more)
    held_by = next(one for one in cast if cast[one].person.id == made.reviewer_id)
    words = "May this job go on?", outcome, "It sells to the filer's own department."
    actions.send(made, *words, ["step_aside_party"], cast[held_by].actor, now(), **at(made))
    db.session.commit()
    return made


def held(recorder: Member, present: list[Member]) -> Meeting:
    """A meeting of today."""
    made = actions.enter_meeting(now().date(), "Book 2026, page 41", {one.person.id for one in present}, actor(recorder), now())
    db.session.commit()
    return made


def moved(present: list[Member], said: str, **more: Any) -> motions.Moved:
    """A motion of the first two; `said` holds a letter for each vote: y, n, a, r."""
    ballots = {"y": Ballot.YES, "n": Ballot.NO, "a": Ballot.ABSTAINS, "r": Ballot.RECUSED}
    pairs = zip(present, said, strict=False)
    votes = {one.person.id: (ballots[letter], "wants to know more" if letter == "a" else "") for one, letter in pairs}
    told: dict[str, Any] = {"outcome": Outcome.NOT_PERMITTED, "reason": "The rule on outside work does not allow it."}
    told["terms"] = Terms("Code, section 4")
    who = present[0].person.id, present[1].person.id
    return motions.Moved(more.pop("kind", MotionKind.DECIDE), more.pop("text", "That it stop."), *who, votes, **{**told, **more})
