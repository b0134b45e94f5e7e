"""Days away and who stands in: dated rows, no day twice, conflicts asked for each case, over by itself; cases handed over."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coi.accounts.door import actor_of
from coi.duties import actions, queries
from coi.duties.sweep import keep_apart
from coi.errors import Refused
from coi.models import Absence, AbsencePlan, AuditEntry, Delegation, Letter
from coi.review import actions as review
from coi.review.sweep import recheck
from coi.vocabulary import State, WhileAway
from tests.disclosures.steps import now
from tests.review.cases import at, case_of, holder, tie


@pytest.fixture
def case(db, cast):
    """A case of Finn's, who has it, and the other reviewer."""
    made = case_of(cast)
    name = holder(made, cast)
    return made, name, ({"olu", "ren"} - {name}).pop()


def days(first: int | None, last: int, **more) -> dict:
    on = now().date()
    begins = "" if first is None else (on + timedelta(first)).isoformat()
    return {"first": begins, "last": (on + timedelta(last)).isoformat(), "cases": "stay", **more}


def gone(cast, name, first, last, cases=WhileAway.STAY, to=None, by=None) -> AbsencePlan:
    on, delegate = now().date(), cast[to].person.id if to else None
    who = cast[name].person.id
    return actions.go_away(who, on + timedelta(first), on + timedelta(last), cases, delegate, cast[by or name].actor, now())


@pytest.mark.parametrize(
    ("first", "last", "more", "field", "words"),
    [
        (-1, 3, {}, "first", "This day is over."),
        (3, 2, {}, "last", "be before the first"),
        (0, 400, {}, "last", "at most a year"),
        (4, 6, {}, "first", "There is an absence already"),
        (None, 3, {}, "first", "Give the first day."),
        (20, 21, {"cases": "delegate"}, "delegate", "Choose a colleague"),
        (20, 21, {"cases": "delegate", "delegate": "olu"}, "delegate", "Nobody stands in for themselves."),
        (20, 21, {"cases": "delegate", "delegate": "ren"}, "delegate", "away at that time, too"),
    ],
)
def test_a_day_or_colleague_that_can_not_be_is_refused_beside_the_field(db, cast, sign_in, first, last, more, field, words):
    gone(cast, "olu", 5, 9)
    gone(cast, "ren", 19, 21)
    db.session.commit()
    before = db.session.scalar(select(func.count(Absence.id)))
    named = {key: cast[value].person.id if value in set(cast) else value for key, value in more.items()}
    reply = sign_in("olu").post("/duties/away", data=days(first, last, **named))
    assert reply.status_code == 422
    assert f'id="{field}-error"' in reply.text
    assert words in reply.text.replace("&#39;", "'")
    assert days(first, last)["last"] in reply.text
    assert db.session.scalar(select(func.count(Absence.id))) == before


def test_the_same_days_sent_twice_are_entered_once_and_nobody_but_a_senior_officer_enters_for_others(db, cast, sign_in):
    for _click in range(2):
        assert sign_in("olu").post("/duties/away", data=days(2, 3)).status_code == 303
    assert db.session.scalar(select(func.count(Absence.id))) == 1
    with pytest.raises(Refused):
        gone(cast, "ren", 1, 2, by="olu")
    db.session.rollback()
    assert sign_in("olu").post("/duties/away", data=days(2, 3, person=cast.ren.person.id)).status_code == 422
    assert sign_in("sia").post("/duties/away", data=days(2, 3, person=cast.ren.person.id)).status_code == 303
    assert db.session.scalars(select(Letter.person_id).where(Letter.kind == "away_entered")).all() == [cast.ren.person.id]


def test_who_stands_in_may_what_the_reviewer_may_says_for_whom_and_it_ends_by_itself(db, cast, sign_in, clock, case):
    made, name, other = case
    gone(cast, name, 1, 3, WhileAway.DELEGATE, other)
    db.session.commit()
    path = f"/review/{made.reference}"
    assert keep_apart(now()) == 0
    assert sign_in(other).get(path).status_code == 404
    clock.shift(timedelta(days=1))
    assert (keep_apart(now()), keep_apart(now())) == (1, 0)
    assert (made.reviewer_id, made.state) == (cast[name].person.id, State.IN_REVIEW)
    browser = sign_in(other)
    assert made.reference in browser.get("/review/").text
    assert browser.post(f"{path}/ask", data={**at(made), "text": "Since when?"}).status_code == 302
    assert browser.post(f"{path}/note", data={**at(made), "text": "for us"}).status_code == 302
    said = db.session.scalars(select(AuditEntry.details).where(AuditEntry.event == "disclosure:acted_for")).all()
    assert len(said) == 2
    assert all(f'"for":{cast[name].person.id}' in one for one in said)
    assert f"{cast[other].person.name}, for {cast[name].person.name}" in browser.get(path).text
    assert sign_in(name).get(path).status_code == 200
    clock.shift(timedelta(days=3))
    assert sign_in(other).get(path).status_code == 404
    assert made.reference not in sign_in(other).get("/review/").text
    assert keep_apart(now()) == 1
    assert [(one.ended_because, one.ended_seq is None) for one in db.session.scalars(select(Delegation))] == [("over", False)]


def test_a_case_in_which_the_colleague_has_a_conflict_goes_to_the_next_who_is_free(db, cast, case):
    made, name, other = case
    gone(cast, name, 0, 3, WhileAway.DELEGATE, "sia")
    tie(cast, "finn", "sia")
    assert keep_apart(now()) == 1
    assert (holder(made, cast), db.session.scalars(select(Delegation)).all()) == (other, [])


@pytest.mark.parametrize("how", ["a tie", "stepping out", "called back"])
def test_standing_in_that_may_not_go_on_ends_at_once(db, cast, sign_in, case, how):
    made, name, other = case
    plan = gone(cast, name, 0, 3, WhileAway.DELEGATE, "sia")
    db.session.commit()
    keep_apart(now())
    stands = actor_of(cast.sia.account, now().date())
    if how == "a tie":
        tie(cast, "finn", "sia")
    elif how == "stepping out":
        review.recuse(made, "a friend", stands, now())
        db.session.commit()
    else:
        assert sign_in(name).post(f"/duties/away/{plan.reference}/end", data={}).status_code == 303
        assert sign_in(name).post(f"/duties/away/{plan.reference}/end", data={}).status_code == 303
    if how != "called back":
        assert sign_in("sia").get(f"/review/{made.reference}").status_code == 404
    keep_apart(now())
    recheck(now())
    assert holder(made, cast) == (name if how == "called back" else other)
    assert db.session.scalars(select(Delegation)).one().ended_seq is not None


def test_every_open_case_goes_to_the_next_when_so_said(db, cast, case):
    made, name, other = case
    gone(cast, name, 0, 3, WhileAway.NEXT)
    db.session.commit()
    assert keep_apart(now()) == 1
    assert holder(made, cast) == other


def test_a_leavers_cases_go_in_one_press_and_a_second_press_changes_nothing(db, cast, sign_in):
    made = [case_of(cast, who) for who in ("finn", "kit", "sam", "ada")]
    tie(cast, "finn", "ren")
    for one in made:
        if holder(one, cast) == "ren":
            review.recuse(one, "for the test", cast.ren.actor, now())
    db.session.commit()
    held = [one for one in made if holder(one, cast) == "olu"]
    path = f"/duties/cases-of/{cast.olu.account.fs_uniquifier[:16]}"
    planned, _others = queries.places(cast.olu.person.id, cast.sia.actor, now())
    page = sign_in("sia").get(path).text
    assert all(one.reference in page for one in held)
    assert "stays for now" in page
    entries = select(func.count(AuditEntry.seq)).where(AuditEntry.event == "disclosure:assigned")
    before = db.session.scalar(entries)
    assert sign_in("sia").post(path, data={}).status_code == 303
    going = {one.disclosure.id: one.to for one in planned if one.to is not None}
    assert {one.id: one.reviewer_id for one in held if one.id in going} == going
    assert db.session.scalar(entries) - before == len(going)
    sign_in("sia").post(path, data={})
    assert db.session.scalar(entries) - before == len(going)
    assert sign_in("olu").post(path, data={}).status_code == 404
