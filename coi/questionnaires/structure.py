"""The shape of a form: every key, type, id and value that FORMAT names, and nothing else; judges no condition's sense."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coi.questionnaires.problems import Findings, is_number, shown
from coi.rules.answers import MOST_ENTRIES
from coi.rules.conditions import COMPARES
from coi.rules.form import REVIEWER, TYPES, VISIBILITIES
from coi.rules.periods import PERIODS
from coi.vocabulary import Risk

KEPT = ("issuer", "authority", "sources", "reviewer", "outcomes", "clocks", "sanctions", "remedies", "risk_levels")
ASK = ("choices", "required", "required_if", "show_if", "help", "visibility", "match", "not_before", "entries")
RISKS = tuple(risk.value for risk in Risk if risk is not Risk.NONE)
BRACE = re.compile(r"\{[^{}]*\}|[{}]")
DUE = re.compile(r"(?P<days>[0-9]{1,4})_(?P<business>business_)?days_(?P<way>after|before)_(?P<event>.+)")
EVENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
EVENTS = ("hired_on", "left_on", "campaign_due")
RESERVED = ("since", "city")


@dataclass
class Seen:
    """One question or field as the check met it, with where it stands."""

    id: str
    type: str
    path: str
    raw: Mapping[str, Any]
    choices: tuple[str, ...] = ()
    visibility: str | None = None
    section: int = 0
    fields: list["Seen"] = field(default_factory=list)


@dataclass
class Outline:
    """What the conditions of a form may name."""

    questions: list[Seen] = field(default_factory=list)
    thresholds: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    attributes: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    # The ids of what has no type that can be read: an error of its own, and none of the conditions that name it.
    unread: set[str] = field(default_factory=set)


def outline(content: Any, findings: Findings) -> Outline:
    """Everything that a form holds; what is wrong with its shape goes to the findings."""
    found = Outline()
    if not findings.mapping(content, "", ("form", "sections"), ("lists", "labels", "thresholds")):
        return found
    _thresholds(content.get("thresholds"), found, findings)
    for name, codes in _named(content.get("lists"), "lists", findings):
        found.lists[name] = findings.codes(codes, f"lists.{name}")
    for code, words in _named(content.get("labels"), "labels", findings):
        _words(words, f"labels.{code}", None, findings)
    _head(content.get("form"), found, findings)
    if "sections" in content:
        _sections(content["sections"], found, findings)
    if isinstance(content.get("form"), Mapping):
        _deadlines(content["form"].get("deadlines"), found, findings)
    return found


def _named(node: Any, path: str, findings: Findings) -> list[tuple[str, Any]]:
    if node is None:
        return []
    if not isinstance(node, Mapping):
        findings.error(path, "must be a mapping of names.")
        return []
    return list(node.items())


def _words(node: Any, path: str, placeholders: Mapping[str, Any] | None, findings: Findings) -> None:
    """A text or {en, es}; placeholders None: no brace at all."""
    if isinstance(node, Mapping):
        findings.mapping(node, path, ("en",), ("es",))
        texts = [(f"{path}.{language}", node[language]) for language in ("en", "es") if language in node]
    else:
        texts = [(path, node)]
    for place, text in texts:
        if findings.text(text, place):
            _braces(text, place, placeholders, findings)


def _braces(text: str, path: str, placeholders: Mapping[str, Any] | None, findings: Findings) -> None:
    for brace in BRACE.findall(text):
        if placeholders is None:
            findings.error(path, f"{brace} cannot stand here. Write the words without braces.")
        elif brace[1:-1] not in placeholders and brace[1:-1] not in RESERVED:
            known = ", ".join(f"{{{name}}}" for name in (*RESERVED, *placeholders))
            findings.error(path, f"{brace} is no placeholder. Use {known}, or write it without braces.")


def _thresholds(node: Any, found: Outline, findings: Findings) -> None:
    for name, rows in _named(node, "thresholds", findings):
        path = f"thresholds.{name}"
        findings.id(name, path)
        if name in RESERVED:
            findings.error(path, f"{name} is the name of a placeholder. Call the threshold otherwise.")
        units = set()
        before: Any = 0
        for place, row in findings.items(rows, path, "rows"):
            if not findings.mapping(row, place, ("from", "to", "op", "amount"), ("unit",)):
                continue
            unit = row.get("unit", "money")
            if findings.one_of(unit, f"{place}.unit", ("money", "percent")):
                units.add(unit)
            before = _row(row, place, before, findings)
        if len(units) > 1:
            findings.error(path, "the rows have different units. Give every row the same.")
        # Without a unit that can be read nothing is said about what is compared with it.
        found.thresholds[name] = units.pop() if len(units) == 1 else ""


def _row(row: Mapping[str, Any], path: str, before: Any, findings: Findings) -> Any:
    """Checks a row and gives the year from which the next one may start; None where this one is open."""
    if "op" in row:
        findings.one_of(row["op"], f"{path}.op", tuple(COMPARES))
    if "amount" in row and not (is_number(row["amount"]) and 0 <= row["amount"] < 10**12):
        findings.error(f"{path}.amount", f"must be a number that is not negative, not {shown(row['amount'])}.")
    since, until = row.get("from"), row.get("to")
    if "from" not in row or not findings.whole(since, f"{path}.from", 1, 9999):
        return before
    if "to" in row and until is not None and not findings.whole(until, f"{path}.to", 1, 9999):
        return before
    if before is None or since < before:
        findings.error(path, "overlaps the row before, or stands out of order. Sort the rows by year and close the earlier one.")
    if until is not None and until < since:
        findings.error(path, "ends before it starts. Correct the years.")
    return None if until is None else until + 1


def _head(node: Any, found: Outline, findings: Findings) -> None:
    required = ("id", "version", "title", "retention_years", "reporting_period")
    if not findings.mapping(node, "form", required, ("visibility", "deadlines", "events", "filer_attributes", *KEPT)):
        return
    if "id" in node:
        findings.id(node["id"], "form.id")
    if "version" in node and not is_number(node["version"]):
        _version(node["version"], findings)
    if "title" in node:
        _words(node["title"], "form.title", found.thresholds, findings)
    if "retention_years" in node:
        findings.whole(node["retention_years"], "form.retention_years", 0, 1000)
    if "visibility" in node:
        findings.one_of(node["visibility"], "form.visibility", VISIBILITIES)
    if "events" in node:
        found.events = findings.codes(node["events"], "form.events") if node["events"] != [] else ()
        for name in [name for name in found.events if not EVENT.fullmatch(name)]:
            findings.error("form.events", f"{shown(name)} is no name of an event. Use letters, digits, _ and -.")
    for name, values in _named(node.get("filer_attributes"), "form.filer_attributes", findings):
        path = f"form.filer_attributes.{name}"
        findings.id(name, path)
        found.attributes[name] = None if values == "text" else findings.codes(values, path)
    if "reporting_period" in node:
        _period(node["reporting_period"], findings)


def _version(version: Any, findings: Findings) -> None:
    if findings.text(version, "form.version") and len(version) > 200:
        findings.error("form.version", "is longer than 200 characters. Shorten it.")


def _period(node: Any, findings: Findings) -> None:
    path = "form.reporting_period"
    if isinstance(node, str):
        findings.one_of(node, path, PERIODS)
        return
    for place, part in findings.items(node, path, "periods"):
        if findings.mapping(part, place, ("for", "period")) and "period" in part:
            findings.one_of(part["period"], f"{place}.period", PERIODS)


def _deadlines(node: Any, found: Outline, findings: Findings) -> None:
    if node is None:
        return
    dates = [question.id for question in found.questions if question.type == "date"]
    known = {name for name in (*EVENTS, *found.events, *dates) if EVENT.fullmatch(name)}
    for place, deadline in findings.items(node, "form.deadlines", "deadlines", at_least=0):
        if findings.mapping(deadline, place, ("for", "due"), ("rule",)) and "due" in deadline:
            _due(deadline["due"], f"{place}.due", known, findings)


def _due(due: Any, path: str, known: set[str], findings: Findings) -> None:
    if not isinstance(due, str):
        findings.error(path, f'must be a text such as "05-01" or 30_days_after_hired_on, not {shown(due)}.')
        return
    day = MONTH_DAY.fullmatch(due)
    if day:
        month = int(day[1])
        if not 1 <= month <= 12 or not 1 <= int(day[2]) <= calendar.monthrange(2024, month)[1]:
            findings.error(path, f'{due} is no day of the year. Write month and day, such as "05-01".')
        return
    rule = DUE.fullmatch(due)
    event = rule["event"] if rule else due
    if event not in known:
        findings.error(path, f'{event} is no event. Use one of: {", ".join(sorted(known))}; or write a day as "05-01".')


def _sections(node: Any, found: Outline, findings: Findings) -> None:
    names: set[str] = set()
    ids: set[str] = set()
    for number, (path, section) in enumerate(findings.items(node, "sections", "sections")):
        if not findings.mapping(section, path, ("id", "title", "questions"), ("help", "show_if")):
            continue
        _id(section, path, names, findings)
        _titles(section, path, found, findings)
        if "questions" in section:
            for place, question in findings.items(section["questions"], f"{path}.questions", "questions"):
                seen = _ask(question, place, ids, found, findings, depth=0)
                if seen is not None:
                    seen.section = number
                    found.questions.append(seen)


def _id(node: Mapping[str, Any], path: str, taken: set[str], findings: Findings) -> None:
    name = node.get("id")
    if "id" not in node or not findings.id(name, f"{path}.id"):
        return
    if name in taken:
        findings.error(path, f"the id {name} stands twice. Give one of them another.")
    taken.add(str(name))


def _titles(node: Mapping[str, Any], path: str, found: Outline, findings: Findings) -> None:
    for key in ("title", "help", "item"):
        if key in node:
            _words(node[key], f"{path}.{key}", found.thresholds, findings)


def _ask(node: Any, path: str, taken: set[str], found: Outline, findings: Findings, depth: int) -> Seen | None:
    optional = (*ASK, "none_statement", "triggers") if depth == 0 else ASK
    if not findings.mapping(node, path, ("id", "title", "type"), optional):
        return None
    _id(node, path, taken, findings)
    _titles(node, path, found, findings)
    if "type" not in node or not findings.one_of(node["type"], f"{path}.type", TYPES):
        found.unread.add(str(node.get("id", "")))
        return None
    seen = Seen(str(node.get("id", "")), node["type"], path, node)
    _visibility(node, seen, depth, findings)
    _choices(node, seen, found, findings)
    if "required" in node:
        findings.flag(node["required"], f"{path}.required")
    _belongs(node, seen, findings)
    if seen.type == "entries":
        _entries(node, seen, found, findings, depth)
    for place, trigger in findings.items(node["triggers"], f"{path}.triggers", "triggers", 0) if "triggers" in node else ():
        _trigger(trigger, place, findings)
    return seen


def _visibility(node: Mapping[str, Any], seen: Seen, depth: int, findings: Findings) -> None:
    if "visibility" in node:
        allowed = (*VISIBILITIES, REVIEWER) if depth == 0 else VISIBILITIES
        if findings.one_of(node["visibility"], f"{seen.path}.visibility", allowed):
            seen.visibility = node["visibility"]


def _choices(node: Mapping[str, Any], seen: Seen, found: Outline, findings: Findings) -> None:
    path = f"{seen.path}.choices"
    if seen.type not in ("choice", "multi"):
        if "choices" in node:
            findings.error(path, "stands on choice and multi only. Take it away.")
        return
    given = node.get("choices")
    if given is None:
        findings.error(path, "is missing. Give a list of codes, or the name of a list.")
    elif isinstance(given, str):
        if given not in found.lists:
            findings.error(path, f"there is no list {given}. Add it to lists, or write the codes here.")
        seen.choices = found.lists.get(given, ())
    else:
        seen.choices = findings.codes(given, path)


def _belongs(node: Mapping[str, Any], seen: Seen, findings: Findings) -> None:
    """Keys that stand on some types only."""
    for key, types in (("match", ("text", "address")), ("not_before", ("date",)), ("none_statement", ("entries",))):
        if key in node and seen.type not in types:
            findings.error(f"{seen.path}.{key}", f"stands on {' and '.join(types)} only. Take it away.")
    if "match" in node:
        findings.id(node["match"], f"{seen.path}.match")
    if "none_statement" in node:
        findings.flag(node["none_statement"], f"{seen.path}.none_statement")
    if "entries" in node and seen.type != "entries":
        findings.error(f"{seen.path}.entries", "stands on the type entries only. Take it away, or change the type.")


def _entries(node: Mapping[str, Any], seen: Seen, found: Outline, findings: Findings, depth: int) -> None:
    path = f"{seen.path}.entries"
    optional = ("min", "report_if") if depth == 0 else ("min",)
    if depth > 1:
        findings.error(path, "a list stands in a list once, not deeper. Ask it in a list of its own.")
        return
    if not findings.mapping(node.get("entries"), path, ("item", "fields"), optional):
        return
    entries = node["entries"]
    _titles(entries, path, found, findings)
    least = entries.get("min", 0)
    if findings.whole(least, f"{path}.min", 0, MOST_ENTRIES) and least > 0 and node.get("none_statement") is True:
        findings.error(f"{path}.min", "with none_statement it cannot be above 0: nobody could say none. Take one away.")
    taken: set[str] = set()
    if "fields" not in entries:
        return
    for place, one in findings.items(entries["fields"], f"{path}.fields", "fields"):
        inner = _ask(one, place, taken, found, findings, depth + 1)
        if inner is not None:
            seen.fields.append(inner)


def _trigger(node: Any, path: str, findings: Findings) -> None:
    if not findings.mapping(node, path, ("when", "risk", "reason"), ("route",)):
        return
    if "risk" in node:
        findings.one_of(node["risk"], f"{path}.risk", RISKS)
    if "reason" in node and findings.text(node["reason"], f"{path}.reason"):
        _braces(node["reason"], f"{path}.reason", None, findings)
    if "route" in node:
        findings.id(node["route"], f"{path}.route")
