"""Duties kept apart: who stands in for whom and until when, what auditors may read for a time, too few officers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.people import Absence, Person
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq, codes
from coi.vocabulary import TooFewOf, WhileAway


class AbsencePlan(Model):
    """What becomes of somebody's open cases while they are away, and who said so; written once, with the absence."""

    __tablename__ = "absence_plans"
    __table_args__ = (
        CheckConstraint(codes(WhileAway, "cases"), name="what_becomes_of_the_cases_is_known"),
        CheckConstraint("(cases = 'delegate') = (delegate_id IS NOT NULL)", name="a_colleague_is_named_when_one_stands_in"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    absence_id: Mapped[int] = mapped_column(ForeignKey("absences.id"), unique=True)
    cases: Mapped[WhileAway] = mapped_column(Code(WhileAway))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    absence: Mapped[Absence] = relationship()
    delegate: Mapped[Person | None] = relationship()


class Delegation(Model):
    """That a colleague stands in on one case for its reviewer from a day to a day; never the filer, never the reviewer (SD1)."""

    __tablename__ = "delegations"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("delegate_id <> filer_id", name="nobody_stands_in_on_their_own"),
        CheckConstraint("delegate_id <> reviewer_id", name="nobody_stands_in_for_themselves"),
        CheckConstraint("since <= until", name="standing_in_begins_before_it_ends"),
        Index(
            "ix_delegations_one_standing",
            "disclosure_id",
            unique=True,
            postgresql_where=text("ended_seq IS NULL"),
            sqlite_where=text("ended_seq IS NULL"),
        ),
    )

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    absence_id: Mapped[int] = mapped_column(ForeignKey("absences.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    since: Mapped[date]
    until: Mapped[date]
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    ended_seq: Mapped[MaybeSeq]
    ended_because: Mapped[str] = mapped_column(String(40), default="")

    reviewer: Mapped[Person] = relationship(foreign_keys=[reviewer_id])
    delegate: Mapped[Person] = relationship(foreign_keys=[delegate_id])


class ReadGrant(Model):
    """That an auditor may read all of one filing for a time: asked by one, approved by another, never by the filer (SD8)."""

    __tablename__ = "read_grants"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("auditor_id <> filer_id", name="nobody_audits_their_own"),
        CheckConstraint("asked_by_id <> approved_by_id", name="two_people_open_it"),
        CheckConstraint("asked_by_id <> filer_id AND approved_by_id <> filer_id", name="nobody_opens_their_own"),
        CheckConstraint("starts_on <= ends_on", name="a_grant_begins_before_it_ends"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    auditor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    request: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    auditor: Mapped[Person] = relationship(foreign_keys=[auditor_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    approved_by: Mapped[Person] = relationship(foreign_keys=[approved_by_id])


class TooFew(Model):
    """That there were too few people for two to look, or no alternate, from one entry on until another (SD4, SD12)."""

    __tablename__ = "too_few"
    __table_args__ = (
        CheckConstraint(codes(TooFewOf, "what"), name="of_whom_is_known"),
        Index(
            "ix_too_few_one_standing",
            "what",
            unique=True,
            postgresql_where=text("ended_seq IS NULL"),
            sqlite_where=text("ended_seq IS NULL"),
        ),
    )

    id: Mapped[Id]
    what: Mapped[TooFewOf] = mapped_column(Code(TooFewOf))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    ended_seq: Mapped[MaybeSeq]
