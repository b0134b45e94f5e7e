"""A decided case is opened again: the act on the case page; thin."""

from flask import flash, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.gate import OFFICE, needs
from coi.models import Disclosure
from coi.review import reopening
from coi.review.acting import act_on, as_shown
from coi.review.blueprint import bp
from coi.rules.permissions import Permission
from forms.review import ReopenForm


@bp.post("/<reference>/reopen")
@needs(Permission.ASK_REOPEN, on=as_shown, fresh=OFFICE)
def reopen(disclosure: Disclosure) -> ResponseReturnValue:
    """Who reads a decided case asks for another look; a senior officer who did not ask approves or refuses."""
    form = ReopenForm()

    def act() -> None:
        waits = reopening.ask(disclosure, form.reason.data, g.actor, g.now, **form.seen)
        flash(_("Asked. A senior officer other than you decides it.") if waits else _("The case is open again."), "success")

    return act_on(disclosure, form, "reopen", act, "")
