"""More time, nothing due any more, and leave: dated rows with a reason code and a name; nobody does any of it for themselves."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from coi.accounts import requests
from coi.audit.record import record
from coi.campaigns import queries
from coi.campaigns.obligations import AT_ONCE, stop_letters
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.languages import day
from coi.models import Excuse, Extension, Leave, Obligation, Person, Request
from coi.profiles.current import current_profile, today
from coi.rules.permissions import Actor, Permission
from coi.vocabulary import Event, ExcuseReason, ExtensionReason

EXTEND, EXCUSE = "extension", "excuse"


def extend(obligation: Obligation, until: date, reason: ExtensionReason, why: str, actor: Actor, now: datetime) -> Request | None:
    """More time for one obligation: at once up to the profile's days, else a request to a second person (U3)."""
    db.session.refresh(obligation, with_for_update=True)
    if obligation.person_id == actor.person_id:
        raise NotPossible(_("Nobody gives themselves more time."))
    _check_open(obligation)
    until = _workday(until, today(now))
    [(_same, base, counts)] = _days([obligation])
    if counts is not None and until <= counts:
        raise Refused(_("It is due later than that already. Choose a later day."), "until")
    if _too_long(base, until):
        _check_why(why)
        told = {"references": [obligation.reference], "until": until.isoformat(), "reason": reason.value}
        return requests.ask(EXTEND, _subject(obligation), told, why, actor, now)
    _write([obligation], until, reason.value, _subject(obligation), actor, now)
    return None


def extend_many(
    year: int, department: str, group: str, until: date, reason: ExtensionReason, why: str, actor: Actor, now: datetime
) -> tuple[int, Request | None]:
    """The same for a department, a group or everybody (both blank) of a campaign: how many, or the request that waits.

    The asker's own obligation is left out (SD1), and so is what is due later already.
    """
    until = _workday(until, today(now))
    open_ones = _concerned(year, department, group, until, actor)
    if not open_ones:
        raise NotPossible(_("There is nobody here whose form is open and due before that day."), "until")
    place = f"campaign:{year}"
    if any(_too_long(base, until) for _one, base, _counts in _days(open_ones)):
        _check_why(why)
        told = {"year": year, "department": department, "group": group, "until": until.isoformat(), "reason": reason.value}
        return 0, requests.ask(EXTEND, place, told, why, actor, now)
    _write(open_ones, until, reason.value, place, actor, now)
    return len(open_ones), None


def _concerned(year: int, department: str, group: str, until: date, actor: Actor) -> list[Obligation]:
    campaign = queries.campaign_of(year)
    if campaign is None:
        raise NotPossible(_("There is no campaign of %(year)s.", year=year))
    others = [one for one in queries.open_obligations(campaign, department, group) if one.person_id != actor.person_id]
    return [one for one, _base, counts in _days(others) if counts is not None and counts < until]


def _days(obligations: Sequence[Obligation]) -> list[tuple[Obligation, date | None, date | None]]:
    """Each obligation with the day from which an extension is measured, and the day that counts now."""
    leave = queries.leave_of({one.person_id for one in obligations})
    workday = current_profile().next_business_day
    return [
        (
            one,
            queries.effective_due(one.due_on, None, leave.get(one.person_id), workday),
            queries.effective_due(one.due_on, one.extended_to, leave.get(one.person_id), workday),
        )
        for one in obligations
    ]


def _too_long(base: date | None, until: date) -> bool:
    return base is not None and (until - base).days > current_profile().two_persons.extension_over_days


def _check_why(why: str) -> None:
    if not why:
        days = current_profile().two_persons.extension_over_days
        raise Refused(_("More than %(days)s days need a second person. Say why.", days=days), "why")


def _workday(until: date, on: date) -> date:
    """The day itself or the next business day (U23); never a day that is over."""
    if until <= on:
        raise Refused(_("Choose a day that is still to come."), "until")
    return current_profile().next_business_day(until)


def _check_open(obligation: Obligation) -> None:
    if obligation.settled_on is not None:
        raise NotPossible(_("The form was filed already."))
    if obligation.excused or obligation.ended_seq is not None:
        raise NotPossible(_("Nothing is due here any more."))


def _write(
    obligations: Sequence[Obligation],
    until: date,
    reason: str,
    subject: str,
    actor: Actor,
    now: datetime,
    request: Request | None = None,
) -> None:
    told = {"until": until.isoformat(), "reason": reason, "count": len(obligations)}
    seq = record(Event.EXTENDED, actor, subject, now, request=request.reference if request else "", **told)
    by = {"until": until, "reason": reason, "by": actor.name, "request_id": request.id if request else None, "seq": seq}
    ids = [one.id for one in obligations]
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        db.session.execute(insert(Extension), [{"obligation_id": one, **by} for one in part])
        db.session.execute(update(Obligation).where(Obligation.id.in_(part)).values(extended_to=until))
    db.session.flush()
    db.session.expire_all()


def ask_excuse(obligation: Obligation, reason: ExcuseReason, why: str, actor: Actor, now: datetime) -> Request | None:
    """Asks a second person to excuse; None when the profile leaves it to one."""
    _check_open(obligation)
    told = {"reference": obligation.reference, "reason": reason.value}
    return requests.ask(EXCUSE, _subject(obligation), told, why, actor, now)


def excuse(obligation: Obligation, reason: str, actor: Actor, now: datetime, request: Request | None = None) -> None:
    """Nothing is due any more; nobody asks or approves it for themselves (SD1)."""
    db.session.refresh(obligation, with_for_update=True)
    _check_open(obligation)
    if obligation.person_id in (actor.person_id, request.asked_by_id if request else None):
        raise NotPossible(_("Nobody can excuse themselves."))
    asked_by = request.asked_by if request else actor.name
    reference = request.reference if request else ""
    seq = record(Event.EXCUSED, actor, _subject(obligation), now, reason=reason, request=reference, asked_by=asked_by)
    db.session.add(
        Excuse(
            obligation_id=obligation.id,
            reason=reason,
            by=f"{asked_by}, {actor.name}" if request else actor.name,
            request_id=request.id if request else None,
            seq=seq,
        )
    )
    obligation.excused = True
    stop_letters(obligation, "excused")
    db.session.flush()


def set_leave(
    person: Person, leave_from: date | None, leave_to: date | None, hold_letters: bool, actor: Actor, now: datetime
) -> Leave:
    """When somebody is away, without a reason (U5); both days blank ends it."""
    if person.id == actor.person_id:
        raise NotPossible(_("Somebody else must do this for you."))
    if leave_to is not None and (leave_from is None or leave_to < leave_from):
        raise Refused(_("The last day can't come before the first."), "leave_to", "leave_from")
    told = {"from": leave_from.isoformat() if leave_from else None, "to": leave_to.isoformat() if leave_to else None}
    db.session.refresh(person, with_for_update={"key_share": True})
    newest = db.session.scalar(queries.newest_leave().where(Leave.person_id == person.id))
    if newest is not None and (newest.leave_from, newest.leave_to, newest.hold_letters) == (leave_from, leave_to, hold_letters):
        return newest  # a button pressed twice: nothing changes
    seq = record(Event.LEAVE_SET, actor, f"person:{person.id}", now, hold_letters=hold_letters, **told)
    leave = Leave(person_id=person.id, leave_from=leave_from, leave_to=leave_to, hold_letters=hold_letters, seq=seq)
    db.session.add(leave)
    db.session.flush()
    return leave


def _subject(obligation: Obligation) -> str:
    return f"obligation:{obligation.reference}"


def _found(references: Sequence[str]) -> list[Obligation]:
    wanted = select(Obligation).where(Obligation.reference.in_(list(references)[:AT_ONCE]))
    return list(db.session.scalars(wanted.order_by(Obligation.id).with_for_update()))


def _run_extend(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    until = _workday(date.fromisoformat(told["until"]), today(now))
    if "references" in told:
        obligations = _found(told["references"])
        for one in obligations:
            _check_open(one)
        subject = _subject(obligations[0])
    else:
        obligations = _concerned(int(told["year"]), told["department"], told["group"], until, actor)
        subject = f"campaign:{told['year']}"
    asker = request.asked_by_id if request else None
    others = [one for one in obligations if one.person_id not in (actor.person_id, asker)]
    if not others:
        raise NotPossible(_("There is nobody left whose form is open and due before that day."))
    _write(others, until, told["reason"], subject, actor, now, request)


def _run_excuse(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    found = _found([told["reference"]])
    if not found:
        raise NotPossible(_("There is nothing due here."))
    excuse(found[0], told["reason"], actor, now, request)


def _version(subject: str) -> str:
    """A filing, an excuse or another due date since it was asked makes a request void."""
    kind, _colon, name = subject.partition(":")
    if kind != "obligation":
        return ""
    found = db.session.scalar(select(Obligation).where(Obligation.reference == name))
    return f"{found.settled_on}~{found.excused}~{found.extended_to}" if found else "none"


def _where(told: Mapping[str, Any]) -> str:
    return ", ".join(told.get("references") or []) or told.get("department") or told.get("group") or _("everybody")


def _say_extend(told: Mapping[str, Any]) -> str:
    return _(
        "More time until %(until)s for %(where)s (%(reason)s)",
        until=day(date.fromisoformat(told["until"])),
        where=_where(told),
        reason=_reason(told, ExtensionReason),
    )


def _say_excuse(told: Mapping[str, Any]) -> str:
    return _("Excuse %(where)s (%(reason)s)", where=told["reference"], reason=_reason(told, ExcuseReason))


def _reason(told: Mapping[str, Any], words: Any) -> str:
    return str(words(told["reason"]).label)


def _name_extend(told: Mapping[str, Any]) -> str:
    return _("More time for %(where)s", where=_where(told))


def _name_excuse(told: Mapping[str, Any]) -> str:
    return _("Excuse %(where)s", where=told["reference"])


requests.register(EXTEND, _run_extend, _say_extend, _version, _name_extend, right=Permission.DESK)
requests.register(EXCUSE, _run_excuse, _say_excuse, _version, _name_excuse, right=Permission.DESK)
