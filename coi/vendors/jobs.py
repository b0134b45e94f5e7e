"""What the clock does about lists: standing parties matched anew after a load, new contracts told, verdicts ended."""

from datetime import datetime

from sqlalchemy import Select, func, select

from coi.audit.record import record
from coi.db import db, for_reading, transaction
from coi.models import Disclosure, DisclosureVersion, Interest, ListLoad, MatchSweep
from coi.profiles.current import today
from coi.rules.permissions import SYSTEM
from coi.vendors import matches
from coi.vendors.alerts import STANDING, find_news, lock, raise_alerts
from coi.vendors.lists import city_lists
from coi.vendors.queries import CONTRACT_LIST, VENDOR_LIST
from coi.vendors.verdicts import end_over, those_over
from coi.vocabulary import Event

BATCH = 200
MOST_REMEMBERED = 50_000


def match_anew(now: datetime) -> int:
    """Brings the matches of standing filings up to the newest load, a batch in a transaction; gives how many rows changed.

    A killed worker goes on where it was; run again after the same load it changes nothing.
    """
    changed = 0
    with for_reading():
        over = those_over(today(now))
        db.session.rollback()
    for verdict_id in over:
        with transaction():
            changed += end_over(verdict_id, now)
    with for_reading():
        newest = db.session.scalar(select(func.max(ListLoad.seq)).where(ListLoad.name.in_((VENDOR_LIST, CONTRACT_LIST))))
        place = _place(newest) if newest is not None else None
        db.session.rollback()
    if newest is None or place is None:
        return changed
    seen: dict[str, dict[str, matches.Likeness]] = {}
    while place is not None:
        if len(seen) > MOST_REMEMBERED:
            seen.clear()
        place, rows = _batch(newest, place, seen, now)
        changed += rows
    return changed


def _place(newest: int) -> int | None:
    """Where to go on: after which interest; None when everything is matched against this load."""
    row = db.session.execute(select(MatchSweep.after_id, MatchSweep.done_at).where(MatchSweep.through_seq == newest)).first()
    if row is None:
        return 0
    return None if row.done_at is not None else row.after_id


def _batch(newest: int, after: int, seen: dict[str, dict[str, matches.Likeness]], now: datetime) -> tuple[int | None, int]:
    """One batch: what differs is found without a lock, then written; gives where to go on and how many rows changed."""
    with for_reading():
        interests = db.session.scalars(_standing(after)).all()
        last = interests[-1].id if interests else after
        ids = [one.id for one in interests]
        told = matches.changes(interests, city_lists(), seen)
        db.session.rollback()
    done = len(ids) < BATCH
    with transaction():
        if told:
            lock(db.session.scalars(_filings_of(ids)))
            details = {"through": newest, "made": len(told.made), "ended": len(told.ended)}
            matches.write(told, record(Event.MATCHES_MADE, SYSTEM, f"list:{VENDOR_LIST}", now, **details))
        raised = raise_alerts(find_news(ids, today(now)), now)
        _note(newest, last, now if done else None)
    return None if done else last, len(told.made) + len(told.ended) + raised


def _standing(after: int) -> Select[Interest]:
    return (
        select(Interest)
        .join(DisclosureVersion, DisclosureVersion.id == Interest.version_id)
        .join(Disclosure, Disclosure.id == DisclosureVersion.disclosure_id)
        .where(
            Interest.id > after,
            Interest.party_normal != "",
            DisclosureVersion.number == Disclosure.version,
            Disclosure.state.in_(STANDING),
        )
        .order_by(Interest.id)
        .limit(BATCH)
    )


def _filings_of(interest_ids: list[int]) -> Select[int]:
    return (
        select(DisclosureVersion.disclosure_id)
        .join(Interest, Interest.version_id == DisclosureVersion.id)
        .where(Interest.id.in_(interest_ids))
        .distinct()
    )


def _note(newest: int, last: int, done_at: datetime | None) -> None:
    row = db.session.scalar(select(MatchSweep).where(MatchSweep.through_seq == newest).with_for_update())
    if row is None:
        db.session.add(MatchSweep(through_seq=newest, after_id=last, done_at=done_at))
    else:
        row.after_id, row.done_at = last, done_at
