"""What a step of a walk wrote, row by row: the table of moves, who may have done it, the version that was read, the log."""

import contextlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select

from coi.db import db
from coi.models import (
    AppealAnswer,
    Assignment,
    AuditEntry,
    ContractAlert,
    Decision,
    DisclosureVersion,
    Motion,
    Reopening,
    Transition,
    Vote,
)
from coi.rules.lifecycle import NotInOrder, next_state
from coi.vocabulary import Action, State
from tests.faults import oracle
from tests.faults.oracle_stand import BODY, COUNTED, Stand, Who

# Act -> what the log must say of it, each by who pressed it; for a request besides what it asked for.
LEAVES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("ask", "return", "hand_back", "answer"), ("disclosure:moved", "message:sent")),
    **dict.fromkeys(("clear", "decide", "batch"), ("disclosure:moved", "disclosure:decided")),
    **dict.fromkeys(("note", "advice", "advice_page"), ("message:sent",)),
    **dict.fromkeys(("recuse", "step_out"), ("disclosure:recused",)),
    **dict.fromkeys(("undo", "motion_undo"), ("disclosure:moved", "disclosure:decision_undone")),
    **dict.fromkeys(("reopen", "seal", "open", "rule", "role_end", "role_give"), ("request:made",)),
    **dict.fromkeys(("meeting", "meeting_correct"), ("meeting:entered",)),
    **dict.fromkeys(("motion", "motion_correct"), ("motion:entered",)),
    **dict.fromkeys(("plan_office", "still", "say", "say_office", "confirm", "confirm_office"), ("plan:step",)),
    **dict.fromkeys(("condition_back", "back_office", "condition_office"), ("plan:step",)),
    "escalate": ("disclosure:moved", "disclosure:recommended"),
    "send": ("disclosure:moved", "body:sent"),
    "priority": ("disclosure:priority_changed",),
    "reassign": ("disclosure:moved", "disclosure:assigned"),
    "tie": ("tie:confirmed",),
    "approve": ("request:approved",),
    "refuse": ("request:refused",),
    "release": ("advice:released",),
    "supervisor": ("supervisor:asked",),
    "supervisor_back": ("supervisor:question_taken_back",),
    "supervisor_answer": ("supervisor:answered",),
    "interim": ("recusal:entered",),
    "interim_over": ("recusal:over",),
    "verdict": ("verdict:given",),
    "verdict_back": ("verdict:ended",),
    "settle": ("disclosure:new_contract_settled",),
    "withdraw": ("disclosure:moved",),
    "sign": ("disclosure:moved",),
    "discard": ("draft:discarded",),
    "appeal": ("disclosure:moved", "disclosure:appealed"),
    "plan_answer": ("plan:answered",),
    "declare": ("body:declared",),
    "lift": ("seal:lifted",),
    "away": ("absence:set",),
    "back": ("absence:ended",),
    "hand_over": ("cases:handed_over",),
    "save": (),
    "correct": (),
}
ASKED = {
    "reopen": "disclosure:reopened",
    "seal": "seal:set",
    "open_to_auditor": "read_grant:given",
    "withdraw_rule": "rule:withdrawn",
    "grant": "role:granted",
    "end": "role:ended",
}
# A second time, or with nothing to do, these lead on and write nothing.
MAY_BE_NOTHING = frozenset(
    {"sign", "save", "correct", "priority", "release", "interim_over", "verdict_back", "settle", "lift"}
) | {*("hand_over", "declare", "away", "back", "confirm", "confirm_office", "condition_back", "back_office", "condition_office")}


# Who stands in for the reviewer says so with each of these (docs/officer.md: every line of the history says for whom).
FOR_ANOTHER = frozenset({"ask", "return", "clear", "batch", "escalate", "decide", "hand_back", "send", "note", "priority"}) | {
    *("tie", "advice", "advice_page", "supervisor", "supervisor_back", "verdict", "verdict_back", "settle", "interim"),
    *("interim_over", "plan_office", "say_office", "confirm_office", "back_office", "condition_office"),
}


def head() -> int:
    """The number of the log's last entry."""
    return db.session.scalar(select(func.max(AuditEntry.seq))) or 0


def judge_entries(act: str, told: Mapping[str, Any], who: Who, on: Stand, since: int) -> None:
    """An act that was done stands in the log, by who did it, and in whose stead."""
    rows = db.session.execute(select(AuditEntry.event, AuditEntry.actor).where(AuditEntry.seq > since)).all()
    if not rows and act in MAY_BE_NOTHING:
        return
    by_them = {event for event, actor in rows if actor == who.account}
    wanted = {*LEAVES[act], *([ASKED[told["asks"]]] if act == "approve" else [])}
    if act in FOR_ANOTHER and who.person_id in on.delegates:
        wanted.add("disclosure:acted_for")
    assert wanted <= by_them, f"{act} by {who.account} left {rows}"


def judge_rows(before: Stand, now: Stand, case: int, rows: dict[str, int], since: int, cast: Collection[Who]) -> None:
    """What an act wrote, whoever asked for it: the table of moves, SD1-SD6, the version that was read, the entry of each row."""
    new = {model: db.session.scalars(_after(model, case, rows)).all() for model in COUNTED}
    for model, found in new.items():
        assert all(one.seq > since for one in found), f"{model.__tablename__}: a row without an entry of its own"
    _judge_moves(new[Transition], before, now, cast)
    _entries_of(new[Transition])
    for one in new[Decision]:
        _judge_decision(one, before)
    for one in new[Assignment]:
        _judge_assignment(one, before, now)
    for one in new[Motion]:
        _judge_motion(one, before)
    for one in new[Reopening]:
        two = one.asked_by_id is not None and one.asked_by_id != one.by_id
        assert two or one.because.value == "rule_withdrawn", "opened again by one person"
        waits = (ContractAlert.disclosure_id == case, ContractAlert.ended_seq.is_(None), ContractAlert.seq < one.seq)
        assert db.session.scalar(select(ContractAlert.id).where(*waits).limit(1)) is None, "a new contract waits all the same"
    if now.state == "escalated":
        assert now.reviewer_id is None or now.reviewer_id != now.recommended_by, "who recommended has it to decide"
        assert now.reviewer_id is None or now.reviewer_id not in now.appealed_from, "who decided has the appeal to decide"


def _after(model: Any, case: int, rows: dict[str, int]) -> Any:
    newer = model.id > rows[model.__tablename__]
    return select(model).where(model.disclosure_id == case, newer).order_by(model.seq, model.id)


def _judge_moves(moves: Collection[Transition], before: Stand, now: Stand, cast: Collection[Who]) -> None:
    origin = before.state
    known = {one.account: one for one in cast}
    filer = next(one.account for one in cast if one.name == "filer")
    for one in moves:
        assert one.origin.value == origin, f"{one.action} starts from {one.origin}, the case was {origin}"
        _is_in_order(one)
        assert (one.actor == filer) == (one.action in oracle.BY_FILER), f"{one.action} by {one.actor}"
        if one.actor == "system":
            assert one.action in oracle.BY_SYSTEM, f"nobody did {one.action}"
        elif one.actor != filer:
            assert known[one.actor].person_id not in before.conflicts, f"{one.action} by who has a conflict"
        origin = one.target.value
    assert now.state == origin, "the state is the newest move's"


def _is_in_order(one: Transition) -> None:
    """Both tables allow it: the one in the code, and the one written by hand."""
    targets = set()
    for back_to in (None, State.SUBMITTED, State.IN_REVIEW, State.ESCALATED):
        with contextlib.suppress(NotInOrder):
            targets.add(next_state(one.origin, Action(one.action), "why", back_to))
    assert one.target in targets, f"{one.action}: {one.origin} -> {one.target} is in no table"
    origins, allowed = oracle.LIFE[one.action]
    assert one.origin.value in origins, f"{one.action} from {one.origin}"
    assert one.target.value in allowed or (one.target is one.origin and "same" in allowed), f"{one.action} to {one.target}"


def _entries_of(moves: Collection[Transition]) -> None:
    """Each move stands in the log as it was made."""
    if not moves:
        return
    wanted = select(AuditEntry).where(AuditEntry.seq.in_([row.seq for row in moves]))
    entries = {one.seq: one for one in db.session.scalars(wanted)}
    for row in moves:
        entry = entries[row.seq]
        assert (entry.event, entry.actor) == ("disclosure:moved", row.actor), f"{row.action} has no entry"
        told = json.loads(entry.details)
        said = (told["action"], told["from"], told["to"])
        assert said == (row.action, row.origin.value, row.target.value), f"the log says {said} of {row.action}"


def _judge_decision(one: Decision, before: Stand) -> None:
    version = db.session.get_one(DisclosureVersion, one.version_id)
    assert one.by_id not in before.conflicts, "decided by who has a conflict"
    assert version.number == before.version or (one.rule and before.state == "draft"), "decided another version than was read"
    assert version.seq < one.seq
    assert one.by_id is None or before.state == "in_review" or one.by_id != before.recommended_by, "who recommended decided"
    assert before.state == "escalated" or one.outcome.value in oracle.MILD, "severe without a second person"
    moved = db.session.scalar(select(Motion).where(Motion.decision_id == one.id).limit(1))
    assert (moved is not None) == (before.desk == BODY and not one.rule), "a case of the body is decided by its motion alone"
    answered = db.session.scalar(select(AppealAnswer.id).where(AppealAnswer.decision_id == one.id)) is not None
    assert answered == before.appeal_open, "an appeal is answered by the next decision"
    assert one.by_id is None or one.by_id not in before.appealed_from, "who decided or recommended decided the appeal"


def _judge_assignment(one: Assignment, before: Stand, now: Stand) -> None:
    near = now.conflicts if one.because != "undone" else frozenset({before.filer_id})
    assert one.reviewer_id not in near, f"given to {one.reviewer_id}, who has a conflict ({one.because})"
    assert not (one.desk == BODY and now.state == "escalated" and one.reviewer_id), "one member has a case of the body"


def _judge_motion(one: Motion, before: Stand) -> None:
    votes = {row.member_id: row.ballot.value for row in db.session.scalars(select(Vote).where(Vote.motion_id == one.id))}
    voted = {number for number, ballot in votes.items() if ballot != "recused"}
    said = list(votes.values())
    if not one.because:  # not one that was only written down anew: who had a vote then had it
        out = before.conflicts | {before.recommended_by, before.sent_by}
        assert not voted & out, "a vote of who has a conflict, or recommended"
    assert len(voted) >= oracle.QUORUM, "a motion below the quorum"
    assert one.carried == (said.count("yes") > said.count("no"))
    assert one.decision_id is None or one.carried
