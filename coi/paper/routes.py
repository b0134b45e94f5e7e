"""Pages of paper entry: for whom, which form, its answers, its scan, filed and read until the person confirms; thin."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from coi.attachments.queries import listed
from coi.disclosures import queries as filings
from coi.disclosures.filing import title_of
from coi.disclosures.shown import shown_version
from coi.errors import Refused
from coi.gate import OFFICE, Trace, needs
from coi.languages import LANGUAGES, language
from coi.models import PaperForm, Person
from coi.paper import actions, queries
from coi.paper.keeping import keep
from coi.rules.permissions import Permission
from coi.vocabulary import Event
from forms.attachments import PaperForm as ScanForm
from forms.paper import BeginForm, ButtonForm

bp = Blueprint("paper", __name__, url_prefix="/paper")
bp.add_app_template_global(queries.behind, "paper_behind")


@bp.get("/")
@needs(Permission.PAPER)
def desk() -> ResponseReturnValue:
    """What I am typing, what waits for its person, and the search for whom to type for."""
    search = request.args.get("search", "")[:200]
    told = {"typing": queries.being_typed(g.actor), "waiting": queries.unconfirmed(g.actor)}
    return render_template("paper/desk.html", search=search, people=queries.looked_for(search, g.actor), **told)


@bp.route("/for/<number>", methods=["GET", "POST"])
@needs(Permission.TYPE_PAPER, on=queries.person)
def begin(person: Person) -> ResponseReturnValue:
    """Which form it is, received when, and who helped."""
    choices = queries.choices(person, g.today)
    form = _ready(BeginForm(), choices)
    if form.validate_on_submit():
        told = actions.Begun(form.code.data, form.language.data, form.received_on.data, form.helped.data or "")
        try:
            made = actions.begin(person, told, g.actor, g.now)
            return redirect(url_for("paper.typing", reference=made.reference), 303)
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("paper/begin.html", person=person, form=form, choices=choices)
    return page, 422 if form.is_submitted() else 200


def _ready(form: Any, choices: list[queries.Choice]) -> Any:
    form.code.choices = [SelectChoice(one.code, one.label) for one in choices if not one.fault]
    form.language.choices = [SelectChoice(one, LANGUAGES.get(one, one)) for one in queries.languages()]
    return form


@bp.route("/<reference>", methods=["GET", "POST"])
@needs(Permission.PAPER_DRAFT, on=queries.own)
def typing(form: PaperForm) -> ResponseReturnValue:
    """The answers of one paper; every press keeps what was typed."""
    if form.filed_seq is not None:
        return redirect(url_for("paper.filed", reference=form.reference), 303)
    kept = keep(form, request)
    if kept.page is not None:
        return kept.page, kept.code
    return redirect(kept.onward, 303)


@bp.post("/<reference>/file")
@needs(Permission.PAPER_DRAFT, on=queries.own, fresh=OFFICE)
def file(form: PaperForm) -> ResponseReturnValue:
    """Files what was typed, for its person to confirm."""
    if form.filed_seq is not None:
        return redirect(url_for("paper.filed", reference=form.reference), 303)
    kept = keep(form, request, filing=True)
    if kept.page is not None:
        return kept.page, kept.code
    flash(_("Filed. A letter asks the person to look at it and confirm it."), "success")
    return redirect(kept.onward, 303)


@bp.route("/<reference>/scans", methods=["GET", "POST"])
@needs(Permission.PAPER_DRAFT, on=queries.own)
def scans(form: PaperForm) -> ResponseReturnValue:
    """The scan of the signed paper."""
    if form.filed_seq is not None:
        return redirect(url_for("paper.filed", reference=form.reference), 303)
    adding = ScanForm()
    if adding.validate_on_submit():
        here = url_for("paper.scans", reference=form.reference)
        try:
            added = actions.add_scan(form, adding.file.data, adding.file.data.filename or "", g.actor, g.now)
            flash(_("Added: %(name)s", name=added.filename), "success")
            return redirect(here, 303)
        except Refused as refusal:
            adding.refuse(refusal)
    page = render_template("paper/scans.html", paper_form=form, papers=listed(queries.scans(form)), form=adding)
    return page, 422 if adding.is_submitted() else 200


@bp.post("/<reference>/scans/<scan>/remove")
@needs(Permission.PAPER_DRAFT, on=queries.own)
def remove_scan(form: PaperForm, scan: str) -> ResponseReturnValue:
    """Takes a scan away."""
    if ButtonForm().validate_on_submit():
        actions.remove_scan(form, scan, g.actor, g.now)
        flash(_("The file is gone from this form."), "success")
    return redirect(url_for("paper.scans", reference=form.reference), 303)


@bp.route("/<reference>/discard", methods=["GET", "POST"])
@needs(Permission.PAPER_DRAFT, on=queries.own)
def discard(form: PaperForm) -> ResponseReturnValue:
    """Throws away what was typed, after asking."""
    if form.filed_seq is not None:
        return redirect(url_for("paper.filed", reference=form.reference), 303)
    button = ButtonForm()
    if button.validate_on_submit():
        actions.discard(form, g.actor, g.now)
        flash(_("What you typed is gone. Keep the paper, or type it in once more."), "info")
        return redirect(url_for("paper.desk"), 303)
    page = render_template("paper/discard.html", paper_form=form, form=button)
    return page, 422 if button.is_submitted() else 200


def _read(form: PaperForm) -> Trace:
    assert form.disclosure is not None  # nosec B101  # queries.filed gives no other
    return Event.DISCLOSURE_READ, f"disclosure:{form.disclosure.reference}", {"version": form.disclosure.version, "as": "clerk"}


@bp.get("/<reference>/filed")
@needs(Permission.READ_PAPER, on=queries.filed, reads=_read)
def filed(form: PaperForm) -> ResponseReturnValue:
    """What I typed in, to compare with the paper, until the person confirms it."""
    disclosure = form.disclosure
    signed = filings.version_of(disclosure) if disclosure is not None else None
    sections = shown_version(signed, language()) if signed else []
    told = {"title": title_of(signed) if signed else "", "signed": signed, "sections": sections}
    receipts = filings.receipts_of(signed) if signed else []
    return render_template("paper/filed.html", paper_form=form, disclosure=disclosure, receipts=receipts, **told)
