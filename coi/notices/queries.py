"""All reads of the outbox."""

from datetime import datetime

from sqlalchemy import func, select

from coi.db import db
from coi.models import Letter, Person

PAGE = 100


def newest(kind: str = "", person_id: int | None = None, limit: int = PAGE) -> list[tuple[Letter, str]]:
    """The newest letters with their reader's name; the text stays in the row."""
    wanted = select(Letter, Person.name).join(Person, Person.id == Letter.person_id)
    if kind:
        wanted = wanted.where(Letter.kind == kind)
    if person_id is not None:
        wanted = wanted.where(Letter.person_id == person_id)
    return list(db.session.execute(wanted.order_by(Letter.id.desc()).limit(limit)).tuples())


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
