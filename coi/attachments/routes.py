"""Pages of papers: one page per entry to add and take away, and the download, which is always a file and never a page; thin."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.attachments import actions, queries
from coi.attachments.queries import Here, Spot
from coi.attachments.serving import as_file
from coi.errors import Refused
from coi.gate import Trace, needs
from coi.rules.permissions import Permission
from coi.vocabulary import Event
from forms.attachments import PaperForm, RemoveForm

bp = Blueprint("attachments", __name__)
bp.add_app_template_global(queries.beside, "papers_beside")


@bp.route("/forms/<reference>/papers/<key>", methods=["GET", "POST"])
@needs(Permission.ATTACH, on=queries.spot)
def entry(spot: Spot) -> ResponseReturnValue:
    """The papers of one entry, and the form that adds another."""
    form = PaperForm()
    if form.validate_on_submit():
        here = url_for("attachments.entry", reference=spot.disclosure.reference, key=spot.key)
        try:
            added = actions.add(spot, form.file.data, form.file.data.filename or "", g.actor, g.now)
            flash(_("Added: %(name)s", name=added.filename), "success")
            return redirect(here, 303)
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("attachments/entry.html", spot=spot, papers=queries.listed(spot.papers), form=form)
    return page, 422 if form.is_submitted() else 200


@bp.post("/forms/<reference>/papers/<key>/<paper>/remove")
@needs(Permission.ATTACH, on=queries.spot)
def remove(spot: Spot, paper: str) -> ResponseReturnValue:
    """Takes a paper away from what is being typed."""
    form = RemoveForm()
    if form.validate_on_submit():
        actions.remove(spot, paper, g.actor, g.now)
        flash(_("The paper is gone from this form."), "success")
    return redirect(url_for("attachments.entry", reference=spot.disclosure.reference, key=spot.key), 303)


def _read(here: Here) -> Trace:
    told = {"attachment": here.paper.reference, "sha256": here.paper.sha256, "as": here.as_whom}
    return Event.ATTACHMENT_READ, here.subject, told


@bp.get("/attachments/<reference>")
@needs(Permission.READ_ATTACHMENT, on=queries.one, reads=_read)
def download(here: Here) -> ResponseReturnValue:
    """The file itself, to be saved: no browser shows it as a page of this site."""
    return as_file(here.paper)
