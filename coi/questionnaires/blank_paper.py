"""A blank form as paper: boxes to tick, lines to write on, policies, a line to sign; in the reader's language (U26, U27)."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from coi.languages import day
from coi.papers import Paper
from coi.profiles.schema import City
from coi.questionnaires.blank import BlankAsk, BlankForm, BlankSection
from coi.vocabulary import Receipt

LINES = {"longtext": 4, "address": 2}


def paper_of(form: BlankForm, city: City, policies: Sequence[str], language: str, on: date) -> Paper:
    """The form as a paper to print, fill in with a pen, sign, and hand in."""
    paper = Paper(title=form.title, city=city, language=language, reference=form.level_label)
    where = f"{city.contact.name}, {city.address}" if city.address else str(city.contact.name)
    paper.text(
        _("You may file on paper instead of on line, and you need no reason. Hand it in or send it to: %(where)s.", where=where)
    )
    paper.text(
        _("Printed on %(day)s. Questions: %(phone)s, %(hours)s", day=day(on), phone=city.contact.phone, hours=city.contact.hours),
        "quiet",
    )
    for label in (_("Your name"), _("Employee number"), _("Department"), _("For which year or event")):
        paper.write(label, 1)
    for section in form.sections:
        _section(paper, section)
    if policies:
        paper.heading(_("Policies"))
        paper.text(_("Signing is not agreement. You give up no right under the law or your union contract."))
        for title in policies:
            paper.text(title, "strong")
            paper.boxes([one.label for one in Receipt])
            paper.write(_("What I object to"), 2)
    paper.heading(_("Signature"))
    paper.write(_("Who helped me fill this in, if somebody did"), 1)
    paper.sign(_("Signature"), _("Date"))
    return paper


def _section(paper: Paper, section: BlankSection) -> None:
    paper.heading(section.title)
    paper.text(section.only_if, "strong")
    paper.text(section.help)
    for ask in section.asks:
        _ask(paper, ask, 3)


def _ask(paper: Paper, ask: BlankAsk, level: int) -> None:
    title = f"{ask.title} {_('(optional)')}" if ask.optional and ask.type != "entries" else ask.title
    paper.heading(title, level)
    paper.text(ask.only_if, "quiet")
    paper.text(ask.help, "quiet")
    paper.text(ask.readers, "quiet")
    if ask.type == "entries":
        _entries(paper, ask)
    elif ask.type == "attest":
        paper.boxes([_("Yes, I say so")])
    elif ask.choices:
        paper.boxes(ask.choices)
    else:
        paper.write("", LINES.get(ask.type, 1))


def _entries(paper: Paper, ask: BlankAsk) -> None:
    if ask.none_statement:
        paper.boxes([_("I have none to report here")])
    for number in range(1, ask.entries + 1):
        paper.text(f"{ask.item[:1].upper()}{ask.item[1:]} {number}", "big")
        for one in ask.fields:
            _ask(paper, one, 4)
    paper.text(_("More than these? Take another sheet and write your name on it."), "quiet")
