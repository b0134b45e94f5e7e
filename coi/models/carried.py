"""What a filer said of each entry of an earlier form when signing a later one; rows that nobody can change."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.disclosures import DisclosureVersion
from coi.models.types import Code, Id, Seq, codes
from coi.vocabulary import Carried


class CarriedEntry(Model):
    """One entry of `source`, as `version` says of it: still the same, changed, ended on a day, or told by mistake."""

    __tablename__ = "carried_entries"
    __table_args__ = (
        CheckConstraint(codes(Carried, "said"), name="said_is_known"),
        CheckConstraint("(said = 'ended') = (ended_on IS NOT NULL)", name="ended_has_its_day"),
        UniqueConstraint("version_id", "question_id", "entry_key"),
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"), index=True)
    question_id: Mapped[str] = mapped_column(String(80))
    entry_key: Mapped[str] = mapped_column(String(64))
    said: Mapped[Carried] = mapped_column(Code(Carried))
    ended_on: Mapped[date | None]
    seq: Mapped[Seq]

    source: Mapped[DisclosureVersion] = relationship(foreign_keys=[source_id])
