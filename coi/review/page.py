"""Puts the case page together: what stands on it for this officer, and its forms; reads only."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request
from flask_babel import gettext as _
from wtforms import SelectChoice

from coi.disclosures.carried import carry_of
from coi.disclosures.comparing import last_before
from coi.disclosures.copies import leaves_out
from coi.disclosures.facts import open_assignment
from coi.disclosures.official import is_official, received
from coi.disclosures.shown import Answer, Section, shown_version
from coi.languages import language
from coi.models import Disclosure, DisclosureVersion, Flag, Transition
from coi.profiles.current import current_profile
from coi.review import queries
from coi.review.assignment import members, offered
from coi.review.opened import Case, opened
from coi.review.words import because_in_words, conflict_in_words
from coi.rules.form import in_language
from coi.rules.permissions import Actor, Permission
from coi.vendors.queries import known
from coi.vocabulary import Action, Risk
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
    "tie": (TieForm, Permission.CONFIRM_TIE),
    "reopen": (ReopenForm, Permission.REOPEN),
}


@dataclass(frozen=True)
class Task:
    """One flag as a task: what to do, about which answer, and what the City's lists hold of it; `internal`: not on paper."""

    risk: Risk
    reason: str
    about: str
    anchor: str
    matched: list[Any]
    internal: bool = False


def case_forms(disclosure: Disclosure, **typed: CityForm) -> dict[str, Any]:
    """The forms that this officer may use now; `typed` ones keep what was typed, the others are fresh."""
    case = opened(disclosure, g.actor)
    forms: dict[str, Any] = {}
    for name, (kind, permission) in FORMS.items():
        if case.may(permission):
            forms[name] = ready(disclosure, name, typed.get(name) or kind(formdata=None), fresh=name not in typed)
    if "undo" in forms and not queries.can_be_undone(disclosure, g.now):
        del forms["undo"]
    if "reassign" in forms and "reassign" not in typed and not forms["reassign"].reviewer.choices:
        del forms["reassign"]
    return forms


def ready(disclosure: Disclosure, name: str, form: Any, fresh: bool = False) -> Any:
    """Choices filled in, ids of its own (several forms stand on one page), and the version that the page shows."""
    for field in form:
        field.id = f"{name}-{field.short_name}"
    if fresh and isinstance(form, BoundForm):
        form.shows(disclosure.version, disclosure.state.value)
    if fresh and name == "priority":
        form.risk.data = disclosure.risk.value
    if "conditions" in form:
        form.conditions.choices = [SelectChoice(code, words) for code, words in condition_choices()]
    if "about" in form:
        form.about.choices = [SelectChoice(code, words) for code, words in about_choices(disclosure)]
    if name == "reassign":
        if fresh:
            form.held_by.data = str(disclosure.reviewer_id or "")
        form.reviewer.choices = _people(offered(disclosure, g.now))
    if name == "tie":
        seated = {one for desk in current_profile().desks for one in members(desk, g.today)}
        form.other.choices = _people(seated - {disclosure.filer_id})
    return form


def _people(numbers: Collection[int]) -> list[SelectChoice]:
    called = sorted(queries.names(set(numbers)).items(), key=lambda one: (one[1], one[0]))
    return [SelectChoice(str(number), name) for number, name in called]


def kept_texts(form: CityForm) -> list[tuple[str, str]]:
    """What was typed into a form that can't be sent any more: to read and to copy, never lost."""
    return [
        (field.label.text, field.data)
        for field in texts(form)
        if isinstance(field.data, str) and field.data and field.widget.__class__.__name__ != "HiddenInput"
    ]


def condition_choices() -> list[tuple[str, str]]:
    """The profile's library of conditions in the reader's language."""
    return [(one.code, one.text.get(language()) or one.text["en"]) for one in current_profile().conditions if one.on]


def about_choices(disclosure: Disclosure) -> list[tuple[str, str]]:
    """The answers that a question may be pinned to."""
    version = queries.signed_version(disclosure)
    choices = [("", str(_("The whole form")))]
    if version is not None:
        for section in shown_version(version, language()):
            choices.extend((answer.question_id, answer.title) for answer in section.answers)
    return choices


def tasks(version: DisclosureVersion, sections: list[Section]) -> list[Task]:
    """The flags of a version, the most urgent first, each beside the words of the answer that raised it."""
    answers = {answer.question_id: answer for section in sections for answer in section.answers}
    named = {(interest.question_id, interest.entry_number): interest.party for interest in version.interests}

    def task(flag: Flag) -> Task:
        answer = answers.get(flag.question_id)
        about = answer.title if answer else flag.question_id
        anchor = answer.anchor if answer else ""
        if answer and flag.entry_number is not None and flag.entry_number < len(answer.entries):
            about = answer.entries[flag.entry_number].title
            party = named.get((flag.question_id, flag.entry_number))
            about = f"{about}: {party}" if party else about
        # What a list holds of a name would tell the name that only the rules use.
        whole = [Section("", "", (answer,))] if answer else []
        return Task(flag.risk, flag.reason, about, anchor, flag.matched, leaves_out(whole))

    return [task(flag) for flag in sorted(version.flags, key=lambda one: (-one.risk.rank, one.id))]


def declared_in(sections: list[Section]) -> list[Answer]:
    """What the filer wrote: lists with entries and free texts; yes, no and choices stand with every answer."""
    return [answer for section in sections for answer in section.answers if answer.entries or len(answer.text) > 40]


def parties(version: DisclosureVersion) -> list[tuple[str, list[Any]]]:
    """Each outside name of the filing with what the City's lists and contracts hold of it."""
    names = dict.fromkeys(interest.party for interest in version.interests if interest.party)
    return [(name, known(name)) for name in names]


def steps(disclosure: Disclosure) -> list[tuple[Transition, Any, str]]:
    """Every move of the case with what was done and by whom; what the system did by itself has no name."""
    moves = queries.history(disclosure)
    called = queries.names_of({one.actor for one in moves})
    return [(one, Action(one.action).label, called.get(one.actor, "")) for one in moves]


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
        conditions=dict(condition_choices()),
        **told,
    )


def looks(case: Case) -> dict[str, Any]:
    """Flags as tasks, and what the City knows of each party."""
    version = case.version
    return {
        "tasks": tasks(version, case.sections) if version else [],
        "parties": parties(version) if version else [],
    }


def declared(case: Case) -> dict[str, Any]:
    """What was signed."""
    told = declared_in(case.sections)
    official = is_official(case.disclosure.form_id)
    return {
        "carry": carry_of(case.version),
        "declared": told,
        "declared_anchors": {answer.anchor for answer in told},
        "receipts": queries.receipts(case.version) if case.version else [],
        "official": official,
        "on_paper": received(case.disclosure, case.disclosure.version) if official else None,
    }


def before(case: Case) -> dict[str, Any]:
    """What was recommended and decided, and this person's earlier filings."""
    return {
        "recommendation": queries.standing_recommendation(case.disclosure),
        "decisions": queries.decisions(case.disclosure),
        "earlier": queries.earlier(case.disclosure, case.actor),
        "before": last_before(case.disclosure),
    }


def happened(case: Case) -> dict[str, Any]:
    """The thread, why the case lies where it lies, every step, who has read it."""
    disclosure = case.disclosure
    assignment = open_assignment(disclosure) or queries.newest_assignment(disclosure)
    passed = assignment.passed_over if assignment and case.may(Permission.READ_PASSED_OVER) else []
    called = queries.names({one for one, _code in passed})
    return {
        "thread": queries.thread(disclosure, with_notes=True),
        "history": steps(disclosure),
        "assignment": assignment,
        "because": because_in_words(assignment.because) if assignment else "",
        "passed": [(called.get(one, "?"), conflict_in_words(code)) for one, code in passed],
        "readers": queries.readers(disclosure),
        "desks": {name: in_language(desk.label, language()) for name, desk in current_profile().desks.items()},
    }


# A section of the case page is one function here, which gives the names that its template reads, and one include in
# templates/review/show.html. No panel reads more often because there are more interests (tests/review/test_case_statements.py).
PANELS: tuple[Callable[[Case], dict[str, Any]], ...] = (looks, declared, before, happened)
