"""Puts the case page together: what stands on it for this officer, and its forms; reads only."""

from typing import Any

from flask import g, render_template, url_for
from flask_babel import gettext as _

from coi.disclosures.shown import shown_version
from coi.disclosures.facts import facts_for, open_assignment
from coi.languages import language
from coi.models import Disclosure
from coi.profiles.current import current_profile
from coi.review import actions, queries
from coi.review.assignment import desks_of, members, way_of
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Outcome
from forms.base import CityForm
from forms.review import (
    BESIDES,
    AskForm,
    BoundForm,
    ClearForm,
    DecideForm,
    EscalateForm,
    HandBackForm,
    NoteForm,
    PriorityForm,
    ReassignForm,
    RecuseForm,
    ReturnForm,
    UndoForm,
)

FORMS: dict[str, tuple[type[CityForm], Permission]] = {
    "ask": (AskForm, Permission.ASK),
    "send_back": (ReturnForm, Permission.RETURN),
    "clear": (ClearForm, Permission.CLEAR),
    "escalate": (EscalateForm, Permission.RECOMMEND),
    "decide": (DecideForm, Permission.DECIDE),
    "hand_back": (HandBackForm, Permission.HAND_BACK),
    "undo": (UndoForm, Permission.UNDO),
    "recuse": (RecuseForm, Permission.RECUSE),
    "note": (NoteForm, Permission.NOTE),
    "priority": (PriorityForm, Permission.PRIORITISE),
    "reassign": (ReassignForm, Permission.ASSIGN),
}


def case_forms(disclosure: Disclosure, **typed: CityForm) -> dict[str, Any]:
    """The forms that this officer may use now; `typed` ones keep what was typed, the others are fresh."""
    facts = facts_for(disclosure, g.actor)
    forms: dict[str, Any] = {}
    for name, (kind, permission) in FORMS.items():
        if name not in typed and not allows(g.actor, permission, facts):
            continue
        form = typed.get(name) or kind(formdata=None)
        if isinstance(form, BoundForm) and not form.is_submitted() or (name not in typed and isinstance(form, BoundForm)):
            form.version.data, form.state.data = str(disclosure.version), disclosure.state.value
        if "conditions" in form:
            form.conditions.choices = condition_choices()
        if "about" in form:
            form.about.choices = about_choices(disclosure)
        if "reviewer" in form:
            people = sorted({one for desk in desks_of(disclosure) for one in members(desk, g.today)})
            form.reviewer.choices = [(str(person.id), person.name) for person in queries.colleagues(disclosure, people)]
        forms[name] = form
    if "undo" in forms and not queries.can_be_undone(disclosure, g.now):
        del forms["undo"]
    return forms


def condition_choices() -> list[tuple[str, str]]:
    """The profile's library of conditions in the reader's language."""
    return [(one.code, one.text.get(language()) or one.text["en"]) for one in current_profile().conditions]


def about_choices(disclosure: Disclosure) -> list[tuple[str, str]]:
    """The answers that a question may be pinned to."""
    version = queries.signed_version(disclosure)
    choices = [("", str(_("The whole form")))]
    if version is not None:
        for section in shown_version(version, language()):
            choices.extend((answer.anchor, answer.title) for answer in section.answers)
    return choices


def case_page(disclosure: Disclosure, actor: Actor, forms: dict[str, Any], notice: Any = None) -> str:
    """The whole case page as HTML."""
    version = queries.signed_version(disclosure)
    facts = facts_for(disclosure, actor)
    assignment = open_assignment(disclosure)
    passed = assignment.passed_over if assignment and allows(actor, Permission.READ_PASSED_OVER, facts) else []
    decisions = queries.decisions(disclosure)
    return render_template(
        "review/show.html",
        disclosure=disclosure,
        version=version,
        sections=shown_version(version, language()) if version else [],
        thread=queries.thread(disclosure, with_notes=True),
        recommendation=queries.standing_recommendation(disclosure),
        decisions=decisions,
        earlier=queries.earlier(disclosure),
        history=queries.history(disclosure),
        assignment=assignment,
        passed=[(queries.names({one}).get(one, "?"), code) for one, code in passed],
        forms=forms,
        notice=notice,
        outcomes=BESIDES,
        Outcome=Outcome,
        readers=queries.readers(disclosure),
        conditions=dict(condition_choices()),
        no_supervisor=disclosure.filer.supervisor_id is None,
        here=url_for("review.show", reference=disclosure.reference),
        first_look=actions.first_look_by,
        way=way_of,
    )
