"""Sends what the outbox holds, found by "due and not done": a killed worker repeats nothing that was marked and loses nothing."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import structlog
from flask import current_app

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.config import Settings
from coi.db import db, for_reading, transaction
from coi.models import Letter
from coi.notices.bounces import came_back
from coi.notices.hours import in_work_hours, pace
from coi.notices.queries import STALE, claimed_lately, to_send
from coi.profiles.current import current_profile, forget
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Event

log = structlog.get_logger()

MOST_TRIES = 12
A_RUN = 20  # the pace of U25 where a profile names none: twenty a minute
# A mail server that says "never" (5xx) is not asked again.
FOR_GOOD = range(500, 600)


def sweep(now: datetime, limit: int | None = None, *, paced: bool = True) -> int:
    """Sends up to `limit` due letters and returns how many left; each is claimed, sent and marked in steps of its own.

    Letters to one person about what just happened come first, at any hour. Letters to many leave in work hours, and no
    more of them in a minute than the city's pace, whoever wakes the worker; `paced=False` is for a person who waits for it.
    """
    forget()
    with for_reading():
        most = limit if limit is not None else pace()
        waiting = to_send(now, now - STALE, most)
        if in_work_hours(now):
            room = most - len(waiting)
            waiting += to_send(now, now - STALE, min(room, pace() - claimed_lately(now)) if paced else room, mass=True)
        db.session.rollback()
    return sum(_send(letter_id, now) for letter_id in waiting)


def _send(letter_id: int, now: datetime) -> int:
    with transaction():
        letter = db.session.get(Letter, letter_id, with_for_update=True)
        if (
            letter is None
            or letter.sent_at is not None
            or letter.dropped
            or (letter.claimed_at and letter.claimed_at > now - STALE)
        ):
            return 0
        letter.claimed_at, letter.attempts = now, letter.attempts + 1
        mail = as_mail(letter)
    fault, refused, for_good = "", False, False
    try:
        deliver(mail, letter.message_id)
    except (OSError, smtplib.SMTPException) as problem:
        fault = f"{type(problem).__name__}: {problem}"[:300]
        # A server that is away says nothing about the address: the letter waits for it, however long.
        refused, for_good = isinstance(problem, smtplib.SMTPRecipientsRefused), _refused_for_good(problem)
        log.warning("a letter did not leave", letter=letter_id, fault=fault)
    with transaction():
        letter = db.session.get_one(Letter, letter_id, with_for_update=True)
        if fault:
            letter.last_error, letter.claimed_at = fault, now
            if for_good or (refused and letter.attempts >= MOST_TRIES):
                came_back(letter, fault, SYSTEM, now)
            return 0
        letter.sent_at = now
        letter.sent_seq = record(
            Event.LETTER_SENT, SYSTEM, f"person:{letter.person_id}", now, kind=letter.kind, sha256=sha256(letter.text)
        )
    return 1


def _refused_for_good(problem: Exception) -> bool:
    """Whether the server said that this reader's address takes no mail; a full box or a busy server says so for now only."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return all(code in FOR_GOOD for code, _words in problem.recipients.values())
    return False


def as_mail(letter: Letter) -> EmailMessage:
    """The letter as an e-mail, plain text and HTML, with a Message-ID that stays the same however often it is tried."""
    contact = current_profile().city.contact
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{contact.name} <{contact.email}>"
    mail["To"] = letter.to_address or ""
    mail["Subject"] = letter.subject
    mail["Message-ID"] = letter.message_id
    mail["Date"] = letter.made_at
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    # Last: making the second part moves every Content header into the first.
    mail["Content-Language"] = letter.language
    return mail


def deliver(mail: EmailMessage, message_id: str) -> None:
    """Hands one mail to the mail server; without one (demo, first days) it becomes a file in the mail folder, named by its id."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.mail_host:
        _into_folder(settings.folder / "mail", mail, message_id)
        return
    with smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=30) as server:
        if settings.mail_tls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        server.send_message(mail)


def _into_folder(folder: Path, mail: EmailMessage, message_id: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = message_id.strip("<>").split("@")[0]
    half = folder / f".{name}.half"
    half.write_bytes(mail.as_bytes())
    half.replace(folder / f"{name}.eml")
