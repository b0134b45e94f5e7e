"""Samples that auditors drew: from what, by which seed, and what came out; nobody can change them afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coi.db import Model
from coi.models.types import Id, Moment, Seq


class AuditSample(Model):
    """One drawing: the same moment, filters, way and seed give the same references (docs/auditor.md)."""

    __tablename__ = "audit_samples"
    __table_args__ = (
        UniqueConstraint("drawn_by_id", "once"),
        CheckConstraint("size <= drawn_from AND size >= 1", name="a_sample_is_part_of_what_it_is_drawn_from"),
        CheckConstraint("way IN ('random', 'weighted')", name="a_sample_is_random_or_weighted"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    as_of: Mapped[str] = mapped_column(String(27))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    way: Mapped[str] = mapped_column(String(10))
    seed: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    drawn_from: Mapped[int]
    once: Mapped[str] = mapped_column(String(40))
    drawn_by: Mapped[str] = mapped_column(String(80))
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]


class AuditSampleRow(Model):
    """One filing of a sample, in the order in which they were drawn, with its review priority as of that moment."""

    __tablename__ = "audit_sample_rows"
    __table_args__ = (
        UniqueConstraint("sample_id", "place", name="one_place_each"),
        UniqueConstraint("sample_id", "reference", name="drawn_once"),
    )

    id: Mapped[Id]
    sample_id: Mapped[int] = mapped_column(ForeignKey("audit_samples.id"))
    place: Mapped[int]
    reference: Mapped[str] = mapped_column(String(30))
    priority: Mapped[str] = mapped_column(String(30), default="")
    seq: Mapped[Seq]
