"""Motions of the final body: entered with every vote, carried out at once, corrected by a row of their own; never overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.ballots import Ballot, MotionKind
from coi.db import db
from coi.disclosures.facts import facts_for
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.meetings import queries
from coi.models import Disclosure, Meeting, Motion, Vote
from coi.plans.drafting import Draft, Terms
from coi.review import decisions
from coi.review.actions import hand_back
from coi.review.decisions import take
from coi.review.queries import ONE_PRESS
from coi.review.referring import ReferTo
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Event, Outcome

NOT_YOURS = _l("You may not do this.")


@dataclass(frozen=True)
class Moved:
    """One motion as the recorder writes it down; `ballots` holds each member's vote with the reason, by person id.

    `plan` holds the rows of the editor, `conditions` codes or own words beside them, `terms` the rule, the day, what goes on.
    """

    kind: MotionKind
    text: str
    mover_id: int
    seconder_id: int
    ballots: Mapping[int, tuple[Ballot, str]]
    outcome: Outcome | None = None
    reason: str = ""
    internal: str = ""
    conditions: list[str] = field(default_factory=list)
    interests: Mapping[int, Outcome] = field(default_factory=dict)
    referral: ReferTo | None = None
    plan: Sequence[Draft] = ()
    terms: Terms = field(default_factory=Terms)


def enter_motion(
    held: Meeting, disclosure: Disclosure, moved: Moved, actor: Actor, now: datetime, *, version: int, state: str
) -> Motion:
    """Enters a motion on a case before the body; one that carries decides the case or sends it back.

    Refused below the quorum, for the vote of a member with a conflict or of who recommended, for an abstention without a
    reason, and to a recorder with a conflict of the own (SD1, SD5, PROFILE "Final body").
    """
    _hold_the_book(held)
    again = _moved_just_now(held, disclosure, moved, actor, now)
    if again is not None:
        return again
    take(disclosure, version, state)
    facts = facts_for(disclosure, actor)
    if not allows(actor, Permission.RECORD_MOTION, facts):
        raise NotPossible(NOT_YOURS)
    if moved.kind is MotionKind.DECIDE and moved.outcome is None:
        raise Refused(_l("Choose the outcome that the motion states."), "outcome")
    if not moved.reason.strip():
        raise Refused(_l("Write the reason."), "reason")
    counted, votes = _counted(held, disclosure, moved)
    signed = queries.signed(disclosure)
    decision_id = None
    if _carried(votes):
        decision_id = _carry_out(disclosure, moved, actor, now, version=version, state=state)
    return _write(
        held,
        actor,
        now,
        moved,
        votes,
        counted=counted,
        name=_next_name(held),
        disclosure=disclosure,
        version_id=signed.id,
        decision_id=decision_id,
        recommended_by_id=facts.recommended_by_id,
    )


def _carry_out(disclosure: Disclosure, moved: Moved, actor: Actor, now: datetime, *, version: int, state: str) -> int | None:
    """What a motion that carried does with the case; returns the decision's id."""
    if moved.kind is MotionKind.SEND_BACK or moved.outcome is None:
        hand_back(disclosure, moved.reason, actor, now, version=version, state=state)
        return None
    made = decisions.decide(
        disclosure,
        moved.outcome,
        moved.reason,
        moved.internal,
        actor,
        now,
        version=version,
        state=state,
        interests=moved.interests,
        conditions=moved.conditions,
        plan=moved.plan,
        terms=moved.terms,
        referral=moved.referral,
    )
    return made.id


def correct_motion(motion: Motion, moved: Moved, because: str, actor: Actor, now: datetime) -> Motion:
    """Writes a motion down anew, with why; its outcome and whether it carried stay: those are undone or reopened."""
    held, disclosure = motion.meeting, motion.disclosure
    _hold_the_book(held)
    newest = queries.history(held, motion.name)[-1]
    if newest.id != motion.id:
        raise SomebodyWasFaster(_l("This motion was corrected meanwhile. Your text is kept."))
    if not allows(actor, Permission.CORRECT_MOTION, facts_for(disclosure, actor)):
        raise NotPossible(NOT_YOURS)
    if not because.strip():
        raise Refused(_l("Write why it is corrected."), "because")
    moved = replace(moved, kind=motion.kind, outcome=motion.outcome)
    counted, votes = _counted(held, disclosure, moved, motion)
    if _carried(votes) != motion.carried:
        raise Refused(
            _l("With these votes the motion would have gone the other way. Undo the decision, or have the case reopened."),
            "text",
        )
    recommended = {vote.recommended_by_id for vote in motion.votes} - {None}
    return _write(
        held,
        actor,
        now,
        moved,
        votes,
        counted=counted,
        name=motion.name,
        disclosure=disclosure,
        version_id=motion.version_id,
        decision_id=motion.decision_id,
        recommended_by_id=next(iter(recommended), None),
        because=because,
    )


def _hold_the_book(held: Meeting) -> None:
    """One motion is written at a time, in whatever meeting: names count through the month, and two never get the same."""
    db.session.execute(select(Meeting.id).order_by(Meeting.id).with_for_update())
    db.session.refresh(held)


def _moved_just_now(held: Meeting, disclosure: Disclosure, moved: Moved, actor: Actor, now: datetime) -> Motion | None:
    """The same motion a moment ago: one button pressed twice."""
    rows = select(Motion).where(Motion.meeting_id == held.id, Motion.disclosure_id == disclosure.id).order_by(Motion.id.desc())
    newest = db.session.scalar(rows.limit(1))
    if newest is None or now - newest.at >= ONE_PRESS or newest.recorded_by_id != actor.person_id:
        return None
    return newest if (newest.text, newest.kind) == (moved.text, moved.kind) else None


def _counted(
    held: Meeting, disclosure: Disclosure, moved: Moved, before: Motion | None = None
) -> tuple[int, dict[int, tuple[Ballot, str]]]:
    """How many members count, and every member's vote; raises Refused for what can't be so."""
    there = queries.record_of(held)
    cast: dict[int, tuple[Ballot, str]] = {}
    counting: set[int] = set()
    # Who had a vote when it was taken had it, whatever came to be known since.
    had_a_vote = {one.member_id for one in before.votes if one.ballot is not Ballot.RECUSED} if before is not None else set()
    for member in queries.seated(disclosure, there.held_on, there.present):
        number = member.person.id
        if number not in there.present:
            continue
        out = not member.counts and number not in had_a_vote
        ballot, reason = moved.ballots.get(number, (None, ""))
        if out and ballot not in (None, Ballot.RECUSED):
            raise Refused(
                _l("%(name)s has a conflict with this case and has no vote.", name=member.person.name), f"vote_{number}"
            )
        ballot = Ballot.RECUSED if out else ballot
        if ballot is None:
            raise Refused(_l("Choose how %(name)s voted.", name=member.person.name), f"vote_{number}")
        if ballot is Ballot.ABSTAINS and not reason.strip():
            raise Refused(_l("Write why %(name)s abstained.", name=member.person.name), f"why_{number}")
        cast[number] = (ballot, reason)
        counting |= {number} if ballot is not Ballot.RECUSED else set()
    if len(counting) < queries.quorum():
        raise Refused(
            _l(
                "No quorum: %(count)s members without a conflict were present, and %(quorum)s are needed. "
                "The body could not decide this case at this meeting.",
                count=len(counting),
                quorum=queries.quorum(),
            )
        )
    for name, number in (("mover", moved.mover_id), ("seconder", moved.seconder_id)):
        if number not in counting:
            raise Refused(_l("Choose a member who was present and has no conflict."), name)
    if moved.mover_id == moved.seconder_id:
        raise Refused(_l("Another member seconds a motion."), "seconder")
    return len(counting), cast


def _carried(votes: Mapping[int, tuple[Ballot, str]]) -> bool:
    """More yes than no: an abstention is neither."""
    said = [ballot for ballot, _reason in votes.values()]
    return said.count(Ballot.YES) > said.count(Ballot.NO)


def _next_name(held: Meeting) -> str:
    """Year and month of the meeting and the next number, such as 2026-07-3."""
    month = f"{queries.record_of(held).held_on:%Y-%m}-"
    taken = set(db.session.scalars(select(Motion.name).where(Motion.name.startswith(month))))
    return f"{month}{max((int(one.rpartition('-')[2]) for one in taken), default=0) + 1}"


def _write(
    held: Meeting,
    actor: Actor,
    now: datetime,
    moved: Moved,
    votes: Mapping[int, tuple[Ballot, str]],
    *,
    counted: int,
    name: str,
    disclosure: Disclosure,
    version_id: int,
    decision_id: int | None,
    recommended_by_id: int | None,
    because: str = "",
) -> Motion:
    said = [ballot for ballot, _reason in votes.values()]
    tally = {"yes": said.count(Ballot.YES), "no": said.count(Ballot.NO)}
    tally |= {"abstained": said.count(Ballot.ABSTAINS), "recused": said.count(Ballot.RECUSED)}
    told: dict[str, Any] = {**tally, "carried": _carried(votes)}
    seq = record(
        Event.MOTION_ENTERED,
        actor,
        f"meeting:{held.reference}",
        now,
        motion=name,
        disclosure=disclosure.reference,
        version=disclosure.version,
        kind=moved.kind.value,
        outcome=moved.outcome.value if moved.outcome else "",
        text=sha256(moved.text),
        because=sha256(because) if because else "",
        **told,
    )
    made = Motion(
        name=name,
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        version_id=version_id,
        decision_id=decision_id,
        kind=moved.kind,
        text=moved.text,
        mover_id=moved.mover_id,
        seconder_id=moved.seconder_id,
        outcome=moved.outcome,
        counted=counted,
        quorum=queries.quorum(),
        because=because,
        recorded_by_id=actor.person_id,
        at=now,
        seq=seq,
        **told,
    )
    made.votes = [
        Vote(
            filer_id=disclosure.filer_id,
            member_id=number,
            recommended_by_id=recommended_by_id,
            ballot=ballot,
            reason=reason,
            seq=seq,
        )
        for number, (ballot, reason) in votes.items()
    ]
    held.motions.append(made)
    db.session.flush()
    return made
