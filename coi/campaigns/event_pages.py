"""The desk's page for the days of events that forms wait for: look what comes of a day first, then keep it."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.campaigns import entering, event_words
from coi.campaigns.blueprint import bp
from coi.errors import Refused
from coi.gate import needs
from coi.rules.permissions import Permission
from forms.campaigns import EventForm

KEEP = "keep"


@bp.route("/events", methods=["GET", "POST"])
@needs(Permission.CAMPAIGN)
def events() -> ResponseReturnValue:
    """Which forms wait for which events, and a day for everybody or for one person."""
    awaited, form, seen = event_words.awaited(), EventForm(), ""
    form.offer([(one.code, f"{one.name} ({one.title})") for one in awaited])
    if form.validate_on_submit():
        form_id, _bar, event = form.which.data.partition("~")
        try:
            person = event_words.person_named(form.person.data or "")
            if request.form.get("press") == KEEP:
                made = entering.enter(form_id, event, form.on.data, person, g.actor, g.now)
                flash(f"{_('The day is kept.')} {event_words.plan_in_words(made, g.today)}", "success")
                return redirect(url_for("campaigns.events"))
            seen = event_words.plan_in_words(entering.plan(form_id, event, person, form.on.data), g.today)
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("campaigns/events.html", form=form, awaited=awaited, entered=event_words.entered(), seen=seen)
    return page, 422 if form.is_submitted() and not seen else 200
