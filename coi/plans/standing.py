"""Where a plan and each of its conditions stand on a day, computed from their dated rows; asks no permission, writes nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.db import db
from coi.disclosures.kept import once
from coi.models import Appeal, AppealRest, Decision, Plan, PlanAnswer, PlanCondition, PlanStep
from coi.profiles.current import current_profile, today
from coi.rules.plans import a_year_after
from coi.vocabulary import Outcome, PlanAnswered, PlanStepKind, State

OPEN, UNANSWERED, IN_FORCE, DECLINED, WAITS, OVER = "open", "unanswered", "in_force", "declined", "waits", "over"
RESTS = "rests"
PLAN_WORDS = {
    OPEN: _l("Waits for the filer's answer"),
    UNANSWERED: _l("Not answered in time"),
    IN_FORCE: _l("In force"),
    DECLINED: _l("Declined"),
    WAITS: _l("Waits: the filing is looked at again"),
    RESTS: _l("Rests until the appeal is decided"),
    OVER: _l("Over"),
}
KEPT, SAID, LATE, ENDED = "confirmed", "said", "overdue", "ended"
CONDITION_WORDS = {
    OPEN: _l("To be shown"),
    SAID: _l("Said to be done, waits to be confirmed"),
    KEPT: _l("Confirmed"),
    LATE: _l("Overdue"),
    ENDED: _l("Ended"),
    WAITS: _l("Not in force yet"),
    RESTS: _l("Rests until the appeal is decided"),
    OVER: _l("Over"),
}


@dataclass(frozen=True)
class Standing:
    """A condition on a day: its state, since whom and what, and the words of the newest step about it."""

    condition: PlanCondition
    state: str
    newest: PlanStep | None

    @property
    def label(self) -> Any:
        """The state in words."""
        return CONDITION_WORDS[self.state]


def holds(plan: Plan) -> bool:
    """Whether its decision is the one that stands: not undone, and no newer one took its place."""
    if plan.decision.undone_seq is not None:
        return False
    newest = newest_decision(plan)
    return newest is not None and newest.id == plan.decision_id


def newest_decision(plan: Plan) -> Decision | None:
    """The decision that stands for the plan's filing."""
    standing = select(Decision).where(Decision.disclosure_id == plan.disclosure_id, Decision.undone_seq.is_(None))
    newest = standing.order_by(Decision.id.desc()).limit(1)
    return once(("standing decision", plan.disclosure_id), lambda: db.session.scalar(newest))


def answer_of(plan: Plan) -> PlanAnswer | None:
    """What the filer said of it last."""
    return plan.answers[-1] if plan.answers else None


def binds_alone(plan: Plan) -> bool:
    """Whether it holds by the decision itself: what is not allowed needs nobody's yes; conditions for going on do."""
    return plan.decision.outcome is not Outcome.MANAGED


def state_of(plan: Plan, on: date) -> str:
    """Open, unanswered, in_force, declined, waits or over; nothing binds by silence (U45)."""
    if not holds(plan) or any(step.kind is PlanStepKind.ENDED and step.condition_id is None for step in plan.steps):
        return OVER
    said = answer_of(plan)
    if binds_alone(plan) or (said is not None and said.answer is not PlanAnswered.DECLINED):
        return RESTS if rests(plan) else IN_FORCE
    if said is not None:
        return DECLINED
    if plan.disclosure.state is not State.DECIDED:
        return WAITS
    return UNANSWERED if on > plan.accept_by else OPEN


def rests(plan: Plan) -> bool:
    """Whether who has the appeal let it rest; over by itself with the decision on the appeal, which takes the plan's place."""
    if plan.disclosure.state is State.DECIDED:
        return False
    let = select(AppealRest.id).join(Appeal, Appeal.id == AppealRest.appeal_id)
    return db.session.scalar(let.where(Appeal.decision_id == plan.decision_id)) is not None


def may_be_answered(plan: Plan, on: date) -> bool:
    """Whether the filer may answer now: once yes, yes stays; a no may become a yes while the plan stands."""
    state = state_of(plan, on)
    if state in (OPEN, UNANSWERED):
        return True
    if plan.disclosure.state is not State.DECIDED:
        return False
    return state == DECLINED or (state == IN_FORCE and answer_of(plan) is None)


def standing(condition: PlanCondition, on: date, of_plan: str | None = None) -> Standing:
    """Where one condition stands on a day; `of_plan` is its plan's state where that is known already."""
    plan = condition.plan
    around = of_plan if of_plan is not None else state_of(plan, on)
    steps = [step for step in plan.steps if step.condition_id == condition.id]
    moves = [one for one in steps if one.kind in (PlanStepKind.SAID, PlanStepKind.CONFIRMED, PlanStepKind.SENT_BACK)]
    newest = moves[-1] if moves else None
    ended = next((one for one in steps if one.kind is PlanStepKind.ENDED), None)
    if ended is not None:
        return Standing(condition, ENDED, ended)
    if around != IN_FORCE:
        return Standing(condition, around if around in (OVER, RESTS) else WAITS, newest)
    if newest is not None and newest.kind is PlanStepKind.CONFIRMED:
        return Standing(condition, KEPT, newest)
    if newest is not None and newest.kind is PlanStepKind.SAID:
        return Standing(condition, SAID, newest)
    late = condition.due_on is not None and condition.due_on < on
    return Standing(condition, LATE if late else OPEN, newest)


def standings(plan: Plan, on: date) -> list[Standing]:
    """Every condition of a plan on a day, in the order of the plan."""
    around = state_of(plan, on)
    return [standing(condition, on, around) for condition in plan.conditions]


def since_when(plan: Plan) -> date | None:
    """Since when it is in force: the day the filer accepted it, or of the decision where that is enough."""
    if binds_alone(plan):
        return plan.holds_from or today(plan.at)
    said = next((one for one in plan.answers if one.answer is not PlanAnswered.DECLINED), None)
    return max(today(said.at), plan.holds_from or date.min) if said is not None else None


def review_on(plan: Plan) -> date | None:
    """When the office looks at a plan in force again: a year after it began, then a year after each look."""
    looks = [today(step.at) for step in plan.steps if step.kind is PlanStepKind.REVIEWED]
    since = max(looks, default=since_when(plan))
    return a_year_after(since, current_profile().next_business_day) if since is not None else None


def asked_again(plan: Plan, on: date) -> bool:
    """Whether the yearly question is open: its day came and the office did not look yet."""
    day = review_on(plan)
    return (
        day is not None
        and day <= on
        and state_of(plan, on) == IN_FORCE
        and any(one.state != ENDED for one in standings(plan, on))
    )


def still_so(plan: Plan) -> PlanStep | None:
    """What the filer answered to the yearly question that is open."""
    newest: PlanStep | None = None
    for step in plan.steps:
        if step.kind is PlanStepKind.REVIEWED:
            newest = None
        elif step.kind is PlanStepKind.STILL_SO:
            newest = step
    return newest
