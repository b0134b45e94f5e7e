"""WTForms classes made at run time from a questionnaire; they hold what was typed, and leave every judgement to the rules."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField

from coi.rules.answers import Wrong, read
from coi.rules.form import Ask, Entries
from forms.base import CityForm, PartForm, showable
from forms.typed import as_typed

CHOSEN = frozenset({"yes_no", "choice", "multi", "attest"})
# Faults that no page of ours can bring about: what it offers is a fixed list.
NOT_OFFERED = frozenset({"not_a_choice", "not_yes_no", "not_agreed", "not_address"})
MOST_ENTRIES = 200
MOST_ENTRIES_OF_A_PAGE = 1000
# Every field's name ends with a full stop: so no question's name begins another's (a list `gift` would take phantom entries from
# `gift_2`), and none is an attribute of a form, whatever a city calls its questions.
STOP, SEPARATOR = ".", ":"
NAME = re.compile(r"[A-Za-z0-9][\w.-]*(?::\d{1,4}:[A-Za-z0-9][\w.-]*)*", re.ASCII)
KEY = re.compile(r"[A-Za-z0-9]{8,40}", re.ASCII)

Words = Callable[[Any], str]


def name_of(ask_id: str) -> str:
    """The name of a question's field."""
    return ask_id + STOP


def anchor_of(path: str) -> str:
    """The id on the page of what an engine's path names: `gifts[0].giver` is `gifts.:0:giver.`."""
    parts = path.replace("]", "").split(".")
    told = []
    for part in parts:
        ask_id, *numbers = part.split("[")
        told.append(SEPARATOR.join([name_of(ask_id), *numbers]))
    return SEPARATOR.join(told)


def build(asks: Iterable[Ask], words: Words, label: Callable[[str], str], base: type[CityForm] = CityForm) -> type[CityForm]:
    """A form class with a field for each question, in the reader's words."""
    fields: dict[str, UnboundField] = {}
    for ask in asks:
        fields.update(_fields(ask, words, label))
    return type("BuiltForm", (base,), fields)


def _fields(ask: Ask, words: Words, label: Callable[[str], str]) -> dict[str, Any]:
    name, title = name_of(ask.id), words(ask.title)
    if ask.entries is not None:
        entry = build(ask.entries.fields, words, label, PartForm)
        entry = type("EntryForm", (entry,), {"key": HiddenField(), "asked": HiddenField()})
        part = FormField(entry, separator=SEPARATOR)
        return {name: FieldList(part, title, separator=SEPARATOR), f"{ask.id}.none": StringField()}
    if ask.type in ("yes_no", "choice"):
        codes = ("yes", "no") if ask.type == "yes_no" else ask.choices
        return {name: RadioField(title, choices=[SelectChoice(code, label(code)) for code in codes], validate_choice=False)}
    if ask.type == "multi":
        return {
            name: SelectMultipleField(
                title, choices=[SelectChoice(code, label(code)) for code in ask.choices], validate_choice=False
            )
        }
    if ask.type == "address":
        return {name: StringField(title), f"{ask.id}.home": StringField()}
    return {name: TextAreaField(title) if ask.type == "longtext" else StringField(title)}


def only_ours(posted: Mapping[str, Any]) -> MultiDict[str, str]:
    """The posted fields whose names a page of ours could have sent; numbers of entries stay small and plain."""
    lists = posted.lists() if isinstance(posted, MultiDict) else posted.items()
    return MultiDict([(name, value) for name, values in lists if NAME.fullmatch(name) for value in values])


def offers_no_such(asks: Iterable[Ask], answers: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether an answer holds a choice that its question does not offer, and that the draft did not hold before."""
    return bool(_not_offered(asks, answers) - _not_offered(asks, old))


def _not_offered(asks: Iterable[Ask], answers: Mapping[str, Any]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for ask in asks:
        answer = answers.get(ask.id)
        if ask.entries is not None:
            for row in answer if isinstance(answer, list) else ():
                found |= _not_offered(ask.entries.fields, row) if isinstance(row, Mapping) else set()
        elif ask.type in CHOSEN or isinstance(answer, Mapping):
            told = read(ask, answer)
            found |= {(ask.id, str(answer))} if isinstance(told, Wrong) and told.code in NOT_OFFERED else set()
    return found


def too_many(posted: Mapping[str, Any]) -> bool:
    """Whether a list holds more entries than a form may have; counted before anything is built for them."""
    seen: set[str] = set()
    for name in posted:
        place = 0
        for found in re.finditer(r":(\d+):", name):
            place = found.end()
            seen.add(name[:place])
    if len(seen) > MOST_ENTRIES_OF_A_PAGE:
        return True
    counted: dict[str, int] = {}
    for prefix in seen:
        place = prefix[:-1].rfind(SEPARATOR)
        counted[prefix[:place]] = counted.get(prefix[:place], 0) + 1
    return any(count > MOST_ENTRIES for count in counted.values())


def as_data(asks: Iterable[Ask], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The kept answers as the fields of a built form take them."""
    data: dict[str, Any] = {}
    for ask in asks:
        answer = answers.get(ask.id)
        if ask.entries is not None:
            rows = answer if isinstance(answer, list) else []
            data[name_of(ask.id)] = [
                {**as_data(ask.entries.fields, row), "key": str(row.get("_key", ""))} for row in rows if isinstance(row, Mapping)
            ]
            data[f"{ask.id}.none"] = "yes" if answer == "none" else ""
        elif ask.type == "address" and isinstance(answer, Mapping):
            data[name_of(ask.id)], data[f"{ask.id}.home"] = showable(str(answer.get("text", ""))), answer.get("home", "")
        elif ask.type == "multi":
            data[name_of(ask.id)] = [str(code) for code in answer] if isinstance(answer, list) else []
        else:
            data[name_of(ask.id)] = "" if answer is None else showable(str(answer))
    return data


def as_answers(
    asks: Sequence[Ask], form: Any, asked: Iterable[str], old: Mapping[str, Any], new_key: Callable[[], str]
) -> dict[str, Any]:
    """What the page says about each question that it asked; a question that it did not ask is left as it was."""
    wanted = set(asked)
    return {ask.id: _answer(ask, form, old.get(ask.id), new_key) for ask in asks if ask.id in wanted}


def _answer(ask: Ask, form: Any, old: Any, new_key: Callable[[], str]) -> Any:
    field = form[name_of(ask.id)]
    if ask.entries is not None:
        rows = _entries(ask.entries, field, old, new_key)
        return "none" if not rows and form[f"{ask.id}.none"].data == "yes" else rows
    if ask.type == "multi":
        return list(dict.fromkeys(field.data or []))
    if ask.type == "address" and form[f"{ask.id}.home"].data:
        return {"text": field.data, "home": form[f"{ask.id}.home"].data} if field.data else ""
    return as_typed(ask.type, field.data or "")


def _entries(entries: Entries, field: Any, old: Any, new_key: Callable[[], str]) -> list[dict[str, Any]]:
    before = {row.get("_key"): row for row in old if isinstance(row, Mapping)} if isinstance(old, list) else {}
    rows: list[dict[str, Any]] = []
    taken: set[str] = set()
    for part in field.entries:
        key = part.form["key"].data or ""
        if not KEY.fullmatch(key) or key in taken:
            key = new_key()
        taken.add(key)
        kept = before.get(key, {})
        told = as_answers(entries.fields, part.form, (part.form["asked"].data or "").split(), kept, new_key)
        rows.append({"_key": key, **{name: value for name, value in {**kept, **told}.items() if name != "_key"}})
    return rows
