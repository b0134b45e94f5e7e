"""My filing, its receipt, corrections, questions and the pages around them, through the door."""

import re

import pytest
from sqlalchemy import select

from coi.disclosures import actions, queries
from coi.disclosures.signing import sign
from coi.models import AuditEntry, Disclosure, Obligation, Person, RosterNote
from coi.review import actions as office
from coi.review.decisions import decide
from coi.vocabulary import Action, Kind, Outcome, State
from tests.disclosures.steps import A_JOB, complete, filed, now, owed, signature


@pytest.fixture
def mine(db, cast) -> Disclosure:
    """What Finn has signed, with a side job in it; Olu has it."""
    made = filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    db.session.commit()
    return made


def reviewer(cast, disclosure: Disclosure):
    """Who of the cast has the case."""
    return next(one for one in map(cast.__getitem__, cast) if one.person.id == disclosure.reviewer_id)


def asked(cast, disclosure: Disclosure) -> None:
    """The reviewer asks something."""
    office.ask(
        disclosure, "Which days do you work there?", reviewer(cast, disclosure).actor, now(),
        version=disclosure.version, state=disclosure.state.value,
    )  # fmt: skip


def test_my_filing_says_what_i_said_where_it_is_and_who_has_it(sign_in, mine, cast):
    page = sign_in("finn").get(f"/filings/{mine.reference}").text
    assert "José Ñuñez-O&#39;Brien, Jr. Catering" in page
    assert "A reviewer has it." in page
    assert f"Who has it: {reviewer(cast, mine).person.name}" in page
    assert "Nobody but you has opened it yet." in page


def test_a_flag_is_never_shown_to_the_filer(sign_in, mine):
    page = sign_in("finn").get(f"/filings/{mine.reference}").text
    assert [flag.reason for flag in queries.version_of(mine).flags if flag.reason in page] == []


def test_reading_my_filing_leaves_one_entry(sign_in, mine, db):
    finn = sign_in("finn")
    for _time in range(2):
        finn.get(f"/filings/{mine.reference}")
    left = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "disclosure:read")).all()
    assert len(left) == 1
    assert '"as":"filer"' in left[0].details


def test_who_has_read_it_is_grouped(sign_in, mine, cast):
    name = next(name for name in cast if cast[name].person.id == mine.reviewer_id)
    assert sign_in(name).get(f"/review/{mine.reference}").status_code == 200
    page = sign_in("finn").get(f"/filings/{mine.reference}").text
    assert f"<strong>Ethics reviewer {reviewer(cast, mine).person.name}</strong>" in page
    assert "March 2, 2026" in page.split("Who has read it")[1]


def test_the_receipt_shows_number_date_counts_and_no_answer(sign_in, mine):
    page = sign_in("finn").get(f"/filings/{mine.reference}/receipt").text
    assert mine.reference in page
    assert "March 2, 2026" in page
    assert "1 entry" in page
    assert "Catering" not in page


def test_a_question_is_answered_on_the_page_and_the_home_page_asks_for_it(sign_in, mine, cast, db):
    asked(cast, mine)
    finn = sign_in("finn")
    assert "Please answer a question" in finn.get("/").text
    page = finn.get(f"/filings/{mine.reference}").text
    assert "Which days do you work there?" in page
    assert "We wait for your answer." in page
    reply = finn.post(f"/filings/{mine.reference}/answer", data={"text": "On Saturdays."})
    assert reply.status_code == 303
    assert "On Saturdays." in finn.get(f"/filings/{mine.reference}").text
    assert "You have nothing to do now." in finn.get("/").text


def test_an_empty_answer_is_refused_beside_its_field(sign_in, mine, cast):
    asked(cast, mine)
    reply = sign_in("finn").post(f"/filings/{mine.reference}/answer", data={"text": " \u200b "})
    assert reply.status_code == 422
    assert "Write your answer." in reply.text


def test_a_correction_needs_a_reason_keeps_the_old_version_and_is_signed_again(sign_in, mine, db):
    finn = sign_in("finn")
    here = f"/filings/{mine.reference}"
    assert finn.post(f"{here}/correct", data={"reason": "  "}).status_code == 422
    reply = finn.post(f"{here}/correct", data={"reason": "I left that job"})
    assert reply.location.endswith(f"/forms/{mine.reference}")
    assert "Finish your correction" in finn.get("/").text
    page = finn.get(reply.location).text
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    data = {"asked": "has_outside_work", "revision": revision, "has_outside_work.": "no"}
    act = {"agreed": "yes", "signed_name": "Finn", "key": "the-second-key"}
    asked_about = finn.post(f"/forms/{mine.reference}/sign", data={**data, **act})
    assert asked_about.status_code == 422
    assert "Is it over?" in asked_about.text
    card = re.search(r'name="(carried\.outside_work\.\w+)\.was"', asked_about.text)[1]
    over = {f"{card}.was": "", card: "ended", f"{card}.on": "2023-06-30"}
    signed = finn.post(f"/forms/{mine.reference}/sign", data={**data, **over, **act})
    assert signed.status_code == 303, signed.text
    page = finn.get(here).text
    assert "Why it was corrected: I left that job" in page
    assert "Version 1" in page
    old = finn.get(f"{here}/versions/1").text
    assert "Catering" in old
    assert "You signed a newer version later." in old


def test_what_the_office_sent_back_says_why_and_needs_no_reason(sign_in, mine, cast):
    office.send_back(
        mine, "Please name the owner.", reviewer(cast, mine).actor, now(), version=mine.version, state=mine.state.value
    )
    finn = sign_in("finn")
    assert "Please correct your form" in finn.get("/").text
    assert "Please name the owner." in finn.get(f"/filings/{mine.reference}").text
    assert finn.post(f"/filings/{mine.reference}/correct", data={"reason": ""}).status_code == 303


def test_the_outcome_is_told_in_the_citys_words_with_its_reason(sign_in, mine, cast):
    officer = reviewer(cast, mine).actor
    decide(mine, Outcome.NOTED, "Nothing here touches your work.", "", officer, now(), version=1, state="in_review")
    finn = sign_in("finn")
    page = finn.get(f"/filings/{mine.reference}").text
    assert "We wrote it down. You may go on." in page
    assert "Nothing here touches your work." in page
    assert "We wrote it down. You may go on." in finn.get("/").text


def test_the_outcome_is_told_in_spanish(sign_in, mine, cast):
    decide(mine, Outcome.NOTED, "Bien.", "", reviewer(cast, mine).actor, now(), version=1, state="in_review")
    cast.finn.account.language = "es"
    assert "Queda anotado. Puede seguir." in sign_in("finn").get(f"/filings/{mine.reference}").text


@pytest.mark.parametrize("kind", ["gift", "change"])
def test_a_gift_or_a_change_is_told_without_being_asked(sign_in, db, cast, kind):
    owed(cast.finn.person)
    finn = sign_in("finn")
    assert finn.get(f"/forms/new/{kind}").status_code == 200
    assert Disclosure.query.count() == 0
    reply = finn.post(f"/forms/new/{kind}")
    assert reply.status_code == 303
    assert finn.get(reply.location).status_code == 200
    assert finn.post(f"/forms/new/{kind}").location == reply.location
    assert finn.post("/forms/new/annual").status_code == 404


def test_a_note_that_my_record_is_wrong_goes_to_the_desk_and_changes_nothing_else(sign_in, db, cast):
    reply = sign_in("finn").post("/my-record/wrong", data={"text": "I moved to Parks."})
    assert reply.status_code == 303
    assert [note.text for note in RosterNote.query.all()] == ["I moved to Parks."]
    assert db.session.get(Person, cast.finn.person.id).department == "Public Works"


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001, "a\x07b"])
def test_a_note_that_cannot_be_kept_is_refused(sign_in, db, text):
    assert sign_in("finn").post("/my-record/wrong", data={"text": text}).status_code == 422
    assert RosterNote.query.count() == 0


def test_a_filing_page_is_the_filers_alone(sign_in, mine):
    for name in ("kit", "sam", "olu", "sia", "ada", "dee"):
        for more in ("", "/receipt", "/correct", "/versions/1", "/confirm"):
            assert sign_in(name).get(f"/filings/{mine.reference}{more}").status_code == 404


@pytest.mark.parametrize("number", ["0", "2", "01", "-1", "٣", "9" * 400, "one"])
def test_a_version_that_never_was_is_not_there(sign_in, mine, number):
    assert sign_in("finn").get(f"/filings/{mine.reference}/versions/{number}").status_code == 404


def test_a_late_form_is_never_refused(sign_in, db, cast, clock):
    obligation = owed(cast.finn.person)
    obligation.due_on = obligation.told_on.replace(day=1, month=2)
    page = sign_in("finn").get("/").text
    assert "It was due on February 1, 2026." in page
    assert "nobody will turn you away" in page
    assert db.session.get(Obligation, obligation.id) is not None


def test_a_draft_of_a_signed_form_can_be_thrown_away_and_the_form_stays(sign_in, mine, cast, db):
    actions.begin_correction(mine, "a slip", cast.finn.actor, now())
    finn = sign_in("finn")
    assert finn.post(f"/forms/{mine.reference}/discard").status_code == 303
    db.session.refresh(mine)
    assert mine.state is State.IN_REVIEW
    assert Action.CORRECT.value not in {one.action for one in queries.history(mine)}


def test_a_gift_is_withdrawn_after_asking_and_a_yearly_form_is_not(sign_in, db, cast, mine):
    gift = actions.start_voluntary(Kind.GIFT, cast.finn.actor, now())
    row = {"giver": "Acme", "owner": "me", "kind": "meal", "value": "20", "date": "2026-02-01", "kept": "kept", "my_part": "no"}
    complete(gift, cast.finn.actor, gifts=[row])
    sign(gift, signature("gift-key"), cast.finn.actor, now())
    finn = sign_in("finn")
    here = f"/filings/{gift.reference}"
    assert "Withdraw this form" in finn.get(here).text
    assert "Withdraw it" in finn.get(f"{here}/withdraw").text
    assert finn.post(f"{here}/withdraw").status_code == 303
    assert "You withdrew it." in finn.get(here).text
    assert finn.post(f"/filings/{mine.reference}/withdraw").status_code == 422
    assert "Withdraw this form" not in finn.get(f"/filings/{mine.reference}").text
