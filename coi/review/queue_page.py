"""The page of the queue, and the way from one case to the next; thin: filters, rows, what each look leaves in the log."""

from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.gate import needs
from coi.models import Disclosure
from coi.review import finding
from coi.review import queue as found
from coi.review.blueprint import bp
from coi.review.choices import departments, flags
from coi.review.queries import case_to_read
from coi.review.rows import rows_of
from coi.review.together import MOST as A_BATCH
from coi.review.together import how_many
from coi.rules.permissions import Permission
from coi.vendors.waiting import new_contracts_for
from coi.vocabulary import Event, Kind, Risk, State

SHOWN_STATES = tuple(state for state in State if state is not State.DRAFT)
RISKS = tuple(reversed(Risk))
ASKED = ("state", "priority", "department", "kind", "flag", "on", "overdue", "search", "after", "before")
LONGEST = 120
KEPT = "queue"


def _queue_read() -> tuple[Event, str, dict[str, Any]] | None:
    shown = g.get("queue_shown")
    if shown is None or shown["filter"]["whose"] not in found.LOGGED:
        return None
    return Event.LIST_READ, "list:review", {"list": "review", "filter": shown["filter"], "count": shown["count"]}


@bp.get("/")
@needs(Permission.QUEUE, reads=_queue_read)
def queue() -> ResponseReturnValue:
    """My cases by priority and due, my desk's; for senior officers and auditors also all, and those nobody has."""
    lists = found.lists_of(g.actor)
    filters = _filters(request.args, lists)
    reads = found.reads_answers(g.actor, filters.whose)
    page = found.queue(g.actor, filters, g.now)
    g.queue_shown = {"filter": filters.described(), "count": len(page.rows)}
    session[KEPT] = filters.arguments()  # the case page leads back here, and on to the next of this list
    return render_template(
        "review/queue.html",
        page=page,
        rows=rows_of(page.rows, g.actor, reads, g.now, mine=filters.whose == "mine"),
        filters=filters,
        lists=lists,
        reads=reads,
        numbers=found.three_numbers(g.actor, g.today) if "mine" in lists else None,
        cap=found.CAP,
        contracts=new_contracts_for(g.actor) if "mine" in lists and not filters.after else None,
        together=how_many(g.actor, A_BATCH) if "mine" in lists else 0,
        a_batch=A_BATCH,
        state_options=[(state.value, state.label) for state in SHOWN_STATES],
        priority_options=[(risk.priority, risk.label) for risk in RISKS],
        kind_options=[(kind.value, kind.label) for kind in Kind],
        departments=[(one, one) for one in departments()],
        flags=flags() if reads else [],
        looked=finding.LOOKED,
    )


def _filters(asked: Any, lists: tuple[str, ...]) -> found.Filters:
    """The filters of an address, with only what this person can ask."""
    whose = asked.get("whose", "")
    whose = whose if whose in lists else next(iter(lists), "")
    given = {name: str(asked.get(name, ""))[:LONGEST] for name in ASKED}
    return found.Filters(whose=whose, **given).known(found.reads_answers(g.actor, whose))


def kept_filters() -> found.Filters:
    """The list that this browser showed last; a case page leads back to it."""
    kept = session.get(KEPT)
    return _filters(kept if isinstance(kept, dict) else {}, found.lists_of(g.actor))


def back_to_queue(reference: str = "") -> str:
    """The address of the list that was shown last, at the row of a case."""
    told: dict[str, Any] = kept_filters().arguments()
    return url_for("review.queue", _anchor=reference or None, **told)


bp.add_app_template_global(back_to_queue)


@bp.get("/after/<reference>")
@needs(Permission.READ_CASE, on=case_to_read)
def following(disclosure: Disclosure) -> ResponseReturnValue:
    """On to the case that stands after this one in the list shown last; from the last one back to the list.

    Only from a case that this person may open: where one stands in a list tells its priority.
    """
    filters = kept_filters()
    if not found.reads_answers(g.actor, filters.whose):
        return redirect(back_to_queue())
    after = found.next_case(g.actor, filters, disclosure.reference, g.now)
    if after is None:
        told: dict[str, Any] = filters.arguments(after="")
        flash(_("That was the last case of this list."), "info")
        return redirect(url_for("review.queue", **told))
    return redirect(url_for("review.show", reference=after))
