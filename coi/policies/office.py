"""Pages with which the city puts in its own text of a policy, and on which a second person reads it before approving."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.errors import Refused
from coi.gate import needs
from coi.languages import language
from coi.models import PolicyUpload
from coi.policies import putting_in, queries
from coi.policies.blueprint import bp
from coi.policies.markdown import as_html
from coi.profiles.current import current_profile
from coi.rules.permissions import Facts, Permission
from forms.base import unwritable
from forms.policies import PutInForm


@bp.route("/put-in", methods=["GET", "POST"])
@needs(Permission.POLICY_TEXTS)
def put_in() -> ResponseReturnValue:
    """The city's own text as a new version; a second person approves it."""
    form = PutInForm()
    form.offer([(one.id, one.title.get(language()) or one.title["en"]) for one in current_profile().policies], queries.groups())
    if form.validate_on_submit():
        try:
            return _put_in(form)
        except Refused as refusal:
            form.refuse(refusal)
    return render_template("policies/put_in.html", form=form), 422 if form.is_submitted() else 200


def _put_in(form: PutInForm) -> ResponseReturnValue:
    before = queries.newest_of(form.policy.data)
    if form.binds.data == "groups" and not form.groups.data:
        raise Refused(_("Choose at least one group."), "groups")
    waiting = putting_in.put_in(
        form.policy.data,
        form.version.data or "",
        form.effective_on.data,
        {code: _words(form[f"text_{code}"].data, f"text_{code}") for code in ("en", "es")},
        (form.pdf.data.filename or "policy.pdf", form.pdf.data.read()) if form.pdf.data else None,
        form.condition(before.binds if before is not None else None),
        form.reason.data or "",
        g.actor,
        g.now,
    )
    if waiting is None:
        flash(_("The text is published."), "success")
        return redirect(url_for("policies.show", policy_id=form.policy.data, version=form.version.data))
    flash(_("Asked. A second person now reads the text and decides; you find it under “Second person”."), "success")
    return redirect(url_for("policies.upload", reference=waiting.parameters["upload"]))


def _words(file: Any, field: str) -> str:
    """The text of an uploaded file, LF only; raises Refused for what is no text."""
    if not file:
        return ""
    try:
        text = str(file.read(4 * putting_in.LONGEST_TEXT + 1).decode("utf-8-sig")).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as fault:
        raise Refused(_("This file is no text in UTF-8. Save it as plain text."), field) from fault
    if unwritable(text):
        raise Refused(_("This holds a character that can't be kept. Type the text instead of pasting it."), field)
    return text.strip()


def _upload(reference: str) -> tuple[PolicyUpload, Facts] | None:
    found = putting_in.upload_of(reference)
    return (found, Facts()) if found is not None else None


@bp.get("/put-in/<reference>")
@needs(Permission.POLICY_TEXTS, on=_upload)
def upload(kept: PolicyUpload) -> ResponseReturnValue:
    """What was put in, as it would be read: for who approves it."""
    texts = [(code, as_html(text)) for code, text in sorted(kept.text.items())]
    title = kept.title.get(language()) or kept.title["en"]
    published = queries.kept(kept.policy_id, kept.version) is not None
    return render_template("policies/upload.html", kept=kept, title=title, texts=texts, published=published)
