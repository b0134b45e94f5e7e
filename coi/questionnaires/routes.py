"""Pages of the questionnaires room: published forms, their differences, previews; thin: form, action, redirect."""

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.errors import Refused
from coi.gate import OFFICE, needs, with_lock_free
from coi.languages import language
from coi.models import Questionnaire
from coi.questionnaires import drafts, queries, uses
from coi.questionnaires import writing as _writing  # noqa: F401  # its pages join the same blueprint
from coi.questionnaires.blueprint import bp
from coi.questionnaires.changes import changes
from coi.questionnaires.showing import as_file, content_of, library_page, preview_page, said
from coi.questionnaires.written import as_text
from coi.rules.form import in_language
from coi.rules.permissions import Permission
from forms.questionnaires import UploadForm, UseForm


@bp.get("/")
@needs(Permission.FORMS)
def library() -> ResponseReturnValue:
    """Every published form, and the drafts that somebody is writing."""
    return library_page(UploadForm(formdata=None))


@bp.get("/forms/<form_id>")
@needs(Permission.FORMS, on=queries.form_by_id)
def form(newest: Questionnaire) -> ResponseReturnValue:
    """One form with its versions: when, who asked, how many signed on each."""
    by_profile, by_choice = uses.kinds_of(newest.form_id)
    row = uses.chosen().get(newest.form_id)
    return render_template(
        "questionnaires/form.html",
        newest=newest,
        title=in_language(queries.form_of(newest).title, language()),
        versions=queries.versions_of(newest.form_id),
        by_profile=by_profile,
        by_choice=by_choice,
        whom=uses.value_of(row.whom) if row is not None else "",
    )


@bp.route("/forms/<form_id>/use", methods=["GET", "POST"])
@needs(Permission.FORMS_PUBLISH, on=queries.form_by_id, fresh=OFFICE)
def use(newest: Questionnaire) -> ResponseReturnValue:
    """For which kinds a published form is used, besides what the City's settings say: asks a second person."""
    by_profile, by_choice = uses.kinds_of(newest.form_id)
    row = uses.chosen().get(newest.form_id)
    first = {"kinds": [kind.value for kind in by_choice], "whom": uses.value_of(row.whom) if row is not None else ""}
    asking = UseForm(data=first)
    asking.choose([(value, f"{name}: {code}") for value, name, code in uses.groups_of_people()])
    if asking.validate_on_submit():
        told = (asking.kinds.data or [], asking.whom.data or "", bool(asking.at_once.data), asking.reason.data)
        try:
            made = drafts.ask_to_use(newest, *told, g.actor, g.now)
        except Refused as refusal:
            asking.refuse(refusal)
        else:
            said(made, _("It is used so from now on."))
            return redirect(url_for("questionnaires.form", form_id=newest.form_id))
    failed = asking.is_submitted()
    if failed:
        with_lock_free()
    title = in_language(queries.form_of(newest).title, language())
    page = render_template("questionnaires/use.html", newest=newest, title=title, form=asking, by_profile=by_profile)
    return page, 422 if failed else 200


@bp.get("/forms/<form_id>/<number>")
@needs(Permission.FORMS, on=queries.version_by_number)
def version(one: Questionnaire) -> ResponseReturnValue:
    """What one version asks, of whom, when, and who sees it."""
    compiled = queries.form_of(one)
    return render_template("questionnaires/version.html", version=one, **content_of(compiled))


@bp.get("/forms/<form_id>/<number>/file")
@needs(Permission.FORMS, on=queries.version_by_number)
def download(one: Questionnaire) -> ResponseReturnValue:
    """The version as a file that can be edited and uploaded again."""
    return as_file(as_text(one.content), f"{one.form_id}-{one.number}.yaml")


@bp.get("/forms/<form_id>/<number>/changes")
@needs(Permission.FORMS, on=queries.version_by_number)
def differences(one: Questionnaire) -> ResponseReturnValue:
    """What is different from another version, by default the one before."""
    told = request.args.get("since", str(max(1, one.number - 1)))[:10]
    found = queries.version_by_number(one.form_id, told)
    if found is None:
        abort(404)
    before = found[0]
    listed = changes(queries.form_of(before), queries.form_of(one), language())
    others = [each for each in queries.versions_of(one.form_id) if each.number != one.number]
    return render_template("questionnaires/changes.html", version=one, before=before, changes=listed, others=others)


@bp.get("/forms/<form_id>/<number>/preview")
@needs(Permission.FORMS, on=queries.version_by_number)
def preview(one: Questionnaire) -> ResponseReturnValue:
    """The form as a filer of a chosen kind meets it."""
    return preview_page(queries.form_of(one), _about(one), posted=None)


@bp.post("/forms/<form_id>/<number>/preview")
@needs(Permission.FORMS_TRY, on=queries.version_by_number)
def try_out(one: Questionnaire) -> ResponseReturnValue:
    """The same, filled in: follow-ups and faults as the filer would see them; nothing is kept."""
    return preview_page(queries.form_of(one), _about(one), posted=request.form)


def _about(one: Questionnaire) -> dict[str, Any]:
    return {
        "back": url_for("questionnaires.version", form_id=one.form_id, number=one.number),
        "here": url_for("questionnaires.preview", form_id=one.form_id, number=one.number),
        "name": _("%(form)s, version %(number)s", form=one.form_id, number=one.number),
    }
