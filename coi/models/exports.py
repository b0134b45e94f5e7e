"""Workbooks asked for: who, what, as of when, how far the job is, and the proof of the finished file."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coi.db import Model
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq
from coi.vocabulary import ExportKind, JobState


class ExportApproval(Model):
    """That a second person let a full workbook be made; never who asked for it (SD6)."""

    __tablename__ = "export_approvals"
    __table_args__ = (
        UniqueConstraint("export_id"),
        CheckConstraint("approved_by_id <> asked_by_id", name="who_asks_does_not_approve"),
        CheckConstraint("approved_by_id IS NOT NULL OR request = ''", name="a_request_is_approved_by_somebody"),
    )

    id: Mapped[Id]
    export_id: Mapped[int] = mapped_column(ForeignKey("exports.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    # Nobody, where the city's profile lets one person ask; the purpose then stands nowhere else.
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    request: Mapped[str] = mapped_column(String(30))
    purpose: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]


class Export(Model):
    """One workbook; on offer only when done, and only to who asked (access.md 26)."""

    __tablename__ = "exports"

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    kind: Mapped[ExportKind] = mapped_column(Code(ExportKind))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    language: Mapped[str] = mapped_column(String(5))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    as_of: Mapped[str] = mapped_column(String(27))
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[JobState] = mapped_column(Code(JobState), default=JobState.WAITING)
    progress: Mapped[int] = mapped_column(default=0)
    # Each claim is a number of its own: a worker that comes back after another one took over finishes nothing.
    attempt: Mapped[int] = mapped_column(default=0)
    because: Mapped[str] = mapped_column(String(30), default="")
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    gone_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(Text, default="")
    filename: Mapped[str] = mapped_column(String(200), default="")
    size_bytes: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    seal: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # What goes with the workbook, by format: SHA-256 and size.
    files: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    seq: Mapped[Seq]
    done_seq: Mapped[MaybeSeq]
