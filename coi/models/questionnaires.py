"""Forms: versions, which never change; what is being written; what a form is used for; drafts that moved to a new version."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.people import Person
from coi.models.types import Id, Moment, Seq


class Questionnaire(Model):
    """One published version of a form, with the whole of its data."""

    __tablename__ = "questionnaires"
    __table_args__ = (UniqueConstraint("form_id", "number"),)

    id: Mapped[Id]
    form_id: Mapped[str] = mapped_column(String(80), index=True)
    number: Mapped[int]
    version: Mapped[str] = mapped_column(String(200))
    change: Mapped[str] = mapped_column(String(10), default="content")
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]


class QuestionnaireDraft(Model):
    """A form that is being written: its text as it was typed or uploaded, also while it has errors."""

    __tablename__ = "questionnaire_drafts"

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    form_id: Mapped[str] = mapped_column(String(80), default="", index=True)  # empty while the text can't be read
    name: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    errors: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Moment)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    seq: Mapped[Seq]

    saved_by: Mapped[Person] = relationship()


class FormUsed(Model):
    """For which kinds of filing a form is used besides what the profile says, and of whom; the newest row of a form counts."""

    __tablename__ = "form_uses"

    id: Mapped[Id]
    form_id: Mapped[str] = mapped_column(String(80), index=True)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    whom: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]


class DraftMove(Model):
    """That a filer's draft went over to a corrected form, with the answers that the new form does not ask."""

    __tablename__ = "draft_moves"

    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), index=True)
    origin_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    aside: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seq: Mapped[Seq]
