"""The gate: loads the subject, asks the permission, serves, leaves a trace of reading, commits once; no view without a right."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any

import structlog
from flask import Flask, Response, current_app, flash, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from coi import headers, typed
from coi.audit.chain import clean_details, stamp
from coi.audit.record import record
from coi.db import db, reading
from coi.errors import FreshSignInNeeded, NotAllowed, NotYours, Refused, SignInNeeded
from coi.models import AuditEntry, Refusal, SignInAttempt
from coi.rules.permissions import NOBODY, Actor, Facts, Permission, allows
from coi.vocabulary import Event

log = structlog.get_logger()

Loader = Callable[..., tuple[Any, Facts] | None]
Trace = tuple[Event, str, Mapping[str, Any]]
Traces = Trace | list[Trace] | None

# U2: how old a sign-in may be, in minutes, before an act asks the secret again; the profile's clocks may say otherwise.
OWN = "filer"
OFFICE = "office"


@dataclass
class Door:
    """What the gate asks of the rooms, handed over by app.py so that it imports none of them."""

    who: Callable[[], Actor]
    confirm: Callable[[str], bool]
    signed_in_at: Callable[[], datetime | None]
    fresh_minutes: Callable[[str], int]
    today: Callable[[datetime], date]
    ask_sign_in: Callable[[str, bool], str]


def init_app(app: Flask, door: Door) -> None:
    """Puts the gate before every view of the app; raises RuntimeError at start for a view that names no permission."""
    app.extensions["coi_door"] = door
    app.jinja_env.globals.update(reader=typed.reader, who_was=typed.who_was)
    app.before_request(_arrive)
    app.after_request(headers.put)
    app.register_error_handler(Exception, _broken)
    app.register_error_handler(HTTPException, _http)


def check_views(app: Flask) -> None:
    """Refuses to start when a view names no permission."""
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, "permission")]
    if bare:
        raise RuntimeError(f"These views name no permission: {', '.join(sorted(bare))}.")


def opened(view: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a view that serves without the database (assets, health): anybody, no transaction."""
    view.permission = Permission.ANYBODY  # type: ignore[attr-defined]  # the mark that check_views reads
    return view


def needs(
    permission: Permission,
    on: Loader | None = None,
    *,
    reads: Callable[..., Traces] | None = None,
    fresh: str | None = None,
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., Response]]:
    """A view behind the gate.

    `on(actor, **its own view arguments)` gives (subject, facts) or None; the subject becomes the view's first argument.
    `reads(subject)` (or `reads()` without subject) names the entry that showing the page leaves, or several where it shows
    several things; it runs after the view.
    `fresh` (OWN or OFFICE) asks the secret again when a POST comes with an older sign-in; what was typed is carried along.
    """
    taken = [name for name in inspect.signature(on).parameters if name != "actor"] if on else []

    def around(view: Callable[..., ResponseReturnValue]) -> Callable[..., Response]:
        @wraps(view)
        def serve(**arguments: Any) -> Response:
            actor = g.actor
            if request.method == "POST" and actor.is_person and typed.of_another():
                carried = typed.sent()
                told = _("Somebody else signed in here after this page was opened. Nothing was done.")
                return _sign_in_first(carried, 422) if carried is not None else _page(422, told, rule="another_person")
            try:
                subjects = _admit(permission, on, taken, arguments, actor)
                if fresh and request.method == "POST":
                    _check_fresh(fresh)
                answer = make_response(view(*subjects, **arguments))
                return _watched(_finish(_in_bounds(answer), subjects, reads))
            except (NotYours, NotAllowed, SignInNeeded, FreshSignInNeeded, Refused, IntegrityError, OperationalError) as refusal:
                db.session.rollback()
                return _watched(_refused(refusal))

        serve.permission = permission  # type: ignore[attr-defined]  # house tests and check_views read it
        serve.trace = reads is not None  # type: ignore[attr-defined]  # house tests read it
        return serve

    return around


def _arrive() -> None:
    g.now = current_app.config.get("NOW", lambda: datetime.now(UTC))()
    g.actor = NOBODY
    reading.set(True)
    if request.endpoint is None or getattr(current_app.view_functions.get(request.endpoint), "outside", False):
        return
    door: Door = current_app.extensions["coi_door"]
    if request.endpoint not in ("static", "assets.serve"):
        g.actor = door.who()
        g.today = door.today(g.now)
        if request.method not in ("GET", "HEAD"):
            # What was read so far held no lock; from here on the request may write. The cookie's person is loaded again.
            db.session.rollback()
            reading.set(False)
            confirmation = request.form.get("_passphrase")
            if confirmation is not None:
                g.confirmed = door.confirm(confirmation)


def _admit(permission: Permission, on: Loader | None, taken: list[str], arguments: dict[str, Any], actor: Actor) -> list[Any]:
    subjects: list[Any] = []
    facts = Facts()
    if not actor.is_person and not allows(NOBODY, permission):
        raise SignInNeeded
    if on is not None:
        own = {name: arguments.pop(name) for name in taken if name in arguments}
        if not all(str(one).isprintable() for one in (*own.values(), *arguments.values())):
            raise NotYours(permission)  # no address of ours holds such a mark, and PostgreSQL takes no NUL
        loaded = on(actor=actor, **own) if "actor" in inspect.signature(on).parameters else on(**own)
        if loaded is None:
            raise NotYours(permission)
        subject, facts = loaded
        subjects = [subject]
    if not allows(actor, permission, facts):
        raise NotYours(permission) if on is not None else NotAllowed(permission)
    return subjects


def _check_fresh(kind: str) -> None:
    door: Door = current_app.extensions["coi_door"]
    if getattr(g, "confirmed", None) is False:
        raise FreshSignInNeeded("wrong")
    at = door.signed_in_at()
    if at is None or g.now - at > timedelta(minutes=door.fresh_minutes(kind)):
        raise FreshSignInNeeded("old")


def _finish(answer: Response, subjects: list[Any], reads: Callable[..., Traces] | None) -> Response:
    if request.method in ("GET", "HEAD"):
        trace = reads(*subjects) if reads and answer.status_code == 200 else None
        db.session.rollback()
        if trace is not None and request.method == "GET":
            for one in trace if isinstance(trace, list) else [trace]:
                leave_trace(one)
        return answer
    if answer.status_code < 400:
        db.session.commit()
    else:
        db.session.rollback()
    return answer


def _in_bounds(answer: Response) -> Response:
    """More text than one page may send is never kept: 413, with the page that shows the text again (F34)."""
    if answer.status_code in (409, 422) and typed.too_much():
        answer.status_code = 413  # the view's own page, with each text in its field and what is too long beside it
    elif answer.status_code < 400 and request.endpoint and typed.too_much():
        return _page(413, _("A page can send at most 500 kB of text. Nothing of it was kept."), rule="too_much_text")
    return answer


def _watched(answer: Response) -> Response:
    """Notes that something came which no page sends (F28, F30): who and where, never what; forms and readers mark it."""
    for what in sorted(g.pop("odd", ())):
        if request.method == "POST" or answer.status_code >= 400:
            _try_to_note(what, answer.status_code)
    return answer


def leave_trace(trace: Trace) -> None:
    """Writes one `…:read` entry in a transaction of its own, once per person, version and hour (DESIGN 2)."""
    event, subject, details = trace
    reading.set(False)
    text = clean_details(details)
    since = stamp(g.now - timedelta(hours=1))
    seen = select(AuditEntry.seq).where(
        AuditEntry.subject == subject,
        AuditEntry.event == event.code,
        AuditEntry.actor == g.actor.name,
        AuditEntry.details == text,
        AuditEntry.at > since,
    )
    if db.session.scalar(seen.limit(1)) is None:
        record(event, g.actor, subject, g.now, **details)
    db.session.commit()


def _refused(refusal: Exception) -> Response:
    if isinstance(refusal, SignInNeeded):
        return _to_sign_in()
    if isinstance(refusal, FreshSignInNeeded):
        return _ask_again(wrong=str(refusal) == "wrong")
    if isinstance(refusal, Refused):
        return _in_bounds(_page(refusal.code, refusal.message, rule=type(refusal).__name__))
    if isinstance(refusal, IntegrityError):
        log.warning("a constraint refused", constraint=str(refusal.orig)[:200])
        return _page(409, _("Somebody was faster, or this was already done. Load the page again."), rule="constraint")
    if isinstance(refusal, OperationalError):
        return _busy(refusal)
    code = 404 if isinstance(refusal, NotYours) else 403
    return _page(code, None, rule=str(refusal))


def _to_sign_in() -> Response:
    if request.method == "GET":
        values = {key: value for key, value in (request.view_args or {}).items() if isinstance(value, str | int)}
        session["after_sign_in"] = [request.endpoint, values]
    else:
        note_refusal("sign_in_needed", 302)
        carried = typed.sent()
        if carried is not None and carried.who:
            return _sign_in_first(carried, 422)
        flash(_("Your session ended. Please sign in again."), "warning")
    return make_response(redirect(url_for("accounts.sign_in")))


def _sign_in_first(carried: typed.Typed, code: int) -> Response:
    """The sign-in ended under an open page, or is another person's now: what was typed waits, sealed, for who typed it."""
    return _wait_on(typed.sealed(carried, g.now), code)


def _wait_on(kept: str, code: int) -> Response:
    with_lock_free()
    door: Door = current_app.extensions["coi_door"]
    page = door.ask_sign_in(kept, g.actor.is_person)
    db.session.rollback()
    return make_response(page, code)


def _send_again(carried: typed.Typed, code: int) -> Response:
    """The page was older than the sign-in of the same person: the words are shown, and a press sends them."""
    with_lock_free()
    page = render_template("errors/once_more.html", typed=carried)
    db.session.rollback()
    return make_response(page, code)


def _old_page(code: int) -> Response | None:
    """The answer to a page of ours whose token is no longer good; None when it holds nothing to keep."""
    if not typed.from_our_page():
        return None
    _know()
    if "_typed" in request.form:  # the sign-in page itself was old: what waits in it goes on waiting
        return _wait_on(request.form["_typed"], code)
    carried = typed.sent()
    if carried is None:
        return None
    if g.actor.is_person and not typed.of_another():
        return _send_again(carried, code)
    return _sign_in_first(carried, code) if carried.who else None


def _know() -> None:
    """Finds out who is there for a page that is refused before the gate."""
    if "now" not in g:
        g.now = current_app.config.get("NOW", lambda: datetime.now(UTC))()
        reading.set(True)
        door: Door = current_app.extensions["coi_door"]
        g.actor, g.today = door.who(), door.today(g.now)


def _ask_again(wrong: bool) -> Response:
    carried = typed.sent()
    with_lock_free()
    page = render_template("accounts/confirm.html", typed=carried, wrong=wrong)
    db.session.rollback()
    note_refusal("fresh_sign_in", 422)
    return make_response(page, 422)


def with_lock_free() -> None:
    """From here on the request only reads: an error page must not hold the write lock."""
    db.session.rollback()
    reading.set(True)


def _page(code: int, message: Any, rule: str, note: bool = True) -> Response:
    with_lock_free()
    if note and code in (403, 404, 409, 413, 422):
        _try_to_note(rule, code)
    page = render_template("errors/error.html", code=code, message=message, typed=_own_words(code))
    db.session.rollback()
    return make_response(page, code)


def _try_to_note(rule: str, code: int) -> None:
    try:
        note_refusal(rule, code)
    except OperationalError as fault:  # a busy database must not turn a refusal into a breakdown
        with_lock_free()
        log.warning("a refusal was not noted", rule=rule, error=str(fault.orig)[:200])


def _busy(fault: OperationalError) -> Response:
    """Somebody holds the database, or it is gone: our page, with what was typed; a plain one where no page can be made."""
    log.error("the database is busy", error=str(fault.orig)[:200])
    try:
        return _page(503, None, rule="database", note=False)
    except OperationalError:
        db.session.rollback()
        # Without the context of a page, which would ask the database for the reader's language and the city's name.
        plain = current_app.jinja_env.get_template("errors/plain.html").render(
            typed=_own_words(503), token=generate_csrf(), who=typed.who_sent()
        )
        return make_response(plain, 503)


def _own_words(code: int) -> typed.Typed | None:
    """What the person sent, for the page that refuses it; nothing where the body can't be read, and no other person's."""
    if code in (400, 405) or (code == 413 and not typed.too_much()):
        return None
    carried = typed.sent()
    return None if carried is None or (g.get("account_id") is not None and typed.of_another()) else carried


def ready_to_write() -> None:
    """After long reading without the lock: from here on the request writes; what was read before may be older."""
    db.session.rollback()
    reading.set(False)


def note_refusal(rule: str, code: int) -> None:
    """Writes who was refused what, in a transaction of its own after the rollback; nobody's typing can fill the audit chain."""
    db.session.rollback()
    reading.set(False)
    db.session.execute(
        insert(Refusal).values(actor=g.actor.name, endpoint=str(request.endpoint)[:120], rule=rule[:120], code=code, at=g.now)
    )
    db.session.commit()
    reading.set(True)


def note_attempt(login_hash: str, address: str, what: str) -> None:
    """Writes a try to sign in, in a transaction of its own after the rollback: counted even when the request fails."""
    db.session.rollback()
    was = reading.get()
    reading.set(False)
    db.session.execute(insert(SignInAttempt).values(login_hash=login_hash, address=address[:60], what=what, at=g.now))
    db.session.commit()
    reading.set(was)


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    if isinstance(error, SecurityError):
        # Asked for by a name that is not ours: a page would need addresses, and there are none under that name.
        return Response("400 This is not the name of this site.\n", 400, content_type="text/plain; charset=utf-8")
    kept = _old_page(code) if isinstance(error, CSRFError) else None
    if kept is not None:
        return kept
    return _page(code, None, rule="http", note=False)


def _broken(error: Exception) -> ResponseReturnValue:
    if isinstance(error, HTTPException):
        return _http(error)
    if isinstance(error, OperationalError):
        return _busy(error)
    log.error("a page broke", endpoint=request.endpoint, exc_info=error)
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    return _page(500, None, rule="error", note=False)
