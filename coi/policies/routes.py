"""Pages of the policies room: the texts for everybody (U26), what changed and what I said for each, the report for the office."""

from typing import Any

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coi.gate import needs
from coi.languages import language
from coi.models import PolicyFile, PolicyVersion
from coi.policies import office as _office_pages  # noqa: F401  # its pages join the same blueprint
from coi.policies import queries, report
from coi.policies.blueprint import bp
from coi.policies.markdown import as_html
from coi.policies.since import Since, since
from coi.rules.permissions import Permission
from coi.vocabulary import Event, Receipt


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
        filename=queries.has_file(policy),
        since=_since(policy),
    )


def _since(policy: PolicyVersion) -> Since | None:
    """What changed for who reads this; nothing for who is not signed in."""
    return since(g.actor.person_id, policy, language()) if g.actor.person_id is not None else None


@bp.get("/<policy_id>/<version>/changes")
@needs(Permission.SIGNED_IN, on=queries.version)
def changes(policy: PolicyVersion) -> ResponseReturnValue:
    """What changed since this person last signed, paragraph by paragraph."""
    title = queries.title_of(policy, language())
    return render_template("policies/changes.html", policy=policy, title=title, since=_since(policy), spoken=language())


@bp.get("/<policy_id>/<version>/file")
@needs(Permission.ANYBODY, on=queries.version_with_file)
def file(kept: PolicyFile) -> ResponseReturnValue:
    """The city's own PDF, exactly as it was given."""
    answer = Response(kept.content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"policy-{kept.sha256[:12]}.pdf")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@bp.get("/signed")
@needs(Permission.SIGNED_IN)
def mine() -> ResponseReturnValue:
    """What I said about each policy, version by version: my own list, read by nobody else on this page."""
    said = queries.said_by(g.actor.person_id) if g.actor.person_id is not None else []
    return render_template("policies/mine.html", rows=[(one, queries.title_of(one.version, language())) for one in said])


def _report_read() -> tuple[Event, str, dict[str, Any]] | None:
    shown = g.get("report_shown")
    return (Event.LIST_READ, "list:acknowledgements", {"list": "acknowledgements", **shown}) if shown else None


@bp.get("/acknowledgements")
@needs(Permission.ACKNOWLEDGEMENTS)
def acknowledgements() -> ResponseReturnValue:
    """Every version in effect: how many it binds, how many answered, how many are open."""
    newest = {one.id for one in queries.listed(g.today)}
    rows = []
    for version in report.versions(g.today):
        _places, total = report.tallies(report.rows_of(version, g.actor, g.today))
        if version.id in newest or total.people:
            rows.append((version, queries.title_of(version, language()), total, version.id in newest))
    return render_template("policies/acknowledgements.html", rows=rows)


@bp.get("/acknowledgements/<policy_id>/<version>")
@needs(Permission.ACKNOWLEDGEMENTS, on=queries.version, reads=lambda _policy: _report_read())
def acknowledged(policy: PolicyVersion) -> ResponseReturnValue:
    """One version: the departments, and person by person what may be told."""
    department, status = request.args.get("department", "")[:200].replace("\x00", ""), request.args.get("status", "")[:20]
    after = request.args.get("after", "")[:9]
    begin = int(after) if after.isascii() and after.isdigit() else 0
    rows = report.rows_of(policy, g.actor, g.today)
    places, total = report.tallies(rows)
    wanted = report.narrowed(rows, department, status)
    page = report.with_words(wanted[begin : begin + report.PAGE], policy, g.actor)
    more = begin + report.PAGE if len(wanted) > begin + report.PAGE else None
    g.report_shown = {
        "filter": {"policy": policy.policy_id, "version": policy.version, "department": department, "status": status},
        "count": len(wanted),
    }
    around: dict[str, Any] = {
        "policy_id": policy.policy_id,
        "version": policy.version,
        "department": department or None,
        "status": status or None,
    }
    return render_template(
        "policies/acknowledged.html",
        policy=policy,
        title=queries.title_of(policy, language()),
        places=places,
        total=total,
        rows=page,
        count=len(wanted),
        department=department,
        status=status,
        Receipt=Receipt,
        next_url=url_for("policies.acknowledged", **around, after=more) if more else None,
    )
