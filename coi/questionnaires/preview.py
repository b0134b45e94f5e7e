"""A form as a filer of a chosen kind would meet it: the real page, filled in and judged, and nothing of it kept."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from flask import g, render_template
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from coi.disclosures.asking import AskedSection, Page
from coi.disclosures.posted import read_page
from coi.disclosures.queries import agreeing, setting_for, signing_boxes
from coi.languages import LANGUAGES, day, language, speaking
from coi.profiles.check import codes_of
from coi.profiles.current import current_profile
from coi.questionnaires.telling import Teller
from coi.rules.completeness import evaluate, period
from coi.rules.conditions import walk
from coi.rules.form import Ask, Form, humanised
from coi.vocabulary import Kind, Level, Risk
from forms.questionnaires import Attribute, PreviewForm, preview_form

CHECK = "check"
YEARS = range(1990, 2101)
# Where a form may stand on the page without having been asked for anything.
FIRST = {"kind": Kind.ANNUAL.value, "level": Level.FULL.value}


@lru_cache(maxsize=16)
def attributes_read(form: Form) -> tuple[str, ...]:
    """What the form's conditions read of a filer, and what it declares, in the order of the form."""
    declared = list(form.filer_attributes)
    head = form.content["form"]
    periods = head["reporting_period"] if isinstance(head["reporting_period"], list) else []
    conditions: list[Any] = [one.get("for") for one in (*form.deadlines, *periods)]
    conditions += [section.show_if for section in form.sections]
    for ask in _every(form):
        conditions += [ask.show_if, ask.required_if, *(one.when for one in ask.triggers)]
        conditions.append(ask.entries.report_if if ask.entries else None)
    parts = [part for when in conditions for part in walk(when)]
    told = [one.get("filer") for part in parts for one in (part, part.get("overlap") or {})]
    read = [name for name in told if isinstance(name, str)]
    return tuple(name for name in dict.fromkeys([*declared, *read]) if name != "kind")


def _every(form: Form) -> Iterator[Ask]:
    waiting = [ask for section in form.sections for ask in section.questions]
    while waiting:
        ask = waiting.pop(0)
        yield ask
        waiting += ask.entries.fields if ask.entries else ()


def choose(form: Form, told: Mapping[str, Any], on: date) -> PreviewForm:
    """As whom to look: what the address says, else the fullest yearly form in the reader's language."""
    teller, profile = Teller.of(form, language()), current_profile()
    attributes: list[Attribute] = []
    for name in attributes_read(form):
        declared = form.filer_attributes.get(name)
        codes = declared if isinstance(declared, list) else codes_of(profile, "filer", name)
        words = [(str(code), teller.label(str(code))) for code in codes] if codes else None
        attributes.append((name, humanised(name), words))
    first = {**FIRST, "language": language(), "year": on.year - 1}
    data = {name if name in ("language", "kind", "year") else f"filer-{name}": value for name, value in first.items()}
    return preview_form(attributes, told or None, **data)


class Preview:
    """One form, as whom, with what was typed."""

    def __init__(self, form: Form, chosen: PreviewForm, on: date) -> None:
        self.form, self.chosen = form, chosen
        self.language = chosen.language.data if chosen.language.data in LANGUAGES else "en"
        self.filer = chosen.filer
        year = int(chosen.year.data or 0)
        self.setting = setting_for(self.filer, year if year in YEARS else on.year - 1, on)
        self.answers: dict[str, Any] = self._prefilled()
        self.page: Page | None = None
        self.checked = False

    def _prefilled(self) -> dict[str, Any]:
        """What the record would fill in: questions that ask an attribute of the filer."""
        return {
            name: [value] if self.form.by_id[name].type == "multi" else value
            for name, value in self.filer.items()
            if name in self.form.filer_attributes and name in self.form.by_id
        }

    def take(self, posted: MultiDict[str, str]) -> str:
        """Reads what was filled in; says what can't be read at all, else nothing."""
        with speaking(self.language):
            told = read_page(self.form, posted, {}, ())
        self.answers = told.answers
        self.checked = told.press == CHECK
        return next(iter(told.faults.values()), "")

    def asked(self) -> Markup:
        """The questions as the filer meets them, in the filer's language."""
        before, g.language = getattr(g, "language", None), self.language
        try:
            with speaking(self.language):
                self.page = Page(self.form, self.setting, self.answers, self.language, check=self.checked)
                sections = self.page.sections()
                boxes = [self.page.words(box.title) for box in signing_boxes(self.form) if self.page.shows(box.id)]
                shown = render_template(
                    "questionnaires/asked.html",
                    sections=sections,
                    boxes=boxes,
                    faults=self._faults(sections),
                    checked=self.checked,
                )
        finally:
            g.language = before
        return Markup(shown)  # nosec B704  # made by a template of ours, which escapes what is put into it

    def _faults(self, sections: list[AskedSection]) -> list[tuple[str, str]]:
        """What would keep the form from being signed, top to bottom, each with the id it leads to."""
        if not self.checked or self.page is None:
            return []
        told = [("", self.page.faults["reporting_year"])] if "reporting_year" in self.page.faults else []
        waiting = [asked for section in sections for asked in section.asks]
        while waiting:
            asked = waiting.pop(0)
            anchor = f"{asked.anchor}-0" if asked.ask.type in ("yes_no", "choice", "multi") else asked.anchor
            told += [(anchor, f"{asked.title} {message}") for message in asked.errors]
            waiting = [one for entry in asked.entries for one in entry.asks] + waiting
        return told

    @property
    def sound(self) -> bool:
        """Whether it could be signed as it is filled in, the boxes of the signing page ticked."""
        return not evaluate(self.form, agreeing(self.form, self.answers), self.setting).faults

    @property
    def tasks(self) -> list[tuple[Risk, str]]:
        """The tasks that the reviewer would get: the priority, and what to do."""
        return [(Risk(flag.risk), flag.reason) for flag in self.page.evaluation.flags] if self.page is not None else []

    @property
    def period(self) -> str:
        """The days that the form asks about."""
        first, last = period(self.form, self.page.evaluation.setting if self.page is not None else self.setting)
        return _("%(first)s to %(last)s", first=day(first), last=day(last))

    @property
    def due(self) -> str:
        """When it would be due, in words: the city decides, the form is its default."""
        teller, kind = Teller.of(self.form, language()), str(self.filer["kind"])
        by_city = current_profile().deadlines.get(Kind(kind)) if kind in set(Kind) else None
        by_form = self.page.evaluation.due if self.page is not None else ""
        if by_city is not None:
            return _("%(due)s, as the City’s settings say", due=teller.due(by_city))
        return _("%(due)s, as the form says", due=teller.due(by_form)) if by_form else _("no due date")

    @property
    def not_asked(self) -> list[tuple[str, str]]:
        """The questions that this filer is not asked as things stand, and when they would be asked."""
        shown = self.page.evaluation.shown if self.page is not None else frozenset()
        teller = Teller.of(self.form, language())
        told = []
        for section in self.form.sections:
            for ask in section.questions:
                if ask.id not in shown:
                    when = [teller.when(section.show_if), teller.when(ask.show_if)]
                    why = _("asked of the reviewer") if ask.of_reviewer else _("; ").join(one for one in when if one)
                    told.append((teller.words(ask.title), why))
        return told

    @property
    def count(self) -> int:
        """How many questions are asked."""
        shown = self.page.evaluation.shown if self.page is not None else frozenset()
        return sum(ask.id in shown for ask in self.form.by_id.values())
