"""What several pages of the questionnaires room share: the library, a form for reading, a preview, a file."""

from collections.abc import Mapping
from typing import Any

from flask import flash, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.gate import with_lock_free
from coi.languages import language
from coi.questionnaires import queries, uses
from coi.questionnaires.preview import Preview, choose
from coi.questionnaires.telling import Teller
from coi.rules.form import Form, in_language
from forms.questionnaires import UploadForm

LONGEST_ADDRESS = 4_000


def library_page(form: UploadForm, code: int = 200) -> ResponseReturnValue:
    """The list of forms, with the upload form as it was filled in."""
    shown = [(one, in_language(queries.form_of(one).title, language()), uses.kinds_of(one.form_id)) for one in queries.library()]
    page = render_template("questionnaires/library.html", forms=shown, drafts=queries.being_written(), form=form)
    return page, code


def said(made: Any, done: str) -> None:
    """After asking: that a second person must approve, or that it is done."""
    told = done if made is None else _("Asked. A second person must approve it: %(reference)s.", reference=made.reference)
    flash(told, "success")


def content_of(compiled: Form) -> dict[str, Any]:
    """A form for reading: its words in the reader's language, placeholders as they stand."""
    teller = Teller.of(compiled, language())
    return {"form": compiled, "teller": teller, "title": teller.words(compiled.title)}


def as_file(text: str, name: str) -> ResponseReturnValue:
    """A text as a download."""
    answer = make_response(text)
    answer.headers["Content-Type"] = "application/yaml; charset=utf-8"
    answer.headers["Content-Disposition"] = f"attachment; filename={''.join(c for c in name if c.isalnum() or c in '-_.')}"
    return answer


def preview_page(form: Form, about: Mapping[str, Any], posted: Any) -> ResponseReturnValue:
    """A preview of a version or a draft; POST fills in and judges, and keeps nothing."""
    if posted is not None:
        with_lock_free()
    chosen = choose(form, request.args, g.today)
    fine = not request.args or chosen.validate()
    shown = Preview(form, chosen, g.today)
    fault = shown.take(posted) if posted is not None else ""
    asked = shown.asked()
    query = request.query_string.decode("ascii", "replace")[:LONGEST_ADDRESS]
    page = render_template(
        "questionnaires/preview.html", shown=shown, asked=asked, chosen=chosen, fault=fault, query=query, fine=fine, **about
    )
    return page, 422 if fault or (shown.checked and not shown.sound) or not fine else 200
