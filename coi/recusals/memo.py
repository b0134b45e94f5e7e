"""The memorandum for the minutes (65 Pa.C.S. 1103(j)) and for the file, as a tagged PDF in the reader's language."""

from typing import Any

from flask_babel import gettext as _

from coi.languages import day, language
from coi.models import Person, StepAside
from coi.papers import Paper, pdf
from coi.profiles.current import current_profile
from coi.recusals import queries
from coi.vocabulary import Kind

# Units of the profile whose people vote: they announce, abstain and file a memorandum.
VOTING = frozenset({"elected", "board_member"})


def votes(person: Person) -> bool:
    """Whether this person sits on a body that votes."""
    known = {"title": person.title, "department": person.department, "group": person.group}
    unit = current_profile().filer_of(known, Kind.ANNUAL.value).get("unit")
    return not person.employee or bool(VOTING & set(unit if isinstance(unit, list) else [unit]))


def memo_of(recusal: StepAside) -> bytes:
    """The printable memorandum: who, which matter, the nature of the interest, and what the law asks of who votes."""
    paper = Paper(_("Memorandum: stepping aside from a matter"), current_profile().city, language(), recusal.reference)
    person = recusal.person
    paper.facts(_who(person))
    paper.heading(_("The matter"))
    paper.text(recusal.matter)
    paper.heading(_("The nature of the interest"))
    paper.text(_("I have, or may have, a conflict of interest because of:"))
    paper.text(recusal.party, "strong")
    paper.heading(_("What I do"))
    if votes(person):
        paper.points(
            [
                _("Before the vote I announce and disclose the nature of my interest in public."),
                _("I abstain: I do not vote, and I do not try to influence the vote of others."),
                _("I file this memorandum as a public record with the person who records the minutes of the meeting."),
            ]
        )
        paper.text(_("65 Pa.C.S. section 1103(j), voting conflict. Please keep this memorandum with the minutes."), "quiet")
    else:
        paper.text(
            _(
                "From %(day)s on I do no work on this matter: I do not decide, advise or discuss it at work.",
                day=day(recusal.since),
            )
        )
    paper.facts(_dates(recusal))
    paper.sign(_("Signature"), _("Date"))
    if votes(person):
        paper.sign(_("Received by the person who records the minutes"), _("Date"))
    paper.text(
        _("This is no finding against anybody. It is in the register as number %(number)s of the audit log.", number=recusal.seq),
        "quiet",
    )
    return pdf(paper)


def _who(person: Person) -> list[tuple[Any, Any]]:
    told = [(_("Name"), person.name), (_("Position"), person.title or person.body), (_("Department"), person.department)]
    return [(label, value) for label, value in told if value]


def _dates(recusal: StepAside) -> list[tuple[Any, Any]]:
    standing, over = queries.stand_in(recusal), queries.over_on(recusal)
    told = [(_("Reference"), recusal.reference), (_("From"), day(recusal.since)), (_("Entered in the register"), day(recusal.at))]
    if standing is not None:
        told.append((_("Who handles it"), standing.name))
    if over is not None:
        told.append((_("Over on"), day(over)))
    return told
