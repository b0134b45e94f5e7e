"""Questions of fact to a supervisor with their answers, and legal advice that its solicitor let go; rows that nobody rewrites."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.disclosures import Disclosure
from coi.models.people import Person
from coi.models.types import Id, MaybeSeq, Moment, Seq

OPEN = text("closed_seq IS NULL")


class SupervisorQuestion(Model):
    """One question of fact to the filer's supervisor (U47); open until it is answered or taken back, one of a case at a time."""

    __tablename__ = "supervisor_questions"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("supervisor_id <> filer_id", name="nobody_is_asked_about_themselves"),
        CheckConstraint("supervisor_id <> asked_by_id", name="nobody_asks_themselves"),
        CheckConstraint("asked_by_id <> filer_id", name="nobody_asks_about_their_own"),
        Index("ix_supervisor_questions_one_open", "disclosure_id", unique=True, postgresql_where=OPEN, sqlite_where=OPEN),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    # The entry that ended it: the answer's, or the one that took the question back.
    closed_seq: Mapped[MaybeSeq]

    disclosure: Mapped[Disclosure] = relationship(viewonly=True)
    supervisor: Mapped[Person] = relationship(foreign_keys=[supervisor_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    end: Mapped["SupervisorAnswer | None"] = relationship(back_populates="question")

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for the answer."""
        return self.closed_seq is None


class SupervisorAnswer(Model):
    """What ended a question to a supervisor: the answer, or that the office took it back and why; `answered` tells which."""

    __tablename__ = "supervisor_answers"
    __table_args__ = (UniqueConstraint("question_id"),)

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("supervisor_questions.id"))
    answered: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    by: Mapped[Person] = relationship()
    question: Mapped[SupervisorQuestion] = relationship(back_populates="end")


class AdviceRelease(Model):
    """That a solicitor let one piece of legal advice into the case file, with the reason (U46)."""

    __tablename__ = "advice_releases"
    __table_args__ = (UniqueConstraint("message_id"),)

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    by: Mapped[Person] = relationship()
