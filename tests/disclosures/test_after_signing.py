"""After the signature: receipts that prove themselves, the record, all years, the complete file, the State's paper."""

import hashlib
import io
import json
import re
import time
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select, text

from coi.disclosures import actions, queries, whole
from coi.disclosures.official import receive
from coi.disclosures.signing import sign
from coi.errors import SomebodyWasFaster
from coi.models import AuditEntry, Disclosure, DisclosureVersion, Letter, OfficialFormReceived, Transition
from coi.notices.actions import post
from coi.questionnaires.actions import publish
from coi.questionnaires.loading import shipped
from coi.recusals.actions import step_aside
from coi.review import actions as office
from coi.review.decisions import decide
from coi.vocabulary import MessageKind, Outcome, State
from tests.city import CLOCK
from tests.disclosures.steps import A_JOB, complete, filed, now, owed, signature
from tests.factories import OPERATOR, an_entry, filing


@pytest.fixture
def mine(db, cast) -> Disclosure:
    """What Finn has signed, with a side job in it."""
    made = filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    db.session.commit()
    return made


def reviewer(cast, disclosure: Disclosure):
    """Who of the cast has the case."""
    return next(one for one in map(cast.__getitem__, cast) if one.person.id == disclosure.reviewer_id)


def words(content: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def root(content: bytes):
    return PdfReader(io.BytesIO(content)).trailer["/Root"]


def test_the_receipt_proves_itself(sign_in, mine, db):
    version = queries.version_of(mine)
    entry = db.session.get(AuditEntry, version.seq)
    page = sign_in("finn").get(f"/filings/{mine.reference}/receipt").text
    for told in (version.sha256, entry.hash, f"entry {version.seq} of the audit log", "record, fingerprint and audit log agree"):
        assert told in page
    assert json.loads(entry.details)["sha256"] == version.sha256


def test_a_record_that_was_changed_in_the_database_is_told(sign_in, mine, db):
    db.session.commit()
    trigger = "disclosure_versions_no_update" + (" ON disclosure_versions" if db.engine.dialect.name == "postgresql" else "")
    db.session.execute(text(f"DROP TRIGGER {trigger}"))
    db.session.execute(text("UPDATE disclosure_versions SET record = replace(record, 'Catering', 'Baking')"))
    page = sign_in("finn").get(f"/filings/{mine.reference}/receipt").text
    assert "do not agree" in page


@pytest.mark.parametrize(("language", "title"), [("en", "Receipt"), ("es", "Comprobante")])
def test_the_receipt_as_a_paper_is_tagged_in_the_readers_language_and_holds_no_answer(sign_in, mine, cast, language, title):
    cast.finn.account.language = language
    reply = sign_in("finn").get(f"/filings/{mine.reference}/receipt.pdf")
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.headers["Content-Disposition"] == f"attachment; filename={mine.reference}-receipt.pdf"
    told = words(reply.data)
    assert mine.reference in told
    assert title in told
    assert queries.version_of(mine).sha256 in told
    assert "Catering" not in told
    assert root(reply.data)["/MarkInfo"]["/Marked"]
    assert str(root(reply.data)["/Lang"]).startswith(language)


def test_a_receipt_read_or_taken_is_one_entry(sign_in, mine):
    finn = sign_in("finn")
    finn.get(f"/filings/{mine.reference}/receipt")
    finn.get(f"/filings/{mine.reference}/receipt.pdf")
    assert AuditEntry.query.filter_by(event="receipt:read").count() == 1


def test_the_form_as_a_paper_holds_the_answers(sign_in, mine):
    told = words(sign_in("finn").get(f"/filings/{mine.reference}/form.pdf").data)
    assert "Ñuñez-O'Brien, Jr. Catering" in told.replace("’", "'")
    assert "=1+1" in told


def test_the_record_is_shown_exactly_and_its_fingerprint_is_of_the_file(sign_in, mine):
    finn, version = sign_in("finn"), queries.version_of(mine)
    page = finn.get(f"/filings/{mine.reference}/versions/1/record").text
    assert version.sha256 in page
    assert "Signed by: " in page
    file = finn.get(f"/filings/{mine.reference}/versions/1/record.json")
    assert file.data == version.record.encode()
    assert hashlib.sha256(file.data).hexdigest() == version.sha256


def test_the_reviewer_sees_the_record_and_it_is_a_read(sign_in, mine, cast):
    name = next(one for one in cast if cast[one].person.id == mine.reviewer_id)
    page = sign_in(name).get(f"/review/{mine.reference}/versions/1/record").text
    assert queries.version_of(mine).sha256 in page
    assert AuditEntry.query.filter_by(event="disclosure:read", actor=cast[name].actor.name).count() == 1


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.ESCALATED, State.DECIDED])
def test_correcting_is_fine_from_every_state_and_the_page_says_so(sign_in, db, cast, state):
    made = filing(cast.finn.person, state, None if state is State.SUBMITTED else cast.olu.person)
    page = sign_in("finn").get(f"/filings/{made.reference}/correct")
    assert page.status_code == 200
    assert "Correcting your own form is fine, at any time. It is not held against you." in page.text


def test_my_filing_tells_the_way_and_that_nothing_is_asked(sign_in, mine):
    page = sign_in("finn").get(f"/filings/{mine.reference}").text
    stages = re.findall(r'coi-stage--(\w+)".*?coi-stage__name">([^<]+)<', page, re.S)
    assert stages == [("done", "Signed"), ("now", "With a reviewer"), ("next", "Outcome")]
    assert "Nothing now. You get a letter if that changes." in page


def test_each_reader_is_named_once_with_the_days(sign_in, mine, cast, clock):
    name = next(one for one in cast if cast[one].person.id == mine.reviewer_id)
    for _day in range(2):
        sign_in(name).get(f"/review/{mine.reference}")
        clock.shift(timedelta(days=1))
    page = sign_in("finn").get(f"/filings/{mine.reference}").text
    assert page.count(f"Ethics reviewer {cast[name].person.name}") == 1
    assert "March 2, 2026" in page
    assert "March 3, 2026" in page


def full_of_secrets(cast, db) -> Disclosure:
    """A decided filing around which the office wrote what is not for its filer."""
    job = {**A_JOB["outside_work"][0], "my_part": "yes"}
    made = filed(cast.finn.person, cast.finn.actor, answers={**A_JOB, "outside_work": [job]})
    officer = reviewer(cast, made).actor
    office.ask(made, "Which days?", officer, now(), version=1, state="in_review")
    office.answer(made, "On Saturdays.", cast.finn.actor, now())
    office.note(made, "SECRET-NOTE", officer, now())
    decide(made, Outcome.NOTED, "Told to Finn.", "SECRET-REASONING", officer, now(), version=1, state="in_review")
    seq = an_entry()
    db.session.add(
        Transition(
            disclosure_id=made.id,
            action="hand_back",
            origin=State.ESCALATED,
            target=State.IN_REVIEW,
            actor=officer.name,
            at=now(),
            because="SECRET-MOVE",
            seq=seq,
        )
    )
    actions.begin_correction(made, "a slip", cast.finn.actor, now())
    draft = queries.draft_of(made)
    actions.save_draft(made, {"anything_else": "SECRET-DRAFT"}, {}, cast.finn.actor, now(), draft.revision)
    step_aside("The paving of Queen Street", "Acme Paving", CLOCK.date(), cast.finn.actor, CLOCK)
    post("reset", cast.finn.person, now(), "once-reset", token="SECRET-TOKEN")
    db.session.commit()
    return made


@pytest.fixture
def secrets(cast, db) -> Disclosure:
    return full_of_secrets(cast, db)


def test_my_complete_file_holds_what_is_mine_and_no_secret_of_the_office(sign_in, secrets, db):
    reply = sign_in("finn").post("/my-record/complete-file")
    assert reply.status_code == 200
    assert reply.headers["Content-Disposition"] == "attachment; filename=my-complete-file.pdf"
    told = words(reply.data)
    about_me = ["Finn", secrets.reference, "Catering", "Which days?", "On Saturdays.", "Told to Finn.", "Begun and not signed"]
    about_me += [
        "We wrote it down. You may go on.",
        "The paving of Queen Street",
        "Acme Paving",
        "Letters to you",
        "We have your form",
    ]
    for mine in about_me:
        assert mine in told, mine
    flags = [flag.reason for version in secrets.versions for flag in version.flags]
    for secret in ("SECRET-NOTE", "SECRET-REASONING", "SECRET-MOVE", "SECRET-DRAFT", "SECRET-TOKEN", *flags):
        assert " ".join(secret.split()) not in told, secret
    assert flags
    assert root(reply.data)["/MarkInfo"]["/Marked"]
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.event == "file:taken"))
    assert json.loads(entry.details) == {"filings": 1, "sha256": hashlib.sha256(reply.data).hexdigest()}


def test_the_complete_file_asks_the_secret_again_after_an_hour(sign_in, secrets):
    reply = sign_in("finn", ago=timedelta(minutes=61)).post("/my-record/complete-file")
    assert reply.status_code == 422
    assert AuditEntry.query.filter_by(event="file:taken").count() == 0


def test_the_complete_file_is_in_the_persons_language(sign_in, secrets, cast):
    cast.finn.account.language = "es"
    reply = sign_in("finn").post("/my-record/complete-file")
    assert "Mi expediente completo" in words(reply.data)
    assert str(root(reply.data)["/Lang"]).startswith("es")


def test_the_complete_file_of_another_holds_nothing_of_mine(sign_in, secrets):
    told = words(sign_in("kit").post("/my-record/complete-file").data)
    assert secrets.reference not in told
    assert "Catering" not in told


def test_strange_letters_do_not_keep_a_file_from_being_made(sign_in, db, cast):
    job = {**A_JOB["outside_work"][0], "org": "中文 شركة 🙂 \U0010fffd #panic() $x$ <b>", "work": '"]); #read("x")'}
    filed(cast.finn.person, cast.finn.actor, answers={"has_outside_work": "yes", "outside_work": [job]})
    reply = sign_in("finn").post("/my-record/complete-file")
    assert reply.status_code == 200
    assert '"]);#read("x")' in "".join(words(reply.data).split()).replace("”", '"').replace("“", '"')


def test_ten_years_with_two_hundred_entries_are_printed_within_five_seconds(app, db, cast):
    jobs = [{**A_JOB["outside_work"][0], "org": f"Company {number}"} for number in range(20)]
    for year in range(10):
        made = actions.start(owed(cast.finn.person, occasion=f"y{year}", reporting_year=2025), cast.finn.actor, now())
        carried = queries.draft_of(made)
        carried.carried = {}
        old = DisclosureVersion.query.order_by(DisclosureVersion.id.desc()).first()
        if old is not None:
            said = {f"outside_work/{one['_key']}": {"said": "same", "on": ""} for one in old.answers["outside_work"]}
            actions.save_draft(made, {}, {}, cast.finn.actor, now(), carried.revision, None, said)
            complete(made, cast.finn.actor, has_outside_work="yes", outside_work=old.answers["outside_work"])
        else:
            complete(made, cast.finn.actor, has_outside_work="yes", outside_work=jobs)
        sign(made, signature(f"key-{year}"), cast.finn.actor, now())
    db.session.commit()
    started = time.perf_counter()
    with app.test_request_context():
        content, count = whole.complete_file(cast.finn.person.id, CLOCK.date(), CLOCK)
    assert count == 10
    assert len(PdfReader(io.BytesIO(content)).pages) > 20
    assert time.perf_counter() - started < 5


def test_my_record_lists_every_year_policy_letter_and_reader(sign_in, secrets, cast):
    page = sign_in("finn").get("/my-record").text
    assert "For the year 2025" in page
    assert secrets.reference in page
    assert "We wrote it down. You may go on." in page
    assert "We have your form" in page
    assert "SECRET-TOKEN" not in page
    assert "The paving of Queen Street" in page


def test_a_letter_is_read_again_by_its_reader_alone(sign_in, secrets, db):
    finn = sign_in("finn")
    address = re.search(r'href="(/my-record/letters/\w+)"', finn.get("/my-record").text)[1]
    assert secrets.reference in finn.get(address).text
    assert sign_in("kit").get(address).status_code == 404
    reset = db.session.scalar(select(Letter).where(Letter.kind == "reset"))
    assert finn.get(f"/my-record/letters/{reset.message_id[1:].split('@')[0]}").status_code == 404
    for wrong in ("%", "_", "x" * 500, "a' OR 1=1"):
        assert finn.get(f"/my-record/letters/{wrong}").status_code == 404


def test_nobody_writes_a_note_to_the_filer_by_mistake(secrets):
    from coi.review.queries import thread

    assert {one.kind for one in thread(secrets, with_notes=False)} <= {MessageKind.QUESTION, MessageKind.ANSWER}


@pytest.fixture
def state_form(db, cast) -> Disclosure:
    """Finn's filing on the State's form, with Olu."""
    form = publish(shipped("pa_sec1"), "content", OPERATOR, now())
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, form_id="pa-sec-1")
    assert form.form_id == "pa-sec-1"
    db.session.commit()
    return made


def test_nothing_says_that_the_states_form_was_filed_here_until_the_office_has_it(sign_in, state_form, db):
    finn, here = sign_in("finn"), f"/filings/{state_form.reference}"
    for path in (here, f"{here}/receipt", f"{here}/receipt?new=yes"):
        page = finn.get(path).text
        assert "Not filed with the City yet." in page
        assert "Done. We have your form." not in page
    assert "Not filed with the City yet." in words(finn.get(f"{here}/form.pdf").data)
    olu = sign_in("olu")
    reply = olu.post(f"/review/{state_form.reference}/received", data={"on": "2026-03-02", "version": "1"})
    assert reply.status_code == 303
    assert "received this form on paper on March 2, 2026" in finn.get(here).text
    assert OfficialFormReceived.query.count() == 1
    assert AuditEntry.query.filter_by(event="official_form:received").count() == 1
    assert "received on March 2, 2026" in olu.get(f"/review/{state_form.reference}").text


def test_what_is_due_is_settled_when_the_office_has_the_paper_and_not_before(sign_in, db, cast):
    publish(shipped("pa_sec1"), "content", OPERATOR, now())
    obligation = owed(cast.finn.person, form_id="pa-sec-1")
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, form_id="pa-sec-1", obligation_id=obligation.id)
    db.session.commit()
    finn = sign_in("finn")
    assert "Please print, sign and hand in your form" in finn.get("/").text
    assert "Started" in finn.get("/my-record").text
    receive(made, 1, CLOCK.date(), cast.olu.actor, CLOCK)
    db.session.refresh(obligation)
    assert obligation.settled_on == CLOCK.date()
    assert "Please print" not in finn.get("/").text
    assert [one.kind for one in Letter.query.all()] == ["on_paper"]


@pytest.mark.parametrize("data", [{"on": ""}, {"on": "2026-03-03"}, {"on": "0000-00-00"}])
def test_a_paper_of_no_day_is_refused(sign_in, state_form, data):
    reply = sign_in("olu").post(f"/review/{state_form.reference}/received", data={"version": "1", **data})
    assert reply.status_code == 422
    assert OfficialFormReceived.query.count() == 0


@pytest.mark.parametrize("version", ["2", "", "x", "٣", "9" * 40])
def test_a_paper_of_another_version_is_refused(sign_in, state_form, version):
    reply = sign_in("olu").post(f"/review/{state_form.reference}/received", data={"version": version, "on": "2026-03-02"})
    assert reply.status_code == 409
    assert OfficialFormReceived.query.count() == 0


def test_other_forms_have_no_such_page(sign_in, mine, cast):
    name = next(one for one in cast if cast[one].person.id == mine.reviewer_id)
    assert sign_in(name).get(f"/review/{mine.reference}/received").status_code == 404


def test_the_paper_of_an_older_version_is_not_the_new_one(state_form, cast, db):
    with pytest.raises(SomebodyWasFaster):
        receive(state_form, 7, CLOCK.date(), cast.olu.actor, CLOCK)
    first = receive(state_form, 1, CLOCK.date(), cast.olu.actor, CLOCK)
    assert receive(state_form, 1, CLOCK.date(), cast.sia.actor, CLOCK).id == first.id
