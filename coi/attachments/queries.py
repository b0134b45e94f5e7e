"""All reads of papers: of an entry that is being typed, of a signed version, one by its reference; changes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import g
from sqlalchemy import select

from coi.attachments import covering, keeping
from coi.db import db
from coi.disclosures import queries as filings
from coi.disclosures.facts import facts_for
from coi.languages import language
from coi.models import Attachment, Disclosure, DisclosureVersion, PaperForm, SignedAttachment
from coi.questionnaires.queries import form_of
from coi.rules.completeness import say
from coi.rules.form import Ask
from coi.rules.permissions import TYPED, Actor, Facts
from coi.vocabulary import State

MOST_OF_AN_ENTRY = 5
MOST_BYTES_OF_A_FORM = 50 * 1024 * 1024


@dataclass(frozen=True)
class Spot:
    """The entry of a draft to which a paper is added, in words."""

    disclosure: Disclosure
    key: str
    question_id: str
    title: str

    @property
    def papers(self) -> list[Attachment]:
        """What was added so far."""
        return [one for one in covering.in_draft(self.disclosure) if one.entry_key == self.key]


def spot(reference: str, key: str, actor: Actor) -> tuple[Spot, Facts] | None:
    """An entry of a draft by its key; nothing when there is no draft or no such entry."""
    found = filings.own(reference, actor)
    draft = filings.draft_of(found[0]) if found else None
    if found is None or draft is None:
        return None
    form = form_of(draft.questionnaire)
    asks = [ask for section in form.sections for ask in section.questions]
    setting = filings.setting_of(draft, g.today)
    for ask, number, entry in entries_in(asks, draft.answers):
        if entry.get("_key") == key and ask.entries is not None:
            item = say(ask.entries.item, language(), form, setting)
            name = next((str(entry[one.id]) for one in ask.entries.fields if one.type == "text" and entry.get(one.id)), "")
            title = f"{item} {number}" + (f" – {name[:80]}" if name else "")
            return Spot(found[0], key, ask.id, title), found[1]
    return None


def entries_in(asks: Iterable[Ask], answers: Mapping[str, Any]) -> Iterator[tuple[Ask, int, Mapping[str, Any]]]:
    """Every entry of every list, also of lists inside, with its list and its number from 1."""
    for ask in asks:
        rows = answers.get(ask.id)
        if ask.entries is None or not isinstance(rows, list):
            continue
        for number, row in enumerate(rows, 1):
            if isinstance(row, Mapping):
                yield ask, number, row
                yield from entries_in(ask.entries.fields, row)


@dataclass(frozen=True)
class Here:
    """One paper as somebody asks for it: the filing that it belongs to, or the paper form whose scan it is."""

    paper: Attachment
    subject: str
    as_whom: str


def one(reference: str, actor: Actor) -> tuple[Here, Facts] | None:
    """A paper by its reference; one that no signature covers is its sender's alone."""
    found = db.session.scalar(select(Attachment).where(Attachment.reference == reference))
    if found is None:
        return None
    if found.disclosure is None:
        typed = db.session.scalar(select(PaperForm).where(PaperForm.reference == found.paper))
        mine = typed is not None and typed.clerk_id == actor.person_id
        # Nobody else's, also not the person's, until it is filed.
        facts = Facts(filer_id=typed.person_id, extra=frozenset({TYPED})) if typed is not None and mine else Facts()
        return Here(found, f"paper:{found.paper}", "clerk"), facts
    facts = facts_for(found.disclosure, actor)
    if not covering.is_signed(found):
        facts = replace(facts, state=State.DRAFT, extra=frozenset())
    whom = "filer" if facts.filer_id == actor.person_id else "clerk" if TYPED in facts.extra else "office"
    return Here(found, f"disclosure:{found.disclosure.reference}", whom), facts


@dataclass(frozen=True)
class Paper:
    """One paper as a page lists it; `there` is False when its file is gone from the disk."""

    reference: str
    filename: str
    size: int
    there: bool
    scan: str


def listed(rows: Iterable[Attachment]) -> list[Paper]:
    """Papers for a page."""
    return [Paper(row.reference, row.filename, row.size, keeping.is_there(row), row.scan) for row in rows]


def of_version(version: DisclosureVersion) -> list[Attachment]:
    """The papers that a signature covers, in the order in which they came."""
    rows = select(Attachment).join(SignedAttachment, SignedAttachment.attachment_id == Attachment.id)
    return list(db.session.scalars(rows.where(SignedAttachment.version_id == version.id).order_by(Attachment.id)))


def beside(version: DisclosureVersion | None, disclosure: Disclosure | None, key: str) -> list[Paper]:
    """The papers of one entry of a signed version, else of the draft; read once for a page."""
    place = ("version", version.id) if version is not None else ("draft", disclosure.id if disclosure is not None else 0)
    kept = _read()
    if place not in kept:
        rows = of_version(version) if version is not None else covering.in_draft(disclosure) if disclosure is not None else []
        kept[place] = {}
        for row in rows:
            kept[place].setdefault(row.entry_key, []).extend(listed([row]))
    return kept[place].get(key, [])


def without_papers(version: DisclosureVersion) -> None:
    """The page knows already that no paper came with this version: `beside` asks for none."""
    _read()["version", version.id] = {}


def _read() -> dict[Any, dict[str, list[Paper]]]:
    kept: dict[Any, dict[str, list[Paper]]] = g.setdefault("papers", {})
    return kept


def bytes_of(disclosure: Disclosure) -> int:
    """How much the papers of a draft weigh."""
    return sum(row.size for row in covering.in_draft(disclosure))
