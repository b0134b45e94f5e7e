"""A second reading of FORMAT.md, written for tests alone: it walks the data of a form and shares no code with the engine."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.questionnaires.second_values import blank, kept_and_seen, says_none

TEXTS = ("text", "longtext")
NUMBERS = ("money", "number", "percent")
LEGAL = {"inc", "incorporated", "llc", "ltd", "limited", "corp", "corporation", "co", "company", "lp", "llp", "pc", "plc"}
SUREST = ("exact", "likely", "possible")
RISKS = ("low", "medium", "high", "critical")
MOST = 200
OPEN = None


def same_name(text: str) -> str:
    """What equal names have in common."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    words = re.findall(r"[^\W_]+", plain.replace("&", " and "))
    while len(words) > 1 and words[-1] in LEGAL:
        words.pop()
    return " ".join(sorted(words)) or text.strip().casefold()


def compared(operator: str, left: Decimal, right: Any) -> bool:
    """One number against another."""
    right = Decimal(str(right))
    return {"gt": left > right, "gte": left >= right, "lt": left < right, "lte": left <= right}[operator]


@dataclass
class Entry:
    """One entry: what conditions see of its fields, which of them are hidden, and the entry around it."""

    number: int
    seen: dict[str, Any] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    around: "Entry | None" = None
    late: list[str] = field(default_factory=list)


class Reading:
    """One form, one set of answers; everything that FORMAT says about them."""

    def __init__(self, content: dict, answers: dict, filer: dict, year: int, signed_on: date, lists: Any) -> None:
        self.content, self.filer, self.year, self.signed_on, self.lists = content, filer, year, signed_on, lists
        self.errors: set[str] = set()
        self.signed: dict[str, Any] = {}
        self.flags: list[tuple] = []
        self.reported: dict[str, list[int]] = {}
        self.not_checked: set[str] = set()
        self.seen: dict[str, Any] = {}
        self.shown: set[str] = set()
        self.nil = False
        if any(self._row(name) is None for name in self._named_thresholds(content)):
            self.errors.add("reporting_year")
            return
        self._ask_everything(answers)
        self._raise_flags()
        lists = [self.seen.get(q["id"]) for q in self._questions() if q["type"] == "entries"]
        said = [self.seen.get(q["id"]) for q in self._questions() if q["type"] in (*TEXTS, "address")]
        self.nil = not self.flags and all(one in (None, "none") for one in lists) and all(one is None for one in said)

    def _questions(self) -> list[dict]:
        return [question for section in self.content["sections"] for question in section["questions"]]

    # Thresholds and periods.

    def _named_thresholds(self, node: Any) -> set[str]:
        names: set[str] = set()
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("threshold", "skip"):
                    names.add(value)
                elif key in ("title", "help", "item"):
                    told = value.values() if isinstance(value, dict) else [value]
                    names |= {found for text in told for found in re.findall(r"\{(\w+)\}", text)} - {"since", "city"}
                elif key not in ("thresholds", "labels", "lists"):
                    names |= self._named_thresholds(value)
        elif isinstance(node, list):
            for value in node:
                names |= self._named_thresholds(value)
        return names

    def _row(self, name: str) -> dict | None:
        for row in self.content["thresholds"][name]:
            if row["from"] <= self.year and (row["to"] is None or self.year <= row["to"]):
                return row
        return None

    def _period(self) -> tuple[date, date]:
        told = self.content["form"]["reporting_period"]
        if isinstance(told, list):
            told = next((one["period"] for one in told if self._true(one["for"])), "previous_calendar_year")
        if told == "last_12_months":
            day = self.signed_on
            a_year_ago = date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
            return a_year_ago + timedelta(days=1), day
        return date(self.year, 1, 1), date(self.year, 12, 31) if told == "previous_calendar_year" else self.signed_on

    # What is asked.

    def _ask_everything(self, answers: dict) -> None:
        for section in self.content["sections"]:
            section_shown = self._true(section.get("show_if"), default=True)
            for question in section["questions"]:
                name = question["id"]
                reviewers = question.get("visibility") == "reviewer"
                if not section_shown or reviewers or not self._true(question.get("show_if"), default=True):
                    continue
                self.shown.add(name)
                late: list[str] = []
                kept = self._answer(question, answers.get(name), name, None, self.seen, late)
                self.errors.update(late)
                if kept is not None:
                    self.signed[name] = kept
        known = {question["id"] for question in self._questions()}
        self.errors.update(name for name in answers if name not in known)

    def _answer(self, ask: dict, raw: Any, path: str, entry: Entry | None, seen: dict, late: list[str]) -> Any:
        """What is signed; what conditions see goes to `seen`, a blank that is refused to `late`."""
        name = ask["id"]
        must = bool(ask.get("required")) or self._true(ask.get("required_if"), entry)
        if ask["type"] == "entries":
            return self._list(ask, raw, path, entry, seen, late, must)
        seen[name] = None
        if blank(ask, raw):
            if must:
                late.append(path)
            return None
        choices = ask.get("choices", [])
        codes = self.content["lists"][choices] if isinstance(choices, str) else choices
        kept, view = kept_and_seen(ask, raw, codes)
        earlier = self.seen if entry is None else entry.seen
        if kept is not None and ask.get("not_before") and (earlier.get(ask["not_before"]) or "") > kept:
            kept = None
        if kept is None:
            self.errors.add(path)
            return None
        if ask.get("match") and not self.lists.loaded(ask["match"]):
            self.not_checked.add(ask["match"])
        seen[name] = None if ask["type"] in TEXTS and not must and says_none(kept) else view
        return kept

    def _list(self, ask: dict, raw: Any, path: str, entry: Entry | None, seen: dict, late: list[str], must: bool) -> Any:
        seen[ask["id"]] = None
        none_statement = bool(ask.get("none_statement"))
        least = max(ask["entries"].get("min", 0), 1 if must and not none_statement else 0)
        if none_statement and raw == "none":
            seen[ask["id"]] = "none"
            return "none"
        if blank(ask, raw):
            if least or none_statement:
                late.append(path)
            return None
        if not isinstance(raw, list):
            self.errors.add(path)
            return None
        if len(raw) > MOST:
            self.errors.add(path)
        elif len(raw) < least:
            late.append(path)
        made = [Entry(number, around=entry) for number in range(min(len(raw), MOST))]
        kept = [self._entry(ask, raw[one.number], f"{path}[{one.number}]", one) for one in made]
        seen[ask["id"]] = made
        for one in made:
            if entry is not None:
                late += one.late
        if entry is None:
            self._report(ask, made, late)
        return kept

    def _entry(self, ask: dict, raw: Any, path: str, entry: Entry) -> dict:
        fields = ask["entries"]["fields"]
        if not isinstance(raw, dict):
            self.errors.add(path)
            entry.hidden = {one["id"] for one in fields}
            return {}
        kept: dict[str, Any] = {}
        for one in fields:
            if not self._true(one.get("show_if"), entry, default=True):
                entry.hidden.add(one["id"])
                entry.seen[one["id"]] = None
                continue
            value = self._answer(one, raw.get(one["id"]), f"{path}.{one['id']}", entry, entry.seen, entry.late)
            if value is not None:
                kept[one["id"]] = value
        known = {one["id"] for one in fields}
        self.errors.update(f"{path}.{name}" for name in raw if name not in known)
        return kept

    def _report(self, ask: dict, made: list[Entry], late: list[str]) -> None:
        rule = ask["entries"].get("report_if")
        self.reported[ask["id"]] = []
        for entry in made:
            if rule is None or self._judge(rule, entry, (ask, made), opens=True)[0] is not False:
                self.reported[ask["id"]].append(entry.number)
                late += entry.late

    # Flags.

    def _raise_flags(self) -> None:
        for question in self._questions():
            for trigger in question.get("triggers", []) if question["id"] in self.shown else []:
                is_list = question["type"] == "entries"
                made = self.seen.get(question["id"])
                if is_list and not isinstance(made, list):
                    continue
                flagged = set()
                for entry in made if is_list else [None]:
                    group = tuple(self._name(entry, one["by"]) for one in self._sums(trigger["when"]))
                    if group and group in flagged:
                        continue
                    truth, records = self._judge(trigger["when"], entry, (question, made) if is_list else None)
                    if truth is True:
                        flagged.add(group)
                        number = entry.number if is_list else None
                        told = (trigger["risk"], trigger["reason"], question["id"], number)
                        self.flags.append((*told, [record["name"] for record in records], trigger.get("route", "")))

    @property
    def risk(self) -> str:
        """The highest of the flags."""
        return max((flag[0] for flag in self.flags), key=RISKS.index, default="none")

    def _sums(self, when: Any) -> list[dict]:
        if isinstance(when, list):
            return [one for part in when for one in self._sums(part)]
        if not isinstance(when, dict):
            return []
        found = [when["sum"]] if "sum" in when else []
        return found + [one for key in ("all", "any", "not") if key in when for one in self._sums(when[key])]

    # Conditions.

    def _true(self, when: Any, entry: Entry | None = None, default: bool = False) -> bool:
        return default if when is None else self._judge(when, entry, None)[0] is True

    def _judge(self, when: dict, entry: Entry | None, at_hand: Any, opens: bool = False) -> tuple[bool | None, list]:
        """True, false or open, and the records behind it."""
        if "not" in when:
            truth, _records = self._judge(when["not"], entry, at_hand, opens)
            return (OPEN if truth is OPEN else not truth), []
        if "all" in when or "any" in when:
            return self._group(when, entry, at_hand, opens)
        if "sum" in when:
            return self._sum(when, entry, at_hand, opens), []
        name = when["match"]["f"] if "match" in when else when.get("in_period", when.get("q", when.get("f", when.get("filer"))))
        of_field = "match" in when or "in_period" in when or "f" in when
        value = self._field(entry, name) if of_field else self.seen.get(name) if "q" in when else self._attribute(name)
        if "answered" in when:
            return (value is not None) is when["answered"], []
        if value is None:
            return (OPEN if opens and of_field and name not in entry.hidden else False), []
        if "match" in when:
            records = self._records(when, value)
            return bool(records), records
        if "in_period" in when:
            first, last = self._period()
            return first <= date.fromisoformat(value) <= last, []
        codes = [when["is"]] if "is" in when else when.get("in")
        if codes is not None:
            return any(one in codes for one in (value if isinstance(value, list) else [value])), []
        return self._compare(when, value), []

    def _group(self, when: dict, entry: Entry | None, at_hand: Any, opens: bool) -> tuple[bool | None, list]:
        """An `all` stops at its first false part and looks nothing up behind it; an `any` looks at every part."""
        told = []
        for part in when.get("all", when.get("any")):
            told.append(self._judge(part, entry, at_hand, opens))
            if "all" in when and told[-1][0] is False:
                return False, []
        truths = [truth for truth, _records in told]
        records: list = []
        for truth, more in told:
            records += [one for one in more if truth is True and one not in records]
        if "any" in when and True in truths:
            return True, records
        return (OPEN if OPEN in truths else "all" in when), records

    def _compare(self, when: dict, value: Decimal) -> bool:
        if "threshold" in when:
            row = self._row(when["threshold"])
            return compared(row["op"], value, row["amount"])
        operator = next(one for one in ("gt", "gte", "lt", "lte") if one in when)
        return compared(operator, value, when[operator])

    def _field(self, entry: Entry | None, name: str) -> Any:
        while entry is not None:
            if name in entry.seen:
                return entry.seen[name]
            entry = entry.around
        return None

    def _attribute(self, name: str) -> Any:
        told = self.seen.get(name)
        if told is None:
            told = self.filer.get(name)
        if isinstance(told, list):
            return [one for one in told if isinstance(one, str) and one] or None
        return told if isinstance(told, str) and told else None

    def _records(self, when: dict, text: str) -> list:
        name = when["match"]["list"]
        if not self.lists.loaded(name):
            self.not_checked.add(name)
            return []
        sure_enough = SUREST[: SUREST.index(when["is"]) + 1]
        records = [one.record for one in self.lists.find(name, text) if one.level in sure_enough]
        if "overlap" in when:
            mine = self._attribute(when["overlap"]["filer"])
            mine = {same_name(one) for one in (mine if isinstance(mine, list) else [mine] if mine else [])}
            theirs = [one.get(when["overlap"]["attr"], []) for one in records]
            theirs = [{same_name(text) for text in (one if isinstance(one, list) else [one])} for one in theirs]
            records = [record for record, names in zip(records, theirs, strict=True) if mine & names]
        return records

    def _name(self, entry: Entry | None, by: str) -> Any:
        told = entry.seen.get(by)
        return same_name(str(told) if not isinstance(told, Decimal) else f"{told:f}") if told is not None else entry.number

    def _sum(self, when: dict, entry: Entry, at_hand: Any, opens: bool) -> bool | None:
        ask, made = at_hand
        told = when["sum"]
        of = [told["of"]] if isinstance(told["of"], str) else told["of"]
        total, unknown = Decimal(0), False
        for one in made:
            if self._name(one, told["by"]) == self._name(entry, told["by"]):
                amounts, open_here = self._amounts(one, ask["entries"]["fields"], of)
                unknown = unknown or open_here
                skipped = {"threshold": told["skip"]} if "skip" in told else None
                total += sum((amount for amount in amounts if not (skipped and self._compare(skipped, amount))), Decimal(0))
        reached = self._compare(when, total)
        row = self._row(when["threshold"]) if "threshold" in when else {"op": next(iter(set(when) - {"sum"}))}
        settled = reached if row["op"] in ("gt", "gte") else not reached
        return OPEN if opens and unknown and not settled else reached

    def _amounts(self, entry: Entry, fields: list[dict], of: list[str]) -> tuple[list[Decimal], bool]:
        """Every amount of one entry, and whether one that is shown is not known."""
        amounts, unknown = [], False
        for one in fields:
            value = entry.seen.get(one["id"])
            if one["type"] == "entries":
                if any(inner["id"] in of for inner in one["entries"]["fields"]):
                    unknown = unknown or (value is None and one["id"] not in entry.hidden)
                    for inner in value or []:
                        more, open_there = self._amounts(inner, one["entries"]["fields"], of)
                        amounts, unknown = amounts + more, unknown or open_there
            elif one["id"] in of:
                unknown = unknown or (value is None and one["id"] not in entry.hidden)
                amounts += [] if value is None else [value]
        return amounts, unknown
