"""Questions in the reader's words: what is shown, what was typed, what is wrong, who can see it; reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from coi.disclosures.audience import readers_of
from coi.disclosures.naming import field_of, naming
from coi.languages import day
from coi.questionnaires.keys import new_key
from coi.questionnaires.words import both_of_a_pair, fault_text
from coi.rules.completeness import Setting, evaluate, say
from coi.rules.conditions import walk
from coi.rules.form import Ask, Form
from forms.built import NOT_OFFERED, anchor_of, as_data, build, name_of

# A list in a list in a list is not allowed, so three rounds open everything that one answer opens.
ROUNDS = 3
TEXTS = ("text", "longtext", "address")


@dataclass
class Asked:
    """One question or field as it stands on the page."""

    ask: Ask
    path: str
    anchor: str
    title: str
    help: str
    one: Any
    errors: list[str]
    readers: str
    optional: bool
    live: bool
    kept: str = ""
    item: str = ""
    add: str = ""
    entries: list["AskedEntry"] = field(default_factory=list)
    none: Any = None
    home: Any = None
    before: str = ""
    names: str = ""


@dataclass
class AskedEntry:
    """One entry of a list as it stands on the page."""

    key: str
    key_name: str
    asked_name: str
    anchor: str
    number: int
    asks: list[Asked]
    remove: str
    reported: bool
    wanting: bool = False
    card: Any = None
    folded: bool = False
    above: bool = False

    @property
    def asked(self) -> str:
        """The ids of the fields that this page asks, so that one left blank is known from one never shown."""
        return " ".join(one.ask.id for one in self.asks)


@dataclass
class AskedSection:
    """One section with the questions that are shown now."""

    id: str
    title: str
    help: str
    asks: list[Asked]


class Page:
    """A draft as questions: evaluated once, with one blank entry where a list needs one, in one language."""

    def __init__(
        self,
        form: Form,
        setting: Setting,
        answers: Mapping[str, Any],
        language: str,
        *,
        check: bool = False,
        before: Mapping[str, str] | None = None,
    ) -> None:
        self.form, self.setting, self.language, self.check = form, setting, language, check
        self.before = before or {}
        self.answers = dict(answers)
        self.evaluation = evaluate(form, self.answers, setting)
        for _round in range(ROUNDS):
            if not self._make_room():
                break
            self.evaluation = evaluate(form, self.answers, setting)
        self.boxes = {box.id for box in boxes_of(form)}
        asks = [ask for section in form.sections for ask in section.questions]
        built = build(asks, self.words, lambda code: form.label(code, language))
        self.built = built(formdata=None, data=as_data(asks, self.answers))
        self.faults = {fault.path: fault_text(fault, form, language) for fault in self.evaluation.faults}
        # What no page offers never came from one: it is said at once, not only when the form is checked.
        self.at_once = {fault.path for fault in self.evaluation.faults if fault.code in NOT_OFFERED}
        for path, told in both_of_a_pair(self.evaluation.faults, form, language):
            self.faults.setdefault(path, told)
        self.live = read_by_conditions(form)

    def words(self, told: Any) -> str:
        """A text of the form in the reader's language, its placeholders filled."""
        return say(told, self.language, self.form, self.evaluation.setting) if told else ""

    def sections(self) -> list[AskedSection]:
        """The sections that are asked, each with its shown questions; boxes of the signing page are not here."""
        return [section for section in map(self._section, self.form.sections) if section.asks]

    def _section(self, section: Any) -> AskedSection:
        shown = [ask for ask in section.questions if self.shows(ask.id) and ask.id not in self.boxes and not ask.of_reviewer]
        asks = [self._asked(ask, ask.id, self.built, "") for ask in shown]
        return AskedSection(section.id, self.words(section.title), self.words(section.help), asks)

    def shows(self, path: str) -> bool:
        """Whether the form asks what stands at this path."""
        return path in self.evaluation.shown

    def _asked(self, ask: Ask, path: str, form: Any, around: str) -> Asked:
        one = form[name_of(ask.id)]
        told = self.faults.get(path)
        asked = Asked(
            ask=ask,
            path=path,
            anchor=anchor_of(path),
            title=self.words(ask.title),
            help=self.words(ask.help),
            one=one,
            errors=[told] if told and (self.check or path in self.at_once) else [],
            readers="" if ask.visibility == around else readers_of(ask.visibility),
            optional=ask.optional,
            live=ask.id in self.live,
            kept=kept_as(ask.type, one.data) if not told else "",
            before=self.before.get(path, ""),
            names=field_of(path) if field_of(path) in naming(self.form) else "",
        )
        if ask.entries is not None:
            asked.item = self.words(ask.entries.item)
            asked.none = form[f"{ask.id}.none"] if ask.none_statement else None
            asked.entries = [self._entry(ask, path, place, part) for place, part in enumerate(one.entries)]
            asked.add = f"add:{self._way(path)}={new_key()}"
        if ask.keeps_home:
            asked.home = form[f"{ask.id}.home"]
        return asked

    def _entry(self, ask: Ask, path: str, place: int, part: Any) -> AskedEntry:
        here = f"{path}[{place}]"
        shown = (
            [one for one in ask.entries.fields if self.shows(f"{here}.{one.id}") and not one.of_reviewer] if ask.entries else []
        )
        reportable = self.evaluation.reportable.get(ask.id)
        key = part.form["key"].data or new_key()
        return AskedEntry(
            key=key,
            key_name=part.form["key"].name,
            asked_name=part.form["asked"].name,
            anchor=anchor_of(here),
            number=place + 1,
            asks=[self._asked(one, f"{here}.{one.id}", part.form, ask.visibility) for one in shown],
            # Also an entry of a list in a list is taken out by the question around it: ids of inner lists are no questions.
            remove=f"remove:{path.split('[')[0]}:{key}",
            reported=reportable is None or "." in path or place in reportable or not _typed(self._at(path)[place]),
            wanting=any(told.startswith(f"{here}.") for told in self.faults),
        )

    def _at(self, path: str) -> Any:
        here: Any = self.answers
        for part in path.replace("]", "").replace("[", ".").split("."):
            here = here[int(part)] if isinstance(here, list) else here.get(part, [])
        return here

    def _way(self, path: str) -> str:
        """`d_gifts[0].items` with the entry's key instead of its place, which may change: `d_gifts/k3f9/items`."""
        told, here = [], self.answers
        for part in path.split("."):
            ask_id, _bracket, number = part.rstrip("]").partition("[")
            told.append(ask_id)
            if number:
                here = here[ask_id][int(number)]
                told.append(str(here.get("_key", "")))
        return "/".join(told)

    def _make_room(self) -> bool:
        """Puts one blank entry in every shown list that needs one; true when it did."""
        made = False
        for path, ask, holder in list(lists_in(self.form.by_id.values(), self.answers, "")):
            if path in self.evaluation.shown and ask.least and not holder.get(ask.id):
                holder[ask.id] = [{"_key": new_key()}]
                made = True
        return made


def lists_in(asks: Iterable[Ask], answers: dict[str, Any], before: str) -> Iterable[tuple[str, Ask, dict[str, Any]]]:
    """Every list of a form with its path and the object that holds it; entries are copied so that a draft stays as it was."""
    for ask in asks:
        if ask.entries is None:
            continue
        path = before + ask.id
        yield path, ask, answers
        rows = answers.get(ask.id)
        if isinstance(rows, list):
            answers[ask.id] = rows = [dict(row) if isinstance(row, Mapping) else row for row in rows]
            for place, row in enumerate(rows):
                if isinstance(row, dict):
                    yield from lists_in(ask.entries.fields, row, f"{path}[{place}].")


def boxes_of(form: Form) -> Sequence[Ask]:
    """The boxes that stand on the signing page."""
    from coi.disclosures.queries import signing_boxes

    return signing_boxes(form)


@lru_cache(maxsize=64)
def read_by_conditions(form: Form) -> frozenset[str]:
    """The questions and fields whose answer may open or need others: a page with a script asks the server when they change."""
    named: set[str] = set()

    def visit(ask: Ask) -> None:
        for when in (ask.show_if, ask.required_if, ask.entries.report_if if ask.entries else None):
            named.update(str(part[key]) for part in walk(when) for key in ("q", "f", "filer") if isinstance(part.get(key), str))
        for one in ask.entries.fields if ask.entries else ():
            visit(one)

    for section in form.sections:
        named.update(str(part[key]) for part in walk(section.show_if) for key in ("q", "filer") if isinstance(part.get(key), str))
        for ask in section.questions:
            visit(ask)
    return frozenset(named)


def _typed(entry: Any) -> bool:
    return isinstance(entry, Mapping) and any(value not in (None, "", []) for name, value in entry.items() if name != "_key")


def kept_as(kind: str, text: Any) -> str:
    """What is kept of an amount or a date, in words, so that the person sees how it was understood."""
    if not isinstance(text, str) or not text:
        return ""
    try:
        if kind == "date":
            return day(date.fromisoformat(text))
        if kind == "money":
            return f"${Decimal(text):,.2f}"
    except (ValueError, InvalidOperation):
        return ""
    return ""


def capitalise(text: str) -> str:
    """The text with its first letter large and every other as it was."""
    return text[:1].upper() + text[1:]


def is_day(text: str) -> bool:
    """Whether a date field of a browser can hold this text."""
    try:
        return len(text) == len("2026-01-01") and date.fromisoformat(text) is not None
    except ValueError:
        return False
