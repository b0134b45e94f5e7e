"""Pages of an appeal for its filer: what it is, the reason, the receipt; thin."""

from typing import Any

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coi.appeals import actions, queries
from coi.appeals.blueprint import bp
from coi.appeals.queries import Stands
from coi.appeals.shown import appeal_page, has_it
from coi.clockwork import nudge
from coi.disclosures import queries as filings
from coi.errors import Refused, SomebodyWasFaster
from coi.gate import OWN, needs, with_lock_free
from coi.languages import language
from coi.models import Disclosure
from coi.rules.permissions import Permission
from forms.appeals import AppealForm


@bp.route("/<reference>/appeal", methods=["GET", "POST"])
@needs(Permission.APPEAL, on=filings.own, fresh=OWN)
def begin(disclosure: Disclosure) -> ResponseReturnValue:
    """What an appeal is, who decides it, what goes on meanwhile; one text, sent once."""
    found = queries.situation(disclosure, g.now)
    form = AppealForm()
    if not form.is_submitted():
        if found.stands is Stands.APPEALED:
            return _to_receipt(disclosure)
        form.decision.data = found.decision.reference if found.decision else ""
        return _page(disclosure, form)
    if not form.validate():
        return _page(disclosure, form, code=422)
    told = {"decision": form.decision.data or "", "language": language()}
    try:
        actions.appeal(disclosure, form.reason.data or "", g.actor, g.now, **told)
    except Refused as refusal:
        with_lock_free()
        if refusal.field in form:
            form.refuse(refusal)
            return _page(disclosure, form, code=422)
        return _page(disclosure, form, refusal.message, 409 if isinstance(refusal, SomebodyWasFaster) else 422)
    nudge()
    return _to_receipt(disclosure)


def _to_receipt(disclosure: Disclosure) -> ResponseReturnValue:
    return redirect(url_for("appeals.receipt", reference=disclosure.reference), 303)


def _page(disclosure: Disclosure, form: AppealForm, notice: Any = None, code: int = 200) -> tuple[str, int]:
    found = queries.situation(disclosure, g.now)
    kept = form.reason.data if notice is not None or found.stands is not Stands.OPEN else ""
    told = appeal_page(disclosure, found)
    return render_template("appeals/begin.html", **told, form=form, notice=notice, kept=kept), code


@bp.get("/<reference>/appeal/receipt")
@needs(Permission.APPEAL, on=filings.own)
def receipt(disclosure: Disclosure) -> ResponseReturnValue:
    """That the appeal came: its number, its text with the SHA-256, who has it, what came of it."""
    made = queries.newest_of(disclosure)
    if made is None:
        return redirect(url_for("appeals.begin", reference=disclosure.reference))
    answer = queries.answered(made)
    told = appeal_page(disclosure, queries.situation(disclosure, g.now))
    return render_template("appeals/receipt.html", **told, appeal=made, answer=answer, has_it=has_it(disclosure, made))
