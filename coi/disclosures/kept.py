"""What was looked up of a person or a case, kept for the length of a GET; where anything may be written it is looked up again."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import has_request_context, request

Looked = TypeVar("Looked")


def once(key: tuple[Any, ...], look: Callable[[], Looked]) -> Looked:
    """What `look` finds, asked once for each key in a page that only shows; asked each time by everything else."""
    if not has_request_context() or request.method not in ("GET", "HEAD"):
        return look()
    kept: dict[tuple[Any, ...], Looked] = request.environ.setdefault("coi.looked_up", {})
    if key not in kept:
        kept[key] = look()
    return kept[key]
