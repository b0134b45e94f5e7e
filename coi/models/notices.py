"""The outbox: letters written in the transaction that caused them, sent later by an idempotent sweep; and what became of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coi.db import Model
from coi.models.types import Id, MaybeSeq, Moment, Seq


class Letter(Model):
    """One letter to one reader in one language; `once` makes a second row for the same cause impossible."""

    __tablename__ = "letters"
    # What became of the letters of a time is counted from the index alone: the letters themselves are long.
    __table_args__ = (
        Index("ix_letters_unsent", "sent_at", "due_at"),
        Index("ix_letters_fate", "made_at", "dropped", "sent_at"),
    )

    id: Mapped[Id]
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    once: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    to_address: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(5))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(Moment)
    made_at: Mapped[datetime] = mapped_column(Moment)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    dropped: Mapped[str] = mapped_column(String(40), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    seq: Mapped[MaybeSeq]
    sent_seq: Mapped[MaybeSeq]


class LetterStop(Model):
    """That a letter was taken out of the outbox before it left, when and why: what it told was no longer true."""

    __tablename__ = "letter_stops"

    id: Mapped[Id]
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), index=True)
    because: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]


class Rehearsal(Model):
    """That the desk had every letter of a campaign sent to itself first (U25), or went without it, and why."""

    __tablename__ = "letter_rehearsals"

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    waived: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    letters: Mapped[int]
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]


class AddressFault(Model):
    """An address at which no letter arrives, as a mail server or a returned mail said; a line of the list until seen to."""

    __tablename__ = "address_faults"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    address: Mapped[str] = mapped_column(String(254), index=True)
    what: Mapped[str] = mapped_column(String(300))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), index=True)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    done_seq: Mapped[MaybeSeq]


class DepartmentCheck(Model):
    """That a department head looked at the list of names, titles, levels and duties, and what the list said then."""

    __tablename__ = "department_checks"

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    department: Mapped[str] = mapped_column(String(200))
    people: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
