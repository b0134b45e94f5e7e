"""What is due of plans and not told yet: before and after a day, silence, the yearly look; each once."""

from datetime import date, datetime
from typing import Any

from coi.db import for_reading, transaction
from coi.languages import day, speaking
from coi.models import Person, Plan, PlanCondition
from coi.notices import actions as notices
from coi.plans import queries, standing
from coi.plans.actions import step
from coi.plans.letters import keeper
from coi.profiles.current import current_profile, forget, today
from coi.rules.deadlines import add_business_days
from coi.rules.permissions import SYSTEM
from coi.rules.plans import REMIND_BEFORE
from coi.vocabulary import PlanStepKind

WAITS, SILENT, SOON, LATE, YEAR = "answer_soon", "silent", "due_soon", "overdue", "year"


def remind(now: datetime) -> int:
    """Writes every reminder that is due and not written; each plan in a transaction of its own; gives how many."""
    forget()
    on = today(now)
    with for_reading():
        due = [plan.reference for plan in queries.in_question() if any(_due(plan, on))]
    return sum(_remind(reference, now) for reference in due)


def _remind(reference: str, now: datetime) -> int:
    with transaction():
        found = queries.plan_for(reference, SYSTEM)
        if found is None:
            return 0
        plan, on, told = found[0], today(now), 0
        for what, condition in list(_due(plan, on)):
            step(plan, PlanStepKind.REMINDED, "", SYSTEM, now, condition, _mark(plan, what, on))
            _letter(plan, what, condition, now)
            told += 1
        return told


def _due(plan: Plan, on: date) -> list[tuple[str, PlanCondition | None]]:
    """What this plan has to tell on a day and has not told."""
    state = standing.state_of(plan, on)
    found: list[tuple[str, PlanCondition | None]] = []
    profile = current_profile()
    if state == standing.OPEN and on >= add_business_days(plan.accept_by, -2, profile.next_business_day):
        found.append((WAITS, None))
    if state == standing.UNANSWERED:
        found.append((SILENT, None))
    for one in standing.standings(plan, on) if state == standing.IN_FORCE else []:
        due = one.condition.due_on
        if one.state == standing.LATE:
            found.append((LATE, one.condition))
        elif (
            one.state == standing.OPEN and due is not None and due - REMIND_BEFORE <= on and today(plan.at) < due - REMIND_BEFORE
        ):
            found.append((SOON, one.condition))
    if standing.asked_again(plan, on):
        found.append((YEAR, None))
    told = {(step_.about, step_.condition_id) for step_ in plan.steps if step_.kind is PlanStepKind.REMINDED}
    return [(what, one) for what, one in found if (_mark(plan, what, on), one.id if one else None) not in told]


def _mark(plan: Plan, what: str, on: date) -> str:
    """What the row says it told of: the yearly question each year anew, everything else once."""
    if what != YEAR:
        return what
    review = standing.review_on(plan)
    return f"{what}:{review.isoformat() if review else on.isoformat()}"


def _letter(plan: Plan, what: str, condition: PlanCondition | None, now: datetime) -> None:
    filing, mark = plan.disclosure.reference, _mark(plan, what, today(now))
    if condition is not None:
        person = keeper(condition)
        if person is not None and person.active and condition.due_on is not None:
            kind = "condition_overdue" if what == LATE else "condition_due"
            _post(kind, person, now, f"{mark}:{condition.reference}", reference=condition.reference, due=condition.due_on)
        return
    if what in (WAITS, YEAR):
        kind = "plan_waits" if what == WAITS else "plan_review"
        _post(kind, plan.filer, now, f"{mark}:{plan.reference}", reference=plan.reference, accept_by=plan.accept_by)
    if what in (SILENT, YEAR):
        kind = "plan_unanswered" if what == SILENT else "plan_review_office"
        for person in queries.officers(plan.disclosure, today(now)):
            _post(kind, person, now, f"{mark}:{plan.reference}:{person.id}", reference=filing, accept_by=plan.accept_by)


def _post(kind: str, person: Person, now: datetime, once: str, **values: Any) -> None:
    with speaking(notices.language_of(person)):
        told = {name: day(value) if isinstance(value, date) else value for name, value in values.items()}
    notices.post(kind, person, now, once, **told)
