"""Passphrases: hashed with argon2, judged when they are set, asked again for weighty acts; never kept, logged or shown."""

import re
import unicodedata
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import g, request
from flask_babel import gettext as _

from coi.accounts.door import current_sign_in
from coi.accounts.queries import login_hash
from coi.accounts.waits import CONFIRM
from coi.accounts.waits import for_passphrase as waiting_for
from coi.db import db, reading
from coi.errors import Refused
from coi.gate import note_attempt
from coi.models import Account
from coi.profiles.current import current_profile

# TRAPS "Sign-in": the library's defaults let eleven people a second sign in on two cores and starve every page.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Fifteen, as long as it is the only thing asked for (SP 800-63B-4); no rule about kinds of characters, no forced change.
SHORTEST, LONGEST = 15, 200
# What is worth nothing in a passphrase: the first words that anybody tries, the words of this house, rows of the keyboard.
WORTHLESS = (
    *(
        "correcthorsebatterystaple",
        "passphrase",
        "password",
        "passwort",
        "contraseña",
        "contrasena",
        "clave",
        "secret",
        "secreto",
    ),
    *("administrator", "administrador", "letmein", "welcome", "bienvenido", "iloveyou", "teamo", "changeme", "changemeplease"),
    *("monkey", "dragon", "football", "baseball", "superman", "princess", "sunshine", "qwerty", "employee", "empleado"),
    *("city", "cityof", "ciudad", "ciudadde", "conflict", "conflicto", "interest", "ethics", "etica", "mypassword", "mipassword"),
)
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjklñ",
    "zxcvbnm",
    "01234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
)
RUN = 4
LEAST_LEFT, LEAST_DIFFERENT = 6, 4
NOBODYS_HASH = HASHER.hash("the hash that is checked when there is nobody to check")


def evened(text: str) -> str:
    """The passphrase as it is hashed: composed the same way on every keyboard (NFKC); otherwise exactly as typed."""
    return unicodedata.normalize("NFKC", text)


def renewed(kept: str, text: str) -> str | None:
    """A new hash of a secret that fits an older kind of hash; None when the kind is today's."""
    return hash_passphrase(text) if HASHER.check_needs_rehash(kept) else None


def hash_passphrase(text: str) -> str:
    """The argon2id hash that is kept."""
    return HASHER.hash(evened(text))


def hash_fits(kept: str | None, text: str) -> bool:
    """Whether `text` is the secret behind a hash; takes as long when there is none, so that time tells nothing."""
    plain = evened(text)
    if len(plain) > LONGEST:
        return False  # never cut, never hashed
    try:
        return HASHER.verify(kept or NOBODYS_HASH, plain) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def judge(text: str, account: Account) -> None:
    """Raises Refused when a new passphrase is too short, well known or about oneself (ASVS 6.2); any characters do."""
    plain = evened(text)
    if len(plain) < SHORTEST:
        raise Refused(_("Use at least %(number)s characters. Three or four words are fine.", number=SHORTEST), "passphrase")
    if len(plain) > LONGEST:
        raise Refused(_("Use at most %(number)s characters.", number=LONGEST), "passphrase")
    known = _left(plain, set(WORTHLESS))
    if not _enough(known):
        raise Refused(_("This is among the first that anybody would try. Choose other words."), "passphrase")
    if not _enough(_left(plain, set(WORTHLESS) | _about(account))):
        raise Refused(_("Choose words that are not your own name, number, e-mail or city."), "passphrase")


def _about(account: Account) -> set[str]:
    """Words that stand on a badge: name, number, e-mail and city."""
    city, person = current_profile().city, account.person
    words = {
        *person.name.split(),
        *account.email.partition("@")[0].split("."),
        *(person.email or "").partition("@")[0].split("."),
    }
    words |= {account.email.partition("@")[0], person.number or "", city.short, *city.name.split(), person.department}
    return {bare for word in words if len(bare := _bare(word)) > 2}


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _left(text: str, worthless: set[str]) -> str:
    """What remains of a passphrase without what is worth nothing: known words, years, rows of the keyboard, repetitions."""
    rest = _bare(text) or text
    for word in sorted(worthless, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = re.sub(r"(19|20)\d\d", "", rest)
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        for size in range(len(row), RUN - 1, -1):
            for start in range(len(row) - size + 1):
                rest = rest.replace(row[start : start + size], "")
    return re.sub(r"(.+?)\1+", r"\1", rest)


def _enough(rest: str) -> bool:
    return len(rest) >= LEAST_LEFT and len(set(rest)) >= LEAST_DIFFERENT


def confirm_passphrase(text: str) -> bool:
    """Checks the secret again for the person of this cookie, before any lock is taken; right makes the sign-in fresh (U2)."""
    reading.set(True)
    row = current_sign_in()
    account = db.session.get(Account, row.account_id) if row is not None else None
    kept, login = (account.password, account.email) if account is not None else (None, "")
    address = request.remote_addr or ""
    waits = waiting_for(login_hash(login), address, g.now) > timedelta(0)
    db.session.rollback()
    fits = not waits and hash_fits(kept, text)
    reading.set(False)
    if not fits:
        if not waits:
            note_attempt(login_hash(login), address, CONFIRM)
        return False
    again = current_sign_in()
    if again is None:
        return False
    again.fresh_at = g.now
    return True
