"""Workers that are killed or work beside each other: no letter lost, at most the one in flight doubled; no workbook half."""

import email
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import delete, select

from coi.db import db, transaction
from coi.exports import jobs, queries
from coi.exports.actions import ask
from coi.models import AuditEntry, Export, Letter
from coi.notices.actions import post
from coi.notices.sweep import STALE, sweep
from coi.vocabulary import JobState
from tests.disclosures.steps import now
from tests.factories import find_cast
from tests.faults.filers import faults_of_the_log, looking
from tests.faults.standing import PATIENCE, Browser, Standing, free_port, kill, sign_in, start, until, web
from tests.faults.work import MIDDLE

LETTERS = 12


class Postbox:
    """A mail server that keeps what it gets, and kills the sender of the letter that it was told to."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.kill_at, self.victim = 0, 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Accepts one letter."""
        self.got.append(str(email.message_from_bytes(envelope.content)["Message-ID"]).strip())
        if self.kill_at and len(self.got) == self.kill_at:
            os.kill(self.victim, signal.SIGKILL)  # it was sent, and nobody is left to mark it
        return "250 kept"


@pytest.fixture
def postbox(own_city: Standing) -> Iterator[tuple[Postbox, dict[str, str]]]:
    """The mail server, and the environment of a worker that sends through it."""
    box = Postbox()
    port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings = own_city.app.config["SETTINGS"]
    own_city.app.config["SETTINGS"] = settings.model_copy(update={"mail_host": "127.0.0.1", "mail_port": port, "mail_tls": False})
    yield box, {**own_city.environment, "COI_MAIL_HOST": "127.0.0.1", "COI_MAIL_PORT": str(port), "COI_MAIL_TLS": "false"}
    own_city.app.config["SETTINGS"] = settings
    server.stop()


@pytest.fixture
def letters(own_city: Standing) -> list[str]:
    """The Message-IDs of letters that are due."""
    with transaction():
        db.session.execute(delete(Letter))
        cast, at = find_cast(), now()
        for number in range(LETTERS):
            post("question", cast.finn.person, at - timedelta(minutes=1), f"question:{number}", reference="COI-2026-7K3F9Q")
    with looking():
        return list(db.session.scalars(select(Letter.message_id)))


def unsent() -> list[str]:
    """What is not marked as sent."""
    with looking():
        return list(db.session.scalars(select(Letter.message_id).where(Letter.sent_at.is_(None))))


def test_two_workers_at_once_send_each_letter_once(own_city, postbox, letters):
    box, environment = postbox
    workers = [start(["tests.faults.work", "letters"], environment, own_city.folder / f"mail{one}.log") for one in range(2)]
    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0], (own_city.folder / "mail0.log").read_text()[-2000:]
    assert Counter(box.got) == Counter(letters)
    assert unsent() == []
    with looking():
        entries = db.session.scalars(select(AuditEntry.seq).where(AuditEntry.event == "letter:sent")).all()
    assert len(entries) == LETTERS
    assert faults_of_the_log() == []


def test_a_worker_killed_between_send_and_mark_doubles_at_most_that_letter(own_city, postbox, letters):
    box, environment = postbox
    box.kill_at = 5
    worker = start(["tests.faults.work", "letters"], environment, own_city.folder / "killed.log")
    box.victim = worker.pid
    assert worker.wait(PATIENCE) == -signal.SIGKILL, (own_city.folder / "killed.log").read_text()[-2000:]
    in_flight = box.got[-1]
    assert in_flight in unsent()
    assert len(unsent()) == LETTERS - 4
    assert sweep(now()) == LETTERS - 5, "the one in flight waits until nobody can still be sending it"
    assert sweep(now() + STALE + timedelta(minutes=1)) == 1
    assert unsent() == []
    assert Counter(box.got) == Counter([*letters, in_flight])


def half_made(city: Standing) -> "subprocess.Popen[bytes]":
    """A worker that stands in the middle of the workbook that waits."""
    log = city.folder / "export.log"
    worker = start(["tests.faults.work", "export"], city.environment, log)
    until(lambda: worker.poll() is not None or MIDDLE in log.read_text(), "the workbook is half made")
    assert worker.poll() is None, log.read_text()[-2000:]
    return worker


def test_a_worker_killed_in_an_export_leaves_nothing_half_on_offer_and_another_makes_it(own_city):
    with transaction():
        cast = find_cast()
        export = ask(None, "en", None, cast.ada.actor, now())
        ada, reference = sign_in(own_city.app, cast.ada.account), export.reference
    worker = half_made(own_city)
    kill(worker)
    folder = queries.folder()
    assert [path.name for path in folder.iterdir() if not path.name.startswith(".")] == []
    with web(own_city) as (_process, port):
        browser = Browser(port, ada.cookie)
        assert browser.get(f"/exports/{reference}/workbook").code == 404
        assert jobs.run_waiting(now() + timedelta(minutes=1)) == 0, "it may still be alive"
        assert jobs.run_waiting(now() + queries.STALE + timedelta(minutes=1)) == 1
        assert browser.get(f"/exports/{reference}/workbook").code == 200
    assert jobs.tidy(now()) == 1, "what the killed worker left"
    with looking():
        assert db.session.scalars(select(Export.state)).all() == [JobState.DONE]
    assert sorted(path.name for path in folder.iterdir()) == [f"{reference}.seal.json", f"{reference}.xlsx"]
    assert faults_of_the_log() == []
