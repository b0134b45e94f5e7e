"""A plan and one condition as their pages show them to the person who reads; reads only."""

from typing import Any

from flask import g

from coi.appeals.shown import of_my_filing
from coi.languages import language
from coi.models import Plan, PlanCondition
from coi.plans import queries, standing
from coi.plans.proofs import shown_with
from coi.plans.words import (
    CONTRACT,
    SILENCE,
    confirmer_in_words,
    due_in_words,
    from_when,
    meanwhile_in_words,
    owner_in_words,
    words_of,
)
from coi.profiles.current import current_profile
from coi.rules.permissions import Permission, allows


def line(one: standing.Standing) -> dict[str, Any]:
    """One condition in words."""
    condition = one.condition
    return {
        "condition": condition,
        "standing": one,
        "text": words_of(condition.text),
        "due": due_in_words(condition),
        "proof": words_of(condition.proof),
        "owner": owner_in_words(condition, g.actor.person_id),
        "confirmer": confirmer_in_words(condition, g.actor.person_id),
        "mine": condition.owner_id == g.actor.person_id,
    }


def shown_plan(plan: Plan) -> dict[str, Any]:
    """Everything on the filer's page of a plan."""
    state = standing.state_of(plan, g.today)
    alone, said = standing.binds_alone(plan), standing.answer_of(plan)
    return {
        **of_my_filing(plan.disclosure),
        "plan": plan,
        "state": state,
        "state_words": standing.PLAN_WORDS[state],
        "outcome": current_profile().outcome_label(plan.decision.outcome.value, language()),
        "managed": not alone,
        "answer": said,
        "may_answer": standing.may_be_answered(plan, g.today),
        "from_when": from_when(plan),
        "lines": [line(one) for one in standing.standings(plan, g.today)],
        # What goes on until an answer comes is over with the answer; the officer's own words stay.
        "meanwhile": meanwhile_in_words(plan.meanwhile, alone) if alone or said is None or plan.meanwhile else "",
        "contract": CONTRACT,
        "silence": SILENCE,
        "asked_again": standing.asked_again(plan, g.today),
        "still": standing.still_so(plan),
    }


def shown_condition(condition: PlanCondition) -> dict[str, Any]:
    """Everything on the page of one condition: the condition, whose it is, what was said, what may be done."""
    one = standing.standing(condition, g.today)
    facts = queries.facts_of(condition, g.actor)
    steps = [step for step in condition.plan.steps if step.condition_id == condition.id]
    waits = one.state == standing.SAID
    return {
        "line": line(one),
        "condition": condition,
        "filer": condition.plan.filer,
        "own": condition.plan.filer_id == g.actor.person_id,
        "steps": [step for step in steps if step.person is not None],
        "proofs": shown_with([condition]),
        "since": standing.since_when(condition.plan),
        "may_say": one.state in (standing.OPEN, standing.LATE) and allows(g.actor, Permission.CONDITION_SAY, facts),
        "may_confirm": waits and allows(g.actor, Permission.CONDITION_CONFIRM, facts),
    }
