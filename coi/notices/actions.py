"""All writes of the outbox: a letter is a row in the transaction of what it tells; sending comes later and elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.languages import LOCALES, speaking
from coi.models import Account, Installation, Letter, Person
from coi.notices.queries import NO_ADDRESS, to_print
from coi.notices.words import KINDS
from coi.profiles.current import current_profile
from coi.rules.permissions import Actor
from coi.vocabulary import Event


def post(kind: str, person: Person, now: datetime, once: str, **values: Any) -> None:
    """Writes one letter to `person` in the person's language; a second call with the same `once` changes nothing.

    `values` fill the words of the kind (KINDS); reserved ones: due_at (not before), to (another address, for resets only).
    Holds no content of a filing (U25). Without an address the letter waits in the list of letters to print.
    """
    if db.session.scalar(select(Letter.id).where(Letter.once == once)) is not None:
        return
    due_at = values.pop("due_at", now)
    to = values.pop("to", None) or person.email
    spoken = language_of(person)
    words = KINDS[kind]
    with speaking(spoken):
        subject = str(words.subject) % values if values else str(words.subject)
        around = {
            "subject": subject,
            "greeting_name": person.name,
            "paragraphs": [str(paragraph) % _spoken(values) for paragraph in words.paragraphs],
            "why": str(words.why),
            "link": address(words.endpoint, **_arguments(words.arguments, values)) if words.endpoint else "",
            "link_text": str(words.link_text),
            "site": current_app.config["SETTINGS"].public_url.rstrip("/"),
            "city": current_profile().city,
            "language": spoken,
        }
        # Without what stands around pages: a letter may be written by a command, and a thousand of them in one transaction.
        text, html = (
            current_app.jinja_env.get_template(f"letters/letter.{kind_of}").render(around) for kind_of in ("txt", "html")
        )
    db.session.add(
        Letter(
            message_id=f"<{sha256(once)[:32]}@{_origin()}>",
            once=once,
            kind=kind,
            person_id=person.id,
            to_address=to,
            language=spoken,
            subject=subject,
            text=text,
            html=html,
            due_at=due_at,
            made_at=now,
            dropped="" if to else NO_ADDRESS,
        )
    )
    db.session.flush()


def drop(once: str, because: str) -> None:
    """Takes an unsent letter out of the outbox; a sent one stays as it is."""
    db.session.execute(update(Letter).where(Letter.once == once, Letter.sent_at.is_(None)).values(dropped=because))


def mark_printed(references: Sequence[str], actor: Actor, now: datetime) -> int:
    """Printed letters have left: each gets its entry as a sent one does; gives how many. One printed twice is marked once."""
    wanted = set(references)
    done = 0
    for line in to_print(actor):
        if line.reference not in wanted:
            continue
        letter = db.session.get_one(Letter, line.letter.id, with_for_update=True)
        if letter.sent_at is not None:
            continue
        letter.sent_at = now
        letter.sent_seq = record(
            Event.LETTER_SENT, actor, f"person:{letter.person_id}", now, kind=letter.kind, sha256=sha256(letter.text)
        )
        done += 1
    return done


def language_of(person: Person) -> str:
    """The language a person chose when signing in, else the roster's."""
    chosen = db.session.scalar(select(Account.language).where(Account.person_id == person.id))
    spoken = chosen or person.language
    return spoken if spoken in LOCALES else "en"


def address(endpoint: str, **values: Any) -> str:
    """A full address built from the configured one, never from the Host header (TRAPS: Web)."""
    path = current_app.url_map.bind("city").build(endpoint, values)
    return current_app.config["SETTINGS"].public_url.rstrip("/") + path


def _arguments(names: tuple[str, ...], values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in names}


def _spoken(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) for name, value in values.items()}


def _origin() -> str:
    origin = db.session.scalar(select(Installation.origin)) or "coi:none"
    return origin.replace(":", "-")


def written(once: str) -> bool:
    """Whether the letter of this cause is in the outbox already."""
    return db.session.scalar(select(Letter.id).where(Letter.once == once)) is not None
