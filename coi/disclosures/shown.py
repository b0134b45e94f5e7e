"""A signed version or a draft as people read it: sections, questions, answers and entries in words; writes nothing.

A signed version is shown from its record, never from today's form. "Not asked", "not answered" and "none" are told apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import format_date
from flask_babel import gettext as _

from coi.attachments.covering import in_draft
from coi.disclosures.queries import setting_for, setting_of
from coi.disclosures.record import asked, read
from coi.languages import LOCALES, size, speaking
from coi.models import DisclosureVersion, Draft
from coi.questionnaires.queries import form_of
from coi.rules.completeness import evaluate

ANSWERED = "answered"
NONE = "none"
NOT_ANSWERED = "not_answered"
NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class PaperTold:
    """A paper that was added: what its sender called it, its bytes, its fingerprint, and by what it is asked for."""

    name: str
    size: int
    sha256: str
    reference: str = ""


@dataclass(frozen=True)
class Shown:
    """One field of an entry, in words; `entries` for a list in the list; `no_home` for an address said to be nobody's home."""

    field_id: str
    title: str
    text: str
    visibility: str
    status: str = ANSWERED
    anchor: str = ""
    entries: "tuple[Entry, ...]" = field(default_factory=tuple)
    no_home: bool = False


@dataclass(frozen=True)
class Entry:
    """One entry of a list; `reported` is False for one under the reporting line. `number` counts from 1."""

    key: str
    number: int
    title: str
    fields: tuple[Shown, ...]
    reported: bool = True
    anchor: str = ""
    papers: tuple[PaperTold, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One question with its answer: `text` in words (empty when not answered), or `entries` for a list; `status` tells which."""

    question_id: str
    anchor: str
    title: str
    text: str
    visibility: str
    entries: tuple[Entry, ...] = field(default_factory=tuple)
    status: str = ANSWERED
    help: str = ""
    no_home: bool = False


@dataclass(frozen=True)
class Section:
    """One section of the form as it was shown."""

    section_id: str
    title: str
    answers: tuple[Answer, ...]
    help: str = ""


def shown_version(version: DisclosureVersion, language: str) -> list[Section]:
    """What was signed, from its record; in another language than the signer's the words come from the same published version."""
    record = read(version.record)
    if "asked" not in record:
        return []
    sections = record["asked"]
    if record["form"]["language"] != language:
        setting = setting_for(version.filer, record["form"]["reporting_year"], date.fromisoformat(record["form"]["signed_on"]))
        form = form_of(version.questionnaire)
        if form.period_asks:
            setting = evaluate(form, record["answers"], setting).setting
        sections = asked(form, record["shown"], language, setting)
    told = _sections(sections, record["answers"], frozenset(record["shown"]), record["reported"], language)
    return _with_papers(told, papers_in(record))


def papers_in(record: Mapping[str, Any]) -> dict[str, tuple[PaperTold, ...]]:
    """The papers that a signature covers, by the key of their entry; a scan of the whole form stands under no key."""
    told: dict[str, tuple[PaperTold, ...]] = {}
    for one in record.get("attachments", ()):
        paper = PaperTold(one["name"], one["size"], one["sha256"], one["attachment"])
        told[one["key"]] = (*told.get(one["key"], ()), paper)
    return told


def paper_in_words(one: PaperTold) -> str:
    """A paper on one line: its name, its size, the beginning of its fingerprint."""
    return f"{one.name} · {size(one.size)} · SHA-256 {one.sha256[:16]}…"


def _with_papers(sections: list[Section], papers: Mapping[str, tuple[PaperTold, ...]]) -> list[Section]:
    """Each entry with its papers, also those of lists inside."""
    if not papers:
        return sections

    def fields(rows: Sequence[Shown]) -> tuple[Shown, ...]:
        return tuple(replace(one, entries=entries(one.entries)) if one.entries else one for one in rows)

    def entries(rows: Sequence[Entry]) -> tuple[Entry, ...]:
        return tuple(replace(one, fields=fields(one.fields), papers=papers.get(one.key, ()) if one.key else ()) for one in rows)

    return [
        replace(section, answers=tuple(replace(one, entries=entries(one.entries)) for one in section.answers))
        for section in sections
    ]


def shown_draft(draft: Draft, on: date, language: str) -> list[Section]:
    """What would be signed on a day, wrong values as they were typed; what is no longer asked is left out."""
    form, setting = form_of(draft.questionnaire), setting_of(draft, on)
    found = evaluate(form, draft.answers, setting)
    answers = {name: _with_typed(found.signed.get(name), typed) for name, typed in draft.answers.items()}
    sections = asked(form, found.shown, language, setting)
    papers: dict[str, tuple[PaperTold, ...]] = {}
    for one in in_draft(draft.disclosure):
        papers[one.entry_key] = (*papers.get(one.entry_key, ()), PaperTold(one.filename, one.size, one.sha256, one.reference))
    return _with_papers(_sections(sections, answers, found.shown, found.reportable, language), papers)


def _with_typed(signed: Any, typed: Any) -> Any:
    """What would be kept, and what was typed where that is wrong."""
    if isinstance(typed, list) and isinstance(signed, list) and len(typed) == len(signed):
        return [_with_typed(kept, told) for kept, told in zip(signed, typed, strict=True)]
    if isinstance(typed, Mapping) and isinstance(signed, Mapping):
        return {**{name: _with_typed(signed.get(name), value) for name, value in typed.items()}}
    return typed if signed is None else signed


def _sections(
    sections: Sequence[Mapping[str, Any]],
    answers: Mapping[str, Any],
    shown: frozenset[str],
    reported: Mapping[str, Sequence[int]],
    language: str,
) -> list[Section]:
    with speaking(language):
        return [
            Section(
                section["id"],
                section["title"],
                tuple(_answer(question, answers, shown, reported, language) for question in section["questions"]),
                section.get("help", ""),
            )
            for section in sections
        ]


def _answer(
    question: Mapping[str, Any],
    answers: Mapping[str, Any],
    shown: frozenset[str],
    reported: Mapping[str, Sequence[int]],
    language: str,
) -> Answer:
    name, value = question["id"], answers.get(question["id"])
    entries: tuple[Entry, ...] = ()
    if question["type"] == "entries" and isinstance(value, list):
        numbers = reported.get(name)
        entries = tuple(
            _entry(question, entry, number, shown, f"{name}[{number}]", language, numbers is None or number in numbers)
            for number, entry in enumerate(value)
        )
    status = status_of(question, value)
    text = "" if entries else in_words(question, value, language)
    more = {"help": question.get("help", ""), "no_home": is_no_home(value)}
    return Answer(name, name, question["title"], text, question["visibility"], entries, status, **more)


def _entry(
    ask: Mapping[str, Any], entry: Any, number: int, shown: frozenset[str], path: str, language: str, reported: bool = True
) -> Entry:
    told = entry if isinstance(entry, Mapping) else {}
    item = str(ask["item"])
    title = f"{item[:1].upper()}{item[1:]} {number + 1}"
    fields = tuple(_field(one, told, shown, f"{path}.{one['id']}", language) for one in ask["fields"])
    return Entry(str(told.get("_key", "")), number + 1, title, fields, reported, path)


def _field(ask: Mapping[str, Any], entry: Mapping[str, Any], shown: frozenset[str], path: str, language: str) -> Shown:
    value = entry.get(ask["id"])
    if path not in shown:
        return Shown(ask["id"], ask["title"], "", ask["visibility"], NOT_ASKED, path)
    inner: tuple[Entry, ...] = ()
    if ask["type"] == "entries" and isinstance(value, list):
        inner = tuple(_entry(ask, one, number, shown, f"{path}[{number}]", language) for number, one in enumerate(value))
    text = "; ".join(_told(one) for one in inner) if inner else in_words(ask, value, language)
    return Shown(ask["id"], ask["title"], text, ask["visibility"], status_of(ask, value), path, inner, is_no_home(value))


def is_no_home(value: Any) -> bool:
    """Whether an address was given of which the filer said that it is no home (FORMAT, redact_if_home)."""
    return isinstance(value, Mapping) and value.get("home") == "no"


def _told(entry: Entry) -> str:
    """An entry inside an entry on one line."""
    return f"{entry.title}: " + ", ".join(one.text for one in entry.fields if one.text)


def status_of(ask: Mapping[str, Any], value: Any) -> str:
    """Whether a shown question was answered, answered with "none", or left blank."""
    if value is None or value in ("", []):
        return NOT_ANSWERED
    return NONE if ask["type"] == "entries" and value == "none" else ANSWERED


def in_words(ask: Mapping[str, Any], value: Any, language: str) -> str:
    """One answer in words; nothing for a blank."""
    kind, labels = ask["type"], dict(ask.get("choices", ()))
    if status_of(ask, value) == NOT_ANSWERED:
        told = ""
    elif kind == "entries":
        told = _("None") if value == "none" else str(value)
    elif kind == "attest":
        told = _("Agreed") if value == "yes" else str(value)
    elif isinstance(value, Mapping):
        told = str(value.get("text", ""))
    elif isinstance(value, list):
        told = ", ".join(str(labels.get(code, code)) for code in value)
    elif kind in ("money", "number", "percent"):
        told = _number(kind, str(value))
    elif kind == "date":
        told = _date(str(value), language)
    else:
        told = str(labels.get(value, value))
    return told


def _number(kind: str, value: str) -> str:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    if not amount.is_finite():
        return value
    if kind == "money":
        return f"${amount:,.2f}"
    return f"{amount:,f}%" if kind == "percent" else f"{amount:,f}"


def _date(value: str, language: str) -> str:
    try:
        return str(format_date(date.fromisoformat(value), "long", locale=LOCALES.get(language, "en_US")))
    except ValueError:
        return value
