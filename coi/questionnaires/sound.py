"""What is left of a faulty form when each fault is taken out, so that one run also finds what can never be; judges nothing."""

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

from coi.questionnaires.problems import Findings, Problem
from coi.questionnaires.sense import Sense
from coi.questionnaires.structure import outline

# Taking one thing out can leave another without what it names; a form needs a few rounds, never many.
ROUNDS = 12
STEP = re.compile(r"[^.\[\]]+")
HEAD: Mapping[str, Any] = {"id": "x", "version": "1", "title": "x", "retention_years": 1, "reporting_period": "last_12_months"}
# An item that is neutral keeps the places of those behind it.
NEUTRAL: Mapping[str, Mapping[str, Any]] = {
    "triggers": {"when": {"filer": "department", "answered": True}, "risk": "low", "reason": "x"},
    "deadlines": {"for": {"filer": "department", "answered": True}, "due": "01-01"},
}


def sound_part(content: Any, problems: Iterable[Problem]) -> dict[str, Any] | None:
    """A copy that has no fault of shape or sense; nothing when so much is wrong that no form is left.

    What stays is asked at least as often as before: what can never be in the copy can never be in the form.
    """
    if not isinstance(content, dict):
        return None
    left: dict[str, Any] = copy.deepcopy(content)
    faults = list(problems)
    for _round in range(ROUNDS):
        if not faults:
            return left
        for place in dict.fromkeys(fault.path for fault in faults if fault.is_error):
            _take_out(left, STEP.findall(place))
        findings = Findings("")
        found = outline(left, findings)
        if not found.questions:
            return None
        Sense(found, findings).judge(left)
        faults = findings.found
    return None


def _take_out(content: dict[str, Any], steps: list[str]) -> None:
    """Makes the thing at a path harmless; where the path leads nowhere any more, nothing."""
    if steps[:1] == ["sections"]:
        _in_sections(content, steps)
    elif steps[:1] == ["form"] or not isinstance(content.get("form"), dict):
        _in_head(content, steps[1:])
    elif steps[:1] and steps[0] in ("lists", "labels", "thresholds") and isinstance(content.get(steps[0]), dict):
        content[steps[0]].pop(steps[1] if len(steps) > 1 else "", None)
    elif steps:
        content.pop(steps[0], None)


def _in_head(content: dict[str, Any], steps: list[str]) -> None:
    if not isinstance(content.get("form"), dict):
        content["form"] = {}
    head = content["form"]
    if steps and steps[0] in HEAD:
        head[steps[0]] = HEAD[steps[0]]
    elif steps[:1] == ["filer_attributes"] and len(steps) > 1 and isinstance(head.get("filer_attributes"), dict):
        head["filer_attributes"][steps[1]] = "text"
    elif len(steps) > 1 and steps[0] == "deadlines" and isinstance(head.get("deadlines"), list):
        _put(head["deadlines"], _item(head["deadlines"], steps[1]), NEUTRAL["deadlines"])
    elif steps:
        head.pop(steps[0], None)
    for key, value in HEAD.items():
        head.setdefault(key, value)


def _in_sections(content: dict[str, Any], steps: list[str]) -> None:
    """Follows the path down to the innermost section, question or field, and takes out what is wrong with it."""
    node: Any = content
    holder: tuple[list[Any], Any] | None = None
    while len(steps) > 1 and isinstance(node, dict) and steps[0] in ("sections", "questions", "entries", "fields"):
        inside = node.get(steps[0])
        if steps[0] == "entries":
            if not isinstance(inside, dict) or steps[1] != "fields" or len(steps) < 3:
                break
            node, steps = inside, steps[1:]
            continue
        item = _item(inside, steps[1])
        if item is None or not isinstance(inside, list):
            return
        holder, node, steps = (inside, item), item, steps[2:]
    if holder is None:
        content["sections"] = []
    elif not _mended(node, steps):
        holder[0][:] = [one for one in holder[0] if one is not holder[1]]


def _put(items: list[Any], old: Any, new: Mapping[str, Any]) -> None:
    items[:] = [copy.deepcopy(dict(new)) if one is old else one for one in items]


def _item(inside: Any, step: str) -> Any:
    """The section, question or field that a step of a path names: by its id, else by its place."""
    if not isinstance(inside, list):
        return None
    named = [one for one in inside if isinstance(one, dict) and one.get("id") == step]
    if named:
        # Of two with one id the later one goes first.
        return named[-1]
    return inside[int(step)] if step.isdigit() and int(step) < len(inside) else None


def _mended(node: Any, steps: list[str]) -> bool:
    """Whether the thing itself may stay, once what is wrong in it is away."""
    if not isinstance(node, dict):
        return False
    # Without a step a key is missing, or an id stands twice.
    key, *rest = steps or ["title" if "title" not in node else "id"]
    if key in ("entries", "triggers") and rest and isinstance(node.get(key), dict if key == "entries" else list):
        return (_mended_entries if key == "entries" else _mended_trigger)(node[key], rest)
    if key == "title":
        node["title"] = "x"
    elif key not in ("id", "type", "choices", "entries", "questions"):
        node.pop(key, None)
    else:
        return False
    return True


def _mended_trigger(triggers: Any, steps: list[str]) -> bool:
    trigger, neutral = _item(triggers, steps[0]), NEUTRAL["triggers"]
    if len(steps) == 1 or not isinstance(trigger, dict):
        _put(triggers, trigger, neutral)
    elif steps[1] in neutral:
        trigger[steps[1]] = neutral[steps[1]]
    else:
        trigger.pop(steps[1], None)
    return True


def _mended_entries(entries: Any, steps: list[str]) -> bool:
    if steps[0] == "item":
        entries["item"] = "x"
    elif steps[0] != "fields":
        entries.pop(steps[0], None)
    return steps[0] != "fields"
