"""The final body: covers, declarations, meetings, motions and votes; every row dated, none changed, none about one's own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.ballots import Ballot, MotionKind
from coi.db import Model
from coi.models.disclosures import Disclosure
from coi.models.people import Person
from coi.models.review import Decision
from coi.models.types import Code, Id, Moment, Seq, codes
from coi.vocabulary import Outcome


class BodyCover(Model):
    """The text with which a case was sent to the final body: the issue, what is recommended, draft conditions."""

    __tablename__ = "body_covers"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("by_id <> filer_id", name="nobody_sends_their_own_to_the_body"),
    )

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"))
    issue: Mapped[str] = mapped_column(Text)
    outcome: Mapped[Outcome] = mapped_column(Code(Outcome))
    reasoning: Mapped[str] = mapped_column(Text)
    conditions: Mapped[list[Any]] = mapped_column(JSON, default=list)
    # The plan as the editor holds it, and the rule, the day and what goes on meanwhile: the form of the motion starts from them.
    plan: Mapped[list[Any]] = mapped_column(JSON, server_default="[]", default=list)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}", default=dict)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class BodyDeclaration(Model):
    """What a member, or the recorder, said before opening the packet of one signed version: no conflict, or one and why."""

    __tablename__ = "body_declarations"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint("person_id <> filer_id", name="nobody_declares_on_their_own"),
        CheckConstraint("NOT conflict OR reason <> ''", name="a_conflict_has_its_reason"),
    )

    id: Mapped[Id]
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    conflict: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Meeting(Model):
    """A meeting of the final body; what was written of it stands in its records, the newest one counts."""

    __tablename__ = "meetings"

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    records: Mapped[list["MeetingRecord"]] = relationship(order_by="MeetingRecord.id")
    motions: Mapped[list["Motion"]] = relationship(order_by="Motion.id")


class MeetingRecord(Model):
    """When the body met, where the minutes are, who was present; a later record corrects an earlier one with its reason."""

    __tablename__ = "meeting_records"

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    held_on: Mapped[date]
    minutes: Mapped[str] = mapped_column(String(200))
    present: Mapped[list[Any]] = mapped_column(JSON)
    because: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    by: Mapped[Person] = relationship()


class Motion(Model):
    """One motion on one case: who moved and seconded it, what it states, how it went; a correction is a row of its own."""

    __tablename__ = "motions"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"]),
        CheckConstraint(codes(MotionKind, "kind"), name="motion_kind_is_known"),
        CheckConstraint("recorded_by_id <> filer_id", name="nobody_records_their_own"),
        CheckConstraint("mover_id <> filer_id AND seconder_id <> filer_id", name="nobody_moves_their_own"),
        CheckConstraint("mover_id <> seconder_id", name="mover_and_seconder_are_two"),
        CheckConstraint("counted >= quorum", name="no_motion_below_the_quorum"),
        CheckConstraint("carried = (yes > no)", name="carried_by_more_yes_than_no"),
        CheckConstraint("kind <> 'decide' OR outcome IS NOT NULL", name="a_decision_states_its_outcome"),
        CheckConstraint("decision_id IS NULL OR carried", name="only_what_carried_decides"),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    name: Mapped[str] = mapped_column(String(30), index=True)
    disclosure_id: Mapped[int] = mapped_column(index=True)
    filer_id: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("disclosure_versions.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    kind: Mapped[MotionKind] = mapped_column(Code(MotionKind))
    text: Mapped[str] = mapped_column(Text)
    mover_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    seconder_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[Outcome | None] = mapped_column(Code(Outcome))
    yes: Mapped[int]
    no: Mapped[int]
    abstained: Mapped[int]
    recused: Mapped[int]
    counted: Mapped[int]
    quorum: Mapped[int]
    carried: Mapped[bool]
    because: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[Seq]

    meeting: Mapped[Meeting] = relationship(back_populates="motions")
    disclosure: Mapped[Disclosure] = relationship(foreign_keys=[disclosure_id])
    decision: Mapped[Decision | None] = relationship(back_populates="motions")
    mover: Mapped[Person] = relationship(foreign_keys=[mover_id])
    seconder: Mapped[Person] = relationship(foreign_keys=[seconder_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])
    votes: Mapped[list["Vote"]] = relationship(order_by="Vote.id")


class Vote(Model):
    """How one member voted on one motion; the filer and who recommended have no vote (SD1, SD5)."""

    __tablename__ = "votes"
    __table_args__ = (
        UniqueConstraint("motion_id", "member_id"),
        CheckConstraint(codes(Ballot, "ballot"), name="ballot_is_known"),
        CheckConstraint("member_id <> filer_id", name="nobody_votes_on_their_own"),
        CheckConstraint(
            "ballot = 'recused' OR recommended_by_id IS NULL OR member_id <> recommended_by_id",
            name="who_recommended_does_not_vote",
        ),
        CheckConstraint("ballot <> 'abstains' OR reason <> ''", name="an_abstention_has_its_reason"),
    )

    id: Mapped[Id]
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"), index=True)
    filer_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recommended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ballot: Mapped[Ballot] = mapped_column(Code(Ballot))
    reason: Mapped[str] = mapped_column(Text, default="")
    seq: Mapped[Seq]

    member: Mapped[Person] = relationship(foreign_keys=[member_id])
