"""One case as one certified file: two persons at every door, for who asked alone, whole, provable, told to the filer."""

import io
import json
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from coi.advice.actions import advise
from coi.casefiles.proof import faults
from coi.casefiles.queries import pdf_of
from coi.disclosures import actions as filings
from coi.disclosures.queries import readers_for_filer
from coi.disclosures.signing import sign
from coi.exports.queries import public_key
from coi.models import AuditEntry, CaseFile, Installation, Letter, Request
from coi.review import actions, decisions
from coi.vocabulary import JobState, Outcome, Role
from tests.attachments.files import PDF, png
from tests.attachments.steps import A_JOB_WITH_KEY, here, send
from tests.casefiles.made import WHY, approve, ask, made, swept, waiting, words_of
from tests.disclosures.steps import NOTHING, by_mistake, complete, now, owed, signature
from tests.factories import an_entry
from tests.review.cases import at, case_of, holder, holds, tie, without


@pytest.fixture(autouse=True)
def in_service(db, cast):
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry()
    db.session.commit()


@pytest.fixture
def case(db, cast, sign_in):
    """Two versions, two papers of which one can't be printed, a question with its answer, a note, advice, a decision."""
    made = filings.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(made, cast.finn.actor, **A_JOB_WITH_KEY)
    db.session.commit()
    for data, name in ((png(), "photo.png"), (PDF, "torn.pdf")):
        assert send(sign_in("finn"), here(made), data, name).status_code == 303
    sign(made, signature(), cast.finn.actor, now())
    who = cast[holder(made, cast)].actor
    actions.ask(made, "Who ordered it?", who, now(), **at(made))
    db.session.commit()
    actions.answer(made, "The chief did.", cast.finn.actor, now())
    actions.note(made, "He sounded nervous.", who, now())
    db.session.commit()
    advise(made, "Privileged words.", who, now())
    decisions.decide(made, Outcome.NOTED, "You may go on.", "Nobody else bids.", who, now(), **at(made))
    db.session.commit()
    return made


def read(client, path: str):
    return client.get(path).status_code


def test_the_file_holds_the_whole_case_and_proves_itself(sign_in, db, cast, case, runner, tmp_path):
    one = made(sign_in, db, case.reference)
    assert (one.state, one.error) == (JobState.DONE, "")
    reply = sign_in("sia").get(f"/case-files/{one.reference}/file")
    text = words_of(reply.data)
    for words in (
        *(one.reference, case.reference, WHY, "Finn Filer", "Sia Senior", "Sol Senior"),
        *("José Ñuñez-O'Brien, Jr. Catering", "Who ordered it?", "The chief did.", "You may go on."),
        *("Internal reasoning, not told to the filer Nobody else bids.", "He sounded nervous.", "photo.png"),
        *("Entries in the audit log", "Paper 1: photo.png"),
        *(version.sha256 for version in case.versions),
    ):
        assert words in text, words
    assert "Privileged words." not in text
    files = PdfReader(io.BytesIO(reply.data)).attachments
    assert {name.split()[-1]: data[0] for name, data in files.items()} == {"torn.pdf": PDF}
    told = sign_in("sia").get(f"/case-files/{one.reference}/statement").data
    statement = json.loads(told)
    log = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == f"disclosure:{case.reference}"))
    assert {each.hash for each in log if each.seq <= one.through} <= {each["hash"] for each in statement["entries"]}
    assert faults(statement, reply.data, public_key()) == []
    (tmp_path / "a.pdf").write_bytes(reply.data)
    for change, code in (
        ({}, 0),
        ({"purpose": "appeal"}, 1),
        ({"pdf": {**statement["pdf"], "sha256": "0" * 64}}, 1),
        ({"entries": [{**statement["entries"][0], "actor": "account:999"}, *statement["entries"][1:]]}, 1),
    ):
        (tmp_path / "a.json").write_text(json.dumps({**statement, **change}))
        where = ["case-files", "check", str(tmp_path / "a.json"), "--pdf", str(tmp_path / "a.pdf")]
        assert runner.invoke(args=[*where, "--key", public_key()]).exit_code == code, change
    assert runner.invoke(args=[*where[:2], str(tmp_path / "a.pdf")]).exit_code == 2
    forged = faults({**statement, "entries": [{**statement["entries"][0], "actor": "account:999"}]}, reply.data, None)
    assert f"Entry {statement['entries'][0]['seq']} of the log was altered." in forged


def test_two_persons_free_of_conflict_and_only_who_asked_has_it(sign_in, db, cast, case):
    holds(cast, "kit", Role.SOLICITOR)
    address = f"/case-files/of/{case.reference}"
    for name in ("finn", "olu", "ren", "ada", "dee", "kit"):
        assert (read(sign_in(name), address), ask(sign_in(name), case.reference).status_code) == (404, 404), name
    assert ask(sign_in("sia", ago=timedelta(minutes=20)), case.reference).status_code == 422
    assert ask(sign_in("sia"), case.reference, reason=" ").status_code == 422
    assert ask(sign_in("sia"), case.reference, purpose="mine").status_code == 422
    assert ask(sign_in("sia"), case.reference).status_code == 303
    assert "asked already" in ask(sign_in("sia"), case.reference).text
    request = waiting(db)
    assert "asked for" in approve(sign_in("sia"), request).text or db.session.scalar(select(CaseFile)) is None
    assert approve(sign_in("ada"), request).status_code in (403, 404)
    tie(cast, "sol", "finn")
    assert approve(sign_in("sol"), request).status_code == 404
    assert db.session.scalar(select(CaseFile)) is None
    assert approve(sign_in("kit"), request).status_code == 302
    swept()
    one = db.session.scalars(select(CaseFile)).one()
    for path in ("file", "statement"):
        got = {name: read(sign_in(name), f"/case-files/{one.reference}/{path}") for name in ("sia", "sol", "kit", "finn", "ada")}
        assert got == {"sia": 200, "sol": 404, "kit": 404, "finn": 404, "ada": 404}
    tie(cast, "sia", "finn")
    assert read(sign_in("sia"), f"/case-files/{one.reference}/file") == 404


def test_who_lost_the_right_gets_no_file(sign_in, db, cast, case):
    assert ask(sign_in("sia"), case.reference).status_code == 303
    assert approve(sign_in("sol"), waiting(db)).status_code == 302
    without(Role.SENIOR_OFFICER)
    swept()
    one = db.session.scalars(select(CaseFile)).one()
    assert (one.state, pdf_of(one).exists()) == (JobState.CANCELLED, False)


def test_a_job_that_fails_leaves_no_half_file_and_may_be_asked_again(sign_in, db, cast, case, monkeypatch):
    def full(*_told, **_more):
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("coi.casefiles.jobs.os.fsync", full)
        one = made(sign_in, db, case.reference)
        assert (one.state, pdf_of(one).exists()) == (JobState.FAILED, False)
        assert read(sign_in("sia"), f"/case-files/{one.reference}/file") == 404
    again = made(sign_in, db, case.reference)
    assert (again.reference != one.reference, again.state) == (True, JobState.DONE)
    one.state, one.claimed_at = JobState.RUNNING, now() - timedelta(minutes=6)
    db.session.commit()
    assert swept() == 1, "a killed worker's job is taken up again"


def test_the_same_request_is_the_same_file_until_something_happens(sign_in, db, cast, case):
    one = made(sign_in, db, case.reference)
    assert read(sign_in("sia"), f"/case-files/{one.reference}/file") == 200
    assert ask(sign_in("sia"), case.reference).location.endswith("/case-files/")
    assert db.session.scalars(select(CaseFile)).all() == [one]
    actions.note(case, "One more thing.", cast.sia.actor, now())
    db.session.commit()
    assert made(sign_in, db, case.reference).reference != one.reference


def test_the_filer_is_told_and_sees_the_download(sign_in, db, cast, case):
    one = made(sign_in, db, case.reference)
    letter = db.session.scalars(select(Letter).where(Letter.kind == "case_file_made")).one()
    assert (letter.person_id, "A subpoena or a court order" in letter.text) == (cast.finn.person.id, True)
    before = {each.who: each.count for each in readers_for_filer(case, now().date())}
    assert read(sign_in("sia"), f"/case-files/{one.reference}/file") == 200
    after = {each.who: each.count for each in readers_for_filer(case, now().date())}
    assert sum(after.values()) == sum(before.values()) + 1
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "case_file:downloaded")).one()
    assert json.loads(kept.details) == {"disclosure": case.reference, "sha256": one.sha256}


def test_under_a_seal_the_filer_is_told_when_it_ends(sign_in, db, cast, case):
    holds(cast, "finn", Role.SENIOR_OFFICER)
    quiet = {"readers": [str(cast.sia.person.id)], "until": "2026-03-05", "reason": "An inquiry."}
    assert sign_in("sia").post(f"/review/{case.reference}/seal", data=quiet).status_code == 303
    seal = db.session.scalars(select(Request).where(Request.action == "seal")).one()
    assert approve(sign_in("sol"), seal).status_code == 302
    one = made(sign_in, db, case.reference)
    text = words_of(sign_in("sia").get(f"/case-files/{one.reference}/file").data)
    assert "Senior ethics officer Sia" not in text
    told = select(Letter).where(Letter.kind == "case_file_made")
    assert db.session.scalar(told) is None
    assert one.reference not in sign_in("finn").get("/audit/").text
    swept(now() + timedelta(days=5))
    assert db.session.scalars(told).one().person_id == cast.finn.person.id


def test_every_version_is_in_it_and_a_correction_voids_what_waits(sign_in, db, cast):
    case = case_of(cast)
    assert ask(sign_in("sia"), case.reference).status_code == 303
    draft = filings.begin_correction(case, "I left that job.", cast.finn.actor, now())
    filings.save_draft(case, NOTHING, {}, cast.finn.actor, now(), draft.revision, said=by_mistake(draft))
    sign(case, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    approve(sign_in("sol"), waiting(db))
    assert db.session.scalar(select(CaseFile)) is None
    one = made(sign_in, db, case.reference, language="es")
    text = words_of(pdf_of(one).read_bytes())
    assert [version.sha256 in text for version in case.versions] == [True, True]
    assert "I left that job." in text
    assert "Expediente certificado" in text
