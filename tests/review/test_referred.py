"""Referred: to whom and when is asked; the filer reads that the review has ended and no more, unless the officer tells it."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from coi.audit.chain import sha256
from coi.disclosures import whole
from coi.disclosures.home import in_words
from coi.models import AuditEntry, Decision, Letter, Referral
from coi.review.referring import heard
from coi.vocabulary import State
from tests.disclosures.steps import now
from tests.meetings.body import a_body, a_recorder, held, sent
from tests.review.cases import at, escalated, holder

WHOM, WHY = "State Ethics Commission", "It looks like a false statement."
ENDED = "Our review of this filing has ended."


def press(sign_in, cast, made, **more):
    data = {**at(made), "outcome": "referred", "reason": WHY, "internal": "Counsel agrees.", "referred_to": WHOM, **more}
    return sign_in(holder(made, cast)).post(f"/review/{made.reference}/decide", data=data)


def everything_the_filer_reads(sign_in, db, cast, made) -> str:
    """The pages, the letters and the complete file, as one text."""
    finn = sign_in("finn")
    pages = [
        finn.get(where).text for where in (f"/filings/{made.reference}", f"/filings/{made.reference}/receipt", "/", "/my-record")
    ]
    letters = [one.text for one in db.session.scalars(select(Letter).where(Letter.person_id == cast.finn.person.id))]
    file, _count = whole.complete_file(cast.finn.person.id, now().date(), now())
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages).split())
    return " ".join([*pages, *letters, printed])


def test_the_filer_reads_that_the_review_has_ended_and_nothing_of_the_reason(sign_in, db, cast):
    made = escalated(cast)
    assert press(sign_in, cast, made).status_code == 302
    row = db.session.scalars(select(Referral)).one()
    assert (row.whom, row.day, row.told, made.state) == (WHOM, now().date(), False, State.DECIDED)
    told = everything_the_filer_reads(sign_in, db, cast, made)
    assert (ENDED in told, in_words(made)) == (True, ENDED)
    assert [words for words in (WHOM, WHY, "Counsel agrees.", "eferred") if words in told] == []
    office = sign_in("sia").get(f"/review/{made.reference}").text
    assert all(words in office for words in (WHOM, WHY, "The filer is told only that our review has ended, not why."))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "disclosure:referred")).one()
    assert (sha256(WHOM) in entry.details, WHOM in entry.details) == (True, False)


def test_the_officer_may_tell_the_filer(sign_in, db, cast):
    made = escalated(cast)
    assert press(sign_in, cast, made, tell_filer="y", referred_on="2026-02-27").status_code == 302
    told = everything_the_filer_reads(sign_in, db, cast, made)
    assert all(words in told for words in (ENDED, WHY, "It was referred to State Ethics Commission on"))
    decision = db.session.scalars(select(Decision)).one()
    assert heard(decision).referred.endswith("Feb. 27, 2026.") or "27" in heard(decision).referred


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"referred_to": " "}, "Write to whom it is referred."),
        ({"referred_on": (now() + timedelta(days=2)).date().isoformat()}, "Choose today or a day that has passed."),
        ({"own_condition": "Do no work on it."}, "Conditions are laid before the filer."),
        ({"outcome": "noted"}, "This goes with the outcome"),
    ],
)
def test_a_referral_that_can_not_be_so_is_refused_with_what_was_typed(sign_in, db, cast, more, words):
    made = escalated(cast)
    reply = press(sign_in, cast, made, **more)
    assert (reply.status_code, words in reply.text, WHY in reply.text) == (422, True, True)
    assert (made.state, db.session.scalars(select(Referral)).all()) == (State.ESCALATED, [])


def test_a_motion_of_the_body_may_refer_it(sign_in, db, cast):
    body, recorder = a_body(cast), a_recorder(cast)
    made, meeting = sent(cast), held(recorder, body)
    votes = {f"vote_{one.person.id}": "yes" for one in body}
    who = {"mover": str(body[0].person.id), "seconder": str(body[1].person.id)}
    words = {"kind": "decide", "text": "That it be referred.", "outcome": "referred", "reason": WHY}
    form = f"/meetings/{meeting.reference}/cases/{made.reference}"
    refused = sign_in("kit").post(form, data={**at(made), **votes, **who, **words})
    assert (refused.status_code, "Write to whom it is referred." in refused.text) == (422, True)
    done = sign_in("kit").post(form, data={**at(made), **votes, **who, **words, "referred_to": WHOM})
    assert (done.status_code, made.state, db.session.scalars(select(Referral.whom)).one()) == (303, State.DECIDED, WHOM)
    told = everything_the_filer_reads(sign_in, db, cast, made)
    assert (ENDED in told, WHOM in told, WHY in told) == (True, False, False)
