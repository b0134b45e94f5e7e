"""All reads of the audit log: its end, its links in order, and the page's search."""

from collections.abc import Iterator

from sqlalchemy import select

from coi.audit.chain import GENESIS, Link
from coi.db import db
from coi.models import AuditEntry, Checkpoint, Installation, Refusal

PAGE = 100
COLUMNS = (
    AuditEntry.seq,
    AuditEntry.at,
    AuditEntry.actor,
    AuditEntry.event,
    AuditEntry.subject,
    AuditEntry.details,
    AuditEntry.prev,
    AuditEntry.hash,
)


def head() -> tuple[int, str]:
    """How many entries there are and the hash of the last one."""
    last = db.session.execute(select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


def links(up_to: int | None = None) -> Iterator[Link]:
    """Every entry in order, a thousand at a time."""
    wanted = select(*COLUMNS).order_by(AuditEntry.seq)
    if up_to is not None:
        wanted = wanted.where(AuditEntry.seq <= up_to)
    for row in db.session.execute(wanted.execution_options(yield_per=1000)):
        yield Link(*row)


def entries(actor: str = "", event: str = "", subject: str = "", before: int | None = None) -> list[AuditEntry]:
    """The newest entries that fit, a page of them, before a number."""
    wanted = select(AuditEntry)
    if actor:
        wanted = wanted.where(AuditEntry.actor == actor)
    if event:
        wanted = wanted.where(AuditEntry.event == event)
    if subject:
        wanted = wanted.where(AuditEntry.subject == subject)
    if before is not None:
        wanted = wanted.where(AuditEntry.seq < before)
    return list(db.session.scalars(wanted.order_by(AuditEntry.seq.desc()).limit(PAGE)))


def hash_at(size: int) -> str | None:
    """The hash of entry number `size`, or None when the log is shorter."""
    return db.session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == size))


def installation() -> Installation | None:
    """Who this installation is."""
    return db.session.scalar(select(Installation))


def checkpoints(limit: int = 20) -> list[Checkpoint]:
    """The newest checkpoints."""
    return list(db.session.scalars(select(Checkpoint).order_by(Checkpoint.id.desc()).limit(limit)))


def refusals(limit: int = 200) -> list[Refusal]:
    """The newest refusals; they are in no chain, because anybody could fill one."""
    return list(db.session.scalars(select(Refusal).order_by(Refusal.id.desc()).limit(limit)))
