"""Pages of the office about plans: what needs it, confirm, send back, end early, the yearly look, interim rows; thin."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.clockwork import nudge
from coi.errors import Refused, SomebodyWasFaster
from coi.gate import needs, with_lock_free
from coi.models import Disclosure, Plan, PlanCondition
from coi.plans import actions, interim, queries
from coi.plans.blueprint import bp
from coi.review import queries as review
from coi.rules.permissions import Permission
from coi.vocabulary import Event
from forms.base import CityForm
from forms.plans import ConfirmForm, InterimForm, SayForm, WhyForm


def _office_read() -> tuple[Event, str, dict[str, Any]] | None:
    count = g.get("plans_shown")
    return None if count is None else (Event.LIST_READ, "list:plans", {"list": "plans", "filter": {}, "count": count})


@bp.get("/office")
@needs(Permission.PLANS, reads=_office_read)
def office() -> ResponseReturnValue:
    """The cases whose conditions need the office."""
    looks = queries.to_look_at(g.actor, g.today)
    g.plans_shown = len(looks)
    return render_template("plans/office.html", looks=looks)


@bp.post("/office/one/<reference>/done")
@needs(Permission.PLAN_KEEP, on=queries.condition_for)
def office_say(condition: PlanCondition) -> ResponseReturnValue:
    """What the office keeps is done."""
    form = SayForm()
    return _act(condition.plan.disclosure, form, lambda: actions.say_done(condition, _words(form), g.actor, g.now), _("Kept."))


@bp.post("/office/one/<reference>/confirm")
@needs(Permission.PLAN_KEEP, on=queries.condition_for)
def office_confirm(condition: PlanCondition) -> ResponseReturnValue:
    """The office confirms what was shown."""
    form = ConfirmForm()
    return _act(
        condition.plan.disclosure, form, lambda: actions.confirm(condition, _words(form), g.actor, g.now), _("Confirmed.")
    )


@bp.post("/office/one/<reference>/send-back")
@needs(Permission.PLAN_KEEP, on=queries.condition_for)
def office_back(condition: PlanCondition) -> ResponseReturnValue:
    """The office sends back what does not show it."""
    form = WhyForm()
    done = _("Sent back with your reason.")
    return _act(condition.plan.disclosure, form, lambda: actions.send_back(condition, _words(form), g.actor, g.now), done)


@bp.post("/office/one/<reference>/end")
@needs(Permission.PLAN_KEEP, on=queries.condition_for)
def office_end(condition: PlanCondition) -> ResponseReturnValue:
    """The office ends a condition before its time."""
    form = WhyForm()
    done = _("The condition ended. The filer gets a letter.")
    return _act(condition.plan.disclosure, form, lambda: actions.end_early(condition, _words(form), g.actor, g.now), done)


@bp.post("/office/<reference>/looked-at")
@needs(Permission.PLAN_KEEP, on=queries.plan_for)
def looked_at(plan: Plan) -> ResponseReturnValue:
    """What the office did about a plan that was declined, not answered, or a year old."""
    form = WhyForm()
    return _act(plan.disclosure, form, lambda: actions.look_at(plan, _words(form), g.actor, g.now), _("Written down."))


@bp.post("/office/filing/<reference>/interim")
@needs(Permission.INTERIM, on=review.case)
def set_interim(disclosure: Disclosure) -> ResponseReturnValue:
    """The filer keeps out of something until it is decided."""
    form = InterimForm()

    def act() -> None:
        interim.set_aside(disclosure, form.party.data or "", form.number.data or "", g.actor, g.now)

    return _act(disclosure, form, act, _("Set until the decision. The filer and the supervisor get a letter."))


@bp.post("/office/filing/<reference>/interim-over")
@needs(Permission.INTERIM, on=review.case)
def end_interim(disclosure: Disclosure) -> ResponseReturnValue:
    """It is over before the decision."""
    form = ConfirmForm()
    return _act(disclosure, form, lambda: interim.take_away(disclosure, g.actor, g.now), _("It is over."))


def _words(form: Any) -> str:
    return form.words.data or ""


def _act(disclosure: Disclosure, form: CityForm, act: Callable[[], Any], done: str) -> ResponseReturnValue:
    """Form, action, back to the case; a refusal comes on a page of its own, with the form and what was typed."""
    if not form.validate_on_submit():
        return render_template("plans/once_more.html", disclosure=disclosure, form=form, notice=None), 422
    try:
        act()
    except Refused as refusal:
        with_lock_free()
        form.refuse(refusal)
        code = 409 if isinstance(refusal, SomebodyWasFaster) else refusal.code
        return render_template("plans/once_more.html", disclosure=disclosure, form=form, notice=refusal.message), code
    nudge()
    flash(done, "success")
    return redirect(url_for("review.show", reference=disclosure.reference) + "#conditions", 303)
