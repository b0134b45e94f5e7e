"""The final body of the made-up city: its cases come up, its recorder writes down a meeting; no member decides alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from coi.accounts.door import actor_of
from coi.accounts.queries import holders
from coi.ballots import Ballot, MotionKind
from coi.db import db
from coi.disclosures.facts import body_desk, facts_for
from coi.meetings import actions, motions, queries
from coi.meetings.planned import drafts_in
from coi.models import Account, Disclosure
from coi.plans.drafting import Terms
from coi.profiles.current import today
from coi.review.queries import standing_recommendation
from coi.rules.permissions import Actor, Permission, allows
from coi.rules.plans import RESTS_ON_A_RULE
from coi.vocabulary import Outcome, Role, State

REASONS = {
    Outcome.NO_CONFLICT: "Nothing was declared that touches the City's work.",
    Outcome.NOTED: "It has no part in the City's work.",
}
WEDNESDAY = 2
RULE = Terms("City conflict of interest policy, on outside work and City contracts")


def meets_today(now: datetime, weekly: bool) -> bool:
    """The body of the demo meets once in the first week of a month; `weekly` says that no other day of that week comes."""
    return today(now).day <= 7 and (weekly or today(now).weekday() == WEDNESDAY)


def meet(now: datetime) -> None:
    """One meeting decides what lies before the body, as it was recommended; nothing where nothing waits."""
    cases = _waiting()
    recorder = next(iter(_acting(Role.RECORDER, now)), None)
    if not cases or recorder is None:
        return
    day = today(now)
    present = queries.serving(day)
    held = actions.enter_meeting(day, f"Minutes of {day:%B} {day.day}, {day.year}", present, recorder, now)
    for disclosure in cases:
        if allows(recorder, Permission.RECORD_MOTION, facts_for(disclosure, recorder)):
            seen: dict[str, Any] = {"version": disclosure.version, "state": disclosure.state.value}
            motions.enter_motion(held, disclosure, _moved(disclosure, held, now), recorder, now, **seen)


def _moved(disclosure: Disclosure, held: queries.Meeting, now: datetime) -> motions.Moved:
    recommended, sent = standing_recommendation(disclosure), queries.cover(disclosure)
    outcome = recommended.outcome if recommended is not None else Outcome.NOTED
    begins = sent or recommended
    plan = drafts_in(begins, disclosure) if begins is not None and outcome in RESTS_ON_A_RULE else []
    seats = queries.seated(disclosure, today(now), queries.record_of(held).present)
    voting = [one.person.id for one in seats if one.counts]
    ballots = {one.person.id: (Ballot.YES if one.counts else Ballot.RECUSED, "") for one in seats}
    ballots[voting[-1]] = (Ballot.NO, "") if outcome.rank > Outcome.NOTED.rank else (Ballot.YES, "")
    reason = REASONS.get(outcome, "The filer has a part in what the City buys from this party.")
    words = f"That this filing be decided as recommended: {outcome.value.replace('_', ' ')}."
    return motions.Moved(MotionKind.DECIDE, words, voting[0], voting[1], ballots, outcome, reason, plan=plan, terms=RULE)


def send_one(now: datetime) -> None:
    """A senior officer sends what is hard to the body; two members have said that they have no conflict."""
    wanted = select(Disclosure).where(Disclosure.state == State.ESCALATED, Disclosure.desk != (body_desk() or ""))
    for disclosure in db.session.scalars(wanted.order_by(Disclosure.rank, Disclosure.id)):
        for senior in _acting(Role.SENIOR_OFFICER, now):
            if allows(senior, Permission.SEND_TO_BODY, facts_for(disclosure, senior)):
                seen: dict[str, Any] = {"version": disclosure.version, "state": disclosure.state.value}
                issue = "May this go on beside the filer's City work?"
                why = "The City buys from this party, and the filer's own department asks for it."
                actions.send(disclosure, issue, Outcome.NOT_PERMITTED, why, [], senior, now, terms=RULE, **seen)
                for member in _acting(Role.COMMISSIONER, now)[1:3]:
                    if allows(member, Permission.DECLARE, facts_for(disclosure, member)):
                        actions.declare(disclosure, False, "", member, now, **seen)
                return


def _waiting() -> list[Disclosure]:
    desk = body_desk()
    wanted = select(Disclosure).where(Disclosure.state == State.ESCALATED, Disclosure.desk == desk).order_by(Disclosure.id)
    return list(db.session.scalars(wanted)) if desk is not None else []


def _acting(role: Role, now: datetime) -> list[Actor]:
    people = [one.id for one in holders({role}, today(now))]
    accounts = select(Account).where(Account.person_id.in_(people), Account.active).order_by(Account.id)
    return [actor_of(one, today(now)) for one in db.session.scalars(accounts)]
