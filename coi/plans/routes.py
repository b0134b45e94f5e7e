"""Pages of who is given conditions, and of who keeps or confirms one: read, answer, show, confirm; thin."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.clockwork import nudge
from coi.errors import Refused, SomebodyWasFaster
from coi.gate import OWN, Trace, needs, with_lock_free
from coi.languages import language
from coi.models import Plan, PlanCondition
from coi.plans import actions, office, proof_pages, queries, standing
from coi.plans.blueprint import bp
from coi.plans.letter_paper import letter_of
from coi.plans.shown import shown_condition, shown_plan
from coi.rules.permissions import Permission
from coi.vocabulary import Event, PlanAnswered
from forms.base import CityForm
from forms.plans import AnswerForm, ConfirmForm, SayForm, StillForm, WhyForm

__all__ = ["bp", "office", "proof_pages"]


@bp.get("/")
@needs(Permission.SIGNED_IN)
def mine() -> ResponseReturnValue:
    """The conditions I was given, and those of others that I keep or confirm."""
    given = [
        (plan, standing.state_of(plan, g.today), standing.standings(plan, g.today)) for plan in queries.mine(g.actor.person_id)
    ]
    return render_template("plans/mine.html", given=given, others=queries.of_others(g.actor, g.today), words=standing.PLAN_WORDS)


@bp.get("/<reference>")
@needs(Permission.PLAN_OWN, on=queries.plan_for)
def show(plan: Plan) -> ResponseReturnValue:
    """Conditions that I was given: what, why, from when, by when, what goes on meanwhile, and my answer."""
    return _plan_page(plan)


def _plan_page(plan: Plan, code: int = 200, notice: Any = None, **typed: CityForm) -> tuple[str, int]:
    answer = typed.get("answer") or AnswerForm(formdata=None, plan=plan.sha256)
    still = typed.get("still") or StillForm(formdata=None)
    return render_template("plans/show.html", **shown_plan(plan), answer_form=answer, still_form=still, notice=notice), code


@bp.post("/<reference>/answer")
@needs(Permission.PLAN_OWN, on=queries.plan_for, fresh=OWN)
def answer(plan: Plan) -> ResponseReturnValue:
    """My signed answer."""
    form = AnswerForm()
    signed = {"language": language(), "method": str(getattr(g, "sign_in_method", "") or "")}

    def act() -> None:
        said, words, name = PlanAnswered(form.answer.data), form.words.data or "", form.signed_name.data or ""
        actions.answer(plan, said, words, name, form.plan.data or "", g.actor, g.now, **signed)

    def again(code: int, notice: Any) -> ResponseReturnValue:
        if code == 409:
            form.plan.data = plan.sha256
        return _plan_page(plan, code, notice, answer=form)

    return _act(
        form, act, again, _("Thank you. Your answer is signed and kept."), url_for("plans.show", reference=plan.reference)
    )


@bp.post("/<reference>/still-so")
@needs(Permission.PLAN_OWN, on=queries.plan_for)
def still(plan: Plan) -> ResponseReturnValue:
    """My answer to the yearly question."""
    form = StillForm()

    def act() -> None:
        actions.say_still_so(plan, form.still.data == "yes", form.words.data or "", g.actor, g.now)

    def again(code: int, notice: Any) -> ResponseReturnValue:
        return _plan_page(plan, code, notice, still=form)

    return _act(form, act, again, _("Thank you. The ethics office reads it."), url_for("plans.show", reference=plan.reference))


@bp.get("/<reference>/letter.pdf")
@needs(Permission.PLAN_OWN, on=queries.plan_for)
def letter(plan: Plan) -> ResponseReturnValue:
    """The letter to print: rule, reason, days, each condition with due and proof."""
    told = {"Content-Disposition": f"attachment; filename={plan.reference}-letter.pdf"}
    return Response(letter_of(plan), content_type="application/pdf", headers=told)


def _condition_read(condition: PlanCondition) -> Trace | None:
    if g.actor.person_id == condition.plan.filer_id:
        return None
    subject = f"disclosure:{condition.plan.disclosure.reference}"
    return Event.PLAN_READ, subject, {"condition": condition.number, "as": "condition_only"}


@bp.get("/one/<reference>")
@needs(Permission.CONDITION_READ, on=queries.condition_for, reads=_condition_read)
def condition(condition: PlanCondition) -> ResponseReturnValue:
    """One condition: for who keeps it and who confirms it; nothing of the filing it comes from."""
    return _one(condition)


def _one(condition: PlanCondition, code: int = 200, notice: Any = None, **typed: CityForm) -> tuple[str, int]:
    forms = {"say": SayForm, "confirm": ConfirmForm, "back": WhyForm}
    ready = {f"{name}_form": typed.get(name) or kind(formdata=None) for name, kind in forms.items()}
    return render_template("plans/condition.html", **shown_condition(condition), **ready, notice=notice), code


@bp.post("/one/<reference>/done")
@needs(Permission.CONDITION_SAY, on=queries.condition_for)
def say(condition: PlanCondition) -> ResponseReturnValue:
    """It is done, and this shows it."""
    form = SayForm()

    def act() -> None:
        file = form.file.data or None
        actions.say_done(condition, form.words.data or "", g.actor, g.now, file, file.filename or "" if file else "")

    return _on_one(condition, form, "say", act, _("Thank you. Who confirms it was told."))


@bp.post("/one/<reference>/confirm")
@needs(Permission.CONDITION_CONFIRM, on=queries.condition_for)
def confirm(condition: PlanCondition) -> ResponseReturnValue:
    """It was shown."""
    form = ConfirmForm()

    def act() -> None:
        actions.confirm(condition, form.words.data or "", g.actor, g.now)

    return _on_one(condition, form, "confirm", act, _("Confirmed."))


@bp.post("/one/<reference>/send-back")
@needs(Permission.CONDITION_CONFIRM, on=queries.condition_for)
def send_back(condition: PlanCondition) -> ResponseReturnValue:
    """It was not shown yet."""
    form = WhyForm()

    def act() -> None:
        actions.send_back(condition, form.words.data or "", g.actor, g.now)

    return _on_one(condition, form, "back", act, _("Sent back with your reason."))


def _on_one(condition: PlanCondition, form: CityForm, name: str, act: Callable[[], Any], done: str) -> ResponseReturnValue:
    def again(code: int, notice: Any) -> ResponseReturnValue:
        return _one(condition, code, notice, **{name: form})

    return _act(form, act, again, done, url_for("plans.condition", reference=condition.reference))


def _act(
    form: CityForm, act: Callable[[], Any], again: Callable[[int, Any], ResponseReturnValue], done: str, to: str
) -> ResponseReturnValue:
    """Form, action, redirect; a refusal comes back on the page with what was typed."""
    if not form.validate_on_submit():
        return again(422, None)
    try:
        act()
    except Refused as refusal:
        with_lock_free()
        if isinstance(refusal, SomebodyWasFaster):
            return again(409, refusal.message)
        form.refuse(refusal)
        return again(refusal.code, None)
    nudge()
    flash(done, "success")
    return redirect(to, 303)
