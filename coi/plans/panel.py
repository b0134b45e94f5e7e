"""The section "Conditions" of the case page: each plan, where each condition stands, the forms of the office; reads only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from coi.models import Plan, PlanAnswer
from coi.plans import queries, standing
from coi.plans.proofs import shown_with
from coi.plans.register import interim_rows
from coi.recusals.queries import over_on, stand_in
from coi.review.opened import Case
from coi.rules.permissions import Permission
from forms.plans import ConfirmForm, InterimForm, SayForm, WhyForm


@dataclass(frozen=True)
class OnCase:
    """One plan as the office reads it."""

    plan: Plan
    state: str
    words: Any
    answer: PlanAnswer | None
    each: list[standing.Standing]
    story: list[Any]
    needs: str
    review_on: date | None
    still: Any


def conditions(case: Case) -> dict[str, Any]:
    """Plans, the newest first, and what the filer keeps out of while it is reviewed."""
    plans = [on_case(plan, case.today) for plan in queries.of_filing(case.disclosure)] if case.has("plans") else []
    rows = interim_rows(case.disclosure) if case.has("interim") else []
    return {
        "plans": plans,
        "proofs": shown_with([condition for one in plans for condition in one.plan.conditions]),
        "plan_forms": {
            "say": SayForm(formdata=None),
            "confirm": ConfirmForm(formdata=None),
            **{name: WhyForm(formdata=None) for name in ("back", "end", "looked")},
        },
        "keeps_plans": case.may(Permission.PLAN_KEEP),
        "interim": [(row, stand_in(row), over_on(row)) for row in rows],
        "interim_form": InterimForm(formdata=None) if case.may(Permission.INTERIM) else None,
    }


def on_case(plan: Plan, on: date) -> OnCase:
    """A plan with everything that is shown of it."""
    state = standing.state_of(plan, on)
    needs = queries.needs_office(plan, on)
    return OnCase(
        plan=plan,
        state=state,
        words=standing.PLAN_WORDS[state],
        answer=standing.answer_of(plan),
        each=standing.standings(plan, on),
        story=queries.story(plan),
        needs=needs[0] if needs else "",
        review_on=standing.review_on(plan) if state == standing.IN_FORCE else None,
        still=standing.still_so(plan),
    )
