"""Papers travel with their entry: what a signature covers, what a correction starts from, what goes with a draft."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from coi.audit.record import record
from coi.db import db
from coi.models import Attachment, Disclosure, DisclosureVersion, SignedAttachment
from coi.rules.permissions import Actor
from coi.vocabulary import Event


def in_draft(disclosure: Disclosure) -> list[Attachment]:
    """Every paper of what is being typed, also one whose entry was removed."""
    rows = select(Attachment).where(Attachment.disclosure_id == disclosure.id, Attachment.in_draft)
    return list(db.session.scalars(rows.order_by(Attachment.id)))


def of_draft(disclosure: Disclosure, answers: Mapping[str, Any]) -> list[Attachment]:
    """The papers whose entry is there, and scans of the whole form, which belong to no entry."""
    keys = {"", *keys_in(answers)}
    return [one for one in in_draft(disclosure) if one.entry_key in keys]


def keys_in(value: Any) -> Iterator[str]:
    """The keys of every entry, also of lists inside."""
    if isinstance(value, Mapping):
        if isinstance(value.get("_key"), str):
            yield value["_key"]
        for one in value.values():
            yield from keys_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from keys_in(one)


def as_recorded(papers: Sequence[Attachment]) -> list[dict[str, Any]]:
    """What the signed record says of each paper; its hash binds the file to the signature."""
    return [
        {
            "attachment": one.reference,
            "question": one.question_id,
            "key": one.entry_key,
            "name": one.filename,
            "kind": one.kind,
            "size": one.size,
            "sha256": one.sha256,
        }
        for one in papers
    ]


def cover(version: DisclosureVersion, disclosure: Disclosure, papers: Sequence[Attachment], actor: Actor, now: datetime) -> None:
    """Writes down which papers this signature covers; what was added and then lost its entry goes."""
    if papers:
        told = {"version": version.number, "sha256": [one.sha256 for one in papers]}
        seq = record(Event.ATTACHMENTS_SIGNED, actor, f"disclosure:{disclosure.reference}", now, **told)
        db.session.add_all(SignedAttachment(version_id=version.id, attachment_id=one.id, seq=seq) for one in papers)
        db.session.flush()
    let_go(disclosure, actor, now)


def carry_on(disclosure: Disclosure, version: DisclosureVersion) -> None:
    """A correction begins with the papers of the version that it corrects."""
    signed = select(SignedAttachment.attachment_id).where(SignedAttachment.version_id == version.id)
    rows = update(Attachment).where(Attachment.disclosure_id == disclosure.id, Attachment.id.in_(signed))
    db.session.execute(rows.values(in_draft=True).execution_options(synchronize_session="fetch"))


def let_go(disclosure: Disclosure, actor: Actor, now: datetime) -> None:
    """Nothing is being typed any more: papers that no signature covers go, the others stay with their versions."""
    for one in in_draft(disclosure):
        if is_signed(one):
            one.in_draft = False
        else:
            take_away(one, f"disclosure:{disclosure.reference}", "draft_gone", actor, now)
    db.session.flush()


def is_signed(one: Attachment) -> bool:
    """Whether any signature covers this paper."""
    rows = select(SignedAttachment.id).where(SignedAttachment.attachment_id == one.id)
    return db.session.scalar(rows.limit(1)) is not None


def take_away(one: Attachment, subject: str, because: str, actor: Actor, now: datetime) -> None:
    """Deletes the row of an unsigned paper; its file goes with the next sweep."""
    record(Event.ATTACHMENT_REMOVED, actor, subject, now, attachment=one.reference, sha256=one.sha256, because=because)
    db.session.delete(one)
