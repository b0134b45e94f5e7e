"""One certified case file: everything in a case up to one entry of the log as a PDF, and what its statement says; reads only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask_babel import gettext as _
from sqlalchemy import select

from coi.attachments.queries import of_version
from coi.audit.chain import moment, public_text, stamp
from coi.audit.queries import hash_at, names_of
from coi.audit.words import actor_in_words, sentence, subject_in_words
from coi.casefiles import contents, queries
from coi.config import release
from coi.db import db
from coi.disclosures.printing import paper_of
from coi.disclosures.queries import versions_of
from coi.exports.seal import fingerprint
from coi.languages import clock, speaking
from coi.meetings.packet_papers import with_these
from coi.models import Attachment, AuditEntry, CaseFile, DisclosureVersion, Installation
from coi.papers import Paper
from coi.plans.queries import of_filing
from coi.profiles.current import today


@dataclass(frozen=True)
class Made:
    """The PDF and what is in it: the versions, the papers, the entries of the log up to `checkpoint.size`."""

    pdf: bytes
    file: dict[str, Any]
    versions: list[dict[str, Any]]
    papers: list[dict[str, Any]]
    plans: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    checkpoint: dict[str, Any]
    at: str


def made_of(one: CaseFile, checkpoint: dict[str, Any], key: Ed25519PrivateKey, now: datetime) -> Made:
    """Makes the PDF of a case as it stood when the checkpoint was signed."""
    disclosure, through = one.disclosure, int(checkpoint["size"])
    on = today(now)
    versions = [each for each in reversed(versions_of(disclosure)) if each.seq <= through]
    log = queries.entries(disclosure, through, on)
    plans = [each for each in of_filing(disclosure) if each.seq <= through]
    papers = _papers(versions, [condition.reference for plan in plans for condition in plan.conditions], through)
    file = {
        "case_file": one.reference,
        "case": disclosure.reference,
        "purpose": one.purpose.value,
        "origin": db.session.scalars(select(Installation.origin)).one(),
        "request": one.request,
        "release": release(),
        "language": one.language,
        "as_of": through,
        "head": hash_at(through),
    }
    with speaking(one.language):
        paper = paper_of(_("Certified case file: %(name)s", name=disclosure.filer.name), disclosure.reference)
        paper.foot = f"{one.reference} · {clock(now)}"
        _certificate(paper, one, file, checkpoint, public_text(key), now)
        contents.whole_case(paper, disclosure, versions, through, on)
        _log(paper, log)
        _parts(paper, versions, papers, public_text(key))
        pdf = with_these(paper, papers, inside=True)
    return Made(
        pdf=pdf,
        file=file,
        versions=[{"number": each.number, "sha256": each.sha256, "entry": each.seq} for each in versions],
        papers=[{"paper": each.reference, "sha256": each.sha256, "entry": each.seq} for each in papers],
        plans=[{"plan": each.reference, "sha256": each.sha256, "entry": each.seq} for each in plans],
        entries=[_told(each) for each in log],
        checkpoint=checkpoint,
        at=stamp(now),
    )


def content_of(made: Made, pdf: dict[str, Any]) -> dict[str, Any]:
    """What the statement beside the PDF says and signs."""
    parts = {"versions": made.versions, "papers": made.papers, "plans": made.plans, "entries": made.entries}
    return {**made.file, **parts, "pdf": pdf, "checkpoint": made.checkpoint, "at": made.at}


def _told(entry: AuditEntry) -> dict[str, Any]:
    """An entry of the log as anybody can hash it again (PROOF 1)."""
    return {name: getattr(entry, name) for name in ("seq", "at", "actor", "event", "subject", "details", "prev", "hash")}


def _papers(versions: list[DisclosureVersion], conditions: list[str], through: int) -> list[Attachment]:
    """Every paper that a signature of the case covers, and every file that shows that a condition is kept."""
    found = {row.id: row for version in versions for row in of_version(version)}
    if conditions:
        shown = select(Attachment).where(Attachment.paper.in_(conditions), ~Attachment.in_draft, Attachment.seq <= through)
        found |= {row.id: row for row in db.session.scalars(shown)}
    return [found[number] for number in sorted(found)]


def _certificate(paper: Paper, one: CaseFile, file: dict[str, Any], checkpoint: dict[str, Any], key: str, now: datetime) -> None:
    """The first page: what this is, for what, by whose will, and what proves it."""
    paper.text(
        _(
            "This file holds everything that the City's ethics system keeps of one case: each signed version, each paper, each "
            "message, note and decision, the conditions and what was done, the letters, who read it, and its entries in the log."
        ),
        "strong",
    )
    paper.facts(
        [
            (_("Case"), one.disclosure.reference),
            (_("Filer"), one.disclosure.filer.name),
            (_("What for"), f"{one.purpose.label}\n{one.reason}"),
            (_("Asked by"), one.asked_by.name),
            (_("Approved by"), one.approved_by.name),
            (_("Made on"), clock(now)),
            (_("As of entry"), f"{file['as_of']}"),
        ]
    )
    paper.points(
        [
            _("Internal notes and internal reasoning are in it, each marked as such. The filer was not told them."),
            _("Legal advice is in it only where the solicitor released it into the case file."),
            _("Answers that only the rules use are in no copy. Readings that the law keeps quiet for now are not listed."),
        ]
    )
    paper.heading(_("Proof"))
    told = [
        (_("Certified by"), file["origin"]),
        (_("Software"), file["release"]),
        (_("Checkpoint"), _("%(size)s entries, signed %(at)s", size=checkpoint["size"], at=clock(moment(checkpoint["at"])))),
    ]
    paper.facts(told)
    paper.text(f"{checkpoint['head']}\n{checkpoint['signature']}", "mono")
    paper.text(_("Key fingerprint (SHA-256)"), "quiet")
    paper.text(fingerprint(key), "mono")


def _log(paper: Paper, log: list[AuditEntry]) -> None:
    """The entries of the log that are of the case, each with its hash."""
    paper.page()
    paper.heading(_("Entries in the audit log"))
    paper.text(_("Their exact texts stand in the signed statement beside this file; each can be hashed again."), "quiet")
    names = names_of({code for entry in log for code in (entry.actor, entry.subject)})
    for entry in log:
        who, about = actor_in_words(entry.actor, names), subject_in_words(entry.subject, names)
        paper.entry(
            f"{entry.seq} · {clock(moment(entry.at))}", [("", f"{who}: {sentence(entry, about)}"), ("", entry.hash)], entry.event
        )


def _parts(paper: Paper, versions: list[DisclosureVersion], papers: list[Attachment], key: str) -> None:
    """The SHA-256 of each part, and how anybody checks this file."""
    paper.page()
    paper.heading(_("What is certified, and how to check it"))
    rows: list[tuple[Any, Any]] = []
    for one in versions:
        rows.append((_("Version %(number)s, entry %(seq)s", number=one.number, seq=one.seq), one.sha256))
    rows += [(each.filename, each.sha256) for each in papers]
    paper.facts(rows)
    paper.points(
        [
            _(
                "Beside this PDF comes a statement (a JSON file), signed by the City with Ed25519. "
                "It holds the SHA-256 of this PDF."
            ),
            _(
                "Compare the key below with the one that the City gave you by another way. "
                "A file that brings its own key proves nothing."
            ),
            _(
                "flask case-files check STATEMENT --pdf PDF --key KEY checks signature, hashes and entries "
                "and names what was changed."
            ),
            _("A checkpoint that somebody kept from an earlier day shows whether the log itself was rewritten."),
        ]
    )
    paper.text(key, "mono")
