"""A decided case is opened again: the act on the case page; thin."""

from flask import g
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
@needs(Permission.REOPEN, on=as_shown, fresh=OFFICE)
def reopen(disclosure: Disclosure) -> ResponseReturnValue:
    """A senior officer asks for another look; another senior officer approves."""
    form = ReopenForm()
    waits = reopening.needs_second()
    done = _("Asked. Another senior officer must approve it.") if waits else _("The case is open again.")

    def act() -> None:
        reopening.ask(disclosure, form.reason.data, g.actor, g.now, **form.seen)

    return act_on(disclosure, form, "reopen", act, done)
