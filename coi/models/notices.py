"""The outbox: letters written in the transaction that caused them, sent later by an idempotent sweep."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coi.db import Model
from coi.models.types import Id, MaybeSeq, Moment


class Letter(Model):
    """One letter to one reader in one language; `once` makes a second row for the same cause impossible."""

    __tablename__ = "letters"
    __table_args__ = (Index("ix_letters_unsent", "sent_at", "due_at"),)

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
