"""Pages after the signature: all years, comparisons, the record of a signature, and every paper to take away; thin."""

from flask import Response, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coi.audit.chain import sha256
from coi.campaigns.event_words import waits_in_words
from coi.disclosures import actions, comparing, everything, filing, official, printing, queries, whole
from coi.disclosures.blueprint import bp
from coi.disclosures.copies import copy_of
from coi.disclosures.everything import OwnLetter
from coi.disclosures.proof import proof_of
from coi.disclosures.record import read, readable, text_of
from coi.disclosures.shown import papers_in
from coi.gate import OWN, Trace, needs, ready_to_write, with_lock_free
from coi.languages import language
from coi.models import Disclosure, DisclosureVersion
from coi.rules.permissions import Permission
from coi.vocabulary import Event


def _read(disclosure: Disclosure) -> Trace:
    return Event.DISCLOSURE_READ, f"disclosure:{disclosure.reference}", {"version": disclosure.version, "as": "filer"}


def _read_with_last(disclosure: Disclosure) -> list[Trace]:
    before = comparing.last_before(disclosure)
    return [_read(disclosure), *([_read(before)] if before is not None else [])]


def _receipt_read(disclosure: Disclosure) -> Trace:
    return Event.RECEIPT_READ, f"disclosure:{disclosure.reference}", {"version": disclosure.version}


def paper(content: bytes, name: str, kind: str = "application/pdf") -> Response:
    """A file to keep: always as an attachment."""
    return Response(content, content_type=kind, headers={"Content-Disposition": f"attachment; filename={name}"})


def signed_version(disclosure: Disclosure, number: str) -> DisclosureVersion:
    """The signed version that an address names; 404 for every other text."""
    plain = number.isascii() and number.isdigit() and len(number) < 6
    signed = queries.version_of(disclosure, int(number)) if plain else None
    if signed is None or str(signed.number) != number:
        abort(404)
    return signed


@bp.get("/my-record")
@needs(Permission.SIGNED_IN)
def my_record() -> ResponseReturnValue:
    """Every year: forms with outcomes and receipts, policies signed, more time, letters, readers."""
    told = everything.whole_of(g.actor.person_id, g.today)
    return render_template(
        "disclosures/my_record.html",
        whole=told,
        rows=whole.roster_rows(told.person),
        reason_of=everything.reason_of,
        waits_in_words=waits_in_words,
    )


@bp.post("/my-record/complete-file")
@needs(Permission.SIGNED_IN, fresh=OWN)
def complete_file() -> ResponseReturnValue:
    """My complete file as a PDF, made on request (U30); printing it holds nobody up."""
    with_lock_free()
    made, count = whole.complete_file(g.actor.person_id, g.today, g.now)
    ready_to_write()
    actions.note_file(made, count, g.actor, g.now)
    return paper(made, "my-complete-file.pdf")


@bp.get("/my-record/letters/<reference>")
@needs(Permission.FILE_OWN, on=everything.own_letter)
def my_letter(own: OwnLetter) -> ResponseReturnValue:
    """A letter to me, as it was written."""
    return render_template("disclosures/my_letter.html", own=own)


@bp.get("/filings/<reference>/receipt.pdf")
@needs(Permission.READ_OWN, on=queries.own, reads=_receipt_read)
def receipt_pdf(disclosure: Disclosure) -> ResponseReturnValue:
    """The receipt to keep: no answers (U30)."""
    signed = queries.version_of(disclosure)
    if signed is None:
        abort(404)
    return paper(printing.receipt_pdf(disclosure, signed), f"{disclosure.reference}-receipt.pdf")


@bp.get("/filings/<reference>/form.pdf")
@needs(Permission.READ_OWN, on=queries.own, reads=_read)
def form_pdf(disclosure: Disclosure) -> ResponseReturnValue:
    """What I signed as a paper; for a form of the State the one to sign by hand and to give to the office (U29)."""
    signed = queries.version_of(disclosure)
    if signed is None:
        abort(404)
    made = printing.official_pdf if official.is_official(disclosure.form_id) else printing.form_pdf
    return paper(made(disclosure, signed), f"{disclosure.reference}-form.pdf")


@bp.get("/filings/<reference>/compare/<before>/<after>")
@needs(Permission.READ_OWN, on=queries.own, reads=_read)
def compare(disclosure: Disclosure, before: str, after: str) -> ResponseReturnValue:
    """What changed between any two versions of an own form, question by question."""
    old, new = signed_version(disclosure, before), signed_version(disclosure, after)
    told = {"old": old, "new": new, "versions": queries.versions_of(disclosure), "title": filing.title_of(new)}
    return render_template(
        "disclosures/compare.html", disclosure=disclosure, changes=comparing.between(old, new, language()), **told
    )


@bp.get("/filings/<reference>/since-last")
@needs(Permission.READ_OWN, on=queries.own, reads=_read_with_last)
def since_last(disclosure: Disclosure) -> ResponseReturnValue:
    """What changed since the same form of the time before."""
    found = comparing.since_last(disclosure, language())
    if found is None:
        abort(404)
    before, changes = found
    return render_template("disclosures/since_last.html", disclosure=disclosure, before=before, changes=changes)


@bp.get("/forms/<reference>/changes")
@needs(Permission.FILE_OWN, on=queries.own)
def changes(disclosure: Disclosure) -> ResponseReturnValue:
    """What a correction changes, before it is signed."""
    draft = queries.draft_of(disclosure)
    if draft is None or not disclosure.version:
        return redirect(url_for("disclosures.one_page", reference=disclosure.reference))
    told = comparing.of_draft(disclosure, draft, g.today, language())
    return render_template("disclosures/changes_page.html", disclosure=disclosure, draft=draft, changes=told)


@bp.get("/filings/<reference>/versions/<number>/record")
@needs(Permission.READ_OWN, on=queries.own, reads=_read)
def signature_record(disclosure: Disclosure, number: str) -> ResponseReturnValue:
    """The record of a signature: its exact text, its fingerprint, its place in the log, and the copy for reading."""
    signed = signed_version(disclosure, number)
    return render_template("disclosures/record.html", disclosure=disclosure, **told_of(signed))


def told_of(signed: DisclosureVersion) -> dict[str, object]:
    """What the page of a signature's record shows; a version of before there were records has no copy for reading."""
    kept = read(signed.record)
    copy = copy_of(kept)
    return {
        "signed": signed,
        "proof": proof_of(signed),
        "copy": readable(copy) if "asked" in kept else "",
        "papers": [one for rows in papers_in(kept).values() for one in rows],
        "left_out": len(copy.get("left_out", ())),
        "copy_sha256": sha256(text_of(copy)),
    }


@bp.get("/filings/<reference>/versions/<number>/record.json")
@needs(Permission.READ_OWN, on=queries.own, reads=_read)
def signature_json(disclosure: Disclosure, number: str) -> ResponseReturnValue:
    """The exact bytes that the fingerprint is of; where something in them is internal, a copy that leaves it out and says so."""
    signed = signed_version(disclosure, number)
    copy = copy_of(read(signed.record))
    whole_text = not copy.get("left_out")
    name = f"{disclosure.reference}-version-{signed.number}{'' if whole_text else '-copy'}.json"
    content = signed.record if whole_text else text_of(copy)
    return paper(content.encode(), name, "application/json; charset=utf-8")
