"""Puts the case page together: what stands on it for this officer, and its forms; reads only."""

from collections.abc import Callable, Collection
from typing import Any

from flask import g, render_template, request
from flask_babel import gettext as _
from wtforms import SelectChoice

from coi.appeals.resting import may_rest
from coi.appeals.shown import appeal_panel
from coi.attachments.queries import without_papers
from coi.disclosures.carried import carry_of
from coi.disclosures.official import is_official, received
from coi.disclosures.shown import shown_version
from coi.languages import language
from coi.models import Disclosure
from coi.plans.editor import ready_plan
from coi.plans.panel import conditions as plan_panel
from coi.plans.words import bare
from coi.profiles.current import current_profile
from coi.review import queries
from coi.review.assignment import offered
from coi.review.cards import Earlier, cards_of, earlier_of, left_of, tasks_of
from coi.review.clocks import clocks_of
from coi.review.decisions import may_manage_alone
from coi.review.opened import Case, opened
from coi.review.related import related
from coi.review.reopening import asked_about
from coi.review.sealing import on_case
from coi.review.seats import seated
from coi.review.timeline import timeline
from coi.review.told import written_about
from coi.review.words import because_in_words, conflict_in_words, desk_in_words, lists_in_words
from coi.rules.permissions import Actor, Permission, has_it
from coi.team.queries import may_be_asked
from coi.vendors.panel import beside
from coi.vocabulary import RequestState, State
from forms.base import CityForm, texts
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
    ReopenForm,
    ReturnForm,
    TieForm,
    UndoForm,
    with_conditions,
)
from forms.review_messages import AdviceForm, NoLongerForm, RestForm, SupervisorForm

FORMS: dict[str, tuple[type[CityForm], Permission]] = {
    "ask": (AskForm, Permission.ASK),
    "send_back": (ReturnForm, Permission.RETURN),
    "clear": (ClearForm, Permission.CLEAR),
    "escalate": (EscalateForm, Permission.RECOMMEND),
    "decide": (DecideForm, Permission.DECIDE),
    "let_rest": (RestForm, Permission.DECIDE),
    "hand_back": (HandBackForm, Permission.HAND_BACK),
    "undo": (UndoForm, Permission.UNDO),
    "recuse": (RecuseForm, Permission.RECUSE),
    "note": (NoteForm, Permission.NOTE),
    "advice": (AdviceForm, Permission.ADVISE),
    "ask_supervisor": (SupervisorForm, Permission.ASK_SUPERVISOR),
    "take_back": (NoLongerForm, Permission.ASK_SUPERVISOR),
    "priority": (PriorityForm, Permission.PRIORITISE),
    "reassign": (ReassignForm, Permission.ASSIGN),
    "tie": (TieForm, Permission.CONFIRM_TIE),
    "reopen": (ReopenForm, Permission.ASK_REOPEN),
}


def case_forms(disclosure: Disclosure, **typed: CityForm) -> dict[str, Any]:
    """The forms that this officer may use now; `typed` ones keep what was typed, the others are fresh."""
    case = opened(disclosure, g.actor)
    forms: dict[str, Any] = {}
    for name, (kind, permission) in FORMS.items():
        if case.may(permission):
            forms[name] = ready(disclosure, name, typed.get(name) or kind(formdata=None), fresh=name not in typed)
    if "undo" in forms and not queries.can_be_undone(disclosure, case.standing, g.now):
        del forms["undo"]
    if "reassign" in forms and "reassign" not in typed and not forms["reassign"].reviewer.choices:
        del forms["reassign"]
    if "let_rest" in forms and "let_rest" not in typed and not (case.facts.appeal_open and may_rest(disclosure)):
        del forms["let_rest"]
    waits = any(one.is_open for one in case.put_to_supervisor)
    if not waits:
        forms.pop("take_back", None)
    if waits or ("ask_supervisor" in forms and not forms["ask_supervisor"].supervisor.choices):
        forms.pop("ask_supervisor", None)
    return forms


def ready(disclosure: Disclosure, name: str, form: Any, fresh: bool = False) -> Any:
    """Choices filled in, ids of its own (several forms stand on one page), and the version that the page shows."""
    for field in form:
        field.id = f"{name}-{field.short_name}"
    if fresh and isinstance(form, BoundForm):
        form.shows(disclosure.version, disclosure.state.value)
    if fresh and name == "priority":
        form.risk.data = disclosure.risk.value
    if name == "clear":
        with_conditions(form, allowed=may_manage_alone(disclosure))
    if "conditions" in form:
        form.conditions.choices = [SelectChoice(code, words) for code, words in condition_choices()]
    if "plan" in form:
        ready_plan(form, disclosure, fresh=fresh)
    if "about" in form:
        form.about.choices = [SelectChoice(code, words) for code, words in about_choices(disclosure)]
    _with_whom(disclosure, name, form, fresh)
    return form


def _with_whom(disclosure: Disclosure, name: str, form: Any, fresh: bool) -> None:
    """The people whom a form names, and what it says to who does not have the case."""
    if name == "ask_supervisor":
        form.supervisor.choices = [SelectChoice(str(one.id), one.name) for one in may_be_asked(disclosure, g.actor)]
    if name == "reassign":
        if fresh:
            form.held_by.data = str(disclosure.reviewer_id or "")
        form.reviewer.choices = _people(offered(disclosure, g.now))
    if name == "recuse" and not has_it(g.actor, opened(disclosure, g.actor).facts):
        form.of_another()
    if name == "tie":
        form.other.choices = [SelectChoice(str(one), name) for one, name in seated(g.today) if one != disclosure.filer_id]


def _people(numbers: Collection[int]) -> list[SelectChoice]:
    return [SelectChoice(str(number), name) for number, name in seated(g.today) if number in numbers]


def kept_texts(form: CityForm) -> list[tuple[str, str]]:
    """What was typed into a form that can't be sent any more: to read and to copy, never lost."""
    return [
        (field.label.text, field.data)
        for field in (*texts(form), *(form.plan.texts() if "plan" in form else ()))
        if isinstance(field.data, str) and field.data and field.widget.__class__.__name__ != "HiddenInput"
    ]


def condition_choices() -> list[tuple[str, str]]:
    """The profile's library of conditions in the reader's language."""
    return [(one.code, bare(one.text.get(language()) or one.text["en"])) for one in current_profile().conditions if one.on]


def about_choices(disclosure: Disclosure) -> list[tuple[str, str]]:
    """The answers that a question may be pinned to."""
    if request.method == "GET":
        sections = opened(disclosure, g.actor).sections
    else:
        version = queries.signed_version(disclosure)
        sections = shown_version(version, language()) if version is not None else []
    told = []
    for answer in (one for section in sections for one in section.answers):
        told.append((answer.question_id, answer.title))
        told.extend((f"{answer.question_id}#{one.key}", f"{answer.title}: {one.title}") for one in answer.entries)
    return [("", str(_("The whole form"))), *told]


def case_page(
    disclosure: Disclosure, actor: Actor, forms: dict[str, Any], notice: Any = None, kept: list[tuple[str, str]] | None = None
) -> str:
    """The whole case page as HTML; `kept` is what was typed into a form that is no longer there."""
    case = opened(disclosure, actor)
    told: dict[str, Any] = {}
    for panel in PANELS:
        told |= panel(case)
    return render_template(
        "review/show.html",
        case=case,
        disclosure=disclosure,
        version=case.version,
        owed=case.owed,
        today=case.today,
        sections=case.sections,
        titles={name: (answer.anchor, answer.title) for name, answer in case.answers.items()},
        forms=forms,
        notice=notice,
        kept=kept or [],
        typed=request.form if request.method == "POST" else {},
        outcomes=BESIDES,
        lists_in_words=lists_in_words,
        conditions=dict(condition_choices()),
        **told,
    )


def interests(case: Case) -> dict[str, Any]:
    """Flags as tasks, each interest as a card, what stands on this form no more, other filings of this person."""
    version = case.version
    others = related(case.disclosure, version, case.actor)
    tasks = tasks_of(version, case.sections) if version is not None else []
    earlier = earlier_of(version, others.readable) if version is not None and case.has("carried") else Earlier()
    carry = carry_of(version, earlier.rows)
    g.read_beside = earlier.read
    cards = cards_of(case, tasks, others, earlier)
    return {
        "tasks": tasks,
        "cards": cards,
        "left": left_of(version, earlier, carry.gone),
        "carry": carry,
        "earlier": others.person,
        "before": any((one.form_id, one.kind) == (case.disclosure.form_id, case.disclosure.kind) for one in others.person),
        "places": {(card.interest.question_id, card.interest.entry_number): card.anchor for card in cards},
    }


def declared(case: Case) -> dict[str, Any]:
    """What was signed, and the policies."""
    official = is_official(case.disclosure.form_id)
    if case.version is not None and not case.has("papers"):
        without_papers(case.version)
    return {
        "receipts": queries.receipts(case.version) if case.version and case.has("receipts") else [],
        "official": official,
        "on_paper": received(case.disclosure, case.disclosure.version) if official else None,
    }


def decided(case: Case) -> dict[str, Any]:
    """What was recommended and what was decided."""
    return {
        "recommendation": queries.standing_recommendation(case.disclosure) if case.facts.recommended_by_id else None,
        "decisions": case.decisions,
    }


def asked_again(case: Case) -> dict[str, Any]:
    """Who asked for another look at a decided case, and what became of it."""
    asked = asked_about(case.disclosure) if case.disclosure.state is State.DECIDED else []
    waits = any(one.state is RequestState.WAITING and one.expires_at > case.now for one in asked)
    return {"asked_again": asked, "asked_again_waits": waits}


def happened(case: Case) -> dict[str, Any]:
    """Why the case lies where it lies, and everything that happened as one timeline."""
    disclosure = case.disclosure
    assignment = queries.newest_assignment(disclosure)
    passed = assignment.passed_over if assignment and case.may(Permission.READ_PASSED_OVER) else []
    called = queries.names({one for one, _code in passed})
    return {
        "timeline": timeline(disclosure, case.thread, case.stood, reasons=case.may(Permission.READ_PASSED_OVER)),
        "assignment": assignment,
        "because": because_in_words(assignment.because) if assignment else "",
        "passed": [(called.get(one, "?"), conflict_in_words(code)) for one, code in passed],
        "desk_name": desk_in_words(disclosure.desk),
    }


def clocks(case: Case) -> dict[str, Any]:
    """What runs, for the office: the first look, the filer's answer, the appeal; (words, day, whether it is over)."""
    return {"clocks": clocks_of(case.disclosure, case.now, case.standing)}


def sealed(case: Case) -> dict[str, Any]:
    """Which readings are not told to the filer for now, for who may say so (U41)."""
    seals = on_case(case.disclosure, case.today) if case.has("seals") and case.may(Permission.SEAL) else []
    return {"seals": seals, "sealing": Permission.SEAL, "certifying": Permission.CASE_FILE}


def vendors(case: Case) -> dict[str, Any]:
    """What may be said of each vendor, and new contracts since it was signed."""
    return beside(case.disclosure, case.version, case.may, alerts=case.has("alerts"))


# A section of the case page is one function here, which gives the names that its template reads, and one include in
# templates/review/show.html. No panel reads more often because there are more interests (tests/review/test_case_statements.py).
PANELS: tuple[Callable[[Case], dict[str, Any]], ...] = (
    interests,
    vendors,
    declared,
    decided,
    asked_again,
    appeal_panel,
    plan_panel,
    written_about,
    happened,
    clocks,
    sealed,
)
