"""My complete file, what came after a decision: its conditions, the own answers to them, each step; reads only.

Holds what the filer wrote or was told; never why the office did something, nor what somebody else wrote of a condition of theirs.
"""

from typing import Any

from flask_babel import gettext as _

from coi.exports.stood_in import Stood
from coi.languages import clock, day
from coi.models import Decision, Plan, PlanStep
from coi.papers import Paper
from coi.plans import queries as plans
from coi.plans import standing
from coi.plans.proofs import shown_with
from coi.plans.words import confirmer_in_words, due_in_words, from_when, meanwhile_in_words, owner_in_words, words_of
from coi.vocabulary import PlanStepKind

# What the office notes of a whole plan is its own.
OF_THE_OFFICE = frozenset({PlanStepKind.LOOKED_AT, PlanStepKind.REVIEWED})

Rows = list[tuple[Any, Any]]


def in_a_workbook(one: Stood) -> str:
    """That a filing stood in a full workbook, as its filer reads it."""
    return str(
        _(
            "It stood, in words, in a full workbook that %(who)s asked for and another person approved, made on %(day)s.",
            who=one.who,
            day=day(one.day),
        )
    )


def plan_blocks(paper: Paper, decision: Decision) -> bool:
    """The conditions of a decision with what was said and done; False where it has no plan."""
    plan = plans.of_decision(decision)
    if plan is None:
        return False
    alone, files = standing.binds_alone(plan), shown_with(plan.conditions)
    # What goes on until an answer comes is over with the answer; the officer's own words stay.
    meanwhile = meanwhile_in_words(plan.meanwhile, alone) if alone or not plan.answers or plan.meanwhile else ""
    rows: Rows = [(_("The rule"), plan.rule), (_("From when"), from_when(plan)), (_("Meanwhile"), meanwhile)]
    paper.facts([(label, value) for label, value in rows if value])
    if plan.conditions:
        paper.heading(_("Conditions"), 4)
    for one in plan.conditions:
        rows = [
            (_("Who keeps it"), owner_in_words(one, plan.filer_id)),
            (_("By when"), due_in_words(one)),
            (_("How it is shown"), words_of(one.proof)),
            (_("Who confirms it"), confirmer_in_words(one, plan.filer_id)),
        ]
        for step in (step for step in plan.steps if step.condition_id == one.id):
            rows.append(_step(step, plan))
            if step.id in files and step.by_id == plan.filer_id:
                rows.append((_("File that you added"), files[step.id].filename))
        paper.entry(f"{one.number}. {words_of(one.text)}", [(label, value) for label, value in rows if value])
    _answers(paper, plan)
    return True


def _answers(paper: Paper, plan: Plan) -> None:
    if plan.answers:
        paper.heading(_("What you answered"), 4)
    for said in plan.answers:
        rows: Rows = [(_("In your words"), said.words), (_("Signed as"), said.signed_name), (_("Signed on"), clock(said.at))]
        rows += [("SHA-256", said.sha256)]
        paper.entry(said.answer.label, [(label, value) for label, value in rows if value])
    paper.facts([_step(step, plan) for step in plan.steps if step.condition_id is None and step.kind not in OF_THE_OFFICE])


def _step(step: PlanStep, plan: Plan) -> tuple[str, str]:
    """When and what; the words where the filer wrote them, or where they were written for the filer."""
    mine = step.by_id == plan.filer_id
    condition = next((one for one in plan.conditions if one.id == step.condition_id), None)
    to_me = condition is not None and condition.owner_id == plan.filer_id
    for_me = step.kind is PlanStepKind.ENDED or (to_me and step.kind in (PlanStepKind.SENT_BACK, PlanStepKind.CONFIRMED))
    what = str(step.kind.label)
    if step.kind is PlanStepKind.STILL_SO:
        what = _("You said: it is still so") if step.about == "yes" else _("You said: something changed")
    return clock(step.at), "\n".join(part for part in (what, step.words if mine or for_me else "") if part)
