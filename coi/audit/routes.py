"""Pages of the audit room: the log in words, what was refused, checkpoints, verify now; thin, and none of them writes."""

import json
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.audit import queries, taking
from coi.audit.chain import moment, sha256
from coi.audit.refused import wanted, why
from coi.audit.verify import faults
from coi.audit.words import actor_in_words, labels, sentence, subject_in_words
from coi.disclosures.seals import not_for
from coi.errors import Refused
from coi.gate import needs, with_lock_free
from coi.models import Checkpoint
from coi.rules.permissions import Permission, allows
from coi.vocabulary import Event
from forms.audit import LogForm, RefusalsForm

bp = Blueprint("audit", __name__, url_prefix="/audit")


def _log_read() -> tuple[Event, str, dict[str, Any]] | None:
    return Event.AUDIT_READ, "list:audit", g.log_shown


@bp.get("/")
@needs(Permission.AUDIT, reads=_log_read)
def log() -> ResponseReturnValue:
    """The newest entries in sentences; an administrator sees those of the system."""
    all_of_it = allows(g.actor, Permission.AUDIT_ALL)
    form = LogForm(request.args)
    form.offer(labels(queries.readable(all_of_it)))
    asked = _asked(form)
    before = _number("before")
    # Who is also a filer learns of no seal on the own filing from the log (U41).
    kept = not_for(g.actor.person_id, g.today) if g.actor.person_id is not None else None
    found = queries.entries(all_of_it, before=before, but=kept, **asked)
    names = queries.names_in(found)
    chosen = _chosen(asked)
    # The log holds no typed words (U11): what was looked for stands in it as a code or a hash.
    g.log_shown = {"filter": _told(chosen), "count": len(found)}
    take = {kind: url_for(".take", kind=kind, **chosen) for kind in taking.KINDS}
    following = url_for(".log", before=found[-1].seq, **chosen) if len(found) == queries.PAGE else None
    lines = [
        {
            "entry": entry,
            "who": actor_in_words(entry.actor, names),
            "what": sentence(entry, subject_in_words(entry.subject, names)),
        }
        for entry in found
    ]
    shown = {"form": form, "lines": lines, "following": following, "all_of_it": all_of_it, "moment": moment, "take": take}
    page = render_template("audit/log.html", **shown)
    return (page, 422) if form.errors else page


def _asked(form: LogForm) -> dict[str, Any]:
    """What is looked for; nothing where the form does not hold."""
    if not form.validate():
        return {}
    words = {name: (form[name].data or "")[:100] for name in ("event", "actor", "subject")}
    return {**words, "since": form.since.data, "until": form.until.data, "reads": bool(form.reads.data)}


def _chosen(asked: dict[str, Any]) -> dict[str, Any]:
    """The same as an address carries it."""
    told = {name: value.isoformat() if name in ("since", "until") and value else value for name, value in asked.items()}
    return {name: "y" if value is True else value for name, value in told.items() if value}


def _told(chosen: dict[str, Any]) -> dict[str, Any]:
    """The same as the log keeps it: no typed word."""
    return {name: sha256(value) if name in ("actor", "subject", "who") else value for name, value in chosen.items()}


def _taken(_kind: str = "") -> tuple[Event, str, dict[str, Any]]:
    return Event.AUDIT_READ, f"list:audit.{g.log_taken}", g.log_shown


@bp.get("/taken.<kind>")
@needs(Permission.AUDIT, reads=_taken)
def take(kind: str) -> ResponseReturnValue:
    """What the search found, as a file: csv in words and codes, or JSON Lines, exact."""
    if kind not in taking.KINDS:
        abort(404)
    all_of_it = allows(g.actor, Permission.AUDIT_ALL)
    form = LogForm(request.args)
    form.offer(labels(queries.readable(all_of_it)))
    asked = _asked(form)
    if form.errors:
        abort(404)
    kept = not_for(g.actor.person_id, g.today) if g.actor.person_id is not None else None
    found = queries.entries(all_of_it, but=kept, most=taking.MOST + 1, **asked)
    if len(found) > taking.MOST:
        raise Refused(_("These are more than %(most)s entries. Choose fewer days, or one event.", most=taking.MOST))
    g.log_taken, g.log_shown = kind, {"filter": _told(_chosen(asked)), "count": len(found)}
    headers = {"Content-Disposition": f'attachment; filename="audit-log.{kind}"'}
    return Response(taking.written(found, kind), content_type=taking.KINDS[kind], headers=headers)


def _refusals_read() -> tuple[Event, str, dict[str, Any]]:
    return Event.AUDIT_READ, "list:refusals", g.log_shown


@bp.get("/refusals")
@needs(Permission.REFUSALS, reads=_refusals_read)
def refusals() -> ResponseReturnValue:
    """Who was refused what, and failed tries to sign in: kept beside the log, because anybody could fill it."""
    form = RefusalsForm(request.args)
    told: dict[str, Any] = {}
    if form.validate():
        told = {"who": (form.who.data or "").strip()[:100], "since": form.since.data, "until": form.until.data}
    sought, older = queries.Sought(**told), _number("older")
    older_tries = _number("older_tries")
    refused, tried = queries.refusals(sought, older), queries.attempts(sought, older_tries)
    chosen = _chosen(told)
    g.log_shown = {"filter": {"list": "refusals", **_told(chosen)}, "count": len(refused) + len(tried)}
    names = queries.names_of({one.actor for one in refused})
    places: dict[str, Any] = {"older": older, "older_tries": older_tries}
    ends = {"older": [one.id for one in refused], "older_tries": [one.id for one in tried]}
    following = {
        which: url_for(".refusals", **chosen, **{**places, which: ids[-1]}) if len(ids) == queries.PAGE else None
        for which, ids in ends.items()
    }
    shown = [
        {"one": one, "who": actor_in_words(one.actor, names), "wanted": wanted(one.endpoint), "why": why(one.rule, one.code)}
        for one in refused
    ]
    page = render_template("audit/refusals.html", form=form, refused=shown, tried=tried, following=following, sought=bool(chosen))
    return (page, 422) if form.errors else page


def _number(name: str) -> int | None:
    """Where a list goes on, as the address says it; None for its beginning."""
    told = request.args.get(name, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else None


@bp.get("/verify")
@needs(Permission.VERIFY)
def verify() -> ResponseReturnValue:
    """The newest checkpoints, and how to check the log."""
    return _verify_page(None)


@bp.post("/verify")
@needs(Permission.VERIFY)
def verify_now() -> ResponseReturnValue:
    """Checks every entry of the log now; holds no lock while it reads, and writes nothing."""
    with_lock_free()
    return _verify_page(faults([one.content for one in queries.checkpoints()]))


def _verify_page(found: list[str] | None) -> str:
    size, last = queries.head()
    return render_template(
        "audit/verify.html",
        found=found,
        size=size,
        last=last,
        checkpoints=queries.checkpoints(),
        here=queries.installation(),
        moment=moment,
    )


@bp.get("/checkpoints/<head>")
@needs(Permission.VERIFY, on=queries.checkpoint_of)
def checkpoint(found: Checkpoint) -> ResponseReturnValue:
    """A checkpoint as a file to keep elsewhere."""
    name = f"checkpoint-{found.size}.json"
    text = json.dumps(found.content, indent=1) + "\n"
    return Response(text, mimetype="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'})
