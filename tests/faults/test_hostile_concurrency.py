"""Hostile order of things, each under its id: lost replies, two windows, two officers, old pages, Back, the last second."""

import ast
import secrets
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from coi.campaigns.actions import close
from coi.config import ROOT
from coi.db import db, transaction
from coi.disclosures import actions, queries
from coi.disclosures.signing import sign
from coi.models import Assignment, AuditEntry, Decision, Disclosure, DisclosureVersion, Letter, Obligation
from coi.profiles.current import zone
from coi.vocabulary import State
from tests.disclosures.steps import NOTHING, campaign, complete, filed, now, owed, signature
from tests.factories import an_entry, filing, find_cast
from tests.faults.filers import ALL, faults_of_the_log, filers, in_parallel, is_receipt, looking, traces
from tests.faults.standing import Browser, kill, sign_in, web

VERSIONED = {"Disclosure", "Draft"}


def count(model, *where) -> int:
    """How many there are."""
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def whole_form(draft, **more) -> dict[str, str]:
    """The form on one page, as it is sent with its signature."""
    told = queries.draft_of(draft)
    policies = {f"policy.{one.id}": "received" for one in queries.policies_due(draft, told.filer, now().date())}
    return {
        "asked": " ".join([*NOTHING, "anything_else"]),
        **{f"{name}.": answer for name, answer in NOTHING.items()},
        **policies,
        "revision": str(told.revision),
        "agreed": "yes",
        "signed_name": "Finn Filer",
        "key": secrets.token_urlsafe(12),
        **more,
    }


@pytest.fixture
def begun(db, cast):
    """Finn's draft, nothing answered."""
    made = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    db.session.commit()
    return made


def test_r02_a_reply_that_was_lost_is_asked_for_again_and_is_the_same_receipt(own_city):
    people = filers(own_city, 4)
    with web(own_city) as (process, port):
        first = [one.file(port) for one in people]
        kill(process)  # the replies may not have arrived: every browser sends once more
    with web(own_city) as (_process, port):
        again = in_parallel([lambda one=one: one.file(port) for one in people])
    assert all(is_receipt(one) for one in [*first, *again])
    assert [one.location for one in again] == [one.location for one in first]
    assert [traces(one.reference) for one in people] == [ALL] * 4
    assert faults_of_the_log() == []


def test_r03_the_second_window_is_told_when_and_shown_both_texts(db, begun, sign_in):
    client, here = sign_in("finn"), f"/forms/{begun.reference}"
    page = {"asked": "anything_else", "revision": "0", "press": "save"}
    assert client.post(here, data={**page, "anything_else.": "first window"}).status_code == 303
    reply = client.post(here, data={**page, "anything_else.": "second window"})
    assert reply.status_code == 409
    for words in ("This form was changed in another window", "first window", "second window", "10:04"):
        assert words in reply.text.replace("\u202f", " "), words
    assert queries.draft_of(begun).answers["anything_else"] == "first window"


def test_r04_two_officers_decide_at_once_and_one_of_them_wins(own_city):
    with web(own_city) as (_process, port):
        for _time in range(5):
            with transaction():
                cast = find_cast()
                case = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
                browsers = [sign_in(own_city.app, cast.olu.account) for _one in range(2)]
                reference, number = case.reference, case.id
            page = {"version": "1", "state": "in_review", "outcome": "no_conflict", "reason": "The words that were typed."}

            def press(place, act, reference=reference, page=page, browsers=browsers):
                signed = browsers[place]
                return Browser(port, signed.cookie).post(f"/review/{reference}/{act}", {**page, "csrf_token": signed.token})

            replies = in_parallel([partial(press, 0, "clear"), partial(press, 1, "return")])
            assert sorted(one.code for one in replies) == [302, 409], [one.text[:300] for one in replies]
            slower = next(one for one in replies if one.code == 409)
            assert "The words that were typed." in slower.text
            assert "Olu Reviewer" in slower.text
            with looking():
                state = db.session.scalar(select(Disclosure.state).where(Disclosure.id == number))
                decided = count(Decision, Decision.disclosure_id == number)
                letters = count(Letter, Letter.once.like(f"%:{reference}%"), Letter.kind.in_(("outcome", "returned")))
            assert (state, decided) in ((State.DECIDED, 1), (State.RETURNED, 0))
            assert letters <= 1
    assert faults_of_the_log() == []


def correct_meanwhile(case, cast) -> None:
    """Finn signs a second version while the case is open."""
    actions.begin_correction(case, "I forgot a job.", cast.finn.actor, now())
    complete(case, cast.finn.actor, anything_else="A job that I forgot.")
    sign(case, signature("key-2"), cast.finn.actor, now())


@pytest.mark.parametrize("act", ["clear", "escalate", "return", "ask"])
def test_r05_r06_a_decision_on_the_version_before_is_refused_with_its_text(db, cast, sign_in, act):
    case = filed(cast.finn.person, cast.finn.actor)
    case.state, case.reviewer_id = State.IN_REVIEW, cast.olu.person.id
    db.session.commit()
    correct_meanwhile(case, cast)
    name = next(one for one in cast if cast[one].person.id == case.reviewer_id)
    db.session.commit()
    text = "Decided on what I had read."
    page = {"version": "1", "state": "in_review", "outcome": "managed" if act == "escalate" else "no_conflict"}
    reply = sign_in(name).post(f"/review/{case.reference}/{act}", data={**page, "reason": text, "reasoning": text, "text": text})
    assert (reply.status_code, text in reply.text) == (409, True)
    assert (case.state, count(Decision)) == (State.IN_REVIEW, 0)


def test_r07_no_statement_changes_a_versioned_table_past_its_version():
    found = []
    for path in [*(ROOT / "coi").rglob("*.py")]:
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node, "func", None)
            named = getattr(called, "id", getattr(called, "attr", "")) == "update" and getattr(node, "args", None)
            if named and getattr(node.args[0], "id", "") in VERSIONED:
                found.append(path.relative_to(ROOT).as_posix())
    # Publishing a form moves its open drafts at once: it has locked every one of them, and raises their revision.
    assert set(found) == {"coi/questionnaires/moving.py"}
    told = (ROOT / found[0]).read_text(encoding="utf-8")
    assert ".with_for_update(of=Draft)" in told
    assert "revision=Draft.revision + 1" in told


@pytest.mark.parametrize("act", ["clear", "ask", "note", "priority"])
def test_r08_who_lost_the_role_after_the_page_was_shown_is_refused(db, cast, sign_in, act):
    case = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    olu = sign_in("olu")
    assert olu.get(f"/review/{case.reference}").status_code == 200
    for grant in cast.olu.account.grants:
        grant.ended_seq = an_entry()
    db.session.commit()
    page = {"version": "1", "state": "in_review", "outcome": "no_conflict", "reason": "x y", "text": "My words", "risk": "high"}
    before = count(AuditEntry)
    assert olu.post(f"/review/{case.reference}/{act}", data=page).status_code in (403, 404)
    assert (count(AuditEntry), count(Decision), case.state) == (before, 0, State.IN_REVIEW)


@pytest.mark.parametrize("after", [timedelta(milliseconds=-100), timedelta(milliseconds=100)], ids=["before", "after"])
def test_r10_the_last_second_of_a_campaign_is_the_citys_and_both_are_filed(db, cast, sign_in, clock, begun, after):
    obligation = db.session.scalars(select(Obligation)).one()
    midnight = datetime(2026, 5, 2, tzinfo=zone()).astimezone(UTC)
    obligation.due_on = datetime(2026, 5, 1, tzinfo=zone()).date()
    db.session.commit()
    clock.move_to(midnight + after)
    close(campaign(), cast.sia.actor, now())
    db.session.commit()
    reply = sign_in("finn").post(f"/forms/{begun.reference}/sign", data=whole_form(begun))
    assert (reply.status_code, "/receipt" in (reply.location or "")) == (303, True), reply.text
    signed_at = db.session.scalars(select(DisclosureVersion.signed_at)).one()
    db.session.refresh(obligation)
    late = signed_at.astimezone(zone()).date() > obligation.due_on
    assert late is (after > timedelta(0))


def test_r11_submit_again_after_back_is_the_receipt_and_no_second_version(db, begun, sign_in):
    client, form = sign_in("finn"), whole_form(begun)
    first = client.post(f"/forms/{begun.reference}/sign", data=form)
    again = client.post(f"/forms/{begun.reference}/sign", data=form)
    assert (first.status_code, again.status_code, again.location) == (303, 303, first.location)
    other = client.post(f"/forms/{begun.reference}/sign", data={**form, "key": "another-key", "anything_else.": "Late words."})
    assert (other.status_code, "Late words." in other.text) == (409, True)
    assert client.get(f"/forms/{begun.reference}").location == f"/filings/{begun.reference}"
    assert count(DisclosureVersion) == 1


def test_r12_back_after_signing_out_is_the_sign_in_page(begun, sign_in):
    client = sign_in("finn")
    page = client.get(f"/forms/{begun.reference}")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    client.post("/accounts/sign-out")
    assert client.get(f"/forms/{begun.reference}").location == "/accounts/sign-in"


def test_r17_an_old_post_that_is_sent_again_does_nothing_new(db, cast, begun, sign_in):
    client, form = sign_in("finn"), whole_form(begun)
    here = f"/forms/{begun.reference}/sign"
    first = client.post(here, data=form)
    actions.begin_correction(begun, "I forgot a job.", cast.finn.actor, now())
    complete(begun, cast.finn.actor, anything_else="A second text.")
    db.session.commit()
    again = client.post(here, data=form)
    assert again.status_code in (303, 409)
    assert again.location in (None, first.location)
    assert (count(DisclosureVersion), queries.draft_of(begun).answers["anything_else"]) == (1, "A second text.")


def test_r17_a_question_that_is_sent_again_is_asked_once(db, cast, sign_in):
    case = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    client, page = sign_in("olu"), {"version": "1", "state": "in_review", "text": "Which company is it?"}
    for _time in range(3):
        assert client.post(f"/review/{case.reference}/ask", data=page).status_code in (302, 409, 422)
    assert count(AuditEntry, AuditEntry.event == "message:asked") <= 1
    assert count(Assignment, Assignment.disclosure_id == case.id) <= 1
