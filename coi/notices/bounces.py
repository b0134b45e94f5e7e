"""Addresses at which nothing arrives: kept as a list for a person to act on; letters to them are printed until it is seen to."""

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import Message

from flask_babel import gettext as _
from sqlalchemy import func, select

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.models import AddressFault, Letter, Person
from coi.notices.queries import BOUNCED
from coi.rules.permissions import Actor, Facts
from coi.vocabulary import Event

LONGEST = 300
SHOWN = 200


@dataclass(frozen=True)
class Failing:
    """One line of the list: the person, the address that fails, and whether the roster has another one by now."""

    fault: AddressFault
    person: Person

    @property
    def still_used(self) -> bool:
        """Whether the person's letters would still go there."""
        return (self.person.email or "").casefold() == self.fault.address


def open_faults() -> list[Failing]:
    """What nobody has seen to yet, the newest first."""
    wanted = select(AddressFault, Person).join(Person, Person.id == AddressFault.person_id).where(AddressFault.done_seq.is_(None))
    rows = db.session.execute(wanted.order_by(AddressFault.id.desc()).limit(SHOWN)).all()
    return [Failing(fault, person) for fault, person in rows]


def fault(number: str) -> tuple[AddressFault, Facts] | None:
    """A line of the list by the SHA-256 of its address, which is all that its address on the web says."""
    for one in open_faults():
        if key(one.fault) == number:
            return one.fault, Facts(filer_id=one.fault.person_id)
    return None


def key(fault: AddressFault) -> str:
    """What a page calls a line of the list: neither an address nor a number."""
    return sha256(f"{fault.person_id}:{fault.address}")[:32]


def came_back(letter: Letter, what: str, actor: Actor, now: datetime) -> None:
    """A letter that no server takes: it is printed instead, and its address is a line of the list."""
    letter.dropped = BOUNCED
    if letter.person_id is not None and letter.to_address:
        _note(letter.person_id, letter.to_address, what, letter.id, actor, now)


def mark_failed(address: str, what: str, actor: Actor, now: datetime) -> int:
    """Notes that mail to an address came back; its unsent letters are printed. Says whom it concerns: how many people."""
    told = address.strip().casefold()
    if "@" not in told or len(told) > 254:
        raise Refused(_("Type the e-mail address that failed."), "address")
    people = db.session.scalars(select(Person.id).where(func.lower(Person.email) == told).order_by(Person.id)).all()
    if not people:
        raise NotPossible(_("Nobody on the roster has this address."), "address")
    waiting = select(Letter).where(func.lower(Letter.to_address) == told, Letter.sent_at.is_(None), Letter.dropped == "")
    for letter in db.session.scalars(waiting.order_by(Letter.id).with_for_update()):
        letter.dropped = BOUNCED
    for person_id in people:
        _note(person_id, told, what, None, actor, now)
    db.session.flush()
    return len(people)


def seen_to(fault: AddressFault, actor: Actor, now: datetime) -> None:
    """Somebody corrected the address or gave the letter by hand: letters may go there again."""
    db.session.refresh(fault, with_for_update=True)
    if fault.done_seq is not None:
        return
    fault.done_seq = record(Event.ADDRESS_SEEN_TO, actor, f"person:{fault.person_id}", now, sha256=sha256(fault.address))
    db.session.flush()


def _note(person_id: int, address: str, what: str, letter_id: int | None, actor: Actor, now: datetime) -> None:
    told = address.casefold()
    there = select(AddressFault.id).where(
        AddressFault.person_id == person_id, AddressFault.address == told, AddressFault.done_seq.is_(None)
    )
    if db.session.scalar(there.limit(1)) is not None:
        return
    by = "server" if letter_id is not None else "returned"
    seq = record(Event.ADDRESS_FAILED, actor, f"person:{person_id}", now, sha256=sha256(told), by=by)
    kept = " ".join(what.split())[:LONGEST]
    row = AddressFault(person_id=person_id, address=told, what=kept, letter_id=letter_id, by=actor.name, at=now, seq=seq)
    db.session.add(row)
    db.session.flush()


def failed_addresses(returned: bytes) -> list[tuple[str, str]]:
    """What a returned mail says (RFC 3464): each address that failed for good, and the server's words."""
    mail = email.message_from_bytes(returned, policy=email.policy.default)
    found: list[tuple[str, str]] = []
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            found += _failed_in(part)
    return found


def _failed_in(report: Message) -> list[tuple[str, str]]:
    blocks = report.get_payload()
    found: list[tuple[str, str]] = []
    for block in blocks if isinstance(blocks, Sequence) and not isinstance(blocks, str) else []:
        if not isinstance(block, Message):
            continue
        status, action = str(block.get("Status", "")).strip(), str(block.get("Action", "")).strip().lower()
        address = str(block.get("Final-Recipient", "")).rpartition(";")[2].strip().strip("<>")
        if address and status.startswith("5") and action in ("failed", ""):
            found.append((address, str(block.get("Diagnostic-Code", status))))
    return found
