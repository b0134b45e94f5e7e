"""Files without a row go, never one with a row; what the scanner could not look at when it came is looked at later."""

from datetime import datetime

import structlog
from sqlalchemy import select

from coi.attachments import keeping
from coi.attachments.scanning import WAITING, scan
from coi.audit.record import record
from coi.db import db, for_reading, transaction
from coi.models import Attachment
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Event

log = structlog.get_logger()


def tidy_up(now: datetime) -> int:
    """Removes orphan files and asks the scanner again; gives how many files went."""
    with for_reading():
        gone = list(keeping.orphans(now))
        waiting = list(db.session.scalars(select(Attachment.id).where(Attachment.scan == WAITING).order_by(Attachment.id)))
        db.session.rollback()
    for path in gone:
        path.unlink(missing_ok=True)
    if gone:
        log.info("files without a row are gone", count=len(gone))
    for number in waiting:
        if not _look_again(number, now):
            break
    return len(gone)


def subject_of(one: Attachment) -> str:
    """What a paper's entries in the log are about: its filing, the condition that it shows, or the paper form that it is."""
    if one.disclosure is not None:
        return f"disclosure:{one.disclosure.reference}"
    return f"{'condition' if one.paper.startswith('CND-') else 'paper'}:{one.paper}"


def _look_again(number: int, now: datetime) -> bool:
    """Asks the scanner about one file, outside any lock; False when it is still down."""
    with for_reading():
        one = db.session.get(Attachment, number)
        data = keeping.read(one) if one is not None else None
        db.session.rollback()
    said = scan(data) if data is not None else ""
    if said == WAITING:
        return False
    if data is None:
        return True
    with transaction():
        one = db.session.get(Attachment, number, with_for_update=True)
        if one is not None:
            one.scan = said
            subject = subject_of(one)
            told = {"attachment": one.reference, "sha256": one.sha256, "scan": said}
            record(Event.ATTACHMENT_SCANNED, SYSTEM, subject, now, **told)
    return True
