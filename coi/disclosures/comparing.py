"""What changed between two signed versions, or between what is signed and what is typed: question by question, entry by entry.

Entries are the same where their key is; where none is, the first thing said in them tells. Looks at words, writes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from coi.db import db
from coi.disclosures import queries
from coi.disclosures.record import read
from coi.disclosures.shown import (
    NONE,
    NOT_ASKED,
    Answer,
    Entry,
    PaperTold,
    Section,
    Shown,
    paper_in_words,
    papers_in,
    shown_draft,
    shown_version,
)
from coi.models import Disclosure, DisclosureVersion, Draft
from coi.rules.form import INTERNAL
from coi.vocabulary import State

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Change:
    """One thing that is different: `old` and `new` in words, or the changed fields of an entry in `inner`."""

    kind: str
    title: str
    old: str = ""
    new: str = ""
    visibility: str = ""
    inner: "tuple[Change, ...]" = field(default_factory=tuple)


@dataclass(frozen=True)
class Changes:
    """What changed in one question: the question itself, or entries of its list."""

    question_id: str
    title: str
    found: tuple[Change, ...]
    visibility: str = ""


def between(one: DisclosureVersion, other: DisclosureVersion, language: str) -> list[Changes]:
    """What the second of two signed versions says otherwise than the first; they may belong to filings of different years."""
    told = compared(shown_version(one, language), shown_version(other, language))
    loose = tuple(_of_papers(*(papers_in(read(version.record)).get("", ()) for version in (one, other))))
    return [*told, Changes("papers", _("Papers of the whole form"), loose)] if loose else told


def of_draft(disclosure: Disclosure, draft: Draft, on: date, language: str) -> list[Changes]:
    """What a correction changes, before it is signed; nothing for a form that was never signed."""
    signed = queries.version_of(disclosure) if disclosure.version else None
    if signed is None:
        return []
    boxes = {box.id for box in queries.signing_boxes(queries.form_of(draft.questionnaire))}
    return [
        one for one in compared(shown_version(signed, language), shown_draft(draft, on, language)) if one.question_id not in boxes
    ]


def last_before(disclosure: Disclosure) -> Disclosure | None:
    """The filing on the same form that this person signed last before this one, of another year or kind."""
    if disclosure.first_submitted_at is None:
        return None
    wanted = select(Disclosure).where(
        Disclosure.filer_id == disclosure.filer_id,
        Disclosure.form_id == disclosure.form_id,
        Disclosure.kind == disclosure.kind,
        Disclosure.id != disclosure.id,
        Disclosure.state.not_in([State.DRAFT, State.WITHDRAWN]),
        Disclosure.first_submitted_at < disclosure.first_submitted_at,
    )
    return db.session.scalar(wanted.order_by(Disclosure.first_submitted_at.desc(), Disclosure.id.desc()).limit(1))


def since_last(disclosure: Disclosure, language: str) -> tuple[Disclosure, list[Changes]] | None:
    """The form before this one with what changed since; None for a first one. Who asks makes sure that both may be read."""
    before = last_before(disclosure)
    old, new = (queries.version_of(before), queries.version_of(disclosure)) if before is not None else (None, None)
    return (before, between(old, new, language)) if before is not None and old is not None and new is not None else None


def compared(old: Sequence[Section], new: Sequence[Section]) -> list[Changes]:
    """Every question that is answered otherwise, in the order of the newer form; what is asked no more comes last."""
    was, now = _by_id(old), _by_id(new)
    told = []
    for question_id in [*now, *(one for one in was if one not in now)]:
        found = tuple(_of_question(was.get(question_id), now.get(question_id)))
        answer = now.get(question_id) or was[question_id]
        if found:
            told.append(Changes(question_id, answer.title, found, answer.visibility))
    return told


def within(old: Entry, new: Entry) -> tuple[Change, ...]:
    """What one entry says otherwise than it did: field by field, and its papers."""
    return tuple(_of_fields(old, new))


def _by_id(sections: Iterable[Section]) -> dict[str, Answer]:
    return {answer.question_id: answer for section in sections for answer in section.answers}


def _of_question(was: Answer | None, now: Answer | None) -> Iterable[Change]:
    before, after, known = _words(was), _words(now), now or was
    if known is not None and before != after and not ((was and was.entries) or (now and now.entries)):
        yield Change(ADDED if not before else REMOVED if not after else CHANGED, known.title, before, after, known.visibility)
    yield from _of_entries(was.entries if was else (), now.entries if now else ())


def _words(one: Answer | Shown | None) -> str:
    """What an answer says in words; nothing for what was not asked or not answered."""
    if one is None or one.status == NOT_ASKED or one.entries:
        return ""
    return one.text or (_("None") if one.status == NONE else "")


def _of_entries(was: Sequence[Entry], now: Sequence[Entry]) -> Iterable[Change]:
    pairs, added, removed = paired(was, now)
    for old, new in pairs:
        inner = tuple(_of_fields(old, new))
        if inner:
            yield Change(CHANGED, called(new), inner=inner)
    for entry in added:
        yield Change(ADDED, called(entry), inner=tuple(_said_in(entry, ADDED)))
    for entry in removed:
        yield Change(REMOVED, called(entry), inner=tuple(_said_in(entry, REMOVED)))


def paired(was: Sequence[Entry], now: Sequence[Entry]) -> tuple[list[tuple[Entry, Entry]], list[Entry], list[Entry]]:
    """Which entry became which, what is new, what is gone: by key, and what is left by the first thing said in it."""
    left, added = list(was), list(now)
    found: list[tuple[Entry, Entry]] = []
    for how in (key_of, first_said):
        waiting, added = added, []
        for entry in waiting:
            same = next((one for one in left if how(entry) and how(one) == how(entry)), None)
            if same is None:
                added.append(entry)
            else:
                left.remove(same)
                found.append((same, entry))
    order = {id(entry): place for place, entry in enumerate(now)}
    return sorted(found, key=lambda pair: order[id(pair[1])]), added, left


def key_of(entry: Entry) -> str:
    """The key that an entry keeps through corrections and years."""
    return entry.key


def first_said(entry: Entry) -> str:
    """The first text of an entry, by which people know it: mostly the name of a business or a person."""
    return next((one.text.strip().casefold() for one in entry.fields if one.text), "")


def called(entry: Entry) -> str:
    """An entry as people call it: what it is, its number, and the first thing said in it that may stand on a print."""
    named = next((one.text for one in entry.fields if one.text and not one.entries and one.visibility != INTERNAL), "")
    return f"{entry.title}: {named}" if named else entry.title


def _of_fields(old: Entry, new: Entry) -> Iterable[Change]:
    was, now = {one.field_id: one for one in old.fields}, {one.field_id: one for one in new.fields}
    for name in [*now, *(one for one in was if one not in now)]:
        before, after = was.get(name), now.get(name)
        known = after or before
        if known is None:
            continue
        inner = tuple(_of_entries(before.entries if before else (), after.entries if after else ()))
        if inner:
            yield Change(CHANGED, known.title, visibility=known.visibility, inner=inner)
        elif _words(before) != _words(after):
            told = _words(before), _words(after)
            yield Change(ADDED if not told[0] else REMOVED if not told[1] else CHANGED, known.title, *told, known.visibility)
    yield from _of_papers(old.papers, new.papers)
    if old.reported != new.reported:
        yield Change(CHANGED, _("Has to be reported"), _yes_no(old.reported), _yes_no(new.reported))


def _of_papers(was: Sequence[PaperTold], now: Sequence[PaperTold]) -> Iterable[Change]:
    """Papers that came, went, or were replaced: by one of the same name, or the only one by the only other."""
    gone = [one for one in was if one.sha256 not in {each.sha256 for each in now}]
    came = [one for one in now if one.sha256 not in {each.sha256 for each in was}]
    for new in came:
        alike = gone if len(gone) == len(came) == 1 else [one for one in gone if one.name == new.name]
        if alike:
            old = alike[0]
            gone.remove(old)
            yield Change(CHANGED, str(_("Paper replaced")), paper_in_words(old), paper_in_words(new))
        else:
            yield Change(ADDED, str(_("Paper added")), "", paper_in_words(new))
    for left in gone:
        yield Change(REMOVED, str(_("Paper taken out")), paper_in_words(left), "")


def _yes_no(told: bool) -> str:
    return str(_("Yes") if told else _("No"))


def _said_in(entry: Entry, kind: str) -> Iterable[Change]:
    for one in entry.fields:
        if one.entries:
            inner = tuple(Change(kind, called(each), inner=tuple(_said_in(each, kind))) for each in one.entries)
            yield Change(kind, one.title, visibility=one.visibility, inner=inner)
        elif _words(one):
            yield Change(kind, one.title, *(("", _words(one)) if kind == ADDED else (_words(one), "")), one.visibility)
    for paper in entry.papers:
        told = ("", paper_in_words(paper)) if kind == ADDED else (paper_in_words(paper), "")
        yield Change(kind, str(_("Added paper")), *told)


def in_short(changes: Sequence[Changes]) -> str:
    """How much changed, in words: "2 added, 1 changed"; nothing changed says so."""
    kinds = [change.kind for one in changes for change in one.found]
    if not kinds:
        return str(_("nothing changed"))
    counted = {kind: kinds.count(kind) for kind in (ADDED, CHANGED, REMOVED)}
    words = {
        ADDED: ngettext("%(num)s added", "%(num)s added", counted[ADDED]),
        CHANGED: ngettext("%(num)s changed", "%(num)s changed", counted[CHANGED]),
        REMOVED: ngettext("%(num)s taken out", "%(num)s taken out", counted[REMOVED]),
    }
    return ", ".join(words[kind] for kind in counted if counted[kind])
