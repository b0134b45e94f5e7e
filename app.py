"""The front door: create_app() read top to bottom is the table of contents."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from coi import db, gate, languages, logs, pages
from coi.accounts import door
from coi.assets import serving
from coi.cli import register_commands
from coi.config import Settings
from coi.rooms import BLUEPRINTS
from coi.serve import refuse_what_is_no_city


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application; raises SystemExit in production when a setting would put people at risk."""
    told = settings or Settings()
    faults = told.faults()
    if faults:
        raise SystemExit("This can't start:\n- " + "\n- ".join(faults))
    app = Flask(__name__, static_folder=None, template_folder="templates")
    app.config.update(
        SETTINGS=told,
        SECRET_KEY=told.secret_key,
        SQLALCHEMY_DATABASE_URI=told.database_url.replace("postgresql://", "postgresql+psycopg://"),
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # a fault of the database is logged, what people typed is not
        TESTING=told.testing,
        TRUSTED_HOSTS=told.hosts or None,
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=12 * 1024 * 1024,  # read, so that the gate can show a text that is too large once more
        MAX_FORM_PARTS=20_000,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=told.https,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=told.https,
    )
    if told.https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]  # werkzeug's own way
    logs.init_app()
    db.init_app(app)
    languages.init_app(app)
    serving.init_app(app)
    door.init_app(app)
    pages.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    gate.init_app(app, door.DOOR)
    gate.check_views(app)
    register_commands(app)
    return app


def web() -> Flask:
    """What a web server runs; raises SystemExit when the database holds no city, or a demo's in production."""
    app = create_app()
    refuse_what_is_no_city(app)
    return app
