"""Pages of the people room: the list, one person, the roster from upload to undo; thin: form, action, redirect."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coi.errors import Refused, SomebodyWasFaster
from coi.gate import OFFICE, needs
from coi.models import Person, RosterImport
from coi.people import actions, keeping, queries
from coi.people.keeping import Kept
from coi.people.page import Preview, by_department, compare, opened, read, touched_by
from coi.people.reading import LABELS
from coi.rules.permissions import Facts, Permission
from coi.sheets import MOST_BYTES
from forms.people import ApplyForm, PlainForm, UploadForm, mapping_form

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("/")
@needs(Permission.PEOPLE_READ)
def everybody() -> ResponseReturnValue:
    """Everybody the city knows, by name; says nothing of any filing."""
    search, after = request.args.get("search", "")[:200], request.args.get("after", "")[:300]
    gone = request.args.get("gone") == "yes"
    page = queries.people(search, after, gone)
    return render_template("people/everybody.html", page=page, search=search, gone=gone)


@bp.get("/person/<number>")
@needs(Permission.PEOPLE_READ, on=queries.person)
def person(one: Person) -> ResponseReturnValue:
    """One person: what the roster says and said; no answer, no filing."""
    told = {"history": queries.history(one), "reports": queries.reports_of(one), "about": Facts(filer_id=one.id)}
    return render_template("people/person.html", person=one, **told)


@bp.get("/roster")
@needs(Permission.PEOPLE_READ)
def roster() -> ResponseReturnValue:
    """The imports so far, and where a new one begins."""
    return _roster(UploadForm())


def _roster(form: UploadForm, code: int = 200) -> ResponseReturnValue:
    page = render_template("people/roster.html", imports=queries.imports(), form=form)
    return page, code


@bp.post("/roster")
@needs(Permission.PEOPLE)
def upload() -> ResponseReturnValue:
    """Keeps a file for its preview; changes nothing in the roster."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _roster(form, 422)
    data = form.file.data.read(MOST_BYTES + 1)
    kept = Kept("", data, form.file.data.filename or "", form.scope.data == "full")
    shown = read(kept)
    if shown.sheet is None:
        form.file.errors = [*form.file.errors, shown.fault]
        return _roster(form, 422)
    token = keeping.keep(data, kept.filename, kept.full, g.now)
    return redirect(url_for("people.preview", token=token))


@bp.get("/roster/preview/<token>")
@needs(Permission.PEOPLE, on=opened)
def preview(shown: Preview) -> ResponseReturnValue:
    """What the file would change, row by row."""
    return _preview(compare(shown, g.today))


def _preview(shown: Preview, form: ApplyForm | None = None, notice: Any = None, code: int = 200) -> ResponseReturnValue:
    applying = form or ApplyForm()
    applying.mark.data, applying.state.data = shown.kept.mark, shown.roster
    mapping = mapping_form(LABELS, shown.headings, shown.mapped)
    told = {"by_department": by_department(shown.plan) if shown.plan else []}
    page = render_template(
        "people/preview.html", shown=shown, plan=shown.plan, form=applying, mapping=mapping, notice=notice, **told
    )
    return page, code


@bp.post("/roster/preview/<token>/headings")
@needs(Permission.PEOPLE, on=opened)
def headings(shown: Preview) -> ResponseReturnValue:
    """A person says which heading is which field; the preview is made again."""
    kept = shown.kept
    form = mapping_form(LABELS, shown.headings, shown.mapped)
    if not form.validate_on_submit():
        return _preview(compare(shown, g.today), notice=_("Choose headings of this file."), code=422)
    keeping.tell(Kept(kept.token, kept.data, kept.filename, kept.full, form.chosen))
    return redirect(url_for("people.preview", token=kept.token))


@bp.post("/roster/preview/<token>/apply")
@needs(Permission.PEOPLE, on=opened, fresh=OFFICE)
def apply(shown: Preview) -> ResponseReturnValue:
    """Applies the preview that was shown: the file, the mapping and the roster must still be the same."""
    form = ApplyForm()
    if not form.validate_on_submit() or shown.fault is not None or shown.sheet is None:
        return _preview(compare(shown, g.today), form, _("Look at the preview again, then apply it."), 422)
    kept = shown.kept
    try:
        if form.mark.data != kept.mark:
            raise SomebodyWasFaster(_("The file or its headings changed since you looked at this preview. Look at it again."))
        made = actions.import_roster(
            shown.lines, kept.full, kept.filename, shown.sheet.sha256, g.actor, g.now, form.number,
            unread=shown.sheet.faults, state=form.state.data,
        )  # fmt: skip
    except Refused as refusal:
        typed = refusal.field == "confirm"
        if typed:
            form.confirm.errors = [*form.confirm.errors, refusal.message]
        return _preview(compare(shown, g.today), form, None if typed else refusal.message, refusal.code)
    keeping.forget(kept)
    flash(ngettext("The roster is in: %(num)s row.", "The roster is in: %(num)s rows.", made.rows), "success")
    return redirect(url_for("people.imported", reference=made.reference))


@bp.post("/roster/preview/<token>/drop")
@needs(Permission.PEOPLE, on=opened)
def drop(shown: Preview) -> ResponseReturnValue:
    """Gives an upload up."""
    form = PlainForm()
    if form.validate_on_submit():
        keeping.forget(shown.kept)
        flash(_("The file is gone. Nothing was changed."), "success")
    return redirect(url_for("people.roster"))


@bp.get("/roster/<reference>")
@needs(Permission.PEOPLE_READ, on=queries.roster_import)
def imported(made: RosterImport) -> ResponseReturnValue:
    """One import: its counts, the people it touched, and how to take it back."""
    return _imported(made)


def _imported(made: RosterImport, notice: Any = None, code: int = 200) -> ResponseReturnValue:
    told = {"touched": touched_by(made), "may_undo": queries.may_be_undone(made), "who": queries.who_made(made)}
    return render_template("people/imported.html", made=made, form=PlainForm(), notice=notice, **told), code


@bp.post("/roster/<reference>/undo")
@needs(Permission.PEOPLE, on=queries.roster_import, fresh=OFFICE)
def undo(made: RosterImport) -> ResponseReturnValue:
    """Takes the newest import back."""
    form = PlainForm()
    if not form.validate_on_submit():
        return _imported(made, _("Nothing was changed. Try again."), 422)
    try:
        actions.undo_import(made, g.actor, g.now)
    except Refused as refusal:
        return _imported(made, refusal.message, refusal.code)
    flash(_("The import is undone. People stand as before it."), "success")
    return redirect(url_for("people.imported", reference=made.reference))
