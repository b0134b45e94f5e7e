"""Slips: a one-use code on paper opens an account without e-mail; handed out by the campaign desk after an identity check."""

import secrets as chance
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from coi.accounts import queries
from coi.accounts.actions import end_all, ensure_account
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db, for_reading, reading
from coi.errors import NotPossible, Refused
from coi.models import Account, Person, Slip
from coi.models.types import UNMISTAKABLE
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.rules.permissions import Actor
from coi.vocabulary import Event

LENGTH = 10
GOOD_FOR = timedelta(days=14)


def new_code() -> str:
    """Ten letters that nobody mistakes: 46 bits, for one person and fourteen days."""
    return "".join(chance.choice(UNMISTAKABLE) for _letter in range(LENGTH))


def for_station(
    department: str, also_with_slip: bool, actor: Actor, now: datetime, printed: Callable[[Sequence[tuple[Person, str]]], bytes]
) -> bytes | None:
    """New slips for everybody of a station without another way in, as one file; None when there is nobody.

    The file is made before anything is locked; its codes count only once they are written.
    """
    db.session.rollback()
    with for_reading():
        open_to = queries.without_way_in(department, now, also_with_slip)
        people = [one for one in open_to if one.id != actor.person_id and not (actor.is_person and _holds_a_role(one, now))]
        codes = {person.id: new_code() for person in people}
        made = printed([(person, spaced(codes[person.id])) for person in people]) if people else None
        db.session.rollback()
    reading.set(False)
    for number in codes:
        person = db.session.get_one(Person, number)
        account = queries.account_of(number)
        if account is None or account.password is None:  # who chose a passphrase meanwhile keeps it
            issue(person, actor, now, code=codes[number])
    return made


def issue(person: Person, actor: Actor, now: datetime, identity_checked: bool = False, code: str = "") -> str:
    """A new code for a person; an older slip dies, sign-ins end, and who had a passphrase is told who did it.

    Only its hash is kept: the code is shown once, on the paper. Raises NotPossible for oneself, for who has left, and for
    who holds a role, unless an operator of the host does it.
    """
    if person.number is None:
        raise NotPossible(_("A slip needs an employee number. Send a letter with a link instead."))
    if actor.person_id == person.id:
        raise NotPossible(_("Somebody else must do this for you."))
    if not person.active:
        raise NotPossible(_("This person no longer works for the City."))
    account = ensure_account(person, actor, now)
    if actor.is_person and queries.roles_of(account, today(now)):
        # Whoever holds the paper is in: one person alone would be the second person, too (SD6, SD7).
        raise NotPossible(_("This person holds a role. Send a letter with a link instead, or ask who runs the host for a slip."))
    had_secret = account.password is not None or account.password_set_at is not None
    if had_secret and not identity_checked:
        raise Refused(_("Check who is in front of you first, and say that you did."), "identity_checked")
    db.session.refresh(account, with_for_update=True)
    db.session.execute(
        update(Slip).where(Slip.account_id == account.id, Slip.used_at.is_(None), Slip.void_at.is_(None)).values(void_at=now)
    )
    code = code or new_code()
    expires = now + GOOD_FOR
    seq = record(
        Event.SLIP_ISSUED,
        actor,
        f"account:{account.id}",
        now,
        expires=expires.date().isoformat(),
        identity_checked=identity_checked,
    )
    db.session.add(
        Slip(
            account_id=account.id,
            code_hash=_hash(account, code),
            issued_at=now,
            expires_at=expires,
            issued_by=actor.name,
            identity_checked=identity_checked,
            seq=seq,
        )
    )
    if had_secret:
        account.password = None
        end_all(account, "new_slip", actor, now)
        once = f"slip_reissued:{account.id}:{seq}"
        notices.post("slip_reissued", person, now, once, who=actor.label or actor.name, to=account.reset_email or person.email)
    db.session.flush()
    return code


def _holds_a_role(person: Person, now: datetime) -> bool:
    account = queries.account_of(person.id)
    return account is not None and bool(queries.roles_of(account, today(now)))


def fitting(number: str, code: str, now: datetime) -> tuple[Account, Slip] | None:
    """The account and living slip that a number and a typed code open, or None for every other pair."""
    account = queries.by_number(number)
    if account is None or not account.active:
        return None
    slip = db.session.scalar(select(Slip).where(Slip.account_id == account.id, Slip.code_hash == _hash(account, code)))
    if slip is None or slip.used_at is not None or slip.void_at is not None or slip.expires_at <= now:
        return None
    if slip.issued_by.startswith("account:") and queries.roles_of(account, today(now)):
        return None  # handed out before the role was given
    return account, slip


def use(account: Account, slip: Slip, actor: Actor, now: datetime) -> None:
    """Spends the slip; a second use finds nothing."""
    db.session.refresh(slip, with_for_update=True)
    if slip.used_at is not None or slip.void_at is not None:
        raise NotPossible(_("This code was used already. Ask the campaign desk for a new slip."))
    slip.used_at = now
    record(Event.SLIP_USED, actor, f"account:{account.id}", now, desk=slip.identity_checked)
    db.session.flush()


def _hash(account: Account, code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())[:40]
    return sha256(f"{account.fs_uniquifier}:{plain}")


def spaced(code: str) -> str:
    """The code as it is printed: two groups of five."""
    return f"{code[:5]} {code[5:]}"
