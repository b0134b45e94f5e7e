"""Roles on record: asked by one, approved by another, never for oneself, never two that exclude each other; watchers are told."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from coi.accounts import queries, requests
from coi.accounts.actions import end_all
from coi.audit.chain import sha256
from coi.audit.letters import tell_key
from coi.audit.record import record
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.languages import day
from coi.models import Account, Request, RoleGrant
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.rules.permissions import Actor, Permission, clashes
from coi.vocabulary import Event, Role

WATCHERS = (Role.SENIOR_OFFICER, Role.AUDITOR)
GLASS = timedelta(days=7)
# Without anybody in these, nothing that needs a second person could ever be done again.
KEPT = (Role.SENIOR_OFFICER, Role.ADMINISTRATOR)


def ask_grant(account: Account, role: Role, until: date | None, reason: str, actor: Actor, now: datetime) -> Request | None:
    """Asks a second person to give a role; None when it was given at once."""
    _check_grant(account, role, actor.person_id, until, today(now))
    told = {"account": account.id, "role": role.value, "until": until.isoformat() if until else ""}
    return requests.ask(_action("grant", role), f"account:{account.id}", told, reason, actor, now)


def ask_end(account: Account, role: Role, reason: str, actor: Actor, now: datetime) -> Request | None:
    """Asks a second person to take a role away; None when it was taken at once."""
    if queries.grant_of(account, role, today(now)) is None:
        raise NotPossible(_("This person does not hold this role."), "role")
    told = {"account": account.id, "role": role.value}
    return requests.ask(_action("end", role), f"account:{account.id}", told, reason, actor, now)


def grant_in_setup(account: Account, role: Role, actor: Actor, now: datetime) -> None:
    """Gives a role alone, as an operator may until the first senior officer has signed in; the entry says `setup`."""
    if not queries.in_setup():
        raise NotPossible(_("The first senior officer has signed in: a second person must approve this on the page."))
    _grant({"account": account.id, "role": role.value, "until": ""}, None, actor, now)


def break_glass(account: Account, role: Role, reason: str, actor: Actor, now: datetime) -> date:
    """Opens a role on the host for seven days, with an entry and a letter to everybody who watches (U8)."""
    if not reason.strip():
        raise Refused(_("Write the reason."), "reason")
    on = today(now)
    until = on + GLASS
    db.session.refresh(account, with_for_update=True)
    _check_grant(account, role, None, until, on)
    seq = record(
        Event.BREAK_GLASS, actor, f"account:{account.id}", now, role=role.value, until=until.isoformat(), because=sha256(reason)
    )
    _row(account, role, until, actor.name, actor.name, seq, setup=False, on=on)
    end_all(account, "roles_changed", actor, now)
    _first_letter(account, role, seq, now)
    words = {"who": actor.label or actor.name, "role": role.label, "name": account.person.name, "reason": reason}
    for person in queries.holders({*WATCHERS, Role.SOLICITOR}, on):
        notices.post("break_glass", person, now, f"break_glass:{seq}:{person.id}", until=LazyString(day, until), **words)
    return until


def _action(what: str, role: Role) -> str:
    return f"{what}_administrator" if role is Role.ADMINISTRATOR else what


def _check_grant(account: Account, role: Role, asked_by: int | None, until: date | None, on: date) -> None:
    if account.person_id == asked_by:
        raise NotPossible(_("Nobody gives a role to themselves."))
    if not account.active or not account.person.active:
        raise NotPossible(_("This person no longer works for the City."))
    held = queries.roles_of(account, on)
    if role in held:
        raise NotPossible(_("This person holds this role already."), "role")
    pair = clashes(held | {role})
    if pair is not None:
        words = _(" and ").join(str(one.label) for one in sorted(pair, key=lambda one: one.rank))
        raise NotPossible(_("One person can't be both: %(roles)s.", roles=words), "role")
    if until is not None and until < on:
        raise Refused(_("Choose a day that is still to come."), "until")


def _account(told: Any) -> Account:
    return db.session.get_one(Account, int(told["account"]), with_for_update=True)


def _grant(told: Any, request: Request | None, actor: Actor, now: datetime) -> None:
    account, role = _account(told), Role(told["role"])
    until = date.fromisoformat(told["until"]) if told.get("until") else None
    asked_by = request.asked_by_id if request is not None else actor.person_id
    _check_grant(account, role, asked_by, until, today(now))
    if request is not None and account.person_id == actor.person_id:
        raise NotPossible(_("Nobody gives a role to themselves."))
    setup = request is None and actor.name.startswith("operator:") and queries.in_setup()
    asker = request.asked_by if request is not None else actor.name
    seq = record(
        Event.ROLE_GRANTED,
        actor,
        f"account:{account.id}",
        now,
        role=role.value,
        request=request.reference if request is not None else "",
        asked_by=asker,
        until=until.isoformat() if until else None,
        setup=setup,
        two_persons=request is not None,
    )
    _row(account, role, until, asker, actor.name, seq, setup, today(now))
    end_all(account, "roles_changed", actor, now)
    _first_letter(account, role, seq, now)
    _tell("role_granted", account, role, request, actor, seq, now)


def _row(account: Account, role: Role, until: date | None, asker: str, approver: str, seq: int, setup: bool, on: date) -> None:
    db.session.add(
        RoleGrant(
            account_id=account.id,
            role=role,
            starts_on=on,
            ends_on=until,
            asked_by=asker,
            approved_by=approver,
            setup=setup,
            seq=seq,
        )
    )
    db.session.flush()


def _end(told: Any, request: Request | None, actor: Actor, now: datetime) -> None:
    account, role = _account(told), Role(told["role"])
    held = queries.grant_of(account, role, today(now))
    if held is None:
        raise NotPossible(_("This person does not hold this role."), "role")
    _must_not_be_the_last(account, role, now)
    asker = request.asked_by if request is not None else actor.name
    held.ended_seq = record(
        Event.ROLE_ENDED,
        actor,
        f"account:{account.id}",
        now,
        role=role.value,
        request=request.reference if request is not None else "",
        asked_by=asker,
        setup=request is None and actor.name.startswith("operator:") and queries.in_setup(),
        two_persons=request is not None,
    )
    db.session.flush()
    end_all(account, "roles_changed", actor, now)
    _tell("role_ended", account, role, request, actor, held.ended_seq, now)


def _must_not_be_the_last(account: Account, role: Role, now: datetime) -> None:
    if role not in KEPT or queries.in_setup():
        return
    if all(person.id == account.person_id for person in queries.holders({role}, today(now))):
        raise NotPossible(_("Nobody else holds the role %(role)s. Give it to somebody else first.", role=role.label), "role")


def _first_letter(account: Account, role: Role, seq: int, now: datetime) -> None:
    if role is Role.AUDITOR:
        tell_key(account.person, seq, now)


def _tell(kind: str, account: Account, role: Role, request: Request | None, actor: Actor, seq: int, now: datetime) -> None:
    if queries.in_setup():
        return  # the first senior officer is shown the list of what was set up instead of a letter for each
    approved_by = actor.label or actor.name
    asked_by = approved_by if request is None else request.asker.name if request.asker else request.asked_by.replace(":", " ")
    words = {"name": account.person.name, "role": role.label, "asked_by": asked_by, "approved_by": approved_by}
    for person in queries.holders(set(WATCHERS), today(now)):
        notices.post(kind, person, now, f"{kind}:{seq}:{person.id}", **words)


def _version(subject: str) -> str:
    """What a request about an account is bound to: the roles that it held when it was asked."""
    account = db.session.get(Account, int(subject.partition(":")[2]))
    if account is None:
        return "gone"
    held = select(RoleGrant.role).where(RoleGrant.account_id == account.id, RoleGrant.ended_seq.is_(None))
    return sha256(",".join(sorted(role.value for role in db.session.scalars(held))))


def _words(told: Any) -> dict[str, Any]:
    account = db.session.get(Account, int(told["account"]))
    return {"role": Role(told["role"]).label, "name": account.person.name if account is not None else "?"}


def _giving(told: Any) -> str:
    return str(_("Give the role %(role)s to %(name)s", **_words(told)))


def _taking(told: Any) -> str:
    return str(_("Take the role %(role)s from %(name)s", **_words(told)))


for _kind in ("grant", "grant_administrator"):
    requests.register(_kind, _grant, _giving, _version, right=Permission.ROLES)
for _kind in ("end", "end_administrator"):
    requests.register(_kind, _end, _taking, _version, right=Permission.ROLES)
