"""The papers that a filer added, before the body: members open them after declaring, and nobody before."""

import pytest
from sqlalchemy import select

from coi.disclosures import actions as filing
from coi.disclosures.signing import sign
from coi.meetings import actions
from coi.models import Attachment
from coi.review import actions as review
from coi.review.assignment import put_before_the_body
from coi.rules.routing import Route
from coi.vocabulary import Because, Outcome
from tests.attachments.steps import A_JOB_WITH_KEY, here, send
from tests.disclosures.steps import complete, now, owed, signature
from tests.meetings.body import a_body, a_recorder, actor
from tests.review.cases import at, holder


@pytest.fixture
def body(cast):
    return a_body(cast)


@pytest.fixture
def recorder(cast):
    return a_recorder(cast)


def test_a_member_opens_the_filers_papers_after_declaring_and_nobody_before(sign_in, db, cast, body, recorder, lies_there):
    paper, made = lies_there
    address = f"/attachments/{paper.reference}"
    assert [sign_in(name).get(address).status_code for name in ("abel", "kit")] == [404, 404]
    actions.declare(made, False, "", actor(body[0]), now(), **at(made))
    db.session.commit()
    assert address in sign_in("abel").get(f"/meetings/cases/{made.reference}").text
    assert sign_in("abel").get(address).status_code == 200
    assert sign_in("bea").get(address).status_code == 404
    assert address not in sign_in("bea").get(f"/meetings/cases/{made.reference}").text


@pytest.fixture
def lies_there(db, cast, sign_in, body, recorder):
    """Finn's signed form with a paper, before the body."""
    made = filing.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(made, cast.finn.actor, **A_JOB_WITH_KEY)
    db.session.commit()
    assert send(sign_in("finn"), here(made)).status_code == 303
    sign(made, signature(), cast.finn.actor, now())
    review.escalate(made, Outcome.NOTED, "look", cast[holder(made, cast)].actor, now(), **at(made))
    put_before_the_body(made, Route("commission", Because.SENT_UP), [], cast.sia.actor, now())
    db.session.commit()
    return db.session.scalars(select(Attachment)).one(), made
