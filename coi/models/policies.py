"""Policies in versions, and what each person said on signing them."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.types import Code, Id, Seq
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
