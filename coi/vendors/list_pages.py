"""Pages on which the administrator loads vendors and contracts: upload, preview with errors by row, confirm; thin."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coi.clockwork import nudge
from coi.errors import Refused, SomebodyWasFaster
from coi.gate import OFFICE, needs
from coi.people import keeping
from coi.people.keeping import Kept
from coi.rules.permissions import Permission
from coi.sheets import MOST_BYTES
from coi.vendors import actions
from coi.vendors.blueprint import bp
from coi.vendors.comparing import NAMES
from coi.vendors.preview import LABELS, Preview, compared, opened, read
from coi.vendors.queries import loads
from forms.people import PlainForm, mapping_form
from forms.vendors import ListApplyForm, ListUploadForm


@bp.get("/lists")
@needs(Permission.LISTS)
def lists() -> ResponseReturnValue:
    """Which lists are loaded, and where a new file begins."""
    return _lists(ListUploadForm())


def _lists(form: ListUploadForm, code: int = 200) -> ResponseReturnValue:
    known = {one.name: one for one in loads()}
    own = [(of, known.pop(name, None)) for of, name in NAMES.items()]
    return render_template("vendors/lists.html", own=own, others=list(known.values()), form=form), code


@bp.post("/lists")
@needs(Permission.LISTS)
def upload() -> ResponseReturnValue:
    """Keeps a file for its preview; changes nothing in the lists."""
    form = ListUploadForm()
    if not form.validate_on_submit():
        return _lists(form, 422)
    data, filename, of = form.file.data.read(MOST_BYTES + 1), form.file.data.filename or "", form.of.data
    shown = read(of, Kept("", data, filename, True, of=of))
    if shown.sheet is None:
        form.file.errors = [*form.file.errors, shown.fault]
        return _lists(form, 422)
    token = keeping.keep(data, filename, True, g.now, of)
    return redirect(url_for("vendors.preview", of=of, token=token), 303)


@bp.get("/lists/<of>/<token>")
@needs(Permission.LISTS, on=opened)
def preview(shown: Preview) -> ResponseReturnValue:
    """What the file would change, and which rows are refused."""
    return _preview(compared(shown))


def _preview(shown: Preview, form: ListApplyForm | None = None, notice: Any = None, code: int = 200) -> ResponseReturnValue:
    applying = form or ListApplyForm()
    applying.mark.data, applying.state.data = shown.kept.mark, shown.stands
    mapping = mapping_form(LABELS[shown.of], shown.headings, shown.mapped)
    page = render_template("vendors/list_preview.html", shown=shown, form=applying, mapping=mapping, notice=notice)
    return page, code


@bp.post("/lists/<of>/<token>/headings")
@needs(Permission.LISTS, on=opened)
def headings(shown: Preview) -> ResponseReturnValue:
    """A person says which heading is which field; the preview is made again."""
    kept = shown.kept
    form = mapping_form(LABELS[shown.of], shown.headings, shown.mapped)
    if not form.validate_on_submit():
        return _preview(compared(shown), notice=_("Choose headings of this file."), code=422)
    keeping.tell(Kept(kept.token, kept.data, kept.filename, kept.full, form.chosen, kept.of))
    return redirect(url_for("vendors.preview", of=shown.of, token=kept.token), 303)


@bp.post("/lists/<of>/<token>/load")
@needs(Permission.LISTS, on=opened, fresh=OFFICE)
def load(shown: Preview) -> ResponseReturnValue:
    """Loads the preview that was shown: the file, the mapping and the list must still be the same."""
    form = ListApplyForm()
    if not form.validate_on_submit() or shown.records is None or shown.sheet is None:
        return _preview(compared(shown), form, _("Look at the preview again, then load it."), 422)
    try:
        if form.mark.data != shown.kept.mark:
            raise SomebodyWasFaster(_("The file or its headings changed since you looked at this preview. Look at it again."))
        digest, state = shown.sheet.sha256, form.state.data or ""
        made = actions.load_shown(shown.of, shown.records, digest, g.actor, g.now, state=state, number=form.number)
    except Refused as refusal:
        typed = refusal.field == "confirm"
        if typed:
            form.confirm.errors = [*form.confirm.errors, refusal.message]
        return _preview(compared(shown), form, None if typed else refusal.message, refusal.code)
    keeping.forget(shown.kept)
    nudge()
    flash(ngettext("The list is in: %(num)s record.", "The list is in: %(num)s records.", made.rows), "success")
    return redirect(url_for("vendors.lists"), 303)


@bp.post("/lists/<of>/<token>/drop")
@needs(Permission.LISTS, on=opened)
def drop(shown: Preview) -> ResponseReturnValue:
    """Gives an upload up."""
    if PlainForm().validate_on_submit():
        keeping.forget(shown.kept)
        flash(_("The file is gone. Nothing was changed."), "success")
    return redirect(url_for("vendors.lists"), 303)
