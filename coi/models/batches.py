"""Filings decided together: who began a batch, what is in it, what was drawn and opened, and what became of it; only added to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.disclosures import Disclosure, DisclosureVersion
from coi.models.people import Person
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq, codes
from coi.vocabulary import BatchAct, Outcome


class ReviewBatch(Model):
    """One batch: whose, what its filings have in common, and the seed by which its sample is drawn."""

    __tablename__ = "review_batches"

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    seed: Mapped[str] = mapped_column(String(64))
    once: Mapped[str] = mapped_column(String(80), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    by: Mapped[Person] = relationship()
    members: Mapped[list["BatchMember"]] = relationship(back_populates="batch", order_by="BatchMember.place")
    steps: Mapped[list["BatchStep"]] = relationship(order_by="BatchStep.id")
    samples: Mapped[list["BatchSample"]] = relationship(order_by="BatchSample.id")


class BatchMember(Model):
    """One filing of a batch in the version that it had, and its place in the order of the draw."""

    __tablename__ = "batch_members"
    __table_args__ = (
        UniqueConstraint("batch_id", "disclosure_id"),
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("by_id <> filer_id", name="nobody_has_their_own_in_a_batch"),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("review_batches.id"))
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    by_id: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"))
    place: Mapped[int]
    seq: Mapped[Seq]

    batch: Mapped[ReviewBatch] = relationship(back_populates="members")
    disclosure: Mapped[Disclosure] = relationship()
    version: Mapped[DisclosureVersion] = relationship()


class BatchSample(Model):
    """That a member was drawn: it must be opened and confirmed before the batch can be decided."""

    __tablename__ = "batch_samples"

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("review_batches.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("batch_members.id"), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]


class BatchStep(Model):
    """What became of a member or of the batch: taken out, looked at, left out; decided, stopped, undone."""

    __tablename__ = "batch_steps"
    __table_args__ = (
        UniqueConstraint("member_id", "step"),
        CheckConstraint(codes(BatchAct, "step"), name="batch_step_is_known"),
        CheckConstraint("step <> 'decided' OR outcome IN ('no_conflict', 'noted', 'exempt')", name="together_only_mild_outcomes"),
        CheckConstraint("step NOT IN ('expected', 'not_expected') OR read_seq IS NOT NULL", name="looked_at_means_opened"),
        Index(
            "ix_batch_steps_one_end",
            "batch_id",
            unique=True,
            postgresql_where=text("step IN ('decided', 'stopped')"),
            sqlite_where=text("step IN ('decided', 'stopped')"),
        ),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("review_batches.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("batch_members.id"))
    step: Mapped[BatchAct] = mapped_column(Code(BatchAct))
    because: Mapped[str] = mapped_column(String(40), default="")
    outcome: Mapped[Outcome | None] = mapped_column(Code(Outcome))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    read_seq: Mapped[MaybeSeq]
    seq: Mapped[Seq]
