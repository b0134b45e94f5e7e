"""All writes of the outbox: a letter is a row in the transaction of what it tells; sending comes later and elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.languages import LOCALES
from coi.models import Account, Installation, Letter, LetterStop, Person
from coi.notices.queries import NO_ADDRESS, TO_PRINT, failing, to_print
from coi.notices.wording import Written, in_words
from coi.rules.permissions import SYSTEM, Actor
from coi.vocabulary import Event

MOST_PRINTED = 2_000
__all__ = ["Cause", "again", "drop", "keep", "language_of", "mark_printed", "post", "rewrite", "stop", "written"]


def post(kind: str, person: Person, now: datetime, once: str, **values: Any) -> None:
    """Writes one letter to `person` in the person's language; a second call with the same `once` changes nothing.

    `values` fill the words of the kind (KINDS); reserved ones: due_at (not before), to (another address, for resets only).
    Holds no content of a filing (U25). Without an address the letter waits in the list of letters to print.
    """
    if written(once):
        return
    due_at = values.pop("due_at", now)
    to = values.pop("to", None) or person.email
    spoken = language_of(person)
    keep(in_words(kind, person.name, spoken, values), Cause(kind, once, person.id), to, spoken, now, due_at)


@dataclass(frozen=True)
class Cause:
    """Why a letter is written: its kind, the key that makes a second one impossible, and its reader."""

    kind: str
    once: str
    person_id: int


def keep(letter: Written, cause: Cause, to: str | None, spoken: str, now: datetime, due_at: datetime) -> None:
    """Puts a letter into the outbox; without an address, or with one that failed, it waits to be printed."""
    db.session.add(
        Letter(
            message_id=f"<{sha256(cause.once)[:32]}@{_origin()}>",
            once=cause.once,
            kind=cause.kind,
            person_id=cause.person_id,
            to_address=to,
            language=spoken,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            due_at=due_at,
            made_at=now,
            dropped="" if to and not failing(to) else NO_ADDRESS,
        )
    )
    db.session.flush()


def stop(letter: Letter, because: str, now: datetime, actor: Actor = SYSTEM) -> None:
    """Takes a letter out of the outbox because what it tells is no longer true: a dated row and an entry say why."""
    letter.dropped = because
    seq = record(Event.LETTER_STOPPED, actor, f"person:{letter.person_id}", now, kind=letter.kind, because=because)
    db.session.add(LetterStop(letter_id=letter.id, because=because, at=now, seq=seq))
    db.session.flush()


def again(once: str, now: datetime) -> bool:
    """Puts a letter that was stopped back into the outbox, since what it tells is true again; False when there is none."""
    letter = db.session.scalar(select(Letter).where(Letter.once == once).with_for_update())
    if letter is None or letter.sent_at is not None or letter.dropped in ("", *TO_PRINT):
        return False
    letter.made_at, letter.due_at, letter.claimed_at = now, now, None
    letter.dropped = "" if letter.to_address and not failing(letter.to_address) else NO_ADDRESS
    db.session.flush()
    return True


def rewrite(letter: Letter, words: Written, now: datetime) -> None:
    """Other words for a letter that did not leave yet: the list that it carries changed meanwhile."""
    if letter.text != words.text:
        letter.subject, letter.text, letter.html, letter.made_at = words.subject, words.text, words.html, now
        db.session.flush()


def drop(once: str, because: str) -> None:
    """Takes an unsent letter out of the outbox; a sent one stays as it is."""
    db.session.execute(update(Letter).where(Letter.once == once, Letter.sent_at.is_(None)).values(dropped=because))


def mark_printed(references: Sequence[str], actor: Actor, now: datetime) -> int:
    """Printed letters have left: each gets its entry as a sent one does; gives how many. One printed twice is marked once."""
    wanted = set(references)
    done = 0
    for line in to_print(actor, limit=MOST_PRINTED):
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


def _origin() -> str:
    origin = db.session.scalar(select(Installation.origin)) or "coi:none"
    return origin.replace(":", "-")


def written(once: str) -> bool:
    """Whether the letter of this cause is in the outbox already."""
    return db.session.scalar(select(Letter.id).where(Letter.once == once)) is not None
