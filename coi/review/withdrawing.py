"""A rule that clears filings by itself is withdrawn by two senior officers; a job carries it out."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from coi.accounts import requests
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.errors import Refused
from coi.languages import day
from coi.models import Decision, Disclosure, ProfileVersion, Reopening, Request, RuleWithdrawal
from coi.models.types import new_reference
from coi.profiles.current import today, zone
from coi.rules.permissions import Actor, Permission
from coi.vocabulary import Event, State

WITHDRAW = "withdraw_rule"
NIL = "nil"  # the one rule there is: nothing to declare


def is_withdrawn(rule: str) -> bool:
    """Whether the rule clears nothing: withdrawn since the profile was loaded last."""
    withdrawn = db.session.scalar(select(func.max(RuleWithdrawal.seq)).where(RuleWithdrawal.rule == rule))
    loaded = db.session.scalar(select(func.max(ProfileVersion.seq)))
    return withdrawn is not None and withdrawn > (loaded or 0)


def cleared(rule: str, since: date, until: datetime | None = None) -> Select[Any]:
    """The ids of filings that stand decided by this rule since a day of the city, not corrected or opened again meanwhile."""
    newer = aliased(Decision)
    wanted = (
        select(Disclosure.id)
        .join(Decision, Decision.disclosure_id == Disclosure.id)
        .where(
            Decision.rule == rule,
            Decision.undone_seq.is_(None),
            Decision.at >= datetime.combine(since, time.min, tzinfo=zone()),
            Disclosure.state == State.DECIDED,
            ~exists().where(Reopening.decision_id == Decision.id),
            ~exists().where(newer.disclosure_id == Disclosure.id, newer.id > Decision.id, newer.undone_seq.is_(None)),
        )
        .order_by(Disclosure.id)
    )
    return wanted if until is None else wanted.where(Decision.at <= until)


def how_many(rule: str, since: date) -> int:
    """How many filings a withdrawal since that day would open again."""
    return db.session.scalar(select(func.count()).select_from(cleared(rule, since).subquery())) or 0


def ask(since: date, reason: str, actor: Actor, now: datetime) -> Request | None:
    """A senior officer withdraws the rule for nothing to declare; another approves, unless the profile leaves it to one."""
    if since > today(now):
        raise Refused(_l("Choose a day that is not still to come."), "since")
    told = {"rule": NIL, "since": since.isoformat(), "reason": reason}
    return requests.ask(WITHDRAW, f"rule:{NIL}", told, reason, actor, now)


def _run(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    rule, since, reason = str(told["rule"]), date.fromisoformat(told["since"]), str(told["reason"])
    seq = record(
        Event.RULE_WITHDRAWN,
        actor,
        f"rule:{rule}",
        now,
        rule=rule,
        since=since.isoformat(),
        because=sha256(reason),
        count=how_many(rule, since),
        request=request.reference if request is not None else "",
        asked_by=request.asked_by if request is not None else actor.name,
        two_persons=request is not None,
    )
    db.session.add(
        RuleWithdrawal(
            reference=new_reference(f"RUL-{now.year}"),
            rule=rule,
            since=since,
            reason=reason,
            asked_by_id=request.asked_by_id if request is not None else None,
            by_id=actor.person_id,
            request=request.reference if request is not None else "",
            at=now,
            seq=seq,
        )
    )
    db.session.flush()


def _say(told: Mapping[str, Any]) -> str:
    since = date.fromisoformat(told["since"])
    lines = [
        _("Withdraw the rule that closes forms with nothing to declare, since %(day)s", day=day(since)),
        _("Filings that are opened again: %(count)s", count=how_many(str(told["rule"]), since)),
    ]
    return "\n".join(lines)


def _briefly(_told: Mapping[str, Any]) -> str:
    return _("Withdraw the rule that closes forms with nothing to declare")


requests.register(
    WITHDRAW,
    _run,
    _say,
    brief=_briefly,
    look=lambda told: url_for("review.rule", since=told["since"]),
    right=Permission.WITHDRAW_RULE,
)
