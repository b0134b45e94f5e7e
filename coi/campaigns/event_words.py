"""The events of forms as the desk and the filer read them: which day is known, who waits for one, and what a day would do."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from coi.audit.chain import moment
from coi.audit.queries import names_of
from coi.audit.words import actor_in_words
from coi.campaigns.entering import Plan, event_for, waiting
from coi.campaigns.event_days import Days, events_to_enter
from coi.db import db
from coi.errors import Refused
from coi.languages import day, language
from coi.models import AuditEntry, EventDate, Obligation, Person
from coi.people import queries as roster
from coi.profiles.current import current_profile
from coi.questionnaires.queries import form_of, library, newest
from coi.questionnaires.uses import kinds_of
from coi.rules.form import Form, in_language

SHOWN, NAMED = 50, 5


@dataclass(frozen=True)
class Awaited:
    """One event of one form in use: its day for everybody, if known, and how many people have no due date for want of it."""

    form_id: str
    event: str
    title: str
    name: str
    happens_on: date | None
    people: int

    @property
    def code(self) -> str:
        """How a choice calls it."""
        return f"{self.form_id}~{self.event}"


@dataclass(frozen=True)
class Entered:
    """One day that was entered: for whom (nobody named is everybody), by whom and when."""

    row: EventDate
    title: str
    name: str
    whom: str
    by: str
    at: datetime


def awaited() -> list[Awaited]:
    """Every event that forms in use wait for, what holds people up first."""
    found = []
    for questionnaire in library():
        form = form_of(questionnaire)
        events = events_to_enter(form)
        if not events or not any(kinds_of(form.id)):
            continue
        days, held = Days([form.id]), waiting(form.id)
        for event in events:
            on = days.own(form.id, event, None) or current_profile().events.get(event)
            title = in_language(form.title, language())
            found.append(Awaited(form.id, event, title, form.label(event, language()), on, len(held.get(event, ()))))
    return sorted(found, key=lambda one: -one.people)


def entered() -> list[Entered]:
    """The days that were entered, the newest first."""
    wanted = select(EventDate, AuditEntry.at, AuditEntry.actor).join(AuditEntry, AuditEntry.seq == EventDate.seq)
    rows = db.session.execute(wanted.order_by(EventDate.id.desc()).limit(SHOWN)).all()
    names = names_of(row.actor for row in rows)
    made = []
    for row, at, actor in rows:
        questionnaire = newest(row.form_id)
        form = form_of(questionnaire) if questionnaire is not None else None
        title = in_language(form.title, language()) if form is not None else row.form_id
        name = form.label(row.event, language()) if form is not None else row.event
        whom = _named(row.person) if row.person is not None else _("everybody")
        made.append(Entered(row, title, name, whom, actor_in_words(actor, names), moment(at)))
    return made


def person_named(search: str) -> Person | None:
    """The one person whom a number or a name means, None for a blank; raises Refused for nobody and for several."""
    told = search.strip()
    if not told:
        return None
    exact = roster.person(told)
    if exact is not None:
        return exact[0]
    rows = roster.people(told, gone=True).rows
    if not rows:
        raise Refused(_("Nobody on the roster has this number or name."), "person")
    if len(rows) > 1:
        few = ", ".join(_named(one) for one in rows[:NAMED])
        raise Refused(_("Several people have this name: %(people)s. Type the employee number.", people=few), "person")
    return rows[0]


def _named(person: Person) -> str:
    return f"{person.name} ({person.number})" if person.number else person.name


def plan_in_words(plan: Plan, on: date) -> str:
    """What a day does, or would do, in one or a few sentences; `on` is today."""
    if not plan.all:
        return _("No due date comes of it now. A form that is asked later is due by it.")
    days = sorted(due for _one, due in plan.all)
    told = [
        ngettext("%(num)s form gets a due date.", "%(num)s forms get a due date.", len(plan.new)) if plan.new else "",
        ngettext("%(num)s of them is filed already.", "%(num)s of them are filed already.", plan.signed) if plan.signed else "",
        ngettext("%(num)s due date moves.", "%(num)s due dates move.", len(plan.moved)) if plan.moved else "",
        _("Due on %(day)s.", day=day(days[0]))
        if days[0] == days[-1]
        else _("Due from %(first)s to %(last)s.", first=day(days[0]), last=day(days[-1])),
    ]
    past = plan.past(on)
    if past:
        told.append(
            ngettext("%(num)s open form is late at once.", "%(num)s open forms are late at once.", past),
        )
    return " ".join(one for one in told if one)


def waits_in_words(obligation: Obligation) -> str:
    """That there is no due date yet, and for what it waits; empty where there is one, or nothing that could tell one."""
    event, waits = event_for(obligation) if obligation.due_on is None else ("", False)
    return _("No due date yet: it waits for %(what)s.", what=_event(obligation.form_id, event)) if waits and event else ""


def event_in_words(obligation: Obligation) -> str:
    """The event whose day the office may enter or correct for this obligation's person; empty where there is none."""
    event, _waits = event_for(obligation)
    questionnaire = newest(obligation.form_id) if event else None
    form = form_of(questionnaire) if questionnaire is not None else None
    return form.label(event, language()) if form is not None and event in events_to_enter(form) else ""


def _event(form_id: str, event: str) -> str:
    questionnaire = newest(form_id)
    form: Form | None = form_of(questionnaire) if questionnaire is not None else None
    if form is None:
        return _("the day of “%(event)s”", event=event)
    asked = form.by_id.get(event)
    if asked is not None and event not in form.events:
        return _("the answer to “%(question)s”", question=in_language(asked.title, language()))
    return _("the day of “%(event)s”", event=form.label(event, language()))
