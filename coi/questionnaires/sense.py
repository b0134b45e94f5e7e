"""Whether the conditions of a form make sense where they stand: what they name is known, above, and of a type that fits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from coi.questionnaires.problems import Findings, is_number, shown
from coi.questionnaires.structure import Outline, Seen
from coi.rules.conditions import COMPARES, LEVELS
from coi.rules.form import REVIEWER, VISIBILITIES
from coi.vocabulary import Kind

NUMBERS = ("money", "number", "percent")
CODED = ("yes_no", "choice", "multi")
SUBJECTS = ("q", "f", "filer", "sum")
OPERATORS = ("is", "in", *COMPARES, "threshold", "answered")
YES_NO = ("yes", "no")


@dataclass(frozen=True)
class Where:
    """Where a condition stands, and what it may read from there."""

    path: str
    above: frozenset[str]
    layers: tuple[Mapping[str, Seen], ...] = ()
    below: frozenset[str] = field(default_factory=frozenset)
    summed: Seen | None = None
    of_reviewer: bool = False
    of_filer: bool = True


class Sense:
    """One form's conditions, judged one after the other."""

    def __init__(self, found: Outline, findings: Findings) -> None:
        self.found = found
        self.findings = findings
        # Of two with one id the first is meant: the other one is an error of its own.
        self.questions = {question.id: question for question in reversed(found.questions)}

    def judge(self, content: Mapping[str, Any]) -> None:
        """Every condition of the form, and what else refers to a question or field."""
        head = content.get("form")
        everything = frozenset(self.questions)
        if isinstance(head, Mapping):
            for number, one in enumerate(_list(head.get("reporting_period"))):
                self._must(one, "for", Where(f"form.reporting_period[{number}].for", frozenset()))
            for number, one in enumerate(_list(head.get("deadlines"))):
                self._must(one, "for", Where(f"form.deadlines[{number}].for", everything))
        above: set[str] = set()
        for number, section in enumerate(_list(content.get("sections"))):
            inside = [question for question in self.found.questions if question.section == number]
            path = f"sections.{section.get('id')}.show_if"
            self.condition(section.get("show_if"), Where(path, frozenset(above)))
            for question in inside:
                self._question(question, frozenset(above), everything)
                above.add(question.id)

    def _question(self, question: Seen, above: frozenset[str], everything: frozenset[str]) -> None:
        own = Where(question.path, above, of_reviewer=question.visibility == REVIEWER)
        for key in ("show_if", "required_if"):
            self.condition(question.raw.get(key), replace(own, path=f"{question.path}.{key}"))
        self._not_before(question, [self.questions[name] for name in self.questions if name in above])
        fields = {one.id: one for one in question.fields}
        report = question.raw.get("entries")
        if isinstance(report, Mapping):
            where = replace(own, path=f"{question.path}.entries.report_if", layers=(fields,), summed=question)
            self.condition(report.get("report_if"), where)
        for number, trigger in enumerate(_list(question.raw.get("triggers"))):
            is_list = question.type == "entries"
            where = Where(
                f"{question.path}.triggers[{number}].when",
                everything,
                (fields,) if is_list else (),
                summed=question if is_list else None,
            )
            self._must(trigger, "when", where)
        self._fields(question, own, (), question.visibility)

    def _fields(self, asked: Seen, own: Where, outer: tuple[Mapping[str, Seen], ...], strictest: str | None) -> None:
        before: dict[str, Seen] = {}
        for one in asked.fields:
            below = frozenset(inner.id for inner in asked.fields if inner.id not in before)
            where = replace(own, layers=(dict(before), *outer), below=below)
            for key in ("show_if", "required_if"):
                self.condition(one.raw.get(key), replace(where, path=f"{one.path}.{key}"))
            self._not_before(one, list(before.values()))
            self._not_laxer(one, strictest)
            if one.fields:
                self._fields(one, own, (dict(before), *outer), one.visibility or strictest)
            before[one.id] = one

    def _not_before(self, asked: Seen, earlier: Sequence[Seen]) -> None:
        name = asked.raw.get("not_before")
        if name is None or asked.type != "date":
            return
        if name not in [one.id for one in earlier if one.type == "date"]:
            self.findings.error(f"{asked.path}.not_before", f"{shown(name)} is no date above it here. Name one, or move it up.")

    def _not_laxer(self, one: Seen, strictest: str | None) -> None:
        if strictest not in VISIBILITIES or one.visibility not in VISIBILITIES:
            return
        if VISIBILITIES.index(one.visibility) < VISIBILITIES.index(strictest):
            text = f"{one.visibility} is laxer than {strictest} of its list. Use {strictest} or stricter."
            self.findings.error(f"{one.path}.visibility", text)

    def _must(self, node: Mapping[str, Any], key: str, where: Where) -> None:
        """A condition that cannot be left empty; that the key is there at all is looked at elsewhere."""
        if key in node:
            self.condition({} if node[key] is None else node[key], where)

    def condition(self, when: Any, where: Where) -> None:
        """One condition, with all parts; None is none."""
        if when is None:
            return
        if not isinstance(when, Mapping) or not when:
            self.findings.error(where.path, f"must be a condition such as {{q: ID, is: CODE}}, not {shown(when)}.")
            return
        for key in ("all", "any"):
            if key in when:
                self._only(when, (key,), where)
                for number, (_path, part) in enumerate(self.findings.items(when[key], f"{where.path}.{key}", "conditions")):
                    self.condition({} if part is None else part, replace(where, path=f"{where.path}.{key}[{number}]"))
                return
        if "not" in when:
            self._only(when, ("not",), where)
            self.condition({} if when["not"] is None else when["not"], replace(where, path=f"{where.path}.not"))
        elif "match" in when:
            self._match(when, where)
        elif "in_period" in when:
            self._only(when, ("in_period",), where)
            found = self._field(when["in_period"], where)
            if found is not None and found.type != "date":
                self.findings.error(where.path, f"{found.id} is no date. in_period reads a date.")
        else:
            self._plain(when, where)

    def _only(self, when: Mapping[str, Any], keys: Sequence[str], where: Where) -> None:
        for key in when:
            if key not in keys:
                self.findings.error(where.path, f"{key} cannot stand beside {keys[0]}. Use all or any around both.")

    def _plain(self, when: Mapping[str, Any], where: Where) -> None:
        subjects = [key for key in SUBJECTS if key in when]
        operators = [key for key in OPERATORS if key in when]
        strange = [str(key) for key in when if key not in SUBJECTS and key not in OPERATORS]
        if strange:
            self.findings.error(where.path, f"{', '.join(strange)} is no subject and no operator. Use {', '.join(SUBJECTS)}.")
            return
        if len(subjects) != 1 or len(operators) != 1:
            self.findings.error(
                where.path, f"needs exactly one of {', '.join(SUBJECTS)} and exactly one of {', '.join(OPERATORS)}."
            )
            return
        subject, operator = subjects[0], operators[0]
        if subject == "sum":
            self._sum(when["sum"], operator, when[operator], where)
            return
        if subject == "filer":
            known, codes = self._attribute(when["filer"], where)
            if known:
                self._compare("filer", when["filer"], codes, operator, when[operator], where)
            return
        asked = self._question_above(when["q"], where) if subject == "q" else self._field(when["f"], where)
        if asked is not None:
            codes = YES_NO if asked.type == "yes_no" else asked.choices
            self._compare(asked.type, asked.id, codes, operator, when[operator], where)

    def _question_above(self, name: Any, where: Where) -> Seen | None:
        if not isinstance(name, str):
            self.findings.error(where.path, f"must name a question, not {shown(name)}.")
            return None
        if name in self.found.unread:
            return None
        if name not in self.questions:
            fields = {one.id for question in self.found.questions for one in _all_fields(question)}
            hint = " It is a field: read it with f." if name in fields else ""
            self.findings.error(where.path, f"there is no question {shown(name)}.{hint}")
            return None
        if name not in where.above:
            self.findings.error(where.path, f"{name} does not stand above. A condition reads what stands above: move it.")
            return None
        question = self.questions[name]
        if question.visibility == REVIEWER and not where.of_reviewer:
            self.findings.error(where.path, f"{name} is asked of the reviewer: what the filer is asked cannot depend on it.")
            return None
        return question

    def _field(self, name: Any, where: Where) -> Seen | None:
        if not isinstance(name, str):
            self.findings.error(where.path, f"must name a field, not {shown(name)}.")
            return None
        for layer in where.layers:
            if name in layer:
                return layer[name]
        if name in self.found.unread:
            return None
        if name in where.below:
            self.findings.error(where.path, f"{name} does not stand above. A condition reads fields above it: move it.")
        elif not where.layers:
            self.findings.error(where.path, f"{shown(name)}: f, match and in_period read fields, and no entry is at hand here.")
        else:
            hint = " It is a question: read it with q." if name in self.questions else ""
            self.findings.error(where.path, f"there is no field {shown(name)} here.{hint}")
        return None

    def _attribute(self, name: Any, where: Where) -> tuple[bool, tuple[str, ...] | None]:
        """Whether the attribute is known, and its codes; None for any text."""
        asked = self.questions.get(name) if isinstance(name, str) else None
        if asked is not None and name not in where.above and where.path != "form" and "reporting_period" not in where.path:
            self.findings.error(where.path, f"the filer is asked for {name} further down. Put the condition below that question.")
            return False, None
        if isinstance(name, str) and name in self.found.attributes:
            codes = self.found.attributes[name]
            # The answer wins over the record, so what may be answered may be compared with.
            return True, None if codes is None else tuple(dict.fromkeys((*codes, *_answers(asked))))
        if asked is not None:
            return True, _answers(asked) or None
        if name == "kind":
            return True, tuple(kind.value for kind in Kind)
        if name == "department":
            # The roster knows it of everybody.
            return True, None
        self.findings.error(where.path, f"there is no attribute {shown(name)}. Add it to form.filer_attributes.")
        return False, None

    def _compare(self, kind: str, name: str, codes: Sequence[str] | None, operator: str, against: Any, where: Where) -> None:
        if operator == "answered":
            self.findings.flag(against, f"{where.path}.answered")
        elif operator in ("is", "in"):
            if kind != "filer" and kind not in CODED:
                self.findings.error(where.path, f"{name} has no codes: {operator} reads yes_no, choice, multi and filer.")
                return
            given = (against,) if operator == "is" else self.findings.codes(against, f"{where.path}.in")
            for code in given:
                if not isinstance(code, str):
                    self.findings.error(f"{where.path}.{operator}", f"a code is a text, not {shown(code)}. Put it in quotes.")
                elif codes is not None and code not in codes:
                    known = ", ".join(codes)
                    self.findings.error(f"{where.path}.{operator}", f"{code} is no answer of {name}. Use one of: {known}.")
        elif kind not in NUMBERS:
            self.findings.error(where.path, f"{name} is no number: {operator} reads money, number, percent and sum.")
        else:
            self._amount(kind == "percent", operator, against, where)

    def _amount(self, is_percent: bool, operator: str, against: Any, where: Where, key: str = "threshold") -> None:
        if operator != "threshold":
            if not is_number(against):
                self.findings.error(f"{where.path}.{operator}", f"must be a number, not {shown(against)}.")
            return
        unit = self.found.thresholds.get(against) if isinstance(against, str) else None
        if unit is None:
            self.findings.error(f"{where.path}.{key}", f"there is no threshold {shown(against)}. Add it to thresholds.")
        elif unit and (unit == "percent") != is_percent:
            self.findings.error(f"{where.path}.{key}", "a percent is compared with percents only, and nothing else with it.")

    def _sum(self, node: Any, operator: str, against: Any, where: Where) -> None:
        path = f"{where.path}.sum"
        if where.summed is None:
            self.findings.error(path, "a sum stands in a report_if or a trigger of the list that it adds up.")
            return
        if operator not in COMPARES and operator != "threshold":
            self.findings.error(where.path, f"a sum is compared with gt, gte, lt, lte or threshold, not with {operator}.")
            return
        if not self.findings.mapping(node, path, ("entries", "by", "of"), ("skip",)):
            return
        if node.get("entries") != where.summed.id:
            self.findings.error(f"{path}.entries", f"must be {where.summed.id}, the list in which the sum stands.")
        own = {one.id: one for one in where.summed.fields}
        by = own.get(node.get("by")) if isinstance(node.get("by"), str) else None
        if by is None or by.type in ("entries", "multi", "attest"):
            self.findings.error(f"{path}.by", f"{shown(node.get('by'))} is no name in this list. Use a field with one value.")
        units = self._added(node.get("of"), where.summed, path)
        if len(units) > 1:
            self.findings.error(f"{path}.of", "adds percents to other amounts. Add up one kind.")
        if "skip" in node:
            self._amount(True in units, "threshold", node["skip"], replace(where, path=path), "skip")
        self._amount(True in units, operator, against, where)

    def _added(self, of: Any, summed: Seen, path: str) -> set[bool]:
        """Whether the fields that are added up are percents."""
        units: set[bool] = set()
        names = [of] if isinstance(of, str) else self.findings.codes(of, f"{path}.of")
        for name in names:
            fields = [one for one in _all_fields(summed) if one.id == name]
            if not fields or any(one.type not in NUMBERS for one in fields):
                self.findings.error(f"{path}.of", f"{name} is no money, number or percent of this list.")
            units |= {one.type == "percent" for one in fields}
        return units or {False}

    def _match(self, when: Mapping[str, Any], where: Where) -> None:
        path = f"{where.path}.match"
        self.findings.mapping(when, where.path, ("match", "is"), ("overlap",))
        if self.findings.mapping(when["match"], path, ("f", "list")):
            found = self._field(when["match"].get("f"), where)
            if found is not None and found.type not in ("text", "address"):
                self.findings.error(path, f"{found.id} is no text or address. A match reads a name.")
            if "list" in when["match"]:
                self.findings.id(when["match"]["list"], f"{path}.list")
        if "is" in when:
            self.findings.one_of(when["is"], f"{where.path}.is", tuple(reversed(LEVELS)))
        if "overlap" in when and self.findings.mapping(when["overlap"], f"{where.path}.overlap", ("filer", "attr")):
            if "filer" in when["overlap"]:
                self._attribute(when["overlap"]["filer"], where)
            if "attr" in when["overlap"]:
                self.findings.id(when["overlap"]["attr"], f"{where.path}.overlap.attr")


def _answers(asked: Seen | None) -> tuple[str, ...]:
    if asked is None:
        return ()
    return YES_NO if asked.type == "yes_no" else asked.choices


def _all_fields(asked: Seen) -> Iterator[Seen]:
    for one in asked.fields:
        yield one
        yield from one.fields


def _list(node: Any) -> list[Mapping[str, Any]]:
    return [one for one in node if isinstance(one, Mapping)] if isinstance(node, list) else []
