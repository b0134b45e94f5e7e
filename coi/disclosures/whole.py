"""My complete file (U30): everything of one's own as one tagged PDF; no flag, no internal note, no reason for reviewers."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from coi.appeals import queries as appeals
from coi.campaigns.event_words import waits_in_words
from coi.disclosures import everything, queries
from coi.disclosures.carried import carry_of
from coi.disclosures.everything import Whole
from coi.disclosures.filing import title_of, why_returned
from coi.disclosures.home import in_words
from coi.disclosures.printing import answers_blocks, gone_blocks, paper_of, papers_blocks, policies_blocks, receipt_blocks
from coi.disclosures.record import read
from coi.disclosures.shown import papers_in, shown_version
from coi.disclosures.whole_after import in_a_workbook, plan_blocks
from coi.exports.stood_in import stood_in
from coi.languages import clock, day, language
from coi.models import Decision, Disclosure, Person
from coi.papers import Paper, pdf
from coi.review import queries as office
from coi.review.referring import heard
from coi.review.words import decided_by
from coi.rules.form import in_language
from coi.team import queries as team
from coi.vendors.on_case import told_to_the_filer
from coi.vocabulary import State

Rows = list[tuple[Any, Any]]


def complete_file(person_id: int, on: date, printed: Any) -> tuple[bytes, int]:
    """The PDF, and how many filings are in it; `printed` is the moment that stands on it."""
    whole = everything.whole_of(person_id, on)
    paper = paper_of(_("My complete file"), whole.person.number or "")
    paper.foot = f"{whole.person.name} · {clock(printed)}"
    paper.text(
        _(
            "Everything that the ethics system keeps of you and that you may see, as of %(moment)s. "
            "What you typed and did not sign is yours alone and is not printed.",
            moment=clock(printed),
        )
    )
    _about_me(paper, whole)
    _due(paper, whole)
    filings = [one for year in whole.years for one, _where in year.filings]
    for disclosure in filings:
        paper.page()
        _filing(paper, disclosure, on)
    paper.page()
    _policies(paper, whole)
    _recusals(paper, whole)
    _letters(paper, whole)
    return pdf(paper), len(filings)


def _about_me(paper: Paper, whole: Whole) -> None:
    paper.heading(_("What the roster says about you"))
    paper.facts(roster_rows(whole.person))
    if whole.leave is not None and (whole.leave.leave_from or whole.leave.leave_to):
        paper.facts([(_("On leave"), f"{day(whole.leave.leave_from)} – {day(whole.leave.leave_to)}")])
    if whole.notes:
        paper.heading(_("What you told the campaign desk about it"), 3)
        paper.points([f"{day(one.at)}: {one.text}" for one in whole.notes])


def roster_rows(person: Person) -> Rows:
    """What the City knows about a person, without blanks."""
    rows: Rows = [
        (_("Name"), person.name),
        (_("Employee number"), person.number),
        (_("Position"), person.title),
        (_("Department"), person.department),
        (_("Group"), person.group),
        (_("Supervisor"), person.supervisor.name if person.supervisor else ""),
        (_("Body"), person.body),
        (_("E-mail"), person.email),
        (_("Hired on"), day(person.hired_on)),
        (_("Left on"), day(person.left_on)),
    ]
    return [(label, value) for label, value in rows if value]


def _due(paper: Paper, whole: Whole) -> None:
    paper.heading(_("What was due"))
    told = [
        f"{one.obligation.kind.label} {one.obligation.reporting_year}: {one.standing.label}"
        + (f" · {_('due on %(day)s', day=day(one.due_on)) if one.due_on else waits_in_words(one.obligation)}".rstrip(" ·"))
        + (f" · {_('filed on %(day)s', day=day(one.obligation.settled_on))}" if one.obligation.settled_on else "")
        for one in whole.owed
    ]
    told += [f"{one.kind.label} {one.reporting_year}: {_('no longer asked')}" for one in whole.ended]
    paper.points(told)
    if not told:
        paper.text(_("Nothing was due yet."))
    if whole.extensions:
        paper.heading(_("More time that you were given"), 3)
        paper.points(
            [
                f"{form}: {_('until %(day)s', day=day(more.until))} · {everything.reason_of(more)}".rstrip(" ·")
                for more, form in whole.extensions
            ]
        )
    if whole.drafts:
        paper.heading(_("Begun and not signed"), 3)
        paper.points([f"{one.kind.label} {one.reporting_year} ({one.reference})" for one in whole.drafts])


def _filing(paper: Paper, disclosure: Disclosure, on: date) -> None:
    versions = queries.versions_of(disclosure)
    title = title_of(versions[0]) if versions else disclosure.form_id
    paper.heading(f"{title}: {disclosure.kind.label} {disclosure.reporting_year}")
    _where(paper, disclosure)
    _new_contracts(paper, disclosure)
    if versions:
        paper.heading(_("Receipt"), 3)
        receipt_blocks(paper, disclosure, versions[0])
    _messages(paper, disclosure)
    for version in versions:
        newest = version.number == disclosure.version
        paper.heading(_("What you said: version %(number)s", number=version.number), 3)
        paper.text(_("Signed by %(name)s on %(moment)s.", name=version.signed_name, moment=clock(version.signed_at)), "quiet")
        if not newest:
            paper.text(_("You signed a newer version later. That one counts; this one is kept as it was."), "quiet")
        if version.because:
            paper.text(_("Why it was corrected: %(reason)s", reason=version.because))
        carry = carry_of(version)
        answers_blocks(paper, shown_version(version, language()), 4, carry=carry)
        gone_blocks(paper, carry, 4)
        papers_blocks(paper, papers_in(read(version.record)).get("", ()), 4)
        policies_blocks(paper, queries.receipts_of(version))
    readers = queries.readers_for_filer(disclosure, on)
    paper.heading(_("Who has read it"), 3)
    paper.points([f"{one.who}, {day(one.day)}" + (f" ({one.count})" if one.count > 1 else "") for one in readers])
    books = stood_in(disclosure, on)
    paper.points([in_a_workbook(one) for one in books])
    if not readers and not books:
        paper.text(_("Nobody but you has opened it yet."))


def _where(paper: Paper, disclosure: Disclosure) -> None:
    paper.facts([(_("Where it is"), in_words(disclosure))])
    returned = why_returned(disclosure)
    if returned:
        paper.heading(_("What the ethics office asks you to correct"), 3)
        paper.text(returned)
    for decision in reversed(office.decisions(disclosure)):
        if decision.undone_seq is not None or disclosure.state is State.DRAFT:
            continue
        paper.heading(_("Decided on %(day)s", day=day(decision.at)), 3)
        told = heard(decision)
        paper.text(told.outcome, "strong")
        paper.text(_("Decided by %(name)s", name=decided_by(decision)), "quiet")
        for line in (told.referred, told.reason):
            if line:
                paper.text(line)
        if not plan_blocks(paper, decision):
            paper.points(told.conditions)
        _appeal(paper, decision)


def _new_contracts(paper: Paper, disclosure: Disclosure) -> None:
    told = [
        _("%(day)s: the City has a new contract with a company that you named: %(party)s.", day=day(one.at), party=one.party)
        for one in told_to_the_filer(disclosure)
    ]
    if told:
        paper.heading(_("New contracts of the City"), 3)
        paper.points(told)


def _appeal(paper: Paper, decision: Decision) -> None:
    """Until when it could be appealed, and what the filer wrote."""
    made, until = appeals.appeal_of(decision), appeals.until_of(decision)
    if made is not None:
        told = [(_("Your appeal"), f"{made.reference}, {clock(made.at)}"), (_("Why you appealed"), made.reason)]
        paper.facts(told)
    elif until is not None:
        paper.text(_("If you disagree, you can appeal until %(day)s.", day=day(until)))
    answer = appeals.answer_by(decision)
    if answer is not None:
        paper.text(_("Decided on your appeal: %(effect)s.", effect=answer.effect.label))


def _messages(paper: Paper, disclosure: Disclosure) -> None:
    thread = office.thread(disclosure, with_notes=False)
    if thread:
        paper.heading(_("Questions and answers"), 3)
    for message in thread:
        who = _("You") if message.author_id == disclosure.filer_id else message.author.name
        paper.entry(f"{who}, {clock(message.at)}", [(message.kind.label, message.text)])
    asked = team.asked_of(disclosure)
    if asked:
        paper.heading(_("What we asked your supervisor"), 3)
    for one in asked:
        paper.entry(_("To %(name)s", name=one.supervisor.name), [(clock(one.at), one.text)])


def _policies(paper: Paper, whole: Whole) -> None:
    paper.heading(_("Policies that you signed"))
    told = []
    for one in whole.policies:
        version = one.receipt.policy_version
        title = in_language(version.title, language())
        line = f"{title} ({_('version %(version)s', version=version.version)}), {day(one.at)}: {one.receipt.receipt.label}"
        told.append("\n".join([line, *([one.receipt.objection] if one.receipt.objection else []), f"SHA-256 {version.sha256}"]))
    paper.points(told)
    if not told:
        paper.text(_("None yet."))


def _recusals(paper: Paper, whole: Whole) -> None:
    if not whole.recusals:
        return
    paper.heading(_("What you stepped aside from"))
    for line in whole.recusals:
        rows: Rows = [(_("Because of"), line.party), (_("From"), day(line.recusal.since))]
        rows += [(_("Who handles it"), line.stand_in.name)] if line.stand_in else []
        rows += [(_("Over on"), day(line.over_on))] if line.over_on else []
        paper.entry(f"{line.recusal.reference}: {line.recusal.matter}", rows)


def _letters(paper: Paper, whole: Whole) -> None:
    mine = [one for one in whole.letters if one.letter.kind not in everything.NOT_ONES_OWN]
    if not mine:
        return
    paper.heading(_("Letters to you"))
    for one in mine:
        text = one.letter.text if one.readable else _("This letter held a link that works once. It is not printed.")
        text = text.removeprefix(one.letter.subject).lstrip("\n")  # it stands above
        paper.entry(f"{one.letter.subject}, {day(one.letter.sent_at or one.letter.made_at)}", [("", text)])
