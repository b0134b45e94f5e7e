"""Digests by letter to the office's own people: each morning what is new, late or answered; each week what is open; no names."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, select

from coi.accounts.door import actor_of
from coi.accounts.queries import holders
from coi.db import db, for_reading, transaction
from coi.disclosures.clocks import clock_of
from coi.languages import speaking
from coi.models import Absence, Account, Assignment, Disclosure, Letter, Message, Person, SupervisorAnswer, SupervisorQuestion
from coi.notices.actions import language_of, post, written
from coi.notices.hours import in_work_hours
from coi.plans.waiting import to_tell
from coi.profiles.current import current_profile, forget, today
from coi.review.queue import OFFICE
from coi.review.words import body_name
from coi.rules.permissions import AT_OFFICE
from coi.vocabulary import MessageKind, Role
from coi.workload import queries
from coi.workload.queries import AGES, Figures
from coi.workload.words import age_in_words

MOST_NAMED = 7

Values = dict[str, Any]


@dataclass
class News:
    """What a morning's letter says: references of what is new, past its first look, answered, without an answer, or whose
    conditions are to be looked at; how many are open."""

    new: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)
    open: int = 0

    @property
    def something(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.new or self.late or self.answered or self.unanswered or self.plans)


def write(now: datetime) -> int:
    """Writes what the office's people are to have this morning and this week; a worker that slept writes one, not three."""
    forget()
    cadence = current_profile().letters.cadence
    if not in_work_hours(now):
        return 0
    made = _mornings(now) if cadence.get("morning", True) else 0
    return made + (_weeklies(now) if cadence.get("weekly", True) else 0)


def _mornings(now: datetime) -> int:
    on = today(now)
    with for_reading():
        away = set(
            db.session.scalars(
                select(Absence.person_id).where(Absence.away_from <= on, Absence.away_to >= on, Absence.ended_seq.is_(None))
            )
        )
        people = [one.id for one in holders(OFFICE, on) if one.id not in away]
        done = set(db.session.scalars(select(Letter.once).where(Letter.once.in_([_key(one, now) for one in people]))))
        waiting = [one for one in people if _key(one, now) not in done]
        told = news(waiting, now) if waiting else {}
        db.session.rollback()
    made = 0
    for person_id, one in told.items():
        if one.something:
            made += _tell("morning", person_id, _key(person_id, now), now, partial(_morning_words, one))
    return made


def _key(person_id: int, now: datetime) -> str:
    return f"morning:{person_id}:{today(now).isoformat()}"


def _tell(kind: str, person_id: int, once: str, now: datetime, values: Callable[[], Values]) -> int:
    """One letter; of two workers at once the second waits at the reader's row and finds it written."""
    with transaction():
        person = db.session.get_one(Person, person_id, with_for_update=True)
        if written(once):
            return 0
        with speaking(language_of(person)):
            told = values()
        post(kind, person, now, once, **told)
    return 1


def news(people: list[int], now: datetime) -> dict[int, News]:
    """For each of these officers what happened since their last letter of a morning; who never had one is told of all."""
    last = func.max(Letter.made_at)
    told_at = dict(
        db.session.execute(select(Letter.person_id, last).where(Letter.kind == "morning").group_by(Letter.person_id)).all()
    )
    found = {one: News() for one in people}
    held = select(Disclosure).where(Disclosure.reviewer_id.in_(people), Disclosure.state.in_(AT_OFFICE))
    by_id = {}
    for disclosure in db.session.scalars(held.order_by(Disclosure.rank, Disclosure.due_at, Disclosure.id)):
        one, clock = found[disclosure.reviewer_id or 0], clock_of(disclosure, now)
        by_id[disclosure.id] = disclosure
        one.open += 1
        if clock is not None and clock.over:
            (one.unanswered if clock.with_filer else one.late).append(disclosure.reference)
    for name, rows in (("new", _given(people)), ("answered", _answers(people))):
        seen: dict[int, set[int]] = defaultdict(set)
        for disclosure_id, reviewer_id, at in rows:
            since = told_at.get(reviewer_id)
            if disclosure_id in by_id and (since is None or at > since) and at <= now:
                seen[reviewer_id].add(disclosure_id)
        for reviewer_id, ids in seen.items():
            getattr(found[reviewer_id], name).extend(by_id[one].reference for one in by_id if one in ids)
    for reader, references in to_tell(people, today(now)).items():
        found[reader].plans = references
    return found


Rows = list[tuple[int, int, datetime]]


def _given(people: list[int]) -> Rows:
    """(filing, reviewer, when) of every case that these officers hold."""
    wanted = select(Assignment.disclosure_id, Assignment.reviewer_id, Assignment.at)
    rows = db.session.execute(wanted.where(Assignment.ended_seq.is_(None), Assignment.reviewer_id.in_(people)))
    return [(one, reviewer, at) for one, reviewer, at in rows if reviewer is not None]


def _answers(people: list[int]) -> Rows:
    """(filing, reviewer, when) of what filers and supervisors answered on cases that these officers hold."""
    said = (
        select(Message.disclosure_id, Disclosure.reviewer_id, Message.at)
        .join(Disclosure, Disclosure.id == Message.disclosure_id)
        .where(
            Message.kind == MessageKind.ANSWER, Disclosure.reviewer_id.in_(people), Disclosure.waiting_on_filer_since.is_(None)
        )
    )
    by_supervisors = (
        select(SupervisorQuestion.disclosure_id, Disclosure.reviewer_id, SupervisorAnswer.at)
        .join(SupervisorAnswer, SupervisorAnswer.question_id == SupervisorQuestion.id)
        .join(Disclosure, Disclosure.id == SupervisorQuestion.disclosure_id)
        .where(SupervisorAnswer.answered, Disclosure.reviewer_id.in_(people))
    )
    rows = [*db.session.execute(said), *db.session.execute(by_supervisors)]
    return [(one, reviewer, at) for one, reviewer, at in rows if reviewer is not None]


def _morning_words(told: News) -> Values:
    return {"news": in_words(told), "open": told.open}


def in_words(told: News) -> str:
    """The lines of a morning's letter: counts and references, in the reader's language."""
    lines = []
    if told.late:
        lines.append(ngettext("%(num)s case is past its first look:", "%(num)s cases are past their first look:", len(told.late)))
        lines.append(_named(told.late))
    if told.unanswered:
        lines.append(
            ngettext(
                "%(num)s filer did not answer in time; decide on what is known:",
                "%(num)s filers did not answer in time; decide on what is known:",
                len(told.unanswered),
            )
        )
        lines.append(_named(told.unanswered))
    if told.answered:
        lines.append(ngettext("%(num)s case has an answer:", "%(num)s cases have an answer:", len(told.answered)))
        lines.append(_named(told.answered))
    if told.plans:
        lines.append(
            ngettext(
                "The conditions of %(num)s decided case are to be looked at:",
                "The conditions of %(num)s decided cases are to be looked at:",
                len(told.plans),
            )
        )
        lines.append(_named(told.plans))
    if told.new:
        lines.append(ngettext("%(num)s new case:", "%(num)s new cases:", len(told.new)))
        lines.append(_named(told.new))
    return "\n".join(lines)


def _named(references: list[str]) -> str:
    named = ", ".join(references[:MOST_NAMED])
    more = len(references) - MOST_NAMED
    return _("%(named)s and %(more)s more", named=named, more=more) if more > 0 else named


def _weeklies(now: datetime) -> int:
    year, week, _day = today(now).isocalendar()
    made = 0
    with for_reading():
        seniors = [one.id for one in holders({Role.SENIOR_OFFICER}, today(now))]
        waiting = [one for one in seniors if not written(f"weekly:{one}:{year}-{week}")]
        told = {one: _open_for(one, now) for one in waiting}
        db.session.rollback()
    for person_id, figures in told.items():
        if figures is not None and figures.total:
            once = f"weekly:{person_id}:{year}-{week}"
            made += _tell("weekly", person_id, once, now, partial(week_in_words, figures))
    return made


def _open_for(person_id: int, now: datetime) -> Figures | None:
    account = db.session.scalar(select(Account).where(Account.person_id == person_id, Account.active))
    return queries.figures(actor_of(account, today(now)), "all", now) if account is not None else None


def week_in_words(figures: Figures) -> dict[str, str]:
    """The paragraphs of a week's letter: open by age, by priority, by reviewer, and what nobody has."""
    ages = [f"{age_in_words(band)}: {figures.ages[band]}" for band in AGES]
    priorities = [f"{risk.label}: {sum(counter.values())}" for risk, counter in figures.priorities.items() if counter]
    reviewers = [
        _("%(name)s: %(count)s, of these %(late)s past the first look", name=row.name, count=row.total, late=row.late)
        for row in figures.reviewers
        if row.name
    ]
    nobody, body = figures.nobody, figures.at_the_body
    waits = [_("Nobody has %(count)s of them.", count=nobody.total)] if nobody is not None else []
    spoken = get_locale()
    called = body_name(spoken.language if spoken else "en")
    waits += [_("Before the %(body)s: %(count)s.", count=body.total, body=called)] if body is not None else []
    return {
        "ages": "\n".join([_("%(count)s cases are open. Age in business days:", count=figures.total), *ages]),
        "priorities": "\n".join([_("By priority:"), *priorities]),
        "reviewers": "\n".join([_("By reviewer:"), *reviewers]) if reviewers else "",
        "nobody": "\n".join(waits),
    }
