"""Stepping out of a case without opening it, and the calm page afterwards; joins the blueprint of review; thin."""

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coi.disclosures.facts import facts_for
from coi.duties.queries import stepped_out as stepped_out_of
from coi.errors import Refused
from coi.gate import needs, with_lock_free
from coi.models import Disclosure
from coi.review import actions, queries
from coi.review.blueprint import bp
from coi.rules.permissions import Permission, has_it
from forms.review import RecuseForm


@bp.route("/<reference>/step-out", methods=["GET", "POST"])
@needs(Permission.RECUSE, on=queries.case)
def step_out(disclosure: Disclosure) -> ResponseReturnValue:
    """One click from the queue: who, why; no answer is shown. Also out of a case that a colleague or nobody has."""
    form = RecuseForm()
    if not has_it(g.actor, facts_for(disclosure, g.actor)):
        form.of_another()
    code = 200
    if form.is_submitted():
        code = 422
        form.version.data, form.state.data = str(disclosure.version), disclosure.state.value
        if form.validate():
            try:
                actions.recuse(disclosure, form.reason.data or "", g.actor, g.now, form.kind.data or "")
            except Refused as refusal:
                with_lock_free()
                form.refuse(refusal)
            else:
                return redirect(url_for("review.stepped_out", reference=disclosure.reference), 303)
    return render_template("review/step_out.html", disclosure=disclosure, form=form), code


@bp.get("/<reference>/stepped-out")
@needs(Permission.STEPPED_OUT, on=stepped_out_of)
def stepped_out(disclosure: Disclosure) -> ResponseReturnValue:
    """What happened, for who stepped out: it is done, nothing else is asked; no answer and no name is shown."""
    return render_template("review/stepped_out.html", disclosure=disclosure, had=queries.had_it(disclosure, g.actor))
