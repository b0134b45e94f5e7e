"""Pages of legal advice: the solicitor's list, one case's advice without the filing, the act that releases a piece; thin."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.advice import actions, queries
from coi.clockwork import nudge
from coi.errors import Refused
from coi.gate import OFFICE, Trace, needs
from coi.models import Disclosure
from coi.rules.permissions import Permission
from coi.vocabulary import Event
from forms.advice import ReleaseForm, WriteForm

bp = Blueprint("advice", __name__, url_prefix="/legal-advice")


@bp.get("/")
@needs(Permission.ADVICE)
def listed() -> ResponseReturnValue:
    """The cases on which I was asked."""
    return render_template("advice/listed.html", lines=queries.listed(g.actor))


def _read(disclosure: Disclosure) -> Trace:
    count = len(queries.of(disclosure))
    return Event.ADVICE_READ, f"disclosure:{disclosure.reference}", {"count": count}


@bp.get("/<reference>")
@needs(Permission.READ_ADVICE, on=queries.case, reads=_read)
def show(disclosure: Disclosure) -> ResponseReturnValue:
    """The legal advice on one case; nothing of the filing."""
    return _page(disclosure)


def _page(disclosure: Disclosure, write: Any = None, release: Any = None, code: int = 200) -> ResponseReturnValue:
    page = render_template(
        "advice/show.html",
        disclosure=disclosure,
        pieces=queries.of(disclosure),
        facts=queries.facts_of(disclosure, g.actor),
        form=write or WriteForm(formdata=None),
        release=release,
        fresh=ReleaseForm(formdata=None),
    )
    return page, code


@bp.post("/<reference>")
@needs(Permission.ADVISE, on=queries.case)
def write(disclosure: Disclosure) -> ResponseReturnValue:
    """Adds to the advice."""
    form = WriteForm()
    if not form.validate_on_submit():
        return _page(disclosure, form, code=422)
    try:
        actions.advise(disclosure, form.text.data or "", g.actor, g.now)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(disclosure, form, code=refusal.code)
    nudge()
    flash(_("Kept as legal advice."), "success")
    return redirect(url_for("advice.show", reference=disclosure.reference), 303)


@bp.post("/<reference>/release")
@needs(Permission.RELEASE_ADVICE, on=queries.case, fresh=OFFICE)
def release(disclosure: Disclosure) -> ResponseReturnValue:
    """Lets one piece into the case file."""
    form = ReleaseForm()
    if not form.validate_on_submit():
        return _page(disclosure, release=form, code=422)
    try:
        actions.release(disclosure, form.chosen, form.reason.data or "", g.actor, g.now)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(disclosure, release=form, code=refusal.code)
    flash(_("Released. It is part of the case file now."), "success")
    return redirect(url_for("advice.show", reference=disclosure.reference), 303)
