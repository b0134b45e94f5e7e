"""Trying a secret at the door: slow hashing before any lock, every try counted, one answer for everything that is wrong."""

from datetime import date, datetime, timedelta
from hmac import compare_digest

from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadSignature, URLSafeTimedSerializer

from coi.accounts import queries, slips, waits
from coi.accounts.actions import ensure_account
from coi.accounts.door import serves
from coi.accounts.secrets import hash_fits, hash_passphrase, judge, renewed
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db, for_reading, reading
from coi.errors import Refused
from coi.gate import note_attempt
from coi.models import Account, Person
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.rules.permissions import NOBODY, Actor
from coi.vocabulary import Event

RESET_GOOD_FOR = timedelta(hours=1)
MOST_LETTERS_AN_HOUR = 3


def wrong() -> str:
    """The one answer to a wrong number, a wrong passphrase and an account that is closed."""
    return _("The number or e-mail and the passphrase do not fit together. Check both, or choose “I can't sign in”.")


def try_passphrase(login: str, passphrase: str, address: str, now: datetime) -> Account:
    """The account that these open; raises Refused, with the same words whatever was wrong, or with how long to wait."""
    with for_reading():
        account = queries.by_login(login)
        key = queries.login_hash(account.email if account is not None else login)
        _must_not_wait(waits.for_passphrase(key, address, now))
        kept = account.password if account is not None and serves(account, today(now)) else None
        account_id = account.id if account is not None else None
        db.session.rollback()
    if not hash_fits(kept, passphrase):
        note_attempt(key, address, waits.PASSPHRASE)
        raise Refused(wrong())
    newer = renewed(kept, passphrase) if kept is not None else None
    note_attempt(key, address, waits.RIGHT)
    reading.set(False)
    found = db.session.get_one(Account, account_id)
    if newer is not None:
        found.password = newer
    return found


def try_slip(number: str, code: str, address: str, now: datetime) -> list[int]:
    """The account and slip that these open, and when, for the cookie; raises Refused for everything else.

    A right code waits for its address alone, and a minute at most: wrong tries with somebody's number keep nobody out.
    """
    with for_reading():
        _must_not_wait(waits.for_address(address, now))
        found = slips.fitting(number, code, now)
        ids = [found[0].id, found[1].id, int(now.timestamp())] if found is not None else None
        db.session.rollback()
    if ids is None:
        note_attempt(queries.login_hash(number), address, waits.SLIP)
        raise Refused(_("This number and code do not fit, or the slip is older than 14 days. Ask the desk for a new one."))
    return ids


def _must_not_wait(pause: timedelta) -> None:
    if pause > timedelta(0):
        minutes = max(1, -(-int(pause.total_seconds()) // 60))
        db.session.rollback()
        raise Refused(
            ngettext(
                "There were too many tries. Wait one minute, then try again, or call us.",
                "There were too many tries. Wait %(num)s minutes, then try again, or call us.",
                minutes,
            )
        )


def hashed(text: str, account_id: int) -> str:
    """Judges a new passphrase and hashes it before anything is locked; raises Refused."""
    with for_reading():
        judge(text, db.session.get_one(Account, account_id))
        db.session.rollback()
    made = hash_passphrase(text)
    reading.set(False)
    return made


def send_reset(login: str, actor: Actor, now: datetime, secret: str) -> None:
    """Writes a letter with a link to whoever this is; nobody learns whether there is such a person or address."""
    account = queries.by_login(login)
    if account is None:
        person = queries.person_by_login(login)
        account = ensure_account(person, actor, now) if person is not None else None
    if account is None or not serves(account, today(now)):
        return
    to = reset_address(account, today(now))
    if not to:
        return
    hour = f"{now:%Y%m%d%H}"
    for place in range(MOST_LETTERS_AN_HOUR):
        once = f"reset:{account.id}:{hour}:{place}"
        if not notices.written(once):
            notices.post("reset", account.person, now, once, to=to, token=token_for(account, secret))
            by = "self" if actor.name == NOBODY.name else "office"
            record(Event.RESET_ASKED, actor, f"account:{account.id}", now, by=by)
            return


def reset_address(account: Account, on: date) -> str | None:
    """Where a reset link goes: the personal address, else the work address of who still works here.

    For who holds a role it is the address that the account was made with: a roster that changes it must not hand one
    administrator the second person's account (SD6, SD7).
    """
    if account.reset_email or not account.person.active:
        return account.reset_email
    if queries.roles_of(account, on):
        return account.email if "@" in account.email else None
    return account.person.email


def token_for(account: Account, secret: str) -> str:
    """A link's token: good for an hour and for one use, since it hangs on the passphrase that it replaces."""
    made = _serializer(secret).dumps([account.id, _state(account)])
    return made if isinstance(made, str) else made.decode()


def account_of_token(token: str, secret: str) -> Account | None:
    """The account of a reset link that still works."""
    try:
        number, state = _serializer(secret).loads(token, max_age=int(RESET_GOOD_FOR.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        return None
    account = db.session.get(Account, number)
    return account if account is not None and account.active and compare_digest(_state(account), str(state)) else None


def _state(account: Account) -> str:
    return sha256(account.password or account.fs_uniquifier)[:20]


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="coi-reset-v1")


def login_of(person: Person) -> str:
    """What a person types to sign in."""
    return person.number or person.email or ""
