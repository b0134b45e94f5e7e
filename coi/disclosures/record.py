"""The signature record as canonical JSON (who, what was asked, answered and agreed, when, how), and its readable copy."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH

from flask_babel import gettext as _

from coi.audit.chain import canonical_json, stamp
from coi.languages import speaking
from coi.profiles.current import zone
from coi.rules.completeness import Setting, say
from coi.rules.form import Ask, Form

FORMAT = "coi-record-1"


def text_of(record: Mapping[str, Any]) -> str:
    """The record as the one text that is kept and hashed."""
    return canonical_json(record)


def read(text: str) -> dict[str, Any]:
    """The record behind the kept text."""
    kept: dict[str, Any] = json.loads(text)
    return kept


def asked(form: Form, shown: Iterable[str], language: str, setting: Setting) -> list[dict[str, Any]]:
    """Every section and question as it was shown in one language: words, choices and who may see the answer."""
    seen = frozenset(shown)
    sections = []
    with speaking(language):
        for section in form.sections:
            questions = [question for question in section.questions if question.id in seen]
            if f"section:{section.id}" in seen or questions:
                told = {"id": section.id, **_words(section.title, section.help, language, form, setting)}
                sections.append({**told, "questions": [_asked(question, language, form, setting) for question in questions]})
    return sections


def _words(title: Any, more: Any, language: str, form: Form, setting: Setting) -> dict[str, str]:
    told = {"title": say(title, language, form, setting)}
    return {**told, "help": say(more, language, form, setting)} if more else told


def _asked(ask: Ask, language: str, form: Form, setting: Setting) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": ask.id,
        "type": ask.type,
        "visibility": ask.visibility,
        **_words(ask.title, ask.help, language, form, setting),
    }
    codes = list(ask.choices or ()) or (["yes", "no"] if ask.type == "yes_no" else [])
    if codes:
        told["choices"] = [[code, label(form, code, language)] for code in codes]
    if ask.type == "entries" and ask.entries is not None:
        told["item"] = say(ask.entries.item, language, form, setting)
        told["fields"] = [_asked(field, language, form, setting) for field in ask.entries.fields]
    return told


def label(form: Form, code: str, language: str) -> str:
    """The words for a code; a form that brings none for yes and no is answered in the house's own."""
    if code in ("yes", "no") and code not in form.labels:
        return _("Yes") if code == "yes" else _("No")
    return form.label(code, language)


def words(language: str) -> dict[str, str]:
    """The house's own words on the readable copy, kept in the record so that no later translation changes it."""
    with speaking(language):
        return {
            "title": _("Signed form"),
            "version": _("Version"),
            "person": _("Signed by"),
            "none": _("None"),
            "not_answered": _("Not answered"),
            "agreed": _("Agreed"),
            "under_the_line": _("Kept with your form; it does not have to be reported"),
            "policies": _("Policies"),
            "received": _("I received it"),
            "objection": _("I received it and object to something in it"),
            "declined": _("I decline to sign"),
            "because": _("Reason for the correction"),
            "typed_name": _("Name as typed"),
            "time": _("Signed at"),
            "imported": _("Imported by the office; not signed here"),
            "left_out": _("Answers that only the rules use are left out of copies."),
        }


def time_of(now: datetime) -> dict[str, str]:
    """The moment in UTC and in the city, and the version of the rules that turn one into the other."""
    here = zone()
    return {"utc": stamp(now), "city": now.astimezone(here).isoformat(), "zone": str(here), "zone_rules": zone_rules()}


@lru_cache
def zone_rules() -> str:
    """The release of the time zone rules in use (`2026a`): the system's, else the package's."""
    for folder in TZPATH:
        for name, marks in (("tzdata.zi", "# version "), ("+VERSION", "")):
            path = Path(folder) / name
            if path.is_file():
                return path.read_text(encoding="utf-8", errors="replace").splitlines()[0].removeprefix(marks).strip()
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return "unknown"


def readable(record: Mapping[str, Any]) -> str:
    """The copy for reading, in the signer's language, from nothing but the record: the same bytes for ever."""
    told = record["words"]
    lines = [record["form"]["title"], f"{told['title']} {record['reference']} · {told['version']} {record['version']}", ""]
    for section in record["asked"]:
        lines += [section["title"], *([section["help"]] if "help" in section else []), ""]
        for question in section["questions"]:
            lines += _question_lines(question, record)
    lines += _gone_lines(record)
    lines += _policy_lines(record)
    if record["because"]:
        lines += [told["because"], f"  {record['because']}", ""]
    person, act = record["person"], record["act"]
    titles = {question["title"] for section in record["asked"] for question in section["questions"]}
    lines += [f"{one}\n" for one in record["attestation"]["text"] if one not in titles]
    lines += [f"{told['typed_name']}: {act['typed_name']}"]
    lines += [f"{told['person']}: {person['name']} ({person['number']}), {person['title']}, {person['department']}"]
    lines += [f"{told['time']}: {record['time']['city']} ({record['time']['zone']} {record['time']['zone_rules']})"]
    lines += [told["imported"]] if record["imported"] else []
    lines += [f"{one['name']} · SHA-256 {one['sha256']}" for one in record.get("attachments", ())]
    lines += [told["left_out"]] if record.get("left_out") and "left_out" in told else []
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _question_lines(question: Mapping[str, Any], record: Mapping[str, Any]) -> list[str]:
    told, answer = record["words"], record["answers"].get(question["id"])
    lines = [question["title"], *([f"  ({question['help']})"] if "help" in question else [])]
    if question["type"] != "entries" or not isinstance(answer, list) or not answer:
        return [*lines, *(f"  {line}" for line in plain(question, answer, told).split("\n")), ""]
    reported = record["reported"].get(question["id"])
    for number, entry in enumerate(answer):
        lines.append(f"  {question['item']} {number + 1}")
        lines += [f"    {line}" for line in _entry_lines(question, entry, record, f"{question['id']}[{number}]")]
        if reported is not None and number not in reported:
            lines.append(f"    {told['under_the_line']}")
        lines += [f"    {one['told']}" for one in record.get("carried", ()) if one["here"] and one["entry"] == entry.get("_key")]
    return [*lines, ""]


def _entry_lines(ask: Mapping[str, Any], entry: Mapping[str, Any], record: Mapping[str, Any], path: str) -> list[str]:
    lines: list[str] = []
    for field in ask["fields"]:
        here, value = f"{path}.{field['id']}", entry.get(field["id"])
        if here not in record["shown"]:
            continue
        if field["type"] == "entries" and isinstance(value, list) and value:
            lines.append(field["title"])
            for number, inner in enumerate(value):
                lines.append(f"  {field['item']} {number + 1}")
                lines += [f"    {line}" for line in _entry_lines(field, inner, record, f"{here}[{number}]")]
        else:
            first, *rest = plain(field, value, record["words"]).split("\n")
            lines += [f"{field['title']} {first}", *(f"  {line}" for line in rest)]
    return lines


def plain(ask: Mapping[str, Any], answer: Any, told: Mapping[str, str]) -> str:
    """One answer in the record's own words: codes as their labels, numbers and dates as they are kept."""
    if answer is None or answer == "" or answer == []:
        return told["not_answered"]
    if ask["type"] == "entries":
        return told["none"]
    if ask["type"] == "attest":
        return told["agreed"]
    labels = dict(ask.get("choices", ()))
    if isinstance(answer, list):
        return ", ".join(labels.get(code, str(code)) for code in answer)
    if isinstance(answer, Mapping):
        return str(answer.get("text", ""))
    return str(labels.get(answer, answer))


def _gone_lines(record: Mapping[str, Any]) -> list[str]:
    """Entries of an earlier form that stand on this one no more, each with what was said of it."""
    gone = [f"{one['what']}: {one['told']}" for one in record.get("carried", ()) if not one["here"]]
    return [*gone, ""] if gone else []


def _policy_lines(record: Mapping[str, Any]) -> list[str]:
    if not record["policies"]:
        return []
    told = record["words"]
    lines = [told["policies"]]
    for policy in record["policies"]:
        lines.append(f"  {policy['title']} ({policy['version']}): {told[policy['receipt']]}")
        lines += [f"    {line}" for line in policy["objection"].split("\n") if policy["objection"]]
    return [*lines, ""]
