"""Writes of the final body but for motions: send a case up, declare, enter a meeting or correct it; nothing is overwritten."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import body_desk, facts_for
from coi.disclosures.move import move
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.meetings import planned, queries
from coi.models import BodyCover, BodyDeclaration, Disclosure, Meeting, MeetingRecord, Recusal
from coi.models.types import new_reference
from coi.plans.drafting import Draft, Terms, of_strings, strings_of
from coi.profiles.current import today
from coi.review.assignment import put_before_the_body
from coi.review.decisions import take
from coi.review.queries import ONE_PRESS
from coi.rules.permissions import Actor, Permission, allows
from coi.rules.routing import Route
from coi.vocabulary import Action, Because, Event, Outcome

NOT_YOURS = _l("You may not do this.")


def send(
    disclosure: Disclosure,
    issue: str,
    outcome: Outcome,
    reasoning: str,
    conditions: list[str],
    actor: Actor,
    now: datetime,
    *,
    version: int,
    state: str,
    plan: Sequence[Draft] = (),
    terms: Terms | None = None,
) -> BodyCover | None:
    """Sends an escalated case to the final body with a cover text; the same words again within a minute are one press.

    What is proposed is `plan`, the rows of the editor, beside `conditions`, which are codes or own words; `terms` the rule, the
    day and what goes on meanwhile.
    """
    take(disclosure, version, state)
    standing = queries.cover(disclosure)
    if standing is not None and standing.by_id == actor.person_id and standing.issue == issue and now - standing.at < ONE_PRESS:
        return standing
    desk = body_desk()
    if desk is None or not allows(actor, Permission.SEND_TO_BODY, facts_for(disclosure, actor)):
        if desk is not None and disclosure.desk == desk:
            raise SomebodyWasFaster(_l("The case lies before the final body already. Your text is kept."))
        raise NotPossible(_l("You may not do this with this filing."))
    signed, drafts = queries.signed(disclosure), [*of_strings(conditions, disclosure), *plan]
    move(disclosure, Action.REASSIGN if disclosure.reviewer_id else Action.ASSIGN, actor, now, keep_reviewer=False)
    seq = record(
        Event.BODY_SENT,
        actor,
        _subject(disclosure),
        now,
        version=signed.number,
        outcome=outcome.value,
        issue=sha256(issue),
        because=sha256(reasoning),
        conditions=len(drafts),
    )
    made = BodyCover(
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        version_id=signed.id,
        issue=issue,
        outcome=outcome,
        reasoning=reasoning,
        conditions=strings_of(drafts),
        plan=drafts,
        terms=planned.kept(terms or Terms()),
        by_id=actor.person_id,
        at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    put_before_the_body(disclosure, Route(desk, Because.SENT_UP), [], actor, now)
    return made


def declare(
    disclosure: Disclosure, conflict: bool, reason: str, actor: Actor, now: datetime, *, version: int, state: str
) -> None:
    """A member says "I have no conflict", or which one; with a conflict the person is out of this case from now on (SD3)."""
    take(disclosure, version, state)
    said = queries.declarations(disclosure).get(actor.person_id or 0)
    if said is not None and said.conflict == conflict:
        return
    if not allows(actor, Permission.DECLARE, facts_for(disclosure, actor)):
        raise NotPossible(NOT_YOURS)
    if conflict and not reason.strip():
        raise Refused(_l("Write what the conflict is."), "reason")
    told = {"version": disclosure.version, "conflict": conflict, "because": sha256(reason) if reason else ""}
    seq = record(Event.BODY_DECLARED, actor, _subject(disclosure), now, **told)
    db.session.add(
        BodyDeclaration(
            disclosure_id=disclosure.id,
            filer_id=disclosure.filer_id,
            version_id=queries.signed(disclosure).id,
            person_id=actor.person_id,
            conflict=conflict,
            reason=reason,
            at=now,
            seq=seq,
        )
    )
    if conflict:
        seq = record(Event.RECUSED, actor, _subject(disclosure), now, reviewer=actor.person_id, because=sha256(reason))
        db.session.add(Recusal(disclosure_id=disclosure.id, reviewer_id=actor.person_id, reason=reason, seq=seq))
    db.session.flush()


def enter_meeting(
    held_on: date, minutes: str, present: set[int], actor: Actor, now: datetime, held: Meeting | None = None, because: str = ""
) -> Meeting:
    """Enters a meeting, or with `held` and a reason corrects what was written of one; the same again at once is one press."""
    if not allows(actor, Permission.RECORD_MEETING):
        raise NotPossible(NOT_YOURS)
    if held is not None:
        db.session.refresh(held, with_for_update=True)
    if held_on > today(now):
        raise Refused(_l("Choose today or a day that has passed."), "held_on")
    if not present:
        raise Refused(_l("Choose who was present."), "present")
    absent = present - queries.serving(held_on)
    if absent:
        names = ", ".join(queries.names(absent))
        raise Refused(_l("Not a member of the body on that day: %(names)s.", names=names), "present")
    if held is not None and (gone := _who_voted(held) - present):
        names = ", ".join(queries.names(gone))
        raise Refused(_l("A vote of this meeting is written down for: %(names)s.", names=names), "present")
    again = held or _entered_just_now(held_on, minutes, actor, now)
    if again is not None:
        newest = queries.record_of(again)
        if (newest.held_on, newest.minutes, set(newest.present)) == (held_on, minutes, present):
            return again
    if held is not None and not because.strip():
        raise Refused(_l("Write why it is corrected."), "because")
    reference = held.reference if held is not None else new_reference(f"MTG-{held_on.year}")
    seq = record(
        Event.MEETING_ENTERED,
        actor,
        f"meeting:{reference}",
        now,
        held_on=held_on.isoformat(),
        minutes=sha256(minutes),
        present=sorted(present),
        because=sha256(because) if because else "",
    )
    made = held or Meeting(reference=reference, at=now, seq=seq)
    made.records.append(
        MeetingRecord(
            held_on=held_on, minutes=minutes, present=sorted(present), because=because, by_id=actor.person_id, at=now, seq=seq
        )
    )
    db.session.add(made)
    db.session.flush()
    return made


def _who_voted(held: Meeting) -> set[int]:
    newest = {one.name: one for one in held.motions}
    return {vote.member_id for one in newest.values() for vote in one.votes}


def _entered_just_now(held_on: date, minutes: str, actor: Actor, now: datetime) -> Meeting | None:
    found = db.session.scalar(
        select(MeetingRecord).where(
            MeetingRecord.held_on == held_on,
            MeetingRecord.minutes == minutes,
            MeetingRecord.by_id == actor.person_id,
            MeetingRecord.at > now - ONE_PRESS,
        )
    )
    return db.session.get(Meeting, found.meeting_id) if found is not None else None


def _subject(disclosure: Disclosure) -> str:
    return f"disclosure:{disclosure.reference}"
