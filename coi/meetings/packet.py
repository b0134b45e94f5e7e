"""The packet that a member of the final body reads: one tagged PDF of a case; no legal advice, nothing that no copy may hold."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from coi.appeals.queries import open_appeal
from coi.db import db
from coi.disclosures import comparing
from coi.disclosures.carried import carry_of
from coi.disclosures.comparing import Change
from coi.disclosures.printing import answers_blocks, gone_blocks, paper_of, policies_blocks
from coi.disclosures.shown import shown_version
from coi.languages import clock, day, dollars, language
from coi.meetings import planned, queries
from coi.meetings.packet_papers import with_papers
from coi.models import Disclosure, DisclosureVersion
from coi.papers import Paper
from coi.profiles.current import today
from coi.review import queries as review
from coi.review.cards import tasks_of
from coi.review.words import decided_by, lists_in_words
from coi.vendors.on_case import known_of
from coi.vocabulary import State


def packet_of(disclosure: Disclosure, reader: str, now: datetime) -> bytes:
    """The PDF for one reader, whose name stands on every page."""
    signed = queries.signed(disclosure)
    paper = paper_of(_("Packet: %(name)s", name=disclosure.filer.name), disclosure.reference)
    paper.foot = _("For %(name)s only, %(moment)s", name=reader, moment=clock(now))
    _facts(paper, disclosure, signed)
    _recommended(paper, disclosure)
    _flags(paper, signed)
    _interests(paper, signed, disclosure, today(now))
    paper.heading(_("What was signed"))
    told = {"number": signed.number, "name": signed.signed_name, "moment": clock(signed.signed_at)}
    paper.text(_("Version %(number)s, signed by %(name)s on %(moment)s.", **told), "quiet")
    carry = carry_of(signed)
    answers_blocks(paper, shown_version(signed, language()), 3, carry=carry)
    gone_blocks(paper, carry, 3)
    policies_blocks(paper, review.receipts(signed))
    _changes(paper, disclosure)
    _thread(paper, disclosure)
    _earlier(paper, disclosure)
    return with_papers(paper, signed)


def _facts(paper: Paper, disclosure: Disclosure, signed: DisclosureVersion) -> None:
    owed = review.obligation(disclosure)
    who = [owed.title if owed else disclosure.filer.title, owed.department if owed else disclosure.filer.department]
    paper.facts(
        [
            (_("Filer"), disclosure.filer.name),
            (_("Position"), " · ".join(one for one in who if one)),
            (_("Form"), f"{disclosure.kind.label} {disclosure.reporting_year}"),
            (_("Signed"), f"{day(signed.signed_at)} · {_('version %(number)s', number=signed.number)}"),
            (_("Review priority"), disclosure.risk.label),
        ]
    )


def _recommended(paper: Paper, disclosure: Disclosure) -> None:
    _appealed(paper, disclosure)
    sent, standing = queries.cover(disclosure), review.standing_recommendation(disclosure)
    if sent is not None:
        paper.heading(_("Before you"))
        paper.text(sent.issue)
    for one in (sent, standing):
        if one is None:
            continue
        paper.heading(_("Recommended by %(name)s: %(outcome)s", name=one.by.name, outcome=one.outcome.label), 3)
        paper.text(one.reasoning)
        for number, told in enumerate(planned.in_words(one, disclosure), 1):
            paper.entry(f"{number}. {told.text}", told.rows)
    if sent is not None:
        paper.facts(planned.terms_in_words(planned.terms_of(sent.terms)))


def _appealed(paper: Paper, disclosure: Disclosure) -> None:
    """What the filer appealed and why: a reconsideration where the body decided itself."""
    made = open_appeal(disclosure)
    if made is None:
        return
    paper.heading(_("Appeal"))
    against = f"{made.decision.outcome.label} · {decided_by(made.decision)} · {day(made.decision.at)}"
    paper.facts([(_("Against:"), against), (_("Received"), clock(made.at))])
    paper.text(made.reason)


def _flags(paper: Paper, signed: DisclosureVersion) -> None:
    paper.heading(_("What to look at"))
    told = tasks_of(signed, shown_version(signed, language()))
    paper.points([f"{one.risk.label}: {one.reason} ({_('About:')} {one.about})" for one in told if not one.internal])
    if not told:
        paper.text(_("Nothing was flagged."))
    if signed.not_checked:
        lists = lists_in_words(signed.not_checked)
        paper.text(_("These lists are not loaded, so nothing was compared with them: %(lists)s.", lists=lists), "quiet")


def _interests(paper: Paper, signed: DisclosureVersion, disclosure: Disclosure, on: date) -> None:
    named = [one for one in signed.interests if one.party]
    if not named:
        return
    owed = review.obligation(disclosure)
    department = owed.department if owed else disclosure.filer.department
    known = known_of(disclosure, named, on)
    levels = {"exact": _("same name"), "likely": _("likely the same"), "possible": _("perhaps the same")}
    paper.heading(_("What the City knows"))
    for interest in named:
        rows: list[tuple[Any, Any]] = []
        for vendor in known.get(interest.id, []):
            rows.append((levels.get(vendor.level, vendor.level), vendor.name))
            for one in vendor.deals.shown:
                until = _("until %(day)s", day=day(one.ends_on)) if one.ends_on else ""
                own = _("the filer's own department") if one.department == department else ""
                amount = dollars(one.amount) if one.amount is not None else ""
                parts = [one.number, one.department, amount, until, own]
                rows.append((_("Contract"), " · ".join(str(part) for part in parts if part)))
        nothing = "" if rows else _("Nothing of this name in the City's lists of vendors and contracts.")
        paper.entry(interest.party, rows, nothing)


def _changes(paper: Paper, disclosure: Disclosure) -> None:
    before = comparing.since_last(disclosure, language())
    if before is None:
        return
    paper.heading(_("What changed since the form of %(day)s", day=day(before[0].first_submitted_at)))
    told = [(one.title, _in_words(change)) for one in before[1] for change in one.found if change.visibility != "internal"]
    paper.facts(told)
    if not told:
        paper.text(_("nothing changed"))


def _in_words(change: Change) -> str:
    kinds = {"added": _("New"), "removed": _("Taken out"), "changed": _("Changed")}
    inner = "\n".join(_in_words(one) for one in change.inner if one.visibility != "internal")
    said = " → ".join(one for one in (change.old, change.new) if one)
    return "\n".join(one for one in (f"{kinds.get(change.kind, '')}: {change.title} {said}".strip(), inner) if one)


def _thread(paper: Paper, disclosure: Disclosure) -> None:
    thread = review.thread(disclosure, with_notes=True)
    if thread:
        paper.heading(_("Questions, answers and notes of the office"))
    for message in thread:
        paper.entry(f"{message.author.name}, {clock(message.at)}", [(message.kind.label, message.text)])


def _earlier(paper: Paper, disclosure: Disclosure) -> None:
    rows = (
        select(Disclosure)
        .where(Disclosure.filer_id == disclosure.filer_id, Disclosure.id != disclosure.id, Disclosure.state == State.DECIDED)
        .order_by(Disclosure.decided_at.desc(), Disclosure.id.desc())
        .limit(10)
    )
    told: list[tuple[Any, Any]] = []
    for one in [disclosure, *db.session.scalars(rows)]:
        for made in review.decisions(one):
            if made.undone_seq is None:
                title = f"{one.kind.label} {one.reporting_year}, {day(made.at)}"
                told.append((title, f"{made.outcome.label} · {decided_by(made)}"))
    paper.heading(_("Earlier outcomes"))
    paper.facts(told)
    if not told:
        paper.text(_("None yet."))
