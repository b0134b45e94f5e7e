"""A form as objects: sections, questions and fields with their conditions compiled; made once from a published version's data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from coi.rules.conditions import Sum, Test, compiled, sums_in, walk

VISIBILITIES = ("public", "redact_if_home", "restricted", "confidential", "internal")
REVIEWER = "reviewer"
# Asked and used by rules, seen by filer and reviewer on their pages, in no print, copy or export.
INTERNAL = "internal"
TYPES = (
    "yes_no", "choice", "multi", "text", "longtext", "date", "money", "number", "percent", "address", "attest", "entries",
)  # fmt: skip
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
MONTHS_ES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
Words = str | Mapping[str, str]
YES_NO: Mapping[str, Words] = {"yes": {"en": "Yes", "es": "Sí"}, "no": {"en": "No", "es": "No"}}


@dataclass(frozen=True)
class Row:
    """One line of a threshold: from and to are years, `until` None is open."""

    since: int
    until: int | None
    op: str
    amount: Decimal
    unit: str = "money"


@dataclass(frozen=True, eq=False)
class Trigger:
    """What raises a flag."""

    when: Mapping[str, Any]
    risk: str
    reason: str
    route: str
    test: Test
    sums: tuple[Sum, ...]


@dataclass(frozen=True, eq=False)
class Entries:
    """What a list holds."""

    item: Words
    min: int
    report_if: Mapping[str, Any] | None
    fields: tuple["Ask", ...]
    reports: Test | None = None

    def field(self, name: str) -> "Ask":
        """The field of this id; raises KeyError for another."""
        for ask in self.fields:
            if ask.id == name:
                return ask
        raise KeyError(name)


@dataclass(frozen=True, eq=False)
class Ask:
    """A question or a field of an entry."""

    id: str
    title: Words
    type: str
    help: Words = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    required_if: Mapping[str, Any] | None = None
    show_if: Mapping[str, Any] | None = None
    visibility: str = "restricted"
    match: str = ""
    not_before: str = ""
    entries: Entries | None = None
    none_statement: bool = False
    triggers: tuple[Trigger, ...] = ()
    keeps_home: bool = False
    shows: Test | None = None
    needs: Test | None = None

    @property
    def of_reviewer(self) -> bool:
        """Asked of the reviewer before deciding, never of the filer."""
        return self.visibility == REVIEWER

    @property
    def optional(self) -> bool:
        """Whether it may always stay blank; a list with a none_statement takes an entry or "none", never a blank."""
        return not (self.required or self.required_if or self.least or self.none_statement)

    @property
    def least(self) -> int:
        """How many entries a shown list needs."""
        if self.entries is None:
            return 0
        return max(self.entries.min, 1 if self.required and not self.none_statement else 0)


@dataclass(frozen=True, eq=False)
class Section:
    """A page of the form."""

    id: str
    title: Words
    help: Words
    show_if: Mapping[str, Any] | None
    questions: tuple[Ask, ...]
    shows: Test | None = None


@dataclass(frozen=True, eq=False)
class Form:
    """A form, compiled; two are equal only if they are the same object."""

    id: str
    version: str
    title: Words
    sections: tuple[Section, ...]
    lists: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Words]
    thresholds: Mapping[str, tuple[Row, ...]]
    reporting_period: Any
    deadlines: tuple[Mapping[str, Any], ...]
    events: tuple[str, ...]
    filer_attributes: Mapping[str, Any]
    visibility: str
    retention_years: int
    content: Mapping[str, Any]
    used_thresholds: frozenset[str]
    by_id: Mapping[str, Ask] = field(default_factory=dict)
    section_of: Mapping[str, Section] = field(default_factory=dict)
    periods: tuple[tuple[Test | None, str], ...] = ()
    period_asks: tuple[str, ...] = ()
    dues: tuple[tuple[Test, str], ...] = ()

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Form":
        """The form behind data that the check let through."""
        return _form(content)

    def question(self, name: str) -> Ask:
        """The question of this id; raises KeyError for another."""
        return self.by_id[name]

    def label(self, code: str, language: str = "en") -> str:
        """The words for a code; without any it shows humanised, and yes and no in the reader's language."""
        words = self.labels.get(code, YES_NO.get(code))
        return humanised(code) if words is None else in_language(words, language)

    def row(self, threshold: str, year: int) -> Row | None:
        """The line of a threshold that covers a year."""
        for row in self.thresholds.get(threshold, ()):
            if row.since <= year and (row.until is None or year <= row.until):
                return row
        return None


def humanised(code: str) -> str:
    """`not_sure` as "Not sure"."""
    text = code.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def in_language(words: Words, language: str) -> str:
    """Text, or the text of one language, or English where that one is missing."""
    if isinstance(words, str):
        return words
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


def fill(words: Words, language: str, values: Mapping[str, str]) -> str:
    """A title with its placeholders replaced; an unknown one stays as it is."""
    text = in_language(words, language)
    return PLACEHOLDER.sub(lambda hit: values.get(hit[1], hit[0]), text) if "{" in text else text


def day_in_words(day: date, language: str) -> str:
    """January 1, 2025; 1 de enero de 2025."""
    if language == "es":
        return f"{day.day} de {MONTHS_ES[day.month - 1]} de {day.year}"
    return f"{MONTHS_EN[day.month - 1]} {day.day}, {day.year}"


def amount_in_words(row: Row) -> str:
    """$6,500, $1,299.50, 12.5%."""
    if row.unit == "percent":
        text = f"{row.amount:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"
    return f"${row.amount:,.2f}" if row.amount % 1 else f"${row.amount:,.0f}"


def _test(when: Mapping[str, Any] | None) -> Test | None:
    return None if when is None else compiled(when)


def _ask(raw: Mapping[str, Any], lists: Mapping[str, tuple[str, ...]], inherited: str) -> Ask:
    own = raw.get("visibility")
    visibility = own or inherited
    choices = raw.get("choices", ())
    return Ask(
        id=raw["id"],
        title=raw["title"],
        type=raw["type"],
        help=raw.get("help", ""),
        choices=lists.get(choices, ()) if isinstance(choices, str) else tuple(choices),
        required=bool(raw.get("required", False)),
        required_if=raw.get("required_if"),
        show_if=raw.get("show_if"),
        visibility=visibility,
        match=raw.get("match", ""),
        not_before=raw.get("not_before", ""),
        entries=_entries(raw["entries"], lists, visibility) if raw["type"] == "entries" else None,
        none_statement=bool(raw.get("none_statement", False)),
        triggers=tuple(_trigger(one) for one in raw.get("triggers", ())),
        keeps_home=raw["type"] == "address" and own == "redact_if_home",
        shows=_test(raw.get("show_if")),
        needs=_test(raw.get("required_if")),
    )


def _entries(raw: Mapping[str, Any], lists: Mapping[str, tuple[str, ...]], visibility: str) -> Entries:
    report_if = raw.get("report_if")
    fields = tuple(_ask(one, lists, visibility) for one in raw["fields"])
    return Entries(raw["item"], int(raw.get("min", 0)), report_if, fields, _test(report_if))


def _trigger(raw: Mapping[str, Any]) -> Trigger:
    when = raw["when"]
    return Trigger(when, raw["risk"], raw["reason"], raw.get("route", ""), compiled(when), tuple(sums_in(when)))


def _row(raw: Mapping[str, Any]) -> Row:
    return Row(raw["from"], raw["to"], raw["op"], Decimal(str(raw["amount"])), raw.get("unit", "money"))


def _form(content: Mapping[str, Any]) -> Form:
    head = content["form"]
    lists = {name: tuple(codes) for name, codes in (content.get("lists") or {}).items()}
    visibility = head.get("visibility", "restricted")
    sections = tuple(
        Section(
            raw["id"],
            raw["title"],
            raw.get("help", ""),
            raw.get("show_if"),
            tuple(_ask(one, lists, visibility) for one in raw["questions"]),
            _test(raw.get("show_if")),
        )
        for raw in content["sections"]
    )
    period = head["reporting_period"]
    periods: list[Mapping[str, Any]] = [{"period": period}] if isinstance(period, str) else period
    by_id = {ask.id: ask for section in sections for ask in section.questions}
    read_by_period = [part.get("filer") for one in periods for part in walk(one.get("for"))]
    return Form(
        id=head["id"],
        version=str(head["version"]),
        title=head["title"],
        sections=sections,
        lists=lists,
        labels=content.get("labels") or {},
        thresholds={name: tuple(_row(one) for one in rows) for name, rows in (content.get("thresholds") or {}).items()},
        reporting_period=period,
        deadlines=tuple(head.get("deadlines") or ()),
        events=tuple(head.get("events") or ()),
        filer_attributes=head.get("filer_attributes") or {},
        visibility=visibility,
        retention_years=head["retention_years"],
        content=content,
        used_thresholds=frozenset(thresholds_named(content)),
        by_id=by_id,
        section_of={ask.id: section for section in sections for ask in section.questions},
        periods=tuple((_test(one.get("for")), one["period"]) for one in periods),
        dues=tuple((compiled(one["for"]), one["due"]) for one in head.get("deadlines") or ()),
        period_asks=tuple(name for name in dict.fromkeys(read_by_period) if name in by_id),
    )


def thresholds_named(content: Mapping[str, Any]) -> set[str]:
    """The thresholds that a condition or a text names."""
    known = set(content.get("thresholds") or {})
    named: set[str] = set()

    def visit(node: Any, key: str) -> None:
        if isinstance(node, str):
            if key in ("title", "help", "item", "en", "es"):
                named.update(known & set(PLACEHOLDER.findall(node)))
            elif key in ("threshold", "skip"):
                named.update(known & {node})
        elif isinstance(node, Mapping):
            for name, value in node.items():
                visit(value, name)
        elif isinstance(node, list | tuple):
            for value in node:
                visit(value, key)

    visit(content.get("sections"), "sections")
    visit({key: (content.get("form") or {}).get(key) for key in ("title", "reporting_period", "deadlines")}, "form")
    return named


def questions_read(when: Mapping[str, Any] | None) -> set[str]:
    """The questions that a condition reads."""
    return {part["q"] for part in walk(when) if isinstance(part.get("q"), str)}


def lists_named(form: Form) -> set[str]:
    """The outside lists with which its answers are compared."""

    def inside(ask: Ask) -> set[str]:
        fields = ask.entries.fields if ask.entries else ()
        return ({ask.match} if ask.match else set()).union(*map(inside, fields))

    return set().union(*map(inside, form.by_id.values()))
