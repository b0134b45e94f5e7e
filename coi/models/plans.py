"""Management plans: what was laid down with a decision, what the filer said of it, what was done; rows that nobody can change."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.disclosures import Disclosure
from coi.models.people import Person
from coi.models.review import Decision
from coi.models.types import Code, Id, Moment, Seq, codes
from coi.vocabulary import Party, PlanAnswered, PlanStepKind


class Plan(Model):
    """What was laid down with one decision; `text` is exactly what the filer is shown, in both languages, as JSON."""

    __tablename__ = "plans"
    __table_args__ = (ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),)

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int] = mapped_column(index=True)
    rule: Mapped[str] = mapped_column(Text, default="")
    holds_from: Mapped[date | None]
    meanwhile: Mapped[str] = mapped_column(Text, default="")
    accept_by: Mapped[date]
    appeal_until: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    decision: Mapped[Decision] = relationship()
    disclosure: Mapped[Disclosure] = relationship(
        foreign_keys=[disclosure_id], viewonly=True, primaryjoin=disclosure_id == Disclosure.id
    )
    filer: Mapped[Person] = relationship(foreign_keys=[filer_id], viewonly=True, primaryjoin=filer_id == Person.id)
    conditions: Mapped[list["PlanCondition"]] = relationship(order_by="PlanCondition.number", back_populates="plan")
    answers: Mapped[list["PlanAnswer"]] = relationship(order_by="PlanAnswer.id")
    steps: Mapped[list["PlanStep"]] = relationship(order_by="PlanStep.id")


class PlanCondition(Model):
    """One condition: words, by when, by whom it is kept, how it is shown, who confirms; never who keeps it."""

    __tablename__ = "plan_conditions"
    __table_args__ = (
        CheckConstraint(codes(Party, "owner"), name="owner_is_known"),
        CheckConstraint("confirms IN ('supervisor', 'office', 'person')", name="confirms_is_known"),
        CheckConstraint("owner_id <> confirmer_id", name="nobody_confirms_their_own"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[dict[str, Any]] = mapped_column(JSON)
    proof: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_rule: Mapped[str] = mapped_column(String(60), default="")
    due_on: Mapped[date | None]
    owner: Mapped[Party] = mapped_column(Code(Party))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    confirms: Mapped[Party] = mapped_column(Code(Party))
    confirmer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    matter: Mapped[str] = mapped_column(Text, default="")
    party: Mapped[str] = mapped_column(String(500), default="")
    name_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    seq: Mapped[Seq]

    plan: Mapped[Plan] = relationship(back_populates="conditions")
    owned_by: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmer_id])
    handled_by: Mapped[Person | None] = relationship(foreign_keys=[name_id])


class PlanAnswer(Model):
    """What the filer said of the plan, a signed act about exactly that text; the newest counts."""

    __tablename__ = "plan_answers"
    __table_args__ = (
        CheckConstraint(codes(PlanAnswered, "answer"), name="answer_is_known"),
        CheckConstraint("answer = 'accepted' OR words <> ''", name="who_objects_or_declines_says_why"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    answer: Mapped[PlanAnswered] = mapped_column(Code(PlanAnswered))
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5))
    signed_name: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]


class PlanStep(Model):
    """What happened to a plan or one of its conditions: said, confirmed, sent back, reminded, reviewed, ended."""

    __tablename__ = "plan_steps"
    __table_args__ = (CheckConstraint(codes(PlanStepKind, "kind"), name="kind_is_known"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    condition_id: Mapped[int | None] = mapped_column(ForeignKey("plan_conditions.id"), index=True)
    kind: Mapped[PlanStepKind] = mapped_column(Code(PlanStepKind))
    words: Mapped[str] = mapped_column(Text, default="")
    about: Mapped[str] = mapped_column(String(40), default="")
    by: Mapped[str] = mapped_column(String(80))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    person: Mapped[Person | None] = relationship(foreign_keys=[by_id])


class StepAsideLink(Model):
    """Why somebody is in the register who did not enter it: a condition of a plan, or a filing that is still in review."""

    __tablename__ = "step_aside_links"
    __table_args__ = (CheckConstraint("(condition_id IS NULL) <> (disclosure_id IS NULL)", name="for_a_plan_or_for_a_review"),)

    id: Mapped[Id]
    step_aside_id: Mapped[int] = mapped_column(ForeignKey("step_asides.id"), unique=True)
    condition_id: Mapped[int | None] = mapped_column(ForeignKey("plan_conditions.id"), index=True)
    disclosure_id: Mapped[int | None] = mapped_column(ForeignKey("disclosures.id"), index=True)
    seq: Mapped[Seq]
