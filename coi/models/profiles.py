"""The city's profile as it was loaded, version by version."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coi.db import Model
from coi.models.types import Id, Moment, Seq


class ProfileVersion(Model):
    """One load of a profile; the newest counts."""

    __tablename__ = "profile_versions"
    __table_args__ = (UniqueConstraint("name", "number"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]
