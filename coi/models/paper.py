"""Paper forms typed in by the office for one person, and the names with which people confirm what was typed in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.campaigns import Obligation
from coi.models.disclosures import Disclosure
from coi.models.people import Person
from coi.models.questionnaires import Questionnaire
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq
from coi.vocabulary import Kind


class PaperForm(Model):
    """One paper form: who typed it for whom, what stands on it, and the filing that it became."""

    __tablename__ = "paper_forms"
    __table_args__ = (CheckConstraint("clerk_id <> person_id", name="nobody_types_their_own"),)

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    clerk_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    obligation_id: Mapped[int | None] = mapped_column(ForeignKey("obligations.id"), index=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    disclosure_id: Mapped[int | None] = mapped_column(ForeignKey("disclosures.id"), index=True)
    kind: Mapped[Kind] = mapped_column(Code(Kind))
    reporting_year: Mapped[int]
    language: Mapped[str] = mapped_column(String(5))
    received_on: Mapped[date]
    helped: Mapped[str] = mapped_column(String(200), default="")
    signed_name: Mapped[str] = mapped_column(String(200), default="")
    signed_on: Mapped[date | None]
    filer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    policies: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime] = mapped_column(Moment)
    saved_at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
    filed_seq: Mapped[MaybeSeq]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    clerk: Mapped[Person] = relationship(foreign_keys=[clerk_id])
    obligation: Mapped[Obligation | None] = relationship()
    questionnaire: Mapped[Questionnaire] = relationship()
    disclosure: Mapped[Disclosure | None] = relationship()


class Confirmation(Model):
    """The name with which a person confirmed a version that the office typed in; never changed."""

    __tablename__ = "confirmations"

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"), unique=True)
    typed_name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    method: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
