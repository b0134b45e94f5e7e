"""All writes of papers while a form is typed: add one, take one away; the file is on the disk before its row is written."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.attachments import covering, keeping
from coi.attachments.judging import MOST_BYTES, judge
from coi.attachments.queries import MOST_BYTES_OF_A_FORM, MOST_OF_AN_ENTRY, Spot
from coi.attachments.scanning import BAD, scan
from coi.audit.record import record
from coi.db import db, for_reading
from coi.disclosures.actions import locked_draft
from coi.errors import NotPossible, Refused
from coi.models import Attachment
from coi.models.types import new_reference
from coi.rules.permissions import Actor
from coi.vocabulary import Event


@dataclass(frozen=True)
class Taken:
    """A file that was judged and lies on the disk; its row comes next."""

    filename: str
    kind: str
    stored: str
    sha256: str
    size: int
    scan: str


def take(file: IO[bytes], named: str) -> Taken:
    """Judges a file and keeps it; raises Refused. Nobody waits behind a lock meanwhile, so what was loaded is loaded again."""
    with for_reading():
        db.session.rollback()
        keeping.folder()
        db.session.rollback()
        judged = judge(file.read(MOST_BYTES + 1), named)
        said = scan(judged.data)
        if said == BAD:
            raise Refused(_l("The City's scanner says that this file holds a virus. It was not kept."), "file")
        stored = keeping.write(judged.data)
        db.session.rollback()
    return Taken(judged.filename, judged.kind, stored, sha256(judged.data).hexdigest(), len(judged.data), said)


def add(spot: Spot, file: IO[bytes], named: str, actor: Actor, now: datetime) -> Attachment:
    """Adds a paper to an entry of a draft; the same bytes once more are the one that is there. Raises Refused."""
    reference = spot.disclosure.reference
    taken = take(file, named)
    try:
        draft = locked_draft(spot.disclosure, actor)
        if spot.key not in set(covering.keys_in(draft.answers)):
            raise NotPossible(_l("This entry is gone from your form. Nothing was added."))
        there = covering.in_draft(spot.disclosure)
        known = next((one for one in there if (one.entry_key, one.sha256) == (spot.key, taken.sha256)), None)
        if known is not None:
            keeping.forget(taken.stored)
            return known
        _check_room([one for one in there if one.entry_key == spot.key], there, taken)
    except Refused:
        keeping.forget(taken.stored)
        raise
    made = row_of(taken, f"disclosure:{reference}", actor, now)
    made.disclosure_id, made.question_id, made.entry_key = spot.disclosure.id, spot.question_id, spot.key
    db.session.add(made)
    db.session.flush()
    return made


def _check_room(here: list[Attachment], there: list[Attachment], taken: Taken) -> None:
    if len(here) >= MOST_OF_AN_ENTRY:
        raise Refused(
            _l("There are 5 papers here, which is the most. Take one away first, or put several pages in one PDF."), "file"
        )
    if sum(one.size for one in there) + taken.size > MOST_BYTES_OF_A_FORM:
        raise Refused(_l("All papers of one form may have 50 MB together. Take one away first, or add a smaller file."), "file")


def row_of(taken: Taken, subject: str, actor: Actor, now: datetime) -> Attachment:
    """The row of a file, with its entry in the log."""
    reference = new_reference("ATT") + new_reference("").removeprefix("-")
    told = {"kind": taken.kind, "size": taken.size, "sha256": taken.sha256, "scan": taken.scan}
    seq = record(Event.ATTACHMENT_ADDED, actor, subject, now, attachment=reference, **told)
    return Attachment(
        reference=reference,
        filename=taken.filename,
        stored=taken.stored,
        in_draft=True,
        added_by=actor.name,
        added_at=now,
        seq=seq,
        **told,
    )


def remove(spot: Spot, reference: str, actor: Actor, now: datetime) -> None:
    """Takes a paper away from what is typed; one that was signed stays with its version. Twice is once."""
    locked_draft(spot.disclosure, actor)
    found = db.session.scalar(
        select(Attachment).where(
            Attachment.reference == reference,
            Attachment.disclosure_id == spot.disclosure.id,
            Attachment.entry_key == spot.key,
            Attachment.in_draft,
        )
    )
    if found is None:
        return
    subject = f"disclosure:{spot.disclosure.reference}"
    if covering.is_signed(found):
        told = {"attachment": found.reference, "sha256": found.sha256}
        record(Event.ATTACHMENT_REMOVED, actor, subject, now, because="next_version", **told)
        found.in_draft = False
    else:
        covering.take_away(found, subject, "removed", actor, now)
    db.session.flush()
