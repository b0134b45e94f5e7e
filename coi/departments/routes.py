"""The page of a department's head; thin: form, action, redirect. It shows names, titles, levels and duties, never an answer."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.departments import actions, queries
from coi.errors import Refused, SomebodyWasFaster
from coi.gate import needs
from coi.rules.permissions import Permission
from coi.vocabulary import Level
from forms.departments import ConfirmForm, WrongForm

bp = Blueprint("departments", __name__, url_prefix="/my-department")

Led = list[queries.Department]


@bp.get("/")
@needs(Permission.DEPARTMENT, on=queries.mine)
def mine(led: Led) -> ResponseReturnValue:
    """The list of the department that I lead."""
    return _page(led)


@bp.post("/right")
@needs(Permission.DEPARTMENT, on=queries.mine)
def confirm(led: Led) -> ResponseReturnValue:
    """The list is right."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _page(led), 422
    try:
        actions.confirm(_named(led, form.department.data), form.seen.data or "", g.actor, g.now)
    except Refused as refusal:
        return _page(led, notice=refusal.message), 409 if isinstance(refusal, SomebodyWasFaster) else 422
    flash(_("Thank you. The campaign desk sees that the list is right."), "success")
    return redirect(url_for(".mine"))


@bp.post("/wrong")
@needs(Permission.DEPARTMENT, on=queries.mine)
def wrong(led: Led) -> ResponseReturnValue:
    """Something in the list is wrong."""
    form = WrongForm()
    if form.validate_on_submit():
        try:
            actions.say_wrong(_named(led, form.department.data), form.text.data, g.actor, g.now)
            flash(_("The campaign desk has your note and corrects the roster."), "success")
            return redirect(url_for(".mine"))
        except Refused as refusal:
            form.refuse(refusal)
    return _page(led, form), 422


def _named(led: Led, name: str | None) -> queries.Department:
    for one in led:
        if one.name == name:
            return one
    raise Refused(_("You do not lead this department."))


def _page(led: Led, form: WrongForm | None = None, notice: str = "") -> str:
    return render_template(
        "departments/mine.html",
        led=led,
        form=form,
        fresh=WrongForm(formdata=None),
        notice=notice,
        duties=queries.words_for(code for one in led for member in one.members for code in member.duties),
        levels={level.value: level.label for level in Level},
    )
