"""What a POST of the typing page does: keeps what was typed, presses, files; or gives the page again as it was typed."""

from dataclasses import dataclass

from flask import Request, g, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from coi.db import db
from coi.disclosures.actions import all_no
from coi.disclosures.signing import FaultsRemain
from coi.errors import Refused, SomebodyWasFaster
from coi.models import PaperForm
from coi.paper import actions, queries
from coi.paper.pages import PaperPage, Read, read
from coi.profiles.current import today
from coi.questionnaires.queries import form_of
from forms.built import anchor_of

SCANS, NO_TO_ALL = "scans", "no-to-all"


@dataclass
class Kept:
    """What became of a request: a page with its code, or where to go."""

    page: str | None = None
    code: int = 200
    onward: str = ""


def keep(form: PaperForm, request: Request, filing: bool = False) -> Kept:
    """The page; after a POST the page again, or where the button leads; `filing` files what was typed."""
    if request.method != "POST":
        return Kept(PaperPage(form, check="check" in request.args).render())
    return _post(form, request.form, request, filing)


def _post(form: PaperForm, posted: MultiDict[str, str], request: Request, filing: bool) -> Kept:
    told = read(form, posted)
    press = told.posted.press
    if told.faults:
        return Kept(PaperPage(form, shown=told, notice=_("Nothing of this page was kept yet.")).render(), 422)
    try:
        with db.session.begin_nested():
            actions.save(form, told.typed, g.actor, g.now)
            if press == NO_TO_ALL:
                answers = all_no(form_of(form.questionnaire), form.answers, queries.setting(form, today(g.now)))
                actions.answer_no(form, answers, g.actor, g.now)
            if filing:
                actions.file(form, _signature(form, request), g.actor, g.now)
    except FaultsRemain as faults:
        page = PaperPage(form, check=True, shown=told, missing=faults.policies, notice=faults.message)
        return Kept(page.render(), 422)
    except SomebodyWasFaster as slow:
        return Kept(PaperPage(form, shown=told, notice=slow.message).render(), 409)
    except Refused as refusal:
        return Kept(_refused(form, told, refusal), 422)
    return Kept(onward=_onward(form, told, filing))


def _refused(form: PaperForm, told: Read, refusal: Refused) -> str:
    name = refusal.field if refusal.field in ("signed_name", "signed_on", "scans") else ""
    return PaperPage(form, check=True, shown=told, faults={name: str(refusal.message)}).render()


def _onward(form: PaperForm, told: Read, filing: bool) -> str:
    if filing:
        return url_for("paper.filed", reference=form.reference)
    if told.posted.press == SCANS:
        return url_for("paper.scans", reference=form.reference)
    here = url_for("paper.typing", reference=form.reference)
    return f"{here}#{anchor_of(told.posted.went)}" if told.posted.went else here


def _signature(form: PaperForm, request: Request) -> actions.Signature:
    return actions.signature_of(
        form,
        g.actor,
        g.now,
        signed_in_at=getattr(g, "sign_in_at", None),
        address=request.remote_addr or "",
        agent=(request.user_agent.string or "")[:300],
        button=_("File this paper form"),
        request_id=request.headers.get("X-Request-ID", "")[:80],
    )
