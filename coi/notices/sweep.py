"""Sends what the outbox holds, found by "due and not done": a killed worker repeats nothing that was marked and loses nothing."""

import smtplib
import ssl
from datetime import datetime, timedelta
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
from coi.notices.queries import to_send
from coi.profiles.current import current_profile
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Event

log = structlog.get_logger()

STALE = timedelta(minutes=10)
MOST_TRIES = 12
A_RUN = 20  # the pace of U25: twenty a minute


def sweep(now: datetime, limit: int = A_RUN) -> int:
    """Sends up to `limit` due letters and returns how many left; each is claimed, sent and marked in steps of its own."""
    with for_reading():
        waiting = to_send(now, now - STALE, limit)
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
    fault = ""
    try:
        deliver(mail, letter.message_id)
    except (OSError, smtplib.SMTPException) as problem:
        fault = f"{type(problem).__name__}: {problem}"[:300]
        log.warning("a letter did not leave", letter=letter_id, fault=fault)
    with transaction():
        letter = db.session.get_one(Letter, letter_id, with_for_update=True)
        if fault:
            letter.last_error, letter.claimed_at = fault, now
            if letter.attempts >= MOST_TRIES:
                letter.dropped = "bounced"
            return 0
        letter.sent_at = now
        letter.sent_seq = record(
            Event.LETTER_SENT, SYSTEM, f"person:{letter.person_id}", now, kind=letter.kind, sha256=sha256(letter.text)
        )
    return 1


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
