"""What an appeal looks like to its filer and to the officer who has it; reads only."""

from typing import Any

from flask import g
from flask_babel import gettext as _

from coi.appeals import queries
from coi.appeals.queries import Situation, Stands
from coi.disclosures.facts import is_at_the_body
from coi.languages import day, language
from coi.models import Appeal, Decision, Disclosure
from coi.plans.queries import of_decision
from coi.plans.standing import answer_of, binds_alone
from coi.plans.words import conditions_of
from coi.profiles.current import current_profile
from coi.review.assignment import candidates, desks_above
from coi.review.opened import Case
from coi.review.words import desk_in_words
from coi.vocabulary import PlanAnswered


def appeal_page(disclosure: Disclosure, found: Situation) -> dict[str, Any]:
    """Everything on the filer's page: the decision, until when, who looks at it, what goes on meanwhile."""
    decision = found.decision
    return {
        "disclosure": disclosure,
        "found": found,
        "decision": decision,
        "outcome": current_profile().outcome_label(decision.outcome.value, language()) if decision else "",
        "until": day(found.until),
        "desk": _desk(disclosure, found),
        "by_body": decision is not None and decision.motion is not None,
        "after": current_profile().appeals.after_in(language()),
        "why_not": why_not(found),
        "meanwhile": meanwhile(decision),
    }


def meanwhile(decision: Decision | None) -> str:
    """What of a decision holds while an appeal runs: it stands, but nothing binds by silence or after a no (U45)."""
    plan = of_decision(decision)
    if plan is None:
        return str(_("The decision stands until the appeal is decided."))
    if binds_alone(plan):
        return str(_("The decision stands until the appeal is decided: what is not allowed stays so, and its days count."))
    answer = answer_of(plan)
    if answer is not None and answer.answer is not PlanAnswered.DECLINED:
        return str(_("The decision stands until the appeal is decided: the conditions that you accepted still bind you."))
    return str(
        _("The decision stands until the appeal is decided, but you did not accept its conditions, so they do not bind you.")
    )


def _desk(disclosure: Disclosure, found: Situation) -> str:
    """The desk where somebody is free to look at it, as things are now; the first one where nobody is yet."""
    if found.stands is not Stands.OPEN or found.decision is None:
        return ""
    desks = desks_above(disclosure) or [disclosure.desk]
    if found.decision.motion is not None:
        return desk_in_words(disclosure.desk)
    out = {found.decision.by_id, found.decision.recommended_by_id}
    for desk in desks:
        if any(not one.conflicts and not one.away and one.person_id not in out for one in candidates(disclosure, desk, g.now)):
            return desk_in_words(desk)
    return desk_in_words(desks[0])


def has_it(disclosure: Disclosure, appeal: Appeal) -> str:
    """Who has the appeal: a name, a desk where nobody is free yet, or the body that looks at it again."""
    if disclosure.reviewer is not None:
        return disclosure.reviewer.name
    desk = desk_in_words(disclosure.desk)
    at_the_body = appeal.to_body or is_at_the_body(disclosure.desk)
    return desk if at_the_body else str(_("%(desk)s: nobody there is free now, so it waits", desk=desk))


def why_not(found: Situation) -> str:
    """Why nothing can be appealed now, in one sentence; empty where it can."""
    if found.stands is Stands.LATE:
        return str(_("The time to appeal this decision ended with %(day)s.", day=day(found.until)))
    if found.stands is Stands.NOT_DECIDED:
        return str(_("Your form is being looked at now, so there is no decision to appeal. You get a letter when it is decided."))
    if found.stands is Stands.NOTHING:
        return str(_("There is nothing to appeal in this decision: it asks nothing of you."))
    if found.stands is Stands.ANSWERED:
        return str(_("This was decided on your appeal. A decision can be appealed once."))
    return ""


def of_my_filing(disclosure: Disclosure) -> dict[str, Any]:
    """What the page of a filing says about appeals to its filer."""
    found = queries.situation(disclosure, g.now)
    answer = queries.answer_by(found.decision) if found.stands is Stands.ANSWERED else None
    return {
        "appeal": found,
        "appeal_until": day(found.until) if found.stands is Stands.OPEN else "",
        "appeal_answer": answer,
        "after_appeal": current_profile().appeals.after_in(language()) if answer is not None else "",
    }


def appeal_panel(case: Case) -> dict[str, Any]:
    """What the case page reads: the open appeal with the decision it is about, and which decisions were made on appeal."""
    made = queries.open_appeal(case.disclosure) if case.facts.appeal_open else None
    return {
        "appealed": made,
        "appealed_conditions": conditions_of(made.decision) if made is not None else [],
        "appealed_plan": of_decision(made.decision) if made is not None else None,
        "on_appeal": queries.answers_of(case.decisions),
    }
