"""Writes of filings decided together: begun, drawn, opened and confirmed one by one, decided at once, undone; never half."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import is_with_a_stand_in, stands_in, to_the_body
from coi.disclosures.move import say_for_whom
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.languages import clock
from coi.models import AuditEntry, BatchMember, BatchSample, BatchStep, Decision, Disclosure, ReviewBatch
from coi.models.types import new_reference
from coi.profiles.current import current_profile
from coi.review import decisions
from coi.review.held_back import held_back
from coi.review.queries import UNDO_WITHIN
from coi.review.together import LOW_RANK, MOST, Group, in_conflict_with
from coi.rules import sampling
from coi.rules.lifecycle import BY_REVIEWER
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import BatchAct, Event, LeftOut, Outcome, State

GONE = frozenset({BatchAct.TAKEN_OUT, BatchAct.NOT_EXPECTED, BatchAct.LEFT_OUT})
ENDS = frozenset({BatchAct.DECIDED, BatchAct.STOPPED})
MOST_UNEXPECTED = 2  # the second one that is not as expected stops the batch


def begin(group: Group, chosen: Collection[str], once: str, actor: Actor, now: datetime) -> ReviewBatch:
    """Puts filings of a group together and draws their sample; the same press again gives the same batch.

    `chosen` are references; what is no longer in the group is left away. Raises Refused when nothing is left.
    """
    made = db.session.scalar(select(ReviewBatch).where(ReviewBatch.once == once, ReviewBatch.by_id == actor.person_id))
    if made is not None:
        return made
    ids = dict(group.members)
    rows = db.session.scalars(
        select(Disclosure).where(Disclosure.id.in_(ids), Disclosure.reference.in_(list(chosen)[:MOST])).order_by(Disclosure.id)
    ).all()
    if not rows:
        raise Refused(_l("Choose at least one filing that is still in this group."), "filings")
    seed = secrets.token_hex(16)
    by_reference = {row.reference: row for row in rows}
    order = sampling.in_order(seed, by_reference)
    reference = new_reference(f"BAT-{now.year}")
    told = sha256(group.key)[:16]
    seq = record(Event.BATCH_BEGUN, actor, f"batch:{reference}", now, filings=order, seed=seed, facts=told)
    batch = ReviewBatch(reference=reference, by_id=actor.person_id, facts=group.facts, seed=seed, once=once, at=now, seq=seq)
    db.session.add(batch)
    db.session.flush()
    for place, one in enumerate(order):
        row = by_reference[one]
        member = BatchMember(
            batch_id=batch.id,
            disclosure_id=row.id,
            filer_id=row.filer_id,
            by_id=actor.person_id,
            version_id=ids[row.id],
            place=place,
            seq=seq,
        )
        batch.members.append(member)
    db.session.flush()
    _draw(batch, actor, now)
    return batch


def still_in(batch: ReviewBatch) -> list[BatchMember]:
    """The filings that are still in it, in the order of the draw."""
    gone = {step.member_id for step in batch.steps if step.step in GONE}
    return [one for one in batch.members if one.id not in gone]


def end_of(batch: ReviewBatch) -> BatchStep | None:
    """How it ended: decided or stopped; None while it is open."""
    return next((step for step in batch.steps if step.step in ENDS), None)


def drawn(batch: ReviewBatch) -> list[BatchMember]:
    """Those of the sample that are still in it."""
    sampled = {one.member_id for one in batch.samples}
    return [one for one in still_in(batch) if one.id in sampled]


def confirmed(batch: ReviewBatch) -> set[int]:
    """The members that were opened and were as expected."""
    return {step.member_id for step in batch.steps if step.step is BatchAct.EXPECTED and step.member_id is not None}


def to_open(batch: ReviewBatch) -> list[BatchMember]:
    """What of the sample nobody has confirmed yet."""
    done = confirmed(batch)
    return [one for one in drawn(batch) if one.id not in done]


def _draw(batch: ReviewBatch, actor: Actor, now: datetime) -> None:
    """Fills the sample up to its size, in the order of the draw; what was drawn before stays drawn."""
    unexpected = sum(step.step is BatchAct.NOT_EXPECTED for step in batch.steps)
    wanted = sampling.size(len(batch.members), current_profile().nil.sample_percent, unexpected)
    known = {one.member_id for one in batch.samples}
    new = [one for one in still_in(batch)[:wanted] if one.id not in known]
    if not new:
        return
    told = [one.disclosure.reference for one in new]
    seq = record(Event.BATCH_DRAWN, actor, f"batch:{batch.reference}", now, filings=told)
    batch.samples.extend(BatchSample(batch_id=batch.id, member_id=one.id, at=now, seq=seq) for one in new)
    db.session.flush()


def _lock(batch: ReviewBatch) -> None:
    """Nobody else writes to this batch now; what was read of it before is read again."""
    db.session.refresh(batch, with_for_update=True)
    db.session.expire(batch, ["members", "steps", "samples"])


def _take(batch: ReviewBatch, actor: Actor) -> None:
    """Locks the batch and looks at it again; raises when it is over or another's."""
    _lock(batch)
    if batch.by_id != actor.person_id:
        raise NotPossible(_l("You may not do this with this filing."))
    end = end_of(batch)
    if end is not None:
        told = _l("This batch was %(what)s on %(when)s already.", what=end.step.label, when=clock(end.at))
        raise SomebodyWasFaster(told)


def take_out(batch: ReviewBatch, member: BatchMember, actor: Actor, now: datetime) -> None:
    """Takes one filing out; it stays in review. Where it was drawn, the next in the order is drawn instead."""
    _take(batch, actor)
    if member not in still_in(batch):
        return  # the second of two clicks
    reference = member.disclosure.reference
    seq = record(Event.BATCH_TAKEN_OUT, actor, f"batch:{batch.reference}", now, filing=reference)
    _step(batch, BatchAct.TAKEN_OUT, actor, now, seq, member)
    _draw(batch, actor, now)


def look(batch: ReviewBatch, member: BatchMember, as_expected: bool, actor: Actor, now: datetime) -> None:
    """Confirms one of the sample, or says that it is not as expected: it goes out and the sample doubles; a second one stops.

    Raises Refused when the filing was not opened after it was drawn: the entry of reading it is the proof.
    """
    _take(batch, actor)
    if member not in to_open(batch):
        return
    sample = next(one for one in batch.samples if one.member_id == member.id)
    read = read_after(member, sample, actor)
    if read is None:
        raise Refused(_l("Open this filing first."))
    seq = record(
        Event.BATCH_LOOKED_AT,
        actor,
        f"batch:{batch.reference}",
        now,
        filing=member.disclosure.reference,
        as_expected=as_expected,
        read=read,
    )
    _step(batch, BatchAct.EXPECTED if as_expected else BatchAct.NOT_EXPECTED, actor, now, seq, member, read_seq=read)
    say_for_whom(member.disclosure, _facts(member.disclosure, False, actor), "look", actor, now)
    if not as_expected:
        if sum(step.step is BatchAct.NOT_EXPECTED for step in batch.steps) >= MOST_UNEXPECTED:
            stop(batch, "not_expected", actor, now)
        else:
            _draw(batch, actor, now)


def read_after(member: BatchMember, sample: BatchSample, actor: Actor) -> int | None:
    """The entry by which this person read the filing after it was drawn, in the version that is in the batch."""
    version = f'%"version":{member.version.number}}}'
    return db.session.scalar(
        select(AuditEntry.seq)
        .where(
            AuditEntry.subject == f"disclosure:{member.disclosure.reference}",
            AuditEntry.event == Event.DISCLOSURE_READ.code,
            AuditEntry.actor == actor.name,
            AuditEntry.details.like(version),
            AuditEntry.seq > sample.seq,
        )
        .order_by(AuditEntry.seq)
        .limit(1)
    )


def stop(batch: ReviewBatch, because: str, actor: Actor, now: datetime) -> None:
    """Ends a batch without deciding anything: each filing waits for a look of its own."""
    seq = record(Event.BATCH_STOPPED, actor, f"batch:{batch.reference}", now, because=because)
    _step(batch, BatchAct.STOPPED, actor, now, seq, because=because)


def give_up(batch: ReviewBatch, actor: Actor, now: datetime) -> None:
    """Its maker does not go on with it."""
    _take(batch, actor)
    stop(batch, "given_up", actor, now)


@dataclass(frozen=True)
class Done:
    """What became of a batch: how many were decided, and which were left out and why."""

    decided: int
    left_out: list[tuple[Disclosure, LeftOut]]


def decide(batch: ReviewBatch, outcome: Outcome, reason: str, internal: str, actor: Actor, now: datetime) -> Done:
    """Decides what is still as it was, each filing with its own decision; the rest is left out and named.

    Pressed twice it is decided once. Raises Refused while something of the sample is not confirmed, or nothing is left;
    SomebodyWasFaster when it is over.
    """
    _lock(batch)
    end = end_of(batch)
    if end is not None and (end.by_id, end.outcome, end.reason) == (actor.person_id, outcome, reason):
        return done_of(batch)
    _take(batch, actor)
    if outcome not in BY_REVIEWER:
        raise Refused(_l("Choose one of the outcomes offered."), "outcome")
    if not reason.strip():
        raise Refused(_l("Write the reason."), "reason")
    if to_open(batch) or not confirmed(batch):
        raise Refused(_l("Open and confirm the whole sample first."))
    members = still_in(batch)
    rows = _locked([one.disclosure_id for one in members])
    conflicts = in_conflict_with(actor.person_id or 0, list(rows))
    alone = held_back(list(rows))
    left_out: list[tuple[BatchMember, LeftOut]] = []
    ready: list[tuple[BatchMember, Facts]] = []
    for one in sorted(members, key=lambda member: member.disclosure_id):
        facts = _facts(rows[one.disclosure_id], one.disclosure_id in conflicts, actor)
        why = _changed(one, rows[one.disclosure_id], facts, actor) or alone.get(one.disclosure_id)
        if why is None:
            ready.append((one, facts))
        else:
            left_out.append((one, why))
    if not ready:
        raise Refused(_l("Every filing of this batch has changed meanwhile. Give it up, and look at each one."))
    made = [
        decisions.decide(
            rows[one.disclosure_id],
            outcome,
            reason,
            internal,
            actor,
            now,
            version=one.version.number,
            state=State.IN_REVIEW.value,
            facts=facts,
        )
        for one, facts in ready
    ]
    seq = record(
        Event.BATCH_DECIDED,
        actor,
        f"batch:{batch.reference}",
        now,
        outcome=outcome.value,
        because=sha256(reason),
        decided=len(made),
        left_out=[one.disclosure.reference for one, _why in left_out],
    )
    for decision in made:
        decision.batch_id = batch.id
    for one, why in left_out:
        _step(batch, BatchAct.LEFT_OUT, actor, now, seq, one, because=why.value)
    _step(batch, BatchAct.DECIDED, actor, now, seq, outcome=outcome, reason=reason)
    return done_of(batch)


def done_of(batch: ReviewBatch) -> Done:
    """What became of a batch that is decided."""
    known = {one.id: one for one in batch.members}
    left = [
        (known[step.member_id].disclosure, LeftOut(step.because))
        for step in batch.steps
        if step.step is BatchAct.LEFT_OUT and step.member_id
    ]
    return Done(len(still_in(batch)), left)


def _locked(ids: list[int]) -> dict[int, Disclosure]:
    """The filings as they are now, locked in id order."""
    rows = db.session.scalars(
        select(Disclosure)
        .where(Disclosure.id.in_(ids))
        .order_by(Disclosure.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def _facts(disclosure: Disclosure, conflict: bool, actor: Actor) -> Facts:
    """What the right to clear asks of one of many; the conflicts of all were looked up at once."""
    return Facts(
        filer_id=disclosure.filer_id,
        reviewer_id=disclosure.reviewer_id,
        delegate_id=actor.person_id if stands_in(disclosure, actor) else None,
        state=disclosure.state,
        conflicts=frozenset({"conflict"}) if conflict else frozenset(),
        stand_in=is_with_a_stand_in(disclosure.desk),
        extra=to_the_body(disclosure, actor),
    )


def _changed(member: BatchMember, disclosure: Disclosure, facts: Facts, actor: Actor) -> LeftOut | None:
    """Why a filing can't be decided with its batch any more, or None (SD1-SD3, SD9, as for a single decision)."""
    if disclosure.version != member.version.number:
        return LeftOut.NEWER_VERSION
    if disclosure.state is not State.IN_REVIEW:
        return LeftOut.MOVED
    if disclosure.waiting_on_filer_since is not None:
        return LeftOut.ASKED
    if disclosure.rank < LOW_RANK:
        return LeftOut.PRIORITY
    if facts.conflicts:
        return LeftOut.CONFLICT
    return None if allows(actor, Permission.CLEAR, facts) else LeftOut.GIVEN_AWAY


def can_be_undone(batch: ReviewBatch, now: datetime) -> bool:
    """Whether its letters still wait."""
    end = end_of(batch)
    undone = any(step.step is BatchAct.UNDONE for step in batch.steps)
    return end is not None and end.step is BatchAct.DECIDED and not undone and now - end.at <= UNDO_WITHIN


def undo(batch: ReviewBatch, actor: Actor, now: datetime) -> int:
    """Takes every decision of the batch back that still stands, within five minutes; returns how many."""
    _lock(batch)
    if batch.by_id != actor.person_id or not can_be_undone(batch, now):
        raise NotPossible(_l("A decision can be undone for five minutes. Ask a senior officer to reopen the case."))
    wanted = select(Decision.disclosure_id).where(Decision.batch_id == batch.id, Decision.undone_seq.is_(None))
    rows = _locked(list(db.session.scalars(wanted)))
    standing = [row for row in rows.values() if row.state is State.DECIDED]
    for row in standing:
        decisions.undo(row, actor, now)
    seq = record(Event.BATCH_UNDONE, actor, f"batch:{batch.reference}", now, count=len(standing))
    _step(batch, BatchAct.UNDONE, actor, now, seq)
    return len(standing)


def _step(
    batch: ReviewBatch,
    step: BatchAct,
    actor: Actor,
    now: datetime,
    seq: int,
    member: BatchMember | None = None,
    *,
    because: str = "",
    outcome: Outcome | None = None,
    reason: str = "",
    read_seq: int | None = None,
) -> None:
    row = BatchStep(
        batch_id=batch.id,
        member_id=member.id if member is not None else None,
        step=step,
        because=because,
        outcome=outcome,
        reason=reason,
        by_id=actor.person_id,
        at=now,
        read_seq=read_seq,
        seq=seq,
    )
    batch.steps.append(row)
    db.session.flush()
