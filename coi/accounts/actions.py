"""Writes of accounts: made, opened; signing in and out; passphrases and languages. Roles and slips have files of their own."""

import secrets as chance
from collections.abc import Iterable
from datetime import date, datetime

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from coi.accounts import queries
from coi.accounts.door import actor_of, token_hash
from coi.accounts.secrets import hash_passphrase, judge
from coi.audit.record import record
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.models import Account, Installation, Person, PersonVersion, SignIn
from coi.notices import actions as notices
from coi.people.queries import search_text
from coi.profiles.current import today
from coi.rules.permissions import Actor
from coi.vocabulary import Event, Role

LANGUAGES = ("en", "es")
AT_ONCE = 500


def login_of(person: Person) -> str:
    """The name that an account is known by: the e-mail where it is nobody else's, else the employee number."""
    mail = (person.email or "").casefold()
    taken = mail and db.session.scalar(select(Account.id).where(Account.email == mail, Account.person_id != person.id).limit(1))
    return mail if mail and not taken else (person.number or f"person-{person.id}").casefold()


def ensure_account(person: Person, actor: Actor, now: datetime) -> Account:
    """The person's account, made when it is first needed."""
    found = queries.account_of(person.id)
    if found is None:
        ensure_accounts([person], actor, now)
        found = queries.account_of(person.id)
        assert found is not None  # nosec B101  # it was made a line above
    return found


def ensure_accounts(people: Iterable[Person], actor: Actor, now: datetime) -> int:
    """Accounts for everybody who has none, without a secret: a slip or a letter opens them; returns how many were made."""
    wanted = {person.id: person for person in people}
    there = set(db.session.scalars(select(Account.person_id).where(Account.person_id.in_(wanted))))
    missing = [person for number, person in wanted.items() if number not in there]
    if not missing:
        return 0
    first = missing[0]
    subject = f"person:{first.id}" if len(missing) == 1 else f"people:{len(missing)}"
    seq = record(Event.ACCOUNT_CREATED, actor, subject, now, person=first.id, setup=queries.in_setup())
    taken = set(db.session.scalars(select(Account.email)))
    rows = []
    for person in missing:
        login = (person.email or "").casefold()
        if not login or login in taken:
            login = (person.number or f"person-{person.id}").casefold()
        taken.add(login)
        unique = chance.token_hex(32)
        rows.append(
            {
                "person_id": person.id,
                "email": login,
                "active": True,
                "fs_uniquifier": unique,
                "language": person.language,
                "seq": seq,
            }
        )
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(Account), rows[start : start + AT_ONCE])
    db.session.flush()
    return len(rows)


def create_account(
    name: str,
    email: str,
    body: str,
    appointed_by: str,
    actor: Actor,
    now: datetime,
    serves_from: date | None = None,
    serves_to: date | None = None,
) -> Account:
    """An account for somebody who is no employee: commissioner, outside counsel, outside auditor; it ends by itself (U7)."""
    mail = checked_email(email, "email")
    if not name.strip():
        raise Refused(_("Write the name."), "name")
    if serves_from and serves_to and serves_to < serves_from:
        raise Refused(_("The last day can't come before the first."), "serves_to", "serves_from")
    if queries.by_login(mail) is not None:
        raise Refused(_("Somebody has this e-mail address already."), "email")
    person = Person(
        name=name.strip(),
        search_name=search_text(name),
        email=mail,
        employee=False,
        body=body.strip(),
        appointed_by=appointed_by.strip(),
        serves_from=serves_from,
        serves_to=serves_to,
    )
    db.session.add(person)
    db.session.flush()
    seq = record(Event.ACCOUNT_CREATED, actor, f"person:{person.id}", now, person=person.id, setup=queries.in_setup())
    columns = ("name", "email", "title", "department", "group", "supervisor_id", "language", "hired_on", "left_on", "active")
    db.session.add(PersonVersion(person_id=person.id, seq=seq, **{column: getattr(person, column) for column in columns}))
    account = Account(person_id=person.id, email=mail, fs_uniquifier=chance.token_hex(32), language=person.language, seq=seq)
    db.session.add(account)
    db.session.flush()
    return account


def checked_email(text: str, field: str) -> str:
    """One address in lower case; raises Refused for anything else, two addresses in one field among it."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as fault:
        raise Refused(_("Write one e-mail address, such as name@example.com."), field) from fault
    return str(found.normalized).casefold()


def actor(account: Account, on: date) -> Actor:
    """Who an account is as they act on a day, also before the cookie says so."""
    return actor_of(account, on)


def sign_in(account: Account, method: str, actor: Actor, now: datetime) -> str:
    """Opens a sign-in and returns the token that the cookie carries; the table keeps only its hash."""
    token = chance.token_urlsafe(32)
    db.session.add(SignIn(token_hash=token_hash(token), account_id=account.id, method=method, at=now, fresh_at=now))
    seq = record(Event.SIGNED_IN, actor, f"account:{account.id}", now, method=method)
    if queries.in_setup() and Role.SENIOR_OFFICER in queries.roles_of(account, today(now)):
        db.session.execute(update(Installation).where(Installation.setup_ended_seq.is_(None)).values(setup_ended_seq=seq))
    db.session.flush()
    return token


def end_sign_in(row: SignIn, because: str, actor: Actor, now: datetime) -> None:
    """Ends one sign-in at once."""
    row.ended_at, row.ended_because = now, because
    record(Event.SIGNED_OUT, actor, f"account:{row.account_id}", now, because=because)


def end_all(account: Account, because: str, actor: Actor, now: datetime, but: int | None = None) -> int:
    """Ends every sign-in of an account, but the one that asks; returns how many ended."""
    living = update(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None), SignIn.id != (but or 0))
    ended = db.session.execute(living.values(ended_at=now, ended_because=because).returning(SignIn.id)).all()
    if ended:
        record(Event.SIGNED_OUT, actor, f"account:{account.id}", now, because=because)
    return len(ended)


def set_passphrase(account: Account, hashed: str, by: str, actor: Actor, now: datetime, keep: int | None = None) -> None:
    """Keeps a new secret, hashed before any lock was taken; the account's other sign-ins end and the person is told."""
    had = account.password is not None
    account.password, account.password_set_at = hashed, now
    # A signature made after a code from the desk says so (U1), until a letter proves that it is the person.
    account.last_code_by_desk = by == "desk" or (account.last_code_by_desk and by != "letter")
    record(Event.PASSWORD_SET, actor, f"account:{account.id}", now, by=by)
    end_all(account, "passphrase_changed", actor, now, but=keep)
    if had:
        once = f"passphrase_changed:{account.id}:{int(now.timestamp())}"
        notices.post("passphrase_changed", account.person, now, once, to=account.reset_email or account.person.email)
    db.session.flush()


def hashed_if_good(text: str, account: Account) -> str:
    """Judges a new passphrase and hashes it; raises Refused. Call it before anything is locked: hashing is slow on purpose."""
    judge(text, account)
    return hash_passphrase(text)


def set_language(account: Account, language: str, actor: Actor, now: datetime) -> None:
    """Pages and letters in this language from now on."""
    if language in LANGUAGES and account.language != language:
        account.language = language
        record(Event.ACCOUNT_CHANGED, actor, f"account:{account.id}", now, what="language")


def set_reset_email(account: Account, email: str, actor: Actor, now: datetime) -> None:
    """A personal address for resets only, shown to nobody else; blank takes it away (U1)."""
    address = checked_email(email, "reset_email") if email.strip() else None
    before = account.reset_email
    if address == before:
        return
    account.reset_email = address
    seq = record(Event.ACCOUNT_CHANGED, actor, f"account:{account.id}", now, what="reset_email")
    told = before or account.person.email
    if told:
        notices.post("reset_email_changed", account.person, now, f"reset_email_changed:{account.id}:{seq}", to=told)


def close_account(account: Account, because: str, actor: Actor, now: datetime) -> None:
    """Nobody signs in with this account any more, at once; a role is ended first, by two persons."""
    if queries.roles_of(account, today(now)):
        raise NotPossible(_("This person holds a role. End the role first: that takes a second person."))
    if account.active:
        account.active = False
        end_all(account, "closed", actor, now)
        record(Event.ACCOUNT_CLOSED, actor, f"account:{account.id}", now, because=because)
        db.session.flush()


def reopen_account(account: Account, actor: Actor, now: datetime) -> None:
    """The account works again, with the secret that it had."""
    if not account.active:
        account.active = True
        record(Event.ACCOUNT_CHANGED, actor, f"account:{account.id}", now, what="reopened")
        db.session.flush()
