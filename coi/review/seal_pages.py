"""Pages of a seal on the reading of a case: asked for by one senior officer, lifted by one; thin: form, action, redirect."""

from collections.abc import Mapping

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from coi.errors import Refused
from coi.gate import OFFICE, needs, with_lock_free
from coi.models import Disclosure, Seal
from coi.review import queries, sealing
from coi.review.blueprint import bp
from coi.rules.permissions import Permission
from forms.sealing import LiftForm, SealForm


@bp.route("/<reference>/seal", methods=["GET", "POST"])
@needs(Permission.SEAL, on=queries.case, fresh=OFFICE)
def seal(disclosure: Disclosure) -> ResponseReturnValue:
    """The seals that stand on a case, and the form that asks for one."""
    form = SealForm()
    named = sealing.may_be_named(disclosure, g.today)
    form.readers.choices = [SelectChoice(str(number), name) for number, name in named]
    if form.validate_on_submit():
        try:
            readers = {int(one) for one in form.readers.data or []}
            sealing.ask(disclosure, readers, form.until.data, form.reason.data, g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Asked. Another senior officer must approve it; until then every reading is told."), "success")
            return redirect(url_for("review.show", reference=disclosure.reference), 303)
    return _page(disclosure, form, 422 if form.is_submitted() else 200)


@bp.post("/<reference>/seals/<seal>/lift")
@needs(Permission.SEAL, on=sealing.of_case, fresh=OFFICE)
def lift_seal(both: tuple[Seal, Disclosure]) -> ResponseReturnValue:
    """Ends a seal before its day."""
    standing, disclosure = both
    form = LiftForm()
    if form.validate_on_submit():
        try:
            sealing.lift(standing, disclosure, form.because.data, g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The seal is lifted. The filer sees from now on who read it."), "success")
            return redirect(url_for("review.show", reference=disclosure.reference), 303)
    asked = SealForm(formdata=None)
    asked.readers.choices = [SelectChoice(str(number), name) for number, name in sealing.may_be_named(disclosure, g.today)]
    return _page(disclosure, asked, 422, {standing.reference: form})


def _page(disclosure: Disclosure, form: SealForm, code: int, typed: Mapping[str, LiftForm] | None = None) -> ResponseReturnValue:
    if code != 200:
        with_lock_free()
    seals = []
    for seal, names in sealing.on_case(disclosure, g.today):
        lift = (typed or {}).get(seal.reference) or LiftForm(formdata=None)
        lift.because.id = f"because-{seal.reference}"  # one for each seal
        seals.append((seal, names, lift))
    return render_template("review/seal.html", disclosure=disclosure, form=form, seals=seals), code
