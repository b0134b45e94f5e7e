"""The two languages of every page and letter: the person's choice, else the browser's; money and dates as in the U.S."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, force_locale, format_currency, format_date, format_datetime, format_decimal
from flask_babel import gettext as _

from coi.profiles.current import zone

LANGUAGES = {"en": "English", "es": "Español"}
LOCALES = {"en": "en_US", "es": "es_US"}
babel = Babel()
# What a job speaks: in a request the reader's own wish decides.
_spoken: ContextVar[str] = ContextVar("spoken", default="en")


def init_app(app: Flask) -> None:
    """Sets the translations' folder and how the language of a request is found."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "coi/translations")
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "en_US")
    babel.init_app(app, locale_selector=_locale, timezone_selector=lambda: str(zone()))
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["clock"] = clock
    app.jinja_env.filters["dollars"] = dollars
    app.jinja_env.filters["size"] = size
    app.jinja_env.globals["language"] = language


def language() -> str:
    """`en` or `es`: what was chosen in this browser, else the person's, else the browser's own wish."""
    forced = getattr(g, "language", None) if has_request_context() else None
    if forced in LANGUAGES:
        return str(forced)
    if not has_request_context():
        return _spoken.get()
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    actor = getattr(g, "actor", None)
    if actor is not None and actor.is_person and actor.language in LANGUAGES:
        return str(actor.language)
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def _locale() -> str:
    return LOCALES[language()]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Inside, everything is said in language `code` (letters, workbooks, receipts)."""
    token = _spoken.set(code if code in LANGUAGES else "en")
    try:
        with force_locale(LOCALES.get(code, "en_US")):
            yield
    finally:
        _spoken.reset(token)


def day(value: date | None) -> str:
    """A date in words: `May 1, 2026`, `1 de mayo de 2026`; short dates are day-first in es_US and misread."""
    # A moment is told as the city's day: in the evening the clock of the machine is a day ahead.
    return format_date(value, "long", rebase=isinstance(value, datetime)) if value else ""


def day_and_month(value: date) -> str:
    """A day without its year, where there is little room: `May 1`, `1 may`."""
    return format_date(value, "MMM d" if language() == "en" else "d MMM", rebase=False)


def clock(value: datetime | None) -> str:
    """A moment in city time, in words."""
    if value is None:
        return ""
    return _(
        "%(day)s at %(time)s",
        day=format_date(value, "long"),
        time=format_datetime(value, "h:mm a"),
    )


def dollars(value: Decimal | None) -> str:
    """An amount in dollars: `$1,299.50`, the same in both languages."""
    return str(format_currency(value, "USD")) if value is not None else ""


def size(number: int) -> str:
    """How large a file is, from its bytes: `12 kB`, `1.3 MB`, the same in both languages; never less than 1 kB."""
    if number < 1_000_000:
        return f"{format_decimal(max(1, round(number / 1000)))} kB"
    return f"{format_decimal(round(number / 1_000_000, 1))} MB"
