"""The audit log's tables: entries that nobody can change, checkpoints, and who this installation is."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coi.db import Model
from coi.models.types import Id, Moment


class AuditEntry(Model):
    """One link of the chain (PROOF 1); triggers refuse every change."""

    __tablename__ = "audit_entries"
    # Which entry was the last at a moment is asked by every export and by every check of who supervised whom.
    __table_args__ = (Index("ix_audit_entries_at", "at", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(27))
    actor: Mapped[str] = mapped_column(String(80), index=True)
    event: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    details: Mapped[str] = mapped_column(Text)
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Checkpoint(Model):
    """A signed statement of how long the log was and how it ended."""

    __tablename__ = "checkpoints"

    id: Mapped[Id]
    size: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(27))
    because: Mapped[str] = mapped_column(String(40))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class Installation(Model):
    """The one row that says which installation this database belongs to."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one_installation"),)

    id: Mapped[Id]
    origin: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)
    demo: Mapped[bool] = mapped_column(default=False)
    setup_ended_seq: Mapped[int | None]
