"""Pages of the exports room: ask for a workbook, see how far it is, download it with its seal; thin: form, action, redirect."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from flask import Response, after_this_request, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.audit.chain import moment
from coi.clockwork import nudge
from coi.errors import Refused
from coi.exports import actions, filters, queries
from coi.exports import sampling as _sampling  # noqa: F401  # its pages join the same blueprint
from coi.exports.blueprint import bp
from coi.exports.making import wanted_sheets
from coi.exports.registers.columns import SHEETS, title_of
from coi.exports.seal import fingerprint, seal_sha256
from coi.gate import OFFICE, needs
from coi.languages import language
from coi.models import Export
from coi.rules.permissions import Permission
from coi.vocabulary import Event, ExportKind, JobState
from forms.exports import ALL, FILTERS, AskForm

A_PIECE = 64 * 1024
ZIP = "application/zip"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _form() -> AskForm:
    form = AskForm(language=language())
    years = [str(campaign.year) for campaign in queries.campaigns()]
    form.offer(years, _there())
    if not form.is_submitted():
        form.campaign.data = years[0] if years else ALL
    return form


def _there() -> dict[str, Iterable[Any]]:
    """What there is to choose from, for each part of the form."""
    return {
        "departments": queries.departments(),
        "groups": queries.groups(),
        "states": [(word.value, word.label) for word in filters.STATES],
        "priorities": [(code, risk.label) for code, risk in filters.PRIORITIES.items()],
        "sheets": [(sheet, title_of(sheet, language())) for sheet in SHEETS if sheet not in ("columns", "sample")],
    }


def _narrow(form: AskForm) -> filters.Filters:
    named = {name: filters.ordered(form[name].data or ()) for name in FILTERS}
    return filters.Filters(
        named["departments"],
        named["groups"],
        named["states"],
        named["outcomes"],
        named["priorities"],
        since=form.since.data,
        until=form.until.data,
    )


def _page(form: AskForm) -> str:
    key, mine = queries.public_key(), queries.mine(g.actor)
    return render_template(
        "exports/exports.html",
        form=form,
        exports=mine,
        offered={one.reference for one in mine if queries.on_offer(one)},
        kept_until=queries.kept_until,
        asked_of={one.reference: queries.request_of(one) for one in mine if one.kind is ExportKind.FULL},
        lapsed={one.reference for one in mine if one.state is JobState.ASKED and not queries.waits_for_second(one, g.now)},
        filter_lines=filters.lines,
        sheet_title=lambda sheet: title_of(sheet, language()),
        all_sheets=lambda kind: wanted_sheets((), kind),
        key=key,
        fingerprint=fingerprint(key) if key else "",
        moment=moment,
    )


@bp.get("/")
@needs(Permission.EXPORT)
def exports() -> ResponseReturnValue:
    """My workbooks, and the form to ask for one."""
    return _page(_form())


@bp.post("/")
@needs(Permission.EXPORT, fresh=OFFICE)
def ask() -> ResponseReturnValue:
    """Asks for a workbook; it is made by the worker."""
    form = _form()
    if form.validate_on_submit():
        campaign = queries.campaign_of(int(form.campaign.data)) if form.campaign.data != ALL else None
        try:
            as_of = actions.moment_of(form.as_of.data.isoformat() if form.as_of.data else "", g.now)
            export = actions.ask(
                campaign,
                form.language.data,
                as_of,
                g.actor,
                g.now,
                kind=ExportKind(form.kind.data),
                sheets=tuple(form.sheets.data or ()),
                narrow=_narrow(form),
                purpose=form.purpose.data or "",
                formats=form.formats,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            after_this_request(_wake)
            if export.state is JobState.ASKED:
                told = _("The full workbook %(reference)s waits for a second person.", reference=export.reference)
                flash(told, "info")
            else:
                flash(_("The workbook %(reference)s is being made.", reference=export.reference), "success")
            return redirect(url_for(".exports"))
    return _page(form), 422


@bp.post("/<reference>/cancel")
@needs(Permission.EXPORT_OWN, on=queries.own)
def cancel(export: Export) -> ResponseReturnValue:
    """Stops a workbook that is not ready yet."""
    if actions.cancel(export, g.actor, g.now):
        flash(_("The workbook %(reference)s was cancelled.", reference=export.reference), "success")
    else:
        flash(_("The workbook %(reference)s was not being made any more.", reference=export.reference), "info")
    return redirect(url_for(".exports", _anchor="yours"))


@bp.post("/<reference>/again")
@needs(Permission.EXPORT_OWN, on=queries.own, fresh=OFFICE)
def again(export: Export) -> ResponseReturnValue:
    """Asks for the same workbook as of the same moment."""
    made = actions.again(export, g.actor, g.now)
    after_this_request(_wake)
    flash(_("The workbook %(reference)s is being made.", reference=made.reference), "success")
    return redirect(url_for(".exports", _anchor="yours"))


def _wake(answer: Any) -> Any:
    """After the commit: the worker need not wait for its clock."""
    nudge()
    return answer


def _downloaded(export: Export) -> tuple[Event, str, dict[str, Any]]:
    return Event.EXPORT_READ, f"export:{export.reference}", {"sha256": export.sha256}


@bp.get("/<reference>/workbook")
@needs(Permission.EXPORT_OWN, on=queries.own_done, reads=_downloaded)
def download(export: Export) -> ResponseReturnValue:
    """The finished workbook, for who asked for it."""
    return _sent(queries.workbook_of(export), EXCEL)


def _seal_taken(export: Export) -> tuple[Event, str, dict[str, Any]]:
    return Event.EXPORT_READ, f"export:{export.reference}", {"sha256": seal_sha256(export.seal or {})}


@bp.get("/<reference>/seal")
@needs(Permission.EXPORT_OWN, on=queries.own_done, reads=_seal_taken)
def seal_file(export: Export) -> ResponseReturnValue:
    """The seal file beside it: seal and row proofs."""
    return _sent(queries.seal_file_of(export), "application/json")


def _csv_taken(export: Export) -> tuple[Event, str, dict[str, Any]]:
    return Event.EXPORT_READ, f"export:{export.reference}", {"sha256": export.files["csv"]["sha256"]}


@bp.get("/<reference>/csv")
@needs(Permission.EXPORT_OWN, on=queries.own_csv, reads=_csv_taken)
def csv(export: Export) -> ResponseReturnValue:
    """Its sheets as csv, in one zip."""
    return _sent(queries.flat_file_of(export, "csv"), ZIP)


def _lines_taken(export: Export) -> tuple[Event, str, dict[str, Any]]:
    return Event.EXPORT_READ, f"export:{export.reference}", {"sha256": export.files["jsonl"]["sha256"]}


@bp.get("/<reference>/json-lines")
@needs(Permission.EXPORT_OWN, on=queries.own_lines, reads=_lines_taken)
def json_lines(export: Export) -> ResponseReturnValue:
    """Its sheets as JSON Lines, in one zip."""
    return _sent(queries.flat_file_of(export, "jsonl"), ZIP)


@bp.get("/verify.py")
@needs(Permission.VERIFY)
def verifier() -> ResponseReturnValue:
    """The program that checks a workbook on anybody's own laptop."""
    return _sent(queries.VERIFIER, "text/x-python; charset=utf-8")


@bp.get("/verify.html")
@needs(Permission.VERIFY)
def verifier_page() -> ResponseReturnValue:
    """The same check as a page to save: it runs in any browser, with nothing to install and no network."""
    return _sent(queries.VERIFIER_PAGE, "text/html; charset=utf-8")


def _sent(path: Path, kind: str) -> Response:
    """A file as a download, whole: no part of it can be asked for, so that each download is one entry of the log."""
    headers = {"Content-Disposition": f'attachment; filename="{path.name}"', "Content-Length": str(path.stat().st_size)}
    return Response(_pieces(path), content_type=kind, headers=headers)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(A_PIECE):
            yield piece
