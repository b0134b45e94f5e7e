"""Pages of forms that are being written: upload, edit, check, compare, try out, discard, ask to publish; thin."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.errors import NotYours, Refused, SomebodyWasFaster
from coi.gate import OFFICE, needs, with_lock_free
from coi.languages import language
from coi.models import Questionnaire, QuestionnaireDraft
from coi.questionnaires import drafts, queries, uses
from coi.questionnaires.blueprint import bp
from coi.questionnaires.changes import beyond_words, changes
from coi.questionnaires.showing import as_file, content_of, library_page, preview_page, said
from coi.questionnaires.written import LONGEST, Written, as_text, read
from coi.rules.form import Form
from coi.rules.permissions import Facts, Permission
from forms.questionnaires import PlainForm, PublishForm, TextForm, UploadForm

TOO_LARGE = 413


@bp.post("/drafts")
@needs(Permission.FORMS_EDIT)
def upload() -> ResponseReturnValue:
    """Keeps a file as a draft, with or without errors; nothing is published."""
    form, code = UploadForm(), 422
    if form.validate_on_submit():
        data = form.file.data.read(LONGEST + 1)
        form.file.data.close()
        try:
            text = "" if len(data) > LONGEST else data.decode("utf-8-sig")
            if len(data) > LONGEST:
                code = TOO_LARGE
                raise Refused(_("This file is too large: at most %(most)s kB.", most=LONGEST // 1000), "file")
            name = (form.file.data.filename or "").replace("\\", "/").rpartition("/")[2]
            made = drafts.begin(text.replace("\r\n", "\n").replace("\r", "\n"), _written(name), g.actor, g.now)
        except UnicodeDecodeError as fault:
            told = _("This file is no UTF-8 text (byte %(place)s). Save it as UTF-8 and choose it again.", place=fault.start)
            form.file.errors = [*form.file.errors, told]
        except Refused as refusal:
            form.file.errors = [*form.file.errors, refusal.message]
        else:
            return redirect(url_for("questionnaires.draft", reference=made.reference), 303)
    with_lock_free()
    return library_page(form, code)


def _written(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())


@bp.post("/forms/<form_id>/<number>/draft")
@needs(Permission.FORMS_EDIT, on=queries.version_by_number)
def start(one: Questionnaire) -> ResponseReturnValue:
    """Begins a draft with what is published."""
    PlainForm()
    made = drafts.begin(as_text(one.content), f"{one.form_id}-{one.number}.yaml", g.actor, g.now)
    return redirect(url_for("questionnaires.draft", reference=made.reference), 303)


@bp.get("/drafts/<reference>")
@needs(Permission.FORMS, on=queries.draft_by_reference)
def draft(one: QuestionnaireDraft) -> ResponseReturnValue:
    """A draft: what is wrong with it, what differs from what is published, its text."""
    return _page(one, TextForm(formdata=None, data={"text": one.text, "revision": one.revision}))


def _page(one: QuestionnaireDraft, form: TextForm, code: int = 200, notice: Any = "") -> ResponseReturnValue:
    told = read(one.text)
    before = queries.newest(one.form_id) if one.form_id else None
    page = render_template(
        "questionnaires/draft.html",
        draft=one,
        told=told,
        form=form,
        notice=notice,
        before=before,
        same=before is not None and told.content == before.content,
        requests=queries.waiting_requests(one.reference),
    )
    return page, code


@bp.post("/drafts/<reference>")
@needs(Permission.FORMS_EDIT, on=queries.draft_by_reference)
def save(one: QuestionnaireDraft) -> ResponseReturnValue:
    """Keeps the text as it was typed and checks it."""
    form = TextForm()
    if form.validate_on_submit():
        try:
            drafts.save(one, form.text.data or "", form.shown, g.actor, g.now)
        except SomebodyWasFaster as slow:
            with_lock_free()
            form.revision.data = str(one.revision)
            return _page(one, form, slow.code, slow.message)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved and checked."), "success")
            return redirect(url_for("questionnaires.draft", reference=one.reference), 303)
    with_lock_free()
    return _page(one, form, 422)


@bp.route("/drafts/<reference>/discard", methods=["GET", "POST"])
@needs(Permission.FORMS_EDIT, on=queries.draft_by_reference)
def discard(one: QuestionnaireDraft) -> ResponseReturnValue:
    """Throws a draft away."""
    form = PlainForm()
    if not form.validate_on_submit():
        return render_template("questionnaires/discard.html", draft=one, form=form), 422 if form.is_submitted() else 200
    drafts.discard(one, g.actor, g.now)
    flash(_("The draft is gone. What is published stays as it is."), "success")
    return redirect(url_for("questionnaires.library"), 303)


@bp.get("/drafts/<reference>/file")
@needs(Permission.FORMS, on=queries.draft_by_reference)
def download_draft(one: QuestionnaireDraft) -> ResponseReturnValue:
    """The draft's text as a file."""
    return as_file(one.text, f"{one.form_id or 'form'}-{one.reference}.yaml")


def _sound(reference: str) -> tuple[tuple[QuestionnaireDraft, Form], Facts] | None:
    """A draft without errors, with its compiled form."""
    one = queries.written(reference)
    compiled = read(one.text).form if one is not None else None
    return ((one, compiled), Facts()) if one is not None and compiled is not None else None


@bp.get("/drafts/<reference>/content")
@needs(Permission.FORMS, on=_sound)
def draft_content(found: tuple[QuestionnaireDraft, Form]) -> ResponseReturnValue:
    """What a draft without errors asks, for reading."""
    return render_template("questionnaires/version.html", draft=found[0], **content_of(found[1]))


@bp.get("/drafts/<reference>/changes")
@needs(Permission.FORMS, on=_sound)
def draft_changes(found: tuple[QuestionnaireDraft, Form]) -> ResponseReturnValue:
    """What is different from the published version."""
    before = queries.newest(found[1].id)
    if before is None:
        raise NotYours
    listed = changes(queries.form_of(before), found[1], language())
    return render_template("questionnaires/changes.html", draft=found[0], before=before, changes=listed, others=[])


@bp.get("/drafts/<reference>/preview")
@needs(Permission.FORMS, on=_sound)
def preview_draft(found: tuple[QuestionnaireDraft, Form]) -> ResponseReturnValue:
    """The draft as a filer of a chosen kind would meet it."""
    return _preview(found, None)


@bp.post("/drafts/<reference>/preview")
@needs(Permission.FORMS_TRY, on=_sound)
def try_draft(found: tuple[QuestionnaireDraft, Form]) -> ResponseReturnValue:
    """The same, filled in; nothing is kept."""
    return _preview(found, request.form)


def _preview(found: tuple[QuestionnaireDraft, Form], posted: Any) -> ResponseReturnValue:
    reference = found[0].reference
    about = {
        "back": url_for("questionnaires.draft", reference=reference),
        "here": url_for("questionnaires.preview_draft", reference=reference),
        "name": _("%(form)s, draft %(reference)s", form=found[1].id, reference=reference),
    }
    return preview_page(found[1], about, posted)


@bp.route("/drafts/<reference>/publish", methods=["GET", "POST"])
@needs(Permission.FORMS_PUBLISH, on=queries.draft_by_reference, fresh=OFFICE)
def publish(one: QuestionnaireDraft) -> ResponseReturnValue:
    """Asks a second person to publish exactly this text, and for which kinds it is used."""
    by_profile, by_choice = uses.kinds_of(one.form_id)
    row = uses.chosen().get(one.form_id)
    first = {
        "kinds": [kind.value for kind in (*by_profile, *by_choice)],
        "whom": uses.value_of(row.whom) if row is not None else "",
        "sha256": one.sha256,
    }
    form = PublishForm(data=first)
    form.choose([(value, f"{name}: {code}") for value, name, code in uses.groups_of_people()])
    if form.validate_on_submit():
        try:
            if form.sha256.data != one.sha256:
                raise SomebodyWasFaster(_("This draft was changed while you looked at it. Look at it again."))
            told = (form.change.data, form.kinds.data or [], form.whom.data or "", bool(form.at_once.data), form.reason.data)
            made = drafts.ask_to_publish(one, *told, g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
            return _publish_page(one, form, refusal.code)
        said(made, _("The form is published."))
        here = url_for("questionnaires.draft", reference=one.reference)
        return redirect(url_for("questionnaires.library") if made is None else here, 303)
    return _publish_page(one, form, 422 if form.is_submitted() else 200)


def _publish_page(one: QuestionnaireDraft, form: PublishForm, code: int) -> ResponseReturnValue:
    if code != 200:  # a refusal only reads
        with_lock_free()
    told, before = read(one.text), queries.newest(one.form_id) if one.form_id else None
    by_profile, _chosen = uses.kinds_of(one.form_id)
    page = render_template(
        "questionnaires/publish.html",
        draft=one,
        told=told,
        form=form,
        before=before,
        beyond=beyond_words(before.content, told.content)[:10]
        if before is not None and told.content is not None and told.form is not None
        else [],
        changes=_changes(before, told),
        moving=queries.open_drafts(one.form_id) if one.form_id else 0,
        by_profile=by_profile,
    )
    return page, code


def _changes(before: Questionnaire | None, told: Written) -> list[Any]:
    if before is None or told.form is None:
        return []
    return changes(queries.form_of(before), told.form, language())
