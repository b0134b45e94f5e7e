"""Letters to many that lie in the outbox and are no longer true: stopped before they leave, each with its reason in the log."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from coi.campaigns import queries
from coi.campaigns.waiting import STOPPED, Waiting, due_in, references_in, step_in
from coi.db import db
from coi.models import Letter
from coi.notices.actions import stop
from coi.notices.queries import STALE
from coi.profiles.current import today
from coi.profiles.schema import Profile
from coi.rules.cadence import HAND, steps

AT_ONCE = 500


@dataclass(frozen=True)
class Stale:
    """One letter that no longer holds, and why: another step has come, or its reader gets no letters now."""

    letter_id: int
    because: str


def found(everyone: list[Waiting], profile: Profile, on: date, now: datetime) -> list[Stale]:
    """What lies unsent and is not true any more; what a living worker holds in its hands is left alone."""
    by_reference: dict[str, Waiting] = {one.reference: one for one in everyone}
    wanted = select(Letter.id, Letter.once, Letter.claimed_at, Letter.made_at).where(
        Letter.kind.in_(queries.REMINDERS), Letter.sent_at.is_(None), Letter.dropped.not_in(STOPPED)
    )
    stale = []
    for row in db.session.execute(wanted.order_by(Letter.id)):
        if row.claimed_at is not None and row.claimed_at > now - STALE:
            continue
        open_ones = [by_reference[reference] for reference in references_in(row.once) if reference in by_reference]
        because = _why_not(row.once, today(row.made_at), open_ones, profile, on) if open_ones else "held"
        if because:
            stale.append(Stale(row.id, because))
    return stale


def _why_not(once: str, made_on: date, open_ones: list[Waiting], profile: Profile, on: date) -> str:
    """Why a letter is not true today, or nothing: its due date moved, or the day of a newer one came after it was written."""
    if step_in(once) == HAND:
        return ""
    if due_in(once) != open_ones[0].due_on.isoformat():
        return "overtaken"
    planned = steps(min(one.opens_on for one in open_ones), open_ones[0].due_on, profile.is_business_day, profile.letters.cadence)
    return "overtaken" if any(made_on < one.on <= on for one in planned) else ""


def stop_all(stale: list[Stale], now: datetime) -> int:
    """Takes them out of the outbox; one that was sent or stopped meanwhile stays as it is."""
    reasons: dict[int, str] = defaultdict(str, {one.letter_id: one.because for one in stale})
    ids, stopped = sorted(reasons), 0
    for start in range(0, len(ids), AT_ONCE):
        wanted = select(Letter).where(Letter.id.in_(ids[start : start + AT_ONCE])).order_by(Letter.id).with_for_update()
        for letter in db.session.scalars(wanted.execution_options(populate_existing=True)):
            if letter.sent_at is None and letter.dropped not in STOPPED and not _in_hand(letter, now):
                stop(letter, reasons[letter.id], now)
                stopped += 1
    return stopped


def _in_hand(letter: Letter, now: datetime) -> bool:
    return letter.claimed_at is not None and letter.claimed_at > now - STALE
