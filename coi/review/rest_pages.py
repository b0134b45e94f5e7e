"""Who has an appeal lets what was decided rest until it is decided; thin."""

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.appeals.resting import let_rest as rest
from coi.clockwork import nudge
from coi.gate import OFFICE, needs
from coi.models import Disclosure
from coi.review.acting import act_on, as_shown
from coi.review.blueprint import bp
from coi.review.page import ready
from coi.rules.permissions import Permission
from forms.review_messages import RestForm


@bp.post("/<reference>/let-rest")
@needs(Permission.DECIDE, on=as_shown, fresh=OFFICE)
def let_rest(disclosure: Disclosure) -> ResponseReturnValue:
    """Nothing binds the filer until the appeal is decided."""
    form = ready(disclosure, "let_rest", RestForm())

    def act() -> None:
        rest(disclosure, form.reason.data or "", g.actor, g.now, **form.seen)
        nudge()

    return act_on(disclosure, form, "let_rest", act, _("It rests until the appeal is decided. The filer gets a letter."))
