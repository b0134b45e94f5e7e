"""What walks in any order (tests/faults/test_any_order.py) found, each held by a small test of its own."""

import pytest

from coi.disclosures import actions as filer_s
from coi.errors import Refused
from coi.review import actions, batches, together
from coi.vocabulary import Kind, LeftOut, Outcome, Risk, State
from tests.disclosures.steps import now
from tests.factories import PersonFactory, filing
from tests.meetings.body import a_body, actor
from tests.review.cases import at

ROUTINE = len(Risk) - 1 - Risk.NONE.rank


def test_no_member_of_the_body_decides_alone_by_deciding_together(db, cast):
    abel = a_body(cast, 1)[0]
    made = filing(PersonFactory(title="Mayor"), State.IN_REVIEW, abel.person, desk="commission", rank=ROUTINE, nil=True)
    assert together.groups(actor(abel), "mine", least=1) == []
    made.desk = "ethics"  # when it was begun; then it came before the body
    db.session.flush()
    (group,) = together.groups(actor(abel), "mine", least=1)
    batch = batches.begin(group, [made.reference], "once", actor(abel), now())
    made.desk = "commission"
    db.session.flush()
    member = batch.members[0]
    facts = batches._facts(made, False, actor(abel))
    assert batches._changed(member, made, facts, actor(abel)) is LeftOut.GIVEN_AWAY
    with pytest.raises(Refused):  # the sample is not confirmed either
        batches.decide(batch, Outcome.NOTED, "alone", "", actor(abel), now())
    assert made.state is State.IN_REVIEW


def test_who_withdrew_is_waited_for_no_more(db, cast):
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, kind=Kind.GIFT)
    actions.ask(made, "from whom?", cast.olu.actor, now(), **at(made))
    assert made.waiting_on_filer_since is not None
    filer_s.withdraw(made, cast.finn.actor, now())
    assert (made.state, made.waiting_on_filer_since) == (State.WITHDRAWN, None)
