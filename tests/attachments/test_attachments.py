"""Adding papers to an entry of a draft: what is taken, what is refused in words, how many, and that no file is left over."""

import hashlib
import os
import socket
import threading
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from coi.attachments import keeping
from coi.attachments.jobs import tidy_up
from coi.attachments.queries import MOST_OF_AN_ENTRY
from coi.disclosures import actions, queries
from coi.disclosures.signing import sign
from coi.models import Attachment
from tests.attachments.files import EICAR, HTML, PDF, TOO_LARGE, of_size, pdf
from tests.attachments.steps import (
    KEY,
    count,
    entries,
    here,
    send,
    send_large,
    signed_with_paper,
)
from tests.disclosures.steps import now, signature


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
