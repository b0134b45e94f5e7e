"""Questions of fact to a supervisor (U47): who may be asked, what each side sees, once, and that nothing of the form leaks."""

import json

import pytest
from sqlalchemy import select

from coi.audit.chain import sha256
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import AuditEntry, Letter, Obligation, SupervisorAnswer, SupervisorQuestion
from coi.team import actions, queries
from tests.disclosures.steps import now
from tests.review.cases import at, case_of, decided, holder, tie

FACT = "Does Finn order food for the department?"


def asked(cast, made, name="sam", text=FACT, by=None):
    """The question that the holder of the case puts."""
    actor = cast[by or holder(made, cast)].actor
    return actions.ask_supervisor(made, cast[name].person.id, text, actor, now(), **at(made))


def entry(db, event):
    """The details of the newest entry of this kind."""
    return json.loads(
        db.session.scalar(select(AuditEntry.details).where(AuditEntry.event == event).order_by(AuditEntry.seq.desc()))
    )


def letters(db, kind):
    return db.session.scalars(select(Letter).where(Letter.kind == kind)).all()


def test_from_the_question_to_the_answer_each_side_sees_its_own(sign_in, db, cast):
    made = case_of(cast)
    olu, sam, finn = sign_in(holder(made, cast)), sign_in("sam"), sign_in("finn")
    sent = {**at(made), "supervisor": str(cast.sam.person.id), "text": FACT}
    for _press in range(2):  # a double click asks once
        assert olu.post(f"/review/{made.reference}/supervisor", data=sent).status_code == 302
    one = db.session.scalars(select(SupervisorQuestion)).one()
    assert entry(db, "supervisor:asked") == {"question": one.reference, "sha256": sha256(FACT), "supervisor": cast.sam.person.id}
    told = [*letters(db, "supervisor_question"), *letters(db, "supervisor_asked")]
    assert [letter.person_id for letter in told] == [cast.sam.person.id, cast.finn.person.id]
    assert not any(FACT in letter.text or "Finn Filer" in letter.text.replace("Hello, Finn Filer", "") for letter in told[:1])
    # The supervisor: on the home page, the question with the name, and nothing of the form.
    home = sam.get("/").text
    assert "Please answer a question of fact" in home
    page = sam.get(f"/my-team/questions/{one.reference}").text
    assert FACT in page
    assert "Finn Filer" in page
    for secret in ("Catering", made.reference, "Review priority", made.risk.label):
        assert str(secret) not in page
    # The filer sees that, and what; the office sees that it waits.
    mine = finn.get(f"/filings/{made.reference}").text
    assert FACT in mine
    assert "Sam Supervisor" in mine
    answer = {"text": "Yes, from the kitchen list."}
    for _press in range(2):
        assert sam.post(f"/my-team/questions/{one.reference}", data=answer).status_code == 303
    assert db.session.scalars(select(SupervisorAnswer)).one().text == answer["text"]
    assert entry(db, "supervisor:answered") == {"question": one.reference, "sha256": sha256(answer["text"])}
    assert [letter.person_id for letter in letters(db, "supervisor_answered")] == [made.reviewer_id]
    assert answer["text"] in olu.get(f"/review/{made.reference}").text
    mine = finn.get(f"/filings/{made.reference}").text
    assert answer["text"] not in mine
    assert "answered on" in mine
    assert "Please answer a question of fact" not in sam.get("/").text


def test_an_answer_from_a_second_tab_is_told_and_kept_on_the_page(sign_in, db, cast):
    made = case_of(cast)
    one = asked(cast, made)
    db.session.commit()
    sam = sign_in("sam")
    sam.post(f"/my-team/questions/{one.reference}", data={"text": "Yes."})
    late = sam.post(f"/my-team/questions/{one.reference}", data={"text": "No, I was wrong."})
    assert late.status_code == 409
    assert "No, I was wrong." in late.text
    assert db.session.scalars(select(SupervisorAnswer)).one().text == "Yes."


def test_an_empty_answer_answers_nothing(sign_in, db, cast):
    made = case_of(cast)
    one = asked(cast, made)
    db.session.commit()
    reply = sign_in("sam").post(f"/my-team/questions/{one.reference}", data={"text": "   "})
    assert reply.status_code == 422
    assert "Write your answer." in reply.text
    assert one.is_open


@pytest.mark.parametrize("name", ["kit", "finn", "olu", "ren"])
def test_only_a_supervisor_of_the_filer_can_be_asked(db, cast, name):
    made = case_of(cast)
    with pytest.raises(Refused):
        asked(cast, made, name)
    db.session.rollback()
    assert db.session.scalar(select(SupervisorQuestion)) is None


def test_a_relative_of_the_filer_is_not_asked_and_no_longer_answers(sign_in, db, cast):
    made = case_of(cast)
    one = asked(cast, made)
    db.session.commit()
    tie(cast, "finn", "sam")
    assert queries.may_be_asked(made, cast.sia.actor) == []
    assert sign_in("sam").get(f"/my-team/questions/{one.reference}").status_code == 404
    assert queries.waiting_for(cast.sam.actor) == []
    with pytest.raises(NotPossible):
        actions.answer(one, "Yes.", cast.sam.actor, now())


def test_who_became_the_supervisor_since_may_be_asked_and_who_was_still_may(db, cast):
    made = case_of(cast)
    db.session.get_one(Obligation, made.obligation_id).supervisor_id = cast.sam.person.id
    cast.finn.person.supervisor_id = cast.kit.person.id
    db.session.flush()
    assert [one.id for one in queries.may_be_asked(made, cast.olu.actor)] == [cast.kit.person.id, cast.sam.person.id]
    cast.sam.person.active = False
    assert [one.id for one in queries.may_be_asked(made, cast.olu.actor)] == [cast.kit.person.id]


def test_one_question_at_a_time_and_the_other_officer_keeps_the_text(sign_in, db, cast):
    made = case_of(cast)
    asked(cast, made)
    db.session.commit()
    sent = {**at(made), "supervisor": str(cast.sam.person.id), "text": "Is Finn at the garage?"}
    reply = sign_in("sia").post(f"/review/{made.reference}/supervisor", data=sent)
    assert reply.status_code == 409
    assert "Is Finn at the garage?" in reply.text
    assert "Your text is kept" in reply.text
    assert len(db.session.scalars(select(SupervisorQuestion)).all()) == 1


def test_a_question_that_was_taken_back_is_nobodys_to_answer(sign_in, db, cast):
    made = case_of(cast)
    one = asked(cast, made)
    db.session.commit()
    browser = sign_in(holder(made, cast))
    assert browser.post(f"/review/{made.reference}/supervisor/take-back", data={**at(made), "reason": ""}).status_code == 422
    done = browser.post(f"/review/{made.reference}/supervisor/take-back", data={**at(made), "reason": "Sam has left the garage."})
    assert done.status_code == 302
    db.session.refresh(one)
    assert not one.is_open
    assert entry(db, "supervisor:question_taken_back")["because"] == sha256("Sam has left the garage.")
    assert letters(db, "supervisor_question")[0].dropped == "overtaken"
    with pytest.raises(SomebodyWasFaster):
        actions.answer(one, "Yes.", cast.sam.actor, now())
    assert "Sam has left the garage." not in sign_in("finn").get(f"/filings/{made.reference}").text
    asked(cast, made, text="Another fact?")  # the way is free again


def test_a_decided_case_asks_no_supervisor_any_more(sign_in, db, cast):
    made = decided(cast)
    with pytest.raises(Refused):
        asked(cast, made)


def test_the_team_page_says_filed_or_not_and_nothing_else(sign_in, db, cast):
    made = case_of(cast)
    page = sign_in("sam").get("/my-team/").text
    assert "Finn Filer" in page
    assert "Filed" in page
    for secret in ("Catering", made.reference, str(made.state.label)):
        assert secret not in page
    assert sign_in("kit").get("/my-team/").status_code == 404


@pytest.mark.parametrize(
    ("standings", "told"),
    [
        (("filed",), "filed"),
        (("filed", "late"), "not_filed"),
        (("started",), "not_filed"),
        (("not_started", "on_leave"), "on_leave"),
        (("excused",), ""),
        ((), ""),
    ],
)
def test_a_supervisor_learns_three_words_and_no_more(standings, told):
    assert queries.in_short(set(standings)) == told
