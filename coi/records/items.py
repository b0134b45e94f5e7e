"""A signed version as pieces that can be taken out one by one: each answer with its place, its words and its mark; reads only.

What is internal stands in no copy (FORMAT) and is no piece. A place is the path of an answer, `because`, `policy:…` or `paper:…`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from coi.attachments.queries import of_version
from coi.disclosures.copies import without_internal
from coi.disclosures.official import is_official
from coi.disclosures.queries import receipts_of
from coi.disclosures.record import read
from coi.disclosures.shown import ANSWERED, Entry, Section, Shown, shown_version
from coi.languages import language
from coi.models import DisclosureVersion
from coi.rules.form import in_language
from coi.rules.removals import premarked
from coi.vocabulary import Receipt, RemovalGround

TYPED = ("text", "longtext", "address")
BECAUSE, POLICY, PAPER = "because", "policy:", "paper:"


@dataclass(frozen=True)
class Item:
    """One piece: where it stands in words, what was asked, what was answered, the ground under which it is marked, if any.

    `typed`: the answer is a person's own words, which may stand elsewhere, too.
    """

    version: int
    place: str
    where: str
    title: str
    text: str
    mark: RemovalGround | None
    typed: bool = False

    @property
    def key(self) -> str:
        """What names it in one filing: version and place."""
        return f"{self.version}/{self.place}"


def sections_of(version: DisclosureVersion) -> list[Section]:
    """The signed form as a copy may show it, in the reader's language."""
    return without_internal(shown_version(version, language()))


def items_of(version: DisclosureVersion) -> list[Item]:
    """Every piece of a version that has something to take out, in the order of the form. A form of the State is public whole."""
    record = read(version.record)
    whole = is_official(version.disclosure.form_id)
    found = [*_answers(version, record), *_around(version)]
    return [replace(one, mark=None) for one in found] if whole else found


def _answers(version: DisclosureVersion, record: Mapping[str, Any]) -> Iterator[Item]:
    asked = {one["id"]: one for section in record.get("asked", ()) for one in section["questions"]}
    for section in sections_of(version):
        for answer in section.answers:
            ask = asked.get(answer.question_id, {})
            value = record["answers"].get(answer.question_id)
            if answer.entries:
                yield from _entries(version.number, answer.title, answer.entries, ask, value)
            elif answer.status == ANSWERED and ask.get("type") != "attest":
                mark = premarked(answer.question_id, str(ask.get("type", "")), answer.visibility, value)
                typed = ask.get("type") in TYPED
                yield Item(version.number, answer.anchor, section.title, answer.title, answer.text, mark, typed)


def _entries(number: int, where: str, entries: Sequence[Entry], ask: Mapping[str, Any], value: Any) -> Iterator[Item]:
    fields = {one["id"]: one for one in ask.get("fields", ())}
    for entry in entries:
        row = value[entry.number - 1] if isinstance(value, list) and entry.number <= len(value) else {}
        for field in entry.fields:
            yield from _field(number, f"{where} {entry.title}", field, fields.get(field.field_id, {}), row)


def _field(number: int, where: str, field: Shown, ask: Mapping[str, Any], row: Any) -> Iterator[Item]:
    value = row.get(field.field_id) if isinstance(row, Mapping) else None
    if field.entries:
        yield from _entries(number, f"{where}: {field.title}", field.entries, ask, value)
    elif field.status == ANSWERED:
        mark = premarked(field.field_id, str(ask.get("type", "")), field.visibility, value)
        yield Item(number, field.anchor, where, field.title, field.text, mark, ask.get("type") in TYPED)


def _around(version: DisclosureVersion) -> Iterator[Item]:
    """What stands beside the answers: why it was corrected, what was said of policies, papers."""
    marked = RemovalGround.CONFIDENTIAL
    if version.because:
        yield Item(version.number, BECAUSE, _("Signature"), _("Why it was corrected"), version.because, marked, True)
    for one in receipts_of(version):
        title = in_language(one.policy_version.title, language())
        said = "\n".join(part for part in (str(one.receipt.label), one.objection) if part)
        mark = None if one.receipt is Receipt.RECEIVED else marked
        yield Item(version.number, f"{POLICY}{one.policy_version.policy_id}", _("Policies"), title, said, mark)
    for number, paper in enumerate(of_version(version), 1):
        title = _("Paper %(number)s", number=number)
        yield Item(version.number, f"{PAPER}{paper.reference}", _("Papers"), title, paper.filename, RemovalGround.OTHER)
