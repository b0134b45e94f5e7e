"""By what the queue finds filings: words, departments, kinds, flags, each in the queue's order; a cache and no record."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from coi.db import Model
from coi.models.types import Moment

# Bytes decide the order, not a language: only so the words that begin alike stand side by side on both engines.
PLAIN = String(120).with_variant(String(120, collation="C"), "postgresql")


class QueueMark(Model):
    """One thing by which a signed filing is found, such as `name:ruiz` or `kind:gift`; lane 0 is open, 1 decided, 2 withdrawn.

    Lane, rank and day are copies of the filing's own, so that one look-up gives the filings of a mark in the queue's order.
    """

    __tablename__ = "queue_marks"
    __table_args__ = (
        Index("ix_queue_marks_disclosure_id_mark", "disclosure_id", "mark"),
        {"sqlite_with_rowid": False},
    )

    mark: Mapped[str] = mapped_column(PLAIN, primary_key=True)
    lane: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(
        ForeignKey("disclosures.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
