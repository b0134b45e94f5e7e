"""How long somebody waits after wrong tries: by login and by address, growing, never for good, and never for who was here before.

The owner always gets in. A try from an address that this login has signed in from counts only wrong tries from there, so that
nobody elsewhere can keep a person out. A right slip code waits for no login, and a letter's link for nothing: 25^10 codes that
live 14 days need no more than the pause of an address.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from coi.db import db
from coi.models import SignInAttempt

# What a row of sign_in_attempts can be.
PASSPHRASE, CONFIRM, SLIP, RIGHT = "passphrase", "confirm", "slip", "right"
WRONG = (PASSPHRASE, CONFIRM, SLIP)

LOGIN_FREE, LOGIN_FIRST, LOGIN_LONGEST = 5, timedelta(seconds=30), timedelta(minutes=15)
# A whole city often comes through one address: what was right there allows for more that is wrong.
ADDRESS_FREE, ADDRESS_PER_RIGHT = 40, 4
ADDRESS_FIRST, ADDRESS_LONGEST = timedelta(seconds=5), timedelta(minutes=1)
LOOK_BACK, ADDRESS_LOOK_BACK, REMEMBERED = timedelta(hours=24), timedelta(minutes=15), timedelta(days=30)


def for_passphrase(login_hash: str, address: str, now: datetime) -> timedelta:
    """How long this login must wait at this address before a passphrase is looked at."""
    rights = select(func.max(SignInAttempt.at)).where(SignInAttempt.login_hash == login_hash, SignInAttempt.what == RIGHT)
    here = db.session.scalar(rights.where(SignInAttempt.address == address, SignInAttempt.at > now - REMEMBERED))
    wrong = _wrong(now - LOOK_BACK).where(SignInAttempt.login_hash == login_hash, SignInAttempt.what.in_((PASSPHRASE, CONFIRM)))
    if here is not None:
        wrong = wrong.where(SignInAttempt.address == address, SignInAttempt.at > here)
    pause = _pause(wrong, LOGIN_FREE, LOGIN_FIRST, LOGIN_LONGEST, now)
    return pause if here is not None else max(pause, for_address(address, now))


def for_address(address: str, now: datetime) -> timedelta:
    """How long this address must wait, whoever tries from there."""
    since = now - ADDRESS_LOOK_BACK
    right = db.session.scalar(
        select(func.count()).where(SignInAttempt.address == address, SignInAttempt.what == RIGHT, SignInAttempt.at > since)
    )
    free = ADDRESS_FREE + ADDRESS_PER_RIGHT * int(right or 0)
    wrong = _wrong(since).where(SignInAttempt.address == address, SignInAttempt.what.in_(WRONG))
    return _pause(wrong, free, ADDRESS_FIRST, ADDRESS_LONGEST, now)


def _wrong(since: datetime) -> Select[int, datetime]:
    return select(func.count(), func.max(SignInAttempt.at)).where(SignInAttempt.at > since)


def _pause(wrong: Select[int, datetime], free: int, first: timedelta, longest: timedelta, now: datetime) -> timedelta:
    count, last = db.session.execute(wrong).one()
    if count < free or last is None:
        return timedelta(0)
    return max(timedelta(0), last + min(longest, first * 2 ** min(count - free, 10)) - now)
