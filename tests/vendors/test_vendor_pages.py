"""Pages about outside parties: a verdict from the case page, a new contract settled, a party over the years, what filers hear."""

import json

from sqlalchemy import select

from coi.duties.actions import go_away
from coi.duties.sweep import keep_apart
from coi.models import AuditEntry, ContractAlert, Disclosure, InterestMatch, RoleGrant, StepAside, VendorVerdict
from coi.review import decisions
from coi.vendors.timeline import conditions_in_words
from coi.vocabulary import Outcome, WhileAway
from tests.disclosures.steps import now
from tests.factories import an_entry
from tests.review.cases import at, case_of, decided, holder, tie
from tests.vendors.lists_of_tests import JOB, JOSE, NEW_DEAL, OLD_DEAL, load_contracts, load_vendors

SAID = {"category": "like_name", "because": "Another family altogether.", "until": ""}


def path(case: Disclosure, what: str) -> str:
    return f"/vendors/{case.reference}/{what}"


def match_id(db) -> int:
    return db.session.scalar(select(InterestMatch.id).order_by(InterestMatch.id).limit(1))


def test_a_verdict_from_the_case_page_stands_there_with_name_and_words(db, cast, sign_in):
    load_vendors(JOSE)
    case = case_of(cast)
    browser = sign_in(holder(case, cast))
    page = browser.get(f"/review/{case.reference}").text
    assert (path(case, "verdict") in page, "Say what it is" in page) == (True, True)
    sent = browser.post(path(case, "verdict"), data={"match": match_id(db), "seen": "", **SAID})
    assert sent.status_code == 303
    page = browser.get(sent.location).text
    assert SAID["because"] in page
    assert f"{cast[holder(case, cast)].person.name} on" in page
    made = db.session.scalars(select(VendorVerdict)).one()
    taken = browser.post(path(case, "verdict/take-back"), data={"verdict": made.reference})
    assert (taken.status_code, "taken back" in browser.get(f"/review/{case.reference}").text) == (303, True)


def test_what_is_wrong_or_too_late_comes_back_with_every_word(db, cast, sign_in):
    load_vendors(JOSE)
    case = case_of(cast)
    browser, number = sign_in(holder(case, cast)), match_id(db)
    bad = [
        ({"category": ""}, 422),
        ({"category": "enemy"}, 422),
        ({"until": "2020-01-01"}, 422),
        ({"until": "soon"}, 422),
        ({"match": "x"}, 409),
        ({"seen": "VER-2026-NOBODY"}, 409),
    ]
    for change, code in bad:
        answer = browser.post(path(case, "verdict"), data={"match": number, "seen": "", **SAID, **change})
        assert (answer.status_code, SAID["because"] in answer.text) == (code, True), change
    assert browser.post(path(case, "verdict/take-back"), data={"verdict": "VER-2026-NOBODY"}).status_code == 422
    assert db.session.scalars(select(VendorVerdict)).all() == []


def test_who_is_second_is_told_who_said_what_and_may_say_it_again(db, cast, sign_in):
    load_vendors(JOSE)
    case = case_of(cast)
    first, second = sign_in(holder(case, cast)), sign_in("sia")
    told = {"match": match_id(db), "seen": ""}
    assert first.post(path(case, "verdict"), data={**told, **SAID}).status_code == 303
    late = second.post(path(case, "verdict"), data={**told, "category": "same_company", "because": "I know them."})
    assert late.status_code == 409
    for word in (cast[holder(case, cast)].person.name, "similar name", "I know them."):
        assert word in late.text
    seen = db.session.scalars(select(VendorVerdict)).one().reference
    assert f'value="{seen}"' in late.text
    again = second.post(path(case, "verdict"), data={**told, "seen": seen, "category": "same_company"})
    assert again.status_code == 303


def test_a_new_contract_is_settled_from_the_case_and_the_filer_sees_what_became_of_it(db, cast, sign_in):
    load_contracts(OLD_DEAL)
    case = decided(cast)
    load_contracts(OLD_DEAL, NEW_DEAL)
    alert = db.session.scalars(select(ContractAlert)).one()
    browser, filer = sign_in(holder(case, cast)), sign_in("finn")
    assert "Dinners" in browser.get(f"/review/{case.reference}").text
    page = filer.get(f"/filings/{case.reference}")
    assert ("You have nothing to do now" in page.text, "Catering" in page.text) == (True, True)
    told = {"alert": alert.reference, "how": "dismiss", "reason": ""}
    assert browser.post(path(case, "new-contract"), data=told).status_code == 422
    assert browser.post(path(case, "new-contract"), data={**told, "alert": "NEW-2026-NOBODY"}).status_code == 422
    assert browser.post(path(case, "new-contract"), data={**told, "reason": "Lunches as before."}).status_code == 303
    assert "Lunches as before." in browser.get(f"/review/{case.reference}").text
    page = filer.get(f"/filings/{case.reference}").text
    assert ("it changes nothing" in page, "Lunches as before." in page) == (True, False)
    late = sign_in("sia").post(path(case, "new-contract"), data={**told, "how": "reopen", "reason": "No!"})
    assert (late.status_code, "No!" in late.text) == (409, True)


def test_a_new_contract_on_a_decided_form_stands_above_the_queue_of_who_may_settle_it(db, cast, sign_in):
    load_contracts(OLD_DEAL)
    case = decided(cast)
    load_contracts(OLD_DEAL, NEW_DEAL)
    alert = db.session.scalars(select(ContractAlert)).one()
    had_it = holder(case, cast)

    def stands_for(who: str) -> bool:
        page = sign_in(who).get("/review/").text
        assert "Catering" not in page  # the company is for the case page
        return "a contract came later" in page and case.reference in page

    assert (stands_for(had_it), stands_for("sia")) == (True, True)
    assert not stands_for("ren" if had_it == "olu" else "olu")
    tie(cast, "finn", "sia")
    assert (stands_for(had_it), stands_for("sia")) == (True, False)
    told = {"alert": alert.reference, "how": "dismiss", "reason": "Lunches as before."}
    assert sign_in(had_it).post(path(case, "new-contract"), data=told).status_code == 303
    assert not stands_for(had_it)


def test_the_years_of_a_party_newest_first_and_the_look_is_in_the_log(db, cast, sign_in):
    load_vendors(JOSE)
    load_contracts(OLD_DEAL, NEW_DEAL)
    case = decided(cast, Outcome.NOTED)
    who = {"person_id": cast.kit.person.id, "supervisor_id": None, "at": now(), "seq": an_entry()}
    db.session.add(StepAside(reference="REC-2026-PARTY1", matter="Lunches", party=JOB, since=now().date(), **who))
    db.session.commit()
    page = sign_in("sia").get(path(case, "party/1"))
    assert page.status_code == 200
    places = [page.text.index(word) for word in ("Noted", "Lunches</span>", "Dinners", "C1 ·")]
    assert places == sorted(places)
    assert f"{cast.finn.person.name}: Noted" in page.text  # whose outcome it is
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "party:read")).one()
    details = json.loads(entry.details)
    assert (details["contracts"], details["filings"], "Catering" in entry.details) == (2, 1, False)


def test_a_list_that_was_not_loaded_and_a_bare_condition_are_called_as_people_call_them(db, cast, sign_in):
    page = sign_in("sia").get(f"/review/{case_of(cast).reference}").text
    assert "nothing was compared with them: the City&#39;s vendors." in page
    assert not [words for words in conditions_in_words().values() if "{" in words]


def test_who_stands_in_for_a_colleague_reads_that_colleagues_cases_in_the_years_of_a_party(db, cast, sign_in):
    mine = case_of(cast)
    theirs = next(one for one in (case_of(cast, "kit"), case_of(cast, "sam")) if one.reviewer_id != mine.reviewer_id)
    me, other = holder(mine, cast), holder(theirs, cast)
    assert theirs.reference not in sign_in(me).get(path(mine, "party/1")).text
    on = now().date()
    go_away(cast[other].person.id, on, on, WhileAway.DELEGATE, cast[me].person.id, cast[other].actor, now())
    db.session.commit()
    assert keep_apart(now()) > 0
    assert theirs.reference in sign_in(me).get(path(mine, "party/1")).text


def test_the_desk_sees_a_new_contract_of_a_case_whose_reviewer_is_gone(db, cast, sign_in):
    case = decided(cast)
    load_contracts(NEW_DEAL)
    gone = holder(case, cast)
    other = ({"olu", "ren"} - {gone}).pop()
    assert case.reference not in sign_in(other).get("/review/").text
    RoleGrant.query.filter_by(account_id=cast[gone].account.id).one().ended_seq = an_entry()
    db.session.commit()
    page = sign_in(other).get("/review/").text
    assert "Decided at your desk, and a contract came later" in page
    assert case.reference in page
    assert f'/review/{case.reference}"' not in page
    assert sign_in(other).get(f"/review/{case.reference}").status_code == 404
    assert f'/review/{case.reference}"' in sign_in("sia").get("/review/").text
    tie(cast, "finn", other)
    assert case.reference not in sign_in(other).get("/review/").text


def test_a_reviewer_sees_of_cases_of_others_a_count_and_the_outcome_only(db, cast, sign_in):
    mine = case_of(cast)
    theirs = next(one for one in (case_of(cast, "kit"), case_of(cast, "sam")) if one.reviewer_id != mine.reviewer_id)
    told = at(theirs)
    by = cast[holder(theirs, cast)].actor
    decisions.decide(theirs, Outcome.NOTED, "You may go on.", "secret reasoning", by, now(), **told)
    db.session.commit()
    page = sign_in(holder(mine, cast)).get(path(mine, "party/1")).text
    assert theirs.filer.name not in page
    assert theirs.reference not in page
    assert "secret" not in page
    assert "Noted: 1" in page
    senior = sign_in("sia").get(path(mine, "party/1")).text
    assert theirs.filer.name in senior
    tie(cast, "sol", holder_of(theirs, cast))
    assert theirs.filer.name not in sign_in("sol").get(path(mine, "party/1")).text


def test_a_place_that_is_none_is_not_found(db, cast, sign_in):
    case, nobodys = case_of(cast), case_of(cast, "kit", answers=None)
    browser = sign_in("sia")
    places = ("0", "2", "-1", "x", "٣", "99999")
    assert {browser.get(path(case, f"party/{place}")).status_code for place in places} == {404}
    assert browser.get(path(nobodys, "party/1")).status_code == 404


def holder_of(case: Disclosure, cast) -> str:
    """The name of whose filing it is."""
    return next(name for name in cast if cast[name].person.id == case.filer_id)
