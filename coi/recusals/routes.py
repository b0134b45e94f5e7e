"""Pages of stepping aside: file it, my own ones, what a supervisor is told, the register, the memorandum; thin."""

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.clockwork import nudge
from coi.errors import Refused
from coi.gate import Trace, needs
from coi.models import StepAside
from coi.recusals import actions, memo, queries
from coi.recusals import notices as outside
from coi.recusals.blueprint import bp
from coi.rules.permissions import Permission
from coi.vocabulary import Event
from forms.recusals import OverForm, StandInForm, StepAsideForm

__all__ = ["bp", "outside"]


@bp.route("/", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def mine() -> ResponseReturnValue:
    """Step aside now, and everything that I stepped aside from."""
    form = StepAsideForm()
    if form.validate_on_submit():
        try:
            made = actions.step_aside(form.matter.data or "", form.party.data or "", form.since.data, g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            nudge()
            flash(_("Done. It is in the register: %(reference)s.", reference=made.reference), "success")
            return redirect(url_for("recusals.show", reference=made.reference), 303)
    if not form.is_submitted():
        form.since.data = g.today
    told = {"own": queries.mine(g.actor.person_id), "told": queries.told_to(g.actor)}
    return render_template("recusals/mine.html", form=form, **told), 422 if form.is_submitted() else 200


def _read(recusal: StepAside) -> Trace | None:
    if g.actor.person_id == recusal.person_id:
        return None
    seen = "office" if queries.sees_the_party(recusal, g.actor) else "matter_only"
    return Event.RECUSAL_READ, f"recusal:{recusal.reference}", {"as": seen}


@bp.get("/<reference>")
@needs(Permission.STEP_ASIDE_READ, on=queries.recusal_for, reads=_read)
def show(recusal: StepAside) -> ResponseReturnValue:
    """One row of the register, as far as the reader may see it."""
    return _page(recusal, OverForm(formdata=None, on=g.today), _stand_in_form(recusal, StandInForm(formdata=None)))


def _stand_in_form(recusal: StepAside, form: StandInForm) -> StandInForm:
    form.near.choices = [("", str(_("Choose")))]
    form.near.choices += [(one.number, f"{one.name} · {one.title}") for one in queries.offered(recusal, g.actor)]
    return form


def _page(recusal: StepAside, over: OverForm, stand_in: StandInForm, code: int = 200) -> tuple[str, int]:
    facts = queries.facts_of(recusal, g.actor)
    own = g.actor.person_id == recusal.person_id
    page = render_template(
        "recusals/show.html",
        recusal=recusal,
        own=own,
        party=recusal.party if queries.sees_the_party(recusal, g.actor) else None,
        stand_in=queries.stand_in(recusal),
        over_on=queries.over_on(recusal),
        over_form=over,
        may_end=own and queries.may_step_back(recusal),
        stand_in_form=stand_in,
        votes=memo.votes(recusal.person),
        facts=facts,
    )
    return page, code


@bp.post("/<reference>/stand-in")
@needs(Permission.STAND_IN, on=queries.recusal_for)
def name_stand_in(recusal: StepAside) -> ResponseReturnValue:
    """The supervisor says who handles the matter."""
    form = _stand_in_form(recusal, StandInForm())
    if form.validate_on_submit():
        try:
            actions.name_stand_in(recusal, form.number.data or form.near.data or "", g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
            return _page(recusal, OverForm(formdata=None, on=g.today), form, refusal.code)
        nudge()
        flash(_("Done. Both get a letter."), "success")
        return redirect(url_for("recusals.show", reference=recusal.reference), 303)
    return _page(recusal, OverForm(formdata=None, on=g.today), form, 422)


@bp.post("/<reference>/over")
@needs(Permission.STEP_ASIDE_OWN, on=queries.recusal_for)
def over(recusal: StepAside) -> ResponseReturnValue:
    """There is nothing to keep out of any more."""
    form = OverForm()
    if form.validate_on_submit():
        try:
            actions.step_back(recusal, form.on.data, g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
            return _page(recusal, form, _stand_in_form(recusal, StandInForm(formdata=None)), refusal.code)
        nudge()
        flash(_("Written down. The row stays in the register, with the day on which it was over."), "success")
        return redirect(url_for("recusals.show", reference=recusal.reference), 303)
    return _page(recusal, form, _stand_in_form(recusal, StandInForm(formdata=None)), 422)


@bp.get("/<reference>/memorandum.pdf")
@needs(Permission.STEP_ASIDE_OWN, on=queries.recusal_for)
def memorandum(recusal: StepAside) -> ResponseReturnValue:
    """The memorandum for the minutes, to print and to sign."""
    told = {"Content-Disposition": f"attachment; filename={recusal.reference}-memorandum.pdf"}
    return Response(memo.memo_of(recusal), content_type="application/pdf", headers=told)


def _register_read() -> tuple[Event, str, dict[str, Any]] | None:
    count = g.get("register_shown")
    return None if count is None else (Event.LIST_READ, "list:recusals", {"list": "recusals", "filter": {}, "count": count})


@bp.get("/register")
@needs(Permission.RECUSALS, reads=_register_read)
def register() -> ResponseReturnValue:
    """Everybody who stepped aside, for the ethics office; for auditors without the party."""
    lines, after = queries.register(g.actor, request.args.get("before", "")[:30])
    g.register_shown = len(lines)
    return render_template("recusals/register.html", lines=lines, after=after)
