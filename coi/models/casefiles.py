"""Certified case files: which case, what for, asked and approved by whom, how far it is, and the signed proof of the file."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.disclosures import Disclosure
from coi.models.people import Person
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq, codes
from coi.vocabulary import CasePurpose, JobState


class CaseFile(Model):
    """One case as one file; on offer only when done, and only to who asked; `version` is the one that counted then (U63)."""

    __tablename__ = "case_files"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("approved_by_id <> asked_by_id", name="a_case_file_needs_two_persons"),
        CheckConstraint("asked_by_id <> filer_id AND approved_by_id <> filer_id", name="nobody_certifies_their_own"),
        CheckConstraint(codes(CasePurpose, "purpose"), name="purpose_is_known"),
        CheckConstraint("reason <> ''", name="a_case_file_has_its_reason"),
        CheckConstraint("state <> 'done' OR sha256 <> ''", name="done_has_its_hash"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    version: Mapped[int]
    purpose: Mapped[CasePurpose] = mapped_column(Code(CasePurpose))
    reason: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    request: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[JobState] = mapped_column(Code(JobState), default=JobState.WAITING)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(Text, default="")
    size_bytes: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    # The last entry of the log that the file holds.
    through: Mapped[int] = mapped_column(default=0)
    statement: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    seq: Mapped[Seq]
    done_seq: Mapped[MaybeSeq]

    disclosure: Mapped[Disclosure] = relationship(
        foreign_keys=[disclosure_id], viewonly=True, primaryjoin=disclosure_id == Disclosure.id
    )
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    approved_by: Mapped[Person] = relationship(foreign_keys=[approved_by_id])
