"""The page of what is open at the ethics office, as tables and a picture; thin."""

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue

from coi.gate import needs
from coi.rules.permissions import Permission
from coi.workload import picture, queries
from coi.workload.words import age_in_words

bp = Blueprint("workload", __name__, url_prefix="/what-is-open")
bp.add_app_template_global(age_in_words, "age_in_words")


@bp.get("/")
@needs(Permission.WORKLOAD)
def figures() -> ResponseReturnValue:
    """Open cases by age, priority and reviewer, and what was decided each week; all cases for senior officers, else my own."""
    whose = queries.whose(g.actor)
    told = {"figures": queries.figures(g.actor, whose, g.now), "weeks": queries.weeks(g.actor, whose, g.now)}
    return render_template("workload/figures.html", whose=whose, ages=queries.AGES, **told)


@bp.get("/picture.svg")
@needs(Permission.WORKLOAD)
def ages() -> ResponseReturnValue:
    """The ages as bars; the table beside it says the same."""
    figures = queries.figures(g.actor, queries.whose(g.actor), g.now)
    drawn = render_template("workload/ages.svg", bars=picture.bars(figures))
    return Response(drawn, content_type="image/svg+xml; charset=utf-8")
