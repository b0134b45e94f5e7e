"""Four cases whose filers have a name: a plan that waits for an answer, a condition overdue, an appeal, one before the body.

Also what comes from outside: a contract that the City signs with somebody whom a decided filing names.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from coi.appeals.actions import appeal
from coi.audit.chain import canonical_json, sha256
from coi.cli import operator
from coi.db import db
from coi.demo import body
from coi.demo.answers import nothing, side_job
from coi.demo.stories import Act, actor_for, draft_filer, filed, person_of, save, sign_for
from coi.demo.years import acting_for
from coi.disclosures.facts import facts_for
from coi.models import Contract, Disclosure
from coi.plans import queries as plans
from coi.plans.actions import answer
from coi.plans.drafting import Draft, Terms, of_strings
from coi.profiles.current import today
from coi.review import actions, decisions
from coi.rules.permissions import Actor, Permission, allows
from coi.rules.plans import ON_A_DAY
from coi.vendors.actions import load_contracts
from coi.vendors.reading import Deal
from coi.vocabulary import Outcome, PlanAnswered, Receipt, State

EMPLOYERS = {
    "plan_waits": "Hearthstone Housing Partners LP",
    "overdue": "Lantern Software Ltd.",
    "to_body": "Chestnut Hill Engineering PC",
    "appeals": "Blue Heron Catering",
}
PERMITTED = "You may go on, and somebody else handles what involves this company."
WHY = "The filer has a part in what the City buys from this party."
RULES = ["step_aside_party", "report_change"]
FORBIDDEN = "You choose what the City buys from this company, and it pays you. Both can't go on together."
APPEAL = "I only keep their books, on Saturdays. Somebody else in Purchasing has chosen the caterers since March; please ask her."


def some_days_before() -> list[Act]:
    """Nine days before today: a plan is accepted whose first condition is due before today; something is not allowed."""
    return [_signs("overdue"), _is_managed("overdue"), _is_accepted("overdue"), _signs("appeals"), _is_forbidden]


def lately() -> list[Act]:
    """In the last afternoon: a plan that nobody answered yet, an appeal, a case sent to the body, a new contract."""
    to_body = [_signs("to_body"), _goes_up("to_body"), body.send_one]
    return [_signs("plan_waits"), _is_managed("plan_waits"), *to_body, _appeals, _new_contract]


def _signs(key: str) -> Act:
    def act(now: datetime) -> None:
        filer = draft_filer(key, now)
        told = nothing(filer) | side_job(filer, EMPLOYERS[key], "keeping the books on Saturdays", "sells_to_city")
        sign_for(key, save(key, now, told, first=Receipt.RECEIVED), now)

    return act


def _seen(disclosure: Disclosure) -> dict[str, Any]:
    return {"version": disclosure.version, "state": disclosure.state.value}


def _escalated(key: str, outcome: Outcome, conditions: list[str], now: datetime) -> Disclosure | None:
    disclosure = filed(key)
    if disclosure is None or disclosure.state is not State.IN_REVIEW or disclosure.reviewer_id is None:
        return None
    reader = acting_for(disclosure.reviewer_id, now)
    actions.escalate(disclosure, outcome, WHY, reader, now, conditions=conditions, **_seen(disclosure))
    return disclosure


def _decides(disclosure: Disclosure, now: datetime) -> Actor | None:
    for key in ("senior1", "senior2"):
        if allows(actor_for(key, now), Permission.DECIDE, facts_for(disclosure, actor_for(key, now))):
            return actor_for(key, now)
    return None


def _is_managed(key: str) -> Act:
    def act(now: datetime) -> None:
        disclosure = _escalated(key, Outcome.MANAGED, RULES, now)
        senior = _decides(disclosure, now) if disclosure is not None else None
        if disclosure is not None and senior is not None:
            drafts = [DUE.get(key, _as_it_is)(one, now) for one in of_strings(RULES, disclosure)]
            more: dict[str, Any] = {"plan": drafts, "terms": body.RULE, **_seen(disclosure)}
            decisions.decide(disclosure, Outcome.MANAGED, PERMITTED, "Read with the reviewer.", senior, now, **more)

    return act


def _as_it_is(draft: Draft, _now: datetime) -> Draft:
    return draft


def _in_three_days(draft: Draft, now: datetime) -> Draft:
    return draft | {"due": ON_A_DAY, "due_on": (today(now) + timedelta(days=3)).isoformat()}


DUE: dict[str, Callable[[Draft, datetime], Draft]] = {"overdue": _in_three_days}


def _is_accepted(key: str) -> Act:
    def act(now: datetime) -> None:
        wanted = select(Disclosure).where(Disclosure.filer_id == person_of(key).id).order_by(Disclosure.id.desc())
        newest = db.session.scalars(wanted.limit(1)).first()
        decision = decisions.newest_decision(newest) if newest is not None else None
        plan = plans.of_decision(decision)
        if plan is not None:
            answer(plan, PlanAnswered.ACCEPTED, "", person_of(key).name, plan.sha256, actor_for(key, now), now)

    return act


def _is_forbidden(now: datetime) -> None:
    disclosure = _escalated("appeals", Outcome.NOT_PERMITTED, [], now)
    senior = _decides(disclosure, now) if disclosure is not None else None
    if disclosure is not None and senior is not None:
        terms = Terms(rule="Code of conduct, outside work", holds_from=today(now) + timedelta(days=60))
        more: dict[str, Any] = {"terms": terms, **_seen(disclosure)}
        decisions.decide(disclosure, Outcome.NOT_PERMITTED, FORBIDDEN, "Read with the reviewer.", senior, now, **more)


def _appeals(now: datetime) -> None:
    wanted = select(Disclosure).where(Disclosure.filer_id == person_of("appeals").id).order_by(Disclosure.id.desc())
    newest = db.session.scalars(wanted.limit(1)).first()
    decision = decisions.newest_decision(newest) if newest is not None else None
    if newest is not None and decision is not None and decision.outcome is Outcome.NOT_PERMITTED:
        appeal(newest, APPEAL, actor_for("appeals", now), now, decision=decision.reference, language="en")


def _goes_up(key: str) -> Act:
    def act(now: datetime) -> None:
        _escalated(key, Outcome.NOT_PERMITTED, [], now)

    return act


def _new_contract(now: datetime) -> None:
    """The list of contracts comes again with one more line; the worker tells whom it touches."""
    held = db.session.scalars(select(Contract).where(Contract.ended_seq.is_(None)).order_by(Contract.id))
    deals = [
        Deal(one.number, one.vendor, one.department, one.description, one.starts_on, one.ends_on, one.amount) for one in held
    ]
    on, vendor = today(now), EMPLOYERS["overdue"]
    deals.append(Deal("C00999", vendor, "Finance", "Accounting software", on, on + timedelta(days=730), Decimal("184000.00")))
    load_contracts(deals, sha256(canonical_json([str(one) for one in deals])), operator(), now)
