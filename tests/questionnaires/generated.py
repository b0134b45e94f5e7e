"""Forms in the format made at random, the city's lists that they name, and people's answers to them, good, odd and wrong."""

from random import Random
from typing import Any

from coi.rules.completeness import Found
from tests.questionnaires.second import same_name

NAMES = ["Ann Lee", "LEE, ANN", "Bob & Co", "Bob and", "Señora Peña", "Senora Pena Inc.", "Río Ltd", "rio", "N/A", "none"]
WORDS = ["", "  ", "\u00a0\u200b", " x ", "Cafe\u0301", "no.", "N. A.", "a\r\nb", "tab\there", "x" * 500, "x" * 501]
ODD = [None, "", [], {}, True, False, 0, 5, -1, 1.5, ["x"], [None], "\ud800", "a\x00b", "\uffff", {"text": "x"}, "zz", "none"]
AMOUNTS = [0, 1, 9, 9.99, 10, "49.99", "50", 50, 50.0, "100", "100.01", 99, 1e3, "1250.5", "0.001", "1.2345", "1.23456"]
AMOUNTS += [999999999999, -1, "-1", "NaN", float("nan"), float("inf"), 1e300, "9" * 13, 10**12]
AMOUNTS += ["$5", "", "5", 5, 4.99, 5.01, 12.5, 1000, 1000.01, True]
DAYS = ["2024-12-31", "2025-01-01", "2025-06-30", "2025-12-31", "2026-01-01", "2026-03-02", "2025-03-03", "2027-02-28"]
ODD_DAYS = [
    "2026-02-30",
    "1899-12-31",
    "2101-01-01",
    "1900-01-01",
    "7/1/2025",
    "2025-7-1",
    "\u0662\u0660\u0662\u0665-01-01",
    2025,
]
ADDRESSES = ["1 Main St", {"text": " 1 Main St ", "home": "no"}, {"text": "x", "home": "yes"}, {"text": "", "home": "no"}]
ODD_ADDRESSES = [{"text": "x"}, {"text": 5, "home": "no"}, {"text": "x", "home": "perhaps"}, {"home": "yes"}]
CODES = {"colours": ["red", "blue", "green"], "marks": ["one", "two", "none", "not_sure"], "parts": ["some", "none_of_these"]}
DUTIES = ["buys", "checks", "none_of_these"]
PLAIN = ["yes_no", "choice", "multi", "text", "longtext", "date", "money", "number", "percent", "address"]
THRESHOLDS = {
    "line": [{"from": 2000, "to": 2024, "op": "gt", "amount": 100}, {"from": 2025, "to": None, "op": "gte", "amount": 50}],
    "tiny": [{"from": 2000, "to": None, "op": "lt", "amount": 10}],
    "low": [{"from": 2000, "to": None, "op": "lte", "amount": 99.5}],
    "share": [{"from": 2000, "to": None, "op": "gt", "amount": 5, "unit": "percent"}],
    "old": [{"from": 2000, "to": 2024, "op": "gt", "amount": 7}],
}
COMPARED = {"money": ["line", "tiny", "low"], "number": ["line", "tiny"], "percent": ["share"]}
SCALARS = ("text", "choice", "date", "address", "yes_no")


class TwoLists:
    """A city that has loaded vendors and parcels, and nothing else."""

    def __init__(self) -> None:
        pairs = [("Ann Lee LLC", ["Parks", "Fire"]), ("Bob and Co", "Parks"), ("Ann Leigh", []), ("Río", ["Water"])]
        pairs.append(("1 Main St", "Fire"))
        self.records = [{"name": name, "departments": departments} for name, departments in pairs]

    def loaded(self, name: str) -> bool:
        return name in ("city_vendors", "parcels")

    def find(self, _name: str, text: str) -> list[Found]:
        mine = same_name(text)
        found = []
        for record in self.records:
            theirs = same_name(record["name"])
            levels = [("exact", mine == theirs), ("likely", mine[:3] == theirs[:3]), ("possible", mine[:1] == theirs[:1])]
            level = next((name for name, fits in levels if fits), None)
            if level:
                found.append(Found(level, record))
        return sorted(found, key=lambda one: ["exact", "likely", "possible"].index(one.level))


class FormMaker:
    """One form from one source of chance; `size` bounds how many questions it has."""

    def __init__(self, chance: Random, size: int) -> None:
        self.chance, self.size, self.number = chance, size, 0
        self.above: list[dict] = []
        self.asked_for: set[str] = set()

    def some(self, share: float) -> bool:
        return self.chance.random() < share

    def form(self) -> dict[str, Any]:
        chance = self.chance
        attributes = {"kind": ["annual", "gift"], "level": ["short", "full"], "duties": DUTIES, "unit": "text"}
        self.attributes = attributes
        # Attributes that this form asks: a condition on one of them stands below its question.
        self.to_ask = [name for name in ("level", "duties", "unit") if self.some(0.25)]
        asked_later = list(self.to_ask)
        sections = []
        for number in range(chance.randint(1, 3)):
            section: dict[str, Any] = {"id": f"s{number}", "title": "Since {since}", "questions": []}
            if self.above and self.some(0.3):
                section["show_if"] = self.condition([])
            for _place in range(chance.randint(1, self.size)):
                section["questions"].append(self.question(asked_later))
            sections.append(section)
        for question in self.above:
            if self.some(0.35):
                question["triggers"] = [self.trigger(question) for _one in range(chance.randint(1, 2))]
        period: Any = chance.choice(["previous_calendar_year", "previous_calendar_year_and_today", "last_12_months"])
        if self.some(0.3):
            first = {"for": {"filer": "kind", "is": "annual"}, "period": period}
            period = [first, {"for": {"not": {"filer": "kind", "is": "annual"}}, "period": "last_12_months"}]
        head = {"id": "made", "version": "1", "title": "Made", "retention_years": 1, "reporting_period": period}
        if self.some(0.3):
            head["visibility"] = chance.choice(["public", "confidential"])
        return {
            "form": {**head, "filer_attributes": attributes},
            "lists": CODES,
            "thresholds": THRESHOLDS,
            "sections": sections,
        }

    def question(self, asked_later: list[str]) -> dict:
        chance = self.chance
        if asked_later and self.some(0.4):
            name = asked_later.pop()
            kind = {"level": "choice", "duties": "multi", "unit": "text"}[name]
            question: dict[str, Any] = {"id": name, "title": "T", "type": kind}
            if kind != "text":
                question["choices"] = list(self.attributes[name])
            self._conditions(question, [])
            self.asked_for.add(name)
        else:
            question = self.ask("q", [], chance.choice([*PLAIN, "entries", "entries", "entries", "attest"]), 0)
            if self.some(0.05):
                titles = ["More than {line}?", {"en": "In {city}", "es": "En {city}"}, "{share} or {old}"]
                question["title"] = chance.choice(titles)
        if question.get("visibility") == "reviewer":
            return question
        self.above.append(question)
        return question

    def ask(self, prefix: str, layers: list[list[dict]], kind: str, depth: int) -> dict:
        chance = self.chance
        self.number += 1
        ask: dict[str, Any] = {"id": f"{prefix}{self.number}", "title": "T", "type": kind}
        if kind in ("choice", "multi"):
            ask["choices"] = chance.choice([*CODES, ["this", "that"]])
        if kind == "text" and self.some(0.5):
            ask["match"] = chance.choice(["city_vendors", "organisations"])
        if kind == "address":
            ask |= {"visibility": "redact_if_home"} if self.some(0.5) else {}
            ask |= {"match": "parcels"} if self.some(0.3) else {}
        elif depth == 0 and self.some(0.04):
            ask["visibility"] = "reviewer"
        before = layers[0] if layers else self.above
        dates = [one["id"] for one in before if one["type"] == "date"]
        if kind == "date" and dates and self.some(0.6):
            ask["not_before"] = chance.choice(dates)
        self._conditions(ask, layers)
        if kind == "entries":
            self._list(ask, layers, depth)
        return ask

    def _conditions(self, ask: dict, layers: list[list[dict]]) -> None:
        if self.some(0.35):
            ask["show_if"] = self.condition(layers)
        if self.some(0.35):
            ask["required"] = True
        elif self.some(0.2):
            ask["required_if"] = self.condition(layers)

    def _list(self, ask: dict, layers: list[list[dict]], depth: int) -> None:
        chance = self.chance
        fields: list[dict] = []
        for _place in range(chance.randint(1, 4)):
            more = ["text", "money", "date", "entries", "entries"] if depth == 0 else ["text", "money", "money", "money"]
            kinds = [*PLAIN, *more]
            fields.append(self.ask("f", [fields, *layers], chance.choice(kinds), depth + 1))
        ask["entries"] = {"item": "thing", "fields": fields}
        if depth == 0 and self.some(0.3):
            ask["none_statement"] = True
        elif self.some(0.3):
            ask["entries"]["min"] = chance.randint(0, 2)
        if depth == 0 and self.some(0.5):
            ask["entries"]["report_if"] = self.condition([fields], summed=ask)

    def trigger(self, question: dict) -> dict:
        is_list = question["type"] == "entries"
        layers = [question["entries"]["fields"]] if is_list else []
        when = self.condition(layers, summed=question if is_list else None, trigger=True)
        risk = self.chance.choice(["low", "medium", "high", "critical"])
        trigger = {"when": when, "risk": risk, "reason": f"look {self.number}"}
        return trigger | ({"route": "ethics"} if self.some(0.3) else {})

    # Conditions.

    def condition(self, layers: list[list[dict]], summed: dict | None = None, trigger: bool = False, depth: int = 0) -> dict:
        chance = self.chance
        if depth < 3 and self.some(0.35):
            parts = [self.condition(layers, summed, trigger, depth + 1) for _part in range(chance.randint(1, 2 + (depth == 0)))]
            return {chance.choice(["all", "any", "any"]): parts}
        if depth < 3 and self.some(0.15):
            return {"not": self.condition(layers, summed, trigger, depth + 1)}
        ways = [lambda: self._filer(trigger)]
        fields = [one for layer in layers for one in layer]
        if self.above:
            ways += [lambda: self._plain("q", chance.choice(self.above))] * 2
        if fields:
            ways += [lambda: self._of_field(chance.choice(fields))] * 4
        sums = self._sums(summed) if summed else []
        if sums:
            ways += [lambda: chance.choice(sums)] * 4
        return chance.choice(ways)()

    def _filer(self, trigger: bool) -> dict:
        chance = self.chance
        readable = set(self.attributes) - set(self.to_ask) | self.asked_for
        name = chance.choice([name for name in self.attributes if name in readable or (trigger and self._all_asked())])
        codes = self.attributes[name]
        if codes == "text":
            asked = [{"is": "Fire"}, {"answered": True}, {"answered": False}, {"in": ["Fire", "Parks"]}]
            return {"filer": name, **chance.choice(asked)}
        return {"filer": name, **chance.choice([{"is": chance.choice(codes)}, {"in": [codes[0]]}, {"answered": True}])}

    def _all_asked(self) -> bool:
        return set(self.to_ask) <= self.asked_for

    def _of_field(self, one: dict) -> dict:
        chance = self.chance
        if one["type"] == "date" and self.some(0.6):
            return {"in_period": one["id"]}
        if one["type"] in ("text", "address") and self.some(0.7):
            when = {"match": {"f": one["id"], "list": chance.choice(["city_vendors", "organisations", "parcels"])}}
            when["is"] = chance.choice(["exact", "likely", "possible"])
            if self.some(0.4) and "unit" not in self.to_ask:
                when["overlap"] = {"filer": "unit", "attr": "departments"}
            return when
        return self._plain("f", one)

    def _plain(self, subject: str, one: dict) -> dict:
        chance = self.chance
        when: dict[str, Any] = {subject: one["id"]}
        choices = one.get("choices", ["yes", "no"])
        codes = CODES[choices] if isinstance(choices, str) else choices
        if one["type"] in ("yes_no", "choice", "multi") and self.some(0.85):
            return when | chance.choice([{"is": chance.choice(codes)}, {"in": chance.sample(codes, min(2, len(codes) - 1))}])
        if one["type"] in COMPARED and self.some(0.85):
            return when | self._amount(one["type"])
        return when | {"answered": self.some(0.8)}

    def _amount(self, kind: str) -> dict:
        chance = self.chance
        if self.some(0.5):
            return {"threshold": chance.choice(COMPARED[kind])}
        return {chance.choice(["gt", "gte", "lt", "lte"]): chance.choice([5, 9.99, 50, 100])}

    def _sums(self, summed: dict) -> list[dict]:
        chance = self.chance
        fields = summed["entries"]["fields"]
        names = [one["id"] for one in fields if one["type"] in SCALARS]
        inside = [inner for one in fields if one["type"] == "entries" for inner in one["entries"]["fields"]]
        kinds = ("percent",) if self.some(0.2) else ("money", "number")
        added = [one["id"] for one in [*fields, *inside] if one["type"] in kinds]
        if not names or not added:
            return []
        of: Any = chance.choice(added) if self.some(0.5) else chance.sample(added, min(len(added), 2))
        told = {"entries": summed["id"], "by": chance.choice(names), "of": of}
        if kinds != ("percent",) and self.some(0.3):
            told["skip"] = chance.choice(["tiny", "low"])
        return [{"sum": told, **self._amount("percent" if kinds == ("percent",) else "money")}]


class Filler:
    """A person who answers a form from one source of chance."""

    def __init__(self, content: dict, chance: Random) -> None:
        self.content, self.chance = content, chance

    def answers(self) -> dict[str, Any]:
        chance = self.chance
        answers: dict[str, Any] = {}
        for section in self.content["sections"]:
            for question in section["questions"]:
                if chance.random() < 0.9:
                    answers[question["id"]] = self.value(question)
        if chance.random() < 0.05:
            answers[chance.choice(["zz", "Title", "f1", "s0"])] = chance.choice(ODD)
        return answers

    def filer(self) -> dict[str, Any]:
        chance = self.chance
        told = {
            "kind": chance.choice(["annual", "gift", ""]),
            "level": chance.choice(["short", "full", None, 5, ["full"]]),
            "duties": chance.choice([["buys", "checks"], ["none_of_these"], "buys", [], [5]]),
            "unit": chance.choice(["Fire", "PARKS", ["Water", "Fire"], None]),
        }
        return {name: value for name, value in told.items() if chance.random() < 0.85}

    def value(self, ask: dict) -> Any:
        chance = self.chance
        if chance.random() < 0.06:
            return chance.choice(ODD)
        if chance.random() < 0.1:
            return chance.choice([None, "", [], " \u00a0"])
        kind = ask["type"]
        if kind == "entries":
            return self._list(ask)
        if kind in ("yes_no", "attest"):
            return "yes" if kind == "attest" or chance.random() < 0.6 else "no"
        if kind in ("choice", "multi"):
            choices = ask["choices"]
            codes = self.content["lists"][choices] if isinstance(choices, str) else choices
            return chance.choice(codes) if kind == "choice" else chance.choices(codes, k=chance.choice([1, 1, 1, 2, 3]))
        if kind in COMPARED:
            return chance.choice(AMOUNTS if chance.random() < 0.4 else [0, 5, "9.99", 10, 49, "50", 51, "100", 100.5])
        if kind == "date":
            return chance.choice(DAYS if chance.random() < 0.9 else ODD_DAYS)
        if kind == "address":
            return chance.choice(ADDRESSES if chance.random() < 0.85 else ODD_ADDRESSES)
        return chance.choice(NAMES if chance.random() < 0.8 else WORDS)

    def _list(self, ask: dict) -> Any:
        chance = self.chance
        if chance.random() < 0.15:
            return "none"
        count = chance.choice([0, 1, 1, 2, 2, 3, 4]) if chance.random() > 0.002 else 201
        return [self._entry(ask) for _number in range(count)]

    def _entry(self, ask: dict) -> Any:
        chance = self.chance
        if chance.random() < 0.03:
            return chance.choice([None, [], "x", 5, {}, {"zz": None}])
        fields = ask["entries"]["fields"]
        entry = {one["id"]: self.value(one) for one in fields if chance.random() < 0.92}
        return entry | ({"zz": 1} if chance.random() < 0.01 else {})
