"""Where plans and their conditions stood at entry N, from their dated rows: what `coi.plans.standing` says of today."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from coi.db import db
from coi.exports.registers.asof import Moment
from coi.exports.registers.words import STILL_OPEN, ConditionState, PlanState
from coi.models import Appeal, AppealRest, Decision, Plan, PlanAnswer, PlanCondition, PlanStep, Transition
from coi.vocabulary import Outcome, PlanAnswered, PlanStepKind, State

PLAN = (
    *(Plan.id, Plan.reference, Plan.decision_id, Plan.disclosure_id, Plan.filer_id, Plan.accept_by, Plan.holds_from, Plan.at),
    *(Plan.seq, Decision.outcome, Decision.undone_seq),
)
CONDITION = (
    *(PlanCondition.plan_id, PlanCondition.id, PlanCondition.reference, PlanCondition.number, PlanCondition.code),
    *(PlanCondition.text, PlanCondition.proof, PlanCondition.due_rule, PlanCondition.due_on, PlanCondition.party),
    *(PlanCondition.owner, PlanCondition.owner_id, PlanCondition.confirms, PlanCondition.confirmer_id),
)
STEP = (PlanStep.plan_id, PlanStep.condition_id, PlanStep.kind, PlanStep.by_id, PlanStep.at)
ANSWER = (PlanAnswer.plan_id, PlanAnswer.answer, PlanAnswer.at)
MOVES = (PlanStepKind.SAID, PlanStepKind.CONFIRMED, PlanStepKind.SENT_BACK)


@dataclass
class Standing:
    """One plan as of N, from rows with seq <= N: its conditions, steps and answers, and what became of its filing."""

    plan: Any
    conditions: list[Any] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    steps: list[Any] = field(default_factory=list)
    newest: Any = None  # the decision that stood for the filing: (id, reference)
    decided: bool = False
    rested: bool = False
    undone: bool = False

    @property
    def binds_alone(self) -> bool:
        """Whether the decision is enough; only conditions for going on need a yes."""
        return self.plan.outcome is not Outcome.MANAGED

    def state(self, on: date) -> PlanState:
        """Where the plan stood on a day: as `coi.plans.standing.state_of` says it today."""
        replaced = self.newest is None or self.newest.id != self.plan.decision_id
        if self.undone or replaced or any(one.kind is PlanStepKind.ENDED and one.condition_id is None for one in self.steps):
            return PlanState.OVER
        said = self.answers[-1].answer if self.answers else None
        if self.binds_alone or (said is not None and said is not PlanAnswered.DECLINED):
            return PlanState.RESTS if self.rested and not self.decided else PlanState.IN_FORCE
        if said is not None:
            return PlanState.DECLINED
        if not self.decided:
            return PlanState.WAITS
        return PlanState.UNANSWERED if on > self.plan.accept_by else PlanState.OPEN

    def of(self, condition: Any, around: PlanState, on: date) -> ConditionState:
        """Where one condition stood on a day: as `coi.plans.standing.standing` says it today."""
        steps = [one for one in self.steps if one.condition_id == condition.id]
        if any(one.kind is PlanStepKind.ENDED for one in steps):
            return ConditionState.ENDED
        if around in (PlanState.OVER, PlanState.RESTS):
            return ConditionState(around.value)
        if around is not PlanState.IN_FORCE:
            return ConditionState.WAITS
        newest = next((one.kind for one in reversed(steps) if one.kind in MOVES), None)
        if newest in (PlanStepKind.CONFIRMED, PlanStepKind.SAID):
            return ConditionState.CONFIRMED if newest is PlanStepKind.CONFIRMED else ConditionState.SAID
        return ConditionState.OVERDUE if condition.due_on is not None and condition.due_on < on else ConditionState.OPEN

    def since(self, at: Moment) -> date | None:
        """Since when it was in force."""
        if self.binds_alone:
            return self.plan.holds_from or at.day(self.plan.at)
        said = next((one for one in self.answers if one.answer is not PlanAnswered.DECLINED), None)
        return max(at.day(said.at), self.plan.holds_from or date.min) if said is not None else None


def standings(plans: Sequence[Any], n: int) -> list[Standing]:
    """Each of these plans (rows of PLAN) as of entry `n`, in order."""
    found = {one.id: Standing(one, undone=one.undone_seq is not None and one.undone_seq <= n) for one in plans}
    filings: dict[int, list[Standing]] = defaultdict(list)
    decisions = {one.plan.decision_id: one for one in found.values()}
    for one in found.values():
        filings[one.plan.disclosure_id].append(one)
    for condition in _rows(CONDITION, PlanCondition, found, n, PlanCondition.number):
        found[condition.plan_id].conditions.append(condition)
    for step in _rows(STEP, PlanStep, found, n, PlanStep.id):
        found[step.plan_id].steps.append(step)
    for answer in _rows(ANSWER, PlanAnswer, found, n, PlanAnswer.id):
        found[answer.plan_id].answers.append(answer)
    stood = or_(Decision.undone_seq.is_(None), Decision.undone_seq > n)
    newest = select(func.max(Decision.id)).where(Decision.disclosure_id.in_(filings), Decision.seq <= n, stood)
    wanted = select(Decision.id, Decision.reference, Decision.disclosure_id)
    for decision in db.session.execute(wanted.where(Decision.id.in_(newest.group_by(Decision.disclosure_id)))):
        for one in filings[decision.disclosure_id]:
            one.newest = decision
    last = select(func.max(Transition.id)).where(Transition.disclosure_id.in_(filings), Transition.seq <= n)
    moved = select(Transition.disclosure_id, Transition.target)
    for move in db.session.execute(moved.where(Transition.id.in_(last.group_by(Transition.disclosure_id)))):
        for one in filings[move.disclosure_id]:
            one.decided = move.target is State.DECIDED
    rests = select(Appeal.decision_id).join(AppealRest, and_(AppealRest.appeal_id == Appeal.id, AppealRest.seq <= n))
    for decision_id in db.session.scalars(rests.where(Appeal.decision_id.in_(decisions))):
        decisions[decision_id].rested = True
    return list(found.values())


def _rows(columns: Sequence[Any], model: Any, ids: Collection[int], n: int, order: Any) -> Sequence[Any]:
    return db.session.execute(select(*columns).where(columns[0].in_(ids), model.seq <= n).order_by(order)).all()


def plan_rows(n: int) -> Any:
    """Plans made by entry `n`, with what their decision was."""
    return select(*PLAN).join(Decision, Decision.id == Plan.decision_id).where(Plan.seq <= n)


def open_conditions(decisions: Collection[int], at: Moment) -> dict[int, int]:
    """How many conditions of each of these decisions were open as of N; a decision without a plan is not there."""
    if not decisions:
        return {}
    plans = db.session.execute(plan_rows(at.n).where(Plan.decision_id.in_(decisions))).all()
    counted = {}
    for one in standings(plans, at.n):
        around = one.state(at.today)
        counted[one.plan.decision_id] = sum(one.of(each, around, at.today) in STILL_OPEN for each in one.conditions)
    return counted
