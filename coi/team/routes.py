"""Pages of a supervisor: own reports, what they stepped aside from, a question of fact with its answer; thin."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.clockwork import nudge
from coi.errors import Refused
from coi.gate import needs
from coi.models import SupervisorQuestion
from coi.rules.actors import Actor, Facts
from coi.rules.permissions import Permission
from coi.team import actions, queries
from forms.team import FactForm

bp = Blueprint("team", __name__, url_prefix="/my-team")


def _mine(actor: Actor) -> tuple[queries.Team, Facts]:
    return queries.mine(actor, g.today)


@bp.get("/")
@needs(Permission.TEAM, on=_mine)
def mine(team: queries.Team) -> ResponseReturnValue:
    """Who reports to me: filed, not filed, on leave; what they stepped aside from; questions put to me."""
    return render_template("team/mine.html", team=team)


@bp.route("/questions/<reference>", methods=["GET", "POST"])
@needs(Permission.ANSWER_FACT, on=queries.question)
def question(question: SupervisorQuestion) -> ResponseReturnValue:
    """One question of fact, with the name of whom it is about and nothing else; answered once."""
    form, code = FactForm(), 200
    if form.validate_on_submit():
        try:
            actions.answer(question, form.text.data or "", g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
            code = refusal.code
        else:
            nudge()
            flash(_("Thank you. The ethics office has your answer."), "success")
            return redirect(url_for("team.question", reference=question.reference), 303)
    elif form.is_submitted():
        code = 422
    return render_template("team/question.html", question=question, form=form), code
