"""What a person takes away of one filing as a tagged PDF: the receipt, the signed form in words, the filled State form."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from coi.disclosures import filing, official, queries
from coi.disclosures.proof import proof_of
from coi.disclosures.shown import NONE, NOT_ASKED, Answer, Entry, Section, Shown, shown_version
from coi.languages import clock, language
from coi.models import Disclosure, DisclosureVersion, PolicyReceipt
from coi.papers import Paper, pdf
from coi.profiles.current import current_profile
from coi.questionnaires.queries import form_of
from coi.rules.form import in_language
from coi.vocabulary import Level

# Seen by filer and reviewer, in no print, copy or export (FORMAT: visibility).
NEVER_PRINTED = "internal"


def paper_of(title: str, reference: str = "") -> Paper:
    """An empty paper of this city in the reader's language."""
    return Paper(title, current_profile().city, language(), reference)


def receipt_pdf(disclosure: Disclosure, signed: DisclosureVersion) -> bytes:
    """The receipt: number, date, level, counts, policies and how to prove it; never an answer (U30)."""
    paper = paper_of(_("Receipt"), disclosure.reference)
    receipt_blocks(paper, disclosure, signed)
    return pdf(paper)


def receipt_blocks(paper: Paper, disclosure: Disclosure, signed: DisclosureVersion) -> None:
    """What a receipt says, for its own paper and for the complete file."""
    paper.text(disclosure.reference, "big")
    sections = shown_version(signed, language())
    level = str(signed.filer.get("level", ""))
    rows: list[tuple[Any, Any]] = [
        (_("City"), current_profile().city.name),
        (_("Form"), in_language(form_of(signed.questionnaire).title, language())),
        (_("Kind"), disclosure.kind.label),
        (_("Year reported"), disclosure.reporting_year),
        (_("Filed by"), disclosure.filer.name),
        (_("Signed as"), signed.signed_name),
        (_("Signed on"), clock(signed.signed_at)),
    ]
    if level in set(Level):
        rows.append((_("Level"), Level(level).label))
    rows.append((_("Version"), signed.number))
    rows.append((_("How much"), f"{filing.answers_in_words(sections)}, {filing.entries_in_words(sections)}"))
    paper.facts(rows)
    if official.is_official(disclosure.form_id):
        paper.text(filing.official_in_words(disclosure), "strong")
    policies_blocks(paper, queries.receipts_of(signed), with_words=False)
    proof = proof_of(signed)
    paper.heading(_("How to prove it"), 3)
    paper.text(filing.proof_in_words(proof))
    paper.text(f"SHA-256  {proof.sha256}\n{_('Entry %(seq)s', seq=proof.seq)}  {proof.hash}", "mono")


def policies_blocks(paper: Paper, receipts: Sequence[PolicyReceipt], with_words: bool = True) -> None:
    """What was said about each policy; an objection in words only where answers stand, too."""
    if not receipts:
        return
    paper.heading(_("Policies"), 3)
    told = []
    for one in receipts:
        version = one.policy_version
        title = in_language(version.title, language())
        line = f"{title} ({_('version %(version)s', version=version.version)}): {one.receipt.label}"
        told.append(f"{line}\n{one.objection}" if with_words and one.objection else line)
    paper.points(told)
    paper.text(_("Signing is not agreement. You give up no right under the law or your union contract."), "quiet")


def answers_blocks(paper: Paper, sections: Sequence[Section], level: int = 3, *, only_reported: bool = False) -> None:
    """Every answer in words; what is never printed is left out, and entries under the line where the form wants it so."""
    for section in sections:
        answers = [one for one in section.answers if one.status != NOT_ASKED and one.visibility != NEVER_PRINTED]
        if not answers:
            continue
        paper.heading(section.title, level)
        for answer in answers:
            _answer(paper, answer, only_reported)


def _answer(paper: Paper, answer: Answer, only_reported: bool) -> None:
    entries = [one for one in answer.entries if one.reported or not only_reported]
    if not answer.entries or (only_reported and not entries):
        paper.facts([(answer.title, _("None") if answer.entries else words_of(answer))])
        return
    paper.text(answer.title)
    for entry in entries:
        note = "" if entry.reported else _("Under the line: it need not be reported.")
        paper.entry(entry.title, rows_of(entry.fields, only_reported), note)


def rows_of(fields: Iterable[Shown], only_reported: bool = False) -> list[tuple[str, str]]:
    """The fields of an entry, lists in lists one under another."""
    told = []
    for one in fields:
        if one.status == NOT_ASKED or one.visibility == NEVER_PRINTED:
            continue
        kept = [each for each in one.entries if each.reported or not only_reported]
        text = "\n".join(_on_one_line(each) for each in kept) if one.entries else words_of(one)
        told.append((one.title, text or _("None")))
    return told


def _on_one_line(entry: Entry) -> str:
    fields = [one for one in entry.fields if one.visibility != NEVER_PRINTED and one.text]
    return f"{entry.title}: " + ", ".join(f"{one.title} {one.text}" for one in fields)


def words_of(one: Answer | Shown) -> str:
    """An answer in words, also a blank one."""
    return one.text or (_("None") if one.status == NONE else _("Not answered"))


def form_pdf(disclosure: Disclosure, signed: DisclosureVersion) -> bytes:
    """What was signed, in words, with what was said about policies and how to prove it."""
    title = in_language(form_of(signed.questionnaire).title, language())
    paper = paper_of(f"{title}: {disclosure.kind.label} {disclosure.reporting_year}", disclosure.reference)
    told = {"number": signed.number, "name": signed.signed_name, "moment": clock(signed.signed_at)}
    paper.text(_("Version %(number)s, signed by %(name)s on %(moment)s.", **told), "strong")
    if signed.because:
        paper.text(_("Why it was corrected: %(reason)s", reason=signed.because))
    answers_blocks(paper, shown_version(signed, language()), 2)
    policies_blocks(paper, queries.receipts_of(signed))
    proof = proof_of(signed)
    paper.text(filing.proof_in_words(proof), "quiet")
    paper.text(f"SHA-256  {proof.sha256}\n{_('Entry %(seq)s', seq=proof.seq)}  {proof.hash}", "mono")
    return pdf(paper)


def official_pdf(disclosure: Disclosure, signed: DisclosureVersion) -> bytes:
    """The State form as filled in, to sign by hand and to give to the office; entries under the line are left out."""
    title = in_language(form_of(signed.questionnaire).title, language())
    paper = paper_of(title, disclosure.reference)
    paper.text(filing.official_in_words(disclosure), "strong")
    paper.text(
        _("Filled in here as version %(number)s on %(moment)s.", number=signed.number, moment=clock(signed.signed_at)), "quiet"
    )
    answers_blocks(paper, shown_version(signed, language()), 2, only_reported=True)
    paper.sign(_("Signature"), _("Date"))
    return pdf(paper)
