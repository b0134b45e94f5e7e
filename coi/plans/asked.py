"""What conditions ask of a person on the home page: an answer, a proof, a confirmation, the yearly question; reads only."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from coi.plans import queries, standing
from coi.rules.permissions import Actor


def asked_of(actor: Actor, on: date) -> list[tuple[Any, ...]]:
    """Each as title, text, label, address, post, due, late: what the home page makes a task of."""
    if actor.person_id is None:
        return []
    told: list[tuple[Any, ...]] = []
    for plan in queries.mine(actor.person_id):
        state = standing.state_of(plan, on)
        if state == standing.OVER:
            continue
        url = url_for("plans.show", reference=plan.reference)
        if state in (standing.OPEN, standing.UNANSWERED):
            text = _("A decision about your form has conditions: accept, accept with an objection, or decline.")
            late = state == standing.UNANSWERED
            told.append((_("Please answer the conditions"), text, _("Read and answer"), url, False, plan.accept_by, late))
        if standing.asked_again(plan, on) and standing.still_so(plan) is None:
            text = _("A year ago you were given conditions. Please say whether everything is still as it was.")
            told.append((_("Is it still so?"), text, _("Answer"), f"{url}#still-so"))
        told.extend(_to_show(one) for one in standing.standings(plan, on) if _mine(one, actor))
    for other in queries.of_others(actor, on):
        if other.to == "say":
            told.append(_to_show(other.standing))
        elif other.to == "confirm":
            url = url_for("plans.condition", reference=other.condition.reference)
            text = _("Who keeps a condition says that it is done. Please confirm it, or send it back.")
            told.append((_("Please confirm a condition"), text, _("Read and confirm"), url))
    return told


def _mine(one: standing.Standing, actor: Actor) -> bool:
    return one.state in (standing.OPEN, standing.LATE) and one.condition.owner_id == actor.person_id


def _to_show(one: standing.Standing) -> tuple[Any, ...]:
    condition = one.condition
    url = url_for("plans.condition", reference=condition.reference)
    text = _("Say what was done and what shows it.")
    late = one.state == standing.LATE
    return (_("Please show that a condition is kept"), text, _("Say what was done"), url, False, condition.due_on, late)
