"""What a city should look at in a form's words, although it may be published: Spanish, labels, placeholders, unused amounts."""

from collections.abc import Iterator, Mapping
from typing import Any

from coi.questionnaires.problems import Findings
from coi.rules.form import PLACEHOLDER, Ask, Form


def look_at_words(form: Form, findings: Findings) -> None:
    """Warns; never forbids."""
    for path, words in _texts(form):
        _languages(path, words, findings)
    for code, words in form.labels.items():
        _languages(f"labels.{code}", words, findings)
    told: set[str] = set()
    for path, ask in _asks(form):
        for code in ask.choices:
            if code not in form.labels and code not in told:
                told.add(code)
                findings.warn(f"{path}.choices", f"{code} has no label: it shows as “{form.label(code)}” in both languages.")
    for name in form.thresholds:
        if name not in form.used_thresholds:
            findings.warn(f"thresholds.{name}", "neither a condition nor a text names it.")


def without_spanish(form: Form) -> int:
    """At how many places of a form its words have no Spanish."""
    words = [*(told for _path, told in _texts(form)), *form.labels.values()]
    return sum(1 for told in words if not isinstance(told, Mapping) or "es" not in told)


def _languages(path: str, words: Any, findings: Findings) -> None:
    if not isinstance(words, Mapping) or "es" not in words:
        findings.warn(path, "has no Spanish. Write {en: …, es: …}.")
        return
    english, spanish = set(PLACEHOLDER.findall(words["en"])), set(PLACEHOLDER.findall(words["es"]))
    if english != spanish:
        findings.warn(path, "the Spanish has other placeholders than the English.")


def _asks(form: Form) -> Iterator[tuple[str, Ask]]:
    for section in form.sections:
        for question in section.questions:
            yield from _inside(f"sections.{section.id}.questions.{question.id}", question)


def _inside(path: str, ask: Ask) -> Iterator[tuple[str, Ask]]:
    yield path, ask
    for one in ask.entries.fields if ask.entries else ():
        yield from _inside(f"{path}.entries.fields.{one.id}", one)


def _texts(form: Form) -> Iterator[tuple[str, Any]]:
    yield "form.title", form.title
    for section in form.sections:
        yield f"sections.{section.id}.title", section.title
        if section.help:
            yield f"sections.{section.id}.help", section.help
    for path, ask in _asks(form):
        yield f"{path}.title", ask.title
        if ask.help:
            yield f"{path}.help", ask.help
        if ask.entries:
            yield f"{path}.entries.item", ask.entries.item
