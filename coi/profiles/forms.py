"""What a profile and a form must agree on: desks that triggers name, and no priority that follows from the group alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from coi.profiles.check import from_group, subjects_of
from coi.profiles.schema import Profile

ANSWERS = frozenset({"q", "f", "match", "sum", "in_period"})


def faults(profile: Profile, content: Mapping[str, Any]) -> list[str]:
    """Every point on which the form and the profile disagree, one sentence each."""
    name = content["form"]["id"]
    grouped = from_group(profile)
    found = []
    for question, trigger in _triggers(content):
        desk = trigger.get("route")
        if desk and desk not in profile.desks:
            found.append(f"{name} {question}: a trigger goes to the desk {desk}, which this profile lacks.")
        alone = sorted(set(subjects_of(trigger.get("when"), "filer")) & grouped)
        if alone and not _reads_an_answer(trigger.get("when")):
            found.append(
                f"{name} {question}: a trigger reads {', '.join(alone)} without an answer, and a group sets no priority."
            )
    return found


def routes_of(content: Mapping[str, Any]) -> set[str]:
    """The desks to which triggers of a form send a copy."""
    return {str(trigger["route"]) for _question, trigger in _triggers(content) if trigger.get("route")}


def _triggers(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for section in content["sections"]:
        for question in section["questions"]:
            for trigger in question.get("triggers") or ():
                yield question["id"], trigger


def _reads_an_answer(when: Any) -> bool:
    if not isinstance(when, Mapping):
        return False
    parts = [*when.get("all", ()), *when.get("any", ()), when.get("not")]
    return bool(ANSWERS & set(when)) or any(_reads_an_answer(part) for part in parts)
