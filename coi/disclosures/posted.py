"""Reads what a page of the form posts: answers to what it asked, words about policies, the button that was pressed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from coi.disclosures.carrying import CHANGED, ENDED, MISTAKE, ONCE, SAME
from coi.models import PolicyVersion
from coi.questionnaires.keys import new_key
from coi.rules.form import Ask, Form
from coi.typed import OF_THE_PAGE
from coi.vocabulary import Receipt
from forms.base import LONGEST_TEXT, OUTSIDE, UNKNOWN, PartForm, note_odd, tidy, unwritable
from forms.built import (
    KEY,
    MOST_ENTRIES,
    MOST_ENTRIES_OF_A_PAGE,
    SEPARATOR,
    STOP,
    as_answers,
    build,
    offers_no_such,
    only_ours,
    too_many,
)
from forms.typed import as_typed

LONGEST_PRESS = 400
LONGEST_KEPT = 10 * LONGEST_TEXT  # a draft may hold what is too long to be signed, within bounds
CARRIED = "carried."
BESIDE_ANSWERS = frozenset({"asked", "revision", "press", "key", "agreed", "signed_name"}) | OF_THE_PAGE
RECEIPTS = frozenset({"", *Receipt})  # "" says nothing: on paper it stands for what the paper does not say
SAID = frozenset({SAME, CHANGED, ENDED, MISTAKE, ONCE})


@dataclass
class Posted:
    """One page as it came: `answers` to the questions that it asked, `faults` by anchor when it can't be kept at all."""

    answers: dict[str, Any]
    policies: dict[str, dict[str, str]]
    press: str
    revision: int
    faults: dict[str, str] = field(default_factory=dict)
    went: str = ""
    gone: dict[str, str] = field(default_factory=dict)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_page(form: Form, posted: MultiDict[str, str], old: Mapping[str, Any], policies: Iterable[PolicyVersion]) -> Posted:
    """What a page says; an entry's fields that it did not show stay as they were, a button nobody knows changes nothing."""
    told = Posted({}, _policies(posted, policies), posted.get("press", "")[:LONGEST_PRESS], _number(posted.get("revision", "")))
    if too_many(posted):
        told.faults[""] = _("A list can hold at most %(most)s entries. Nothing of this page was kept.", most=MOST_ENTRIES)
        return told
    asks = [ask for section in form.sections for ask in section.questions if not ask.of_reviewer]
    ours = only_ours(posted)
    fields = build(asks, lambda _words: "", lambda code: code, PartForm)(formdata=ours)
    told.said = _said(posted)
    asked = [name for value in posted.getlist("asked") for name in value.split()]
    told.gone = {
        name.removesuffix(STOP): value.strip()
        for name, value in ours.items()
        if value.strip() and name.endswith(STOP) and SEPARATOR not in name and name.removesuffix(STOP) not in form.by_id
    }
    told.answers = as_answers(asks, fields, asked, old, new_key)
    if offers_no_such(asks, told.answers, old) or any(one["receipt"] not in RECEIPTS for one in told.policies.values()):
        note_odd(OUTSIDE)
    told.faults = _not_to_be_kept(posted)
    _press(told, form, {**old, **told.answers})
    return told


def note_strange(posted: MultiDict[str, str]) -> None:
    """Marks fields such as `status` or `owner_id`: read by nothing here, and sent by no page of a form (F30).

    Every answer's name holds a full stop; one of those may come from a page of an earlier version of the form.
    """
    if any("." not in name and name not in BESIDE_ANSWERS for name in posted):
        note_odd(UNKNOWN)


def _not_to_be_kept(posted: MultiDict[str, str]) -> dict[str, str]:
    """What no draft takes: characters that nothing can carry, and texts far longer than any answer may be."""
    faults: dict[str, str] = {}
    for name, value in posted.items(multi=True):
        if len(value) > LONGEST_KEPT:
            faults[name] = _("Write at most %(most)s characters. You have %(count)s.", most=LONGEST_TEXT, count=len(value))
        elif unwritable(value.replace("\r", "\n")):
            faults[name] = _("This holds a character that can't be kept. Type the text instead of pasting it.")
    return faults


def _policies(posted: MultiDict[str, str], policies: Iterable[PolicyVersion]) -> dict[str, dict[str, str]]:
    return {
        str(one.id): {
            "receipt": posted.get(f"policy.{one.id}", "")[:40],
            "objection": tidy(posted.get(f"objection.{one.id}", "")),
        }
        for one in policies
        if f"policy.{one.id}" in posted
    }


def _said(posted: MultiDict[str, str]) -> dict[str, dict[str, Any]]:
    """What the page says anew of entries of an earlier form; what it only repeats of what it was shown with is no word."""
    told: dict[str, dict[str, Any]] = {}
    for name in [name for name in posted if name.startswith(CARRIED) and name.endswith(".was")][:MOST_ENTRIES_OF_A_PAGE]:
        place = name.removesuffix(".was")
        said, on = posted.get(place, "")[:20], as_typed("date", tidy(posted.get(f"{place}.on", ""))[:40])
        if said and said not in SAID:
            note_odd(OUTSIDE)
        if said not in SAID or f"{said} {on if said == ENDED else ''}".strip() == posted[name].strip():
            continue
        question, _dot, key = place.removeprefix(CARRIED).rpartition(".")
        once = {"said": ENDED, "on": "", "once": True}
        told[f"{question}/{key}"] = once if said == ONCE else {"said": said, "on": on if said == ENDED else ""}
    return told


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _press(told: Posted, form: Form, answers: Mapping[str, Any]) -> None:
    """Carries out `add:<list>` and `remove:<list>:<key>` on the answers."""
    verb, _colon, rest = told.press.partition(":")
    if verb == "add":
        way, _equals, key = rest.partition("=")
        _add(told, form, answers, way.split("/"), key if KEY.fullmatch(key) else new_key())
    elif verb == "remove":
        name, _colon, key = rest.partition(":")
        rows = answers.get(name)
        if name in form.by_id and isinstance(rows, list):
            told.answers[name] = _without(rows, key)
            told.went = name


def _add(told: Posted, form: Form, answers: Mapping[str, Any], way: list[str], key: str) -> None:
    """`d_gifts` or `d_gifts/<entry key>/items`; the new key came with the button, so pressing twice adds one."""
    ask = form.by_id.get(way[0])
    if ask is None or ask.entries is None or len(way) not in (1, 3):
        return
    rows = answers.get(ask.id)
    rows = [dict(row) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    if len(way) == 1:
        told.answers[ask.id] = _with(rows, key)
        told.went = f"{ask.id}[{len(told.answers[ask.id]) - 1}]"
        return
    inner: Ask | None = next((one for one in ask.entries.fields if one.id == way[2] and one.entries is not None), None)
    for place, row in enumerate(rows):
        if inner is not None and row.get("_key") == way[1]:
            row[inner.id] = _with(row[inner.id] if isinstance(row.get(inner.id), list) else [], key)
            told.answers[ask.id] = rows
            told.went = f"{ask.id}[{place}].{inner.id}[{len(row[inner.id]) - 1}]"


def _with(rows: list[Any], key: str) -> list[Any]:
    there = any(isinstance(row, Mapping) and row.get("_key") == key for row in rows)
    return rows if there or len(rows) >= MOST_ENTRIES else [*rows, {"_key": key}]


def _without(rows: list[Any], key: str) -> list[Any]:
    """The rows, also those of lists inside, without the entry of this key."""
    return [
        {name: _without(value, key) if isinstance(value, list) and name != "_key" else value for name, value in row.items()}
        if isinstance(row, Mapping)
        else row
        for row in rows
        if not (isinstance(row, Mapping) and row.get("_key") == key)
    ]
