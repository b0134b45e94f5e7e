"""Pages of one filing in a records request: what is removed is proposed, ruled, the copy released and downloaded; thin."""

from typing import Any

from flask import Response, abort, after_this_request, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.clockwork import nudge
from coi.disclosures.official import is_official
from coi.errors import Refused
from coi.gate import OFFICE, Trace, needs, with_lock_free
from coi.models import RecordsFiling, RecordsRelease
from coi.records import gathering, queries, removals
from coi.records.blueprint import bp
from coi.records.items import Item
from coi.rules.permissions import Permission
from coi.vocabulary import Event, RemovalGround
from forms.base import CityForm
from forms.records import GIVE, KEEP, REMOVE, STAYS, PressForm, propose_form, rule_form


def _read_as(whom: str, filing: RecordsFiling) -> Trace:
    disclosure = filing.disclosure
    return Event.DISCLOSURE_READ, f"disclosure:{disclosure.reference}", {"version": disclosure.version, "as": whom}


def _office_reads(filing: RecordsFiling) -> Trace:
    return _read_as("office", filing)


def _solicitor_reads(filing: RecordsFiling) -> Trace:
    return _read_as("solicitor", filing)


@bp.get("/<reference>/filings/<filing>/propose")
@needs(Permission.RECORDS_PROPOSE, on=queries.filing_for, reads=_office_reads)
def propose(one: RecordsFiling) -> ResponseReturnValue:
    """Every answer, with the ground under which the form marks it."""
    if is_official(one.disclosure.form_id):
        abort(404)
    items = queries.items_in(one)
    return _propose_page(one, items, _form_of(items)(formdata=None), 200)


def _form_of(items: list[Item]) -> type[CityForm]:
    return propose_form([(item.key, item.mark.value if item.mark is not None else "") for item in items])


def _propose_page(one: RecordsFiling, items: list[Item], form: Any, code: int) -> ResponseReturnValue:
    if code != 200:
        with_lock_free()
    return render_template("records/propose.html", one=one, items=items, form=form, settled=one.proposed_seq is not None), code


@bp.post("/<reference>/filings/<filing>/propose")
@needs(Permission.RECORDS_PROPOSE, on=queries.filing_for, fresh=OFFICE)
def proposed(one: RecordsFiling) -> ResponseReturnValue:
    """Sends the proposals to the solicitor."""
    items = queries.items_in(one)
    form: Any = _form_of(items)()
    if not form.validate_on_submit():
        return _propose_page(one, items, form, 422)
    said = {}
    for number, item in enumerate(items):
        chosen, words = form[f"ground_{number}"].data, form[f"words_{number}"].data or ""
        if chosen == KEEP and item.mark is not None:
            said[item.key] = removals.Proposed(item.mark, words, keep=True)
        elif chosen not in (KEEP, GIVE):
            said[item.key] = removals.Proposed(RemovalGround(chosen), words or _marked_words(item, chosen))
    try:
        made = removals.propose(one, said, g.actor, g.now)
    except Refused as refusal:
        numbers = {item.key: number for number, item in enumerate(items)}
        if refusal.field in numbers:
            refusal.field = f"words_{numbers[refusal.field]}"
        form.refuse(refusal)
        return _propose_page(one, items, form, refusal.code)
    flash(_("Sent to the solicitor: %(count)s answers.", count=len(made)), "success")
    return redirect(url_for("records.show", reference=one.request.reference), 303)


def _marked_words(item: Item, chosen: str) -> str:
    """A paper that is taken out as it is marked needs no words of its own."""
    as_marked = item.mark is RemovalGround.OTHER and chosen == RemovalGround.OTHER
    return _("A paper can't be blacked out in part.") if as_marked else ""


@bp.get("/<reference>/filings/<filing>/rule")
@needs(Permission.RECORDS_RULE, on=queries.filing_for, reads=_solicitor_reads)
def rule(one: RecordsFiling) -> ResponseReturnValue:
    """The answers that should be taken out, each with its ground; nothing else of the filing."""
    return _rule_page(one, None, 200)


def _open(one: RecordsFiling) -> list[tuple[int, str]]:
    return [(each.id, each.ground.value) for each in one.removals if each.ruling is None]


def _rule_page(one: RecordsFiling, form: Any, code: int) -> ResponseReturnValue:
    if code != 200:
        with_lock_free()
    items = {item.key: item for item in queries.items_in(one)}
    shown = form or rule_form(_open(one))(formdata=None)
    rows = [(each, items.get(f"{each.version}/{each.place}")) for each in one.removals]
    grounds = [(ground, shown[f"all_{ground.value}"]) for ground in RemovalGround if f"all_{ground.value}" in shown]
    return render_template("records/rule.html", one=one, rows=rows, form=shown, grounds=grounds), code


@bp.post("/<reference>/filings/<filing>/rule")
@needs(Permission.RECORDS_RULE, on=queries.filing_for, fresh=OFFICE)
def ruled(one: RecordsFiling) -> ResponseReturnValue:
    """The solicitor's rulings; what is not spoken of waits."""
    waits = _open(one)
    form: Any = rule_form(waits)()
    if not form.validate_on_submit():
        return _rule_page(one, form, 422)
    said = {}
    for number, ground in waits:
        own, every = form[f"ruling_{number}"].data, form[f"all_{ground}"].data
        answer = own or every
        if answer in (REMOVE, STAYS):
            said[number] = removals.Ruled(answer == REMOVE, form[f"reason_{number}"].data or "")
    try:
        removals.rule(one, said, g.actor, g.now)
    except Refused as refusal:
        form.refuse(refusal)
        return _rule_page(one, form, refusal.code)
    flash(_("Your rulings are kept."), "success")
    return redirect(url_for("records.show", reference=one.request.reference), 303)


@bp.post("/<reference>/filings/<filing>/take-out")
@needs(Permission.RECORDS_GATHER, on=queries.filing_for)
def take_out(one: RecordsFiling) -> ResponseReturnValue:
    """Takes a filing out of the request."""
    return _pressed(one, lambda: gathering.take_out(one, g.actor, g.now), _("Taken out of the request."))


@bp.post("/<reference>/filings/<filing>/release")
@needs(Permission.RECORDS_GATHER, on=queries.filing_for, fresh=OFFICE)
def release(one: RecordsFiling) -> ResponseReturnValue:
    """Lets a filing out whose removals are all ruled."""
    after_this_request(_wake)
    return _pressed(one, lambda: gathering.release(one, g.actor, g.now), _("The copy is being made."))


def _wake(answer: Any) -> Any:
    """After the commit: the worker need not wait for its clock."""
    nudge()
    return answer


def _pressed(one: RecordsFiling, act: Any, done: str) -> ResponseReturnValue:
    form = PressForm()
    reference = one.request.reference
    if form.validate_on_submit():
        act()
        flash(done, "success")
    return redirect(url_for("records.show", reference=reference), 303)


def _taken(one: RecordsRelease) -> list[Trace]:
    """A download is an entry of its own, and a reading that the filer sees among those who read it."""
    told = {"disclosure": one.filing.disclosure.reference, "sha256": one.sha256}
    taken: Trace = (Event.RECORDS_READ, f"records:{one.filing.request.reference}", told)
    return [taken, _read_as("released", one.filing)]


@bp.get("/released/<release>")
@needs(Permission.RECORDS_RELEASED, on=queries.released, reads=_taken)
def released(one: RecordsRelease) -> ResponseReturnValue:
    """What went out, as it went out."""
    headers = {"Content-Disposition": f'attachment; filename="{one.reference}.pdf"'}
    return Response(queries.pdf_of(one).read_bytes(), content_type="application/pdf", headers=headers)
