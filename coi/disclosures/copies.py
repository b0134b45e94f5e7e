"""What may leave the pages of a filing: all but what is internal (FORMAT: in no print, copy or export); changes no record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from coi.disclosures.shown import NOT_ASKED, Answer, Entry, Section, Shown
from coi.rules.form import INTERNAL


def is_internal(one: Answer | Shown | Mapping[str, Any]) -> bool:
    """Whether an answer, a field or a question of a record is left out of copies."""
    visibility = one["visibility"] if isinstance(one, Mapping) else one.visibility
    return bool(visibility == INTERNAL)


def without_internal(sections: Iterable[Section]) -> list[Section]:
    """Sections as a copy shows them; one of which nothing is left stays away."""
    kept = [replace(one, answers=tuple(_answer(each) for each in one.answers if not is_internal(each))) for one in sections]
    return [one for one in kept if one.answers]


def _answer(one: Answer) -> Answer:
    return replace(one, entries=_entries(one.entries)) if one.entries else one


def _entries(rows: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(replace(one, fields=tuple(_field(each) for each in one.fields if not is_internal(each))) for one in rows)


def _field(one: Shown) -> Shown:
    return replace(one, entries=_entries(one.entries)) if one.entries else one


def leaves_out(sections: Iterable[Section]) -> bool:
    """Whether a copy of these sections says less than their page."""

    def fields(rows: Iterable[Shown]) -> bool:
        return any(one.status != NOT_ASKED and (is_internal(one) or entries(one.entries)) for one in rows)

    def entries(rows: Iterable[Entry]) -> bool:
        return any(fields(one.fields) for one in rows)

    return any(
        one.status != NOT_ASKED and (is_internal(one) or entries(one.entries)) for section in sections for one in section.answers
    )


def copy_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """A signed record as a copy may hold it; `left_out` names the paths that only the record itself has.

    A record without anything internal comes back as it is, so that its copy has the fingerprint that was signed.
    """
    if not any(_holds_internal(question) for section in record.get("asked", ()) for question in section["questions"]):
        return dict(record)
    gone: list[str] = []
    asked, answers = [], dict(record["answers"])
    for section in record["asked"]:
        asked.append({**section, "questions": _asked(section["questions"])})
        for question in section["questions"]:
            _strip(question, answers, question["id"], gone)
    told = {**record, "asked": asked, "answers": answers, "left_out": gone}
    # What hangs on an entry goes with it: its papers, and what was said of it against an earlier form.
    keys = set(_keys(record["answers"])) - set(_keys(answers))
    hidden = {one["id"] for section in record["asked"] for one in section["questions"] if is_internal(one)}
    if "carried" in told:
        told["carried"] = [one for one in told["carried"] if one["entry"] not in keys and one["question"] not in hidden]
    if "attachments" in told:
        told["attachments"] = [one for one in told["attachments"] if one["key"] not in keys]
    return told


def _holds_internal(question: Mapping[str, Any]) -> bool:
    return is_internal(question) or any(_holds_internal(one) for one in question.get("fields", ()))


def _asked(questions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**one, "fields": _asked(one["fields"])} if "fields" in one else dict(one) for one in questions if not is_internal(one)
    ]


def _strip(question: Mapping[str, Any], answers: dict[str, Any], path: str, gone: list[str]) -> None:
    """Takes what is internal out of `answers`, and writes down where it was."""
    name = question["id"]
    if name not in answers:
        return
    if is_internal(question):
        del answers[name]
        gone.append(path)
    elif isinstance(answers[name], list) and "fields" in question:
        rows = [dict(row) if isinstance(row, Mapping) else row for row in answers[name]]
        for number, row in enumerate(rows):
            for field in question["fields"] if isinstance(row, dict) else ():
                _strip(field, row, f"{path}[{number}].{field['id']}", gone)
        answers[name] = rows


def _keys(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("_key"), str):
            yield value["_key"]
        for one in value.values():
            yield from _keys(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _keys(one)
