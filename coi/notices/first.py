"""Pages of a campaign's letters: have them all sent to me first, go without, and remind by hand who is long late."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coi.campaigns import by_hand
from coi.campaigns.late import long_late
from coi.campaigns.queries import latest, obligation
from coi.errors import NotPossible, Refused
from coi.gate import needs
from coi.models import Campaign, Obligation
from coi.notices import rehearsal
from coi.notices.blueprint import bp
from coi.notices.listing import names_of, reader
from coi.rules.permissions import Facts, Permission
from forms.notices import OneButton, WithoutForm


@bp.get("/first")
@needs(Permission.REHEARSE)
def first() -> ResponseReturnValue:
    """Every letter of the campaign as it will read, and the button that sends them all to me."""
    return _first(WithoutForm(formdata=None))


def _first(form: WithoutForm, notice: str = "") -> str:
    campaign = latest()
    return render_template(
        "notices/first.html",
        campaign=campaign,
        done=rehearsal.rehearsals(campaign) if campaign is not None else [],
        samples=rehearsal.samples(reader(g.actor), g.today),
        names=names_of(),
        form=form,
        notice=notice,
    )


@bp.post("/first/send")
@needs(Permission.REHEARSE)
def send_to_me() -> ResponseReturnValue:
    """All to me first."""
    if not OneButton().validate_on_submit():
        return _first(WithoutForm(formdata=None)), 422
    try:
        number = rehearsal.send_to_me(_campaign(), g.actor, reader(g.actor), g.now, g.today)
    except Refused as refusal:
        return _first(WithoutForm(formdata=None), refusal.message), 422
    flash(
        ngettext(
            "%(num)s sample is on its way to you. The letters of this campaign may leave now.",
            "%(num)s samples are on their way to you. The letters of this campaign may leave now.",
            number,
        ),
        "success",
    )
    return redirect(url_for(".first"))


@bp.post("/first/without")
@needs(Permission.REHEARSE)
def go_without() -> ResponseReturnValue:
    """The letters leave without a look at them first, with a reason."""
    form = WithoutForm()
    if form.validate_on_submit():
        try:
            rehearsal.go_without(_campaign(), form.reason.data, g.actor, g.now)
            flash(_("The letters of this campaign may leave now."), "success")
            return redirect(url_for(".first"))
        except Refused as refusal:
            form.refuse(refusal)
    return _first(form), 422


def _campaign() -> Campaign:
    campaign = latest()
    if campaign is None:
        raise NotPossible(_("There is no campaign yet."))
    return campaign


@bp.get("/late")
@needs(Permission.DESK)
def late() -> ResponseReturnValue:
    """Who is late by 15 days or more: for a person to act on."""
    return render_template("notices/late.html", rows=long_late(g.today), facts_of=_facts_of)


def _facts_of(one: Obligation) -> Facts:
    return Facts(filer_id=one.person_id)


@bp.post("/remind/<reference>")
@needs(Permission.DESK_ACT, on=obligation)
def remind(owed: Obligation) -> ResponseReturnValue:
    """One reminder, by hand."""
    if OneButton().validate_on_submit():
        try:
            by_hand.remind(owed, g.actor, g.now)
            flash(_("The reminder to %(name)s is on its way.", name=owed.person.name), "success")
        except Refused as refusal:
            flash(refusal.message, "error")
    return redirect(url_for("campaigns.person", reference=owed.reference))
