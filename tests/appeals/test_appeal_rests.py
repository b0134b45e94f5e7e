"""Who has an appeal may let what was decided rest: dated, with a reason, a letter and an entry; over with the new decision."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from coi.appeals.resting import let_rest, may_rest
from coi.errors import NotPossible, Refused
from coi.models import AppealRest, AuditEntry, Letter, StepAside
from coi.plans import standing, sweep
from coi.recusals.queries import over_on
from coi.review import decisions
from coi.vocabulary import Outcome
from tests.appeals.appealing import appealed, burdened, decision_of
from tests.disclosures.steps import now
from tests.plans.made import answered, plan_of
from tests.review.cases import at, holder

WHY = "The contract in question ends this week anyway."


def in_force(cast):
    made = burdened(cast)
    return made, answered(plan_of(made), cast)


def test_it_rests_by_a_press_is_told_everywhere_and_ends_with_the_decision(sign_in, db, cast):
    made, plan = in_force(cast)
    (row,) = db.session.scalars(select(StepAside)).all()
    appeal = appealed(cast, made)
    officer = sign_in(holder(made, cast))
    url = f"/review/{made.reference}/let-rest"
    assert url in officer.get(f"/review/{made.reference}").text
    empty = officer.post(url, data={**at(made), "reason": " "})
    assert empty.status_code == 422
    assert "let_rest-reason-error" in empty.text
    for _press in range(2):
        assert officer.post(url, data={**at(made), "reason": WHY}).status_code == 302
    kept = db.session.scalars(select(AppealRest)).one()
    assert (kept.appeal_id, kept.reason) == (appeal.id, WHY)
    entry = db.session.get(AuditEntry, kept.seq)
    assert (entry.event, WHY in entry.details) == ("disclosure:appeal_rests", False)
    letter = db.session.scalars(select(Letter).where(Letter.kind == "appeal_rests")).one()
    assert letter.person_id == cast.finn.person.id
    assert "ends this week" not in letter.text
    page = officer.get(f"/review/{made.reference}").text
    assert WHY in page
    assert url not in page, "once is enough"
    finn = sign_in("finn")
    assert WHY in finn.get(f"/filings/{made.reference}/appeal/receipt").text
    assert "does not bind you until your appeal is decided" in finn.get(f"/conditions/{plan.reference}").text
    assert standing.state_of(plan, now().date()) == standing.RESTS
    assert {one.state for one in standing.standings(plan, now().date())} == {standing.RESTS}
    assert over_on(row) is None, "the notices are not ended"
    assert sweep.remind(now() + timedelta(days=60)) == 0, "nobody is reminded of what rests"
    decisions.decide(made, Outcome.NOTED, "No part in it.", "", cast[holder(made, cast)].actor, now(), **at(made))
    db.session.commit()
    assert standing.state_of(plan, now().date()) == standing.OVER


def test_without_an_appeal_a_second_hand_or_a_reason_nothing_rests(sign_in, db, cast):
    made, plan = in_force(cast)
    first = decision_of(made).by
    assert not may_rest(made)
    appealed(cast, made)
    other = cast[holder(made, cast)].actor
    decider = next(cast[name] for name in ("sia", "sol") if cast[name].person.id == first.id)
    with pytest.raises(NotPossible):
        let_rest(made, WHY, decider.actor, now(), **at(made))
    with pytest.raises(Refused) as refusal:
        let_rest(made, "  ", other, now(), **at(made))
    assert refusal.value.field == "reason"
    assert db.session.scalars(select(AppealRest)).all() == []
    let_rest(made, WHY, other, now(), **at(made))
    db.session.commit()
    for column, wrong, name in (
        ("by_id", first.id, "who_decided_does_not_let_it_rest"),
        ("by_id", cast.finn.person.id, "nobody_lets_their_own_rest"),
        ("reason", "", "who_lets_it_rest_says_why"),
    ):
        row = db.session.execute(select(AppealRest.__table__)).mappings().one()
        with pytest.raises(IntegrityError, match=name):
            db.session.execute(AppealRest.__table__.insert().values({**row, "id": 99, "appeal_id": 98, column: wrong}))
        db.session.rollback()
    assert standing.state_of(plan, now().date()) == standing.RESTS
