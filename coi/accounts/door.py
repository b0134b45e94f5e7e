"""Who is at the door: turns the cookie's token into an Actor with the roles of today; knows sign-ins, no page."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from flask import Flask, g, render_template, session
from flask_login import LoginManager, current_user
from sqlalchemy import or_, select

from coi.db import db
from coi.gate import Door
from coi.models import Account, RoleGrant, SignIn
from coi.profiles.current import current_profile, today
from coi.rules.permissions import NOBODY, Actor
from coi.vocabulary import Role

LONGEST_SIGN_IN = timedelta(hours=12)
IDLE = timedelta(hours=2)
# The cookie outlives the sign-in: it tells whose ended here, so that what was typed comes back to that person alone.
LONGEST_COOKIE = timedelta(hours=24)


def token_hash(token: str) -> str:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def current_sign_in() -> SignIn | None:
    """The live sign-in row of this cookie, or None: ended, too old, idle for too long, unknown, or of a closed account."""
    row = _of_cookie()
    return row if row is not None and row.ended_at is None and g.now < ends_at(row) else None


def _of_cookie() -> SignIn | None:
    token = session.get("sign_in")
    if not isinstance(token, str):
        return None
    return db.session.scalar(select(SignIn).where(SignIn.token_hash == token_hash(token)))


def ends_at(row: SignIn) -> datetime:
    """When a sign-in ends if nothing more is done under it: two hours after the last page, twelve after its beginning."""
    seen = session.get("seen")
    last = datetime.fromtimestamp(seen, UTC) if isinstance(seen, int) else g.now
    return min(last + IDLE, row.at + LONGEST_SIGN_IN)


def stay() -> None:
    """Somebody is here: the idle time begins anew."""
    session["seen"] = int(g.now.timestamp())


def actor_of(account: Account, on: date) -> Actor:
    """The actor an account is on a day, with the roles granted and not ended; who has left the City holds none (SD11)."""
    granted = db.session.scalars(
        select(RoleGrant.role).where(
            RoleGrant.account_id == account.id,
            RoleGrant.ended_seq.is_(None),
            RoleGrant.starts_on <= on,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
        )
    )
    roles: frozenset[Role] = frozenset(granted) if account.person.active else frozenset()
    return Actor(f"account:{account.id}", account.person_id, roles, account.person.name, account.language, on)


def serves(account: Account, on: date) -> bool:
    """Whether somebody may come in on a day: the account is open, and the time of service of who is no employee runs (U7)."""
    begins, ends = account.person.serves_from, account.person.serves_to
    return account.active and (begins is None or begins <= on) and (ends is None or ends >= on)


manager = LoginManager()


@manager.request_loader
def account_of_cookie(_request: object) -> Account | None:
    """The account behind the cookie's token; people whose time of service is over, or not yet begun, are nobody."""
    if "now" not in g:
        return None  # refused before the gate: its page is for nobody
    row = current_sign_in()
    account = db.session.get(Account, row.account_id) if row else None
    if row is None or account is None or not serves(account, today(g.now)):
        g.was_account_id = _whose_ended()
        return None
    stay()
    g.sign_in_at, g.sign_in_method, g.account_id, g.ends_at = row.fresh_at, row.method, account.id, ends_at(row)
    g.ends_for_good = row.at + LONGEST_SIGN_IN
    return account


def _whose_ended() -> int | None:
    """Whose sign-in ended in this browser, unless that person signed out."""
    row = _of_cookie()
    return row.account_id if row is not None and row.ended_because != "signed_out" else None


def who() -> Actor:
    """The actor of this request, or NOBODY."""
    return actor_of(current_user, today(g.now)) if current_user.is_authenticated else NOBODY


def signed_in_at() -> datetime | None:
    """When the secret was last given in this sign-in."""
    row = current_sign_in()
    return row.fresh_at.astimezone(UTC) if row else None


def fresh_minutes(kind: str) -> int:
    """The profile's minutes for the filer's own acts and for the office's (U2)."""
    minutes = current_profile().clocks.fresh_sign_in_minutes
    return int(getattr(minutes, kind))


def confirm(passphrase: str) -> bool:
    """Checks the secret again for an act that needs a fresh sign-in, before any lock is taken; right makes it fresh."""
    from coi.accounts.secrets import confirm_passphrase  # the secrets room imports this module

    return confirm_passphrase(passphrase)


def ask_sign_in(kept: str, other: bool) -> str:
    """The sign-in page with what was typed in it, sealed; `other` when somebody else is signed in here now."""
    from forms.accounts import SignInForm  # only this page of the door has a form

    return render_template("accounts/sign_in.html", form=SignInForm(formdata=None), kept=kept, other=other)


DOOR = Door(
    who=who,
    confirm=confirm,
    signed_in_at=signed_in_at,
    fresh_minutes=fresh_minutes,
    today=today,
    ask_sign_in=ask_sign_in,
)


def init_app(app: Flask) -> None:
    """Cookies last longer than any sign-in; that one ends by its row and by the time of the last page."""
    app.permanent_session_lifetime = LONGEST_COOKIE
    manager.init_app(app)
