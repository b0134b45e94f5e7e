"""The home page says what waits for its person, one clear step first: entries to look at, questions left, an answer, a paper."""

import re

import pytest

from coi.disclosures import actions, queries
from coi.disclosures.signing import sign
from coi.models import Disclosure, Obligation
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.questionnaires.actions import publish
from coi.questionnaires.loading import shipped
from coi.review import actions as office
from coi.vocabulary import Kind, Receipt, State
from tests.disclosures.steps import A_JOB, NOTHING, complete, filed, now, owed, signature
from tests.disclosures.test_carried import A_GIFT
from tests.factories import OPERATOR, filing


def said(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def next_step(page: str) -> str:
    """What stands in the one box on top."""
    return said(re.split(r'<section class="coi-next[^>]*>', page)[1].split("</section>")[0])


def next_year(cast) -> Obligation:
    return owed(cast.finn.person, occasion="next", reporting_year=2026)


@pytest.fixture
def last_year(db, cast) -> None:
    """What Finn signed a year ago, with a side job in it."""
    filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    db.session.commit()


def test_before_it_is_begun_the_entries_that_come_back_are_counted(sign_in, db, cast, last_year):
    next_year(cast)
    db.session.commit()
    told = next_step(sign_in("finn").get("/").text)
    assert "1 entry of your last form comes back: say whether it is still true." in told
    assert "Start" in told


def test_with_a_gift_told_since_what_is_said_to_come_back_is_what_comes_back(sign_in, db, cast, last_year):
    gift = actions.start_voluntary(Kind.GIFT, cast.finn.actor, now())
    complete(gift, cast.finn.actor, gifts=[A_GIFT])
    sign(gift, signature("key-gift"), cast.finn.actor, now())
    due = next_year(cast)
    db.session.commit()
    assert "2 entries of your last form come back" in next_step(sign_in("finn").get("/").text)
    assert len(queries.draft_of(actions.start(due, cast.finn.actor, now())).carried["items"]) == 2


def test_a_draft_says_how_many_questions_and_entries_are_left(sign_in, db, cast, last_year):
    made = actions.start(next_year(cast), cast.finn.actor, now())
    db.session.commit()
    finn = sign_in("finn")
    told = next_step(finn.get("/").text)
    assert "Still open: 1 entry of your last form and 6 questions without an answer." in told
    draft = queries.draft_of(made)
    item = draft.carried["items"][0]
    looked_at = {f"outside_work/{item['entry']['_key']}": {"said": "same", "on": ""}}
    four = {name: answer for name, answer in NOTHING.items() if name not in ("has_gifts", "has_outside_work")}
    actions.save_draft(made, {**four, "has_outside_work": "yes"}, {}, cast.finn.actor, now(), draft.revision, None, looked_at)
    db.session.commit()
    assert "Still open: 1 question without an answer." in next_step(finn.get("/").text)
    actions.save_draft(made, {"has_gifts": "no"}, {}, cast.finn.actor, now(), queries.draft_of(made).revision)
    db.session.commit()
    assert "Every question has an answer: look over it and sign." in next_step(finn.get("/").text)


def test_the_same_in_spanish(sign_in, db, cast, last_year):
    cast.finn.account.language = "es"
    actions.start(next_year(cast), cast.finn.actor, now())
    db.session.commit()
    assert "Falta: 1 anotación de su último formulario y 6 preguntas sin respuesta." in next_step(sign_in("finn").get("/").text)


def test_a_form_without_entries_says_nothing_of_them(sign_in, db, cast):
    filed(cast.finn.person, cast.finn.actor)
    next_year(cast)
    db.session.commit()
    told = next_step(sign_in("finn").get("/").text)
    assert "Most people need three minutes." in told
    assert "comes back" not in told


def test_a_question_comes_before_the_form_that_is_due(sign_in, db, cast, last_year):
    made = Disclosure.query.filter_by(filer_id=cast.finn.person.id).one()
    reader = next(cast[name] for name in cast if cast[name].person.id == made.reviewer_id)
    office.ask(made, "Which days?", reader.actor, now(), version=1, state="in_review")
    next_year(cast)
    db.session.commit()
    page = sign_in("finn").get("/").text
    assert "Please answer a question" in next_step(page)
    assert "comes back" in said(page.split("Also to do")[1])


def test_a_correction_that_is_begun_says_what_is_left_and_one_sent_back_goes_on(sign_in, db, cast, last_year):
    made = Disclosure.query.filter_by(filer_id=cast.finn.person.id).one()
    reader = next(cast[name] for name in cast if cast[name].person.id == made.reviewer_id)
    finn = sign_in("finn")
    office.send_back(made, "Name the firm.", reader.actor, now(), version=1, state="in_review")
    db.session.commit()
    assert "See what to correct" in next_step(finn.get("/").text)
    actions.begin_correction(made, "", cast.finn.actor, now())
    db.session.commit()
    assert "Go on with your correction" in next_step(finn.get("/").text)


@pytest.fixture
def state_form(db, cast) -> Obligation:
    publish(shipped("pa_sec1"), "content", OPERATOR, now())
    made = owed(cast.finn.person, form_id="pa-sec-1", occasion="state")
    db.session.commit()
    return made


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.DECIDED])
def test_a_form_of_the_state_waits_for_its_paper_and_is_nowhere_said_to_be_filed(sign_in, db, cast, state_form, state):
    reviewer = None if state is State.SUBMITTED else cast.olu.person
    filing(cast.finn.person, state, reviewer, form_id="pa-sec-1", obligation_id=state_form.id)
    db.session.commit()
    finn = sign_in("finn")
    page = finn.get("/").text
    assert "Please print, sign and hand in your form" in next_step(page)
    assert "Due by May 1, 2026" in next_step(page)
    for told in (said(page), said(finn.get("/my-record").text)):
        assert "Signed here. The office does not have it on paper yet." in told
        assert "signed here on" in told
        assert "filed on" not in told


def test_a_question_does_not_hide_that_the_paper_is_missing(sign_in, db, cast, state_form):
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, form_id="pa-sec-1", obligation_id=state_form.id)
    office.ask(made, "Which days?", cast.olu.actor, now(), version=1, state="in_review")
    db.session.commit()
    page = sign_in("finn").get("/").text
    assert "Please answer a question" in next_step(page)
    assert "Please print, sign and hand in your form" in said(page.split("Also to do")[1])


def test_a_correction_keeps_the_policies_on_my_filing_and_on_the_receipt(sign_in, db, cast):
    load_from_profile(current_profile(), OPERATOR, now())
    made = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(made, cast.finn.actor)
    draft = queries.draft_of(made)
    due = queries.policies_due(made, draft.filer, now().date())
    told = {str(one.id): {"receipt": Receipt.RECEIVED.value} for one in due}
    actions.save_draft(made, {}, told, cast.finn.actor, now(), draft.revision)
    sign(made, signature(), cast.finn.actor, now())
    actions.begin_correction(made, "a slip", cast.finn.actor, now())
    sign(made, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    finn = sign_in("finn")
    for path in ("", "/receipt"):
        page = finn.get(f"/filings/{made.reference}{path}").text
        assert page.count("<strong>I received it</strong>") == len(due) > 0


def test_letters_stand_in_one_place(sign_in, db, cast, last_year):
    finn = sign_in("finn")
    reply = finn.get("/notices/mine")
    assert (reply.status_code, reply.location) == (302, "/my-record#letters")
    page = finn.get("/my-record").text
    assert 'id="letters"' in page
    assert "We have your form" in page
