"""Passphrases: hashed with argon2, judged when they are set, asked again for weighty acts; never kept, logged or shown."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import g, request
from flask_babel import gettext as _

from coi.accounts.door import current_sign_in
from coi.accounts.queries import login_hash
from coi.db import db, reading
from coi.errors import Refused
from coi.gate import note_attempt
from coi.models import Account
from coi.profiles.current import current_profile

# TRAPS "Sign-in": the library's defaults let eleven people a second sign in on two cores and starve every page.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
SHORTEST, LONGEST = 12, 200
# The first words that anybody tries; all are long enough to pass for a passphrase.
WELL_KNOWN = frozenset(
    {
        *("password1234", "passwordpassword", "123456789012", "1234567890123", "qwertyuiop123", "qwertyuiopas", "letmeinletmein"),
        *("welcome12345", "iloveyou1234", "administrator", "changemeplease", "correcthorsebatterystaple", "contraseña123"),
    }
)
NOBODYS_HASH = HASHER.hash("the hash that is checked when there is nobody to check")


def evened(text: str) -> str:
    """The passphrase as it is hashed: composed the same way on every keyboard (NFKC); otherwise exactly as typed."""
    return unicodedata.normalize("NFKC", text)


def hash_passphrase(text: str) -> str:
    """The argon2id hash that is kept."""
    return HASHER.hash(evened(text))


def hash_fits(kept: str | None, text: str) -> bool:
    """Whether `text` is the secret behind a hash; takes as long when there is none, so that time tells nothing."""
    try:
        return HASHER.verify(kept or NOBODYS_HASH, evened(text)[:LONGEST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def judge(text: str, account: Account) -> None:
    """Raises Refused when a new passphrase is too short, well known or about oneself (ASVS 6.2); any characters do."""
    plain = evened(text)
    if len(plain) < SHORTEST:
        raise Refused(_("Use at least %(number)s characters. Three or four words are fine.", number=SHORTEST), "passphrase")
    if len(plain) > LONGEST:
        raise Refused(_("Use at most %(number)s characters.", number=LONGEST), "passphrase")
    low = plain.casefold()
    bare = low.replace(" ", "")
    about = {part for part in account.person.name.casefold().split() if len(part) > 3}
    about |= {account.email.partition("@")[0].casefold(), (account.person.number or "").casefold()} - {""}
    city = current_profile().city.short.casefold()
    rest = bare
    for word in sorted(about | {city}, key=len, reverse=True):
        rest = rest.replace(word, "")
    if low in WELL_KNOWN or bare in WELL_KNOWN or len(set(bare)) < 5:
        raise Refused(_("Many people use this one. Choose another."), "passphrase")
    if len(rest) < 6:
        raise Refused(_("Choose words that are not your own name, number or city."), "passphrase")


def confirm_passphrase(text: str) -> bool:
    """Checks the secret again for the person of this cookie, before any lock is taken; right makes the sign-in fresh (U2)."""
    reading.set(True)
    row = current_sign_in()
    account = db.session.get(Account, row.account_id) if row is not None else None
    kept, login = (account.password, account.email) if account is not None else (None, "")
    db.session.rollback()
    fits = hash_fits(kept, text)
    reading.set(False)
    if not fits:
        note_attempt(login_hash(login), request.remote_addr or "", "confirm")
        return False
    again = current_sign_in()
    if again is None:
        return False
    again.fresh_at = g.now
    return True
