"""Pages of keeping duties apart: who has what, when somebody is away, handing over, what is opened to auditors; thin."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectChoice

from coi.accounts.queries import account_behind, holders
from coi.clockwork import nudge
from coi.disclosures.shown import shown_version
from coi.duties import actions, opening, queries
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.gate import OFFICE, Trace, needs, with_lock_free
from coi.languages import language
from coi.models import AbsencePlan, Account, Disclosure
from coi.review.queries import signed_version, thread
from coi.review.standing_in import said_for, steads
from coi.rules.permissions import Permission, allows
from coi.vocabulary import Event, Role, WhileAway
from forms.duties import AwayForm, EndForm, HandOverForm, OpenForm

bp = Blueprint("duties", __name__, url_prefix="/duties")


@bp.get("/")
@needs(Permission.DUTIES)
def office() -> ResponseReturnValue:
    """Who has how many cases and until when they are away, what the system moved, where there are too few."""
    moved, hidden = queries.moved_by_system(g.actor)
    waits = queries.waiting_count(g.actor)
    told = {"loads": queries.loads(g.today), "moved": moved, "hidden": hidden, "waits": waits, "cap": queries.CAP}
    return render_template("duties/office.html", **told)


def _away_form(form: AwayForm) -> AwayForm:
    seated = queries.seated(g.today)
    for_others = allows(g.actor, Permission.DUTIES)
    form.person.choices = [SelectChoice("", _("I myself"))]
    form.person.choices += [SelectChoice(str(one.id), one.name) for one in seated if for_others and one.id != g.actor.person_id]
    form.delegate.choices = [SelectChoice("", _("Choose"))] + [SelectChoice(str(one.id), one.name) for one in seated]
    return form


def _away_page(form: AwayForm, code: int = 200) -> tuple[str, int]:
    for_others = allows(g.actor, Permission.DUTIES)
    plans = queries.to_come(g.today, None if for_others else g.actor.person_id)
    called = queries.people({one.absence.person_id for one in plans})
    page = render_template("duties/away.html", form=form, plans=plans, called=called, for_others=for_others, today=g.today)
    return page, code


@bp.route("/away", methods=["GET", "POST"])
@needs(Permission.AWAY)
def away() -> ResponseReturnValue:
    """I am away from … to …; a senior officer enters it for others, too."""
    form = _away_form(AwayForm())
    if not form.is_submitted():
        return _away_page(form)
    if form.validate():
        person_id = int(form.person.data) if form.person.data else g.actor.person_id
        delegate_id = int(form.delegate.data) if form.delegate.data else None
        try:
            cases = WhileAway(form.cases.data)
            actions.go_away(person_id, form.first.data, form.last.data, cases, delegate_id, g.actor, g.now)
        except Refused as refusal:
            with_lock_free()
            form.refuse(refusal)
        else:
            nudge()
            flash(_("Written down. It begins and ends by itself."), "success")
            return redirect(url_for("duties.away"), 303)
    return _away_page(form, 422)


@bp.post("/away/<reference>/end")
@needs(Permission.END_ABSENCE, on=queries.absence_for)
def end_absence(plan: AbsencePlan) -> ResponseReturnValue:
    """Back earlier, or called off."""
    form = EndForm()
    if not form.validate_on_submit():
        return _away_page(_away_form(AwayForm(formdata=None)), 422)
    try:
        ended = actions.come_back(plan, g.actor, g.now)
    except NotPossible as refusal:
        with_lock_free()
        again = _away_form(AwayForm(formdata=None))
        again.refuse(refusal)
        return _away_page(again, 422)
    nudge()
    flash(_("The absence is ended.") if ended else _("This absence was ended before."), "success")
    return redirect(url_for("duties.away"), 303)


def _cases_page(account: Account, form: HandOverForm, code: int = 200) -> tuple[str, int]:
    person = account.person
    found, others = queries.places(person.id, g.actor, g.now)
    called = queries.people({one.to for one in found if one.to is not None})
    total: dict[int, int] = {}
    for one in found:
        if one.to is not None:
            total[one.to] = total.get(one.to, 0) + 1
    form.shown.data = str(len(found))
    told = {"places": found, "others": others, "called": called, "total": total, "piece": account.fs_uniquifier[:16]}
    return render_template("duties/hand_over.html", person=person, form=form, **told), code


@bp.route("/cases-of/<reference>", methods=["GET", "POST"])
@needs(Permission.HAND_OVER, on=account_behind, fresh=OFFICE)
def hand_over(account: Account) -> ResponseReturnValue:
    """A leaver's cases in one act: to whom each would go, what can't be placed, one press."""
    form = HandOverForm()
    if not form.is_submitted():
        return _cases_page(account, form)
    if not form.validate():
        return _cases_page(account, form, 422)
    try:
        moved, stay = actions.hand_over(account.person, g.actor, g.now)
    except SomebodyWasFaster as refusal:
        with_lock_free()
        form.refuse(refusal)
        return _cases_page(account, form, 409)
    except Refused as refusal:
        with_lock_free()
        form.refuse(refusal)
        return _cases_page(account, form, 422)
    nudge()
    if moved:
        flash(ngettext("%(num)s case was handed over.", "%(num)s cases were handed over.", moved), "success")
    if stay:
        flash(ngettext("%(num)s case stays: nobody is free.", "%(num)s cases stay: nobody is free.", stay), "warning")
    if not moved and not stay:
        flash(_("There was nothing left to hand over."), "info")
    return redirect(url_for("duties.hand_over", reference=account.fs_uniquifier[:16]), 303)


def _open_page(form: OpenForm | None, code: int = 200) -> tuple[str, int]:
    told = {"grants": [(one, opening.filing_of(one), opening.runs(one, g.today)) for one in opening.grants(g.actor)]}
    return render_template("duties/opened.html", form=form, most=opening.LONGEST, **told), code


def _open_form(form: OpenForm) -> OpenForm:
    form.auditor.choices = [SelectChoice(str(one.id), one.name) for one in holders({Role.AUDITOR}, g.today)]
    return form


@bp.get("/opened")
@needs(Permission.OPENED)
def opened() -> ResponseReturnValue:
    """What was opened to auditors; senior officers ask for more here."""
    return _open_page(_open_form(OpenForm(formdata=None)) if allows(g.actor, Permission.DUTIES) else None)


@bp.post("/opened")
@needs(Permission.DUTIES, fresh=OFFICE)
def ask_to_open() -> ResponseReturnValue:
    """Asks a second person to open one filing to one auditor for a time."""
    form = _open_form(OpenForm())
    if not form.validate_on_submit():
        return _open_page(form, 422)
    try:
        auditor, days = int(form.auditor.data), int(form.days.data or 0)
        asked = opening.ask(form.reference.data or "", auditor, days, form.reason.data or "", g.actor, g.now)
    except Refused as refusal:
        with_lock_free()
        form.refuse(refusal)
        return _open_page(form, 422)
    nudge()
    flash(_("Asked: %(reference)s. It opens when a second person agrees.", reference=asked.reference if asked else ""), "success")
    return redirect(url_for("duties.opened"), 303)


def _read(disclosure: Disclosure) -> Trace:
    told: dict[str, Any] = {"version": disclosure.version, "as": "auditor"}
    return Event.DISCLOSURE_READ, f"disclosure:{disclosure.reference}", told


@bp.get("/opened/<reference>")
@needs(Permission.READ_OPENED, on=opening.opened, reads=_read)
def read_opened(disclosure: Disclosure) -> ResponseReturnValue:
    """A filing that two people opened to this auditor: every answer, the thread with the notes, nothing to press."""
    version = signed_version(disclosure)
    grant = opening.grant_behind(disclosure, g.actor)
    told: dict[str, Any] = {"sections": shown_version(version, language()) if version else []}
    told["thread"], stood = thread(disclosure, with_notes=True), steads(disclosure)
    told["called"] = {one.id: said_for(one.author.name, one.author_id, one.seq, stood) for one in told["thread"]}
    return render_template("duties/read.html", disclosure=disclosure, version=version, grant=grant, **told)
