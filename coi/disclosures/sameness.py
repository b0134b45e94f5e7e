"""Whether two answers say the same: blank is blank, a blank field of an entry is no field."""

from collections.abc import Mapping
from typing import Any


def same(one: Any, other: Any) -> bool:
    """Whether two answers say the same."""
    return bool(_bare(one) == _bare(other))


def _bare(answer: Any) -> Any:
    if isinstance(answer, Mapping):
        return {name: _bare(value) for name, value in answer.items() if _bare(value) is not None}
    if isinstance(answer, list):
        return [_bare(one) for one in answer] or None
    return None if answer in (None, "") else answer
