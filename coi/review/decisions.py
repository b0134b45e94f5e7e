"""Decisions: bound to the version that was read, never by the filer nor by who recommended; undone within five minutes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.appeals.answering import answered
from coi.appeals.letters import outcome_letter
from coi.appeals.queries import open_appeal
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import facts_for, open_assignment
from coi.disclosures.move import move
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.languages import clock
from coi.models import Decision, Disclosure, DisclosureVersion, Interest, InterestDecision
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.plans import actions as plans
from coi.plans.drafting import Draft, Terms, of_strings, only_from_the_library, resting, strings_of
from coi.plans.interim import again, end_interim
from coi.profiles.current import current_profile, today
from coi.review import queries
from coi.review.assignment import restore
from coi.review.queries import UNDO_WITHIN
from coi.review.referring import ReferTo, check, refer
from coi.rules.lifecycle import may_decide
from coi.rules.permissions import Actor, Facts
from coi.vocabulary import Action, Because, Event, Outcome, State


def take(disclosure: Disclosure, version: int, state: str) -> None:
    """Locks the filing and compares what the page showed; raises SomebodyWasFaster when it is no longer so (SD9)."""
    db.session.refresh(disclosure, with_for_update=True)
    if disclosure.version != version:
        signed = newest_version(disclosure)
        raise SomebodyWasFaster(
            _l(
                "The filer signed a newer version on %(when)s. Read it before you go on; your text is kept.",
                when=clock(signed.signed_at),
            )
        )
    if disclosure.state.value != state:
        who, when = queries.newest_mover(disclosure)
        raise SomebodyWasFaster(
            _l(
                "%(who)s was faster, on %(when)s: the filing is now “%(state)s”. Your text is kept.",
                who=who or _l("Somebody"),
                when=clock(when),
                state=disclosure.state.label,
            )
        )


def clock_runs(disclosure: Disclosure, now: datetime) -> None:
    """Starts the office's clock again after an answer: what was waited on the filer does not count."""
    if disclosure.waiting_on_filer_since is not None:
        if disclosure.due_at is not None:
            disclosure.due_at += now - disclosure.waiting_on_filer_since
        disclosure.waiting_on_filer_since = None


def decide(
    disclosure: Disclosure,
    outcome: Outcome,
    reason_for_filer: str,
    internal: str,
    actor: Actor,
    now: datetime,
    *,
    version: int,
    state: str,
    interests: Mapping[int, Outcome] | None = None,
    conditions: list[str] | None = None,
    plan: Sequence[Draft] | None = None,
    terms: Terms | None = None,
    facts: Facts | None = None,
    referral: ReferTo | None = None,
) -> Decision:
    """Decides exactly the version that was read; the filing's outcome is the most severe of its interests'.

    A reviewer closes with no_conflict, noted or exempt, and where the profile says so with conditions of its library; everything
    else is decided on an escalated case by somebody other than who recommended it (SD5, SD9). `conditions` are codes or own
    words, `plan` the rows of the editor; what is managed or not permitted gets a plan with its `terms` (U45); `referral` says to
    whom it is referred (U41). `facts` come from who decides many: the row is locked, version and state were compared, and these
    are the facts of it, all in this transaction. Raises NotPossible, Refused, SomebodyWasFaster.
    """
    if facts is None:
        take(disclosure, version, state)
    signed = newest_version(disclosure)
    known = {interest.id for interest in db.session.scalars(select(Interest).where(Interest.version_id == signed.id))}
    each = {number: chosen for number, chosen in (interests or {}).items() if number in known}
    each = {number: each.get(number, outcome) for number in known}
    drafts = [*of_strings(conditions or [], disclosure), *(plan or [])]
    severest = max(each.values(), key=lambda one: one.rank) if each else outcome
    if severest.rank < outcome.rank:
        raise Refused(_l("At least one interest must come out as the whole filing does."), "outcome")
    alone = severest is Outcome.MANAGED and disclosure.state is State.IN_REVIEW
    if not may_decide(disclosure.state, severest, may_manage_alone(disclosure)):
        raise NotPossible(_l("This outcome needs a second person: escalate with your recommendation."), "outcome")
    if severest is Outcome.MANAGED and not drafts:
        raise Refused(_l("Choose or write at least one condition."), "conditions")
    if alone:
        only_from_the_library(drafts)
    if drafts and severest.rank < Outcome.ELIMINATED.rank:
        raise Refused(
            _l("Conditions go with “Allowed with conditions”. Take them away, or choose another decision."), "conditions"
        )
    referred = Outcome.REFERRED in (severest, *each.values())
    check(referral, severest, referred, bool(drafts), now)
    terms = resting(terms or Terms(), severest, today(now))
    recommended_by = facts_for(disclosure, actor).recommended_by_id if disclosure.state is State.ESCALATED else None
    was, appealed = disclosure.state, open_appeal(disclosure)
    move(disclosure, Action.DECIDE, actor, now, reason_for_filer, outcome=severest, facts=facts)
    seq = record(
        Event.DECIDED,
        actor,
        _subject(disclosure),
        now,
        version=signed.number,
        outcome=severest.value,
        interests=len(each),
        because=sha256(reason_for_filer),
        internal=sha256(internal) if internal else "",
        rule="",
        recommended_by=recommended_by,
        two_persons=was is State.ESCALATED,
    )
    decision = Decision(
        reference=new_reference("DEC"),
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        version_id=signed.id,
        outcome=severest,
        reason_for_filer=reason_for_filer,
        internal_reasoning=internal,
        conditions=strings_of(drafts),
        by_id=actor.person_id,
        recommended_by_id=recommended_by,
        second_hand=was is State.ESCALATED,
        managed_alone=alone,
        was=was.value,
        at=now,
        seq=seq,
    )
    db.session.add(decision)
    db.session.flush()
    db.session.add_all(
        InterestDecision(decision_id=decision.id, interest_id=number, outcome=chosen, seq=seq) for number, chosen in each.items()
    )
    if referred and referral is not None:
        refer(decision, disclosure, referral, actor, now)
    on_appeal = answered(appealed, decision, disclosure, actor, now) if appealed is not None else None
    clock_runs(disclosure, now)
    _close_assignment(disclosure, seq)
    plans.replace(disclosure, decision, actor, now)
    end_interim(disclosure, actor, now, tell_filer=False)  # the letter of the outcome tells
    made = None
    if drafts or severest in (Outcome.MANAGED, Outcome.NOT_PERMITTED):
        made = plans.lay_down(disclosure, decision, drafts, terms, actor, now)
    kind, told = outcome_letter(decision, made, on_appeal, disclosure)
    notices.post(kind, disclosure.filer, now, f"outcome:{decision.reference}", due_at=now + UNDO_WITHIN, **told)
    return decision


def may_manage_alone(disclosure: Disclosure) -> bool:
    """Whether the city lets the reviewer lay down conditions without a second person; never while an appeal waits."""
    return current_profile().decisions.managed_by_reviewer and open_appeal(disclosure) is None


def decide_by_rule(disclosure: Disclosure, rule: str, actor: Actor, now: datetime) -> Decision:
    """Clears a nil filing by the profile's rule; the receipt names the rule."""
    signed = newest_version(disclosure)
    move(disclosure, Action.CLEAR_BY_RULE, actor, now, rule, outcome=Outcome.NO_CONFLICT)
    seq = record(
        Event.DECIDED,
        actor,
        _subject(disclosure),
        now,
        version=signed.number,
        outcome=Outcome.NO_CONFLICT.value,
        interests=0,
        because="",
        internal="",
        rule=rule,
        recommended_by=None,
        two_persons=False,
    )
    decision = Decision(
        reference=new_reference("DEC"),
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        version_id=signed.id,
        outcome=Outcome.NO_CONFLICT,
        reason_for_filer="",
        rule=rule,
        at=now,
        seq=seq,
    )
    db.session.add(decision)
    _close_assignment(disclosure, seq)
    db.session.flush()
    end_interim(disclosure, actor, now)
    return decision


def _close_assignment(disclosure: Disclosure, seq: int) -> None:
    standing = open_assignment(disclosure)
    if standing is not None:
        standing.ended_seq, standing.ended_because = seq, "decided"
        db.session.flush()


def undo(disclosure: Disclosure, actor: Actor, now: datetime) -> None:
    """Takes a decision back within five minutes, before its letter leaves; the case is where it was."""
    db.session.refresh(disclosure, with_for_update=True)
    decision = newest_decision(disclosure)
    if decision is None or decision.undone_seq is not None or now - decision.at > UNDO_WITHIN:
        raise NotPossible(_l("A decision can be undone for five minutes. Ask a senior officer to reopen the case."))
    back_to = State(decision.was)
    plans.take_back(decision, actor, now)
    # What a body decided goes back before it, not to who wrote it down.
    holder = disclosure.reviewer_id if decision.motion is not None else disclosure.reviewer_id or actor.person_id
    move(disclosure, Action.UNDO, actor, now, back_to=back_to, reviewer_id=holder)
    decision.undone_seq = record(Event.DECISION_UNDONE, actor, _subject(disclosure), now, decision=decision.reference)
    db.session.flush()
    plans.stand_again(disclosure, actor, now)
    again(disclosure, decision, actor, now)
    before = newest_decision(disclosure)  # the one on an earlier version, which stands again
    disclosure.outcome, disclosure.decided_at = (before.outcome, before.at) if before else (None, None)
    notices.drop(f"outcome:{decision.reference}", "undone")
    restore(disclosure, disclosure.reviewer_id, now, actor, Because.UNDONE)


def newest_version(disclosure: Disclosure) -> DisclosureVersion:
    """The signed version that counts; raises NotPossible for a draft."""
    signed = db.session.scalar(
        select(DisclosureVersion).where(
            DisclosureVersion.disclosure_id == disclosure.id, DisclosureVersion.number == disclosure.version
        )
    )
    if signed is None:
        raise NotPossible(_l("This filing is not signed yet."))
    return signed


def newest_decision(disclosure: Disclosure) -> Decision | None:
    """The decision that stands, if there is one."""
    return db.session.scalar(
        select(Decision)
        .where(Decision.disclosure_id == disclosure.id, Decision.undone_seq.is_(None))
        .order_by(Decision.id.desc())
        .limit(1)
    )


def _subject(disclosure: Disclosure) -> str:
    return f"disclosure:{disclosure.reference}"
