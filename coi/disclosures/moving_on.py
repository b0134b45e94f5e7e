"""Where a freshly signed version goes: its move, priority and clock, who reads it, the rule for nothing to declare."""

from datetime import datetime

from sqlalchemy import select, update

from coi.db import db
from coi.disclosures.marks import mark_standing_anew
from coi.disclosures.move import move
from coi.models import Assignment, Disclosure, DisclosureVersion, Recommendation
from coi.notices import actions as notices
from coi.plans.binding import bound
from coi.profiles.current import current_profile, today
from coi.review.actions import first_look_by, set_risk
from coi.review.assignment import candidates, free_members, post_of, restore, route, way_of
from coi.review.decisions import clock_runs, decide_by_rule
from coi.review.withdrawing import NIL, is_withdrawn
from coi.rules.completeness import Evaluation
from coi.rules.permissions import AT_OFFICE, SYSTEM, Actor
from coi.rules.routing import choose
from coi.vocabulary import Action, Because, Risk, State


def move_on(
    disclosure: Disclosure,
    version: DisclosureVersion,
    found: Evaluation,
    action: Action,
    because: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Moves the filing to its new version and gives it to who reads it; the first one may be cleared by the profile's rule."""
    first, was = version.number == 1, disclosure.state
    risk = Risk(found.risk)
    if first:
        disclosure.first_submitted_at = min(version.signed_at, now)
        disclosure.due_at = first_look_by(risk, now)
    elif was is State.DECIDED:
        disclosure.due_at = first_look_by(risk, now)
    clock_runs(disclosure, now)
    disclosure.nil = found.nil
    with db.session.no_autoflush:  # version and state change together: a draft has version 0, everything else has more
        disclosure.version = version.number
        if action is Action.CORRECT and was in (State.ESCALATED, State.DECIDED):
            _back_to_a_reader(disclosure, version, risk, because, actor, now)
        else:
            move(disclosure, action, actor, now, because)
    if was not in (State.ESCALATED, State.DECIDED):
        set_risk(disclosure, risk, "", SYSTEM, version.seq)
    db.session.flush()
    if first and _clears_itself(disclosure, version, found):
        disclosure.desk = way_of(disclosure).desk
        decide_by_rule(disclosure, NIL, SYSTEM, now)
    elif disclosure.state is State.SUBMITTED:
        route(disclosure, now)
    if not first:
        _tell_the_reader(disclosure, version, now)


def _tell_the_reader(disclosure: Disclosure, version: DisclosureVersion, now: datetime) -> None:
    """Who has the case learns that a newer version came: what they read was changed."""
    if disclosure.reviewer is not None and disclosure.state in AT_OFFICE:
        once = f"new_version:{disclosure.reference}:{version.number}"
        notices.post("new_version", disclosure.reviewer, now, once, reference=disclosure.reference)


def _clears_itself(disclosure: Disclosure, version: DisclosureVersion, found: Evaluation) -> bool:
    """The profile's rule for nothing to declare; the record's hash draws those that a person looks at all the same.

    Never for who has readers of their own (U14), nor for what came from paper or a file, nor for whom conditions of an earlier
    decision still bind: a person looks whether "nothing" fits them. A withdrawn rule clears nothing.
    """
    profile = current_profile()
    if profile.nil.clear != "rule" or not found.nil or found.flags or version.imported:
        return False
    if post_of(disclosure) in profile.reviews or is_withdrawn(NIL):
        return False
    if bound([disclosure.filer_id], today(version.signed_at)):
        return False
    return int(version.sha256[:8], 16) % 100 >= profile.nil.sample_percent


def _back_to_a_reader(
    disclosure: Disclosure, version: DisclosureVersion, risk: Risk, because: str, actor: Actor, now: datetime
) -> None:
    """A corrected case that was escalated or decided goes back to its reviewer, else to the next who is free, else it waits.

    The old decision stands meanwhile; a recommendation does not, for it was about another version.
    """
    set_risk(disclosure, risk, "", SYSTEM, version.seq)
    before = _reader_before(disclosure)
    way = way_of(disclosure)
    desk, reviewer_id = way.desk, None
    if before is not None and before.reviewer_id in free_members(disclosure, before.desk, now):
        desk, reviewer_id = before.desk, before.reviewer_id
    else:
        reviewer_id, _passed = choose(candidates(disclosure, way.desk, now))
    disclosure.desk = desk
    waits = State.SUBMITTED if reviewer_id is None else None
    seq = move(
        disclosure,
        Action.CORRECT,
        actor,
        now,
        because,
        back_to=waits,
        reviewer_id=reviewer_id,
        keep_reviewer=reviewer_id is not None,
    )
    db.session.execute(
        update(Recommendation)
        .where(Recommendation.disclosure_id == disclosure.id, Recommendation.ended_seq.is_(None))
        .values(ended_seq=seq)
    )
    mark_standing_anew(db.session.connection(), [disclosure.id])
    restore(disclosure, reviewer_id, now, SYSTEM, Because.CORRECTED)


def _reader_before(disclosure: Disclosure) -> Assignment | None:
    """The assignment of who read the case before it was escalated: who recommended, else who had it last."""
    recommended_by = select(Recommendation.by_id).where(
        Recommendation.disclosure_id == disclosure.id, Recommendation.ended_seq.is_(None)
    )
    recommender = db.session.scalar(recommended_by.order_by(Recommendation.id.desc()).limit(1))
    rows = select(Assignment).where(Assignment.disclosure_id == disclosure.id, Assignment.reviewer_id.is_not(None))
    if recommender is not None and disclosure.state is State.ESCALATED:
        rows = rows.where(Assignment.reviewer_id == recommender)
    return db.session.scalar(rows.order_by(Assignment.id.desc()).limit(1))
