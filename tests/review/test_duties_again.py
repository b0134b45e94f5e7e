"""Duties kept apart once more: the own form when it is decided, rights that ended meanwhile (SD10), what the tables refuse."""

import pytest
from sqlalchemy import insert, select

from coi.accounts import roles
from coi.accounts.door import actor_of
from coi.duties import opening
from coi.exports import jobs
from coi.models import (
    Decision,
    Excuse,
    Export,
    Extension,
    ReadGrant,
    Recommendation,
    Request,
    RoleGrant,
    TooFew,
)
from coi.review import actions, decisions
from coi.vocabulary import JobState, Outcome, RequestState, Role, State
from tests.city import apart
from tests.disclosures.steps import now, owed
from tests.factories import an_entry, filing
from tests.review.cases import at, case_of, escalated, holder, holds
from tests.review.duties import allowed, reached, refused, row, setup_is_over, version_of

WORDS = {"reason_for_filer": "", "was": "in_review", "rule": "", "internal_reasoning": "", "second_hand": False}

# SD1: also when it is decided, and by the desk.


@pytest.mark.parametrize("name", ["olu", "sia"])
def test_sd1_the_own_filing_stays_out_of_reach_when_it_is_decided(app, db, cast, sign_in, name):
    holds(cast, "kit", Role.SOLICITOR)
    made = case_of(cast, name)
    decisions.decide(made, Outcome.NOTED, "You may.", "for us", cast.kit.actor, now(), **at(made))
    db.session.commit()
    assert made.state is State.DECIDED
    browser = sign_in(name)
    assert reached(app, browser, made) == []
    assert allowed(db, made, actor_of(cast[name].account, now().date())) == []
    for whose in ("mine", "desk", "all"):
        assert made.reference not in browser.get(f"/review/?whose={whose}&state=decided").text
    page = browser.get(f"/filings/{made.reference}").text
    assert "You may." in page
    assert "for us" not in page


def test_sd1_the_desk_presses_nothing_for_itself(db, cast, sign_in):
    mine, theirs = owed(cast.dee.person), owed(cast.finn.person)
    db.session.commit()
    dee = sign_in("dee")
    for act, code in (("extend", 422), ("excuse", 422), ("leave", 302)):
        codes = [dee.post(f"/campaign-desk/people/{one.reference}/{act}", data={}).status_code for one in (mine, theirs)]
        assert codes == [404, code]
    by = {"obligation_id": mine.id, "reason": "away", "seq": 1}
    name = cast.dee.actor.name
    refused(db, insert(Extension).values(**by, until=now().date(), by=name), "nobody gives themselves more time")
    for both in (name, f"{name}, account:99", f"account:99, {name}"):
        refused(db, insert(Excuse).values(**by, by=both), "nobody excuses themselves")
    db.session.execute(insert(Excuse).values(**by, by=f"{name}99, account:99"))


# SD4: a colleague reads it at most; what is done with it is counsel's alone.


def test_sd4_a_colleague_does_nothing_with_an_officers_own_filing(db, cast, sign_in):
    holds(cast, "kit", Role.SOLICITOR)
    made = case_of(cast, "sia")
    assert holder(made, cast) == "kit"
    assert set(allowed(db, made, cast.sol.actor)) <= {"note", "tie", "advise", "open to an auditor"}
    page = sign_in("sol").get(f"/review/{made.reference}").text
    for act in ("clear", "ask", "send-back", "return", "escalate", "decide", "priority"):
        assert f'action="/review/{made.reference}/{act}"' not in page
        data = {**at(made), "outcome": "noted", "reason": "fine", "text": "why?", "risk": "high", "reasoning": "look"}
        assert sign_in("sol").post(f"/review/{made.reference}/{act}", data=data).status_code == 404


# SD5: the page of who recommended has no button for it.


def test_sd5_who_recommended_is_shown_no_way_to_decide(db, cast, sign_in):
    made = case_of(cast)
    actions.escalate(made, Outcome.REFERRED, "look", cast.sia.actor, now(), **at(made))
    db.session.commit()
    pages = {name: sign_in(name).get(f"/review/{made.reference}").text for name in ("sia", "sol")}
    assert ["act-decide" in pages[name] for name in ("sia", "sol")] == [False, True]


# SD6, SD7: who asks is shown no way to approve, gives nothing to themselves, and opens nothing alone.


def test_sd6_who_asked_is_shown_no_way_to_approve(db, cast, sign_in):
    asked = opening.ask(case_of(cast).reference, cast.ada.person.id, 14, "a sample", cast.sia.actor, now())
    db.session.commit()
    address = f"/accounts/requests/{asked.reference}"
    assert [sign_in(name).get(address).status_code for name in ("sia", "sol")] == [404, 200]


def test_sd6_no_table_takes_one_person_for_two(db, cast):
    made = case_of(cast)
    one = cast.sia.person.id
    days = {"reference": "OPN-X", "reason": "", "request": "", "starts_on": now().date(), "ends_on": now().date()}
    who = {"auditor_id": cast.ada.person.id, "asked_by_id": one, "approved_by_id": one}
    refused(db, insert(ReadGrant).values(row(made, **days, **who)), "two_people_open_it")


def test_sd7_an_administrator_gives_nothing_to_themselves(db, cast, sign_in):
    for role, words in (("paper_entry", "themselves"), ("reviewer", "")):
        data = {"login": "dee@city.example", "role": role, "reason": "please"}
        reply = sign_in("dee").post("/accounts/roles/give", data=data)
        assert reply.status_code == 422
        assert words in reply.text
    assert db.session.scalars(select(Request)).all() == []


# SD8: no draft, at no address.


def test_sd8_a_draft_is_nobodys_but_its_filers(app, db, cast, sign_in):
    draft = filing(cast.finn.person, State.DRAFT)
    db.session.commit()
    for name in ("ada", "olu", "sia", "dee"):
        assert reached(app, sign_in(name), draft) == []
        assert sign_in(name).get(f"/filings/{draft.reference}").status_code == 404
        assert draft.reference not in sign_in(name).get("/review/?whose=all").text


# SD9: every form of the page carries what it shows; every act on something older is told so; the table holds it, too.


def test_sd9_every_act_binds_to_the_version_that_was_shown(db, cast, sign_in):
    made = escalated(cast)
    name = holder(made, cast)
    page = sign_in(name).get(f"/review/{made.reference}").text
    assert page.count('name="version" value="1"') == page.count('name="state" value="escalated"') > 5
    words = {"reason": "fine", "text": "why?", "risk": "critical", "outcome": "noted", "reasoning": "look"}
    for act in ("ask", "return", "decide", "hand-back", "priority"):
        reply = sign_in(name).post(f"/review/{made.reference}/{act}", data={**words, "version": "0", "state": "escalated"})
        assert reply.status_code == 409, act
    other = version_of(db, case_of(cast, "kit"))
    told = {"version_id": other, "outcome": Outcome.NOTED, "conditions": [], "by_id": cast.sol.person.id}
    refused(db, insert(Decision).values(row(made, **WORDS, **told, reference="DEC-X")), "of another filing")
    refused(db, insert(Recommendation).values(row(made, **told, reasoning="")), "of another filing")


# SD10: a right that ended is asked again: on the page, when the job runs, at the download, when a second person agrees.


def loses(db, cast, name, role) -> None:
    for grant in RoleGrant.query.filter_by(account_id=cast[name].account.id, role=role):
        grant.ended_seq = an_entry()
    db.session.commit()


@pytest.mark.parametrize(("name", "role"), [("ada", Role.AUDITOR), ("sia", Role.SENIOR_OFFICER)])
def test_sd10_a_workbook_asks_for_the_right_on_the_page_when_it_is_made_and_when_it_is_taken(app, db, cast, sign_in, name, role):
    def sweep() -> int:
        with app.app_context():
            return jobs.run_waiting(now())

    owed(cast.finn.person)
    db.session.commit()
    browser, data = sign_in(name), {"campaign": "2026", "language": "en"}
    assert browser.post("/exports/", data=data).status_code == 302
    assert apart(sweep) == 1
    first = db.session.scalars(select(Export)).one().reference
    assert browser.get(f"/exports/{first}/workbook").status_code == 200
    assert browser.post("/exports/", data={**data, "language": "es"}).status_code == 302
    loses(db, cast, name, role)
    assert apart(sweep) == 0
    assert db.session.scalars(select(Export.state).order_by(Export.id)).all() == [JobState.DONE, JobState.CANCELLED]
    assert [browser.get(f"/exports/{first}/{part}").status_code for part in ("workbook", "seal")] == [404, 404]
    assert (browser.get("/exports/").status_code, browser.post("/exports/", data=data).status_code) == (403, 403)


@pytest.mark.parametrize("how", ["the role ended", "the account is closed", "left the City"])
def test_sd10_what_somebody_asked_does_not_run_once_they_may_no_longer_ask_it(db, cast, sign_in, how):
    setup_is_over(db)
    made = case_of(cast)
    asked = [
        opening.ask(made.reference, cast.ada.person.id, 14, "a sample", cast.sia.actor, now()),
        roles.ask_grant(cast.kit.account, Role.RECORDER, None, "a recorder", cast.dee.actor, now()),
    ]
    for name in ("sia", "dee"):
        if how == "the role ended":
            loses(db, cast, name, Role.SENIOR_OFFICER if name == "sia" else Role.ADMINISTRATOR)
        elif how == "the account is closed":
            cast[name].account.active = False
        else:
            cast[name].person.active = False
    db.session.commit()
    for one in asked:
        browser = sign_in("sol")
        assert browser.post(f"/accounts/requests/{one.reference}/approve", data={}).status_code == 302
        assert "who asked may no longer ask it" in browser.get("/accounts/requests").text
    db.session.expire_all()
    assert [one.state for one in asked] == [RequestState.VOID] * 2
    assert db.session.scalars(select(ReadGrant)).all() == []
    assert actor_of(cast.kit.account, now().date()).roles == frozenset()


# SD12: one standing warning of a kind at a time.


def test_sd12_no_table_takes_the_same_warning_twice(db, cast):
    values = {"what": "alternate", "at": now()}
    db.session.execute(insert(TooFew).values(**values, seq=an_entry()))
    refused(db, insert(TooFew).values(**values, seq=an_entry()), "too_few")
