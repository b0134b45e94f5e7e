"""Pages of review: the queue, the case page with its acts, absence; thin: form, action, redirect."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.errors import Refused, SomebodyWasFaster
from coi.gate import OFFICE, needs, with_lock_free
from coi.models import Disclosure
from coi.review import actions, decisions, queries
from coi.review.assignment import reassign as give_to
from coi.review.page import case_forms, case_page
from coi.rules.permissions import Permission
from coi.vocabulary import Event, Outcome, Risk, State
from forms.base import CityForm
from forms.review import (
    AskForm,
    ClearForm,
    DecideForm,
    EscalateForm,
    HandBackForm,
    NoteForm,
    PriorityForm,
    ReassignForm,
    RecuseForm,
    ReturnForm,
    TieForm,
    UndoForm,
)

bp = Blueprint("review", __name__, url_prefix="/review")

SHOWN_STATES = tuple(state for state in State if state is not State.DRAFT)
RISKS = tuple(reversed(Risk))


def _queue_read() -> tuple[Event, str, dict[str, Any]] | None:
    shown = g.get("queue_shown")
    if shown is None or shown["filter"]["whose"] == "mine":
        return None
    return Event.LIST_READ, "list:review", {"list": "review", "filter": shown["filter"], "count": shown["count"]}


@bp.get("/")
@needs(Permission.QUEUE, reads=_queue_read)
def queue() -> ResponseReturnValue:
    """My cases by priority and due; for senior officers also all, and those nobody has."""
    asked = {key: request.args.get(key, "")[:100] for key in ("state", "priority", "search", "after")}
    filters = queries.Filters(whose=request.args.get("whose", "mine"), **asked)
    page = queries.queue(g.actor, filters)
    g.queue_shown = {"filter": filters.described(), "count": len(page.rows)}
    numbers = queries.three_numbers(g.actor)
    return render_template(
        "review/queue.html", page=page, filters=filters, numbers=numbers, cap=queries.CAP, states=SHOWN_STATES, risks=RISKS
    )


def _case_read(disclosure: Disclosure) -> tuple[Event, str, dict[str, Any]]:
    return Event.DISCLOSURE_READ, f"disclosure:{disclosure.reference}", {"version": disclosure.version, "as": "office"}


@bp.get("/<reference>")
@needs(Permission.READ_CASE, on=queries.case, reads=_case_read)
def show(disclosure: Disclosure) -> ResponseReturnValue:
    """The case page: what matters, what the City knows, what was done before, decide."""
    return case_page(disclosure, g.actor, case_forms(disclosure))


def _act(disclosure: Disclosure, form: CityForm, name: str, act: Callable[[], Any], done: str) -> ResponseReturnValue:
    """The rhythm of every act on a case: form, action, redirect; a refusal comes back on the case page with what was typed."""
    if form.validate_on_submit():
        try:
            act()
        except Refused as refusal:
            field = form[refusal.field] if refusal.field and refusal.field in form else None
            if field is not None:
                field.errors = [*field.errors, refusal.message]
            notice = None if field is not None else refusal.message
            with_lock_free()
            page = case_page(disclosure, g.actor, case_forms(disclosure, **{name: form}), notice)
            return page, 409 if isinstance(refusal, SomebodyWasFaster) else 422
        flash(done, "success")
        if queries.still_readable(disclosure, g.actor):
            return redirect(url_for("review.show", reference=disclosure.reference))
        return redirect(url_for("review.queue"))
    return case_page(disclosure, g.actor, case_forms(disclosure, **{name: form}), None), 422


@bp.post("/<reference>/ask")
@needs(Permission.ASK, on=queries.case)
def ask(disclosure: Disclosure) -> ResponseReturnValue:
    """A question to the filer; the clock stops."""
    form = case_forms(disclosure, ask=AskForm())["ask"]

    def act() -> None:
        question, _dot, key = (form.about.data or "").partition(":")
        actions.ask(disclosure, form.text.data, g.actor, g.now, question_id=question, entry_key=key, **form.seen)

    return _act(disclosure, form, "ask", act, _("Your question is on its way. The clock stops until the answer comes."))


@bp.post("/<reference>/return")
@needs(Permission.RETURN, on=queries.case)
def send_back(disclosure: Disclosure) -> ResponseReturnValue:
    """Back to the filer for correction."""
    form = ReturnForm()
    return _act(
        disclosure,
        form,
        "send_back",
        lambda: actions.send_back(disclosure, form.reason.data, g.actor, g.now, **form.seen),
        _("The form went back to the filer."),
    )


@bp.post("/<reference>/clear")
@needs(Permission.CLEAR, on=queries.case, fresh=OFFICE)
def clear(disclosure: Disclosure) -> ResponseReturnValue:
    """A reviewer's own decision."""
    form = ClearForm()

    def act() -> None:
        decisions.decide(
            disclosure,
            Outcome(form.outcome.data),
            form.reason.data,
            form.internal.data or "",
            g.actor,
            g.now,
            interests=_interests(),
            **form.seen,
        )

    return _act(disclosure, form, "clear", act, _("Decided. The letter leaves in five minutes; until then you can undo it."))


@bp.post("/<reference>/escalate")
@needs(Permission.RECOMMEND, on=queries.case)
def escalate(disclosure: Disclosure) -> ResponseReturnValue:
    """A recommendation to a second person."""
    form = case_forms(disclosure, escalate=EscalateForm())["escalate"]

    def act() -> None:
        outcome = Outcome(form.outcome.data)
        actions.escalate(
            disclosure, outcome, form.reasoning.data, g.actor, g.now, conditions=form.conditions.data or [], **form.seen
        )

    return _act(disclosure, form, "escalate", act, _("Escalated with your recommendation."))


@bp.post("/<reference>/decide")
@needs(Permission.DECIDE, on=queries.case, fresh=OFFICE)
def decide(disclosure: Disclosure) -> ResponseReturnValue:
    """The second person's decision."""
    form = case_forms(disclosure, decide=DecideForm())["decide"]

    def act() -> None:
        own = [form.own_condition.data] if form.own_condition.data else []
        decisions.decide(
            disclosure,
            Outcome(form.outcome.data),
            form.reason.data,
            form.internal.data or "",
            g.actor,
            g.now,
            interests=_interests(),
            conditions=[*(form.conditions.data or []), *own],
            **form.seen,
        )

    return _act(disclosure, form, "decide", act, _("Decided. The letter leaves in five minutes; until then you can undo it."))


def _interests() -> dict[int, Outcome]:
    """The outcome chosen for each interest, where it differs from the filing's: fields `interest-<id>`."""
    chosen: dict[int, Outcome] = {}
    for name, value in request.form.items():
        number = name.removeprefix("interest-")
        if name.startswith("interest-") and number.isascii() and number.isdigit() and len(number) < 12 and value:
            if value not in set(Outcome):
                raise Refused(_("Choose one of the outcomes offered."), "outcome")
            chosen[int(number)] = Outcome(value)
    return chosen


@bp.post("/<reference>/hand-back")
@needs(Permission.HAND_BACK, on=queries.case)
def hand_back(disclosure: Disclosure) -> ResponseReturnValue:
    """Back to the reviewer."""
    form = HandBackForm()
    return _act(
        disclosure,
        form,
        "hand_back",
        lambda: actions.hand_back(disclosure, form.reason.data, g.actor, g.now, **form.seen),
        _("The case went back to the reviewer."),
    )


@bp.post("/<reference>/undo")
@needs(Permission.UNDO, on=queries.case, fresh=OFFICE)
def undo(disclosure: Disclosure) -> ResponseReturnValue:
    """Takes a decision back within five minutes."""
    return _act(disclosure, UndoForm(), "undo", lambda: decisions.undo(disclosure, g.actor, g.now), _("The decision is undone."))


@bp.post("/<reference>/recuse")
@needs(Permission.RECUSE, on=queries.case)
def recuse(disclosure: Disclosure) -> ResponseReturnValue:
    """Steps out of the case."""
    form = RecuseForm()
    return _act(
        disclosure,
        form,
        "recuse",
        lambda: actions.recuse(disclosure, form.reason.data, g.actor, g.now),
        _("You stepped out. The case is with somebody else now, or waits for somebody free."),
    )


@bp.post("/<reference>/note")
@needs(Permission.NOTE, on=queries.case)
def note(disclosure: Disclosure) -> ResponseReturnValue:
    """An internal note."""
    form = NoteForm()
    return _act(
        disclosure, form, "note", lambda: actions.note(disclosure, form.text.data, g.actor, g.now), _("The note is kept.")
    )


@bp.post("/<reference>/priority")
@needs(Permission.PRIORITISE, on=queries.case)
def priority(disclosure: Disclosure) -> ResponseReturnValue:
    """Another review priority, with a reason."""
    form = PriorityForm()
    return _act(
        disclosure,
        form,
        "priority",
        lambda: actions.prioritise(disclosure, Risk(form.risk.data), form.reason.data, g.actor, g.now),
        _("The priority is changed."),
    )


@bp.post("/<reference>/reassign")
@needs(Permission.ASSIGN, on=queries.case)
def reassign(disclosure: Disclosure) -> ResponseReturnValue:
    """A senior officer gives the case to a colleague free of conflict."""
    form = case_forms(disclosure, reassign=ReassignForm())["reassign"]
    return _act(
        disclosure,
        form,
        "reassign",
        lambda: give_to(disclosure, int(form.reviewer.data), g.actor, g.now),
        _("The case has a new reviewer."),
    )


@bp.post("/<reference>/tie")
@needs(Permission.CONFIRM_TIE, on=queries.case)
def confirm_tie(disclosure: Disclosure) -> ResponseReturnValue:
    """A confirmed tie keeps a colleague from this filer's forms."""
    form = case_forms(disclosure, tie=TieForm())["tie"]
    return _act(
        disclosure,
        form,
        "tie",
        lambda: actions.confirm_tie(disclosure, int(form.other.data), form.kind.data, g.actor, g.now),
        _("The tie is on record. This colleague will not be given this filer's forms."),
    )
