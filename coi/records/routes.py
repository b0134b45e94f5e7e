"""Pages of records requests: the register, taking one in, one request with its acts, gathering, the list; thin."""

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from coi.audit.chain import sha256
from coi.clockwork import nudge
from coi.errors import Refused
from coi.gate import Trace, needs, with_lock_free
from coi.models import RecordsRequest
from coi.records import filing_pages as _filing_pages  # noqa: F401  # its pages join the same blueprint
from coi.records import gathering, intake, queries
from coi.records.blueprint import bp
from coi.records.listing import as_csv
from coi.rules.permissions import Permission, allows
from coi.vocabulary import Event, MoreTime, RecordsAnswer
from forms.base import CityForm
from forms.records import CloseForm, ExtendForm, GatherForm, PressForm, SeekForm, TakeInForm

__all__ = ["bp"]


@bp.get("/")
@needs(Permission.RECORDS)
def register() -> ResponseReturnValue:
    """Every request: what is open first."""
    keeps = allows(g.actor, Permission.RECORDS_KEEP)
    return render_template("records/register.html", requests=queries.register(), today=g.today, keeps=keeps)


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.RECORDS_KEEP)
def take_in() -> ResponseReturnValue:
    """Takes a request in; its last day is counted."""
    form = TakeInForm()
    if form.validate_on_submit():
        told = (form.requester.data or "", form.contact.data or "", form.asked.data or "", form.language.data)
        try:
            made = intake.take_in(form.received_on.data, *told, g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Taken in. Now gather the filings."), "success")
            return redirect(url_for("records.show", reference=made.reference), 303)
    elif not form.is_submitted():
        form.received_on.data = g.today
    return render_template("records/new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/<reference>")
@needs(Permission.RECORDS, on=queries.request_for)
def show(asked: RecordsRequest) -> ResponseReturnValue:
    """One request: what was asked, until when, its filings and how far each is."""
    return _page(asked)


def _page(asked: RecordsRequest, code: int = 200, **typed: CityForm) -> ResponseReturnValue:
    if code != 200:
        with_lock_free()
    forms: dict[str, Any] = {}
    if allows(g.actor, Permission.RECORDS_KEEP) and asked.closed_seq is None:
        forms = {"extend": ExtendForm(formdata=None), "close": CloseForm(formdata=None), **typed}
        for name, form in forms.items():
            for field in form:
                field.id = f"{name}-{field.short_name}"
        if (asked.extended is not None or g.today > asked.due_on) and "extend" not in typed:
            del forms["extend"]
    page = render_template(
        "records/show.html",
        asked=asked,
        lines=queries.lines_of(asked),
        forms=forms,
        press=PressForm(formdata=None),
        keeps=bool(forms),
        overdue=queries.overdue(asked, g.today),
        may=queries.may_by_filing(asked, g.actor),
        today=g.today,
    )
    return page, code


@bp.post("/<reference>/extend")
@needs(Permission.RECORDS_KEEP, on=queries.request_for)
def extend(asked: RecordsRequest) -> ResponseReturnValue:
    """30 more days with a ground."""
    form = ExtendForm()
    if not form.validate_on_submit():
        return _page(asked, 422, extend=form)
    try:
        intake.extend(asked, MoreTime(form.ground.data), form.words.data or "", g.actor, g.now)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(asked, refusal.code, extend=form)
    flash(_("There is more time. Tell the requester the new day and the ground."), "success")
    return redirect(url_for("records.show", reference=asked.reference), 303)


@bp.post("/<reference>/answer")
@needs(Permission.RECORDS_KEEP, on=queries.request_for)
def close(asked: RecordsRequest) -> ResponseReturnValue:
    """Answers the request."""
    form = CloseForm()
    if not form.validate_on_submit():
        return _page(asked, 422, close=form)
    try:
        intake.close(asked, RecordsAnswer(form.answer.data), form.words.data or "", g.actor, g.now)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(asked, refusal.code, close=form)
    flash(_("The request is answered."), "success")
    return redirect(url_for("records.show", reference=asked.reference), 303)


def _sought(form: SeekForm) -> queries.Sought:
    told = {name: (form[name].data or "")[:200] for name in ("reference", "person", "department", "year")}
    return queries.Sought(**told)


def _gather_read(_asked: RecordsRequest) -> Trace | None:
    """A search that found somebody is an entry: by which kinds of words, and how many lines."""
    told: Trace | None = g.get("records_sought")
    return told


@bp.get("/<reference>/gather")
@needs(Permission.RECORDS_KEEP, on=queries.request_for, reads=_gather_read)
def gather(asked: RecordsRequest) -> ResponseReturnValue:
    """Looks for filings to put to the request."""
    form = SeekForm(request.args, prefix="sought_")
    form.offer(queries.years())
    sought = _sought(form) if form.validate() else queries.Sought()
    return _found(asked, form, sought, None, 422 if form.errors else 200)


def _found(
    asked: RecordsRequest, form: SeekForm, sought: queries.Sought, chosen: GatherForm | None, code: int
) -> ResponseReturnValue:
    filings = [] if sought.empty else queries.found(sought)
    there = {one.disclosure_id for one in asked.filings if one.taken_out_seq is None}
    pick = chosen or GatherForm(formdata=None)
    pick.filings.choices = [SelectChoice(one.reference, one.reference) for one in filings]
    if not sought.empty:
        words = {name: sha256(value) for name, value in vars(sought).items() if value}
        g.records_sought = (Event.LIST_READ, "list:records", {"list": "records", "filter": words, "count": len(filings)})
    # The search goes along, so that what was found is found again: the number's name in the address is taken by the request.
    around = {f"sought_{name}": value for name, value in vars(sought).items() if value}
    told = {"form": form, "pick": pick, "filings": filings, "there": there, "sought": sought}
    told["put_in_url"] = url_for("records.put_in", reference=asked.reference, **around)
    return render_template("records/gather.html", asked=asked, most=queries.PAGE, **told), code


@bp.post("/<reference>/gather")
@needs(Permission.RECORDS_KEEP, on=queries.request_for)
def put_in(asked: RecordsRequest) -> ResponseReturnValue:
    """Puts the chosen filings to the request."""
    form = SeekForm(request.args, prefix="sought_")
    form.offer(queries.years())
    sought = _sought(form) if form.validate() else queries.Sought()
    pick = GatherForm()
    pick.filings.choices = [SelectChoice(one.reference, one.reference) for one in queries.found(sought)]
    if not pick.validate_on_submit():
        return _found(asked, form, sought, pick, 422)
    try:
        made = gathering.gather(asked, queries.by_reference(pick.filings.data), bool(pick.every_version.data), g.actor, g.now)
    except Refused as refusal:
        pick.refuse(refusal)
        return _found(asked, form, sought, pick, refusal.code)
    nudge()
    flash(_("Put to the request: %(count)s.", count=len(made)), "success")
    return redirect(url_for("records.show", reference=asked.reference), 303)


@bp.get("/<reference>/list.csv")
@needs(Permission.RECORDS, on=queries.request_for)
def listed(asked: RecordsRequest) -> ResponseReturnValue:
    """The list of what went out, for a spreadsheet."""
    headers = {"Content-Disposition": f'attachment; filename="{asked.reference}.csv"'}
    return Response(as_csv(asked), content_type="text/csv; charset=utf-8", headers=headers)
