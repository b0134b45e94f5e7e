"""Policies in versions, with the city's own files, and what each person said on signing them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.types import Code, Id, Moment, Seq
from coi.vocabulary import Receipt


class PolicyVersion(Model):
    """One version of a policy: its text in each language, from when, whom it binds (a condition of the profile)."""

    __tablename__ = "policy_versions"
    __table_args__ = (UniqueConstraint("policy_id", "version"),)

    id: Mapped[Id]
    policy_id: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[str] = mapped_column(String(40))
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    effective_on: Mapped[date]
    text: Mapped[dict[str, str]] = mapped_column(JSON)
    summary: Mapped[bool] = mapped_column(default=False)
    binds: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    seq: Mapped[Seq]


class PolicyReceipt(Model):
    """That a person received a policy version, perhaps with an objection in words, or declined to sign."""

    __tablename__ = "policy_receipts"
    __table_args__ = (Index("ix_policy_receipts_person_policy", "person_id", "policy_version_id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    disclosure_version_id: Mapped[int | None] = mapped_column(ForeignKey("disclosure_versions.id"), index=True)
    receipt: Mapped[Receipt] = mapped_column(Code(Receipt))
    objection: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5))
    seq: Mapped[Seq]

    policy_version: Mapped[PolicyVersion] = relationship()


class PolicyFile(Model):
    """The city's own PDF of a version, exactly as it was given; everybody may take it (U26)."""

    __tablename__ = "policy_files"
    __table_args__ = (UniqueConstraint("policy_version_id"),)

    id: Mapped[Id]
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    seq: Mapped[Seq]


class PolicyUpload(Model):
    """A text of the city that somebody put in; it becomes a version when a second person approves it, and not before."""

    __tablename__ = "policy_uploads"
    __table_args__ = (UniqueConstraint("reference"),)

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30))
    policy_id: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[str] = mapped_column(String(40))
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    effective_on: Mapped[date]
    text: Mapped[dict[str, str]] = mapped_column(JSON)
    binds: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    filename: Mapped[str] = mapped_column(String(200), default="")
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
