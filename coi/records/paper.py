"""The copy of a filing that is released: what was removed never enters it, a black bar says on which ground (U64); reads only."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from coi.attachments.queries import of_version
from coi.disclosures.official import is_official
from coi.disclosures.printing import paper_of, words_of
from coi.disclosures.queries import receipts_of
from coi.disclosures.shown import NOT_ASKED, Answer, Entry, Shown
from coi.languages import clock, day
from coi.meetings.packet_papers import with_these
from coi.models import Attachment, DisclosureVersion, Obligation, RecordsFiling, Removal
from coi.papers import Paper, Removed, plain, told_of
from coi.questionnaires.queries import form_of
from coi.records import queries
from coi.records.items import BECAUSE, PAPER, POLICY, Item, sections_of
from coi.rules.form import in_language
from coi.rules.removals import SHORTEST_ECHO
from coi.vocabulary import RemovalGround

Rows = list[tuple[Any, Any]]


class RemovedWordFound(RuntimeError):
    """A copy was not made, because an answer that must be removed would stand in it."""


class Copy:
    """One copy being made: the paper, and what is taken out of it by version and place."""

    def __init__(self, paper: Paper, filing: RecordsFiling) -> None:
        self.paper = paper
        ruled = [one for one in filing.removals if one.ruling is not None and one.ruling.approved]
        self.out = {(one.version, one.place): one for one in ruled}

    def bar(self, version: int, place: str) -> Removed | None:
        """What stands in place of an answer that is taken out."""
        found = self.out.get((version, place))
        return Removed(_("Removed: %(ground)s", ground=ground_of(found))) if found is not None else None


def ground_of(one: Removal) -> str:
    """The ground as the public reads it; another ground in its own words."""
    return one.words if one.ground is RemovalGround.OTHER else str(one.ground.label)


def copy_of(filing: RecordsFiling, owed: Obligation | None, spoken: str) -> bytes:
    """The PDF of every version that was asked for; raises RemovedWordFound rather than let a removed answer out."""
    disclosure = filing.disclosure
    versions = queries.versions_of(filing)
    title = in_language(form_of(versions[-1].questionnaire).title, spoken)
    paper = paper_of(title, disclosure.reference)
    paper.foot = _("Released for the records request %(reference)s", reference=filing.request.reference)
    copy = Copy(paper, filing)
    who = [owed.title if owed else disclosure.filer.title, owed.department if owed else disclosure.filer.department]
    paper.facts(
        [
            (_("Name"), disclosure.filer.name),
            (_("Position"), " · ".join(one for one in who if one)),
            (_("Form"), f"{disclosure.kind.label} {disclosure.reporting_year}"),
            (_("Filed on"), day(disclosure.first_submitted_at)),
        ]
    )
    if is_official(disclosure.form_id):
        paper.text(_("This form of the State is public as a whole. Nothing was removed."))
    else:
        paper.text(_("A black bar stands where an answer was removed, with the ground. Nothing else was changed."))
    for version in versions:
        _version(copy, version)
    _must_not_leak(paper, copy, queries.items_in(filing), [disclosure.filer.name, *who])
    return with_these(paper, _papers(copy, versions))


def _version(copy: Copy, version: DisclosureVersion) -> None:
    paper, number = copy.paper, version.number
    paper.heading(_("Version %(number)s", number=number))
    paper.text(_("Signed by %(name)s on %(moment)s.", name=version.signed_name, moment=clock(version.signed_at)), "quiet")
    if version.because:
        paper.facts([(_("Why it was corrected"), copy.bar(number, BECAUSE) or version.because)])
    for section in sections_of(version):
        answers = [one for one in section.answers if one.status != NOT_ASKED]
        if answers:
            paper.heading(section.title, 3)
        for answer in answers:
            _answer(copy, number, answer)
    _beside(copy, version)


def _answer(copy: Copy, number: int, answer: Answer) -> None:
    if not answer.entries:
        copy.paper.facts([(answer.title, copy.bar(number, answer.anchor) or words_of(answer))])
        return
    copy.paper.text(answer.title)
    for entry in answer.entries:
        copy.paper.entry(entry.title, _rows(copy, number, entry.fields))


def _rows(copy: Copy, number: int, fields: Iterable[Shown]) -> Rows:
    """The fields of an entry, each as a row of its own, so that each can be taken out alone."""
    told: Rows = []
    for one in fields:
        if one.status == NOT_ASKED:
            continue
        if one.entries:
            told += _inner(copy, number, one.title, one.entries)
        else:
            told.append((one.title, copy.bar(number, one.anchor) or words_of(one)))
    return told


def _inner(copy: Copy, number: int, title: str, entries: Sequence[Entry]) -> Rows:
    told: Rows = []
    for entry in entries:
        told.append((title, entry.title))
        told += _rows(copy, number, entry.fields)
    return told


def _beside(copy: Copy, version: DisclosureVersion) -> None:
    """What was said of policies, and the papers by name."""
    receipts, number = receipts_of(version), version.number
    if receipts:
        copy.paper.heading(_("Policies"), 3)
    for one in receipts:
        said = "\n".join(part for part in (str(one.receipt.label), one.objection) if part)
        place = f"{POLICY}{one.policy_version.policy_id}"
        copy.paper.facts([(in_language(one.policy_version.title, copy.paper.language), copy.bar(number, place) or said)])
    papers = of_version(version)
    if papers:
        copy.paper.heading(_("Papers"), 3)
    for count, paper in enumerate(papers, 1):
        told = copy.bar(number, f"{PAPER}{paper.reference}") or paper.filename
        copy.paper.facts([(_("Paper %(number)s", number=count), told)])


def _papers(copy: Copy, versions: Sequence[DisclosureVersion]) -> list[Attachment]:
    """The papers that go out as pages: those that no version's ruling takes out."""
    found = {one.id: one for version in versions for one in of_version(version)}
    gone = {place.removeprefix(PAPER) for _number, place in copy.out if place.startswith(PAPER)}
    return [one for one in found.values() if one.reference not in gone]


def _must_not_leak(paper: Paper, copy: Copy, items: Sequence[Item], known: Sequence[str]) -> None:
    """No removed words in anything that is printed, unless the solicitor let the same words stand elsewhere."""
    kept = [one.text for one in items if (one.version, one.place) not in copy.out] + list(known)
    printed = told_of(paper)
    for one in items:
        words = one.text.strip()
        if (one.version, one.place) not in copy.out or not one.typed or len(words) < SHORTEST_ECHO:
            continue
        if any(words in text for text in kept):
            continue
        if _as_printed(words) in printed:
            raise RemovedWordFound(f"version {one.version}, {one.place}")


def _as_printed(words: str) -> str:
    """The words as they would stand in the JSON that is set."""
    return json.dumps(plain(words))[1:-1]
