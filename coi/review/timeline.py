"""What happened in a case, in sentences, the newest first: moves, desks, priorities, messages, decisions, letters, readers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Integer, Select, String, Text, case, cast, func, literal, or_, select, union_all

from coi.audit.chain import moment
from coi.db import db
from coi.disclosures.facts import is_at_the_body
from coi.models import (
    Account,
    Assignment,
    AuditEntry,
    Decision,
    Disclosure,
    Letter,
    Message,
    Person,
    PriorityRow,
    Recommendation,
    Recusal,
    Transition,
)
from coi.review.standing_in import Stead, said_for
from coi.review.words import because_in_words, desk_in_words
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Action, MessageKind, Outcome, Risk, StepOut

# Told by the message, the recommendation, the decision or the desk that goes with it.
TOLD_ELSEWHERE = (Action.ASK, Action.ANSWER, Action.ESCALATE, Action.DECIDE, Action.CLEAR_BY_RULE, Action.ASSIGN, Action.REASSIGN)
READ = AuditEntry.__table__.alias("read")
WHO = Person.__table__.alias("who")
# The number of the account that an actor of the log such as `account:17` names.
NUMBER = cast(case((AuditEntry.actor.like("account:%"), func.substr(AuditEntry.actor, 9))), Integer)
WITH_MESSAGE = (Action.RETURN, Action.HAND_BACK)


@dataclass(frozen=True)
class Happening:
    """One line: when, the sentence, the words that were written; `kind`: how it is shown, `about`: the answer it is pinned to."""

    at: datetime
    seq: int
    told: str
    kind: str = "step"
    text: str = ""
    label: str = ""
    about: str = ""
    spoken: str = ""
    message: Message | None = None


def timeline(disclosure: Disclosure, messages: Sequence[Message], stood: list[Stead], reasons: bool) -> list[Happening]:
    """Everything that happened, the newest first; `stood`: in whose stead; why somebody stepped out only with `reasons` (U10)."""
    rows = db.session.execute(_rows(disclosure)).all()
    told = [_message(one, said_for(one.author.name, one.author_id, one.seq, stood)) for one in messages]
    named = {row.seq: said_for(row.who or "", row.actor, row.seq, stood) for row in rows}
    told += _steps(rows, named, {one.text for one in messages}, reasons)
    return sorted(told, key=lambda one: (one.at, one.seq), reverse=True)


def _rows(disclosure: Disclosure) -> Select[Any]:
    """Every dated row of a case beside its messages, with when and by whom it was entered: one statement."""

    def part(what: str, seq: Any, where: ColumnElement[bool], one: Any = None, two: Any = None, text: Any = None) -> Select[Any]:
        words = [
            cast(each if each is not None else literal(""), kind) for each, kind in ((one, String), (two, String), (text, Text))
        ]
        return select(
            literal(what).label("what"), seq.label("seq"), *(each.label(name) for each, name in zip(words, "abc", strict=True))
        ).where(where)

    of = disclosure.id
    letters = or_(
        Letter.once.contains(disclosure.reference, autoescape=True),
        Letter.once.in_(select(literal("outcome:") + Decision.reference).where(Decision.disclosure_id == of)),
    )
    parts = union_all(
        part("move", Transition.seq, Transition.disclosure_id == of, Transition.action, Transition.origin, Transition.because),
        part("priority", PriorityRow.seq, PriorityRow.disclosure_id == of, PriorityRow.risk, PriorityRow.by, PriorityRow.because),
        part(
            "desk", Assignment.seq, Assignment.disclosure_id == of, Assignment.desk, Person.name, Assignment.because
        ).outerjoin_from(Assignment, Person, Person.id == Assignment.reviewer_id),
        part(
            "recommended",
            Recommendation.seq,
            Recommendation.disclosure_id == of,
            Recommendation.outcome,
            None,
            Recommendation.reasoning,
        ),
        part("decided", Decision.seq, Decision.disclosure_id == of, Decision.outcome, Decision.rule, Decision.reason_for_filer),
        part("recused", Recusal.seq, Recusal.disclosure_id == of, Recusal.kind, None, Recusal.reason),
        part(
            "letter",
            Letter.sent_seq,
            (Letter.person_id == disclosure.filer_id) & Letter.sent_seq.is_not(None) & letters,
            Letter.language,
            Letter.kind,
            Letter.subject,
        ),
        # Who read it: one row a reader, with the last time; the log knows the reader.
        part(
            "read",
            func.max(READ.c.seq),
            (READ.c.subject == f"disclosure:{disclosure.reference}") & (READ.c.event == "disclosure:read"),
            func.count(),
        ).group_by(READ.c.actor),
    ).subquery()
    return (
        select(parts, AuditEntry.at.label("stamp"), AuditEntry.actor, WHO.c.name.label("who"))
        .join(AuditEntry, AuditEntry.seq == parts.c.seq)
        .outerjoin(Account, Account.id == NUMBER)
        .outerjoin(WHO, WHO.c.id == Account.person_id)
        .order_by(parts.c.seq)
    )


def _message(one: Message, who: str) -> Happening:
    sentences = {
        MessageKind.QUESTION: _("%(who)s asked the filer.", who=who),
        MessageKind.ANSWER: _("%(who)s answered.", who=who),
        MessageKind.NOTE: _("%(who)s wrote a note.", who=who),
    }
    told = sentences.get(one.kind) or _("%(who)s wrote.", who=who)
    return Happening(one.at, one.seq, told, one.kind.value, one.text, str(one.kind.label), one.question_id, message=one)


def _steps(rows: Sequence[Any], called: Mapping[int, str], written: set[str], reasons: bool) -> Iterable[Happening]:
    for row in rows:
        who = called[row.seq]
        if row.what == "move":
            action = Action(row.a)
            if action in TOLD_ELSEWHERE:
                continue
            text = "" if action in WITH_MESSAGE and row.c in written else row.c
            yield _step(row, _moved(action, who), text)
        elif row.what == "priority":
            by = "" if row.b == SYSTEM.name else who
            yield _step(row, _prioritised(Risk(row.a), by), row.c if by else "")
        elif row.what == "desk":
            yield _step(row, _given(row.a, row.b, because_in_words(row.c)))
        elif row.what == "recommended":
            yield _step(row, _("%(who)s escalated it and recommends: %(outcome)s.", who=who, outcome=Outcome(row.a).label), row.c)
        elif row.what == "decided":
            yield _step(row, _decided(Outcome(row.a), row.b, who), row.c, "decided")
        elif row.what == "read":
            yield _read(row, who or row.actor)
        elif row.what == "recused":
            yield _step(row, _("%(who)s stepped out of the case.", who=who), _why_out(row.a, row.c) if reasons else "")
        else:
            yield _step(row, _("A letter went to the filer."), row.c, spoken=row.a)


def _why_out(kind: str, text: str) -> str:
    """The reason that was chosen, and the words that were written."""
    return "\n".join(part for part in (str(StepOut(kind).label) if kind else "", text) if part)


def _step(row: Any, told: str, text: str = "", kind: str = "step", spoken: str = "") -> Happening:
    return Happening(moment(row.stamp), row.seq, told, kind, text or "", spoken=spoken)


def _moved(action: Action, who: str) -> str:
    sentences = {
        Action.SUBMIT: _("%(who)s signed and filed the form.", who=who),
        Action.CORRECT: _("%(who)s corrected the form and signed a new version.", who=who),
        Action.RETURN: _("%(who)s sent the form back for correction.", who=who),
        Action.HAND_BACK: _("%(who)s handed the case back to the reviewer.", who=who),
        Action.UNASSIGN: _("Nobody was free of conflict any more: the case waits."),
        Action.UNDO: _("%(who)s undid the decision.", who=who),
        Action.REOPEN: _("%(who)s reopened the case.", who=who),
        Action.APPEAL: _("%(who)s appealed.", who=who),
        Action.WITHDRAW: _("%(who)s withdrew the form.", who=who),
    }
    told = sentences.get(action) or f"{action.label}{' · ' if who else ''}{who}."
    return told if who or action is Action.UNASSIGN else f"{action.label}."


def _prioritised(risk: Risk, who: str) -> str:
    if who:
        return str(_("%(who)s set the review priority to “%(risk)s”.", who=who, risk=risk.label))
    return str(_("The rules set the review priority to “%(risk)s”.", risk=risk.label))


def _given(desk: str, reviewer: str, because: str) -> str:
    place = desk_in_words(desk)
    if reviewer:
        return str(_("Given to %(who)s (%(desk)s), because %(reason)s.", who=reviewer, desk=place, reason=because))
    if is_at_the_body(desk):
        return str(_("It lies at the desk “%(desk)s”, because %(reason)s.", desk=place, reason=because))
    return str(
        _(
            "It waits at the desk “%(desk)s”: nobody there is free of conflict. It lies there because %(reason)s.",
            desk=place,
            reason=because,
        )
    )


def _decided(outcome: Outcome, rule: str, who: str) -> str:
    if rule and not who:
        return str(_("Decided by the rule “%(rule)s”: %(outcome)s.", rule=rule, outcome=outcome.label))
    return str(_("%(who)s decided: %(outcome)s.", who=who, outcome=outcome.label))


def _read(row: Any, who: str) -> Happening:
    told = ngettext("%(who)s read it.", "%(who)s read it: %(num)s times up to now.", int(row.a), who=who)
    return Happening(moment(row.stamp), row.seq, told, "read")
