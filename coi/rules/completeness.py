"""The whole form in one pass, top to bottom: what is shown, wrong, missing, signed, reported and flagged; looks nothing up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from coi.rules.answers import MOST_ENTRIES, SPACES, Wrong, is_blank, read, says_none
from coi.rules.conditions import Test
from coi.rules.form import Ask, Form, Section, amount_in_words, day_in_words, fill
from coi.rules.periods import first_and_last
from coi.rules.scopes import Facts, Spot
from coi.vocabulary import Risk

KEY = "_key"


@dataclass(frozen=True)
class Found:
    """A record of a list that fits a name; it has `name` and the list's attributes."""

    level: str
    record: Mapping[str, Any]


class Lists(Protocol):
    """The city's lists, as far as they are loaded."""

    def loaded(self, name: str) -> bool:
        """Whether the city has loaded this list."""
        ...

    def find(self, name: str, text: str) -> Sequence[Found]:
        """Records that fit the text, the surest first."""
        ...


class NoLists:
    """A city that has loaded nothing."""

    def loaded(self, name: str) -> bool:
        """Nothing is."""
        return False

    def find(self, name: str, text: str) -> Sequence[Found]:
        """Nothing fits."""
        return ()


NO_LISTS = NoLists()


@dataclass(frozen=True)
class Setting:
    """Who files, about which year, on which day, in which city."""

    filer: Mapping[str, Any]
    reporting_year: int
    signed_on: date
    lists: Lists = NO_LISTS
    city: str = ""


@dataclass(frozen=True)
class Fault:
    """One wrong or missing answer: where, a code, and the values that its words name."""

    path: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundFlag:
    """One true trigger: `entry` counts from 0, None outside lists; `matched` are the records behind it."""

    risk: str
    reason: str
    question: str
    entry: int | None
    matched: list[Mapping[str, Any]]
    route: str = ""


@dataclass(frozen=True)
class Evaluation:
    """All that a form says about a set of answers."""

    faults: tuple[Fault, ...]
    signed: dict[str, Any]
    shown: frozenset[str]
    dropped: tuple[str, ...]
    reportable: dict[str, tuple[int, ...]]
    flags: tuple[FoundFlag, ...]
    not_checked: tuple[str, ...]
    nil: bool
    risk: Risk
    # As given, with the answers that the form's period depends on in the record's place: what texts are filled in from.
    setting: Setting
    # The DUE of the first deadline that fits these answers; nothing where none does.
    due: str = ""


def evaluate(form: Form, answers: Any, setting: Setting) -> Evaluation:
    """The form's judgement of these answers; wrong values become faults, never exceptions."""
    missing = next((name for name in sorted(form.used_thresholds) if form.row(name, setting.reporting_year) is None), None)
    if missing is not None:
        return _refused(Fault("reporting_year", "no_threshold", {"threshold": missing, "year": setting.reporting_year}), setting)
    if not isinstance(answers, Mapping):
        return _refused(Fault("", "not_an_object"), setting)
    judged = _Pass(form, setting)
    judged.go(answers)
    return judged.result()


def evaluate_review(form: Form, signed: Mapping[str, Any], answers: Mapping[str, Any], setting: Setting) -> Evaluation:
    """The same for what the reviewer is asked before deciding, over what the filer signed; only the reviewer's part comes out."""
    mine = {ask.id for ask in form.by_id.values() if ask.of_reviewer}
    kept = {name: value for name, value in signed.items() if name not in mine}
    judged = _Pass(form, setting, for_reviewer=True)
    judged.go({**kept, **answers})
    found = judged.result()
    return replace(
        found,
        faults=tuple(fault for fault in found.faults if _question(fault.path) in mine or fault.code == "unknown"),
        signed={name: value for name, value in found.signed.items() if name in mine},
        shown=frozenset(path for path in found.shown if _question(path) in mine),
        dropped=tuple(path for path in found.dropped if _question(path) in mine),
    )


def _question(path: str) -> str:
    return path.split(".")[0].split("[")[0]


def period(form: Form, setting: Setting) -> tuple[date, date]:
    """First and last day of the form's period for this filer."""
    return first_and_last(form, setting.filer, setting.reporting_year, setting.signed_on)


def say(words: Any, language: str, form: Form, setting: Setting) -> str:
    """A title, help or item in one language, with {since}, {city} and the amounts of the reporting year filled in."""
    values = {"since": day_in_words(period(form, setting)[0], language), "city": setting.city}
    for name in form.thresholds:
        row = form.row(name, setting.reporting_year)
        if row is not None:
            values[name] = amount_in_words(row)
    return fill(words, language, values)


def _refused(fault: Fault, setting: Setting) -> Evaluation:
    return Evaluation((fault,), {}, frozenset(), (), {}, (), (), nil=False, risk=Risk.NONE, setting=setting)


class _Pass:
    """One evaluation under way."""

    def __init__(self, form: Form, setting: Setting, for_reviewer: bool = False) -> None:
        self.form = form
        self.for_reviewer = for_reviewer
        self.setting = setting
        self.facts = Facts(form, setting)
        self.faults: dict[str, Fault] = {}
        self.signed: dict[str, Any] = {}
        self.shown: set[str] = set()
        self.dropped: list[str] = []
        self.reportable: dict[str, tuple[int, ...]] = {}
        self.flags: list[FoundFlag] = []
        self.entries: dict[str, list[Spot]] = {}
        self.wanted_lists: dict[str, None] = {}

    def go(self, answers: Mapping[str, Any]) -> None:
        """Reads every question in order, then raises the flags on what is signed."""
        for section in self.form.sections:
            self._section(section, answers)
        for key in answers:
            if key not in self.form.by_id:
                self._fault(printable(key), "unknown")
        for ask in self.form.by_id.values():
            if ask.triggers and ask.id in self.shown:
                self._triggers(ask)

    def result(self) -> Evaluation:
        """What came out."""
        risks = [Risk(flag.risk) for flag in self.flags]
        return Evaluation(
            faults=tuple(self.faults.values()),
            signed=self.signed,
            shown=frozenset(self.shown),
            dropped=tuple(self.dropped),
            reportable=self.reportable,
            flags=tuple(self.flags),
            not_checked=tuple(sorted(self.wanted_lists.keys() | self.facts.not_loaded)),
            nil=not self.flags and not any(self._says_something(ask) for ask in self.form.by_id.values()),
            risk=max(risks, key=lambda risk: risk.rank, default=Risk.NONE),
            setting=replace(self.setting, filer=self.facts.answered()) if self.form.period_asks else self.setting,
            due=next((due for test, due in self.form.dues if test(Spot(self.facts)) is True), ""),
        )

    def _says_something(self, ask: Ask) -> bool:
        if ask.type == "entries":
            return bool(self.entries.get(ask.id))
        return ask.type in ("text", "longtext", "address") and self.facts.values.get(ask.id) is not None

    def _fault(self, path: str, code: str, values: Mapping[str, Any] | None = None) -> None:
        self.faults.setdefault(path, Fault(path, code, values or {}))

    def _section(self, section: Section, answers: Mapping[str, Any]) -> None:
        root = Spot(self.facts)
        shown = _true(section.shows, root, otherwise=True)
        if shown:
            self.shown.add(f"section:{section.id}")
        for ask in section.questions:
            raw = answers.get(ask.id)
            self.facts.values[ask.id] = None
            if not shown or (ask.of_reviewer and not self.for_reviewer) or not _true(ask.shows, root, otherwise=True):
                self._drop(ask.id, raw)
                continue
            self.shown.add(ask.id)
            missing: dict[str, Fault] = {}
            kept, known = self._answer(ask, raw, ask.id, root, missing)
            for fault in missing.values():
                self._fault(fault.path, fault.code, fault.values)
            self.facts.values[ask.id] = known
            if kept is not None:
                self.signed[ask.id] = kept

    def _drop(self, path: str, raw: Any) -> None:
        if not is_blank(raw):
            self.dropped.append(path)

    def _answer(self, ask: Ask, raw: Any, path: str, spot: Spot, missing: dict[str, Fault]) -> tuple[Any, Any]:
        """What is signed, and what conditions see of it; a blank that is refused goes to `missing`."""
        needed = ask.required or _true(ask.needs, spot, otherwise=False)
        if ask.type == "entries":
            return self._list(ask, raw, path, spot, missing, needed)
        kept = read(ask, raw)
        if isinstance(kept, Wrong):
            self._fault(path, kept.code, kept.values)
            return None, None
        if kept is None:
            if needed:
                missing[path] = Fault(path, "blank")
            return None, None
        if ask.not_before:
            other = spot.date_of(ask.not_before)
            if isinstance(other, str) and kept < other:
                self._fault(path, "before", {"other": ask.not_before, "date": other})
                return None, None
        self._wants(ask)
        return kept, _known(ask, kept, needed)

    def _wants(self, ask: Ask) -> None:
        if ask.match and not self.facts.is_loaded(ask.match):
            self.wanted_lists[ask.match] = None

    def _list(self, ask: Ask, raw: Any, path: str, spot: Spot, missing: dict[str, Fault], needed: bool) -> tuple[Any, Any]:
        if isinstance(raw, str) and raw.strip(SPACES) == "none" and ask.none_statement:
            return "none", "none"
        if is_blank(raw):
            raw = []
            if ask.none_statement:
                missing[path] = Fault(path, "blank_or_none")
        if not isinstance(raw, list | tuple):
            self._fault(path, "not_a_list")
            return None, None
        least = max(ask.least, 1 if needed and not ask.none_statement else 0)
        if len(raw) > MOST_ENTRIES:
            self._fault(path, "too_many", {"most": MOST_ENTRIES, "count": len(raw)})
        elif len(raw) < least:
            missing[path] = Fault(path, "too_few", {"least": least, "count": len(raw)})
        top = spot.own is None
        spots: list[Spot] = []
        signed: list[dict[str, Any]] = []
        blanks: list[dict[str, Fault]] = []
        for number, entry in enumerate(raw[:MOST_ENTRIES]):
            blanks.append({} if top else missing)
            here = Spot(self.facts, own={}, outer=spot, siblings=spots, number=number, ask=ask)
            spots.append(here)
            signed.append(self._entry(ask, entry, f"{path}[{number}]", here, blanks[-1]))
        if top and spots:
            self.entries[ask.id] = spots
            self._report(ask, spots, blanks, missing)
        return (signed, tuple(spots)) if spots else (None, None)

    def _entry(self, ask: Ask, raw: Any, path: str, spot: Spot, missing: dict[str, Fault]) -> dict[str, Any]:
        own, fields = spot.fields_of(ask)
        signed: dict[str, Any] = {}
        if not isinstance(raw, Mapping):
            self._fault(path, "not_an_entry")
            spot.hidden.update(one.id for one in fields)
            return signed
        key = raw.get(KEY)
        if isinstance(key, str) and 0 < len(key) <= 64 and key.isascii() and key.replace("-", "").replace("_", "").isalnum():
            signed[KEY] = key
        names = {KEY}
        for one in fields:
            names.add(one.id)
            here = f"{path}.{one.id}"
            value = raw.get(one.id)
            shown = _true(one.shows, spot, otherwise=True)
            own[one.id] = None
            if not shown:
                spot.hidden.add(one.id)
                self._drop(here, value)
                continue
            self.shown.add(here)
            kept, own[one.id] = self._answer(one, value, here, spot, missing)
            if kept is not None:
                signed[one.id] = kept
        for name in raw:
            if name not in names:
                self._fault(f"{path}.{printable(name)}", "unknown")
        return signed

    def _report(self, ask: Ask, spots: Sequence[Spot], blanks: Sequence[dict[str, Fault]], missing: dict[str, Fault]) -> None:
        """Which entries are reported; the others need no required field."""
        reports = ask.entries.reports if ask.entries else None
        reported = []
        for spot, blank in zip(spots, blanks, strict=True):
            spot.reporting = True
            if reports is None or reports(spot) is not False:
                reported.append(spot.number)
                missing.update(blank)
            spot.reporting = False
        self.reportable[ask.id] = tuple(reported)

    def _triggers(self, ask: Ask) -> None:
        for trigger in ask.triggers:
            seen: set[Any] = set()
            for spot in self.entries.get(ask.id, []) if ask.type == "entries" else [Spot(self.facts)]:
                name = tuple(spot.name(of) for of in trigger.sums)
                spot.matched = []
                if (trigger.sums and name in seen) or trigger.test(spot) is not True:
                    continue
                seen.add(name)
                number = spot.number if ask.type == "entries" else None
                self.flags.append(FoundFlag(trigger.risk, trigger.reason, ask.id, number, spot.matched, trigger.route))


def _true(test: Test | None, spot: Spot, otherwise: bool) -> bool:
    return otherwise if test is None else test(spot) is True


def _known(ask: Ask, kept: Any, needed: bool) -> Any:
    """The answer as conditions see it."""
    if isinstance(kept, dict):
        return kept["text"]
    if isinstance(kept, list):
        return tuple(kept)
    if ask.type in ("text", "longtext") and not needed and says_none(kept):
        return None
    return kept


def printable(key: Any) -> str:
    """An unknown id as a path may hold it: bounded, without what no page can show."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in str(key)[:80])
