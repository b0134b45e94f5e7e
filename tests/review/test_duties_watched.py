"""Duties kept apart, SD7-SD12: administrators, auditors, the version that was read, roles that end, too few."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coi.accounts import requests, roles
from coi.accounts.door import actor_of
from coi.disclosures.facts import open_assignment
from coi.duties import opening
from coi.duties.sweep import keep_apart
from coi.errors import Refused, SomebodyWasFaster
from coi.models import (
    Letter,
    Request,
    RoleGrant,
    TooFew,
)
from coi.review import actions, decisions
from coi.review.sweep import recheck
from coi.vocabulary import Outcome, Role, State
from tests.disclosures.steps import now
from tests.factories import an_entry, filing
from tests.house.test_house_access import CASES
from tests.review.cases import at, case_of, escalated, holder, holds, tie
from tests.review.duties import allowed, reached, setup_is_over

# SD7: the administrator reads no answers, reviews nothing, gives nothing to themselves.


def test_sd7_an_administrator_reads_no_answer_and_holds_no_office(app, db, cast, sign_in):
    made = case_of(cast)
    actions.note(made, "for us alone", cast.sia.actor, now())
    db.session.commit()
    browser = sign_in("dee")
    plain = [rule.rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())]
    told = [path for path in plain if b"Catering" in browser.get(path).data or b"for us alone" in browser.get(path).data]
    assert told == []
    assert reached(app, browser, made) == []
    for role in (Role.REVIEWER, Role.SENIOR_OFFICER):
        with pytest.raises(Refused, match="both"):
            roles.ask_grant(cast.dee.account, role, None, "please", cast.dan.actor, now())
    with pytest.raises(Refused, match="themselves"):
        roles.ask_grant(cast.dee.account, Role.PAPER_ENTRY, None, "please", cast.dee.actor, now())


def test_sd7_a_role_holds_after_a_senior_officer_approved_and_all_who_watch_are_told(db, cast):
    asked = roles.ask_grant(cast.kit.account, Role.REVIEWER, None, "more hands", cast.dee.actor, now())
    assert actor_of(cast.kit.account, now().date()).roles == frozenset()
    setup_is_over(db)
    requests.approve(asked, "", cast.sia.actor, now())
    assert actor_of(cast.kit.account, now().date()).roles == {Role.REVIEWER}
    told = set(db.session.scalars(select(Letter.person_id).where(Letter.kind == "role_granted")))
    assert told == {cast[name].person.id for name in ("sia", "sol", "ada")}


# SD8: an auditor presses nothing but sign-in, export and the own filing; more is read only when two opened it, for a time.

AUDITOR_PRESSES = ("accounts.", "exports.", "disclosures.", "attachments.", "recusals.mine", "public.", "audit.verify")


def test_sd8_an_auditor_presses_nothing_of_the_office():
    served = {case.endpoint for case in CASES if case.method == "POST" and dict(case.expected)["ada"] == "yes"}
    assert [endpoint for endpoint in served if not endpoint.startswith(AUDITOR_PRESSES)] == []
    for role in Role:
        assert role is Role.AUDITOR or roles.clashes(frozenset({Role.AUDITOR, role})) is not None


def test_sd8_one_filing_is_opened_by_two_for_a_time_and_every_look_is_in_the_log(db, cast, sign_in, clock):
    made = escalated(cast)
    actions.note(made, "for us alone", cast.sia.actor, now())
    actions.note(made, "the City's advice", cast.sia.actor, now())
    db.session.commit()
    path, ada = f"/duties/opened/{made.reference}", sign_in("ada")
    assert (ada.get(path).status_code, ada.get(f"/review/{made.reference}").status_code) == (404, 404)
    data = {"reference": made.reference, "auditor": cast.ada.person.id, "days": "14", "reason": "a sample of May"}
    assert sign_in("sia").post("/duties/opened", data={**data, "days": "0"}).status_code == 422
    assert sign_in("sia").post("/duties/opened", data=data).status_code == 303
    assert ada.get(path).status_code == 404
    asked = db.session.scalars(select(Request)).one()
    assert sign_in("sol").post(f"/accounts/requests/{asked.reference}/approve", data={}).status_code == 302
    page = ada.get(path)
    assert page.status_code == 200
    for words in ("Catering", "for us alone", "a sample of May"):
        assert words in page.text
    assert "a sample of May" in ada.get("/duties/opened").text
    assert cast.ada.person.name in sign_in("finn").get(f"/filings/{made.reference}").text
    for post in ("note", "ask", "recuse", "decide"):
        assert ada.post(f"/review/{made.reference}/{post}", data=at(made)).status_code in (403, 404)
    assert ada.post("/duties/opened", data=data).status_code == 403
    clock.shift(timedelta(days=13))
    assert sign_in("ada").get(path).status_code == 200
    clock.shift(timedelta(days=1))
    assert sign_in("ada").get(path).status_code == 404


def test_sd8_nobody_with_a_part_in_it_opens_it_and_no_draft_is_ever_open(db, cast, sign_in):
    made = case_of(cast)
    asked = opening.ask(made.reference, cast.ada.person.id, 14, "a sample", cast.sia.actor, now())
    tie(cast, "finn", "sol")
    assert sign_in("sol").get(f"/accounts/requests/{asked.reference}").status_code == 404
    with pytest.raises(Refused):
        requests.approve(asked, "", cast.sol.actor, now())
    db.session.rollback()
    draft = filing(cast.finn.person, State.DRAFT)
    db.session.commit()
    for reference, who in ((draft.reference, "sia"), (made.reference, "sol"), ("COI-2026-XXXXXX", "sia")):
        with pytest.raises(Refused, match="no such filing"):
            opening.ask(reference, cast.ada.person.id, 14, "a sample", cast[who].actor, now())
    with pytest.raises(Refused, match="auditor"):
        opening.ask(made.reference, cast.kit.person.id, 14, "a sample", cast.sia.actor, now())


# SD9: a decision binds to the version that was read. SD10: tests/review/test_duties_again.py.


def test_sd9_an_act_on_a_version_that_is_no_longer_the_newest_changes_nothing(db, cast, sign_in):
    made = case_of(cast)
    name = holder(made, cast)
    data = {"version": "0", "state": "in_review", "outcome": "noted", "reason": "fine"}
    assert sign_in(name).post(f"/review/{made.reference}/clear", data=data).status_code == 409
    with pytest.raises(SomebodyWasFaster):
        decisions.decide(made, Outcome.NOTED, "fine", "", cast[name].actor, now(), version=0, state="in_review")
    assert made.state is State.IN_REVIEW


# SD11: what breaks SD1-SD2 later is blocked at the next request and listed for senior officers within a minute.


def lose_the_role(cast, db, name) -> None:
    for grant in RoleGrant.query.filter_by(account_id=cast[name].account.id):
        grant.ended_seq = an_entry()


def leave_the_city(cast, db, name) -> None:
    cast[name].person.active = False


def rise_above(cast, db, name) -> None:
    cast.finn.person.supervisor_id = cast[name].person.id


# Who came into a conflict may still say so; the page of it shows no answer (access 13).
STEPPING_OUT = ("GET review.step_out", "POST review.step_out", "POST review.recuse")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lose_the_role, "the role ended, or the person left the City"),
        (leave_the_city, "the role ended, or the person left the City"),
        (rise_above, "a conflict with the filer came to be known"),
    ],
)
def test_sd11_what_changes_is_blocked_at_once_and_listed_within_a_minute(app, db, cast, sign_in, change, why):
    made = case_of(cast)
    name = holder(made, cast)
    browser = sign_in(name)
    assert browser.get(f"/review/{made.reference}").status_code == 200
    assert "The system moved no case." in sign_in("sia").get("/duties/").text
    change(cast, db, name)
    db.session.commit()
    assert [one for one in reached(app, browser, made) if one not in STEPPING_OUT] == []
    assert allowed(db, made, actor_of(cast[name].account, now().date())) == []
    assert recheck(now()) == 1
    assert holder(made, cast) == ({"olu", "ren"} - {name}).pop()
    page = sign_in("sia").get("/duties/").text
    assert (why in page, made.reference in page) == (True, True)
    tie(cast, "finn", "sol")
    page = sign_in("sol").get("/duties/").text
    assert (made.reference in page, "1 more is not shown" in page) == (False, True)
    assert recheck(now()) == 0
    assert open_assignment(made).ended_seq is None


# SD12: fewer than two who decide, or two who administer, is a standing warning.

FEW = {
    Role.SENIOR_OFFICER: ("sol", "There are fewer than two senior ethics officers."),
    Role.ADMINISTRATOR: ("dan", "There are fewer than two administrators."),
}


@pytest.mark.parametrize("role", list(FEW))
def test_sd12_too_few_stands_on_the_pages_of_who_can_mend_it_and_one_letter_goes(db, cast, sign_in, role):
    setup_is_over(db)
    holds(cast, "kit", Role.SOLICITOR)
    name, words = FEW[role]
    keep_apart(now())
    for row_of in RoleGrant.query.filter_by(account_id=cast[name].account.id, role=role):
        row_of.ended_seq = an_entry()
    db.session.commit()
    pages = {who: sign_in(who).get("/").text for who in ("sia", "dee", "olu", "ada", "finn")}
    assert {who for who, page in pages.items() if words in page} == {"sia", "dee"}
    keep_apart(now())
    keep_apart(now())
    told = list(db.session.scalars(select(Letter.person_id).where(Letter.kind == "too_few")))
    assert sorted(told) == sorted({cast[who].person.id for who in ("sia", "sol", "dee", "dan") if who != name})
    holds(cast, name, role)
    keep_apart(now())
    assert words not in sign_in("sia").get("/").text
    assert [one.ended_seq is None for one in db.session.scalars(select(TooFew))] == [False]


def test_sd12_who_waits_for_a_reviewer_is_counted_for_senior_officers_but_for_their_own(db, cast, sign_in):
    holds(cast, "kit", Role.SOLICITOR)
    tie(cast, "finn", "olu")
    tie(cast, "finn", "ren")
    case_of(cast)
    assert "1 filing waits: no reviewer is free for it." in sign_in("sia").get("/").text
    assert "no reviewer is free" not in sign_in("dee").get("/").text
