"""Finds what can never be true and what is never asked, by trying every code, blank, and each limit with its neighbours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from coi.questionnaires.problems import Findings
from coi.questionnaires.trying import MOST_COMBINATIONS, Trial, Variable, View, domain_of, views_of, within
from coi.rules.conditions import compiled, match_of, subject_of, sum_of, walk
from coi.rules.form import Ask, Form, Section

NEVER = "can never be true. Correct it, or take it away."
NOT_ASKED = "is never asked: its conditions, or those of what they read, can never be true together."


@dataclass
class Target:
    """One condition, or one question's being asked, with the list at hand and what must be shown for it to matter."""

    path: str
    when: Mapping[str, Any] | None
    text: str
    asks: tuple[Ask, ...] = ()
    needs: tuple[Ask | Section, ...] = ()
    warns: bool = True
    view: View = field(default_factory=dict)


def judge(form: Form, findings: Findings) -> None:
    """Errors for what can never be, warnings for conditions that are always true; silent where there is too much to try."""
    never: set[int] = set()
    for target in _targets(form):
        if any(id(one) in never for one in target.needs):
            continue
        verdict = _Judge(form, target).verdict()
        if verdict is None:
            continue
        can_be_true, can_be_false = verdict
        if not can_be_true:
            findings.error(target.path, target.text)
            if target.text == NOT_ASKED:
                never.add(id(target.needs[-1]))
        elif not can_be_false and target.when is not None and target.warns:
            findings.warn(target.path, "is always true. Take it away, or correct it.")
        elif target.when is not None:
            _look_at_parts(form, target, findings)


def _look_at_parts(form: Form, target: Target, findings: Findings) -> None:
    """A part of an `any` that can never be true does no harm, but says something that its writer did not mean."""
    for path, part in _alternatives(target.path, target.when):
        verdict = _Judge(form, Target(path, part, NEVER, target.asks, target.needs, view=target.view)).verdict()
        if verdict is not None and not verdict[0]:
            findings.warn(path, NEVER)


def _alternatives(path: str, when: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key in ("all", "any"):
        for number, part in enumerate(when.get(key) or ()):
            place = f"{path}.{key}[{number}]"
            if key == "any":
                yield place, part
            yield from _alternatives(place, part)


def _targets(form: Form) -> Iterator[Target]:
    for number, one in enumerate(form.content["form"].get("deadlines") or ()):
        yield Target(f"form.deadlines[{number}].for", one["for"], NEVER, warns=False)
    if not isinstance(form.reporting_period, str):
        for number, one in enumerate(form.reporting_period):
            yield Target(f"form.reporting_period[{number}].for", one["for"], NEVER, warns=False)
    for section in form.sections:
        place = f"sections.{section.id}"
        if section.show_if is not None:
            yield Target(f"{place}.show_if", section.show_if, NEVER)
        for ask in section.questions:
            yield from _of_question(f"{place}.questions.{ask.id}", section, ask)


def _of_question(path: str, section: Section, ask: Ask) -> Iterator[Target]:
    if ask.show_if is not None:
        yield Target(f"{path}.show_if", ask.show_if, NEVER, needs=(section,))
        yield Target(path, None, NOT_ASKED, needs=(section, ask))
    needs: tuple[Ask | Section, ...] = (section, ask)
    if ask.required_if is not None:
        yield Target(f"{path}.required_if", ask.required_if, NEVER, needs=needs)
    if ask.entries is not None:
        yield from _of_fields(path, ask, (ask,), needs)
        if ask.entries.report_if is not None:
            yield Target(f"{path}.entries.report_if", ask.entries.report_if, NEVER, (ask,), needs, view=within(ask))
    for number, trigger in enumerate(ask.triggers):
        asks = (ask,) if ask.entries else ()
        yield Target(f"{path}.triggers[{number}].when", trigger.when, NEVER, asks, needs, view=within(ask))


def _of_fields(path: str, ask: Ask, asks: tuple[Ask, ...], needs: tuple[Ask | Section, ...]) -> Iterator[Target]:
    views = views_of(asks)
    for one in ask.entries.fields if ask.entries else ():
        place, view = f"{path}.entries.fields.{one.id}", views[id(one)]
        if one.show_if is not None:
            yield Target(f"{place}.show_if", one.show_if, NEVER, asks, needs, view=view)
            yield Target(place, None, NOT_ASKED, asks, (*needs, one))
        if one.required_if is not None:
            yield Target(f"{place}.required_if", one.required_if, NEVER, asks, (*needs, one), view=view)
        if one.entries is not None:
            yield from _of_fields(place, one, (one, *asks), (*needs, one))


class _Judge:
    """One target under trial: the variables it depends on, and what happens under each combination."""

    def __init__(self, form: Form, target: Target) -> None:
        self.form = form
        self.target = target
        self.variables: dict[tuple[str, Any], Variable] = {}
        self.views = views_of(target.asks)
        self.test = compiled(target.when) if target.when is not None else None
        if target.when is not None:
            self._collect(target.when, target.view)
        for one in target.needs:
            self._collect_needs(one)
        self._close()

    def _collect_needs(self, one: Ask | Section) -> None:
        if one.show_if is not None:
            self._collect(one.show_if, self.views.get(id(one), {}))

    def _collect(self, when: Mapping[str, Any], view: View) -> None:
        for part in walk(when):
            if "match" in part:
                match = match_of(part)
                self._add("f", view[match.field], part)
                self._add("match", (view[match.field], match.list), part)
                if match.overlap:
                    self._add("overlap", (view[match.field], match.list, match.overlap), part)
            elif "in_period" in part:
                self._add("f", view[part["in_period"]], part)
            else:
                subject, name = subject_of(part)
                self._add(subject, sum_of(name) if subject == "sum" else view[name] if subject == "f" else name, part)
            for name in (part.get("threshold"), (part.get("sum") or {}).get("skip")):
                if isinstance(name, str) and len(self.form.thresholds[name]) > 1:
                    self._add("year", "", part)

    def _add(self, subject: str, name: Any, part: Mapping[str, Any]) -> None:
        variable = self.variables.setdefault((subject, name), Variable(subject, name))
        variable.parts.append(part)

    def _close(self) -> None:
        """Adds what the showing of each variable depends on, until nothing new comes."""
        looked_at: set[tuple[str, Any]] = set()
        while True:
            new = [key for key in self.variables if key not in looked_at]
            if not new:
                return
            for key in new:
                looked_at.add(key)
                subject, name = key
                ask = self._ask(subject, name)
                self.variables[key].ask = ask
                if ask is None:
                    continue
                self._collect_needs(ask)
                if subject in ("q", "filer"):
                    self._collect_needs(self.form.section_of[ask.id])

    def _ask(self, subject: str, name: Any) -> Ask | None:
        if subject == "q" or (subject == "filer" and name in self.form.by_id):
            return self.form.by_id[name]
        return name if subject == "f" else None

    def verdict(self) -> tuple[bool, bool] | None:
        """Whether it can be true and whether it can be false; None where there is too much to try."""
        names = list(self.variables)
        domains = [domain_of(self.variables[name], self.form) for name in names]
        size = 1
        for domain in domains:
            size *= len(domain)
        if size > MOST_COMBINATIONS:
            return None
        can_be_true = can_be_false = False
        for values in product(*domains):
            trial = Trial(self.form, self.views, self.target.view, dict(zip(names, values, strict=True)))
            if not all(trial.is_shown(one) for one in self.target.needs):
                continue
            if self.test is None or self.test(trial) is True:
                can_be_true = True
            else:
                can_be_false = True
            if can_be_true and (can_be_false or self.test is None):
                break
        if self.test is not None and not can_be_true and not can_be_false:
            return None
        return can_be_true, can_be_false
