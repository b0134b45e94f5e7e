"""Who gets a case: the desk, the load, the top, who waits and is found; the sweep moves what may not stay."""

import pytest
from sqlalchemy import select

from coi.disclosures.facts import open_assignment
from coi.errors import NotPossible, SomebodyWasFaster
from coi.languages import speaking
from coi.models import Assignment, Letter, RoleGrant
from coi.profiles.current import forget
from coi.review import actions
from coi.review.assignment import desks_above, offered, reassign, way_of
from coi.review.sweep import recheck
from coi.review.words import because_in_words, conflict_in_words
from coi.vocabulary import Outcome, Role, State
from tests.disclosures.steps import now
from tests.factories import an_entry
from tests.review.cases import at, away, case_of, escalated, holder, holds, tie, without


def test_a_filing_goes_to_the_reviewer_with_fewer_cases(db, cast):
    first, second = case_of(cast), case_of(cast, "kit")
    assert {holder(first, cast), holder(second, cast)} == {"olu", "ren"}
    assert (first.state, first.desk, open_assignment(first).because) == (
        State.IN_REVIEW,
        "ethics",
        "everything else goes to the ethics office",
    )


def test_who_is_away_or_tied_is_passed_over_with_a_code(db, cast):
    away(cast, "olu")
    made = case_of(cast)
    assert holder(made, cast) == "ren"
    assert open_assignment(made).passed_over == [[cast.olu.person.id, "away"]]


def test_only_a_senior_officer_free_of_conflict_reads_why_somebody_was_passed_over(sign_in, db, cast):
    tie(cast, "finn", "olu")
    made = case_of(cast)
    words = "a confirmed relation"
    assert words in sign_in("sia").get(f"/review/{made.reference}").text
    assert words not in sign_in("ren").get(f"/review/{made.reference}").text
    assert "was next who is free" in sign_in("ren").get(f"/review/{made.reference}").text
    assert words not in sign_in("finn").get(f"/filings/{made.reference}").text


def test_nobody_free_waits_and_says_so_and_is_given_as_soon_as_somebody_is(sign_in, db, cast):
    tie(cast, "finn", "olu")
    gone = away(cast, "ren")
    made = case_of(cast)
    assert (made.state, made.reviewer_id, made.desk) == (State.SUBMITTED, None, "ethics")
    assert "Nobody is free of conflict. The case waits." in sign_in("sia").get(f"/review/{made.reference}").text
    assert made.reference in sign_in("sia").get("/review/?whose=waiting").text
    assert recheck(now()) == 0
    gone.ended_seq = an_entry()
    db.session.commit()
    assert recheck(now()) == 1
    assert (made.state, holder(made, cast)) == (State.IN_REVIEW, "ren")
    assert open_assignment(made).because == "became_free"
    assert recheck(now()) == 0


def test_a_senior_officer_gives_a_waiting_case(sign_in, db, cast):
    tie(cast, "finn", "olu")
    tie(cast, "finn", "ren")
    made = case_of(cast)
    assert made.state is State.SUBMITTED
    assert set(offered(made, now())) == {cast.sia.person.id, cast.sol.person.id}
    data = {**at(made), "held_by": "", "reviewer": cast.sol.person.id}
    assert sign_in("sia").post(f"/review/{made.reference}/reassign", data=data).status_code == 302
    assert (made.state, holder(made, cast), made.desk) == (State.IN_REVIEW, "sol", "chief")
    assert recheck(now()) == 0


@pytest.mark.parametrize(
    ("role", "desk"),
    [
        (Role.REVIEWER, "outside_counsel"),
        (Role.SENIOR_OFFICER, "outside_counsel"),
        (Role.COMMISSIONER, "outside_counsel"),
        (Role.SOLICITOR, "commission"),
    ],
)
def test_the_office_is_never_read_by_itself(sign_in, db, cast, role, desk):
    holds(cast, "kit", role)
    made = case_of(cast, "kit")
    assert (made.state, made.desk, made.reviewer_id) == (State.SUBMITTED, desk, None)
    assert open_assignment(made).because == "post"
    assert recheck(now()) == 0
    with pytest.raises(NotPossible):
        reassign(made, cast.sol.person.id, "", cast.sia.actor, now())


def test_the_mayors_form_goes_to_the_commission_and_stays_there(sign_in, db, cast):
    cast.kit.person.title, cast.kit.person.department = "Mayor", "Office of the Mayor"
    holds(cast, "sam", Role.COMMISSIONER)
    made = case_of(cast, "kit")
    assert (made.desk, holder(made, cast)) == ("commission", "sam")
    for act in ("ask", "return", "clear", "escalate"):
        data = {**at(made), "text": "x", "reason": "x", "outcome": "noted", "reasoning": "x"}
        assert sign_in("sia").post(f"/review/{made.reference}/{act}", data=data).status_code == 404
    actions.escalate(
        made,
        Outcome.REFERRED,
        "look",
        cast.sam.actor.__class__(cast.sam.actor.name, cast.sam.person.id, frozenset({Role.COMMISSIONER})),
        now(),
        **at(made),
    )
    assert (made.state, made.desk, made.reviewer_id) == (State.ESCALATED, "commission", None)
    assert set(offered(made, now())) == set()


def test_an_escalated_case_goes_before_the_final_body_when_no_senior_officer_is_free(db, cast):
    tie(cast, "finn", "sia")
    tie(cast, "finn", "sol")
    holds(cast, "kit", Role.COMMISSIONER)
    made = escalated(cast)
    assert (made.desk, made.reviewer_id, recheck(now())) == ("commission", None, 0)
    told = db.session.scalars(select(Letter).where(Letter.kind == "before_body"))
    assert [one.person_id for one in told] == [cast.kit.person.id]


def test_an_escalated_case_that_nobody_can_take_waits_and_is_found_later_with_a_letter(db, cast):
    without(Role.SENIOR_OFFICER)
    made = escalated(cast)
    assert (made.state, made.reviewer_id, made.desk) == (State.ESCALATED, None, "chief")
    holds(cast, "kit", Role.SENIOR_OFFICER)
    assert recheck(now()) == 1
    assert holder(made, cast) == "kit"
    assert [one.person_id for one in db.session.scalars(select(Letter).where(Letter.kind == "escalated"))] == [cast.kit.person.id]


def test_who_recommended_never_gets_the_case_to_decide(db, cast):
    without(Role.SENIOR_OFFICER)
    made = case_of(cast)
    olu = holder(made, cast)
    holds(cast, olu, Role.SENIOR_OFFICER)
    actions.escalate(made, Outcome.REFERRED, "look", cast[olu].actor, now(), **at(made))
    db.session.commit()
    assert made.reviewer_id is None
    assert recheck(now()) == 0
    assert cast[olu].person.id not in offered(made, now())


def test_a_case_handed_back_goes_on_when_who_recommended_is_no_longer_free(db, cast):
    made = case_of(cast)
    olu = holder(made, cast)
    ren = ({"olu", "ren"} - {olu}).pop()
    actions.escalate(made, Outcome.REFERRED, "look", cast[olu].actor, now(), **at(made))
    second = holder(made, cast)
    tie(cast, "finn", olu)
    actions.hand_back(made, "ask first", cast[second].actor, now(), **at(made))
    assert (made.state, holder(made, cast), made.desk) == (State.IN_REVIEW, ren, "ethics")


def test_a_case_handed_back_waits_when_nobody_at_the_desk_is_free(db, cast):
    made = escalated(cast)
    second = holder(made, cast)
    tie(cast, "finn", "olu")
    tie(cast, "finn", "ren")
    actions.hand_back(made, "ask first", cast[second].actor, now(), **at(made))
    db.session.commit()
    assert (made.state, made.reviewer_id, made.desk) == (State.SUBMITTED, None, "ethics")
    assert open_assignment(made).reviewer_id is None


@pytest.mark.parametrize("why", ["role_ended", "conflict", "account"])
def test_the_sweep_takes_a_case_from_who_may_no_longer_have_it(db, cast, why):
    made = case_of(cast)
    olu = holder(made, cast)
    ren = ({"olu", "ren"} - {olu}).pop()
    if why == "role_ended":
        db.session.scalar(select(RoleGrant).where(RoleGrant.account_id == cast[olu].account.id)).ended_seq = an_entry()
    elif why == "account":
        cast[olu].person.active = False
    else:
        cast.finn.person.supervisor_id = cast[olu].person.id
    db.session.commit()
    assert recheck(now()) == 1
    assert holder(made, cast) == ren
    ended = db.session.scalar(select(Assignment).where(Assignment.reviewer_id == cast[olu].person.id))
    assert ended.ended_because == ("conflict" if why == "conflict" else "role_ended")
    assert recheck(now()) == 0


def test_more_waiting_cases_than_one_batch_do_not_hide_the_one_that_can_be_given(db, cast, monkeypatch):
    monkeypatch.setattr("coi.review.sweep.BATCH", 1)
    gone = away(cast, "ren")
    tie(cast, "finn", "olu")
    tie(cast, "finn", "ren")
    stuck, free = case_of(cast), None
    second = away(cast, "olu")
    free = case_of(cast, "kit")
    assert (stuck.state, free.state) == (State.SUBMITTED, State.SUBMITTED)
    gone.ended_seq = second.ended_seq = an_entry()
    db.session.commit()
    assert recheck(now()) == 1
    assert (stuck.state, free.state) == (State.SUBMITTED, State.IN_REVIEW)


def test_a_case_that_was_given_away_meanwhile_is_not_given_again(db, cast):
    made = case_of(cast)
    olu, shown = holder(made, cast), str(made.reviewer_id)
    ren = ({"olu", "ren"} - {olu}).pop()
    reassign(made, cast[ren].person.id, shown, cast.sia.actor, now())
    with pytest.raises(SomebodyWasFaster):
        reassign(made, cast[ren].person.id, shown, cast.sol.actor, now())
    with pytest.raises(NotPossible):
        reassign(made, cast.finn.person.id, str(made.reviewer_id), cast.sol.actor, now())
    with pytest.raises(NotPossible):
        reassign(made, cast.sam.person.id, str(made.reviewer_id), cast.sol.actor, now())


def test_reasons_are_words_in_both_languages(app):
    with speaking("es"):
        assert because_in_words("everything else goes to the ethics office") == "todo lo demás va a la oficina de ética"
        assert because_in_words("escalated") != "escalated"
        assert because_in_words("a rule of long ago") == "a rule of long ago"
        assert because_in_words("") == ""
    with speaking("en"):
        assert conflict_in_words("above+relation") == "above the filer in the reporting line, a confirmed relation"


@pytest.mark.parametrize(("where", "last"), [("lancaster", None), ("york", "kit"), ("harrisburg", None)])
def test_the_last_step_is_whom_the_city_names(sign_in, db, cast, runner, where, last):
    """No senior officer is free: York's solicitor decides, Lancaster's commission at its meeting, Harrisburg waits for one."""
    made = case_of(cast)
    told = runner.invoke(args=["profiles", "load", where])
    assert told.exit_code == 0, told.stderr
    forget()
    holds(cast, "kit", Role.SOLICITOR)
    holds(cast, "kit", Role.COMMISSIONER)
    actions.escalate(made, Outcome.REFERRED, "look", cast[holder(made, cast)].actor, now(), **at(made))
    assert (cast.kit.person.id in offered(made, now())) is (last is not None)
    tie(cast, "finn", "sia")
    tie(cast, "finn", "sol")
    recheck(now())
    assert (made.state, made.desk) == (
        State.ESCALATED,
        {"lancaster": "commission", "york": "outside_counsel", "harrisburg": "chief"}[where],
    )
    assert (holder(made, cast) if made.reviewer_id else None) == last
    if last:
        data = {**at(made), "outcome": "noted", "reason": "You may go on."}
        assert sign_in("kit").post(f"/review/{made.reference}/decide", data=data).status_code == 302
        assert (made.state, made.outcome) == (State.DECIDED, Outcome.NOTED)


@pytest.mark.parametrize("post", ["solicitor", "mayor"])
def test_in_york_a_post_that_appoints_the_solicitor_never_comes_there(db, cast, runner, post):
    if post == "mayor":
        cast.kit.person.title, cast.kit.person.department = "Mayor", "Office of the Mayor"
    else:
        holds(cast, "kit", Role.SOLICITOR)
    made = case_of(cast, "kit")
    runner.invoke(args=["profiles", "load", "york"])
    forget()
    made.desk = way_of(made).desk
    assert desks_above(made) == ["panel"]
