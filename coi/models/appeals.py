"""Appeals of decisions and what answered them: one a decision, never decided by who decided first; no row is ever changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.people import Person
from coi.models.review import Decision
from coi.models.types import Code, Id, Moment, Seq, codes
from coi.vocabulary import AppealEffect


class Appeal(Model):
    """That the filer appealed one decision, in their own words; `until` was the last day for it.

    `decided_by_id` and `recommended_by_id`: who decides it no more; nobody where the final body decided (`to_body`).
    """

    __tablename__ = "appeals"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("reason <> ''", name="who_appeals_says_why"),
        CheckConstraint("NOT to_body OR decided_by_id IS NULL", name="a_body_looks_at_its_own_again"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    recommended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    to_body: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(5))
    until: Mapped[date]
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    decision: Mapped[Decision] = relationship()
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    answers: Mapped[list["AppealAnswer"]] = relationship(order_by="AppealAnswer.id", back_populates="appeal")
    rest: Mapped["AppealRest | None"] = relationship(back_populates="appeal")


class AppealRest(Model):
    """That what was decided binds nobody until the appeal is decided, by who has the appeal and why; over by itself with it."""

    __tablename__ = "appeal_rests"
    __table_args__ = (
        CheckConstraint("by_id <> filer_id", name="nobody_lets_their_own_rest"),
        CheckConstraint("by_id <> first_by_id", name="who_decided_does_not_let_it_rest"),
        CheckConstraint("reason <> ''", name="who_lets_it_rest_says_why"),
    )

    id: Mapped[Id]
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeals.id"), unique=True)
    filer_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    first_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    appeal: Mapped[Appeal] = relationship(back_populates="rest")
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class AppealAnswer(Model):
    """Which decision answered an appeal, and whether it left things as they were; an undone one is followed by another."""

    __tablename__ = "appeal_answers"
    __table_args__ = (
        CheckConstraint(codes(AppealEffect, "effect"), name="effect_is_known"),
        CheckConstraint("by_id <> first_by_id", name="who_decided_does_not_decide_the_appeal"),
        CheckConstraint("by_id <> first_recommended_by_id", name="who_recommended_does_not_decide_the_appeal"),
    )

    id: Mapped[Id]
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeals.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    effect: Mapped[AppealEffect] = mapped_column(Code(AppealEffect))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    first_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    first_recommended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    appeal: Mapped[Appeal] = relationship(back_populates="answers")
    decision: Mapped[Decision] = relationship()
