"""Pages of the notices room; thin: form, action, redirect."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from coi.gate import needs
from coi.notices import actions, queries
from coi.rules.permissions import Permission

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.get("/")
@needs(Permission.LETTERS)
def letters() -> ResponseReturnValue:
    """What left, what waits, what must be printed, what stopped."""
    state, before = request.args.get("state", ""), request.args.get("before", "")
    lines = queries.lines(g.actor, state, before)
    following = url_for(".letters", state=state or None, before=lines[-1].reference) if len(lines) == queries.PAGE else None
    return render_template(
        "notices/letters.html",
        lines=lines,
        counts=queries.counts(),
        state=state if state in queries.STATES else "",
        state_of=queries.state_of,
        following=following,
    )


@bp.get("/letters/<reference>")
@needs(Permission.LETTERS, on=queries.letter)
def letter(line: queries.Line) -> ResponseReturnValue:
    """The text of one letter."""
    return render_template("notices/letter.html", line=line, state=queries.state_of(line.letter))


@bp.get("/to-print")
@needs(Permission.LETTERS)
def to_print() -> ResponseReturnValue:
    """Letters of people without e-mail, one on each sheet."""
    return render_template("notices/to_print.html", lines=queries.to_print(g.actor))


@bp.post("/to-print")
@needs(Permission.LETTERS)
def printed() -> ResponseReturnValue:
    """They are printed and on their way."""
    number = actions.mark_printed(request.form.getlist("letter"), g.actor, g.now)
    flash(ngettext("%(num)s letter is marked as printed.", "%(num)s letters are marked as printed.", number), "success")
    return redirect(url_for(".letters", state="to_print"))
