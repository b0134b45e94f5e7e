"""What review keeps beside its dated rows, made again from them: when each assignment and recommendation ended, days, marks."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from coi.db import db
from coi.disclosures.marks import lane_of
from coi.models import (
    Assignment,
    Decision,
    Disclosure,
    DisclosureVersion,
    PriorityRow,
    QueueMark,
    Recommendation,
    SupervisorAnswer,
    SupervisorQuestion,
    Transition,
)
from coi.review.actions import first_look_by
from coi.rules.searching import marks_of
from coi.vocabulary import State
from tests.faults.rebuilt import Rows

ENDS_ADVICE = frozenset({"escalate", "return", "hand_back"})


def grouped(model: Any, by: str = "disclosure_id") -> dict[int, list[Any]]:
    """The rows of each filing in the order of the log."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.scalars(select(model).order_by(model.seq, model.id)):
        found[getattr(row, by)].append(row)
    return found


def _next(after: int, seqs: Iterable[int]) -> int | None:
    return min((seq for seq in seqs if seq > after), default=None)


def ends() -> tuple[Rows, Rows]:
    """When each assignment, recommendation and question of fact ended: by the next one, a decision, a withdrawal, an answer."""
    given, said, moved = grouped(Assignment), grouped(Recommendation), grouped(Transition)
    decided, asked = grouped(Decision), grouped(SupervisorQuestion)
    closed = {row.question_id: row.seq for row in db.session.scalars(select(SupervisorAnswer))}
    stand: Rows = {}
    made: Rows = {}
    for one in given.keys() | said.keys() | asked.keys():
        over = [row.seq for row in decided[one]] + [row.seq for row in moved[one] if row.action == "withdraw"]
        over += [row.seq for row in given[one]]
        away = [
            row.seq
            for row in moved[one]
            if row.action in ENDS_ADVICE or (row.action == "correct" and row.origin in (State.ESCALATED, State.DECIDED))
        ]
        stand[one] = {f"assignment {row.id}": row.ended_seq for row in given[one]}
        stand[one] |= {f"recommendation {row.id}": row.ended_seq for row in said[one]}
        stand[one] |= {f"question {row.id}": row.closed_seq for row in asked[one]}
        made[one] = {f"assignment {row.id}": _next(row.seq, over) for row in given[one]}
        made[one] |= {f"recommendation {row.id}": _next(row.seq, away) for row in said[one]}
        made[one] |= {f"question {row.id}": closed.get(row.id) for row in asked[one]}
    return stand, made


def days() -> tuple[Rows, Rows]:
    """By when a first look is due: from the signature, anew with correction, appeal, reopening; longer by what the filer took."""
    moved, risks, signed = grouped(Transition), grouped(PriorityRow), grouped(DisclosureVersion)
    made: Rows = {}
    for one, rows in moved.items():
        due = waits = None
        for row in rows:
            if due is None or (row.origin is State.DECIDED and row.action in ("correct", "reopen", "appeal")):
                of_version = [each for each in signed[one] if each.seq < row.seq][-1]
                known = [each for each in risks[one] if each.seq < row.seq or each.seq == of_version.seq]
                due = first_look_by(known[-1].risk, row.at)
            if row.action in ("ask", "return"):
                waits = waits or row.at
            elif row.action in ("answer", "submit", "correct", "decide") and waits is not None:
                due, waits = due + (row.at - waits), None
        made[one] = {"due_at": due}
    stand = {row.id: {"due_at": row.due_at} for row in db.session.scalars(select(Disclosure)) if row.id in made}
    return stand, made


def marks() -> tuple[Rows, Rows]:
    """By what the queue finds each filing, and where it stands there: from the newest version, its interests and flags."""
    there: dict[int, set[Any]] = defaultdict(set)
    for row in db.session.scalars(select(QueueMark)):
        if not row.mark.startswith("~"):  # those say what stands open, and have their own test
            there[row.disclosure_id].add((row.mark, row.lane, row.rank, row.due_at))
    stand: Rows = {}
    made: Rows = {}
    versions = grouped(DisclosureVersion)
    for one in db.session.scalars(select(Disclosure).where(Disclosure.state != State.DRAFT)):
        version = versions[one.id][-1]
        department = str((version.filer or {}).get("department") or one.filer.department)
        parties, flags = [row.party for row in version.interests], [row.question_id for row in version.flags]
        told = marks_of(one.filer.search_name, parties, department, one.kind.value, flags, one.reference)
        stand[one.id] = {"marks": there[one.id]}
        made[one.id] = {"marks": {(mark, lane_of(one.state), one.rank, one.due_at) for mark in told}}
    return stand, made


OF_REVIEW = {"ends": ends, "days": days, "marks": marks}
