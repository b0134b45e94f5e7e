"""The page of figures, their pictures, and the cases behind a number; thin."""

from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coi.campaigns.queries import chosen
from coi.dashboards import all_figures, pictures, queries
from coi.gate import needs
from coi.models import Campaign
from coi.review.queue import reads_answers
from coi.rules.permissions import Permission
from coi.vocabulary import Event

bp = Blueprint("dashboards", __name__, url_prefix="/figures")
# A picture that is opened by itself may use the rules written in it; in the page it is an image, which runs and loads nothing.
PICTURE_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


def _campaign() -> Campaign | None:
    return chosen(request.args.get("year", ""))


@bp.get("/")
@needs(Permission.STATISTICS)
def index() -> ResponseReturnValue:
    """How one campaign goes: who filed, what became of it, what waits; numbers without persons."""
    campaign = _campaign()
    told = all_figures.every(campaign, g.actor, g.now, g.today) if campaign else None
    return render_template(
        "dashboards/figures.html",
        campaign=campaign,
        campaigns=queries.campaigns(),
        told=told,
        sizes=pictures.size_of,
    )


@bp.get("/picture/<name>.svg")
@needs(Permission.STATISTICS)
def picture(name: str) -> ResponseReturnValue:
    """One figure as a picture; `narrow` is for a phone."""
    campaign = _campaign()
    figure = all_figures.one(name, campaign, g.actor, g.now, g.today) if campaign else None
    if figure is None or not (figure.line or figure.bars):
        abort(404)
    drawn = pictures.drawn(figure, narrow="narrow" in request.args)
    return Response(drawn, content_type="image/svg+xml; charset=utf-8", headers={"Content-Security-Policy": PICTURE_CSP})


def _cases_read() -> tuple[Event, str, dict[str, Any]] | None:
    shown = g.get("cases_shown")
    return (Event.LIST_READ, "list:figures", {"list": "figures", **shown}) if shown else None


@bp.get("/cases")
@needs(Permission.QUEUE_ALL, reads=_cases_read)
def cases() -> ResponseReturnValue:
    """The cases that a number counts, for who may list them; each look is in the log."""
    campaign = _campaign()
    if campaign is None:
        abort(404)
    by = next((name for name in queries.BY if name in request.args), "")
    code = request.args.get(by, "")[:20] if by else ""
    page = queries.listed(campaign, g.actor, by, code, g.now, request.args.get("after", "")[:40])
    g.cases_shown = {"filter": {"campaign": campaign.year, by or "all": code}, "count": len(page.rows)}
    asked: dict[str, Any] = {"year": campaign.year, **({by: code} if by else {})}
    further = url_for("dashboards.cases", **asked, after=page.after) if page.after else None
    told = {"heading": all_figures.heading(by, code), "next_url": further, "opens": reads_answers(g.actor, "all")}
    return render_template("dashboards/cases.html", campaign=campaign, rows=page.rows, **told)
