"""Acts on a case beside asking the filer: legal advice, a question of fact to the supervisor, taking one back; thin."""

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.advice import actions as advice
from coi.clockwork import nudge
from coi.errors import SomebodyWasFaster
from coi.gate import needs
from coi.models import Disclosure
from coi.review.acting import act_on, as_shown
from coi.review.blueprint import bp
from coi.review.page import ready
from coi.rules.permissions import Permission
from coi.team import actions as team
from coi.team.queries import open_question
from forms.review_messages import AdviceForm, NoLongerForm, SupervisorForm


@bp.post("/<reference>/legal-advice")
@needs(Permission.ADVISE, on=as_shown)
def advise(disclosure: Disclosure) -> ResponseReturnValue:
    """Legal advice, or what an officer asks of the solicitor under the same seal."""
    form = ready(disclosure, "advice", AdviceForm())

    def act() -> None:
        advice.advise(disclosure, form.text.data or "", g.actor, g.now, *form.pin)

    return _told(act_on(disclosure, form, "advice", act, _("Kept as legal advice. The solicitor gets a letter.")))


@bp.post("/<reference>/supervisor")
@needs(Permission.ASK_SUPERVISOR, on=as_shown)
def ask_supervisor(disclosure: Disclosure) -> ResponseReturnValue:
    """One question of fact to the filer's supervisor."""
    form = ready(disclosure, "ask_supervisor", SupervisorForm())

    def act() -> None:
        team.ask_supervisor(disclosure, form.chosen, form.text.data or "", g.actor, g.now, **form.seen)

    done = _("Your question is on its way to the supervisor. The filer sees that you asked, and what.")
    return _told(act_on(disclosure, form, "ask_supervisor", act, done))


@bp.post("/<reference>/supervisor/take-back")
@needs(Permission.ASK_SUPERVISOR, on=as_shown)
def take_back(disclosure: Disclosure) -> ResponseReturnValue:
    """The question to the supervisor is no longer asked."""
    form = ready(disclosure, "take_back", NoLongerForm())

    def act() -> None:
        standing = open_question(disclosure)
        if standing is None:
            raise SomebodyWasFaster(_("The supervisor answered meanwhile, or a colleague took it back. Nothing was done."))
        team.take_back(standing, form.reason.data or "", g.actor, g.now)

    return act_on(disclosure, form, "take_back", act, _("The supervisor is no longer asked."))


def _told(answer: ResponseReturnValue) -> ResponseReturnValue:
    nudge()
    return answer
