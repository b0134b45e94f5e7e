"""Pages of certified case files: ask for one, see how far it is, download it with its signed statement; thin."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.casefiles import actions, queries
from coi.casefiles.proof import statement_sha256
from coi.errors import Refused
from coi.gate import OFFICE, Trace, needs, with_lock_free
from coi.languages import language
from coi.models import CaseFile, Disclosure
from coi.review.queries import case
from coi.rules.permissions import Permission
from coi.vocabulary import CasePurpose, Event
from forms.casefiles import CaseFileForm

bp = Blueprint("casefiles", __name__, url_prefix="/case-files")


@bp.get("/")
@needs(Permission.CASE_FILES)
def listed() -> ResponseReturnValue:
    """The certified files that I asked for."""
    return render_template("casefiles/listed.html", files=queries.mine(g.actor))


@bp.route("/of/<reference>", methods=["GET", "POST"])
@needs(Permission.CASE_FILE, on=case, fresh=OFFICE)
def ask(disclosure: Disclosure) -> ResponseReturnValue:
    """The form that asks for one case as one file, and the files that there are of it."""
    form = CaseFileForm(language=language())
    if form.validate_on_submit():
        purpose = CasePurpose(form.purpose.data)
        try:
            made = actions.ask(disclosure, purpose, form.language.data, form.reason.data or "", g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
            return _page(disclosure, form, refusal.code)
        if isinstance(made, CaseFile):
            flash(_("You have this file already, and nothing happened in the case since: %(file)s.", file=made.reference), "info")
            return redirect(url_for("casefiles.listed"), 303)
        flash(_("Asked. Another senior officer or the solicitor must approve it."), "success")
        return redirect(url_for("review.show", reference=disclosure.reference), 303)
    return _page(disclosure, form, 422 if form.is_submitted() else 200)


def _page(disclosure: Disclosure, form: CaseFileForm, code: int) -> ResponseReturnValue:
    if code != 200:
        with_lock_free()
    files = queries.of_case(disclosure)
    return render_template("casefiles/ask.html", disclosure=disclosure, form=form, files=files), code


def _taken(sha256: str, one: CaseFile) -> list[Trace]:
    """A download is an entry of its own, and a reading that the filer sees among those who read it."""
    of = one.disclosure.reference
    read: Mapping[str, Any] = {"version": one.version, "as": "case_file"}
    return [
        (Event.CASE_FILE_READ, f"case_file:{one.reference}", {"disclosure": of, "sha256": sha256}),
        (Event.DISCLOSURE_READ, f"disclosure:{of}", read),
    ]


def _pdf_taken(one: CaseFile) -> list[Trace]:
    return _taken(one.sha256, one)


@bp.get("/<reference>/file")
@needs(Permission.CASE_FILE_OWN, on=queries.own_done, reads=_pdf_taken)
def download(one: CaseFile) -> ResponseReturnValue:
    """The certified file, for who asked for it."""
    return _sent(queries.pdf_of(one).read_bytes(), "application/pdf", f"{one.reference}.pdf")


def _statement_taken(one: CaseFile) -> list[Trace]:
    return _taken(statement_sha256(one.statement or {}), one)


@bp.get("/<reference>/statement")
@needs(Permission.CASE_FILE_OWN, on=queries.own_done, reads=_statement_taken)
def statement(one: CaseFile) -> ResponseReturnValue:
    """The signed statement beside it."""
    told = json.dumps(one.statement, ensure_ascii=False, indent=1, sort_keys=True)
    return _sent(f"{told}\n".encode(), "application/json", f"{one.reference}.json")


def _sent(data: bytes, kind: str, name: str) -> Response:
    """A file as a download, whole: no part of it can be asked for, so that each download is one entry of the log."""
    return Response(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
