"""What a certified case file tells of a case, section by section, as the office reads it; reads only.

Internal reasoning and notes are in it, marked as such; legal advice only once released (U46); no answer that no copy may hold.
"""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from coi.db import db
from coi.disclosures.carried import carry_of
from coi.disclosures.printing import answers_blocks, gone_blocks, papers_blocks, policies_blocks, proof_block
from coi.disclosures.proof import proof_of
from coi.disclosures.queries import readers_for_filer, receipts_of
from coi.disclosures.record import read
from coi.disclosures.shown import papers_in, shown_version
from coi.languages import clock, day, language
from coi.models import Appeal, Decision, Disclosure, DisclosureVersion, Interest, Letter, Motion, Recommendation
from coi.notices.queries import SECRET
from coi.papers import Paper
from coi.plans import queries as plans
from coi.plans.words import confirmer_in_words, due_in_words, from_when, owner_in_words, words_of
from coi.review import queries as office
from coi.review.cards import tasks_of
from coi.review.standing_in import steads
from coi.review.timeline import timeline
from coi.review.words import decided_by, motion_in_words
from coi.team.queries import asked_of
from coi.vocabulary import MessageKind

Rows = list[tuple[Any, Any]]


def whole_case(paper: Paper, disclosure: Disclosure, versions: list[DisclosureVersion], through: int, on: date) -> None:
    """Every section up to one entry of the log, in the order in which a judge would read them."""
    _stands(paper, disclosure)
    for version in versions:
        _version(paper, version)
    _recommended(paper, disclosure, through)
    _decided(paper, disclosure, through)
    _appeals(paper, disclosure, through)
    _messages(paper, disclosure, through)
    _letters(paper, disclosure, through)
    _happened(paper, disclosure, through)
    _readers(paper, disclosure, on)


def _stands(paper: Paper, disclosure: Disclosure) -> None:
    owed = office.obligation(disclosure)
    who = [owed.title if owed else disclosure.filer.title, owed.department if owed else disclosure.filer.department]
    paper.page()
    paper.heading(_("The case"))
    rows: Rows = [
        (_("Filer"), disclosure.filer.name),
        (_("Employee number"), disclosure.filer.number),
        (_("Position"), " · ".join(one for one in who if one)),
        (_("Form"), f"{disclosure.kind.label} {disclosure.reporting_year}"),
        (_("Where it is"), disclosure.state.label),
        (_("Outcome"), disclosure.outcome.label if disclosure.outcome else ""),
        (_("Review priority"), disclosure.risk.label),
    ]
    paper.facts([(label, value) for label, value in rows if value])


def _version(paper: Paper, version: DisclosureVersion) -> None:
    if version.number > 1:
        paper.page()
    paper.heading(_("What was signed: version %(number)s", number=version.number))
    paper.text(_("Signed by %(name)s on %(moment)s.", name=version.signed_name, moment=clock(version.signed_at)), "quiet")
    if version.imported:
        paper.text(_("Imported by the office; not signed here."), "strong")
    if version.because:
        paper.text(_("Why it was corrected: %(reason)s", reason=version.because))
    sections, carry = shown_version(version, language()), carry_of(version)
    answers_blocks(paper, sections, 3, carry=carry)
    gone_blocks(paper, carry, 3)
    papers_blocks(paper, papers_in(read(version.record)).get("", ()), 3)
    policies_blocks(paper, receipts_of(version))
    tasks = [one for one in tasks_of(version, sections) if not one.internal]
    if tasks:
        paper.heading(_("What the rules asked the office to look at"), 3)
        paper.points([f"{one.risk.label}: {one.reason} ({_('About:')} {one.about})" for one in tasks])
    proof_block(paper, proof_of(version))


def _recommended(paper: Paper, disclosure: Disclosure, through: int) -> None:
    rows = select(Recommendation).where(Recommendation.disclosure_id == disclosure.id, Recommendation.seq <= through)
    found = list(db.session.scalars(rows.order_by(Recommendation.id)))
    if found:
        paper.page()
        paper.heading(_("What was recommended"))
    for one in found:
        told: Rows = [(_("Internal: why"), one.reasoning)]
        ended = _("no longer stands") if one.ended_seq is not None and one.ended_seq <= through else ""
        paper.entry(f"{one.outcome.label} · {one.by.name}, {clock(one.at)}", told, ended)


def _decided(paper: Paper, disclosure: Disclosure, through: int) -> None:
    found = [one for one in reversed(office.decisions(disclosure)) if one.seq <= through]
    paper.heading(_("Decisions"))
    if not found:
        paper.text(_("None yet."))
    for one in found:
        paper.heading(f"{one.outcome.label} · {day(one.at)}", 3)
        undone = _("taken back within minutes") if one.undone_seq is not None and one.undone_seq <= through else ""
        recommended = one.recommended_by.name if one.recommended_by else ""
        rows: Rows = [
            (_("Decision"), one.reference),
            (_("Decided by"), f"{decided_by(one)}, {clock(one.at)}"),
            (_("Recommended by"), recommended),
            (_("About version"), one.version.number),
            (_("Undone"), undone),
            (_("Reason for the filer"), one.reason_for_filer),
            (_("Internal reasoning, not told to the filer"), one.internal_reasoning),
        ]
        rows += [(called, each.outcome.label) for each in one.interests for called in [_called(each.interest_id)]]
        if one.referral is not None:
            told = _("The filer is told so.") if one.referral.told else _("The filer is told only that our review has ended.")
            rows.append((_("Referred to"), f"{one.referral.whom}, {day(one.referral.day)}\n{told}"))
        rows += [(_("Opened again"), f"{day(each.at)}") for each in one.reopenings if each.seq <= through]  # type: ignore[attr-defined]  # it comes with Reopening.decision
        paper.facts([(label, value) for label, value in rows if value])
        for motion in one.motions:
            _motion(paper, motion)
        _plan(paper, one, through)


def _called(interest_id: int) -> str:
    interest = db.session.get_one(Interest, interest_id)
    return interest.party or f"{interest.question_id} {(interest.entry_number or 0) + 1}"


def _motion(paper: Paper, motion: Motion) -> None:
    """How the final body voted, member by member."""
    names = office.names({one.member_id for one in motion.votes})
    votes = [(names.get(one.member_id, "?"), f"{one.ballot.label}\n{one.reason}".strip()) for one in motion.votes]
    paper.entry(motion_in_words(motion), [("", motion.text), *votes], motion.because)


def _plan(paper: Paper, decision: Decision, through: int) -> None:
    """The conditions, what the filer answered, and every step with its words."""
    plan = plans.of_decision(decision)
    if plan is None:
        return
    paper.heading(_("Conditions"), 4)
    rows: Rows = [(_("The rule"), plan.rule), (_("From when"), from_when(plan)), (_("Meanwhile"), plan.meanwhile)]
    paper.facts([(label, value) for label, value in [*rows, ("SHA-256", plan.sha256)] if value])
    numbers = {one.id: one.number for one in plan.conditions}
    for one in plan.conditions:
        rows = [
            (_("Who keeps it"), owner_in_words(one, None)),
            (_("By when"), due_in_words(one)),
            (_("How it is shown"), words_of(one.proof)),
            (_("Who confirms it"), confirmer_in_words(one, None)),
        ]
        paper.entry(f"{one.number}. {words_of(one.text)}", [(label, value) for label, value in rows if value])
    for said in plan.answers:
        rows = [
            (_("Words"), said.words),
            (_("Signed as"), said.signed_name),
            (_("Signed on"), clock(said.at)),
            ("SHA-256", said.sha256),
        ]
        paper.entry(said.answer.label, [(label, value) for label, value in rows if value])
    steps = [one for one in plan.steps if one.seq <= through]
    if steps:
        paper.heading(_("What was done"), 4)
    for step in steps:
        who = step.person.name if step.person else _("The system")
        number = numbers.get(step.condition_id or 0)
        what = f"{number}. {step.kind.label}" if number else str(step.kind.label)
        paper.entry(f"{what} · {who}, {clock(step.at)}", [("", step.words)] if step.words else [])


def _appeals(paper: Paper, disclosure: Disclosure, through: int) -> None:
    rows = select(Appeal).where(Appeal.disclosure_id == disclosure.id, Appeal.seq <= through).order_by(Appeal.id)
    found = list(db.session.scalars(rows))
    if found:
        paper.heading(_("Appeals"))
    for one in found:
        told: Rows = [(_("Against"), one.decision.reference), (_("Why"), one.reason), ("SHA-256", one.sha256)]
        if one.rest is not None:
            told.append((_("Rests until decided"), f"{one.rest.by.name}, {clock(one.rest.at)}\n{one.rest.reason}"))
        told += [(_("Decided"), f"{each.effect.label}, {each.decision.reference}") for each in one.answers if each.seq <= through]
        paper.entry(f"{one.reference}, {clock(one.at)}", told)


def _messages(paper: Paper, disclosure: Disclosure, through: int) -> None:
    """Questions, answers, notes of the office, released legal advice, questions to a supervisor."""
    thread = [one for one in office.thread(disclosure, with_notes=True) if one.seq <= through]
    paper.heading(_("Messages and notes"))
    if not thread:
        paper.text(_("None."))
    for message in thread:
        inner = {MessageKind.NOTE: _("Internal: not told to the filer"), MessageKind.LEGAL_ADVICE: _("Released by the solicitor")}
        paper.entry(
            f"{message.author.name}, {clock(message.at)}", [(message.kind.label, message.text)], inner.get(message.kind, "")
        )
    for one in asked_of(disclosure):
        if one.seq > through:
            continue
        told: Rows = [(_("Question"), one.text)]
        if one.end is not None:
            told.append((_("Answer"), one.end.text or _("Taken back")))
        paper.entry(_("To the supervisor %(name)s, %(moment)s", name=one.supervisor.name, moment=clock(one.at)), told)


def _letters(paper: Paper, disclosure: Disclosure, through: int) -> None:
    """The letters to the filer about this case, as they left."""
    decided = [f"outcome:{one.reference}" for one in office.decisions(disclosure)]
    about = or_(Letter.once.contains(disclosure.reference, autoescape=True), Letter.once.in_(decided))
    mine = select(Letter).where(Letter.person_id == disclosure.filer_id, Letter.sent_seq <= through, about)
    found = list(db.session.scalars(mine.where(Letter.kind.not_in(SECRET)).order_by(Letter.id)))
    paper.heading(_("Letters to the filer"))
    if not found:
        paper.text(_("None left yet."))
    for one in found:
        paper.entry(f"{one.subject}, {day(one.sent_at)}", [("", one.text.removeprefix(one.subject).lstrip("\n"))])


def _happened(paper: Paper, disclosure: Disclosure, through: int) -> None:
    paper.heading(_("What happened"))
    told = timeline(disclosure, [], steads(disclosure), reasons=False)
    for one in reversed(told):
        if one.seq <= through and one.kind != "read":
            paper.entry(clock(one.at), [("", one.told)])


def _readers(paper: Paper, disclosure: Disclosure, on: date) -> None:
    paper.heading(_("Who has read it"))
    readers = readers_for_filer(disclosure, on)
    paper.points([f"{one.who}, {day(one.day)}" + (f" ({one.count})" if one.count > 1 else "") for one in readers])
    if not readers:
        paper.text(_("Nobody but the filer has opened it yet."))
