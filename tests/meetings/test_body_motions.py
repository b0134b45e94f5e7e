"""What the body does with a case: quorum, votes, who has none, what a motion that carries does, undone, sent back, corrected."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from coi.ballots import MotionKind
from coi.db import db as database
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.meetings import actions, motions
from coi.models import Motion, Vote
from coi.review import decisions
from coi.review.assignment import offered
from coi.review.sweep import recheck
from coi.review.words import decided_by
from coi.vocabulary import Outcome, State
from tests.disclosures.steps import now
from tests.meetings.body import a_body, a_recorder, actor, held, moved, sent
from tests.review.cases import at, tie


@pytest.fixture
def body(cast):
    return a_body(cast)


@pytest.fixture
def recorder(cast):
    return a_recorder(cast)


def test_nobody_decides_a_case_of_the_body_alone(sign_in, cast, body, recorder):
    made = sent(cast)
    assert (made.state, made.desk, made.reviewer_id) == (State.ESCALATED, "commission", None)
    assert recheck(now()) == 0
    assert offered(made, now()).keys() <= {cast.sia.person.id, cast.sol.person.id}
    for who in ("sia", "olu", "abel", "kit"):
        for act in ("decide", "clear", "hand-back"):
            data = {**at(made), "outcome": "noted", "reason": "x"}
            assert sign_in(who).post(f"/review/{made.reference}/{act}", data=data).status_code == 404, act
    for who in (cast.sia, body[0]):
        with pytest.raises(NotPossible):
            decisions.decide(made, Outcome.NOTED, "x", "", actor(who), now(), **at(made))


def test_a_motion_that_carries_decides_and_names_itself(db, cast, body, recorder):
    made, meeting = sent(cast), held(recorder, body)
    motion = motions.enter_motion(meeting, made, moved(body, "yyyna"), actor(recorder), now(), **at(made))
    decision = motion.decision
    assert (made.state, made.outcome, decision.by_id) == (State.DECIDED, Outcome.NOT_PERMITTED, recorder.person.id)
    assert decided_by(decision) == f"Ethics Commission · Motion {now():%Y-%m}-1, carried 3 to 1, 1 abstained"
    assert decision.recommended_by_id is not None
    again = motions.enter_motion(meeting, made, moved(body, "yyyna"), actor(recorder), now(), **at(made))
    assert again.id == motion.id
    later = {"version": made.version, "state": "escalated"}
    with pytest.raises(SomebodyWasFaster):
        motions.enter_motion(meeting, made, moved(body, "nnnnn"), actor(recorder), now() + timedelta(minutes=2), **later)


def test_an_undone_decision_lies_before_the_body_again(db, cast, body, recorder):
    made, meeting = sent(cast), held(recorder, body)
    motions.enter_motion(meeting, made, moved(body, "yyyyy"), actor(recorder), now(), **at(made))
    with pytest.raises(NotPossible):
        decisions.undo(made, cast.sia.actor, now())
    decisions.undo(made, actor(recorder), now())
    assert (made.state, made.desk, made.reviewer_id, made.outcome) == (State.ESCALATED, "commission", None, None)
    again = moved(body, "ynnnn", text="Anew.")
    motion = motions.enter_motion(meeting, made, again, actor(recorder), now() + timedelta(minutes=2), **at(made))
    assert (motion.carried, motion.name.rpartition("-")[2], made.state) == (False, "2", State.ESCALATED)


@pytest.mark.parametrize(
    ("said", "more", "field"),
    [
        ("yyrr", {}, None),  # three of four are counted no more: no quorum
        ("yyya", {}, "why"),
        ("yyy", {}, "vote"),
        ("yyyy", {"outcome": None}, "outcome"),
        ("yyyy", {"reason": " "}, "reason"),
        ("yyyy", {"outcome": Outcome.MANAGED}, "conditions"),
        ("ryyyy", {}, "mover"),
    ],
)
def test_what_can_not_be_so_is_refused_beside_its_field(db, cast, body, recorder, said, more, field):
    there = body[: max(len(said), 4)]
    made, meeting = sent(cast), held(recorder, there)
    motion = moved(there, said, **more)
    if said.endswith("a"):
        last = there[3].person.id
        motion = replace(motion, ballots={**motion.ballots, last: (motion.ballots[last][0], " ")})
    with pytest.raises(Refused) as refused:
        motions.enter_motion(meeting, made, motion, actor(recorder), now(), **at(made))
    assert (refused.value.field or "").partition("_")[0] == (field or "")
    db.session.rollback()
    assert (made.state, db.session.scalars(select(Motion)).all()) == (State.ESCALATED, [])


def test_who_has_a_conflict_or_recommended_has_no_vote_and_is_not_counted(db, cast, body, recorder):
    made = sent(cast)
    actions.declare(made, True, "My brother owns it.", actor(body[4]), now(), **at(made))
    meeting = held(recorder, body)
    with pytest.raises(Refused) as refused:
        motions.enter_motion(meeting, made, moved(body, "yyyyy"), actor(recorder), now(), **at(made))
    assert refused.value.field == f"vote_{body[4].person.id}"
    motion = motions.enter_motion(meeting, made, moved(body, "yyny"), actor(recorder), now(), **at(made))
    assert (motion.yes, motion.no, motion.recused, motion.counted) == (3, 1, 1, 4)


def test_a_recorder_with_a_conflict_records_nothing(db, cast, body, recorder):
    made, meeting = sent(cast), held(recorder, body)
    tie(cast, "finn", "kit")
    with pytest.raises(NotPossible):
        motions.enter_motion(meeting, made, moved(body, "yyyyy"), actor(recorder), now(), **at(made))


def test_a_motion_may_send_the_case_back_for_facts(db, cast, body, recorder):
    made, meeting = sent(cast), held(recorder, body)
    back = moved(body, "yyyyn", kind=MotionKind.SEND_BACK, outcome=None, reason="Ask what it sold.")
    motions.enter_motion(meeting, made, back, actor(recorder), now(), **at(made))
    assert (made.state, made.desk) == (State.IN_REVIEW, "ethics")
    assert made.reviewer_id in {cast.olu.person.id, cast.ren.person.id}


def test_a_wrong_entry_is_corrected_by_a_row_of_its_own(db, cast, body, recorder):
    made, meeting = sent(cast), held(recorder, body)
    first = motions.enter_motion(meeting, made, moved(body, "yyyyn"), actor(recorder), now(), **at(made))
    with pytest.raises(Refused):
        motions.correct_motion(first, moved(body, "ynnnn"), "misread", actor(recorder), now())
    newer = motions.correct_motion(first, moved(body, "yyynn", text="That it stop in June."), "misread", actor(recorder), now())
    decision = newer.decision
    assert (decision.id, newer.name, newer.outcome) == (first.decision_id, first.name, first.outcome)
    assert decided_by(decision).endswith("carried 3 to 2")
    texts = [one.text for one in db.session.scalars(select(Motion).order_by(Motion.id))]
    assert texts == ["That it stop.", "That it stop in June."]
    absent = {one.person.id for one in body[:4]}
    with pytest.raises(Refused):
        actions.enter_meeting(now().date(), "Book", absent, actor(recorder), now(), meeting, "Edda was not there")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE motions SET text = 'another'",
        "DELETE FROM votes",
        "INSERT INTO votes (motion_id, filer_id, member_id, ballot, reason, seq) "
        "SELECT motion_id, filer_id, filer_id, 'yes', '', seq FROM votes WHERE id = 1",
    ],
)
def test_the_tables_refuse_what_must_never_be(db, cast, body, recorder, change):
    made, meeting = sent(cast), held(recorder, body)
    motions.enter_motion(meeting, made, moved(body, "yyyyy"), actor(recorder), now(), **at(made))
    db.session.commit()
    with pytest.raises(Exception, match=r"append-only|nobody_votes_on_their_own") as refused:
        database.session.execute(text(change))
    assert refused.value is not None
    db.session.rollback()


def test_who_recommended_can_not_be_written_down_as_a_voter(db, cast, body, recorder):
    made, meeting = sent(cast), held(recorder, body)
    motion = motions.enter_motion(meeting, made, moved(body, "yyyyy"), actor(recorder), now(), **at(made))
    row = {"filer_id": made.filer_id, "member_id": cast.olu.person.id, "recommended_by_id": cast.olu.person.id}
    db.session.add(Vote(motion_id=motion.id, ballot="yes", seq=motion.seq, **row))
    with pytest.raises(IntegrityError, match="who_recommended_does_not_vote"):
        db.session.flush()
    db.session.rollback()
