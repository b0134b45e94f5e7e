"""All writes of plans: laid down with a decision, answered by the filer, kept, confirmed, sent back, ended, looked at again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO, Any

from flask_babel import lazy_gettext as _l

from coi.appeals import queries as appeals
from coi.attachments.actions import Taken
from coi.audit.chain import canonical_json, sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import facts_for
from coi.disclosures.move import say_for_whom
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.languages import clock
from coi.models import Decision, Disclosure, Plan, PlanAnswer, PlanCondition, PlanStep
from coi.models.types import new_reference
from coi.plans import letters, proofs, queries, standing
from coi.plans.drafting import Draft, Made, Terms, made_of
from coi.plans.register import enter_all, leave
from coi.plans.words import CONTRACT
from coi.profiles.current import current_profile, today
from coi.rules.deadlines import add_business_days
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Event, Party, PlanAnswered, PlanStepKind

UNDO_WITHIN = timedelta(minutes=5)


def lay_down(
    disclosure: Disclosure, decision: Decision, drafts: Sequence[Draft], terms: Terms, actor: Actor, now: datetime
) -> Plan:
    """Keeps the plan of a decision, its text in both languages with its SHA-256.

    Raises Refused (field `plan`) for a condition that can't be kept as it was written.
    """
    profile, decided = current_profile(), today(now)
    accept_by = add_business_days(decided, profile.clocks.accept_plan_business_days, profile.next_business_day)
    made = [made_of(draft, number, disclosure.filer, decided, accept_by) for number, draft in enumerate(drafts, 1)]
    # What was decided on appeal can't be appealed again: its text names no day, and the row that of the decision.
    until = None if appeals.answer_by(decision) is not None else appeals.counted_from(now)
    text = canonical_json(_text(decision, made, terms, accept_by.isoformat(), until.isoformat() if until else ""))
    seq = record(
        Event.PLAN_MADE,
        actor,
        f"disclosure:{disclosure.reference}",
        now,
        decision=decision.reference,
        conditions=len(made),
        accept_by=accept_by.isoformat(),
        sha256=sha256(text),
    )
    plan = Plan(
        reference=decision.reference,
        decision_id=decision.id,
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        rule=terms.rule,
        holds_from=terms.holds_from,
        meanwhile=terms.meanwhile,
        accept_by=accept_by,
        appeal_until=until or decided,
        text=text,
        sha256=sha256(text),
        at=now,
        seq=seq,
    )
    db.session.add(plan)
    db.session.flush()
    db.session.add_all(_condition(plan, number, one, seq) for number, one in enumerate(made, 1))
    db.session.flush()
    db.session.refresh(plan)
    if standing.binds_alone(plan):
        enter_all(plan, actor, now, due_at=now + UNDO_WITHIN)
        letters.to_owners(plan, now, due_at=now + UNDO_WITHIN)
    return plan


def _text(decision: Decision, made: Sequence[Made], terms: Terms, accept_by: str, appeal_until: str) -> dict[str, Any]:
    """Exactly what is laid before the filer, as canonical JSON keeps it."""
    return {
        "decision": decision.reference,
        "outcome": decision.outcome.value,
        "rule": terms.rule,
        "reason": decision.reason_for_filer,
        "holds_from": terms.holds_from.isoformat() if terms.holds_from else "",
        "meanwhile": terms.meanwhile,
        "accept_by": accept_by,
        "appeal_until": appeal_until,
        "contract": str(CONTRACT),
        "conditions": [
            {
                "code": one.code,
                "text": one.text,
                "due": one.due_rule,
                "due_on": one.due_on.isoformat() if one.due_on else "",
                "proof": one.proof,
                "owner": one.owner.value,
                "owner_id": one.owner_id,
                "confirms": one.confirms.value,
                "confirmer_id": one.confirmer_id,
            }
            for one in made
        ],
    }


def _condition(plan: Plan, number: int, one: Made, seq: int) -> PlanCondition:
    return PlanCondition(
        reference=new_reference("CND"),
        plan_id=plan.id,
        number=number,
        code=one.code,
        text=one.text,
        proof=one.proof,
        due_rule=one.due_rule,
        due_on=one.due_on,
        owner=one.owner,
        owner_id=one.owner_id,
        confirms=one.confirms,
        confirmer_id=one.confirmer_id,
        matter=one.matter,
        party=one.party,
        name_id=one.handled_by.id if one.handled_by else None,
        seq=seq,
    )


def answer(
    plan: Plan, said: PlanAnswered, words: str, name: str, seen: str, actor: Actor, now: datetime, **signed: str
) -> PlanAnswer:
    """The filer's signed answer to exactly the text that was shown (`seen` is its SHA-256); the same answer again is one press.

    `signed` holds `language` and `method` of the act. Raises SomebodyWasFaster when the plan was replaced meanwhile.
    """
    _lock(plan)
    if actor.person_id != plan.filer_id:
        raise NotPossible(_l("You may not do this."))
    before = standing.answer_of(plan)
    if before is not None and before.answer is said and before.words == words:
        return before
    _still_to_answer(plan, seen, now)
    if said is not PlanAnswered.ACCEPTED and not words.strip():
        raise Refused(_l("Say in your words what you object to, or why you decline."), "words")
    language = signed.get("language", "en")
    digest = sha256(
        canonical_json({"plan": plan.sha256, "answer": said.value, "words": words, "name": name, "language": language})
    )
    seq = record(
        Event.PLAN_ANSWERED,
        actor,
        _subject(plan),
        now,
        answer=said.value,
        words=sha256(words) if words else "",
        plan=plan.sha256,
        sha256=digest,
        language=language,
        method=signed.get("method", ""),
    )
    made = PlanAnswer(
        plan_id=plan.id,
        answer=said,
        words=words,
        language=language,
        signed_name=name,
        sha256=digest,
        by_id=plan.filer_id,
        at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    db.session.expire(plan, ["answers"])
    letters.answered(plan, made, now)
    if said is not PlanAnswered.DECLINED and not standing.binds_alone(plan):
        enter_all(plan, actor, now)
        letters.to_owners(plan, now)
    return made


def _still_to_answer(plan: Plan, seen: str, now: datetime) -> None:
    if not standing.holds(plan):
        newer = standing.newest_decision(plan)
        replaced = newer is not None and newer.id != plan.decision_id
        who, when = (newer.by.name if newer.by else "", newer.at) if newer is not None and replaced else ("", now)
        raise SomebodyWasFaster(
            _l(
                "These conditions no longer stand: a newer decision was made on %(when)s by %(who)s. Your text is kept.",
                when=clock(when),
                who=who or _l("the ethics office"),
            )
        )
    if seen != plan.sha256:
        raise SomebodyWasFaster(_l("This is not the text that stands now. Read it before you answer; your text is kept."))
    if not standing.may_be_answered(plan, today(now)):
        raise SomebodyWasFaster(_l("These conditions can't be answered now: your form is looked at again, or you answered."))


def say_done(
    condition: PlanCondition, words: str, actor: Actor, now: datetime, file: IO[bytes] | None = None, named: str = ""
) -> PlanStep:
    """Who keeps it says that it is done, with what shows it, a file if there is one; who confirms gets a letter."""
    taken = proofs.taken_from(file, named)
    try:
        return _said_done(condition, words, taken, actor, now)
    except Refused:
        proofs.forget(taken)
        raise


def _said_done(condition: PlanCondition, words: str, taken: Taken | None, actor: Actor, now: datetime) -> PlanStep:
    _lock(condition.plan)
    facts = queries.facts_of(condition, actor)
    keeps = Permission.PLAN_KEEP if condition.owner is Party.OFFICE else Permission.CONDITION_SAY
    if not allows(actor, keeps, facts):
        raise NotPossible(_l("You may not do this."))
    stands = standing.standing(condition, today(now))
    if stands.state == standing.SAID and stands.newest is not None and stands.newest.words == words:
        proofs.forget(taken)
        return stands.newest
    if stands.state not in (standing.OPEN, standing.LATE):
        raise SomebodyWasFaster(_l("There is nothing to show here now. Load the page again; your text is kept."))
    made = step(condition.plan, PlanStepKind.SAID, words, actor, now, condition)
    proofs.keep(condition, made, taken, actor, now)
    letters.said(condition, made, now)
    return made


def confirm(condition: PlanCondition, words: str, actor: Actor, now: datetime) -> PlanStep:
    """What was said is confirmed: by who confirms it, or by the office; never by who keeps it."""
    _may_confirm(condition, actor)
    if _said(condition, now, PlanStepKind.CONFIRMED) is None:
        return _newest(condition, now)
    return step(condition.plan, PlanStepKind.CONFIRMED, words, actor, now, condition)


def send_back(condition: PlanCondition, why: str, actor: Actor, now: datetime) -> PlanStep:
    """What was said does not show it: back to who keeps it, with a reason in words."""
    _may_confirm(condition, actor)
    if _said(condition, now, PlanStepKind.SENT_BACK) is None:
        return _newest(condition, now)
    made = step(condition.plan, PlanStepKind.SENT_BACK, why, actor, now, condition)
    letters.sent_back(condition, made, now)
    return made


def _may_confirm(condition: PlanCondition, actor: Actor) -> None:
    _lock(condition.plan)
    facts = queries.facts_of(condition, actor)
    may = allows(actor, Permission.CONDITION_CONFIRM, facts) or allows(actor, Permission.PLAN_KEEP, facts)
    said = [one.by_id for one in condition.plan.steps if one.condition_id == condition.id and one.kind is PlanStepKind.SAID]
    if not may or actor.person_id in (condition.owner_id, condition.plan.filer_id, *said[-1:]):
        raise NotPossible(_l("You may not do this."))


def _said(condition: PlanCondition, now: datetime, to: PlanStepKind) -> PlanStep | None:
    """What waits to be judged; None where the same was judged already (a double click); raises when nothing waits."""
    stands = standing.standing(condition, today(now))
    if stands.state == standing.SAID:
        return stands.newest
    if stands.newest is not None and stands.newest.kind is to:
        return None
    raise SomebodyWasFaster(_l("Nothing waits to be confirmed here now. Load the page again."))


def _newest(condition: PlanCondition, now: datetime) -> PlanStep:
    newest = standing.standing(condition, today(now)).newest
    if newest is None:
        raise NotPossible(_l("You may not do this."))
    return newest


def end_early(condition: PlanCondition, why: str, actor: Actor, now: datetime) -> PlanStep:
    """The office ends a condition before its time, with a reason; its row of the register ends with it."""
    plan = condition.plan
    _lock(plan)
    if not allows(actor, Permission.PLAN_KEEP, queries.facts_of(condition, actor)):
        raise NotPossible(_l("You may not do this."))
    if not why.strip():
        raise Refused(_l("Write the reason."), "words")
    stands = standing.standing(condition, today(now))
    if stands.state == standing.ENDED and stands.newest is not None:
        return stands.newest
    if stands.state == standing.OVER:
        raise SomebodyWasFaster(_l("This condition is over already."))
    made = step(plan, PlanStepKind.ENDED, why, actor, now, condition)
    leave([condition.id], actor, now)
    letters.ended(condition, made, now)
    return made


def look_at(plan: Plan, words: str, actor: Actor, now: datetime) -> PlanStep:
    """The office says what it did about a plan that was declined or not answered."""
    _lock(plan)
    if not allows(actor, Permission.PLAN_KEEP, facts_for(plan.disclosure, actor)):
        raise NotPossible(_l("You may not do this."))
    kind = PlanStepKind.REVIEWED if standing.asked_again(plan, today(now)) else PlanStepKind.LOOKED_AT
    if kind is PlanStepKind.LOOKED_AT and queries.needs_office(plan, today(now)) is None:
        raise SomebodyWasFaster(_l("Nothing waits for the office here now. Load the page again; your text is kept."))
    return step(plan, kind, words, actor, now)


def say_still_so(plan: Plan, still: bool, words: str, actor: Actor, now: datetime) -> PlanStep:
    """The filer's answer to the yearly question; a no tells what changed."""
    _lock(plan)
    if actor.person_id != plan.filer_id or not standing.asked_again(plan, today(now)):
        raise NotPossible(_l("You may not do this."))
    if not still and not words.strip():
        raise Refused(_l("Write what changed."), "words")
    before = standing.still_so(plan)
    if before is not None and before.words == words and before.about == ("yes" if still else "no"):
        return before
    made = step(plan, PlanStepKind.STILL_SO, words, actor, now, about="yes" if still else "no")
    letters.still_so(plan, made, now)
    return made


def replace(disclosure: Disclosure, decision: Decision, actor: Actor, now: datetime) -> None:
    """A decision takes the place of what was laid down before: rows of the register that hang on it end."""
    for plan in queries.of_filing(disclosure):
        if plan.decision_id != decision.id:
            leave([one.id for one in plan.conditions], actor, now)


def take_back(decision: Decision, actor: Actor, now: datetime) -> None:
    """A decision is undone: its plan never was. Once it is undone, `stand_again` brings back what held before.

    Raises NotPossible once the filer has answered: what somebody signed is not undone by a press.
    """
    plan = queries.of_decision(decision)
    if plan is not None and plan.answers:
        raise NotPossible(_l("The filer has answered the conditions already. Ask a senior officer to reopen the case."))
    if plan is not None:
        leave([one.id for one in plan.conditions], actor, now, quiet=True)
        letters.drop(plan)


def stand_again(disclosure: Disclosure, actor: Actor, now: datetime) -> None:
    """After a decision was undone: the plan of the one that stands again is in the register again."""
    for plan in queries.of_filing(disclosure):
        if standing.state_of(plan, today(now)) == standing.IN_FORCE:
            enter_all(plan, actor, now)


def step(
    plan: Plan,
    kind: PlanStepKind,
    words: str,
    actor: Actor,
    now: datetime,
    condition: PlanCondition | None = None,
    about: str = "",
) -> PlanStep:
    """One dated row with its entry; the entry holds codes and the SHA-256 of the words."""
    told = {"condition": condition.number if condition else 0, "what": kind.value, "about": about}
    seq = record(Event.PLAN_STEP, actor, _subject(plan), now, words=sha256(words) if words else "", **told)
    made = PlanStep(
        plan_id=plan.id,
        condition_id=condition.id if condition else None,
        kind=kind,
        words=words,
        about=about,
        by=actor.name,
        by_id=actor.person_id,
        at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    db.session.expire(plan, ["steps"])
    if actor.person_id not in (None, plan.filer_id):
        say_for_whom(plan.disclosure, facts_for(plan.disclosure, actor), kind.value, actor, now)
    return made


def _lock(plan: Plan) -> None:
    """The filing's row first, as every decision and correction does: whoever comes second sees what the first one left."""
    db.session.refresh(plan.disclosure, with_for_update=True)
    db.session.expire(plan, ["answers", "steps", "decision"])
    db.session.expire(plan.decision)


def _subject(plan: Plan) -> str:
    return f"disclosure:{plan.disclosure.reference}"
