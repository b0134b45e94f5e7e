"""Questions that wait in the made-up city: one to a filer for days, one of fact to a supervisor, one to the solicitor."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from coi.advice import actions as advice
from coi.db import db
from coi.demo.people import CAST, HEAD
from coi.demo.reviewing import NOT_ANSWERED
from coi.demo.years import acting_for
from coi.models import Disclosure
from coi.review import actions
from coi.rules.actors import Actor
from coi.team import actions as team
from coi.team.queries import may_be_asked
from coi.vocabulary import Risk, State

DAYS_OF_WAITING = 6
KNOWN = frozenset({HEAD, *(one.number for one in CAST)})


def in_between(now: datetime) -> None:
    """Some days before today an officer asks a filer something; who has not answered by today has a reminder."""
    for disclosure, reader in list(_held(now))[:1]:
        actions.ask(disclosure, NOT_ANSWERED, reader, now, **_seen(disclosure))


def ask_a_supervisor(now: datetime) -> None:
    """A case whose filer has a supervisor free of ties, best one with a part in the demo: one question of fact."""
    asked = [(one, reader, boss) for one, reader in _held(now) for boss in may_be_asked(one, reader)[:1]]
    for disclosure, reader, supervisor in sorted(asked, key=lambda told: told[2].number not in KNOWN)[:1]:
        text = "Does this person order supplies or choose a vendor in the work that you give them?"
        team.ask_supervisor(disclosure, supervisor.id, text, reader, now, **_seen(disclosure))


def ask_the_solicitor(now: datetime) -> None:
    """A case that looks grave: what the officer asks the solicitor stays between them."""
    wanted = sorted(_held(now), key=lambda one: -one[0].risk.rank)
    for disclosure, reader in wanted[:1]:
        advice.advise(disclosure, "Does the $500 contract rule reach a spouse's share of five percent?", reader, now)


def _held(now: datetime) -> Iterator[tuple[Disclosure, Actor]]:
    """Cases in review for which nobody waits yet, with who has them; what needs no second look comes last."""
    wanted = select(Disclosure).where(
        Disclosure.state == State.IN_REVIEW,
        Disclosure.reviewer_id.is_not(None),
        Disclosure.waiting_on_filer_since.is_(None),
    )
    with_more_first = (Disclosure.risk == Risk.NONE, Disclosure.id)
    for disclosure in db.session.scalars(wanted.order_by(*with_more_first)):
        yield disclosure, acting_for(disclosure.reviewer_id or 0, now)


def _seen(disclosure: Disclosure) -> dict[str, Any]:
    return {"version": disclosure.version, "state": disclosure.state.value}
