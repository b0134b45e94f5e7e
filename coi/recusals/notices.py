"""Recusal notices: who stays out of what, from when, until when, who screens it; for clerk and procurement, never why."""

from collections.abc import Iterable
from typing import Any

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.gate import Trace, needs
from coi.languages import day, language
from coi.models import StepAside
from coi.papers import Paper, pdf
from coi.profiles.current import current_profile
from coi.recusals import queries
from coi.recusals.blueprint import bp
from coi.rules.permissions import Permission
from coi.vocabulary import Event


def _read() -> tuple[Event, str, dict[str, Any]] | None:
    count = g.get("notices_shown")
    told = {"list": "recusal_notices", "filter": {"over": "over" in request.args}, "count": count}
    return None if count is None else (Event.LIST_READ, "list:recusals", told)


@bp.get("/notices")
@needs(Permission.RECUSAL_NOTICES, reads=_read)
def notices() -> ResponseReturnValue:
    """Everybody who stays out of something: matter, person, days, who handles it."""
    over = "over" in request.args
    lines, after = queries.notices(g.actor, g.today, over, request.args.get("before", "")[:30])
    g.notices_shown = len(lines)
    return render_template("recusals/notices.html", lines=lines, after=after, over=over)


def _notice_read(recusal: StepAside) -> Trace | None:
    if g.actor.person_id == recusal.person_id:
        return None
    return Event.RECUSAL_READ, f"recusal:{recusal.reference}", {"as": "matter_only"}


@bp.get("/<reference>/notice.pdf")
@needs(Permission.RECUSAL_NOTICE, on=queries.recusal_for, reads=_notice_read)
def notice(recusal: StepAside) -> ResponseReturnValue:
    """The notice of one person, to print."""
    told = {"Content-Disposition": f"attachment; filename={recusal.reference}-notice.pdf"}
    lines = [one for one in queries.mine(recusal.person_id) if one.over_on is None or one.over_on > g.today]
    return Response(_paper(recusal, lines), content_type="application/pdf", headers=told)


def _paper(recusal: StepAside, lines: Iterable[queries.Line]) -> bytes:
    person = recusal.person
    paper = Paper(_("Notice: who stays out of what"), current_profile().city, language(), recusal.reference)
    told = [(_("Name"), person.name), (_("Position"), person.title), (_("Department"), person.department)]
    paper.facts([(label, value) for label, value in told if value])
    paper.text(_("Please give this person no work on what follows, and no paper about it."))
    for line in lines:
        around = [(_("From"), day(line.recusal.since)), (_("Until"), day(line.over_on) if line.over_on else _("further notice"))]
        around.append((_("Who handles it"), line.stand_in.name if line.stand_in else _("nobody yet")))
        paper.entry(line.recusal.matter, around)
    paper.text(_("Stepping aside is no finding against anybody. Please do not ask why."), "quiet")
    return pdf(paper)
