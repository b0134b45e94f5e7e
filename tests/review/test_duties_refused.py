"""What keeping duties apart refuses, straight at the action: each check by itself, whatever the page before it asked."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coi.accounts import requests
from coi.accounts.door import actor_of
from coi.duties import actions, opening, queries
from coi.duties.sweep import keep_apart
from coi.errors import NotPossible, Refused
from coi.models import AbsencePlan, Delegation, ReadGrant, Recusal, RoleGrant
from coi.review import actions as review
from coi.review.queries import thread
from coi.review.standing_in import said_for, steads
from coi.vocabulary import WhileAway
from tests.disclosures.steps import now
from tests.factories import an_entry
from tests.review.cases import at, case_of, escalated, holder, tie


def gone(cast, name, by=None, to=None) -> AbsencePlan:
    """Away from today for three days; a colleague stands in where one is named."""
    on, cases = now().date(), WhileAway.DELEGATE if to else WhileAway.STAY
    delegate = cast[to].person.id if to else None
    return actions.go_away(cast[name].person.id, on, on + timedelta(3), cases, delegate, cast[by or name].actor, now())


def test_absences_are_entered_for_who_has_cases_and_ended_by_who_is_away(db, cast):
    for name, by, to, words in (
        ("ren", "olu", None, "for somebody else"),
        ("kit", "sia", None, "has no cases"),
        ("olu", "olu", "kit", "Choose a colleague"),
        ("olu", "finn", None, "for somebody else"),
    ):
        with pytest.raises(Refused, match=words):
            gone(cast, name, by, to)
        db.session.rollback()
    plan = gone(cast, "olu")
    db.session.commit()
    for by in ("ren", "kit", "ada"):
        with pytest.raises(NotPossible):
            actions.come_back(plan, cast[by].actor, now())
        db.session.rollback()
    assert actions.come_back(plan, cast.sia.actor, now())


def test_nobody_hands_over_their_own_cases_or_one_in_which_they_have_a_part(db, cast, sign_in):
    made = [case_of(cast, who) for who in ("finn", "kit", "sam", "ada")]
    held = [one for one in made if holder(one, cast) == "olu"]
    assert len(held) == 2
    for by in ("ren", "olu", "dee"):
        with pytest.raises(NotPossible):
            actions.hand_over(cast.olu.person, cast[by].actor, now())
        db.session.rollback()
    with pytest.raises(NotPossible):
        actions.hand_over(cast.sia.person, cast.sia.actor, now())
    db.session.rollback()
    near = next(name for name in cast if cast[name].person.id == held[0].filer_id)
    tie(cast, near, "sia")
    page = sign_in("sia").get(f"/duties/cases-of/{cast.olu.account.fs_uniquifier[:16]}").text
    assert "1 case is not yours to give" in page
    assert (held[0].reference in page, held[1].reference in page) == (False, True)
    assert actions.hand_over(cast.olu.person, cast.sia.actor, now()) == (1, 1)
    assert [holder(one, cast) for one in held] == ["olu", "ren"]


@pytest.mark.parametrize("how", ["the role ended", "is away, too"])
def test_who_stands_in_and_may_no_longer_is_followed_by_the_next(db, cast, how):
    made = case_of(cast)
    name = holder(made, cast)
    gone(cast, name, to="sia")
    db.session.commit()
    assert keep_apart(now()) == 1
    if how == "the role ended":
        for grant in RoleGrant.query.filter_by(account_id=cast.sia.account.id):
            grant.ended_seq = an_entry()
    else:
        gone(cast, "sia")
    db.session.commit()
    keep_apart(now())
    assert holder(made, cast) == ({"olu", "ren"} - {name}).pop()
    assert db.session.scalars(select(Delegation)).one().ended_because == ("role_ended" if how == "the role ended" else "absence")


def test_only_what_was_done_meanwhile_was_done_in_anothers_stead(db, cast):
    made = case_of(cast)
    name = holder(made, cast)
    review.note(made, "before", cast.sia.actor, now())
    plan = gone(cast, name, to="sia")
    db.session.commit()
    keep_apart(now())
    review.note(made, "meanwhile", actor_of(cast.sia.account, now().date()), now())
    actions.come_back(plan, cast[name].actor, now())
    review.note(made, "after", cast.sia.actor, now())
    db.session.commit()
    stood, who = steads(made), cast.sia.person
    told = [said_for(who.name, who.id, one.seq, stood) for one in thread(made, with_notes=True)]
    assert [words == who.name for words in told] == [True, False, True]


def test_only_who_has_a_case_or_could_be_given_it_steps_out_and_sees_that_it_is_done(db, cast, sign_in):
    made = case_of(cast)
    name = holder(made, cast)
    other = ({"olu", "ren"} - {name}).pop()
    for by in ("finn", "kit", "ada"):
        with pytest.raises(NotPossible):
            review.recuse(made, "a friend", cast[by].actor, now(), "friend")
        db.session.rollback()
    assert db.session.scalar(select(func.count(Recusal.id))) == 0
    review.recuse(made, "", cast[name].actor, now(), "friend")
    db.session.commit()
    page = f"/review/{made.reference}/stepped-out"
    assert [sign_in(by).get(page).status_code for by in (name, other, "finn", "sia")] == [200, 404, 404, 404]


def test_the_row_offers_to_step_out_only_where_that_is_allowed(db, cast, sign_in):
    mine, raised = case_of(cast, "kit"), escalated(cast)
    name = holder(mine, cast)
    other = ({"olu", "ren"} - {name}).pop()
    back = case_of(cast, "sam")
    if holder(back, cast) != name:
        review.recuse(back, "", cast[other].actor, now(), "work")
    review.send_back(back, "please", cast[name].actor, now(), **at(back))
    db.session.commit()

    def offered(who: str, whose: str) -> set[str]:
        page = sign_in(who).get(f"/review/?whose={whose}").text
        return {one.reference for one in (mine, raised, back) if f"/review/{one.reference}/step-out" in page}

    assert offered(name, "mine") == {mine.reference}
    assert offered(name, "desk") >= {mine.reference}
    assert back.reference not in offered(name, "desk")
    assert mine.reference not in offered(other, "desk")
    assert offered(holder(raised, cast), "mine") == {raised.reference}
    assert offered("ada", "all") == set()
    gone(cast, name, to=other)
    db.session.commit()
    keep_apart(now())
    assert offered(other, "mine") == {mine.reference}


def test_nothing_is_opened_by_or_to_who_has_a_part_in_it(db, cast, sign_in):
    made, own = case_of(cast), case_of(cast, "ada")
    with pytest.raises(Refused, match="own form"):
        opening.ask(own.reference, cast.ada.person.id, 14, "a sample", cast.sia.actor, now())
    db.session.rollback()
    first = opening.ask(made.reference, cast.ada.person.id, 14, "a sample", cast.sol.actor, now())
    assert requests.approve(first, "", cast.sia.actor, now())
    again = opening.ask(made.reference, cast.ada.person.id, 30, "the rest", cast.sia.actor, now())
    db.session.commit()
    assert made.reference in sign_in("sia").get("/duties/opened").text
    tie(cast, "finn", "sia")
    assert made.reference not in sign_in("sia").get("/duties/opened").text
    with pytest.raises(NotPossible):
        requests.approve(again, "", cast.sol.actor, now())
    db.session.rollback()
    assert db.session.scalar(select(func.count(ReadGrant.id))) == 1


def test_the_own_filing_that_waits_is_not_counted_for_its_filer(db, cast):
    case_of(cast, "sia")
    assert [queries.waiting_count(cast[name].actor) for name in ("sia", "sol")] == [0, 1]
