"""Every act on a case, through the door: it works, it refuses, it keeps what was typed, it does nothing twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coi.disclosures import actions as filing
from coi.disclosures.facts import open_assignment
from coi.disclosures.signing import sign
from coi.models import AuditEntry, Letter, Message, PriorityRow, Recommendation, Recusal, Tie
from coi.plans.drafting import Terms
from coi.review import actions, decisions
from coi.vocabulary import MessageKind, Outcome, Risk, State
from tests.disclosures.steps import now, signature
from tests.review.cases import at, case_of, decided, escalated, holder


def post(sign_in, cast, disclosure, act, name=None, **data):
    """What the holder's browser, or another's, gets for an act on the page as it is."""
    sent = {key: str(value) for key, value in {**at(disclosure), **data}.items()}
    return sign_in(name or holder(disclosure, cast)).post(f"/review/{disclosure.reference}/{act}", data=sent)


def events(db):
    return list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.seq)))


def letters(db, kind):
    return db.session.scalars(select(Letter).where(Letter.kind == kind)).all()


def test_a_question_reaches_the_filer_and_stops_the_clock(sign_in, db, cast):
    made = case_of(cast)
    reply = post(sign_in, cast, made, "ask", text="Which days do you work there?", about="outside_work")
    assert reply.status_code == 302
    assert (made.state, made.waiting_on_filer_since) == (State.IN_REVIEW, now())
    told = db.session.scalar(select(Message))
    assert (told.kind, told.text, told.question_id) == (MessageKind.QUESTION, "Which days do you work there?", "outside_work")
    assert [one.person_id for one in letters(db, "question")] == [cast.finn.person.id]
    assert "Which days" not in letters(db, "question")[0].text
    page = sign_in("finn").get(f"/filings/{made.reference}").text
    assert "Which days do you work there?" in page


def test_the_answer_starts_the_clock_again_with_the_days_that_were_lost(sign_in, db, cast, clock):
    made = case_of(cast)
    due = made.due_at
    post(sign_in, cast, made, "ask", text="Which days?")
    clock.shift(timedelta(days=3))
    actions.answer(made, "Sundays", cast.finn.actor, now())
    assert made.waiting_on_filer_since is None
    assert made.due_at == due + timedelta(days=3)


def test_a_question_without_words_asks_nothing(sign_in, db, cast):
    made = case_of(cast)
    reply = post(sign_in, cast, made, "ask", text="   ")
    assert reply.status_code == 422
    assert "Write the question." in reply.text
    assert db.session.scalar(select(Message)) is None


def test_sending_back_without_a_reason_changes_nothing(sign_in, db, cast):
    made = case_of(cast)
    before = events(db)
    reply = post(sign_in, cast, made, "return", reason="")
    assert reply.status_code == 422
    assert made.state is State.IN_REVIEW
    assert events(db) == before


def test_what_is_sent_back_goes_to_the_filer_with_the_reason(sign_in, db, cast):
    made = case_of(cast)
    assert post(sign_in, cast, made, "return", reason="Name the company in full.").status_code == 302
    assert made.state is State.RETURNED
    assert "Name the company in full." in sign_in("finn").get(f"/filings/{made.reference}").text
    assert len(letters(db, "returned")) == 1


def test_sending_back_an_escalated_case_ends_the_recommendation(sign_in, db, cast):
    made = escalated(cast)
    assert post(sign_in, cast, made, "return", reason="Name the company.").status_code == 302
    assert db.session.scalar(select(Recommendation).where(Recommendation.ended_seq.is_(None))) is None


def test_escalating_gives_the_case_to_a_second_person_who_gets_a_letter(sign_in, db, cast):
    made = case_of(cast)
    olu = holder(made, cast)
    data = {"outcome": "managed", "reasoning": "The vendor is ours.", "conditions": "step_aside_party"}
    assert post(sign_in, cast, made, "escalate", **data).status_code == 302
    assert made.state is State.ESCALATED
    second = holder(made, cast)
    assert second in ("sia", "sol")
    assert [one.person_id for one in letters(db, "escalated")] == [cast[second].person.id]
    page = sign_in(second).get(f"/review/{made.reference}").text
    assert page.index("The vendor is ours.") < page.index("What to look at")
    assert sign_in(olu).get(f"/review/{made.reference}").status_code == 200
    assert sign_in(olu).get("/review/?whose=escalated").text.count(made.reference) >= 1
    assert "vendor" not in str(events(db))


def test_handing_back_returns_it_to_who_recommended(sign_in, db, cast):
    made = case_of(cast)
    olu = holder(made, cast)
    actions.escalate(made, Outcome.REFERRED, "look", cast[olu].actor, now(), **at(made))
    db.session.commit()
    assert post(sign_in, cast, made, "hand-back", reason="Ask the filer first.").status_code == 302
    assert (made.state, holder(made, cast), made.desk) == (State.IN_REVIEW, olu, "ethics")
    assert db.session.scalar(select(Recommendation).where(Recommendation.ended_seq.is_(None))) is None
    assert [one.person_id for one in letters(db, "handed_back")] == [cast[olu].person.id]
    assert open_assignment(made).because == "handed_back"


def test_recusing_ends_access_at_once_and_keeps_the_history(sign_in, db, cast):
    made = case_of(cast)
    olu = holder(made, cast)
    browser = sign_in(olu)
    reply = browser.post(f"/review/{made.reference}/recuse", data={**at(made), "reason": "He is a friend."})
    assert reply.status_code == 302
    assert reply.location.endswith(f"/review/{made.reference}/stepped-out")
    assert "You can no longer read it." in browser.get(reply.location).text
    assert holder(made, cast) == ({"olu", "ren"} - {olu}).pop()
    assert browser.get(f"/review/{made.reference}").status_code == 404
    row = db.session.scalar(select(Recusal))
    assert (row.reviewer_id, row.reason) == (cast[olu].person.id, "He is a friend.")
    assert "friend" not in " ".join(db.session.scalars(select(AuditEntry.details)))


def test_a_note_is_for_the_office_alone(sign_in, db, cast):
    made = case_of(cast)
    assert post(sign_in, cast, made, "note", text="Called the vendor.").status_code == 302
    assert "Called the vendor." in sign_in(holder(made, cast)).get(f"/review/{made.reference}").text
    assert "Called the vendor." not in sign_in("finn").get(f"/filings/{made.reference}").text


def test_the_priority_changes_with_a_reason_and_keeps_the_old_row(sign_in, db, cast):
    made = case_of(cast)
    before = len(db.session.scalars(select(PriorityRow)).all())
    assert post(sign_in, cast, made, "priority", risk="critical", reason="").status_code == 422
    assert post(sign_in, cast, made, "priority", risk="critical", reason="In the news.").status_code == 302
    assert (made.risk, made.rank) == (Risk.CRITICAL, 0)
    assert len(db.session.scalars(select(PriorityRow)).all()) == before + 1


def test_a_confirmed_tie_takes_the_case_from_the_tied_reviewer(sign_in, db, cast):
    made = case_of(cast)
    olu = holder(made, cast)
    reply = post(sign_in, cast, made, "tie", name="sia", other=cast[olu].person.id, kind="relation")
    assert reply.status_code == 302
    assert holder(made, cast) != olu
    assert sign_in(olu).get(f"/review/{made.reference}").status_code == 404
    again = post(sign_in, cast, made, "tie", name="sia", other=cast[olu].person.id, kind="relation")
    assert again.status_code == 422
    assert "on record already" in again.text
    assert len(db.session.scalars(select(Tie)).all()) == 1


def test_a_reviewer_closes_and_the_letter_waits_five_minutes(sign_in, db, cast):
    made = case_of(cast)
    assert post(sign_in, cast, made, "clear", outcome="noted", reason="You may go on.", internal="fine").status_code == 302
    assert (made.state, made.outcome) == (State.DECIDED, Outcome.NOTED)
    letter = letters(db, "outcome")[0]
    assert letter.due_at == now() + timedelta(minutes=5)
    assert "fine" not in letter.text
    page = sign_in("finn").get(f"/filings/{made.reference}").text
    assert "We wrote it down. You may go on." in page
    assert "fine" not in page.split("<main")[1].split("</main>")[0].replace("define", "")
    assert cast[holder(made, cast)].person.name in page


@pytest.mark.parametrize("outcome", ["managed", "referred", "not_permitted", "eliminated", "closed"])
def test_a_reviewer_closes_with_nothing_more_severe(sign_in, db, cast, outcome):
    made = case_of(cast)
    assert post(sign_in, cast, made, "clear", outcome=outcome, reason="x").status_code == 422
    assert made.state is State.IN_REVIEW


def test_undo_takes_it_back_and_drops_the_letter(sign_in, db, cast, clock):
    made = decided(cast)
    olu = holder(made, cast)
    clock.shift(timedelta(minutes=4))
    assert post(sign_in, cast, made, "undo").status_code == 302
    assert (made.state, made.outcome, holder(made, cast)) == (State.IN_REVIEW, None, olu)
    assert letters(db, "outcome")[0].dropped == "undone"
    assert open_assignment(made).because == "undone"


def test_after_five_minutes_nothing_is_undone(sign_in, db, cast, clock):
    made = decided(cast)
    page = sign_in(holder(made, cast)).get(f"/review/{made.reference}").text
    assert "Undo the decision" in page
    clock.shift(timedelta(minutes=5, seconds=1))
    assert "Undo the decision" not in sign_in(holder(made, cast)).get(f"/review/{made.reference}").text
    assert post(sign_in, cast, made, "undo").status_code == 422
    assert made.state is State.DECIDED


def test_an_undone_decision_on_a_correction_leaves_the_older_one_standing(db, cast):
    made = decided(cast, Outcome.NOTED)
    draft = filing.begin_correction(made, "a job more", cast.finn.actor, now())
    filing.save_draft(made, {}, {}, cast.finn.actor, now(), draft.revision)
    sign(made, signature("key-2"), cast.finn.actor, now())
    actor = cast[holder(made, cast)].actor
    assert (made.state, made.outcome) == (State.IN_REVIEW, Outcome.NOTED)
    decisions.decide(made, Outcome.EXEMPT, "none", "", actor, now(), **at(made))
    assert made.outcome is Outcome.EXEMPT
    decisions.undo(made, actor, now())
    assert (made.state, made.outcome) == (State.IN_REVIEW, Outcome.NOTED)


def test_who_comes_too_late_is_told_by_whom_and_when_and_keeps_the_text(sign_in, db, cast):
    made = case_of(cast)
    shown = at(made)
    decisions.decide(made, Outcome.NOTED, "go on", "", cast.sia.actor, now(), **shown)
    db.session.commit()
    data = {**shown, "outcome": "exempt", "reason": "A long and careful reason."}
    reply = sign_in(holder(made, cast)).post(f"/review/{made.reference}/clear", data=data)
    assert reply.status_code == 409
    for words in ("Sia Senior was faster, on March 2, 2026 at 10:04", "A long and careful reason.", "Decided"):
        assert words in reply.text
    assert made.outcome is Outcome.NOTED


def test_a_newer_version_fails_every_bound_act_and_the_next_try_answers_the_new_one(sign_in, db, cast):
    made = case_of(cast)
    shown = at(made)
    draft = filing.begin_correction(made, "a job more", cast.finn.actor, now())
    filing.save_draft(made, {}, {}, cast.finn.actor, now(), draft.revision)
    sign(made, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    browser = sign_in(holder(made, cast))
    acts = {
        "ask": {"text": "A careful text"},
        "return": {"reason": "A careful text"},
        "clear": {"outcome": "noted", "reason": "A careful text"},
        "escalate": {"outcome": "referred", "reasoning": "A careful text"},
        "priority": {"risk": "high", "reason": "A careful text"},
    }
    for act, data in acts.items():
        reply = browser.post(f"/review/{made.reference}/{act}", data={**shown, **data})
        assert (act, reply.status_code) == (act, 409)
        assert "The filer signed a newer version on March 2, 2026" in reply.text
        assert "A careful text" in reply.text
        assert 'name="version" value="2"' in reply.text
    assert made.state is State.IN_REVIEW


def test_who_lost_the_case_while_writing_gets_the_own_words_back_and_nothing_else(sign_in, db, cast):
    made = case_of(cast)
    olu, shown = holder(made, cast), at(made)
    actions.recuse(made, "a friend", cast[olu].actor, now())
    ren = holder(made, cast)
    db.session.delete(db.session.scalar(select(Recusal)))
    db.session.commit()
    reply = sign_in(olu).post(f"/review/{made.reference}/note", data={**shown, "text": "Half a page of thoughts."})
    assert reply.status_code == 409
    assert "Half a page of thoughts." in reply.text
    assert "no longer with you" in reply.text
    assert cast.finn.person.name not in reply.text
    assert cast[ren].person.name not in reply.text
    assert db.session.scalar(select(Message)) is None


def test_a_stranger_who_forges_a_state_gets_nothing(sign_in, db, cast):
    made = case_of(cast)
    other = ({"olu", "ren"} - {holder(made, cast)}).pop()
    for name in ("kit", "ada", "dee", "finn", "sam", other):
        for state in State:
            data = {"version": "1", "state": state.value, "text": "x"}
            assert sign_in(name).post(f"/review/{made.reference}/ask", data=data).status_code == 404


def test_a_decision_asks_the_secret_again_and_keeps_the_text(sign_in, db, cast):
    made = case_of(cast)
    browser = sign_in(holder(made, cast), ago=timedelta(minutes=16))
    data = {**at(made), "outcome": "noted", "reason": "A careful text"}
    reply = browser.post(f"/review/{made.reference}/clear", data=data)
    assert reply.status_code == 422
    assert "A careful text" in reply.text
    assert made.state is State.IN_REVIEW


def test_reading_a_case_leaves_one_entry_an_hour_and_the_filer_sees_who(sign_in, db, cast):
    made = case_of(cast)
    browser = sign_in(holder(made, cast))
    for _time in range(2):
        assert browser.get(f"/review/{made.reference}").status_code == 200
    assert events(db).count("disclosure:read") == 1
    assert f"{cast[holder(made, cast)].person.name} read it." in browser.get(f"/review/{made.reference}").text
    assert cast[holder(made, cast)].person.name in sign_in("finn").get(f"/filings/{made.reference}").text


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_state_of_a_case_can_be_shown(sign_in, db, cast, language):
    made = escalated(cast, Outcome.MANAGED, conditions=["step_aside_party"])
    cast.sia.account.language = cast.sol.account.language = language
    second = holder(made, cast)
    assert sign_in(second).get(f"/review/{made.reference}").status_code == 200
    decisions.decide(
        made,
        Outcome.MANAGED,
        "So",
        "",
        cast[second].actor,
        now(),
        conditions=["step_aside_party"],
        terms=Terms("Section 4"),
        **at(made),
    )
    page = sign_in(second).get(f"/review/{made.reference}").text
    assert ("was escalated" in page) is (language == "en")
