"""The rhythm of every act on a case: form, action, redirect; who comes too late is told who was faster and keeps the text."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coi.errors import Refused, SomebodyWasFaster
from coi.gate import with_lock_free
from coi.models import Disclosure
from coi.review import queries
from coi.review.page import case_forms, case_page, kept_texts
from coi.review.queue_page import back_to_queue
from coi.review.referring import ReferTo
from coi.rules.permissions import Actor, Facts
from forms.base import CityForm
from forms.review import BoundForm


def as_shown(reference: str, actor: Actor) -> tuple[Disclosure, Facts] | None:
    """The case of an act, judged by the state that its page showed: who comes too late is told so and keeps the text."""
    return queries.case_as_shown(reference, actor, request.form.get("state", "")[:40])


def act_on(
    disclosure: Disclosure, form: CityForm, name: str, act: Callable[[], Any], done: str, then: str = "review.queue"
) -> ResponseReturnValue:
    """The rhythm of every act on a case: form, action, redirect; a refusal comes back on the case page with what was typed.

    `then` is the page for who may no longer read the case.
    """
    if "plan" in form and form.plan.pressed:
        return once_more(disclosure, form, name, None, 200)  # a row was added or taken away: nothing is done yet
    if not form.validate_on_submit():
        return once_more(disclosure, form, name, None, 422)
    try:
        act()
    except Refused as refusal:
        # Conditions are rows of the editor: what is wrong with them stands there.
        named = "plan" if refusal.field == "conditions" and "plan" in form else refusal.field
        field = form[named] if named and named in form else None
        if field is not None:
            field.errors = [*field.errors, refusal.message]
        notice = None if field is not None else refusal.message
        code = 409 if isinstance(refusal, SomebodyWasFaster) else 422
        return once_more(disclosure, form, name, notice, code)
    if done:
        flash(done, "success")
    if queries.still_readable(disclosure, g.actor):
        return redirect(url_for("review.show", reference=disclosure.reference))
    return redirect(back_to_queue() if then == "review.queue" else url_for(then, reference=disclosure.reference))


def referral_of(form: Any) -> ReferTo | None:
    """To whom the form says a case is referred; None where it says nothing."""
    whom = form.referred_to.data or ""
    return ReferTo(whom, form.referred_on.data, bool(form.tell_filer.data)) if whom else None


def once_more(disclosure: Disclosure, form: CityForm, name: str, notice: Any, code: int) -> ResponseReturnValue:
    """The case page as it is now, with what was typed; who may no longer read the case gets the own words back and no more."""
    with_lock_free()
    if not queries.still_readable(disclosure, g.actor):
        return render_template("review/lost.html", kept=kept_texts(form)), 409
    forms = case_forms(disclosure, **{name: form})
    if code == 409 and name in forms and isinstance(form, BoundForm):
        form.shows(disclosure.version, disclosure.state.value)  # what is sent again answers the page that is shown now
    kept = [] if name in forms else kept_texts(form)
    return case_page(disclosure, g.actor, forms, notice, kept), code
