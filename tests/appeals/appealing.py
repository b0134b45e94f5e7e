"""Appeals as tests take them: Finn was burdened by a decision, appeals it, and somebody else has it."""

from datetime import datetime

from coi.appeals import actions, queries
from coi.db import db
from coi.models import Appeal, Decision, Disclosure
from coi.vocabulary import Outcome
from tests.disclosures.steps import now
from tests.factories import Cast
from tests.plans.made import managed

WHY = "The shop is my mother's, <b>I</b> have no part in it."


def burdened(cast: Cast, outcome: Outcome = Outcome.MANAGED) -> Disclosure:
    """A case of Finn's that a senior officer decided with conditions."""
    return managed(cast, outcome=outcome).disclosure


def decision_of(disclosure: Disclosure) -> Decision:
    """The decision that stands."""
    found = queries.standing_decision(disclosure)
    assert found is not None
    return found


def appealed(cast: Cast, disclosure: Disclosure, why: str = WHY, when: datetime | None = None) -> Appeal:
    """Finn's appeal of the decision that stands."""
    told = {"decision": decision_of(disclosure).reference, "language": "en"}
    made = actions.appeal(disclosure, why, cast.finn.actor, when or now(), **told)
    db.session.commit()
    return made
