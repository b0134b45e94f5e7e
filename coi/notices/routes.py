"""Pages of the notices room; thin: form, action, redirect."""

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coi.campaigns import queries as campaigns
from coi.errors import Refused
from coi.gate import needs
from coi.models import AddressFault
from coi.notices import actions, bounces, first, hours, queries
from coi.notices.blueprint import bp
from coi.notices.listing import kinds_to_choose, letters_to_print
from coi.notices.paper import pdf
from coi.profiles.current import current_profile
from coi.rules.permissions import Permission
from forms.notices import BouncedForm, FilterForm, OneButton

__all__ = ["bp", "first"]


@bp.get("/")
@needs(Permission.LETTERS)
def letters() -> ResponseReturnValue:
    """What left, what waits, what must be printed, what stopped; by kind, reader, state and day."""
    form = FilterForm(request.args)
    year = request.args.get("campaign", "")
    campaign = campaigns.chosen(year) if year else None
    form.kind.choices = kinds_to_choose(g.actor)
    form.validate()
    wanted = queries.Wanted(
        state=form.state.data or "",
        kind=form.kind.data or "",
        reader=(form.reader.data or "")[:200] if not form.reader.errors else "",
        day=form.chosen_day,
        before=request.args.get("before", ""),
        time=campaigns.time_of(campaign) if campaign else None,
    )
    lines = queries.lines(g.actor, wanted)
    kept = {"state": wanted.state, "kind": wanted.kind, "reader": wanted.reader, "day": wanted.day and wanted.day.isoformat()}
    kept["campaign"] = str(campaign.year) if campaign else ""
    further: dict[str, Any] = {name: value for name, value in kept.items() if value}
    following = url_for(".letters", **further, before=lines[-1].reference) if len(lines) == queries.PAGE else None
    return render_template(
        "notices/letters.html",
        lines=lines,
        counts=queries.counts(),
        state=wanted.state if wanted.state in queries.STATES else "",
        narrowed=bool(further),
        campaign=campaign,
        state_of=queries.state_of,
        following=following,
        form=form,
        pacing=_pacing(),
        failing=len(bounces.open_faults()),
    )


def _pacing() -> str:
    """How many letters to many wait, and for what."""
    waiting = queries.waiting_for_hours(g.now)
    if not waiting:
        return ""
    minutes = hours.minutes_for(waiting)
    told = ngettext("%(num)s letter to many waits,", "%(num)s letters to many wait,", waiting)
    about = ngettext("about %(num)s minute at the city's pace.", "about %(num)s minutes at the city's pace.", minutes)
    if hours.in_work_hours(g.now):
        return f"{told} {about}"
    return f"{told} {about} " + _("They leave in work hours, from %(when)s on.", when=hours.in_words(g.now))


@bp.get("/letters/<reference>")
@needs(Permission.LETTERS, on=queries.letter)
def letter(line: queries.Line) -> ResponseReturnValue:
    """The text of one letter."""
    return render_template("notices/letter.html", line=line, state=queries.state_of(line.letter))


@bp.get("/mine")
@needs(Permission.SIGNED_IN)
def mine() -> ResponseReturnValue:
    """The letters that I got stand in one place, on my record."""
    return redirect(url_for("disclosures.my_record", _anchor="letters"))


@bp.get("/to-print")
@needs(Permission.LETTERS)
def to_print() -> ResponseReturnValue:
    """Letters of people without an e-mail address that works, one on each sheet, by station."""
    station = _station()
    return render_template(
        "notices/to_print.html",
        lines=queries.to_print(g.actor, station),
        stations=queries.stations_to_print(g.actor),
        station=station,
        others=queries.printed_by_officers(g.actor),
    )


def _station() -> str | None:
    told = request.args.get("station")
    return told[:200].replace("\x00", "") if told is not None else None


@bp.get("/to-print.pdf")
@needs(Permission.LETTERS)
def to_print_pdf() -> ResponseReturnValue:
    """The same as one PDF; printing marks nothing, the button on the page does."""
    found = letters_to_print(g.actor, _station())
    if not found:
        return redirect(url_for(".to_print"))
    made = pdf(found, current_profile().city, _("Letters to print"), g.actor.language)
    headers = {"Content-Disposition": 'attachment; filename="letters.pdf"'}
    return Response(made, mimetype="application/pdf", headers=headers)


@bp.post("/to-print")
@needs(Permission.LETTERS)
def printed() -> ResponseReturnValue:
    """They are printed and on their way."""
    number = actions.mark_printed(request.form.getlist("letter"), g.actor, g.now)
    flash(ngettext("%(num)s letter is marked as printed.", "%(num)s letters are marked as printed.", number), "success")
    return redirect(url_for(".to_print") if queries.stations_to_print(g.actor) else url_for(".letters"))


@bp.route("/returned", methods=["GET", "POST"])
@needs(Permission.LETTERS)
def returned() -> ResponseReturnValue:
    """Addresses at which nothing arrives: a person acts on each; and a returned mail is noted."""
    form = BouncedForm()
    if form.validate_on_submit():
        try:
            bounces.mark_failed(form.address.data, form.what.data or _("A mail came back."), g.actor, g.now)
            flash(_("Noted. Letters to this address are printed until somebody has seen to it."), "success")
            return redirect(url_for(".returned"))
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("notices/returned.html", lines=bounces.open_faults(), form=form, key=bounces.key)
    return page, 422 if form.is_submitted() else 200


@bp.post("/returned/<number>")
@needs(Permission.LETTERS, on=bounces.fault)
def seen_to(fault: AddressFault) -> ResponseReturnValue:
    """Somebody corrected the address, or it works again."""
    if OneButton().validate_on_submit():
        bounces.seen_to(fault, g.actor, g.now)
        flash(_("Done. Letters may go to this address again."), "success")
    return redirect(url_for(".returned"))
