"""Pages of review: the queue, the case page with its acts, absence; thin: form, action, redirect."""

from typing import Any

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.errors import Refused
from coi.gate import OFFICE, Trace, needs
from coi.models import Disclosure
from coi.plans.drafting import drafts_of, terms_of
from coi.review import actions, decisions, queries
from coi.review import again as _again  # noqa: F401  # its pages join the same blueprint
from coi.review import asking as _asking  # noqa: F401  # its pages join the same blueprint
from coi.review import queue_page as _queue_page  # noqa: F401  # its pages join the same blueprint
from coi.review import rest_pages as _rest_pages  # noqa: F401  # its pages join the same blueprint
from coi.review import rule_pages as _rule_pages  # noqa: F401  # its pages join the same blueprint
from coi.review import seal_pages as _seal_pages  # noqa: F401  # its pages join the same blueprint
from coi.review import stepping_out as _stepping_out  # noqa: F401  # its pages join the same blueprint
from coi.review import together_pages as _together_pages  # noqa: F401  # its pages join the same blueprint
from coi.review import versions as _versions  # noqa: F401  # its pages join the same blueprint
from coi.review.acting import act_on, as_shown, referral_of
from coi.review.assignment import reassign as give_to
from coi.review.blueprint import bp
from coi.review.opened import admitted
from coi.review.page import case_forms, case_page, ready
from coi.rules.permissions import Permission
from coi.vocabulary import Event, Outcome, Risk
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


def _case_read(disclosure: Disclosure) -> list[Trace]:
    shown = [disclosure, *g.get("read_beside", ())]  # earlier forms of this person whose answers stand on the page
    return [
        (Event.DISCLOSURE_READ, f"disclosure:{one.reference}", {"version": one.version, "as": "office"})
        for one in {one.id: one for one in shown}.values()
    ]


@bp.get("/<reference>")
@needs(Permission.READ_CASE, on=admitted, reads=_case_read)
def show(disclosure: Disclosure) -> ResponseReturnValue:
    """The case page: what matters, what the City knows, what was done before, decide."""
    return case_page(disclosure, g.actor, case_forms(disclosure))


@bp.post("/<reference>/ask")
@needs(Permission.ASK, on=as_shown)
def ask(disclosure: Disclosure) -> ResponseReturnValue:
    """A question to the filer; the clock stops."""
    form = ready(disclosure, "ask", AskForm())

    def act() -> None:
        actions.ask(disclosure, form.text.data, g.actor, g.now, question_id=form.pin[0], entry_key=form.pin[1], **form.seen)

    return act_on(disclosure, form, "ask", act, _("Your question is on its way. The clock stops until the answer comes."))


@bp.post("/<reference>/return")
@needs(Permission.RETURN, on=as_shown)
def send_back(disclosure: Disclosure) -> ResponseReturnValue:
    """Back to the filer for correction."""
    form = ReturnForm()
    return act_on(
        disclosure,
        form,
        "send_back",
        lambda: actions.send_back(disclosure, form.reason.data, g.actor, g.now, **form.seen),
        _("The form went back to the filer."),
    )


@bp.post("/<reference>/clear")
@needs(Permission.CLEAR, on=as_shown, fresh=OFFICE)
def clear(disclosure: Disclosure) -> ResponseReturnValue:
    """A reviewer's own decision."""
    form = ready(disclosure, "clear", ClearForm())

    def act() -> None:
        more: dict[str, Any] = {"plan": drafts_of(form.plan.entries), "terms": terms_of(form)} if "plan" in form else {}
        decisions.decide(
            disclosure,
            Outcome(form.outcome.data),
            form.reason.data,
            form.internal.data or "",
            g.actor,
            g.now,
            interests=_interests(),
            **more,
            **form.seen,
        )

    return act_on(disclosure, form, "clear", act, _("Decided. The letter leaves in five minutes; until then you can undo it."))


@bp.post("/<reference>/escalate")
@needs(Permission.RECOMMEND, on=as_shown)
def escalate(disclosure: Disclosure) -> ResponseReturnValue:
    """A recommendation to a second person."""
    form = ready(disclosure, "escalate", EscalateForm())

    def act() -> None:
        outcome = Outcome(form.outcome.data)
        chosen, plan = form.conditions.data or [], drafts_of(form.plan.entries)
        actions.escalate(disclosure, outcome, form.reasoning.data, g.actor, g.now, conditions=chosen, plan=plan, **form.seen)

    return act_on(disclosure, form, "escalate", act, _("Escalated with your recommendation."))


@bp.post("/<reference>/decide")
@needs(Permission.DECIDE, on=as_shown, fresh=OFFICE)
def decide(disclosure: Disclosure) -> ResponseReturnValue:
    """The second person's decision."""
    form = ready(disclosure, "decide", DecideForm())

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
            plan=drafts_of(form.plan.entries),
            referral=referral_of(form),
            terms=terms_of(form),
            **form.seen,
        )

    return act_on(disclosure, form, "decide", act, _("Decided. The letter leaves in five minutes; until then you can undo it."))


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
@needs(Permission.HAND_BACK, on=as_shown)
def hand_back(disclosure: Disclosure) -> ResponseReturnValue:
    """Back to the reviewer."""
    form = HandBackForm()
    return act_on(
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
    return act_on(
        disclosure, UndoForm(), "undo", lambda: decisions.undo(disclosure, g.actor, g.now), _("The decision is undone.")
    )


@bp.post("/<reference>/recuse")
@needs(Permission.RECUSE, on=as_shown)
def recuse(disclosure: Disclosure) -> ResponseReturnValue:
    """Steps out of the case."""
    form = RecuseForm()
    return act_on(
        disclosure,
        form,
        "recuse",
        lambda: actions.recuse(disclosure, form.reason.data or "", g.actor, g.now, form.kind.data or ""),
        "",
        "review.stepped_out",
    )


@bp.post("/<reference>/note")
@needs(Permission.NOTE, on=as_shown)
def note(disclosure: Disclosure) -> ResponseReturnValue:
    """An internal note."""
    form = ready(disclosure, "note", NoteForm())

    def act() -> None:
        actions.note(disclosure, form.text.data, g.actor, g.now, *form.pin)

    return act_on(disclosure, form, "note", act, _("The note is kept."))


@bp.post("/<reference>/priority")
@needs(Permission.PRIORITISE, on=as_shown)
def priority(disclosure: Disclosure) -> ResponseReturnValue:
    """Another review priority, with a reason."""
    form = PriorityForm()
    return act_on(
        disclosure,
        form,
        "priority",
        lambda: actions.prioritise(disclosure, Risk(form.risk.data), form.reason.data, g.actor, g.now, **form.seen),
        _("The priority is changed."),
    )


@bp.post("/<reference>/reassign")
@needs(Permission.ASSIGN, on=as_shown)
def reassign(disclosure: Disclosure) -> ResponseReturnValue:
    """A senior officer gives the case to a colleague free of conflict."""
    form = ready(disclosure, "reassign", ReassignForm())

    def act() -> None:
        decisions.take(disclosure, **form.seen)
        give_to(disclosure, int(form.reviewer.data), form.held_by.data or "", g.actor, g.now)

    return act_on(disclosure, form, "reassign", act, _("The case has a new reviewer."))


@bp.post("/<reference>/tie")
@needs(Permission.CONFIRM_TIE, on=queries.case)
def confirm_tie(disclosure: Disclosure) -> ResponseReturnValue:
    """A confirmed tie keeps a colleague from this filer's forms."""
    form = ready(disclosure, "tie", TieForm())
    return act_on(
        disclosure,
        form,
        "tie",
        lambda: actions.confirm_tie(disclosure, int(form.other.data), form.kind.data, g.actor, g.now),
        _("The tie is on record. This colleague will not be given this filer's forms."),
    )
