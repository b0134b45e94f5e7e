"""Pages that anybody may read without signing in: help, privacy, who sees what, accessibility, about (U13, U26)."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue

from coi import who_sees
from coi.config import release
from coi.gate import needs
from coi.languages import language
from coi.papers import pdf
from coi.policies import queries as policies
from coi.profiles.current import current_profile
from coi.questionnaires.blank import BlankForm, blank, level_label, levels_of
from coi.questionnaires.blank_paper import paper_of
from coi.questionnaires.queries import form_of, newest
from coi.questionnaires.uses import uses
from coi.rules.form import in_language
from coi.rules.permissions import Facts, Permission

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


@bp.get("/blank-forms")
@needs(Permission.ANYBODY)
def blank_forms() -> ResponseReturnValue:
    """Every form that the City asks for, in each level: to read before signing in, or to print and fill in with a pen."""
    spoken = language()
    rows = []
    for form_id in dict.fromkeys(use.form for use in uses()):
        kept = newest(form_id)
        if kept is not None:
            form = form_of(kept)
            levels = [(_in_url(level), level_label(level)) for level in levels_of(form)]
            rows.append((form_id, in_language(form.title, spoken), levels))
    return render_template("public/blank_forms.html", rows=rows, policies=policies.listed(g.today))


def blank_of(form_id: str, level: str) -> tuple[BlankForm, Facts] | None:
    """One blank form in the reader's language, for the gate; only forms that the City asks for."""
    kept = newest(form_id) if form_id in {use.form for use in uses()} else None
    form = form_of(kept) if kept is not None else None
    named = {_in_url(one): one for one in levels_of(form)} if form is not None else {}
    if form is None or level not in named:
        return None
    return blank(form, named[level], language(), current_profile().city.short, g.today), Facts()


@bp.get("/blank-forms/<form_id>/<level>")
@needs(Permission.ANYBODY, on=blank_of)
def blank_form(form: BlankForm) -> ResponseReturnValue:
    """One blank form as a page: what is asked, when, and who can see the answer."""
    return render_template("public/blank_form.html", form=form, level=_in_url(form.level), policies=_policies())


@bp.get("/blank-forms/<form_id>/<level>/paper")
@needs(Permission.ANYBODY, on=blank_of)
def blank_paper(form: BlankForm) -> ResponseReturnValue:
    """The same to print: a tagged PDF in the reader's language."""
    paper = paper_of(form, current_profile().city, _policies(), language(), g.today)
    answer = Response(pdf(paper), mimetype="application/pdf")
    name = f"{form.form_id}-{_in_url(form.level)}-{language()}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _in_url(level: str) -> str:
    return level.replace("_", "-")


def _policies() -> list[Any]:
    spoken = language()
    return [policy.title.get(spoken) or policy.title["en"] for policy in current_profile().policies]
