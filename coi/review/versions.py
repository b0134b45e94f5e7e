"""Pages beside a case: what changed between versions and since the last form, a signature's record, the State's paper; thin."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.disclosures import comparing, official
from coi.disclosures.facts import facts_for
from coi.disclosures.filing import title_of
from coi.disclosures.queries import versions_of
from coi.disclosures.taking import signed_version, told_of
from coi.errors import Refused
from coi.gate import OFFICE, Trace, needs
from coi.languages import language
from coi.models import Disclosure
from coi.review import queries
from coi.review.blueprint import bp
from coi.rules.permissions import Permission, allows
from coi.vocabulary import Event
from forms.disclosures import ReceivedForm


def _read(disclosure: Disclosure) -> Trace:
    return Event.DISCLOSURE_READ, f"disclosure:{disclosure.reference}", {"version": disclosure.version, "as": "office"}


def _last_readable(disclosure: Disclosure) -> Disclosure | None:
    """The form before this one, for who may read that case too (U43)."""
    before = comparing.last_before(disclosure)
    readable = before is not None and allows(g.actor, Permission.READ_CASE, facts_for(before, g.actor))
    return before if readable else None


def _read_with_last(disclosure: Disclosure) -> list[Trace]:
    before = _last_readable(disclosure)
    return [_read(disclosure), *([_read(before)] if before is not None else [])]


@bp.get("/<reference>/compare/<before>/<after>")
@needs(Permission.READ_CASE, on=queries.case, reads=_read)
def compare(disclosure: Disclosure, before: str, after: str) -> ResponseReturnValue:
    """What the filer changed between two versions, question by question."""
    old, new = signed_version(disclosure, before), signed_version(disclosure, after)
    told = {"old": old, "new": new, "versions": versions_of(disclosure), "title": title_of(new)}
    return render_template("review/compare.html", disclosure=disclosure, changes=comparing.between(old, new, language()), **told)


@bp.get("/<reference>/since-last")
@needs(Permission.READ_CASE, on=queries.case, reads=_read_with_last)
def since_last(disclosure: Disclosure) -> ResponseReturnValue:
    """What changed since the same form of the time before, where that case may be read too; else only that there is one."""
    before = comparing.last_before(disclosure)
    if before is None:
        abort(404)
    found = comparing.since_last(disclosure, language()) if _last_readable(disclosure) is not None else None
    changes = found[1] if found is not None else None
    return render_template("review/since_last.html", disclosure=disclosure, before=before, changes=changes)


@bp.get("/<reference>/versions/<number>/record")
@needs(Permission.READ_CASE, on=queries.case, reads=_read)
def signature_record(disclosure: Disclosure, number: str) -> ResponseReturnValue:
    """The record of a signature: its exact text, its fingerprint, its place in the log, and the copy for reading."""
    return render_template("review/record.html", disclosure=disclosure, **told_of(signed_version(disclosure, number)))


@bp.route("/<reference>/received", methods=["GET", "POST"])
@needs(Permission.RECEIVE_OFFICIAL, on=queries.case, fresh=OFFICE)
def received(disclosure: Disclosure) -> ResponseReturnValue:
    """The office has the signed paper of a State form: from now on it counts as filed with the City (U29)."""
    if not official.is_official(disclosure.form_id):
        abort(404)
    form = ReceivedForm()
    code = 200
    if form.validate_on_submit():
        version = form.version.data or ""
        try:
            number = int(version) if version.isascii() and version.isdigit() and len(version) < 6 else 0
            official.receive(disclosure, number, form.on.data, g.actor, g.now)
            flash(_("Recorded. The filer sees it, too."), "success")
            return redirect(url_for("review.show", reference=disclosure.reference), 303)
        except Refused as refusal:
            form.refuse(refusal)
            code = refusal.code
    elif form.is_submitted():
        code = 422
    else:
        form.on.data, form.version.data = g.today, str(disclosure.version)
    known = official.received(disclosure, disclosure.version)
    return render_template("review/received.html", disclosure=disclosure, form=form, known=known), code
