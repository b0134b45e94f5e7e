"""Pages that anybody may read without signing in: help, privacy, who sees what, accessibility, about (U13, U26)."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from coi import who_sees
from coi.config import release
from coi.gate import needs
from coi.languages import language
from coi.profiles.current import current_profile
from coi.rules.permissions import Permission

NOTICE = {"version": "1", "on": date(2026, 1, 5)}

bp = Blueprint("public", __name__)


@bp.get("/help")
@needs(Permission.ANYBODY)
def help_page() -> ResponseReturnValue:
    """How to sign in, fill in, correct, appeal, and whom to call."""
    return render_template("public/help.html", profile=current_profile())


@bp.get("/privacy")
@needs(Permission.ANYBODY)
def privacy() -> ResponseReturnValue:
    """The privacy notice."""
    return render_template("public/privacy.html", profile=current_profile(), policies=_policies(), notice=NOTICE, seen=who_sees)


@bp.get("/who-sees-what")
@needs(Permission.ANYBODY)
def who_sees_what() -> ResponseReturnValue:
    """The table of readers, made from the access rules."""
    return render_template("public/who_sees_what.html", seen=who_sees)


@bp.get("/accessibility")
@needs(Permission.ANYBODY)
def accessibility() -> ResponseReturnValue:
    """What works for whom, and what to do when it does not."""
    return render_template("public/accessibility.html")


@bp.get("/about")
@needs(Permission.ANYBODY)
def about() -> ResponseReturnValue:
    """The software, its version and commit."""
    return render_template("public/about.html", software=release())


def _policies() -> list[Any]:
    spoken = language()
    return [policy.title.get(spoken) or policy.title["en"] for policy in current_profile().policies]
