"""The random key of an entry: comments, flags, masks and next year's form hang on it."""

import secrets

# Without letters that look like others; twelve of these are never met twice in one filing.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 12


def new_key() -> str:
    """A new key for one entry of a list."""
    return "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))
