"""What an action or rule raises when it refuses; the gate turns each into its page and code."""

from typing import Any


class Refused(Exception):
    """A rule refuses; `message` is for the person, `field` names the form field it belongs to, if any.

    `also` names the other field where two do not fit together: the message stands at both.
    """

    code = 422

    def __init__(self, message: Any, field: str | None = None, also: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
        self.also = also


class NotPossible(Refused):
    """The lifecycle or a separation of duties forbids it."""


class SomebodyWasFaster(Refused):
    """The thing changed since the page was shown (409); the text is kept."""

    code = 409


class NotYours(Exception):
    """No such thing, or not for this person: the same page for both (404)."""


class NotAllowed(Exception):
    """A function that this person has not (403)."""


class SignInNeeded(Exception):
    """Nobody is signed in."""


class FreshSignInNeeded(Exception):
    """The sign-in is older than this act allows (U2)."""
