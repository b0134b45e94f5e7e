"""Review: who has a case and why, what was asked, recommended and decided; every row dated by its audit entry."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.disclosures import DisclosureVersion
from coi.models.people import Person
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq, codes
from coi.vocabulary import MessageKind, Outcome

if TYPE_CHECKING:
    from coi.models.meetings import Motion
    from coi.models.seals import Referral


class Assignment(Model):
    """That a case lies at a desk, with a reviewer or with nobody free; the reviewer is never the filer (SD1)."""

    __tablename__ = "assignments"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("reviewer_id <> filer_id", name="nobody_is_assigned_their_own"),
        Index(
            "ix_assignments_one_open",
            "disclosure_id",
            unique=True,
            postgresql_where=text("ended_seq IS NULL"),
            sqlite_where=text("ended_seq IS NULL"),
        ),
        # How many a reviewer has, and when the newest came: asked at every signing.
        Index("ix_assignments_reviewer_at", "reviewer_id", "at"),
        Index(
            "ix_assignments_reviewer_open",
            "reviewer_id",
            postgresql_where=text("ended_seq IS NULL"),
            sqlite_where=text("ended_seq IS NULL"),
        ),
    )

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    desk: Mapped[str] = mapped_column(String(40))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    because: Mapped[str] = mapped_column(String(300))
    # Codes why candidates were passed over: for senior officers free of conflict only (U10).
    passed_over: Mapped[list[Any]] = mapped_column(JSON, default=list)
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    ended_seq: Mapped[MaybeSeq]
    ended_because: Mapped[str] = mapped_column(String(40), default="")

    reviewer: Mapped[Person | None] = relationship(foreign_keys=[reviewer_id])


class Recusal(Model):
    """That a reviewer stepped out of a case, with the reason in words."""

    __tablename__ = "recusals"
    __table_args__ = (UniqueConstraint("disclosure_id", "reviewer_id"),)

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    # One of the reasons offered; empty where the reviewer only used words.
    kind: Mapped[str] = mapped_column(String(30), default="", server_default="")
    reason: Mapped[str] = mapped_column(Text)
    seq: Mapped[Seq]


class Message(Model):
    """One message of a case: a question to the filer, an answer, an internal note."""

    __tablename__ = "messages"

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
    number: Mapped[int]
    kind: Mapped[MessageKind] = mapped_column(Code(MessageKind))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    question_id: Mapped[str] = mapped_column(String(80), default="")
    entry_key: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    author: Mapped[Person] = relationship()


class Recommendation(Model):
    """What a reviewer recommends to the second person."""

    __tablename__ = "recommendations"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("by_id <> filer_id", name="nobody_recommends_on_their_own"),
        Index(
            "ix_recommendations_standing_by",
            "by_id",
            postgresql_where=text("ended_seq IS NULL"),
            sqlite_where=text("ended_seq IS NULL"),
        ),
    )

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"))
    outcome: Mapped[Outcome] = mapped_column(Code(Outcome))
    reasoning: Mapped[str] = mapped_column(Text)
    conditions: Mapped[list[Any]] = mapped_column(JSON, default=list)
    # The draft plan as the editor holds it: the second person's form starts from it.
    plan: Mapped[list[Any]] = mapped_column(JSON, server_default="[]", default=list)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    ended_seq: Mapped[MaybeSeq]

    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class Decision(Model):
    """What was decided about exactly one signed version, by whom; never by the filer, never by who recommended it (SD1, SD5)."""

    __tablename__ = "decisions"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint(codes(Outcome, "outcome"), name="outcome_is_known"),
        CheckConstraint("by_id <> filer_id", name="nobody_decides_their_own"),
        CheckConstraint("by_id <> recommended_by_id", name="who_recommended_does_not_decide"),
        CheckConstraint("by_id IS NOT NULL OR rule <> ''", name="decided_by_somebody_or_by_rule"),
        CheckConstraint(
            "outcome IN ('no_conflict', 'noted', 'exempt') OR recommended_by_id IS NOT NULL OR second_hand "
            "OR (outcome = 'managed' AND managed_alone)",
            name="severe_outcomes_have_two_people",
        ),
        Index("ix_decisions_by_at", "by_id", "at"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"))
    outcome: Mapped[Outcome] = mapped_column(Code(Outcome))
    reason_for_filer: Mapped[str] = mapped_column(Text)
    internal_reasoning: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[list[Any]] = mapped_column(JSON, default=list)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    recommended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    second_hand: Mapped[bool] = mapped_column(default=False)
    # The profile let its reviewer lay down conditions of the library without a second person.
    managed_alone: Mapped[bool] = mapped_column(server_default=false(), default=False)
    rule: Mapped[str] = mapped_column(String(80), default="")
    was: Mapped[str] = mapped_column(String(20), default="in_review")
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    undone_seq: Mapped[MaybeSeq]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("review_batches.id"), index=True)

    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])
    recommended_by: Mapped[Person | None] = relationship(foreign_keys=[recommended_by_id])
    version: Mapped[DisclosureVersion] = relationship()
    interests: Mapped[list["InterestDecision"]] = relationship()
    motions: Mapped[list["Motion"]] = relationship(back_populates="decision", order_by="Motion.id")
    referral: Mapped["Referral | None"] = relationship(back_populates="decision")

    @property
    def motion(self) -> "Motion | None":
        """The motion of the final body that decided it, as it stands after corrections; `by` then is who recorded it."""
        return self.motions[-1] if self.motions else None


class InterestDecision(Model):
    """The outcome of one interest within a decision."""

    __tablename__ = "interest_decisions"
    __table_args__ = (UniqueConstraint("decision_id", "interest_id"),)

    id: Mapped[Id]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    interest_id: Mapped[int] = mapped_column(ForeignKey("interests.id"))
    outcome: Mapped[Outcome] = mapped_column(Code(Outcome))
    seq: Mapped[Seq]
