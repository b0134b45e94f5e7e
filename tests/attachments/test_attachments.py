"""Papers on an entry: added in a draft, signed with it, read through the permission, never lost and never handed to others."""

import hashlib
import json
import os
import shutil
import socket
import threading
from datetime import timedelta
from io import BytesIO

import pytest
from flask import current_app
from sqlalchemy import func, select, text

from coi.attachments import covering, jobs, keeping
from coi.attachments.jobs import tidy_up
from coi.attachments.queries import MOST_OF_AN_ENTRY
from coi.disclosures import actions, queries
from coi.disclosures.record import read, readable
from coi.disclosures.signing import sign
from coi.models import Attachment, AuditEntry, Disclosure, SignedAttachment
from coi.vocabulary import State
from tests.attachments.files import EICAR, HTML, PDF, TOO_LARGE, jpg, of_size, pdf, png
from tests.disclosures.steps import A_JOB, complete, now, owed, signature, versions

KEY, OTHER = "job0entry0key0", "job1entry1key1"
A_JOB_WITH_KEY = {**A_JOB, "outside_work": [{**A_JOB["outside_work"][0], "_key": KEY}]}
TWO_JOBS = {**A_JOB, "outside_work": [{**A_JOB["outside_work"][0], "_key": key} for key in (KEY, OTHER)]}


@pytest.fixture(autouse=True)
def empty_disk(app) -> None:
    """No file of an earlier test lies there."""
    shutil.rmtree(app.config["SETTINGS"].uploads_folder, ignore_errors=True)


@pytest.fixture
def draft(db, cast) -> Disclosure:
    """Finn's draft with one job in it."""
    made = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(made, cast.finn.actor, **A_JOB_WITH_KEY)
    db.session.commit()
    return made


def here(disclosure: Disclosure, key: str = KEY) -> str:
    return f"/forms/{disclosure.reference}/papers/{key}"


def send(client, path: str, data: bytes = PDF, name: str = "contract.pdf"):
    return client.post(path, data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")


def send_large(client, path: str, data: bytes):
    """As a browser does; the test client itself would leave a file of its own open."""
    head = b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    body = head + data + b"\r\n--xyz--\r\n"
    told = {"content_type": "multipart/form-data; boundary=xyz", "content_length": len(body)}
    return client.post(path, input_stream=BytesIO(body), **told)


def count(db, model=Attachment) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def signed_with_paper(db, cast, draft, sign_in, data: bytes = PDF) -> Attachment:
    assert send(sign_in("finn"), here(draft), data).status_code == 303
    sign(draft, signature(), cast.finn.actor, now())
    db.session.commit()
    return db.session.scalar(select(Attachment))


def entries(db, event: str) -> list[dict]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq))
    return [{"actor": row.actor, "subject": row.subject, **json.loads(row.details)} for row in rows]


# --- adding ----------------------------------------------------------------------------------------------------------------


def test_the_button_in_an_entry_saves_the_form_and_leads_to_its_papers(db, cast, draft, sign_in):
    finn = sign_in("finn")
    page = finn.get(f"/forms/{draft.reference}").text
    assert f'value="attach:{KEY}"' in page
    before = queries.draft_of(draft).revision
    data = {"asked": "anything_else", "anything_else.": "Kept first", "revision": before, "press": f"attach:{KEY}"}
    reply = finn.post(f"/forms/{draft.reference}", data=data)
    assert (reply.status_code, reply.location) == (303, here(draft))
    assert queries.draft_of(draft).answers["anything_else"] == "Kept first"
    assert "Papers for: outside job" in finn.get(here(draft)).text or "Papers for:" in finn.get(here(draft)).text


def test_a_button_for_an_entry_that_is_not_there_changes_nothing(draft, sign_in):
    data = {"revision": queries.draft_of(draft).revision, "press": "attach:nobody0nobody"}
    assert sign_in("finn").post(f"/forms/{draft.reference}", data=data).location.endswith(draft.reference)


def test_a_paper_is_kept_under_a_random_name_outside_what_is_served(db, cast, draft, sign_in):
    finn = sign_in("finn")
    assert send(finn, here(draft), PDF, "../../Vertrag José.pdf").status_code == 303
    made = db.session.scalar(select(Attachment))
    assert (made.filename, made.kind, made.size) == ("Vertrag José.pdf", "pdf", len(PDF))
    assert made.sha256 == hashlib.sha256(PDF).hexdigest()
    path = keeping.folder() / made.stored
    assert path.read_bytes() == PDF
    assert path.stat().st_mode & 0o077 == 0
    assert path.is_relative_to(current_app.config["SETTINGS"].uploads_folder)
    assert "Vertrag" not in made.stored
    assert entries(db, "attachment:added") == [
        {
            "actor": cast.finn.actor.name,
            "subject": f"disclosure:{draft.reference}",
            "attachment": made.reference,
            "kind": "pdf",
            "size": len(PDF),
            "sha256": made.sha256,
            "scan": "",
        }
    ]


@pytest.mark.parametrize(("language", "words"), [("en", "This is not a PDF"), ("es", "Este archivo no es PDF")])
def test_a01_a_page_sent_as_a_paper_is_refused_beside_the_field(db, cast, draft, sign_in, language, words):
    finn = sign_in("finn")
    with finn.session_transaction() as cookie:
        cookie["language"] = language
    for data, name in ((HTML, "x.pdf"), (b"<svg/>", "x.png"), (HTML + PDF, "x.pdf"), (PDF, "x.html")):
        reply = send(finn, here(draft), data, name)
        assert reply.status_code == 422
        assert words in reply.text
        assert 'id="file-error"' in reply.text
    assert count(db) == 0


@pytest.mark.parametrize("name", ["../../x", "a\0.pdf", "CON", "n" * 300 + ".pdf", "x\u202efdp.exe", "one\ntwo.pdf", "<b>.pdf"])
def test_a02_a_hostile_name_is_stored_as_text_and_shown_escaped(db, cast, draft, sign_in, name):
    finn = sign_in("finn")
    reply = send(finn, here(draft), PDF, name)
    assert reply.status_code in (303, 422)
    assert not list(keeping.folder().parent.parent.glob("x*"))
    page = finn.get(here(draft)).text
    assert "<b>." not in page
    assert not {"\0", "\u202e"} & set(page)
    for made in db.session.scalars(select(Attachment)):
        assert len(made.filename) <= 125
        assert len(made.stored) == 40


def test_a04_the_eicar_file_is_refused_by_its_type(db, cast, draft, sign_in):
    assert send(sign_in("finn"), here(draft), EICAR, "eicar.pdf").status_code == 422
    assert count(db) == 0


class FakeScanner:
    """clamd as far as it is asked: finds EICAR."""

    def __init__(self) -> None:
        self.line = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.line.getsockname()[1]}"
        threading.Thread(target=self.answer, daemon=True).start()

    def answer(self) -> None:
        while True:
            try:
                one, _from = self.line.accept()
            except OSError:
                return
            with one:
                told = b""
                while not told.endswith(b"\0\0\0\0"):
                    told += one.recv(65536)
                one.sendall(b"stream: Eicar-Signature FOUND\0" if b"EICAR-STANDARD" in told else b"stream: OK\0")


@pytest.fixture
def scanner(app, monkeypatch):
    """The city's scanner, running."""
    made = FakeScanner()
    monkeypatch.setattr(app.config["SETTINGS"], "scanner", made.address)
    yield made
    made.line.close()


def test_a04_what_the_scanner_finds_is_not_kept(db, cast, draft, sign_in, scanner):
    reply = send(sign_in("finn"), here(draft), pdf(EICAR))
    assert reply.status_code == 422
    assert "virus" in reply.text
    assert count(db) == 0
    assert list(keeping.folder().iterdir()) == []
    assert send(sign_in("finn"), here(draft)).status_code == 303
    assert db.session.scalar(select(Attachment.scan)) == "clean"


def test_a04_with_the_scanner_down_a_paper_waits_and_nobody_can_open_it(db, app, cast, draft, sign_in, monkeypatch):
    settings = app.config["SETTINGS"]
    monkeypatch.setattr(settings, "scanner", "127.0.0.1:1")
    finn = sign_in("finn")
    assert send(finn, here(draft)).status_code == 303
    made = db.session.scalar(select(Attachment))
    reply = finn.get(f"/attachments/{made.reference}")
    assert (reply.status_code, made.scan) == (404, "waiting")
    assert "not scanned" in reply.text
    assert "not scanned" in finn.get(here(draft)).text
    assert tidy_up(now()) == 0
    assert db.session.scalar(select(Attachment.scan)) == "waiting"
    running = FakeScanner()
    monkeypatch.setattr(settings, "scanner", running.address)
    tidy_up(now())
    db.session.expire_all()
    assert db.session.scalar(select(Attachment.scan)) == "clean"
    assert finn.get(f"/attachments/{made.reference}").status_code == 200
    assert entries(db, "attachment:scanned")[0]["actor"] == "system"
    running.line.close()


def test_nothing_chosen_and_an_empty_file_are_said_in_place(db, cast, draft, sign_in):
    finn = sign_in("finn")
    assert "Choose a file." in finn.post(here(draft), data={}).text
    assert "This file is empty." in send(finn, here(draft), b"").text


def test_ten_megabytes_are_taken_and_one_byte_more_is_not(db, cast, draft, sign_in):
    finn = sign_in("finn")
    reply = send_large(finn, here(draft), of_size(TOO_LARGE))
    assert (reply.status_code, count(db)) == (422, 0)
    assert "larger than 10 MB" in reply.text
    assert send_large(finn, here(draft), of_size(TOO_LARGE - 1)).status_code == 303


def test_more_than_the_server_takes_is_answered_by_a_page_that_says_what_to_do(db, cast, draft, sign_in):
    reply = send_large(sign_in("finn"), here(draft), b"x" * (13 * 1024 * 1024))
    assert (reply.status_code, count(db)) == (413, 0)
    assert "choose a smaller file" in reply.text


def test_a06_the_same_file_twice_is_one_paper_and_leaves_no_second_file(db, cast, draft, sign_in):
    finn = sign_in("finn")
    assert [send(finn, here(draft)).status_code for _time in range(2)] == [303, 303]
    assert count(db) == 1
    assert len(list(keeping.folder().iterdir())) == len({one.stored for one in db.session.scalars(select(Attachment))})


def test_a06_an_upload_stopped_halfway_leaves_no_row_and_its_file_goes(db, cast, draft, sign_in, monkeypatch):
    monkeypatch.setattr("coi.attachments.actions.row_of", lambda *_given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        send(sign_in("finn"), here(draft))
    assert count(db) == 0
    left = list(keeping.folder().iterdir())
    assert len(left) == 1
    assert tidy_up(now()) == 0, "a request may still be about to write its row"
    old = (now() - timedelta(hours=2)).timestamp()
    os.utime(left[0], (old, old))
    assert tidy_up(now()) == 1
    assert list(keeping.folder().iterdir()) == []


def test_a06_the_sweep_takes_no_file_with_a_row_and_none_of_another_city(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    path = keeping.folder() / made.stored
    other = path.parent.parent / "another-city"
    other.mkdir(exist_ok=True)
    (other / ("0" * 40)).write_bytes(PDF)
    half = path.parent / f"{'1' * 40}.half"
    half.write_bytes(b"%PDF")
    old = (now() - timedelta(days=30)).timestamp()
    for one in (path, other / ("0" * 40), half):
        os.utime(one, (old, old))
    assert tidy_up(now()) == 1
    assert (path.exists(), (other / ("0" * 40)).exists(), half.exists()) == (True, True, False)


def test_an_entry_takes_five_papers_and_no_more(db, cast, draft, sign_in):
    finn = sign_in("finn")
    codes = [send(finn, here(draft), pdf(b"%d" % number)).status_code for number in range(MOST_OF_AN_ENTRY + 1)]
    assert codes == [303] * MOST_OF_AN_ENTRY + [422]
    assert count(db) == MOST_OF_AN_ENTRY
    assert len(list(keeping.folder().iterdir())) >= MOST_OF_AN_ENTRY


def test_all_papers_of_a_form_have_fifty_megabytes(db, cast, draft, sign_in, monkeypatch):
    monkeypatch.setattr("coi.attachments.actions.MOST_BYTES_OF_A_FORM", 2 * len(PDF))
    finn = sign_in("finn")
    assert send(finn, here(draft)).status_code == 303
    reply = send(finn, here(draft), pdf(b"more than there is room for"))
    assert reply.status_code == 422
    assert "50 MB together" in reply.text


@pytest.mark.parametrize("name", ["kit", "olu", "sia", "ada", "dee"])
def test_nobody_adds_to_another_ones_entry(db, cast, draft, sign_in, name):
    assert send(sign_in(name), here(draft)).status_code == 404
    assert count(db) == 0


def test_nothing_is_added_to_a_signed_filing_or_after_discarding(db, cast, draft, sign_in):
    finn = sign_in("finn")
    sign(draft, signature(), cast.finn.actor, now())
    assert send(finn, here(draft)).status_code == 404
    actions.begin_correction(draft, "one more", cast.finn.actor, now())
    assert send(finn, here(draft)).status_code == 303
    actions.discard(draft, cast.finn.actor, now())
    assert send(finn, here(draft)).status_code == 404
    assert count(db) == 0


def test_a_paper_is_taken_away_once_however_often_it_is_pressed(db, cast, draft, sign_in):
    finn = sign_in("finn")
    send(finn, here(draft))
    reference = db.session.scalar(select(Attachment.reference))
    away = f"{here(draft)}/{reference}/remove"
    assert sign_in("kit").post(away).status_code == 404
    assert [finn.post(away).status_code for _time in range(2)] == [303, 303]
    assert count(db) == 0
    assert [one["because"] for one in entries(db, "attachment:removed")] == ["removed"]


# --- signing, correcting, discarding ----------------------------------------------------------------------------------------


def test_a_signature_covers_the_papers_of_its_entries(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    version = versions(draft)[0]
    kept = read(version.record)
    assert [(one["key"], one["sha256"], one["name"]) for one in kept["attachments"]] == [(KEY, made.sha256, "contract.pdf")]
    assert made.sha256 in readable(kept)
    assert [(one["version"], one["sha256"]) for one in entries(db, "attachment:signed")] == [(1, [made.sha256])]
    assert not made.in_draft


def test_a_record_without_papers_says_nothing_of_them(db, cast, draft):
    sign(draft, signature(), cast.finn.actor, now())
    assert "attachments" not in read(versions(draft)[0].record)
    assert entries(db, "attachment:signed") == []


def test_a_paper_whose_entry_was_removed_is_not_signed_and_goes(db, cast, sign_in):
    made = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(made, cast.finn.actor, **TWO_JOBS)
    finn = sign_in("finn")
    send(finn, here(made, KEY), PDF)
    send(finn, here(made, OTHER), pdf(b"other"))
    actions.save_draft(made, A_JOB_WITH_KEY, {}, cast.finn.actor, now(), queries.draft_of(made).revision)
    sign(made, signature(), cast.finn.actor, now())
    assert [one["key"] for one in read(versions(made)[0].record)["attachments"]] == [KEY]
    assert count(db) == 1


def test_a_correction_keeps_the_papers_and_taking_one_away_leaves_the_signed_version_as_it_was(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    actions.begin_correction(draft, "again", cast.finn.actor, now())
    finn = sign_in("finn")
    assert "contract.pdf" in finn.get(here(draft)).text
    send(finn, here(draft), pdf(b"new"), "new.pdf")
    assert finn.post(f"{here(draft)}/{made.reference}/remove").status_code == 303
    sign(draft, signature("key-2"), cast.finn.actor, now())
    first, second = versions(draft)
    assert [one["name"] for one in read(first.record)["attachments"]] == ["contract.pdf"]
    assert [one["name"] for one in read(second.record)["attachments"]] == ["new.pdf"]
    assert (keeping.folder() / made.stored).is_file()
    assert "contract.pdf" in finn.get(f"/filings/{draft.reference}/versions/1").text
    assert "new.pdf" in finn.get(f"/filings/{draft.reference}").text
    assert finn.get(f"/attachments/{made.reference}").data == PDF


def test_a_correction_without_a_touch_signs_the_same_papers_again(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    actions.begin_correction(draft, "again", cast.finn.actor, now())
    sign(draft, signature("key-2"), cast.finn.actor, now())
    assert [one["attachment"] for one in read(versions(draft)[1].record)["attachments"]] == [made.reference]
    assert count(db, SignedAttachment) == 2


def test_a_discarded_draft_leaves_no_paper_and_its_file_goes_with_the_sweep(db, cast, draft, sign_in):
    send(sign_in("finn"), here(draft))
    path = keeping.folder() / db.session.scalar(select(Attachment.stored))
    actions.discard(draft, cast.finn.actor, now())
    db.session.commit()
    assert count(db) == 0
    old = (now() - timedelta(hours=2)).timestamp()
    os.utime(path, (old, old))
    assert tidy_up(now()) == 1
    assert not path.exists()


def test_a_discarded_correction_leaves_what_was_signed(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    actions.begin_correction(draft, "again", cast.finn.actor, now())
    send(sign_in("finn"), here(draft), pdf(b"new"), "new.pdf")
    actions.discard(draft, cast.finn.actor, now())
    assert [one.reference for one in db.session.scalars(select(Attachment))] == [made.reference]
    assert covering.in_draft(draft) == []


@pytest.mark.parametrize("change", ["UPDATE signed_attachments SET attachment_id = 9", "DELETE FROM signed_attachments"])
def test_what_a_signature_covers_can_be_changed_by_nobody(db, cast, draft, sign_in, change):
    signed_with_paper(db, cast, draft, sign_in)
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(change))
    db.session.rollback()
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        db.session.execute(text("DELETE FROM attachments"))
    db.session.rollback()


# --- reading ----------------------------------------------------------------------------------------------------------------


def test_a_paper_leaves_as_a_file_and_never_as_a_page(db, cast, draft, sign_in):
    finn = sign_in("finn")
    send(finn, here(draft), PDF, "Carta para José.pdf")
    made = db.session.scalar(select(Attachment))
    reply = finn.get(f"/attachments/{made.reference}")
    assert (reply.status_code, reply.data, reply.content_type) == (200, PDF, "application/pdf")
    told = reply.headers["Content-Disposition"]
    assert told.startswith("attachment; ")
    assert "filename*=UTF-8''Carta%20para%20Jos%C3%A9.pdf" in told
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reply.headers["Content-Security-Policy"]
    assert reply.headers["Cache-Control"] == "no-store"


def test_each_download_leaves_an_entry(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    reviewer = draft.reviewer.name.split()[0].lower()
    for name in ("finn", reviewer):
        assert sign_in(name).get(f"/attachments/{made.reference}").status_code == 200
    assert [(one["actor"], one["as"]) for one in entries(db, "attachment:read")] == [
        (cast.finn.actor.name, "filer"),
        (cast[reviewer].actor.name, "office"),
    ]
    assert {one["subject"] for one in entries(db, "attachment:read")} == {f"disclosure:{draft.reference}"}


def test_who_may_read_the_case_reads_its_papers_and_nobody_else_does(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    reviewer = draft.reviewer.name.split()[0].lower()
    may = {"finn", reviewer, "sia", "sol"}
    got = {name: sign_in(name).get(f"/attachments/{made.reference}").status_code for name in cast}
    assert {name for name, code in got.items() if code == 200} == may
    assert set(got.values()) == {200, 404}


def test_a_paper_that_is_not_signed_is_its_filers_alone(db, cast, draft, sign_in):
    sign(draft, signature(), cast.finn.actor, now())
    actions.begin_correction(draft, "again", cast.finn.actor, now())
    send(sign_in("finn"), here(draft))
    made = db.session.scalar(select(Attachment))
    got = {name: sign_in(name).get(f"/attachments/{made.reference}").status_code for name in cast}
    assert {name for name, code in got.items() if code == 200} == {"finn"}


def test_the_office_sees_the_papers_beside_the_entry(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    reviewer = sign_in(draft.reviewer.name.split()[0].lower())
    page = reviewer.get(f"/review/cases/{draft.reference}")
    if page.status_code == 404:
        page = reviewer.get(f"/review/{draft.reference}")
    assert f"/attachments/{made.reference}" in page.text


@pytest.mark.parametrize("how", ["gone", "changed"])
def test_a_row_without_its_file_is_said_on_the_page_and_in_the_log(db, cast, draft, sign_in, how, capfd):
    made = signed_with_paper(db, cast, draft, sign_in)
    path = keeping.folder() / made.stored
    path.unlink() if how == "gone" else path.write_bytes(HTML)
    finn = sign_in("finn")
    reply = finn.get(f"/attachments/{made.reference}")
    assert reply.status_code == 404
    assert "missing or was changed" in reply.text
    assert made.reference in "".join(capfd.readouterr())
    assert finn.get(f"/filings/{draft.reference}").status_code == 200
    if how == "gone":
        assert "The file is missing" in finn.get(f"/filings/{draft.reference}").text


@pytest.mark.parametrize("reference", ["ATT-XXXXXXXXXXXX", "../../../etc/passwd", "1", "ATT-\0", "%2e%2e%2fcoi.db"])
def test_an_address_that_is_no_papers_finds_nothing(cast, sign_in, reference):
    assert sign_in("finn").get(f"/attachments/{reference}").status_code == 404


@pytest.mark.parametrize("data", [jpg(), png()], ids=["jpg", "png"])
def test_a_photo_comes_back_as_it_was_kept(db, cast, draft, sign_in, data):
    made = signed_with_paper(db, cast, draft, sign_in, data)
    assert sign_in("finn").get(f"/attachments/{made.reference}").data == data


def test_the_state_of_a_filing_with_papers_is_as_any_others(db, cast, draft, sign_in):
    signed_with_paper(db, cast, draft, sign_in)
    assert draft.state in (State.IN_REVIEW, State.SUBMITTED)
    assert jobs.tidy_up(now()) == 0
