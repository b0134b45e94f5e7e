"""Pages of the vendors room: what an officer says of a match, a new contract settled, the timeline of a party; thin."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.clockwork import nudge
from coi.errors import Refused
from coi.gate import Trace, needs, with_lock_free
from coi.models import Disclosure
from coi.review import queries as cases
from coi.rules.permissions import Permission
from coi.vendors import alerts, list_pages, timeline, verdicts
from coi.vendors.blueprint import bp
from coi.vocabulary import Event, VerdictCategory
from forms.base import CityForm
from forms.vendors import SettleForm, TakeBackForm, VerdictForm

__all__ = ["bp", "list_pages"]


def _back(disclosure: Disclosure, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("review.show", reference=disclosure.reference, _anchor=anchor), 303)


def _again(template: str, disclosure: Disclosure, form: CityForm, code: int, **told: Any) -> ResponseReturnValue:
    with_lock_free()
    return render_template(template, disclosure=disclosure, form=form, **told), code


def _gone(disclosure: Disclosure, why: Any = None, code: int = 422) -> ResponseReturnValue:
    """What was to be changed is not there any more, or never was."""
    with_lock_free()
    why = why or _("This is not there any more. Look at the case again.")
    return render_template("vendors/gone.html", disclosure=disclosure, why=why), code


@bp.post("/<reference>/verdict")
@needs(Permission.VERDICT, on=cases.case)
def judge(disclosure: Disclosure) -> ResponseReturnValue:
    """What a name on the filing and a name on the City's list are: for this filing, or wherever it stands so."""
    form = VerdictForm()
    code = 422
    if form.validate_on_submit():
        try:
            made = verdicts.give(
                disclosure,
                form.number,
                VerdictCategory(form.category.data),
                form.because.data or "",
                g.actor,
                g.now,
                everywhere=form.everywhere.data,
                until=form.until.data,
                seen=form.seen.data or "",
            )
        except Refused as refusal:
            form.refuse(refusal)
            code = refusal.code
        else:
            nudge()
            flash(_("Written down. It is shown wherever it counts, with your name."), "success")
            return _back(disclosure, f"interest-{verdicts.interest_on(disclosure, made)}")
    match = verdicts.match_on(disclosure, form.number)
    standing = verdicts.standing_on(disclosure, match, g.today) if match is not None else None
    form.seen.data = standing.reference if standing is not None else ""
    return _again("vendors/verdict.html", disclosure, form, code, match=match, standing=standing)


@bp.post("/<reference>/verdict/take-back")
@needs(Permission.VERDICT, on=cases.case)
def take_back(disclosure: Disclosure) -> ResponseReturnValue:
    """Ends what was said of a match; it stays readable with its days."""
    form = TakeBackForm()
    verdict = verdicts.by_reference(form.verdict.data or "") if form.validate_on_submit() else None
    if verdict is None:
        return _gone(disclosure)
    try:
        verdicts.take_back(verdict, disclosure, g.actor, g.now)
    except Refused as refusal:
        return _gone(disclosure, refusal.message, refusal.code)
    nudge()
    flash(_("Taken back. It stays readable with its days."), "success")
    return _back(disclosure, f"interest-{verdicts.interest_on(disclosure, verdict)}")


@bp.post("/<reference>/new-contract")
@needs(Permission.SETTLE_CONTRACT, on=cases.case)
def settle(disclosure: Disclosure) -> ResponseReturnValue:
    """A new contract changes nothing, or the case should be opened again."""
    form = SettleForm()
    alert = alerts.by_reference(disclosure, form.alert.data or "")
    if alert is None:
        return _gone(disclosure)
    code = 422
    if form.validate_on_submit():
        act = alerts.dismiss if form.how.data == "dismiss" else alerts.ask_to_reopen
        try:
            act(alert, form.reason.data or "", g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
            code = refusal.code
        else:
            nudge()
            flash(_("Written down. The reason stays with the case."), "success")
            return _back(disclosure, "new-contracts")
    return _again("vendors/settle.html", disclosure, form, code, alert=alert, today=g.today, **alerts.contracts_of(alert))


def _party_read(seen: timeline.Timeline) -> Trace:
    told = {"party": seen.fingerprint, "contracts": len(seen.contracts), "filings": len(seen.filings)}
    return Event.PARTY_READ, f"disclosure:{seen.disclosure.reference}", told


@bp.get("/<reference>/party/<place>")
@needs(Permission.READ_CASE, on=timeline.of_party, reads=_party_read)
def party(seen: timeline.Timeline) -> ResponseReturnValue:
    """An outside party over the years: contracts, filings that named it, what was said and decided, who stepped aside (U43)."""
    told = {"conditions": timeline.conditions_in_words(), "today": g.today}
    return render_template("vendors/party.html", seen=seen, disclosure=seen.disclosure, **told)
