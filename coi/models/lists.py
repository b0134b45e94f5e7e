"""Outside lists that answers are compared with: vendors, their contracts, any other list a city loads."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coi.db import Model
from coi.models.types import Id, MaybeSeq, Moment, Seq


class ListLoad(Model):
    """One load of one list; a list that was never loaded is said to be not checked."""

    __tablename__ = "list_loads"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]


class ListRecord(Model):
    """One name of a list, with its attributes and other names."""

    __tablename__ = "list_records"
    __table_args__ = (Index("ix_list_records_list_normal", "list_name", "normal"),)

    id: Mapped[Id]
    list_name: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(60), default="")
    name: Mapped[str] = mapped_column(String(500))
    normal: Mapped[str] = mapped_column(String(500))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seq: Mapped[Seq]
    ended_seq: Mapped[MaybeSeq]


class Contract(Model):
    """One contract of the city with a vendor of the list."""

    __tablename__ = "contracts"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(60), index=True)
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey("list_records.id"), index=True)
    vendor: Mapped[str] = mapped_column(String(500))
    # Whom it is with, also where no vendor list has the name: as in InterestMatch; a cache as vendor_id is.
    vendor_key: Mapped[str] = mapped_column(String(500), default="", server_default="", index=True)
    department: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    seq: Mapped[Seq]
    ended_seq: Mapped[MaybeSeq]
