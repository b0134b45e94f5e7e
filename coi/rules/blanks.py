"""What a form asks of whom nothing but a level is known: a condition is true, false, or depends on what is filled in; pure."""

from collections.abc import Mapping
from typing import Any

from coi.rules.conditions import attribute


def settled(when: Mapping[str, Any] | None, known: Mapping[str, Any]) -> bool | None:
    """Whether a condition holds for a filer of whom only `known` is certain; None when it depends on an answer or on more.

    An attribute that stands in `known` is certain also when it is blank (FORMAT: a blank satisfies no comparison).
    """
    if not when:
        return True
    for joint, decides in (("all", False), ("any", True)):
        if joint in when:
            parts = [settled(part, known) for part in when[joint]]
            if decides in parts:
                return decides
            return None if None in parts else not decides
    if "not" in when:
        inner = settled(when["not"], known)
        return None if inner is None else not inner
    asks_the_record = "filer" in when and when["filer"] in known
    return _compared(when, attribute(known[when["filer"]])) if asks_the_record else None


def _compared(when: Mapping[str, Any], value: Any) -> bool:
    values = set(value) if isinstance(value, tuple) else {value} - {None}
    if "answered" in when:
        return bool(values) is bool(when["answered"])
    wanted = [when["is"]] if "is" in when else when["in"]
    return bool(values & set(wanted))


def levels_read(content: Any) -> bool:
    """Whether a form asks more of one level than of another."""
    if isinstance(content, Mapping):
        return content.get("filer") == "level" or any(levels_read(part) for part in content.values())
    return isinstance(content, list) and any(levels_read(part) for part in content)
