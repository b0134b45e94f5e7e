"""What every page shows around its own content: city, navigation by role, demo banner, release; and the two health answers."""

from typing import Any

from flask import Blueprint, Flask, current_app, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import text

from coi.config import release
from coi.db import db
from coi.gate import needs, opened
from coi.profiles.current import current_profile
from coi.rooms import NAVIGATION
from coi.rules.permissions import NOBODY, Permission, allows

bp = Blueprint("health", __name__)
csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Adds the context of every page, the protection of every button, and the health pages."""
    csrf.init_app(app)
    app.register_blueprint(bp)
    app.context_processor(_around)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _around() -> dict[str, Any]:
    actor = getattr(g, "actor", NOBODY)
    here = request.endpoint or ""
    links = [
        {
            "url": url_for(endpoint),
            "label": label,
            "current": here.split(".")[0] == endpoint.split(".")[0] and _same(here, endpoint),
        }
        for endpoint, label, permission in NAVIGATION
        if actor.is_person and endpoint in current_app.view_functions and allows(actor, permission)
    ]
    return {
        "actor": actor,
        "city": current_profile().city,
        "navigation": links,
        "demo": current_app.config["SETTINGS"].demo,
        "release": release() if actor.roles else "",
        "may": lambda permission, facts=None: allows(actor, Permission(permission), facts),
        "now": getattr(g, "now", None),
    }


def _same(here: str, endpoint: str) -> bool:
    return here == endpoint or here.rsplit(".", 1)[0] == endpoint.rsplit(".", 1)[0]


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
