"""Draws a sample that anybody can draw again: by a stored seed and the references, smallest hash first; knows no clock.

The method: for each reference the hex SHA-256 of `SEED:REFERENCE` in UTF-8; sorted upwards; the first N are the sample. When one
of them leaves, the next in the same order comes in. On any machine: `printf '%s' "$SEED:$REFERENCE" | sha256sum`.
"""

from collections.abc import Iterable
from hashlib import sha256
from math import ceil

MANY, AT_LEAST_OF_MANY = 20, 3


def in_order(seed: str, references: Iterable[str]) -> list[str]:
    """All references in the order in which they are drawn."""
    return sorted(references, key=lambda reference: sha256(f"{seed}:{reference}".encode()).hexdigest())


def size(count: int, percent: int, unexpected: int = 0) -> int:
    """How many of `count` are opened: the profile's percentage, at least 1, at least 3 of twenty or more, never more than all.

    Each one that was not as expected adds as many again: after the first the sample is twice as large.
    """
    least = AT_LEAST_OF_MANY if count >= MANY else 1
    return min(count, max(least, ceil(count * percent / 100)) * (1 + unexpected))
