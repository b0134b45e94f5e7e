"""Pages of the policies room: the list and each text, for everybody, signed in or not (U26)."""

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from coi.gate import needs
from coi.languages import language
from coi.models import PolicyVersion
from coi.policies import queries
from coi.policies.markdown import as_html
from coi.rules.permissions import Permission

bp = Blueprint("policies", __name__, url_prefix="/policies")


@bp.get("/")
@needs(Permission.ANYBODY)
def policies() -> ResponseReturnValue:
    """Every policy in its newest version."""
    spoken = language()
    rows = [(one, queries.title_of(one, spoken)) for one in queries.listed(g.today)]
    return render_template("policies/policies.html", rows=rows)


@bp.get("/<policy_id>/<version>")
@needs(Permission.ANYBODY, on=queries.version)
def show(policy: PolicyVersion) -> ResponseReturnValue:
    """One version with its text in the reader's language; our own summary only where the city approved it."""
    spoken = language()
    text, written_in = queries.text_of(policy, spoken)
    shown = queries.may_be_shown(policy) and bool(text)
    return render_template(
        "policies/show.html",
        policy=policy,
        title=queries.title_of(policy, spoken),
        text=as_html(text) if shown else None,
        written_in=written_in,
        spoken=spoken,
    )
