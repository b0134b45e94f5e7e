"""All reads of the outbox; keeps letters about a case from who may not know of it, and secrets from everybody."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from coi.db import db
from coi.models import Letter, Person
from coi.notices.words import FILED, KINDS, OFFICE
from coi.rules.permissions import Actor, Facts, Permission, allows

PAGE = 100
NO_ADDRESS = "no_address"

# What may be asked of the list, and how a letter comes under it.
STATES: dict[str, ColumnElement[bool]] = {
    "sent": Letter.sent_at.is_not(None),
    "waiting": and_(Letter.sent_at.is_(None), Letter.dropped == ""),
    "to_print": and_(Letter.sent_at.is_(None), Letter.dropped == NO_ADDRESS),
    "stopped": and_(Letter.sent_at.is_(None), Letter.dropped.not_in(("", NO_ADDRESS))),
}
# Their link is a secret: nobody but the reader sees it, not the people who run the machine either (SD7).
SECRET = frozenset(kind for kind, words in KINDS.items() if "token" in words.arguments)
# They tell that something happens to a filing: not for who runs accounts and campaigns (SD7).
ABOUT_A_CASE = frozenset(kind for kind, words in KINDS.items() if words.why in (FILED, OFFICE) and kind != "receipt")


@dataclass(frozen=True)
class Line:
    """A letter as the list shows it."""

    reference: str
    reader: str
    subject: Any
    letter: Letter
    readable: bool


def reference_of(letter: Letter) -> str:
    """What an address calls the letter: the random part of its Message-ID."""
    return letter.message_id.strip("<>").split("@")[0]


def state_of(letter: Letter) -> str:
    """sent, waiting, to_print or stopped."""
    if letter.sent_at is not None:
        return "sent"
    return {"": "waiting", NO_ADDRESS: "to_print"}.get(letter.dropped, "stopped")


def hidden_kinds(actor: Actor) -> frozenset[str]:
    """Kinds of letters whose text this person may not read here."""
    return SECRET if allows(actor, Permission.QUEUE_ALL) else SECRET | ABOUT_A_CASE


def lines(actor: Actor, state: str = "", before: str = "", limit: int = PAGE) -> list[Line]:
    """The newest letters first; a letter about a case has no subject for who may not know of the case."""
    wanted = select(Letter, Person.name).outerjoin(Person, Person.id == Letter.person_id)
    if state in STATES:
        wanted = wanted.where(STATES[state])
    start = _by_reference(before)
    if start is not None:
        wanted = wanted.where(Letter.id < start.id)
    hidden = hidden_kinds(actor)
    rows = db.session.execute(wanted.order_by(Letter.id.desc()).limit(limit)).all()
    return [
        Line(reference_of(letter), name or "", letter.subject, letter, readable=letter.kind not in hidden)
        for letter, name in rows
    ]


def _by_reference(reference: str) -> Letter | None:
    if not re.fullmatch(r"[0-9a-f]{32}", reference):
        return None
    found: Letter | None = db.session.scalar(
        select(Letter).where(Letter.message_id.startswith(f"<{reference}@", autoescape=True))
    )
    return found


def letter(reference: str, actor: Actor) -> tuple[Line, Facts] | None:
    """One letter with its text, for who may read this kind; None for everything else."""
    found = _by_reference(reference)
    if found is None or found.kind in hidden_kinds(actor):
        return None
    name = db.session.scalar(select(Person.name).where(Person.id == found.person_id)) or ""
    return Line(reference, name, found.subject, found, readable=True), Facts()


def to_print(actor: Actor, limit: int = PAGE) -> Sequence[Line]:
    """Letters that have no address and that this person may read, oldest first."""
    wanted = (
        select(Letter, Person.name)
        .join(Person, Person.id == Letter.person_id)
        .where(STATES["to_print"], Letter.kind.not_in(hidden_kinds(actor)))
        .order_by(Letter.id)
        .limit(limit)
    )
    return [Line(reference_of(one), name, one.subject, one, readable=True) for one, name in db.session.execute(wanted).all()]


def newest(kind: str = "", person_id: int | None = None, limit: int = PAGE) -> list[tuple[Letter, str]]:
    """The newest letters with their reader's name; the text stays in the row."""
    wanted = select(Letter, Person.name).join(Person, Person.id == Letter.person_id)
    if kind:
        wanted = wanted.where(Letter.kind == kind)
    if person_id is not None:
        wanted = wanted.where(Letter.person_id == person_id)
    return list(db.session.execute(wanted.order_by(Letter.id.desc()).limit(limit)).all())


def to_send(now: datetime, stale: datetime, limit: int) -> list[int]:
    """Letters that are due, have an address and are not claimed by a living worker, oldest first."""
    return list(
        db.session.scalars(
            select(Letter.id)
            .where(
                Letter.sent_at.is_(None),
                Letter.dropped == "",
                Letter.due_at <= now,
                Letter.to_address.is_not(None),
                (Letter.claimed_at.is_(None)) | (Letter.claimed_at < stale),
            )
            .order_by(Letter.due_at, Letter.id)
            .limit(limit)
        )
    )


def counts() -> dict[str, int]:
    """How many letters are sent, waiting, to print, and stopped."""
    rows = db.session.execute(
        select(Letter.dropped, Letter.sent_at.is_not(None), func.count()).group_by(Letter.dropped, Letter.sent_at.is_not(None))
    )
    told = {"sent": 0, "waiting": 0, "to_print": 0, "stopped": 0}
    for dropped, sent, number in rows:
        key = "sent" if sent else "waiting" if not dropped else "to_print" if dropped == "no_address" else "stopped"
        told[key] += number
    return told
