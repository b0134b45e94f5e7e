"""The Access sheet: who held which right, from when to when, who asked and who approved, from the log alone (U61)."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from coi.audit.chain import moment
from coi.audit.words import actor_in_words
from coi.db import db
from coi.exports.registers.asof import BATCH, Moment
from coi.exports.registers.named import behind, names_behind
from coi.exports.registers.words import Given, Holding, Right
from coi.models import AuditEntry
from coi.vocabulary import Event, Role, Word

BEGIN = (Event.ROLE_GRANTED.code, Event.BREAK_GLASS.code, Event.READ_GRANTED.code, Event.STANDS_IN.code)
END = (Event.ROLE_ENDED.code, Event.STOOD_IN_ENDED.code)
ENTRY = (AuditEntry.seq, AuditEntry.at, AuditEntry.actor, AuditEntry.event, AuditEntry.subject, AuditEntry.details)


@dataclass(frozen=True)
class Act:
    """One entry that gave or ended a right: whose it is, which, and over what."""

    entry: Any
    told: dict[str, Any]

    @property
    def whose(self) -> str:
        """The code of who holds the right."""
        if self.entry.event == Event.READ_GRANTED.code:
            return f"person:{self.told['auditor']}"
        if self.entry.event in (Event.STANDS_IN.code, Event.STOOD_IN_ENDED.code):
            return f"person:{self.told['delegate']}"
        return str(self.entry.subject)

    @property
    def right(self) -> Word:
        """The role, or the right to one filing."""
        if self.entry.event == Event.READ_GRANTED.code:
            return Right.READS_ONE
        if self.entry.event in (Event.STANDS_IN.code, Event.STOOD_IN_ENDED.code):
            return Right.STANDS_IN
        return Role(self.told["role"])

    @property
    def over(self) -> str:
        """The reference of the filing; nothing for a role."""
        kind, _colon, reference = self.entry.subject.partition(":")
        return reference if kind == "disclosure" else ""

    @property
    def key(self) -> tuple[str, Word, str]:
        """What an ending entry has in common with the one that gave the right."""
        return self.whose, self.right, self.over

    @property
    def given(self) -> Given:
        """How it was given."""
        if self.entry.event == Event.BREAK_GLASS.code:
            return Given.EMERGENCY
        if self.entry.event == Event.STANDS_IN.code:
            return Given.SYSTEM
        if self.entry.event == Event.READ_GRANTED.code or self.told.get("two_persons"):
            return Given.TWO_PERSONS
        return Given.SETUP if self.told.get("setup") else Given.ALONE

    @property
    def asked_by(self) -> str:
        """The code of who asked; who acts alone asked, too."""
        return str(self.told.get("asked_by") or self.entry.actor)

    @property
    def until(self) -> date | None:
        """The last day of a right that was given for a time."""
        return date.fromisoformat(self.told["until"]) if self.told.get("until") else None


def access(at: Moment) -> Iterator[tuple[Any, ...]]:
    """One row per right that was given up to N, in the order of the log, ended or not."""
    last = 0
    while True:
        begun = _acts(BEGIN, at.n, after=last)
        if not begun:
            return
        last = begun[-1].entry.seq
        ends = _endings(begun, at.n)
        people = behind({act.whose for act in begun}, at.n)
        actors = {code for act in (*begun, *ends.values()) for code in (act.entry.actor, act.asked_by)}
        names = names_behind(actors, at.n)
        for act in begun:
            yield _row(act, ends.get(act.entry.seq), people.get(act.whose), names, at)


def _row(act: Act, end: Act | None, person: Any, names: dict[str, str], at: Moment) -> tuple[Any, ...]:
    until = act.until
    holding = Holding.HELD
    if end is not None:
        holding = Holding.ENDED
    elif until is not None and until < at.today:
        holding = Holding.PASSED
    elif person is not None and not person.active:  # who has left holds none (SD11)
        holding = Holding.LEFT
    given_at = moment(act.entry.at)
    return (
        *((person.number or "", person.name, person.department) if person is not None else ("", act.whose, "")),
        *(act.right, act.over, act.given, at.day(given_at), until),
        *(actor_in_words(act.asked_by, names), actor_in_words(act.entry.actor, names), given_at),
        *(holding, moment(end.entry.at) if end else None),
        *((actor_in_words(end.asked_by, names), actor_in_words(end.entry.actor, names)) if end else (None, None)),
        *(act.told.get("request") or "", act.entry.seq, end.entry.seq if end else None),
    )


def _acts(events: Collection[str], n: int, after: int = 0, subjects: Collection[str] | None = None) -> list[Act]:
    wanted = select(*ENTRY).where(AuditEntry.event.in_(events), AuditEntry.seq > after, AuditEntry.seq <= n)
    wanted = wanted.limit(BATCH) if subjects is None else wanted.where(AuditEntry.subject.in_(subjects))
    return [Act(entry, json.loads(entry.details)) for entry in db.session.execute(wanted.order_by(AuditEntry.seq))]


def _endings(begun: list[Act], n: int) -> dict[int, Act]:
    """The entry that ended each of these, by the number of the one that gave it: the first between it and the next giving."""
    story: dict[tuple[str, Word, str], list[Act]] = defaultdict(list)
    for act in _acts((*BEGIN, *END), n, subjects={act.entry.subject for act in begun}):
        story[act.key].append(act)
    found = {}
    for acts in story.values():
        for one, after in pairwise(acts):
            if one.entry.event in BEGIN and after.entry.event in END:
                found[one.entry.seq] = after
    return found
