"""Draws a sample that anybody can draw again: by a stored seed and the references, smallest hash first; knows no clock.

The method: for each reference the hex SHA-256 of `SEED:REFERENCE` in UTF-8; sorted upwards; the first N are the sample. When one
of them leaves, the next in the same order comes in. On any machine: `printf '%s' "$SEED:$REFERENCE" | sha256sum`.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from math import ceil

MANY, AT_LEAST_OF_MANY = 20, 3


def in_order(seed: str, references: Iterable[str]) -> list[str]:
    """All references in the order in which they are drawn."""
    return sorted(references, key=lambda reference: sha256(f"{seed}:{reference}".encode()).hexdigest())


def tickets_in_order(seed: str, tickets: Mapping[str, int]) -> list[str]:
    """References in the order in which they are drawn, where each holds so many tickets: a lottery without putting back.

    A ticket is the hex SHA-256 of `SEED:REFERENCE:NUMBER` in UTF-8, numbers from 1; the smallest ticket decides a reference's
    place. With one ticket each, every order is as likely as any other.
    """
    return sorted(tickets, key=lambda reference: min(_ticket(seed, reference, one) for one in range(1, tickets[reference] + 1)))


def _ticket(seed: str, reference: str, number: int) -> str:
    return sha256(f"{seed}:{reference}:{number}".encode()).hexdigest()


def size(count: int, percent: int, unexpected: int = 0) -> int:
    """How many of `count` are opened: the profile's percentage, at least 1, at least 3 of twenty or more, never more than all.

    Each one that was not as expected adds as many again: after the first the sample is twice as large.
    """
    least = AT_LEAST_OF_MANY if count >= MANY else 1
    return min(count, max(least, ceil(count * percent / 100)) * (1 + unexpected))
