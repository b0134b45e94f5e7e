"""Who keeps and who confirms: each sees the condition alone; said, sent back, confirmed, ended early; reminders once each."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coi.errors import NotPossible
from coi.models import Letter, PlanStep, StepAside
from coi.plans import actions, standing, sweep
from coi.vocabulary import Outcome, PlanStepKind
from tests.city import apart
from tests.disclosures.steps import now
from tests.plans.made import SHOP, answered, draft, managed


def kinds(db):
    return [one.kind for one in db.session.scalars(select(Letter).order_by(Letter.id))]


def kits(cast, **more):
    """A condition that Kit keeps and Sam confirms."""
    return draft("tell_party", owner="person", owner_number=cast.kit.person.number, **more)


def test_the_owner_sees_the_condition_and_nothing_of_the_filing(sign_in, db, cast):
    plan = managed(cast, kits(cast))
    one = plan.conditions[0]
    kit, sam = sign_in("kit"), sign_in("sam")
    assert kit.get(f"/conditions/one/{one.reference}").status_code == 404, "not before the filer has answered"
    answered(plan, cast)
    page = kit.get(f"/conditions/one/{one.reference}").text
    assert "in writing that you take no part" in page
    assert "Section 4." not in page
    assert plan.disclosure.reference not in page
    assert kit.get(f"/review/{plan.disclosure.reference}").status_code == 404
    assert kit.post(f"/conditions/one/{one.reference}/done", data={"words": ""}).status_code == 422
    assert kit.post(f"/conditions/one/{one.reference}/done", data={"words": "I wrote to them."}).status_code == 303
    assert kit.post(f"/conditions/one/{one.reference}/confirm", data={}).status_code == 404
    assert "Please confirm a condition" in sam.get("/").text
    assert sam.post(f"/conditions/one/{one.reference}/send-back", data={"words": "Which day?"}).status_code == 303
    assert "Which day?" in kit.get(f"/conditions/one/{one.reference}").text
    assert kit.post(f"/conditions/one/{one.reference}/done", data={"words": "March 3."}).status_code == 303
    for _press in range(2):
        assert sam.post(f"/conditions/one/{one.reference}/confirm", data={}).status_code == 303
    db.session.expire_all()
    assert standing.standing(one, now().date()).state == standing.KEPT
    told = [step.kind for step in db.session.scalars(select(PlanStep).order_by(PlanStep.id))]
    assert told == [PlanStepKind.SAID, PlanStepKind.SENT_BACK, PlanStepKind.SAID, PlanStepKind.CONFIRMED]
    assert {"condition_given", "condition_said", "condition_back"} <= set(kinds(db))


def test_nobody_confirms_what_they_said_themselves(sign_in, db, cast):
    plan = answered(managed(cast, draft("no_city_sales", confirms="office")), cast)
    one = plan.conditions[0]
    actions.say_done(one, "I sell nothing.", cast.finn.actor, now())
    db.session.commit()
    with pytest.raises(NotPossible):
        actions.confirm(one, "", cast.finn.actor, now())
    assert sign_in("finn").post(f"/conditions/office/one/{one.reference}/confirm", data={}).status_code == 404
    assert sign_in("ada").post(f"/conditions/office/one/{one.reference}/confirm", data={}).status_code == 404
    assert sign_in("sia").post(f"/conditions/office/one/{one.reference}/confirm", data={}).status_code == 303


def test_the_office_ends_a_condition_early_with_a_reason(sign_in, db, cast):
    plan = answered(managed(cast, draft("step_aside_party"), draft("no_solicit")), cast)
    row = db.session.scalars(select(StepAside)).one()
    sia = sign_in("sia")
    reply = sia.post(f"/conditions/office/one/{plan.conditions[0].reference}/end", data={"words": ""})
    assert reply.status_code == 422
    assert sia.post(f"/conditions/office/one/{plan.conditions[0].reference}/end", data={"words": "Shop sold."}).status_code == 303
    db.session.expire_all()
    assert [one.state for one in standing.standings(plan, now().date())] == [standing.ENDED, standing.OPEN]
    assert [step.over_on is not None for step in row.steps] == [True]
    assert "condition_ended" in kinds(db)


def test_reminders_come_before_and_after_the_day_and_once(app, db, cast):
    plan = answered(managed(cast, draft("tell_party", due="30 days")), cast)
    due = plan.conditions[0].due_on
    days = {
        due - timedelta(days=20): [],
        due - timedelta(days=3): ["condition_due"],
        due + timedelta(days=1): ["condition_overdue"],
    }
    known = len(kinds(db))
    for day, expected in days.items():
        for _run in range(2):
            apart(sweep_at, app, day)
        assert kinds(db)[known:] == expected, day
        known = len(kinds(db))


def sweep_at(app, day):
    """What the worker does on a day."""
    with app.app_context():
        sweep.remind(now().replace(year=day.year, month=day.month, day=day.day))


def test_silence_and_the_year_are_told_once(app, db, cast):
    plan = managed(cast, draft("no_solicit", due="90 days"))
    apart(sweep_at, app, plan.accept_by)
    apart(sweep_at, app, plan.accept_by + timedelta(days=1))
    told = kinds(db)
    assert "plan_waits" in told
    assert "plan_unanswered" in told
    answered(plan, cast)
    day = standing.review_on(plan)
    before = kinds(db).count("plan_review")
    for _run in range(2):
        apart(sweep_at, app, day + timedelta(days=1))
    assert kinds(db).count("plan_review") == before + 1
    assert "plan_review_office" in kinds(db)
    assert standing.asked_again(plan, day + timedelta(days=1))


def test_what_is_not_allowed_holds_by_the_decision_itself(sign_in, db, cast):
    plan = managed(cast, outcome=Outcome.NOT_PERMITTED)
    assert standing.state_of(plan, now().date()) == standing.IN_FORCE
    page = sign_in("finn").get(f"/conditions/{plan.reference}").text
    assert "This holds by the decision itself." in page
    pdf = sign_in("finn").get(f"/conditions/{plan.reference}/letter.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert SHOP.encode() not in pdf.data[:100]
    register = sign_in("sam").get("/stepping-aside/").text
    assert "All City work that involves" in register
