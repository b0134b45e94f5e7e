"""Published versions of forms; a published version never changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coi.db import Model
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
