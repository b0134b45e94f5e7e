"""What a person takes away of one filing as a tagged PDF: the receipt, the signed form in words, the filled State form."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from coi.disclosures import filing, official, queries
from coi.disclosures.carried import Carry, carry_of
from coi.disclosures.copies import leaves_out, without_internal
from coi.disclosures.proof import Proof, proof_of
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
    shown_version,
)
from coi.languages import clock, language
from coi.models import Disclosure, DisclosureVersion, PolicyReceipt
from coi.papers import Paper, pdf
from coi.profiles.current import current_profile
from coi.questionnaires.queries import form_of
from coi.rules.form import in_language
from coi.vocabulary import Level


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
        (filing.by_whom(disclosure), disclosure.filer.name),
        (_("Signed as"), signed.signed_name),
        (_("Signed on"), clock(signed.signed_at)),
    ]
    if told := filing.due_in_words(disclosure):
        rows.append((_("Due"), told))
    if level in set(Level):
        rows.append((_("Level"), Level(level).label))
    rows.append((_("Version"), signed.number))
    rows.append((_("How much"), filing.how_much(signed, sections)))
    paper.facts(rows)
    if official.is_official(disclosure.form_id):
        paper.text(filing.official_in_words(disclosure), "strong")
    policies_blocks(paper, queries.receipts_until(signed), with_words=False)
    proof = proof_of(signed)
    paper.heading(_("How to prove it"), 3)
    paper.text(filing.proof_in_words(proof))
    proof_block(paper, proof)


def proof_block(paper: Paper, proof: Proof) -> None:
    """The fingerprint of the record, and the entry of the log with its hash."""
    entry = _("Entry %(seq)s", seq=proof.seq)
    paper.text(f"SHA-256  {proof.sha256}\n{entry}  {proof.hash}", "mono")


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


def answers_blocks(
    paper: Paper, sections: Sequence[Section], level: int = 3, *, carry: Carry | None = None, only_reported: bool = False
) -> None:
    """Every answer in words, each entry with its papers and what was said of it against an earlier form.

    What is internal is left out, and said to be; with `only_reported` (the form of another body) entries under the line,
    papers and that sentence are left out, too.
    """
    marks = carry.marks if carry is not None else {}
    for section in without_internal(sections):
        answers = [one for one in section.answers if one.status != NOT_ASKED]
        if not answers:
            continue
        paper.heading(section.title, level)
        for answer in answers:
            _answer(paper, answer, marks, only_reported)
    if leaves_out(sections) and not only_reported:
        paper.text(left_out_in_words(), "quiet")


def left_out_in_words() -> str:
    """Why a copy says less than the page."""
    return str(_("Answers that only the rules use are left out of copies. You see them on the page of your form."))


def gone_blocks(paper: Paper, carry: Carry, level: int = 3) -> None:
    """Entries of an earlier form that stand on this one no more, each with what was said of it."""
    told = [one for one in carry.gone if not one.internal]
    if told:
        paper.heading(_("Told before, not on this form any more"), level)
        paper.facts([(f"{one.title}: {one.what}" if one.what != one.title else one.title, one.told) for one in told])


def papers_blocks(paper: Paper, papers: Sequence[PaperTold], level: int = 3) -> None:
    """Papers of the whole form, such as its scan."""
    if papers:
        paper.heading(_("Papers of the whole form"), level)
        paper.points([paper_in_words(one) for one in papers])


def _answer(paper: Paper, answer: Answer, marks: Mapping[str, str], only_reported: bool) -> None:
    entries = [one for one in answer.entries if one.reported or not only_reported]
    if not answer.entries or (only_reported and not entries):
        paper.facts([(answer.title, _("None") if answer.entries else words_of(answer))])
        return
    paper.text(answer.title)
    for entry in entries:
        notes = [] if entry.reported else [_("Under the line: it need not be reported.")]
        notes += [marks[entry.key]] if entry.key in marks and not only_reported else []
        paper.entry(entry.title, rows_of(entry.fields, only_reported) + _papers(entry, only_reported), "\n".join(notes))


def _papers(entry: Entry, only_reported: bool) -> list[tuple[str, str]]:
    return [] if only_reported else [(str(_("Added paper")), paper_in_words(one)) for one in entry.papers]


def rows_of(fields: Iterable[Shown], only_reported: bool = False) -> list[tuple[str, str]]:
    """The fields of an entry, lists in lists one under another."""
    told = []
    for one in fields:
        if one.status == NOT_ASKED:
            continue
        kept = [each for each in one.entries if each.reported or not only_reported]
        text = "\n".join(_on_one_line(each, only_reported) for each in kept) if one.entries else words_of(one)
        told.append((one.title, text or _("None")))
    return told


def _on_one_line(entry: Entry, only_reported: bool) -> str:
    asked = [one for one in entry.fields if one.status != NOT_ASKED]
    told = [f"{one.title} {words_of(one)}" for one in asked] + [
        f"{title} {text}" for title, text in _papers(entry, only_reported)
    ]
    return f"{entry.title}: " + ", ".join(told)


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
    carry = carry_of(signed)
    answers_blocks(paper, shown_version(signed, language()), 2, carry=carry)
    gone_blocks(paper, carry, 2)
    papers_blocks(paper, papers_in(read(signed.record)).get("", ()), 2)
    policies_blocks(paper, queries.receipts_until(signed))
    proof = proof_of(signed)
    paper.text(filing.proof_in_words(proof), "quiet")
    proof_block(paper, proof)
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
