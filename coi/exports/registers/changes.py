"""The Changes sheet: changes of forms, policies, profile, dates, excuses, settings, lists and software, from the log (U61)."""

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import select

from coi.audit.chain import moment
from coi.audit.words import actor_in_words, sentence, subject_in_words
from coi.db import db
from coi.exports.registers.asof import BATCH, Moment
from coi.exports.registers.named import names_behind
from coi.exports.registers.words import Change
from coi.models import AuditEntry
from coi.vocabulary import Event

KINDS: dict[Event, Change] = {
    Event.QUESTIONNAIRE_PUBLISHED: Change.FORMS,
    Event.QUESTIONNAIRE_USED: Change.FORMS,
    Event.DRAFTS_MOVED: Change.FORMS,
    Event.POLICY_PUBLISHED: Change.POLICIES,
    Event.POLICY_PUT_IN: Change.POLICIES,
    Event.POLICY_APPROVED: Change.POLICIES,
    Event.PROFILE_LOADED: Change.PROFILE,
    Event.CAMPAIGN_OPENED: Change.DATES,
    Event.CAMPAIGN_PAUSED: Change.DATES,
    Event.CAMPAIGN_CLOSED: Change.DATES,
    Event.EVENT_DATED: Change.DATES,
    Event.EXTENDED: Change.DATES,
    Event.COUNTED_ON_TIME: Change.DATES,
    Event.LEAVE_SET: Change.DATES,
    Event.EXCUSED: Change.EXCUSES,
    Event.OBLIGATION_ENDED: Change.EXCUSES,
    Event.INSTALLATION_MADE: Change.SETTINGS,
    Event.KEY_CHANGED: Change.SETTINGS,
    Event.RULE_WITHDRAWN: Change.SETTINGS,
    Event.RULE_CARRIED_OUT: Change.SETTINGS,
    Event.LETTERS_REHEARSED: Change.SETTINGS,
    Event.LIST_LOADED: Change.LOADED,
    Event.ROSTER_IMPORTED: Change.LOADED,
    Event.ROSTER_UNDONE: Change.LOADED,
    Event.PERSON_CHANGED: Change.PEOPLE,
    Event.FILINGS_IMPORTED: Change.LOADED,
    Event.SOFTWARE_STARTED: Change.SOFTWARE,
    Event.SOFTWARE_MIGRATED: Change.SOFTWARE,
}
BY_CODE = {event.code: kind for event, kind in KINDS.items()}
ENTRY = (AuditEntry.seq, AuditEntry.at, AuditEntry.actor, AuditEntry.event, AuditEntry.subject, AuditEntry.details)


def changes(at: Moment) -> Iterator[tuple[Any, ...]]:
    """One row per entry of the log, up to N, that changed what applies to people; in the order of the log."""
    last = 0
    while True:
        wanted = select(*ENTRY).where(AuditEntry.event.in_(list(BY_CODE)), AuditEntry.seq > last, AuditEntry.seq <= at.n)
        entries = db.session.execute(wanted.order_by(AuditEntry.seq).limit(BATCH)).all()
        if not entries:
            return
        last = entries[-1].seq
        names = names_behind({code for entry in entries for code in (entry.actor, entry.subject)}, at.n)
        for entry in entries:
            about = subject_in_words(entry.subject, names)
            yield (
                *(entry.seq, moment(entry.at), BY_CODE[entry.event], sentence(cast(AuditEntry, entry), about)),
                *(actor_in_words(entry.actor, names), about),
                *(entry.event, entry.actor, entry.subject, entry.details),
            )
