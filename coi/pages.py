"""What every page shows around its own content: city, navigation by role, demo banner, release; and the two health answers."""

from typing import Any

from flask import Blueprint, Flask, current_app, g, has_request_context, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import text

from coi import public
from coi.assets.serving import city_colours
from coi.audit.words import by_whom
from coi.config import release
from coi.db import db
from coi.duties.queries import warnings_for
from coi.gate import needs, opened
from coi.menu import menu_for
from coi.profiles.current import current_profile
from coi.review.words import rule_in_words
from coi.rules.permissions import NOBODY, Permission, allows
from forms.base import number_warning

bp = Blueprint("health", __name__)
csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Adds the context of every page, the protection of every button, and the health pages."""
    csrf.init_app(app)
    app.register_blueprint(bp)
    app.register_blueprint(public.bp)
    app.context_processor(_around)
    app.jinja_env.globals.update(by_whom=by_whom, faults_of=faults_of, number_warning=number_warning, rule_in_words=rule_in_words)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _around() -> dict[str, Any]:
    if not has_request_context():
        return {}  # letters are written by commands and jobs, too; they bring what they need
    actor = getattr(g, "actor", NOBODY)
    here = request.endpoint or ""
    city = current_profile().city
    return {
        "actor": actor,
        "city": city,
        "city_colours": lambda: city_colours(city.colours),
        "links": _links(),
        "menu": menu_for(actor, here),
        "standing_warnings": lambda: warnings_for(actor, g.today) if "today" in g else None,
        "demo": current_app.config["SETTINGS"].demo,
        "release": release() if actor.roles else "",
        "may": lambda permission, facts=None: allows(actor, Permission(permission), facts),
        "now": getattr(g, "now", None),
        "ends": _ends(),
        "refusing": request.method == "POST",  # what is kept is answered with another address (DESIGN 2)
    }


def _ends() -> Any:
    """When this sign-in ends; None where nobody is signed in, False where it is not known who reads the page."""
    if "ends_at" not in g:
        return None if "was_account_id" in g else False
    left = {name: int((moment - g.now).total_seconds()) for name, moment in (("seconds", g.ends_at), ("limit", g.ends_for_good))}
    return {"at": g.ends_at, "for_good": g.ends_for_good, **left}


PUBLIC = (
    ("public.help_page", _l("Help")),
    ("public.blank_forms", _l("Blank forms and policies")),
    ("public.privacy", _l("Privacy notice")),
    ("public.who_sees_what", _l("Who sees what")),
    ("public.accessibility", _l("Accessibility")),
    ("public.about", _l("About this software")),
)
AROUND = {
    "home": "disclosures.home",
    "sign_in": "accounts.sign_in",
    "sign_out": "accounts.sign_out",
    "language": "accounts.language",
    "me": "accounts.me",
}


def _links() -> dict[str, Any]:
    """Where header and footer lead; a room that is not there yet gets no link."""
    known = current_app.view_functions
    told: dict[str, Any] = {name: url_for(endpoint) for name, endpoint in AROUND.items() if endpoint in known}
    told["public"] = [(url_for(endpoint), label) for endpoint, label in PUBLIC if endpoint in known]
    told["back"] = _back()
    told["here"] = url_for(told["back"][0][1], **(request.view_args or {})) if told["back"] else ""
    return told


def _back() -> list[tuple[str, str]]:
    """What the language switch posts so that the same page comes back: endpoint and values, never an address (TRAPS: Web)."""
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        return []
    return [("back", rule.endpoint), *((f"v_{name}", str(value)) for name, value in (request.view_args or {}).items())]


def faults_of(form: Any) -> list[tuple[str, str]]:
    """What is wrong with a form, in the order of the page: the id that the line leads to, and the sentence.

    Takes a form with nested forms and lists of entries, or a list of such pairs that a rule made.
    """
    if isinstance(form, list | tuple):
        return [(str(anchor or ""), str(message)) for anchor, message in form]
    found = [("", str(message)) for message in getattr(form, "form_errors", ())]
    for one in form:
        found += _faults_of_field(one)
    return found


def _faults_of_field(one: Any) -> list[tuple[str, str]]:
    if hasattr(one, "entries"):
        found = [(one.id, str(message)) for message in one.errors if not isinstance(message, dict | list | tuple)]
        return found + [fault for entry in one.entries for fault in _faults_of_field(entry)]
    if hasattr(one, "form"):
        return faults_of(one.form)
    several = hasattr(one, "iter_choices") and (one.type == "RadioField" or getattr(one.widget, "multiple", False))
    return [(f"{one.id}-0" if several else one.id, str(message)) for message in one.errors]


@bp.get("/healthz")
@opened
def healthz() -> ResponseReturnValue:
    """200 when it serves; touches nothing."""
    return jsonify(status="ok")


@bp.get("/readyz")
@needs(Permission.ANYBODY)
def readyz() -> ResponseReturnValue:
    """200 when database and migrations are well, else 503 with which is not."""
    from flask_migrate import current as _current  # noqa: F401  # proves that the migration package is there

    revision = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return jsonify(status="ok", revision=revision)


__all__ = ["CSRFError", "init_app"]
