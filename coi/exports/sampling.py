"""Pages of audit samples: draw one, see which were drawn, ask for the workbook with the sheet for notes; thin."""

import secrets
from typing import Any

from flask import after_this_request, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.audit.chain import moment
from coi.clockwork import nudge
from coi.errors import Refused
from coi.exports import actions, queries, samples
from coi.exports.blueprint import bp
from coi.exports.filters import Filters
from coi.gate import OFFICE, needs, ready_to_write, with_lock_free
from coi.languages import language
from coi.models import AuditSample
from coi.rules.permissions import Permission
from coi.vocabulary import Event
from forms.exports import ALL
from forms.samples import FILED, SampleForm


def _form() -> SampleForm:
    form = SampleForm()
    years = [str(campaign.year) for campaign in queries.campaigns()]
    form.offer(years, queries.departments())
    if not form.is_submitted():
        form.campaign.data = years[0] if years else ALL
        form.once.data = secrets.token_hex(16)
    return form


def _page(form: SampleForm) -> str:
    return render_template("exports/samples.html", form=form, samples=samples.all_samples(), moment=moment)


@bp.get("/samples/")
@needs(Permission.EXPORT)
def samples_page() -> ResponseReturnValue:
    """The samples that were drawn, and the form to draw one."""
    return _page(_form())


@bp.post("/samples/")
@needs(Permission.EXPORT, fresh=OFFICE)
def draw_sample() -> ResponseReturnValue:
    """Draws a sample: read without the lock, written with it."""
    with_lock_free()
    form = _form()
    if form.validate_on_submit():
        try:
            planned = samples.plan(_wanted(form), g.now)
            ready_to_write()
            sample = samples.keep(planned, g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The sample was drawn."), "success")
            return redirect(url_for(".sample", reference=sample.reference))
    with_lock_free()
    return _page(form), 422


def _wanted(form: SampleForm) -> samples.Wanted:
    campaign = queries.campaign_of(int(form.campaign.data)) if form.campaign.data != ALL else None
    return samples.Wanted(
        campaign,
        actions.moment_of(form.as_of.data.isoformat() if form.as_of.data else "", g.now) or "",
        form.way.data,
        form.size.data,
        form.seed.data or "",
        form.once.data or secrets.token_hex(16),
        only_filed=form.of.data == FILED,
        narrow=Filters(departments=(form.department.data,) if form.department.data else ()),
    )


def _read(sample: AuditSample) -> tuple[Event, str, dict[str, Any]]:
    return Event.LIST_READ, f"sample:{sample.reference}", {"list": "sample", "filter": {}, "count": g.lines_shown}


@bp.get("/samples/<reference>")
@needs(Permission.EXPORT, on=samples.by_reference, reads=_read)
def sample(sample: AuditSample) -> ResponseReturnValue:
    """One sample: how it was drawn, and what came out."""
    told = request.args.get("after", "")
    after = int(told) if told.isascii() and told.isdigit() and len(told) < 6 else 0
    lines = samples.lines(sample, g.actor, g.today, after)
    g.lines_shown = len(lines)
    more = len(lines) == samples.PAGE and lines[-1].place < sample.size
    following = url_for(".sample", reference=sample.reference, after=lines[-1].place) if more else None
    return render_template("exports/sample.html", sample=sample, lines=lines, following=following, moment=moment)


@bp.post("/samples/<reference>/workbook")
@needs(Permission.EXPORT, on=samples.by_reference, fresh=OFFICE)
def workbook_with_sample(sample: AuditSample) -> ResponseReturnValue:
    """Asks for the workbook of that moment with the sheet Sample."""
    export = actions.ask_with(sample, language(), g.actor, g.now)
    after_this_request(_wake)
    flash(_("The workbook %(reference)s is being made.", reference=export.reference), "success")
    return redirect(url_for(".exports", _anchor="yours"))


def _wake(answer: Any) -> Any:
    nudge()
    return answer
