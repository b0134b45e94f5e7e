"""The page of the rule that clears filings with nothing to declare: what it did, and how it is withdrawn; thin."""

from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.errors import Refused
from coi.gate import OFFICE, needs, with_lock_free
from coi.profiles.current import current_profile
from coi.review import withdrawing
from coi.review.blueprint import bp
from coi.rules.permissions import Permission
from forms.batches import WithdrawForm


@bp.route("/rule", methods=["GET", "POST"])
@needs(Permission.WITHDRAW_RULE, fresh=OFFICE)
def rule() -> ResponseReturnValue:
    """How many filings the rule has cleared since a day, and the form that withdraws it."""
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            waits = withdrawing.ask(form.since.data, form.reason.data, g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            told = _("Asked. Another senior officer must approve it.") if waits else _("The rule is withdrawn.")
            flash(told, "success")
            return redirect(url_for("review.rule"), 303)
    failed = form.is_submitted()
    if failed:
        with_lock_free()
    else:
        form.since.data = _asked_day() or date(g.today.year, 1, 1)
    since = form.since.data
    page = render_template(
        "review/rule.html",
        form=form,
        since=since,
        count=withdrawing.how_many(withdrawing.NIL, since) if since else None,
        holds=current_profile().nil.clear == "rule",
        withdrawn=withdrawing.is_withdrawn(withdrawing.NIL),
        percent=current_profile().nil.sample_percent,
    )
    return page, 422 if failed else 200


def _asked_day() -> date | None:
    """The day in the address, where one was asked for."""
    try:
        asked = date.fromisoformat(request.args.get("since", "")[:10])
    except ValueError:
        return None
    return asked if 2000 <= asked.year <= 2100 else None
