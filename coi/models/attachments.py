"""Papers that people add to an entry, and scans of paper forms: what each file is, where it lies, which signature covers it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.disclosures import Disclosure
from coi.models.types import Id, Moment, Seq


class Attachment(Model):
    """One uploaded file, kept under a random name; `filename` is what its sender called it, for reading only.

    `paper` is the paper form whose scan it is; such a one has no filing until the paper is filed, and belongs to no entry.
    """

    __tablename__ = "attachments"
    __table_args__ = (CheckConstraint("disclosure_id IS NOT NULL OR paper <> ''", name="belongs_to_something"),)

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    disclosure_id: Mapped[int | None] = mapped_column(ForeignKey("disclosures.id"), index=True)
    paper: Mapped[str] = mapped_column(String(30), default="", index=True)
    question_id: Mapped[str] = mapped_column(String(80), default="")
    entry_key: Mapped[str] = mapped_column(String(40), default="")
    filename: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    stored: Mapped[str] = mapped_column(String(60), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    scan: Mapped[str] = mapped_column(String(20), default="")
    in_draft: Mapped[bool] = mapped_column(default=True)
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    disclosure: Mapped[Disclosure | None] = relationship()


class SignedAttachment(Model):
    """That one signature covers one file, beside the entry where it stood; never changed, never deleted."""

    __tablename__ = "signed_attachments"
    __table_args__ = (UniqueConstraint("version_id", "attachment_id"),)

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"), index=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachments.id"), index=True)
    seq: Mapped[Seq]

    attachment: Mapped[Attachment] = relationship()
