"""Entries of earlier forms, one by one: which come back, what is said of each, what that does to the answers; writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from coi.disclosures.sameness import same
from coi.models import CarriedEntry, DisclosureVersion
from coi.questionnaires.queries import form_of
from coi.rules.completeness import Evaluation, Setting, evaluate, period
from coi.rules.form import Ask, Form, questions_read
from coi.vocabulary import Carried

SAME, CHANGED, ENDED, MISTAKE = (one.value for one in Carried)
# What a page offers besides the four: a thing that happened once, on the day that its entry names.
ONCE = "once"
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """One entry of an earlier signed form; `asked` is false for one of the version that is being corrected: only its loss is."""

    question: str
    key: str
    entry: Mapping[str, Any]
    fields: frozenset[str]
    version_id: int
    reference: str
    signed_on: date
    asked: bool = True

    @property
    def id(self) -> str:
        """How a draft calls it."""
        return f"{self.question}/{self.key}"


@dataclass(frozen=True)
class Standing:
    """What is said of one entry now; `fault` is what keeps the form from being signed, `present` whether it stands on it."""

    item: Item
    said: str
    on: str
    once: bool
    present: bool
    fault: str = ""

    @property
    def day(self) -> date | None:
        """The day on which it ended."""
        return day_of(self.on) if self.said == ENDED else None


def items_of_version(version: DisclosureVersion, signed_on: date, asked: bool = True) -> list[Item]:
    """Every entry with a key that a version holds."""
    form = form_of(version.questionnaire)
    told = []
    for ask in form.by_id.values():
        rows = version.answers.get(ask.id)
        if ask.entries is None or ask.of_reviewer or not isinstance(rows, list):
            continue
        fields = frozenset(one.id for one in ask.entries.fields)
        for row in rows:
            if isinstance(row, Mapping) and row.get("_key"):
                key, reference = str(row["_key"]), version.disclosure.reference
                told.append(Item(ask.id, key, row, fields, version.id, reference, signed_on, asked))
    return told


def begun(
    form: Form, setting: Setting, answers: Mapping[str, Any], versions: Sequence[DisclosureVersion], days: Mapping[int, date]
) -> dict[str, Any]:
    """What a new draft brings back of earlier versions, the newest first: entries that this form can ask, and other answers."""
    if not versions:
        return {}
    last = plain_answers(form, versions[-1].answers)
    seen: dict[str, Item] = {}
    for version in reversed(versions):
        for item in items_of_version(version, days[version.id]):
            seen.setdefault(item.id, item)
    lists = {item.question for item in seen.values()}
    asked = {
        name for name in lists if name in form.by_id and name in _shown(form, opened(form, setting, answers, name, last), setting)
    }
    items = [item for name in form.by_id for item in seen.values() if item.question == name and name in asked]
    return kept(items, {}, last, days[versions[-1].id])


def begun_again(
    items: Sequence[Item], rows: Sequence[CarriedEntry], form: Form, last: Mapping[str, Any], last_on: date
) -> dict[str, Any]:
    """What the draft of a correction brings along: what the version said before, and its own entries, should one be lost."""
    said = {}
    for row in rows:
        day = row.ended_on.isoformat() if row.ended_on else ""
        said[f"{row.question_id}/{row.entry_key}"] = {"said": row.said.value, "on": day}
    return kept(items, said, plain_answers(form, last), last_on)


def kept(items: Iterable[Item], said: Mapping[str, Told], last: Mapping[str, Any], last_on: date) -> dict[str, Any]:
    """As the draft keeps it."""
    return {
        "items": [
            {
                "question": one.question,
                "entry": dict(one.entry),
                "fields": sorted(one.fields),
                "version": one.version_id,
                "reference": one.reference,
                "signed_on": one.signed_on.isoformat(),
                "asked": one.asked,
            }
            for one in items
        ],
        "said": {name: dict(told) for name, told in said.items()},
        "gone": [],
        "last": dict(last),
        "last_on": last_on.isoformat(),
    }


def plain_answers(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers outside lists, to be shown beside their questions; what is sworn by a box is sworn anew."""
    return {
        ask.id: answers[ask.id]
        for ask in form.by_id.values()
        if ask.entries is None and ask.type != "attest" and not ask.of_reviewer and answers.get(ask.id) not in (None, "", [])
    }


def items_in(carried: Mapping[str, Any], form: Form) -> list[Item]:
    """The entries that a draft brings back, in lists that the form still has."""
    told = []
    for one in carried.get("items", ()):
        ask = form.by_id.get(one["question"])
        if ask is None or ask.entries is None:
            continue
        names = {field.id for field in ask.entries.fields}
        entry = {name: value for name, value in one["entry"].items() if name in names or name == "_key"}
        fields = frozenset(one["fields"]) & names
        day = date.fromisoformat(one["signed_on"])
        told.append(Item(ask.id, entry["_key"], entry, fields, one["version"], one["reference"], day, one["asked"]))
    return told


def standings(
    form: Form, answers: Mapping[str, Any], carried: Mapping[str, Any], setting: Setting, found: Evaluation
) -> list[Standing]:
    """What is said of each entry, and what is still to be said, in the order of the form."""
    said, gone, there = carried.get("said", {}), set(carried.get("gone", ())), present(found)
    start = period(form, found.setting)[0]
    told = []
    for item in items_in(carried, form):
        mine, here = said.get(item.id) or {}, item.id in there
        fault = _fault(item, mine, here, item.id in gone, start, setting.signed_on)
        row = row_of(answers, item)
        what = mine.get("said", "")
        if not fault and what == CHANGED and row is not None and not differs(item, row):
            fault = "unchanged"
        if what == SAME and here and row is not None and differs(item, row):
            what = CHANGED
        told.append(
            Standing(
                item, "" if fault in ("gone", "unanswered") else what, mine.get("on", ""), bool(mine.get("once")), here, fault
            )
        )
    order = list(form.by_id)
    return sorted(told, key=lambda one: order.index(one.item.question))


def _fault(item: Item, told: Told, here: bool, gone: bool, start: date, on: date) -> str:
    said = told.get("said", "")
    if not said:
        return "" if here and not item.asked else ("gone" if gone or not item.asked else "unanswered")
    if said == ENDED:
        day = day_of(told.get("on", ""))
        if day is None:
            return "no_day" if not told.get("on") else "not_a_day"
        if day > on:
            return "future"
    return "gone" if belongs(told, start) and not here else ""


def belongs(told: Told, start: date) -> bool | None:
    """Whether an entry of which this is said stands on the form: what ended before the period does not; None is not known."""
    if told.get("said") == ENDED:
        day = day_of(told.get("on", ""))
        return None if day is None else day >= start
    return told.get("said") in (SAME, CHANGED)


def day_of(text: Any) -> date | None:
    """A typed day, or None when it is none that an office could mean."""
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        return None
    return day if len(str(text)) == len("2026-01-01") and day.year >= 1900 else None


def once_day(form: Form, item: Item, start: date) -> str:
    """The day on which the thing happened, where its entry names one day alone and that lies before the period; else nothing."""
    ask = form.by_id[item.question]
    days = [one.id for one in ask.entries.fields if one.type == "date"] if ask.entries else []
    told = str(item.entry.get(days[0], "")) if len(days) == 1 else ""
    day = day_of(told)
    return told if day is not None and day < start else ""


def after(
    form: Form, setting: Setting, answers: Mapping[str, Any], carried: Mapping[str, Any], told: Mapping[str, Told]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers and what is said, once `told` is said: entries are put on the form or taken off it, and each loss is seen."""
    items = items_in(carried, form)
    kept_answers, said, gone = dict(answers), dict(carried.get("said", {})), list(carried.get("gone", ()))
    if not items:
        return kept_answers, dict(carried)
    start = period(form, evaluate(form, answers, setting).setting if form.period_asks else setting)[0]
    for item in items:
        new = told.get(item.id)
        if new is not None and new.get("once"):
            new = {**new, "on": once_day(form, item, start)}
        if new is None or new == said.get(item.id):
            continue
        said[item.id] = dict(new)
        stays = belongs(new, start)
        if stays:
            last = carried.get("last", {})
            kept_answers = with_item(form, setting, kept_answers, item, last, again=new["said"] == SAME)
        elif stays is False:
            kept_answers = without_item(form, kept_answers, item)
    there = present(evaluate(form, kept_answers, setting))
    for item in items:
        mine, row = said.get(item.id), row_of(kept_answers, item)
        if mine and belongs(mine, start) and item.id not in there:
            del said[item.id]
            gone = [*gone, item.id]
        elif mine and mine["said"] == SAME and row is not None and differs(item, row):
            said[item.id] = {"said": CHANGED, "on": ""}
    return kept_answers, {**carried, "said": said, "gone": list(dict.fromkeys(gone))}


def present(found: Evaluation) -> set[str]:
    """The entries that would be signed."""
    return {
        f"{name}/{row.get('_key')}"
        for name, rows in found.signed.items()
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, Mapping)
    }


def row_of(answers: Mapping[str, Any], item: Item) -> Mapping[str, Any] | None:
    """The entry as the draft holds it now."""
    rows = answers.get(item.question)
    mine = [row for row in rows if isinstance(row, Mapping) and row.get("_key") == item.key] if isinstance(rows, list) else []
    return mine[0] if mine else None


def differs(item: Item, row: Mapping[str, Any]) -> bool:
    """Whether the entry says something else than it did; a field that was not asked then is no change."""
    return any(not same(row.get(name), item.entry.get(name)) for name in item.fields)


def with_item(
    form: Form, setting: Setting, answers: Mapping[str, Any], item: Item, last: Mapping[str, Any], again: bool
) -> dict[str, Any]:
    """The answers with the entry on its list, under its own key; `again` puts it back to what it said."""
    rows = answers.get(item.question)
    rows = [row for row in rows if isinstance(row, Mapping) and not _blank(row)] if isinstance(rows, list) else []
    there = row_of(answers, item)
    if there is None or _blank(there):
        rows = [*rows, dict(item.entry)]
    elif again:
        fresh = {name: value for name, value in there.items() if name not in item.fields} | dict(item.entry)
        rows = [fresh if row.get("_key") == item.key else row for row in rows]
    told = {**answers, item.question: rows}
    return opened(form, setting, told, item.question, last)


def without_item(form: Form, answers: Mapping[str, Any], item: Item) -> dict[str, Any]:
    """The answers without the entry; the question that opened a list which is empty now is to be answered anew."""
    if row_of(answers, item) is None:
        return dict(answers)
    rows = [row for row in answers[item.question] if not (isinstance(row, Mapping) and row.get("_key") == item.key)]
    told = {**answers, item.question: rows}
    if not rows:
        for door in doors_of(form, item.question):
            if form.by_id[door].type == "yes_no" and told.get(door) == "yes":
                told.pop(door)
    return told


def opened(form: Form, setting: Setting, answers: Mapping[str, Any], question: str, last: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with what makes the form ask this list: as it was answered when the list was filled in."""
    told = dict(answers)
    if question in _shown(form, told, setting):
        return told
    for door in doors_of(form, question):
        told[door] = last.get(door, "yes" if form.by_id[door].type == "yes_no" else told.get(door))
    if question in _shown(form, told, setting):
        return told
    for door in doors_of(form, question):
        if form.by_id[door].type == "yes_no":
            told[door] = "yes"
    return told if question in _shown(form, told, setting) else dict(answers)


def doors_of(form: Form, question: str) -> list[str]:
    """The questions that decide whether a list is asked, and those that decide about them, in the order of the form."""
    found: set[str] = set()
    waiting = [question]
    while waiting:
        ask: Ask = form.by_id[waiting.pop()]
        read = questions_read(ask.show_if) | questions_read(form.section_of[ask.id].show_if)
        waiting += [name for name in read if name in form.by_id and name not in found]
        found |= {name for name in read if name in form.by_id}
    return [name for name in form.by_id if name in found]


def held_doors(form: Form, told: Iterable[Standing]) -> set[str]:
    """The questions to which "no to all" says nothing: an entry of an earlier form stands behind them, or is still to be told."""
    return {door for one in told if one.present or one.fault for door in doors_of(form, one.item.question)}


def _shown(form: Form, answers: Mapping[str, Any], setting: Setting) -> frozenset[str]:
    return evaluate(form, answers, setting).shown


def _blank(row: Mapping[str, Any]) -> bool:
    return all(value in (None, "", []) for name, value in row.items() if name != "_key")
