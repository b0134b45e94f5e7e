"""An appeal: once, by the filer, to who neither decided nor recommended; the decision stands until it is answered."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from coi.appeals import actions, queries
from coi.errors import NotPossible, SomebodyWasFaster
from coi.meetings.motions import enter_motion
from coi.models import Appeal, AppealAnswer, Assignment, AuditEntry, Letter
from coi.plans import standing
from coi.plans.drafting import Terms
from coi.profiles.current import today
from coi.review import decisions
from coi.review.assignment import offered
from coi.vocabulary import AppealEffect, Because, Outcome, PlanAnswered, Role, State
from tests.appeals.appealing import WHY, appealed, burdened, decision_of
from tests.disclosures.steps import now
from tests.meetings.body import a_body, a_recorder, actor, held, moved, sent
from tests.plans.made import answered, draft, plan_of
from tests.review.cases import at, away, decided, escalated, holder, holds


def seniors(cast, made) -> tuple[str, str]:
    """Who decided, and the other senior officer."""
    first = next(name for name in ("sia", "sol") if cast[name].person.id == decision_of(made).by_id)
    return first, {"sia": "sol", "sol": "sia"}[first]


def anew(cast, made, by, outcome=Outcome.NOTED, **more):
    more = {"terms": Terms("Code, section 4"), **at(made), **more}
    return decisions.decide(made, outcome, "Looked at again.", "", cast[by].actor, now(), **more)


@pytest.mark.parametrize(
    ("outcome", "said", "words"),
    [
        (Outcome.MANAGED, None, "you did not accept its conditions, so they do not bind you"),
        (Outcome.MANAGED, PlanAnswered.DECLINED, "you did not accept its conditions, so they do not bind you"),
        (Outcome.MANAGED, PlanAnswered.ACCEPTED, "the conditions that you accepted still bind you"),
        (Outcome.NOT_PERMITTED, None, "what is not allowed stays so, and its days count"),
    ],
)
def test_the_page_says_what_holds_while_the_appeal_runs(sign_in, db, cast, outcome, said, words):
    made = burdened(cast, outcome)
    if said is not None:
        answered(plan_of(made), cast, said, "no" if said is PlanAnswered.DECLINED else "")
    finn = sign_in("finn")
    assert words in finn.get(f"/filings/{made.reference}/appeal").text
    appealed(cast, made)
    assert words in finn.get(f"/filings/{made.reference}/appeal/receipt").text


def test_an_appeal_on_the_pages(sign_in, db, cast):
    made = burdened(cast)
    first, other = seniors(cast, made)
    finn = sign_in("finn")
    assert f"/filings/{made.reference}/appeal" in finn.get(f"/filings/{made.reference}").text
    assert f"/filings/{made.reference}/appeal" in finn.get(f"/conditions/{decision_of(made).reference}").text
    page = finn.get(f"/filings/{made.reference}/appeal").text
    for words in ("April 1, 2026", "somebody who neither decided nor recommended it", "so they do not bind you"):
        assert words in page
    told = {"decision": decision_of(made).reference, "reason": WHY}
    empty = finn.post(f"/filings/{made.reference}/appeal", data=told | {"reason": "  "})
    assert empty.status_code == 422
    assert "Write why you appeal." in empty.text
    reply = finn.post(f"/filings/{made.reference}/appeal", data=told)
    assert reply.status_code == 303
    receipt = finn.get(reply.location).text
    appeal = db.session.scalars(select(Appeal)).one()
    assert appeal.reference in receipt
    assert appeal.sha256 in receipt
    assert cast[other].person.name in receipt
    assert "You appealed on March 2, 2026" in finn.get(f"/filings/{made.reference}").text
    assert (made.state, made.reviewer_id) == (State.ESCALATED, cast[other].person.id)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "disclosure:appealed")).one()
    assert appeal.sha256 in entry.details
    assert "mother" not in entry.details
    kinds = dict(db.session.execute(select(Letter.kind, Letter.person_id).where(Letter.kind.startswith("appeal"))).all())
    assert kinds == {"appeal_received": cast.finn.person.id, "appealed": cast[other].person.id}
    assert "mother" not in "".join(db.session.scalars(select(Letter.text)))
    shown = sign_in(other).get(f"/review/{made.reference}").text
    assert "The shop is my mother&#39;s, &lt;b&gt;I&lt;/b&gt;" in shown
    assert shown.index("The shop is my mother") < shown.index('id="decisions"')
    assert cast[first].person.name in shown
    assert 'id="act-decide"' in shown
    assert 'id="act-hand_back"' not in shown
    assert "Appealed on March 2, 2026" in sign_in(other).get("/review/").text
    assert "Decide the appeal" in sign_in(other).get("/review/").text


def test_who_decided_or_recommended_takes_no_part(sign_in, db, cast):
    made = burdened(cast)
    first, other = seniors(cast, made)
    reader = next(name for name in ("olu", "ren") if cast[name].person.id == decision_of(made).recommended_by_id)
    appealed(cast, made)
    for name in (first, reader):
        client = sign_in(name)
        page = client.get(f"/review/{made.reference}")
        assert 'id="act-decide"' not in page.text
        assert (
            client.post(f"/review/{made.reference}/decide", data={**at(made), "outcome": "noted", "reason": "x"}).status_code
            == 404
        )
        with pytest.raises(NotPossible):
            anew(cast, made, name)
    assert cast[first].person.id not in offered(made, now())
    passed = db.session.scalars(select(Assignment).where(Assignment.ended_seq.is_(None))).one()
    assert (passed.because, passed.reviewer_id) == (Because.APPEALED, cast[other].person.id)
    assert [cast[first].person.id, "decided"] in passed.passed_over


def test_the_table_refuses_who_decided_first(db, cast):
    made = burdened(cast)
    appeal = appealed(cast, made)
    first = appeal.decided_by_id
    row = AppealAnswer(appeal_id=appeal.id, decision_id=appeal.decision_id, effect=AppealEffect.UPHELD, by_id=first)
    row.first_by_id, row.at, row.seq = first, now(), appeal.seq
    db.session.add(row)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_nobody_free_waits_and_says_so(sign_in, db, cast):
    made = burdened(cast)
    away(cast, seniors(cast, made)[1])
    appealed(cast, made)
    assert (made.state, made.reviewer_id, made.desk) == (State.ESCALATED, None, "chief")
    told = sign_in("finn").get(f"/filings/{made.reference}/appeal/receipt").text
    assert "nobody there is free now, so it waits" in told


def test_once_and_in_one_press(sign_in, db, cast):
    made = burdened(cast)
    told = {"decision": decision_of(made).reference, "reason": WHY}
    finn = sign_in("finn")
    replies = [finn.post(f"/filings/{made.reference}/appeal", data=told) for _press in range(2)]
    assert [one.status_code for one in replies] == [303, 303]
    other_tab = finn.post(f"/filings/{made.reference}/appeal", data=told | {"reason": "Other words of mine."})
    assert other_tab.status_code == 409
    assert "You appealed this decision already, on March 2, 2026" in other_tab.text
    assert "Other words of mine." in other_tab.text
    assert db.session.scalar(select(func.count()).select_from(Appeal)) == 1
    assert db.session.scalar(select(func.count()).where(Letter.kind == "appeal_received")) == 1


def test_who_reads_a_decision_that_stands_no_more_is_told(sign_in, db, cast):
    made = burdened(cast)
    shown = decision_of(made)
    decisions.undo(made, cast[seniors(cast, made)[0]].actor, now())
    db.session.commit()
    reply = sign_in("finn").post(f"/filings/{made.reference}/appeal", data={"decision": shown.reference, "reason": WHY})
    assert reply.status_code == 409
    assert "does not stand as it did" in reply.text
    assert "The shop is my mother" in reply.text
    assert db.session.scalars(select(Appeal)).all() == []


def test_an_old_sign_in_is_asked_again_and_keeps_the_text(sign_in, cast):
    made = burdened(cast)
    finn = sign_in("finn", ago=timedelta(minutes=61))
    reply = finn.post(f"/filings/{made.reference}/appeal", data={"decision": decision_of(made).reference, "reason": WHY})
    assert reply.status_code == 422
    assert "The shop is my mother" in reply.text
    assert made.state is State.DECIDED


@pytest.mark.parametrize("outcome", [Outcome.NOTED, Outcome.NO_CONFLICT])
def test_what_asks_nothing_is_not_appealed(sign_in, db, cast, outcome):
    made = decided(cast, outcome)
    finn = sign_in("finn")
    assert "/appeal" not in finn.get(f"/filings/{made.reference}").text
    assert "There is nothing to appeal" in finn.get(f"/filings/{made.reference}/appeal").text
    reply = finn.post(f"/filings/{made.reference}/appeal", data={"decision": decision_of(made).reference, "reason": WHY})
    assert reply.status_code == 422
    assert made.state is State.DECIDED


def test_conditions_bind_meanwhile_and_a_new_decision_takes_their_place(sign_in, db, cast):
    made = burdened(cast)
    plan = answered(plan_of(made), cast, PlanAnswered.ACCEPTED)
    first, other = seniors(cast, made)
    appealed(cast, made)
    assert standing.state_of(plan, today(now())) == standing.IN_FORCE
    assert (made.outcome, plan.decision.undone_seq) == (Outcome.MANAGED, None)
    new = anew(cast, made, other)
    db.session.commit()
    answer = db.session.scalars(select(AppealAnswer)).one()
    assert (answer.decision_id, answer.effect, answer.by_id) == (new.id, AppealEffect.CHANGED, cast[other].person.id)
    assert standing.state_of(plan, today(now())) == standing.OVER
    letter = db.session.scalars(select(Letter).where(Letter.kind == "appeal_decided")).one()
    assert letter.subject == "Your appeal was decided"
    assert "court" in letter.text
    finn = sign_in("finn")
    page = finn.get(f"/filings/{made.reference}").text
    assert "Decided on your appeal: it was changed." in page
    assert "How to appeal" not in page
    assert "This was decided on your appeal" in finn.get(f"/filings/{made.reference}/appeal").text
    assert "on appeal: it was changed" in sign_in(first).get(f"/review/{made.reference}").text


def test_the_same_again_is_upheld_and_can_not_be_appealed(sign_in, db, cast):
    made = burdened(cast)
    appealed(cast, made)
    other = holder(made, cast)
    plan = [draft("step_aside_party"), draft("report_change", due="10 business days after the change")]
    new = anew(cast, made, other, Outcome.MANAGED, plan=plan)
    db.session.commit()
    assert db.session.scalars(select(AppealAnswer.effect)).one() is AppealEffect.UPHELD
    assert db.session.scalars(select(Letter).where(Letter.kind == "appeal_decided_managed")).one()
    assert queries.until_of(new) is None
    assert "you can appeal" not in sign_in("finn").get(f"/conditions/{new.reference}").text
    with pytest.raises(NotPossible):
        actions.appeal(made, WHY, cast.finn.actor, now(), decision=new.reference, language="en")


def test_an_undone_answer_leaves_the_appeal_open(db, cast):
    made = burdened(cast)
    appeal = appealed(cast, made)
    other = holder(made, cast)
    anew(cast, made, other)
    decisions.undo(made, cast[other].actor, now())
    assert (made.state, made.outcome, queries.open_appeal(made)) == (State.ESCALATED, Outcome.MANAGED, appeal)
    assert queries.answered(appeal) is None
    anew(cast, made, other, Outcome.EXEMPT)
    assert queries.answered(appeal).decision.outcome is Outcome.EXEMPT


def test_of_a_city_with_few_officers_the_next_desk_has_it(db, cast):
    made = burdened(cast)
    holds(cast, "kit", Role.COMMISSIONER)
    away(cast, seniors(cast, made)[1])
    appealed(cast, made)
    assert (made.desk, made.reviewer_id, made.state) == ("commission", None, State.ESCALATED)


def test_what_the_final_body_decided_goes_back_to_it(sign_in, db, cast):
    members, recorder = a_body(cast), a_recorder(cast)
    made = sent(cast)
    meeting = held(recorder, members)
    body = {"version": made.version, "state": made.state.value}
    enter_motion(meeting, made, moved(members, "yyyyn"), actor(recorder), now(), **body)
    db.session.commit()
    page = sign_in("finn").get(f"/filings/{made.reference}/appeal").text
    assert "it decided at a meeting, and decides again at one" in page
    appeal = appealed(cast, made)
    assert (appeal.to_body, appeal.decided_by_id, made.desk, made.reviewer_id) == (True, None, "commission", None)
    assert made.state is State.ESCALATED
    for name in ("sia", "sol", "abel"):
        with pytest.raises(NotPossible):
            decisions.decide(made, Outcome.NOTED, "x", "", actor(cast[name]), now(), **at(made))
    assert "The shop is my mother" in sign_in("sia").get(f"/meetings/cases/{made.reference}").text
    again = moved(members, "yyyyy", outcome=Outcome.NOTED, reason="We heard the filer.", text="That it be noted.")
    enter_motion(meeting, made, again, actor(recorder), now(), **at(made))
    assert queries.answered(appeal).effect is AppealEffect.CHANGED
    assert made.state is State.DECIDED


def test_only_the_filer_appeals(db, cast):
    made = burdened(cast)
    for name in ("sam", "olu", "sia", "kit", "ada", "dee"):
        with pytest.raises(NotPossible):
            actions.appeal(made, WHY, cast[name].actor, now(), decision=decision_of(made).reference, language="en")
    assert made.state is State.DECIDED


def test_a_filing_that_is_not_decided_has_nothing_to_appeal(sign_in, db, cast):
    made = escalated(cast)
    assert "there is no decision to appeal" in sign_in("finn").get(f"/filings/{made.reference}/appeal").text
    with pytest.raises(SomebodyWasFaster):
        actions.appeal(made, WHY, cast.finn.actor, now(), decision="DEC-NOTHIN", language="en")
    assert db.session.scalars(select(Appeal)).all() == []
