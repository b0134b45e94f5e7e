"""All writes of questions of fact to a supervisor (U47): ask, answer, take back; words stay in rows, the log holds SHA-256."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import facts_for
from coi.disclosures.move import say_for_whom
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.languages import clock
from coi.models import Disclosure, Person, SupervisorAnswer, SupervisorQuestion
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.review.decisions import take
from coi.review.standing_in import reader_on
from coi.rules.permissions import Actor, Permission, allows
from coi.team import queries
from coi.vocabulary import Event

ONE_PRESS = timedelta(minutes=1)


def ask_supervisor(
    disclosure: Disclosure, supervisor_id: int, text: str, actor: Actor, now: datetime, *, version: int, state: str
) -> SupervisorQuestion:
    """Puts one question of fact to the filer's supervisor; the filer is told that it was put, and what.

    The same words again within a minute are one press. Raises NotPossible, Refused for somebody who may not be asked,
    SomebodyWasFaster while another question of this case waits.
    """
    take(disclosure, version, state)
    facts = facts_for(disclosure, actor)
    if not allows(actor, Permission.ASK_SUPERVISOR, facts):
        raise NotPossible(_l("You may not do this with this filing."))
    standing = queries.open_question(disclosure)
    if standing is not None:
        same = (standing.asked_by_id, standing.supervisor_id, standing.text) == (actor.person_id, supervisor_id, text)
        if same and now - standing.at < ONE_PRESS:
            return standing
        raise SomebodyWasFaster(
            _l(
                "%(who)s asked the supervisor on %(when)s, and the answer is not here yet. Your text is kept.",
                who=standing.asked_by.name,
                when=clock(standing.at),
            )
        )
    if supervisor_id not in {one.id for one in queries.may_be_asked(disclosure, actor)}:
        raise Refused(_l("This person can't be asked about the filer. Choose one of those offered."), "supervisor")
    reference = _unused(f"ASK-{today(now).year}")
    about = f"disclosure:{disclosure.reference}"
    told = {"question": reference, "supervisor": supervisor_id, "sha256": sha256(text)}
    seq = record(Event.SUPERVISOR_ASKED, actor, about, now, **told)
    made = SupervisorQuestion(
        reference=reference,
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        supervisor_id=supervisor_id,
        asked_by_id=actor.person_id,
        text=text,
        at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    say_for_whom(disclosure, facts, "ask_supervisor", actor, now)
    once = f"supervisor:{reference}"
    supervisor = db.session.get_one(Person, supervisor_id)
    notices.post("supervisor_question", supervisor, now, once, reference=reference)
    notices.post("supervisor_asked", disclosure.filer, now, f"{once}:filer", reference=disclosure.reference)
    return made


def answer(question: SupervisorQuestion, text: str, actor: Actor, now: datetime) -> None:
    """The supervisor answers, once; who asked is told. The same words again are one press."""
    db.session.refresh(question, with_for_update=True)
    found = queries.question(question.reference)
    if found is None or not allows(actor, Permission.ANSWER_FACT, found[1]):
        raise NotPossible(_l("You may not do this."))
    if not question.is_open:
        if question.end is not None and question.end.answered and question.end.text == text:
            return
        told = _l("This was answered already.") if question.end and question.end.answered else _l("This is no longer asked.")
        raise SomebodyWasFaster(told, "text")
    _close(question, Event.SUPERVISOR_ANSWERED, True, text, actor, now)
    reviewer = reader_on(question.disclosure, today(now)) or question.asked_by
    once = f"supervisor:{question.reference}:answered"
    notices.post("supervisor_answered", reviewer, now, once, reference=question.disclosure.reference)


def take_back(question: SupervisorQuestion, reason: str, actor: Actor, now: datetime) -> None:
    """The office no longer asks, with a reason; what was asked stays on record, and the supervisor's letter leaves no more."""
    db.session.refresh(question, with_for_update=True)
    facts = facts_for(question.disclosure, actor)
    if not allows(actor, Permission.ASK_SUPERVISOR, facts):
        raise NotPossible(_l("You may not do this with this filing."))
    if not reason.strip():
        raise Refused(_l("Write the reason."), "reason")
    if not question.is_open:
        if question.end is not None and not question.end.answered:
            return
        raise SomebodyWasFaster(_l("The supervisor answered meanwhile. Nothing was taken back."))
    _close(question, Event.SUPERVISOR_NOT_ASKED, False, reason, actor, now)
    say_for_whom(question.disclosure, facts, "ask_supervisor_no_more", actor, now)
    notices.drop(f"supervisor:{question.reference}", "overtaken")


def _close(question: SupervisorQuestion, event: Event, answered: bool, text: str, actor: Actor, now: datetime) -> None:
    digest = {"sha256" if answered else "because": sha256(text)}
    about = f"disclosure:{question.disclosure.reference}"
    seq = record(event, actor, about, now, question=question.reference, **digest)
    question.closed_seq = seq
    row = {"answered": answered, "text": text, "by_id": actor.person_id, "at": now, "seq": seq}
    db.session.add(SupervisorAnswer(question_id=question.id, **row))
    db.session.flush()
    db.session.refresh(question)


def _unused(prefix: str) -> str:
    while True:
        reference = new_reference(prefix)
        if db.session.scalar(select(SupervisorQuestion.id).where(SupervisorQuestion.reference == reference)) is None:
            return reference
